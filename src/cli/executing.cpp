// SPDX-License-Identifier: Apache-2.0
#include "cli/executing.hpp"

#include "broker/broker.hpp"
#include "broker/key.hpp"
#include "cli/credential.hpp"
#include "cli/flag_checks.hpp"
#include "cli/foreground_program.hpp"
#include "cli/printer.hpp"
#include "cli/render.hpp"
#include "sink/child_process.hpp"
#include "topic/client.hpp"
#include "webhook/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <variant>

namespace topicloop::cli {

namespace {

constexpr const char* k_secret_variable = "TOPICLOOP_WEBHOOK_SECRET";
constexpr const char* k_default_cache = "default-cache";

// For a variable's name: capitals, digits and underscores.
std::string in_capitals(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_small = c >= 'a' && c <= 'z';
    const bool is_kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += is_small ? static_cast<char>(c - 'a' + 'A') : is_kept ? c : '_';
  }
  return out;
}

// A key of the service for everything. It is only ever handed to the program.
std::string super_user_key(const broker::AccessOptions& access) {
  const broker::Claims claims{.permissions = {.super_user = true},
                              .issued_at = std::chrono::system_clock::now()};
  return broker::sign_key(claims, access.secret);
}

bool went_wrong(const broker::DeliveryReport& report) {
  const auto* finished = std::get_if<broker::DeliveryFinished>(&report);
  return finished != nullptr ? !finished->outcome.delivered()
                             : std::holds_alternative<broker::DeliveriesLost>(report);
}

// Where this program is, so that others can call it; empty if that cannot be known.
std::string own_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "" : path.string();
}

class Execution {
public:
  Execution(const ExecOptions& options, Context& context)
      : options_(options),
        context_(context),
        streams_{.in = context.streams.in,
                 .out = context.streams.err,  // Standard output is the program's.
                 .err = context.streams.err,
                 .out_is_terminal = context.streams.err_is_terminal,
                 .err_is_terminal = context.streams.err_is_terminal},
        own_context_{streams_, context.interrupt},
        renderer_(own_context_, {}),
        printer_([this](const auto& report) { renderer_.delivery(report); }),
        access_{.required = options.require_auth, .secret = webhook::generate_secret()},
        caches_(options.caches.empty() ? std::vector<std::string>{k_default_cache}
                                       : options.caches),
        broker_(start_broker()),
        key_(super_user_key(access_)) {}

  void run() {
    Variables variables = service_variables();
    add_secrets(variables);
    if (options_.verbose) {
      const auto& http = broker_.http_origin();
      renderer_.ready("serving topics on", broker_.endpoint(),
                      http ? fmt::format("  http: {}", *http) : "");
    }
    if (context_.stop().stop_requested()) return;
    const ProgramEnd end = program_.run(context_.program, variables, context_.interrupt);
    // Who was to receive what is still on its way has gone with the program.
    over_ = true;
    broker_.stop();
    printer_.finish();
    context_.exit_code = end.exit_code;
    if (!end.failure.empty()) renderer_.error({ErrorKind::BadInput, end.failure, ""});
  }

private:
  broker::Broker start_broker() {
    broker::BrokerOptions broker;
    broker.address = options_.listen;
    broker.caches = caches_;
    broker.retention.messages = options_.retain;
    broker.access = access_;
    broker.http_address = options_.http == "none" ? "" : options_.http;
    broker.faults = options_.on_purpose.faults;
    broker.limits = options_.on_purpose.limits;
    broker.on_delivery = [this](const broker::DeliveryReport& report) {
      if (!over_ && (options_.verbose || went_wrong(report))) printer_.offer(report);
    };
    return value_or_throw(broker::Broker::start(std::move(broker)));
  }

  // What our own commands and the SDKs look for.
  Variables service_variables() const {
    const std::string& endpoint = broker_.endpoint();
    const std::string for_sdks = fmt::format("localhost{}", endpoint.substr(endpoint.rfind(':')));
    Variables variables{{"TOPICLOOP_LOCAL", endpoint},
                        {"MOMENTO_API_KEY", to_credential(for_sdks, key_)},
                        {"MOMENTO_ENDPOINT", for_sdks},
                        {"MOMENTO_CACHE_NAME", caches_.front()}};
    if (const auto& http = broker_.http_origin()) {
      variables.emplace_back("TOPICLOOP_HTTP", http->substr(http->find("//") + 2));
    }
    add_program(variables);
    return variables;
  }

  // Scripts call topicloop by its name, also where it was not by that name that we were called.
  static void add_program(Variables& variables) {
    const std::string own = own_path();
    if (own.empty()) return;
    variables.emplace_back("TOPICLOOP", own);
    if (sink::check_program("topicloop")) return;
    const char* path = std::getenv("PATH");
    variables.emplace_back("PATH", fmt::format("{}:{}", path == nullptr ? "/bin:/usr/bin" : path,
                                               std::filesystem::path(own).parent_path().string()));
  }

  void add_secrets(Variables& variables) {
    if (options_.webhooks.empty()) return;
    topic::ConnectionOptions connection;
    connection.endpoint = broker_.endpoint();
    connection.api_key = key_;
    const auto client = value_or_throw(topic::Client::connect(connection, context_.stop()));
    const auto names = secret_variables(options_.webhooks);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto& [topic, url] = options_.webhooks[i];
      const model::Webhook webhook{
          .id = {caches_.front(), fmt::format("exec-{}", i + 1)}, .topic = topic, .url = url};
      auto secret = value_or_throw(client.put_webhook(webhook, context_.stop()));
      if (names.size() == 1) variables.emplace_back(k_secret_variable, secret);
      variables.emplace_back(names[i], std::move(secret));
    }
  }

  ForegroundProgram program_;  // First of all, see there.
  const ExecOptions& options_;
  Context& context_;
  Streams streams_;
  Context own_context_;
  Renderer renderer_;
  Printer<broker::DeliveryReport> printer_;
  std::atomic<bool> over_ = false;
  broker::AccessOptions access_;
  std::vector<std::string> caches_;
  broker::Broker broker_;
  std::string key_;
};

}  // namespace

Result<ExecWebhook> parse_exec_webhook(const std::string& text) {
  const std::size_t equals = std::min(text.find("=http://"), text.find("=https://"));
  if (equals != std::string::npos) {
    ExecWebhook webhook{text.substr(0, equals), text.substr(equals + 1)};
    if (check_name(webhook.topic).empty() && check_url(webhook.url).empty()) return webhook;
  }
  return Error{ErrorKind::Usage,
               fmt::format("\"{}\" is not a webhook: expected TOPIC=URL, such as "
                           "\"topic 1=http://localhost:3000/\"",
                           text),
               ""};
}

std::vector<std::string> secret_variables(const std::vector<ExecWebhook>& webhooks) {
  std::vector<std::string> names;
  for (const auto& webhook : webhooks) {
    const std::string base = fmt::format("{}_{}", k_secret_variable, in_capitals(webhook.topic));
    std::string name = base;
    for (int number = 2; std::find(names.begin(), names.end(), name) != names.end(); ++number)
      name = fmt::format("{}_{}", base, number);
    names.push_back(std::move(name));
  }
  return names;
}

void run_exec(const ExecOptions& options, Context& context) {
  Execution(options, context).run();
}

}  // namespace topicloop::cli
