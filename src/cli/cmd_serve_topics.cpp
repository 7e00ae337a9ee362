// SPDX-License-Identifier: Apache-2.0
#include "base/stop.hpp"
#include "broker/broker.hpp"
#include "cli/auth_flags.hpp"
#include "cli/commands.hpp"
#include "cli/fault_flags.hpp"
#include "cli/flag_checks.hpp"
#include "cli/http_flags.hpp"
#include "cli/output_flags.hpp"
#include "cli/parent_watch.hpp"
#include "cli/printer.hpp"
#include "cli/render.hpp"
#include "cli/state_flags.hpp"
#include "cli/tls_flags.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <variant>

namespace topicloop::cli {

namespace {

struct ServeTopicsOptions {
  OutputFlags output;
  StateFlags state;
  std::string listen = "127.0.0.1:8080";
  std::vector<std::string> caches;
  std::size_t retain = 1'000;
  std::size_t webhook_concurrency = 32;
  AuthFlags auth;
  webhook::TlsFiles tls;
  HttpFlags http;
  FaultFlags on_purpose;
  bool exit_with_parent = false;
};

struct DeliveryCounts {
  std::uint64_t delivered = 0;
  std::uint64_t failed = 0;
  std::uint64_t lost = 0;

  void count(const broker::DeliveryReport& report) {
    if (const auto* finished = std::get_if<broker::DeliveryFinished>(&report)) {
      ++(finished->outcome.delivered() ? delivered : failed);
    } else if (const auto* gone = std::get_if<broker::DeliveriesLost>(&report)) {
      lost += gone->last - gone->first + 1;
    }
  }
};

void show_ready(const broker::Broker& broker, Renderer& renderer) {
  const auto& http = broker.http_origin();
  const std::string caches =
      fmt::format("  caches: {}", printable(fmt::format("{}", fmt::join(broker.caches(), ", "))));
  renderer.ready("serving topics on", broker.endpoint(),
                 http ? fmt::format("  http: {}\n{}", *http, caches) : caches,
                 {{"http", http ? nlohmann::ordered_json(*http) : nullptr}});
  if (!http && http.error().kind == ErrorKind::Unavailable) {
    renderer.warning(fmt::format("there is no HTTP port: {}; give one with --http, or none",
                                 http.error().message));
  }
}

void run_serve_topics(const ServeTopicsOptions& options, Context& context) {
  if (options.exit_with_parent) exit_with_parent();
  Renderer renderer(context, options.output);
  DeliveryCounts counts;  // Touched by the broker's thread only, until it has stopped.
  Printer<broker::DeliveryReport> printer(
      [&](const broker::DeliveryReport& report) { renderer.delivery(report); });

  Printer<Error> warnings([&](const Error& error) { renderer.warning(error.message); });

  broker::BrokerOptions broker_options;
  broker_options.address = options.listen;
  broker_options.caches = options.caches;
  if (options.caches.empty()) broker_options.first_caches = {"default-cache"};
  broker_options.retention.messages = options.retain;
  broker_options.webhook_concurrency = options.webhook_concurrency;
  broker_options.access = access_options(options.auth, options.state.directory);
  broker_options.tls = checked_tls_files(options.tls);
  if (auto text = expiry_warning(options.tls, std::chrono::system_clock::now()); !text.empty()) {
    renderer.warning(printable(text));
  }
  const broker::AccessOptions access = broker_options.access;
  set_http_options(broker_options, options.http);
  broker_options.faults = options.on_purpose.faults;
  broker_options.limits = options.on_purpose.limits;
  broker_options.on_delivery = [&](const broker::DeliveryReport& report) {
    counts.count(report);
    printer.offer(report);
  };
  apply(options.state, broker_options);
  broker_options.on_state_failure = [&](const Error& error) { warnings.offer(error); };
  auto broker = value_or_throw(broker::Broker::start(std::move(broker_options)));
  write_admin_key(options.auth, access);
  show_ready(broker, renderer);

  wait_for_stop(context.stop());
  broker.stop();
  printer.finish();
  warnings.finish();
  if (printer.not_shown() > 0) {
    renderer.warning(
        fmt::format("{} lines were not shown: the output was too slow", printer.not_shown()));
  }
  renderer.summary(
      fmt::format("webhook deliveries: {} delivered, {} failed, {} never sent", counts.delivered,
                  counts.failed, counts.lost),
      {{"delivered", counts.delivered}, {"failed", counts.failed}, {"never_sent", counts.lost}});
}

}  // namespace

void add_serve_topics(CLI::App& app, Action& action) {
  const auto options = std::make_shared<ServeTopicsOptions>();
  CLI::App* command =
      app.add_subcommand("serve-topics", "Run an embedded Momento-compatible topic service");
  command->add_option("--listen", options->listen, "Address for gRPC; or unix:PATH")
      ->check(check_listen_address)
      ->option_text("HOST:PORT (127.0.0.1:8080)");
  command->add_option("--cache", options->caches, "Cache to make at start; repeatable")
      ->check(check_name)
      ->option_text("NAME (default-cache)");
  command->add_option("--retain", options->retain, "Messages kept per topic, for resume")
      ->check(check_count)
      ->option_text("N (1000)");
  command
      ->add_option("--webhook-concurrency", options->webhook_concurrency,
                   "Deliveries under way per webhook, up to 1024; 1 keeps them in order")
      ->check(check_between(1, 1'024))
      ->option_text("N (32)");
  add_http_flags(*command, options->http);
  add_state_flags(*command, options->state);
  add_auth_flags(*command, options->auth);
  add_tls_flags(*command, options->tls);
  add_fault_flags(*command, options->on_purpose);
  add_output_flags(*command, options->output);
  add_ready_file_flag(*command, options->output);
  add_exit_with_parent_flag(*command, options->exit_with_parent);
  command->footer(
      "Messages live in memory and are gone when the service ends. Binary messages are sent to\n"
      "webhooks with base64 as their text and the header topicloop-text-encoding: base64.\n"
      "\n" +
      fault_flags_help() +
      "\n"
      "With --state DIR caches, webhooks and their secrets are as they were when the service "
      "starts\n"
      "again: then default-cache is made at the first start only, and --cache at every start.\n"
      "\n"
      "Over HTTP: POST and GET /topics/CACHE/TOPIC, /healthz, /readyz, /metrics, /state, and for\n"
      "test suites /block and /unblock. If 127.0.0.1:9090 is taken and --http is not given, the\n"
      "service does without.\n"
      "\n"
      "Examples:\n"
      "  topicloop serve-topics\n"
      "  topicloop serve-topics --state ~/.local/state/topicloop\n"
      "  topicloop serve-topics --listen 127.0.0.1:8081 --http none\n"
      "  topicloop serve-topics --listen unix:/tmp/topics.sock --cache orders --cache users\n"
      "  topicloop serve-topics --require-auth --admin-key-file admin.key\n"
      "  topicloop serve-topics --tls-cert cert.pem --tls-key key.pem --auth-secret "
      "signing.secret\n"
      "  topicloop serve-topics --fault topic-publish:error=unavailable,count=2\n"
      "  topicloop serve-topics --fault webhook:delay=1s --fault webhook:error=503,count=1\n"
      "  topicloop serve-topics --limits momento --limits subscriptions=500,payload=64KB");
  command->callback([options, &action] {
    action = [options](Context& context) { run_serve_topics(*options, context); };
  });
}

}  // namespace topicloop::cli
