// SPDX-License-Identifier: Apache-2.0
// webhook send, sign and verify: what needs a secret but no service.
#include "base/bounded_queue.hpp"
#include "base/shown_url.hpp"
#include "cli/commands.hpp"
#include "cli/connection_flags.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"
#include "cli/line_reader.hpp"
#include "cli/output_flags.hpp"
#include "cli/render.hpp"
#include "cli/webhook_secrets.hpp"
#include "webhook/event.hpp"
#include "webhook/explanation.hpp"
#include "webhook/request.hpp"
#include "webhook/verification.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace topicloop::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* k_standard_input = "-";
// Of an answer that is not 2xx, what is told at most; enough to hold a reason.
constexpr std::size_t k_told_answer = 200;

struct ToolOptions {
  OutputFlags output;
  std::vector<std::string> secret_files;
  std::string file = k_standard_input;
};

struct SendOptions : ToolOptions {
  ConnectionFlags connection;  // Of which only the cache counts.
  std::string url;
  model::Message message{.cache = "",
                         .topic = "topic 1",
                         .sequence_number = 1,
                         .sequence_page = 0,
                         .publisher_id = "",
                         .value = model::Value::text("hello")};
  bool has_file = false;
  std::string age = "0s";
  std::string timeout = "5s";
};

struct VerifyOptions : ToolOptions {
  std::string signature;
  std::string max_age = "0s";
  bool explain = false;
};

SystemTime now() {
  return std::chrono::system_clock::now();
}

// Empty if the user stopped before it was read.
std::string read_input(const std::string& file, const Context& context) {
  auto bytes = file == k_standard_input ? LineReader(context.streams.in).rest(context.stop())
                                        : read_file(file, context.stop());
  return value_or_throw(std::move(bytes)).value_or("");
}

std::vector<std::string> required_secrets(const ToolOptions& options, const Context& context) {
  auto secrets = given_secrets(options.secret_files, context.stop());
  if (!secrets.empty() || context.stop().stop_requested()) return secrets;
  throw CommandError({ErrorKind::Usage, "no secret",
                      "give --secret-file FILE or TOPICLOOP_WEBHOOK_SECRET; `topicloop webhook "
                      "secret NAME` prints that of a webhook"});
}

// The answer, once it is there or there will be none; nothing on a stop.
std::optional<webhook::DeliveryOutcome> post(webhook::SignedRequest request,
                                             std::chrono::milliseconds timeout,
                                             const std::stop_token& stop) {
  BoundedQueue<webhook::DeliveryOutcome> answers(1);
  webhook::DeliveryEngine engine;
  webhook::Delivery delivery{.make_request = [&] { return std::move(request); },
                             .timeout = timeout,
                             .keep_body = k_told_answer};
  engine.submit(std::move(delivery),
                [&](webhook::DeliveryOutcome outcome) { answers.try_push(std::move(outcome)); });
  return answers.pop(stop);
}

void send(const SendOptions& options, Context& context) {
  auto message = options.message;
  message.cache = cache_name(options.connection);
  const auto secrets = required_secrets(options, context);
  if (options.has_file) message.value.bytes = read_input(options.file, context);
  if (context.stop().stop_requested()) return;
  if (const auto reason = check_utf8(message.value.bytes); !reason.empty()) {
    throw CommandError({ErrorKind::BadInput, fmt::format("{}: {}", options.file, reason), ""});
  }

  Renderer renderer(context, options.output);
  const SystemTime fired_at = now() - value_or_throw(parse_duration(options.age));
  model::Webhook target{{message.cache, ""}, message.topic, options.url};
  const auto request =
      webhook::make_request(target, message, fired_at, fired_at, webhook::Signer(secrets.front()));
  const broker::DeliverySent sent{target, message.sequence_number, request.id, now(), fired_at};
  renderer.delivery(sent);
  const auto outcome =
      post(request, value_or_throw(parse_duration(options.timeout)), context.stop());
  if (!outcome) return;
  renderer.delivery(broker::DeliveryFinished{sent, *outcome, now()});
  if (outcome->delivered()) return;
  const std::string why = outcome->status == 0
                              ? outcome->error
                              : fmt::format("answered {}{}{}", outcome->status,
                                            outcome->body.empty() ? "" : ": ", outcome->body);
  throw CommandError(
      {ErrorKind::CheckFailed, fmt::format("{}: {}", without_credentials(options.url), why), ""});
}

void sign(const ToolOptions& options, Context& context) {
  const auto secrets = required_secrets(options, context);
  const std::string body = read_input(options.file, context);
  if (context.stop().stop_requested()) return;
  const std::string signature = webhook::Signer(secrets.front()).sign(body);
  Renderer(context, options.output)
      .result(signature, {{"type", "signature"}, {"signature", signature}, {"bytes", body.size()}});
}

// Why the event in a genuine body is not accepted at this time.
std::optional<webhook::Refusal> check_age(std::string_view body, std::chrono::milliseconds max_age,
                                          std::vector<std::string>& findings) {
  if (max_age.count() == 0) return std::nullopt;
  const auto event = webhook::parse_event(body);
  if (!event) return webhook::Refusal{400, event.error().message};
  auto refusal = webhook::check_freshness(*event, now(), max_age);
  if (refusal) findings = webhook::explain_timestamp(event->publish_timestamp, now(), max_age);
  return refusal;
}

