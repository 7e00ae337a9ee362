// SPDX-License-Identifier: Apache-2.0
#include "cli/serving_webhooks.hpp"

#include "base/address.hpp"
#include "base/stop.hpp"
#include "cli/duration.hpp"
#include "cli/printer.hpp"
#include "cli/registration.hpp"
#include "cli/render.hpp"
#include "cli/tally_report.hpp"
#include "cli/tls_flags.hpp"
#include "cli/webhook_keeper.hpp"
#include "cli/webhook_secrets.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

namespace topicloop::cli {

namespace {

void check_exposure(const ServeWebhookOptions& options) {
  const bool exposed = !options.exposure.public_url.empty() || options.exposure.ngrok;
  if (!options.register_topic.empty() || (!exposed && !options.keep_webhook)) return;
  const char* flag = options.keep_webhook     ? "--keep-webhook"
                     : options.exposure.ngrok ? "--ngrok"
                                              : "--public-url";
  throw CommandError({ErrorKind::Usage, fmt::format("{} needs --register TOPIC", flag), ""});
}

void check(const ServeWebhookOptions& options, const std::vector<std::string>& secrets,
           const std::string& cache) {
  if (!options.no_verify && secrets.empty() && options.webhook.empty() &&
      options.register_topic.empty()) {
    throw CommandError(
        {ErrorKind::Usage, "no secret to verify signatures with",
         "give --register TOPIC, --webhook NAME, --secret-file FILE or TOPICLOOP_WEBHOOK_SECRET; "
         "or accept anything with --no-verify"});
  }
  check_exposure(options);
  const auto& outbound = options.sinks.publish_to;
  const bool circular = std::any_of(outbound.begin(), outbound.end(), [&](const auto& topic) {
    return filled_in(topic, options.register_topic, cache) == options.register_topic;
  });
  if (circular && !options.register_topic.empty()) {
    throw CommandError({ErrorKind::Usage,
                        fmt::format("--register and --publish-to are both \"{}\": every message "
                                    "would go round for ever",
                                    options.register_topic),
                        ""});
  }
}

webhook::ReceiverOptions receiver_options(const ServeWebhookOptions& options) {
  const Address address = value_or_throw(parse_address(options.listen));
  if (address.is_unix()) {
    throw CommandError({ErrorKind::Usage,
                        fmt::format("--listen {}: webhooks need HOST:PORT", options.listen), ""});
  }
  return {.host = address.host,
          .port = address.port,
          .path = options.path,
          .max_age = value_or_throw(parse_duration(options.max_age)),
          .verify = !options.no_verify,
          .tls = checked_tls_files(options.tls)};
}

struct ExchangeCounts {
  std::atomic<std::uint64_t> accepted = 0;
  std::atomic<std::uint64_t> refused = 0;
};

class Serving {
public:
  Serving(const ServeWebhookOptions& options, Context& context)
      : options_(options),
        context_(context),
        renderer_(context, options.output),
        cache_(cache_name(options.connection)) {}

  void run() {
    std::vector<std::string> secrets = given_secrets(options_.secret_files, context_.stop());
    if (context_.stop().stop_requested()) return;
    check(options_, secrets, cache_);
    auto receiver_settings = receiver_options(options_);
    receiver_settings.on_unknown_signature = [this] {
      if (keeper_) keeper_->look_again();
    };
    capture_ = open_capture(options_.capture);
    if (capture_) {
      receiver_settings.record = [this](const model::CaptureRecord& record) {
        return capture_->write(record);
      };
    }
    if (options_.needs_service()) client_ = connect(options_.connection, context_);
    answering_.emplace(options_.answer, make_consumer(make_sinks(options_.sinks, client_, cache_)),
                       context_.stop());
    receiver_.emplace(value_or_throw(webhook::Receiver::start(
        std::move(receiver_settings),
        [this](const webhook::ReceivedEvent& received) { return answering_->answer(received); },
        [this](const webhook::Exchange& exchange) { on_exchange(exchange); })));
    serve(SecretRing(std::move(secrets)));
    finish();
  }

private:
  // Until it is stopped and all that was begun is answered.
  void serve(SecretRing ring) {
    const Ending ending{*this};
    const ListeningAt own{receiver_->port(), options_.path, !options_.tls.certificate.empty()};
    const Exposure exposure(options_.exposure, own, context_);
    if (context_.stop().stop_requested()) return;
    const std::string& target = exposure.url().empty() ? receiver_->url() : exposure.url();
    const auto registration = follow_webhook(target, ring);
    receiver_->set_secrets(ring.all());
    {
      const auto report = show_counts();
      announce(exposure);
      wait_for_stop(context_.stop());
      end();
    }
    if (registration) remove(*registration);
  }

