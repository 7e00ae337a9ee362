// SPDX-License-Identifier: Apache-2.0
#include "base/shown_url.hpp"
#include "cli/duration.hpp"
#include "cli/render.hpp"
#include "cli/replay_request.hpp"
#include "cli/replay_target.hpp"
#include "cli/webhook_secrets.hpp"
#include "replay/obstacles.hpp"
#include "webhook/delivery.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace topicloop::cli {

namespace {

using webhook::DeliveryOutcome;

// Of an answer's body, what is kept to be compared or shown in full; or else to tell the reason.
constexpr std::size_t k_largest_body = 8U << 20U;
constexpr std::size_t k_told_answer = 500;

SystemTime now() {
  return std::chrono::system_clock::now();
}

std::shared_ptr<const webhook::Signer> signer_for(const ReplayOptions& options,
                                                  const Context& context) {
  if (!options.resign) return nullptr;
  std::vector<std::string> files;
  if (!options.secret_file.empty()) files.push_back(options.secret_file);
  const auto secrets = given_secrets(files, context.stop());
  if (!secrets.empty()) return std::make_shared<webhook::Signer>(secrets.front());
  throw CommandError({ErrorKind::Usage, "no secret to sign the requests with",
                      "give --secret-file FILE or TOPICLOOP_WEBHOOK_SECRET"});
}

webhook::RetryPolicy retry_policy(const ReplayOptions& options) {
  webhook::RetryPolicy policy{.retries = options.retry};
  if (!options.retry_max_time.empty()) {
    policy.max_time = value_or_throw(parse_duration(options.retry_max_time));
  }
  return policy;
}

class UrlTarget : public ReplayTarget {
public:
  UrlTarget(const ReplayOptions& options, const Context& context, ReplayMailbox& mailbox,
            OnWarning on_warning)
      : url_(without_credentials(options.url)),
        requests_(options.url, signer_for(options, context)),
        edits_(value_or_throw(replay::Edits::parse(options.settings))),
        policy_(retry_policy(options)),
        timeout_(value_or_throw(parse_duration(options.timeout))),
        keeps_bodies_(options.compare || options.update ||
                      options.output.format == OutputFormat::Raw),
        on_warning_(std::move(on_warning)),
        mailbox_(mailbox) {}

  std::string reason_to_skip(const replay::Event& event) const override {
    return replay::reason_to_skip(event, false);
  }

  std::string check(const replay::Event& original) override {
    return requests_.shown_url(checked(original));
  }

  void send(std::uint64_t number, const replay::Event& original) override {
    auto flight = std::make_shared<Flight>();
    flight->event = checked(original);
    webhook::Delivery delivery{.make_request = {}, .timeout = timeout_, .retry = policy_};
    delivery.keep_body = keeps_bodies_ ? k_largest_body + 1 : k_told_answer;
    delivery.make_request = [this, flight] {
      flight->sent_at = now();
      if (!flight->first_at) flight->first_at = flight->sent_at;
      auto request = requests_.make(flight->event, *flight->first_at, flight->sent_at);
      flight->method = request.method;
      flight->id = request.id;
      return request;
    };
    engine_.submit(std::move(delivery), [this, number, flight](DeliveryOutcome outcome) {
      if (!outcome.retry_in) mailbox_.put(end_of(number, *flight, std::move(outcome)));
    });
  }

  void end_retries() override { engine_.end_retries(); }
  std::string name() const override { return url_; }

private:
  // Made on the command's thread, then the engine's alone.
  struct Flight {
    replay::Event event;
    std::optional<SystemTime> first_at;
    SystemTime sent_at;
    std::string method;
    std::string id;
  };

  replay::Event checked(const replay::Event& original) {
    auto event = value_or_throw(replay::edited(original, edits_));
    value_or_throw(requests_.check(event));
    tell_left_out(event);
    return event;
  }

  ReplayEnd end_of(std::uint64_t number, const Flight& flight, DeliveryOutcome outcome) const {
    const bool is_too_late = outcome.status == 0 && outcome.latency >= timeout_;
    replay::Answer answer{.status = outcome.status,
                          .error = std::move(outcome.error),
                          .kind = is_too_late ? ErrorKind::Timeout : ErrorKind::Unavailable,
                          .headers = std::move(outcome.headers),
                          .body = std::move(outcome.body),
                          .latency = outcome.latency,
                          .attempts = outcome.attempt};
    if (answer.body.size() > k_largest_body) {
      answer.body.resize(k_largest_body);
      answer.is_body_whole = false;
    }
    return {.number = number,
            .answer = std::move(answer),
            .method = flight.method,
            .id = flight.id,
            .sent_at = flight.sent_at,
            .ended_at = now(),
            .is_aborted = outcome.aborted};
  }

  void tell_left_out(const replay::Event& event) {
    for (const auto& name : ReplayRequests::headers_left_out(event)) {
      if (!told_.insert(name).second) continue;
      on_warning_(fmt::format("{}: the header {} was left out of the capture and is not sent",
                              event.position(), printable(name)));
    }
  }

  const std::string url_;
  const ReplayRequests requests_;
  const replay::Edits edits_;
  const webhook::RetryPolicy policy_;
  const std::chrono::milliseconds timeout_;
  const bool keeps_bodies_;
  const OnWarning on_warning_;
  std::set<std::string> told_;
  ReplayMailbox& mailbox_;
  webhook::DeliveryEngine engine_;  // Last: it calls back into what is above.
};

}  // namespace

std::unique_ptr<ReplayTarget> make_url_target(const ReplayOptions& options, const Context& context,
                                              ReplayMailbox& mailbox,
                                              ReplayTarget::OnWarning on_warning) {
  return std::make_unique<UrlTarget>(options, context, mailbox, std::move(on_warning));
}

}  // namespace topicloop::cli