void verify(const VerifyOptions& options, Context& context) {
  const auto secrets = required_secrets(options, context);
  const std::string body = read_input(options.file, context);
  if (context.stop().stop_requested()) return;
  webhook::Verifier verifier;
  verifier.set_secrets(secrets);
  std::vector<std::string> findings;
  auto refusal = verifier.check(options.signature, body);
  if (refusal && options.explain) {
    findings = webhook::explain_signature(options.signature, body, secrets);
  } else if (!refusal) {
    refusal = check_age(body, value_or_throw(parse_duration(options.max_age)), findings);
  }

  Renderer renderer(context, options.output);
  Json record{{"type", "verification"}, {"valid", !refusal}};
  if (refusal) record["reason"] = refusal->reason;
  std::string text = refusal ? "invalid" : "valid";
  if (refusal && options.explain) {
    record["explanation"] = findings;
    for (const auto& finding : findings)
      text += "\n- " + printable(finding);
  }
  renderer.result(text, record);
  if (!refusal) return;
  throw CommandError({ErrorKind::CheckFailed, refusal->reason,
                      options.explain ? "" : "--explain tries out what may have gone wrong"});
}

void add_secret_flag(CLI::App& command, ToolOptions& options, const char* description) {
  command.add_option("--secret-file", options.secret_files, description)->option_text("FILE");
}

void add_input(CLI::App& command, ToolOptions& options) {
  command.add_option("file", options.file, "The body, byte for byte; else standard input")
      ->option_text("[FILE]");
}

template <typename Options>
void on_parsed(CLI::App& command, Action& action, std::shared_ptr<Options> options,
               void (*run)(const Options&, Context&)) {
  command.callback([options = std::move(options), run, &action] {
    action = [options, run](Context& context) { run(*options, context); };
  });
}

void add_send(CLI::App& group, Action& action) {
  const auto options = std::make_shared<SendOptions>();
  CLI::App* command = group.add_subcommand("send", "POST one signed event to a URL");
  auto& message = options->message;
  command->add_option("url", options->url, "Where to POST it")
      ->required()
      ->check(check_url)
      ->option_text("URL");
  command->add_option("--topic", message.topic, "The event's topic")
      ->check(check_name)
      ->option_text("TOPIC (topic 1)");
  add_cache_flag(*command, options->connection);
  CLI::Option* text = command->add_option("--text", message.value.bytes, "The event's text")
                          ->check(check_utf8)
                          ->option_text("TEXT (hello)");
  command
      ->add_option_function<std::string>(
          "-f,--file",
          [options = options.get()](const std::string& file) {
            options->file = file;
            options->has_file = true;
          },
          "The event's text is this file's content; - is standard input")
      ->excludes(text)
      ->option_text("FILE");
  command->add_option("--sequence-number", message.sequence_number, "Its topic_sequence_number")
      ->check(check_count)
      ->option_text("N (1)");
  command->add_option("--token-id", message.publisher_id, "Its token_id")
      ->check(check_utf8)
      ->option_text("ID");
  command->add_option("--age", options->age, "Fire it as if it were so long ago")
      ->check(check_duration)
      ->option_text("DURATION (0s)");
  command->add_option("--timeout", options->timeout, "How long the answer may take")
      ->check(check_interval)
      ->option_text("DURATION (5s)");
  add_secret_flag(*command, *options, "Signing secret (else TOPICLOOP_WEBHOOK_SECRET)");
  add_output_flags(*command, options->output);
  command->footer(
      "Ends with 1 unless the answer is 2xx.\n"
      "\n"
      "Examples:\n"
      "  topicloop webhook send http://127.0.0.1:9000/ --secret-file secret.txt --text hello\n"
      "  topicloop webhook send http://127.0.0.1:9000/ --secret-file secret.txt --age 2m");
  on_parsed(*command, action, options, send);
}

void add_sign(CLI::App& group, Action& action) {
  const auto options = std::make_shared<ToolOptions>();
  CLI::App* command = group.add_subcommand("sign", "Print the signature of a body");
  add_input(*command, *options);
  add_secret_flag(*command, *options, "Signing secret (else TOPICLOOP_WEBHOOK_SECRET)");
  add_output_flags(*command, options->output);
  command->footer(
      "Examples:\n"
      "  topicloop webhook sign body.json --secret-file secret.txt");
  on_parsed(*command, action, options, sign);
}

void add_verify(CLI::App& group, Action& action) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = group.add_subcommand("verify", "Check the signature of a body");
  add_input(*command, *options);
  command->add_option("--signature", options->signature, "What the header momento-signature said")
      ->required()
      ->option_text("SIGNATURE");
  command
      ->add_option("--max-age", options->max_age,
                   "Also refuse an event fired longer ago than this; 0 accepts any")
      ->check(check_duration)
      ->option_text("DURATION (0s)");
  command->add_flag("--explain", options->explain,
                    "Try out what may have gone wrong and say what did");
  add_secret_flag(*command, *options,
                  "Signing secret; repeatable, any may match (or TOPICLOOP_WEBHOOK_SECRET)");
  add_output_flags(*command, options->output);
  command->footer(
      "Ends with 0 for a genuine body and with 1 for any other.\n"
      "\n"
      "Examples:\n"
      "  topicloop webhook verify body.json --secret-file secret.txt --signature 0123 --explain");
  on_parsed(*command, action, options, verify);
}

}  // namespace

void add_webhook_tools(CLI::App& group, Action& action) {
  add_send(group, action);
  add_sign(group, action);
  add_verify(group, action);
}

}  // namespace topicloop::cli
