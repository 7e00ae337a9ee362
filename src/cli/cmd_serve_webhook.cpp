// SPDX-License-Identifier: Apache-2.0
#include "base/address.hpp"
#include "base/stop.hpp"
#include "cli/capture_flags.hpp"
#include "cli/commands.hpp"
#include "cli/connection_flags.hpp"
#include "cli/consumer.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"
#include "cli/output_flags.hpp"
#include "cli/printer.hpp"
#include "cli/registration.hpp"
#include "cli/render.hpp"
#include "cli/webhook_secrets.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>

namespace topicloop::cli {

namespace {

struct ServeWebhookOptions {
  ConnectionFlags connection{.local = "", .cache = "", .connect_timeout = "10s"};
  OutputFlags output;
  ConsumerOptions consumer;
  std::string listen = "127.0.0.1:9000";
  std::string path = "/";
  std::vector<std::string> secret_files;
  std::string webhook;
  bool no_verify = false;
  std::string max_age = "60s";
  std::string register_topic;
  std::string public_url;
  CaptureFlags capture;

  bool needs_service() const {
    return !consumer.publish_to.empty() || !webhook.empty() || !register_topic.empty();
  }
};

void check(const ServeWebhookOptions& options, const std::vector<std::string>& secrets) {
  if (!options.no_verify && secrets.empty() && options.webhook.empty() &&
      options.register_topic.empty()) {
    throw CommandError(
        {ErrorKind::Usage, "no secret to verify signatures with",
         "give --register TOPIC, --webhook NAME, --secret-file FILE or TOPICLOOP_WEBHOOK_SECRET; "
         "or accept anything with --no-verify"});
  }
  if (!options.public_url.empty() && options.register_topic.empty()) {
    throw CommandError({ErrorKind::Usage, "--public-url needs --register TOPIC", ""});
  }
  const auto& outbound = options.consumer.publish_to;
  if (std::find(outbound.begin(), outbound.end(), options.register_topic) != outbound.end()) {
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
          .record = {}};
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
    check(options_, secrets);
    auto receiver_settings = receiver_options(options_);
    auto capture = open_capture(options_.capture);
    if (capture) {
      receiver_settings.record = [&capture](const model::CaptureRecord& record) {
        return capture->write(record);
      };
    }
    std::optional<topic::Client> client;
    if (options_.needs_service()) client = connect(options_.connection, context_);

    auto receiver = value_or_throw(webhook::Receiver::start(
        std::move(receiver_settings), make_consumer(options_.consumer, client, cache_),
        [this](const webhook::Exchange& exchange) { on_exchange(exchange); }));
    const auto registration = register_webhook(client, receiver.url(), secrets);
    receiver.set_secrets(secrets);

    renderer_.ready("receiving webhooks on", receiver.url(),
                    registration
                        ? fmt::format("  registered for \"{}\"", printable(options_.register_topic))
                        : "");
    wait_for_stop(context_.stop());
    receiver.stop();
    if (registration) {
      if (auto removed = registration->remove(); !removed) {
        renderer_.warning(fmt::format("the webhook for \"{}\" was not removed: {}",
                                      printable(options_.register_topic), removed.error().message));
      }
    }
    finish();
  }

private:
  std::unique_ptr<Registration> register_webhook(const std::optional<topic::Client>& client,
                                                 const std::string& own_url,
                                                 std::vector<std::string>& secrets) {
    const bool named = !options_.webhook.empty();
    if (options_.register_topic.empty()) {
      if (named) {
        secrets.push_back(
            value_or_throw(client->webhook_secret({cache_, options_.webhook}, context_.stop())));
      }
      return nullptr;
    }
    const std::string name =
        named ? options_.webhook : default_webhook_name(options_.register_topic);
    const std::string& target = options_.public_url.empty() ? own_url : options_.public_url;
    auto registration = std::make_unique<Registration>(
        *client, model::Webhook{{cache_, name}, options_.register_topic, target}, context_.stop());
    secrets.push_back(registration->secret());
    return registration;
  }

  void on_exchange(const webhook::Exchange& exchange) {
    const bool accepted = exchange.status >= 200 && exchange.status < 300;
    ++(accepted ? counts_.accepted : counts_.refused);
    printer_.add(exchange);
  }

  void finish() {
    printer_.finish();
    renderer_.summary(fmt::format("webhook requests: {} accepted, {} refused",
                                  counts_.accepted.load(), counts_.refused.load()),
                      {{"accepted", counts_.accepted.load()}, {"refused", counts_.refused.load()}});
  }

  const ServeWebhookOptions& options_;
  Context& context_;
  Renderer renderer_;
  std::string cache_;
  ExchangeCounts counts_;
  Printer<webhook::Exchange> printer_{
      [this](const webhook::Exchange& exchange) { renderer_.exchange(exchange); }};
};

void add_secret_flags(CLI::App& command, ServeWebhookOptions& options) {
  command
      .add_option("--secret-file", options.secret_files,
                  "Signing secret; repeatable, any may match (or TOPICLOOP_WEBHOOK_SECRET)")
      ->option_text("FILE");
  command
      .add_option("--webhook", options.webhook,
                  "Use this webhook's secret; with --register: the name to register")
      ->check(check_name)
      ->option_text("NAME");
  command.add_flag("--no-verify", options.no_verify, "Accept requests without a valid signature");
  command
      .add_option("--max-age", options.max_age,
                  "Refuse events fired longer ago than this; 0 accepts any")
      ->check(check_duration)
      ->option_text("DURATION (60s)");
}

}  // namespace

void add_serve_webhook(CLI::App& app, Action& action) {
  const auto options = std::make_shared<ServeWebhookOptions>();
  CLI::App* command = app.add_subcommand("serve-webhook",
                                         "Receive webhooks, verify them, process them, publish on");
  command->add_option("--listen", options->listen, "Where to listen; port 0 picks a free one")
      ->check(check_listen_address)
      ->option_text("HOST:PORT (127.0.0.1:9000)");
  command->add_option("--path", options->path, "Path that receives")
      ->check(check_path)
      ->option_text("PATH (/)");
  command
      ->add_option("--register", options->register_topic,
                   "Create or update a webhook on this topic that points here")
      ->check(check_name)
      ->option_text("TOPIC");
  command
      ->add_option("--public-url", options->public_url,
                   "URL to register, if the service reaches us by another one")
      ->option_text("URL");
  add_secret_flags(*command, *options);
  add_transform_flag(*command, options->consumer.transform);
  command
      ->add_option("--publish-to", options->consumer.publish_to,
                   "Publish the result to this topic; repeatable")
      ->check(check_name)
      ->option_text("TOPIC");
  add_capture_flags(*command, options->capture,
                    "Append every request and our answer to this file, before answering");
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  add_ready_file_flag(*command, options->output);
  command->footer(
      "Answers 200 once the event is through; 401 without a signature, 403 for a wrong one or an\n"
      "event too old, 400 for a malformed event, 502 if publishing on failed, 500 if it was not\n"
      "captured.\n"
      "\n"
      "Examples:\n"
      "  topicloop serve-webhook --register \"topic 1\" --transform upper --publish-to \"topic "
      "2\"\n"
      "  topicloop serve-webhook --secret-file secret.txt --listen 0.0.0.0:9000\n"
      "  topicloop serve-webhook --no-verify --capture events.jsonl --redact /text/card");
  command->callback([options, &action] {
    action = [options](Context& context) { Serving(*options, context).run(); };
  });
}

}  // namespace topicloop::cli
