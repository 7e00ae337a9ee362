// SPDX-License-Identifier: Apache-2.0
#include "base/shown_url.hpp"
#include "cli/bench_payload.hpp"
#include "cli/duration.hpp"
#include "cli/measuring.hpp"
#include "cli/own_process.hpp"
#include "cli/webhook_secrets.hpp"
#include "webhook/delivery.hpp"

#include <fmt/format.h>

#include <atomic>
#include <optional>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr const char* k_secret_variable = "TOPICLOOP_WEBHOOK_SECRET";
constexpr const char* k_topic = "topicloop-bench-webhook";

class Delivering : public Workload {
public:
  Delivering(const BenchOptions& options, std::string url, const std::string& secret,
             bench::Flights& flights)
      : size_(options.size),
        timeout_(value_or_throw(parse_duration(options.timeout))),
        webhook_{{local_cache_name(options.connection), ""}, k_topic, std::move(url)},
        shown_url_(without_credentials(webhook_.url)),
        signer_(secret),
        flights_(flights) {
    engine_.emplace();
  }

  void send(std::size_t /*sender*/, std::uint64_t index) override {
    engine_->submit(
        {.make_request = [this, index] { return request(index); }, .timeout = timeout_},
        [this, index](const webhook::DeliveryOutcome& outcome) { on_outcome(index, outcome); });
  }

private:
  webhook::SignedRequest request(std::uint64_t index) const {
    const auto now = std::chrono::system_clock::now();
    model::Message message;
    message.cache = webhook_.id.cache;
    message.topic = k_topic;
    message.sequence_number = index + 1;
    message.value = model::Value::text(payload_of(index, size_));
    return webhook::make_request(webhook_, message, now, now, signer_);
  }

  void on_outcome(std::uint64_t index, const webhook::DeliveryOutcome& outcome) {
    if (outcome.delivered()) {
      has_worked_ = true;
      flights_.arrive(index, std::chrono::steady_clock::now());
      return;
    }
    const bool is_answered = outcome.status != 0;
    Error why{is_answered ? ErrorKind::CheckFailed : ErrorKind::Unavailable,
              is_answered ? fmt::format("{} answered {}", shown_url_, outcome.status)
                          : fmt::format("{}: {}", shown_url_, outcome.error),
              ""};
    // Where nothing has ever worked there is nothing to measure.
    if (!has_worked_) flights_.give_up(why);
    why.kind = ErrorKind::CheckFailed;
    flights_.fail(index, std::move(why));
  }

  const std::size_t size_;
  const std::chrono::milliseconds timeout_;
  const model::Webhook webhook_;
  const std::string shown_url_;
  const webhook::Signer signer_;
  bench::Flights& flights_;
  std::atomic<bool> has_worked_ = false;
  std::optional<webhook::DeliveryEngine> engine_;  // Last: its thread uses all of the above.
};

std::string secret_for(const BenchOptions& options, const Context& context) {
  const auto secrets = given_secrets(options.secret_files, context.stop());
  if (!secrets.empty()) return secrets.front();
  // It is for this run and goes no further.
  if (options.to.empty()) return webhook::generate_secret();
  throw CommandError({ErrorKind::Usage, "no secret to sign with",
                      "give --secret-file FILE or TOPICLOOP_WEBHOOK_SECRET"});
}

OwnCall receiver_call(const std::string& secret) {
  return {.arguments = {"serve-webhook", "--listen", "127.0.0.1:0"},
          .ready = "receiving webhooks on ",
          .variables = {{k_secret_variable, secret}}};
}

}  // namespace

void run_bench_webhook(const BenchOptions& options, Context& context) {
  const std::string secret = secret_for(options, context);
  if (context.stop().stop_requested()) return;
  std::optional<OwnProcess> receiver;
  if (options.to.empty()) receiver.emplace(receiver_call(secret), context);
  if (context.stop().stop_requested()) return;
  const std::string url = receiver ? receiver->where() : options.to;
  bench::Flights flights(options.in_flight, 1);
  Delivering delivering(options, url, secret, flights);
  BenchSetting setting{.kind = "webhook",
                       .where = without_credentials(url),
                       .is_embedded = receiver.has_value(),
                       .processes = {{"client", 0}}};
  if (receiver) setting.processes.push_back({"receiver", receiver->id()});
  measure(options, setting, delivering, flights, context);
}

}  // namespace topicloop::cli