  // The receiver's threads ask the keeper, and the keeper's tells the receiver: so first there are
  // no more of the former, then none of the latter, then both may go.
  void end() {
    receiver_->stop();
    keeper_.reset();
  }

  // However serve() is left.
  struct Ending {
    Serving& serving;
    ~Ending() { serving.end(); }
  };

  void announce(const Exposure& exposure) {
    std::string hint;
    if (!options_.register_topic.empty()) {
      hint = fmt::format("  registered for \"{}\"", printable(options_.register_topic));
    }
    if (!exposure.url().empty()) hint += fmt::format(" as {}", printable(exposure.url()));
    renderer_.ready("receiving webhooks on", receiver_->url(), hint);
  }

  // Registers the webhook if that is asked for, and keeps to its secret from now on.
  std::shared_ptr<Registration> follow_webhook(const std::string& target, SecretRing& ring) {
    const bool named = !options_.webhook.empty();
    const bool registered = !options_.register_topic.empty();
    if (!named && !registered) return nullptr;
    const model::WebhookId id{
        cache_, named ? options_.webhook : default_webhook_name(options_.register_topic)};
    std::shared_ptr<Registration> registration;
    std::string secret;
    if (registered) {
      registration = std::make_shared<Registration>(
          *client_, model::Webhook{id, options_.register_topic, target}, context_.stop());
      if (options_.keep_webhook) registration->keep();
      secret = registration->secret();
    } else {
      secret = value_or_throw(client_->webhook_secret(id, context_.stop()));
    }
    ring.learn(secret, std::chrono::steady_clock::now());
    keeper_ = std::make_unique<WebhookKeeper>(
        *client_, id, registration, ring,
        WebhookKeeper::Hooks{[this](const auto& secrets) { receiver_->set_secrets(secrets); },
                             [this](const auto& news) { renderer_.warning(news); }});
    return registration;
  }

  std::unique_ptr<TallyReport> show_counts() {
    if (options_.aggregate.empty()) return nullptr;
    return std::make_unique<TallyReport>(
        value_or_throw(parse_duration(options_.aggregate)), [this] { return answering_->report(); },
        renderer_);
  }

  void remove(Registration& registration) {
    if (auto removed = registration.remove(); !removed) {
      renderer_.warning(fmt::format("the webhook for \"{}\" was not removed: {}",
                                    printable(options_.register_topic), removed.error().message));
    }
  }

  void on_exchange(const webhook::Exchange& exchange) {
    const bool accepted = exchange.status >= 200 && exchange.status < 300;
    ++(accepted ? counts_.accepted : counts_.refused);
    printer_.add(exchange);
  }

  void finish() {
    printer_.finish();
    const std::uint64_t accepted = counts_.accepted;
    const std::uint64_t refused = counts_.refused;
    std::string line = fmt::format("webhook requests: {} accepted, {} refused", accepted, refused);
    nlohmann::ordered_json fields{{"accepted", accepted}, {"refused", refused}};
    if (const auto duplicates = answering_->duplicates()) {
      line += fmt::format(", {} of them duplicates", *duplicates);
      fields["duplicates"] = *duplicates;
    }
    renderer_.summary(line, fields);
  }

  const ServeWebhookOptions& options_;
  Context& context_;
  Renderer renderer_;
  std::string cache_;
  ExchangeCounts counts_;
  std::optional<topic::Client> client_;
  std::optional<capture::Writer> capture_;
  std::optional<Answering> answering_;
  Printer<webhook::Exchange> printer_{
      [this](const webhook::Exchange& exchange) { renderer_.exchange(exchange); }};
  // Set before the receiver has secrets, and so before its threads may find one unknown.
  std::unique_ptr<WebhookKeeper> keeper_;
  std::optional<webhook::Receiver> receiver_;
};

}  // namespace

void serve_webhooks(const ServeWebhookOptions& options, Context& context) {
  Serving(options, context).run();
}

}  // namespace topicloop::cli
