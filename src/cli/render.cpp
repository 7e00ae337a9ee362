// SPDX-License-Identifier: Apache-2.0
#include "cli/render.hpp"

#include "base/hexdump.hpp"
#include "base/shown_url.hpp"
#include "cli/duration.hpp"
#include "cli/exit_code.hpp"
#include "replay/message_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <variant>

namespace topicloop::cli {

using Json = nlohmann::ordered_json;

namespace {

bool wants_color(const OutputFlags& flags, bool is_terminal) {
  if (flags.color != "auto") return flags.color == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  return is_terminal;
}

std::string dimmed(std::string_view text, bool color) {
  return color ? fmt::format("\x1b[2m{}\x1b[0m", text) : std::string(text);
}

SystemTime now() {
  return std::chrono::system_clock::now();
}

// Whoever waits for the file to appear must find it complete, hence the rename. A pipe or a device
// is written to as it is.
void write_ready_file(const std::string& name, std::string_view content) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(name, ignored).type();
  const bool in_place =
      kind != std::filesystem::file_type::not_found && kind != std::filesystem::file_type::regular;
  const std::string written = in_place ? name : name + ".tmp";
  std::ofstream file(written, std::ios::trunc);
  file << content << '\n';
  file.close();
  std::error_code failure;
  if (file && !in_place) std::filesystem::rename(written, name, failure);
  if (!file || failure) {
    throw CommandError(
        {ErrorKind::BadInput, fmt::format("cannot write the ready file {}", name), ""});
  }
}

// While the file is there, its command is ready. Pipes and devices stay.
void remove_ready_file(const std::string& name) {
  std::error_code ignored;
  if (!name.empty() && std::filesystem::is_regular_file(name, ignored)) {
    std::filesystem::remove(name, ignored);
  }
}

Json event_fields(const model::WebhookEvent& event) {
  return {{"cache", event.cache},
          {"topic", event.topic},
          {"event_timestamp", event.event_timestamp},
          {"publish_timestamp", event.publish_timestamp},
          {"topic_sequence_number", event.topic_sequence_number},
          {"token_id", event.token_id},
          {"text", event.text}};
}

Json delivery_fields(const broker::DeliveryFinished& finished) {
  const auto& [sent, outcome, at] = finished;
  Json fields{{"type", "delivery"}, {"at", to_rfc3339(at)}, {"id", sent.id}};
  // Behind what is forwarded there is no webhook, but maybe further attempts.
  const bool is_forwarded = sent.webhook.id.name.empty();
  if (!is_forwarded) fields["webhook"] = sent.webhook.id.name;
  fields.update(Json{{"cache", sent.webhook.id.cache},
                     {"topic", sent.webhook.topic},
                     {"topic_sequence_number", sent.sequence_number},
                     {"url", without_credentials(sent.webhook.url)},
                     {"delivered", outcome.delivered()},
                     {"status", outcome.status},
                     {"error", outcome.error},
                     {"latency_us", outcome.latency.count()}});
  if (is_forwarded) fields["attempt"] = outcome.attempt;
  if (outcome.retry_in) fields["retry_in_ms"] = outcome.retry_in->count();
  return fields;
}

std::string describe(const model::Gap& gap) {
  if (gap.missing.empty()) return "messages may be missing; which, nobody can say";
  std::string text;
  for (const auto& range : gap.missing) {
    if (!text.empty()) text += "; ";
    text += range.last
                ? fmt::format("messages {} to {} are not available", range.first, *range.last)
                : fmt::format(
                      "the numbering started over; messages from {} on of page {} "
                      "are not available, if there were any",
                      range.first, range.sequence_page);
  }
  return text;
}

}  // namespace

Renderer::Renderer(Context& context, const OutputFlags& flags)
    : context_(context),
      flags_(flags),
      color_(wants_color(flags, context.streams.out_is_terminal)),
      err_color_(wants_color(flags, context.streams.err_is_terminal)) {
  remove_ready_file(flags_.ready_file);
}

Renderer::~Renderer() {
  if (is_ready_) remove_ready_file(flags_.ready_file);
}

void Renderer::write(std::string_view bytes) {
  auto& out = context_.streams.out;
  if (out) {
    errno = 0;
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.flush();
    if (!out) context_.output_errno = errno;
    if (!bytes.empty()) context_.is_in_line = bytes.back() != '\n';
  }
  if (out) return;
  if (context_.output_errno == 0) context_.output_errno = EBADF;  // Closed from the start.
  context_.interrupt.source.request_stop();
}

void Renderer::record(Json record) {
  const std::lock_guard lock(mutex_);
  if (!context_.json_begun.exchange(true)) {
    Json first{{"v", 1}};
    first.update(record);
    record = std::move(first);
  }
  // Bytes that are not UTF-8 (a path from the network, say) must not make JSON invalid.
  std::string text = record.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (context_.streams.out_is_terminal) text = printable_json(text);
  // Behind data in a format of its own that broke off, too, a record has a line of its own.
  write((context_.is_in_line ? "\n" : "") + text + "\n");
}

void Renderer::line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  write(std::string(text) + "\n");
}

void Renderer::note(std::string_view text) {
  const std::lock_guard lock(mutex_);
  context_.streams.err << text << '\n' << std::flush;
}

void Renderer::ready(std::string_view what, std::string_view where, std::string_view hints) {
  ready(what, where, hints, Json::object());
}

void Renderer::ready(std::string_view what, std::string_view where, std::string_view hints,
                     const Json& fields) {
  // First, as this may fail: what has been said to be ready is.
  if (!flags_.ready_file.empty()) {
    write_ready_file(flags_.ready_file, where);
    is_ready_ = true;
  }
  if (flags_.format == OutputFormat::Json) {
    Json all{{"type", "ready"}, {"what", what}, {"where", where}};
    all.update(fields);
    record(std::move(all));
  }
  note(fmt::format("{} {}", what, printable(where)));
  if (!hints.empty()) note(hints);
}

void Renderer::published(const std::string& cache, const std::string& topic, std::size_t bytes) {
  if (flags_.format != OutputFormat::Json) return;
  record({{"type", "published"},
          {"cache", cache},
          {"topic", topic},
          {"bytes", bytes},
          {"at", to_rfc3339(now())}});
}

void Renderer::message(const model::Message& message) {
  const std::string& bytes = message.value.bytes;
  if (flags_.format == OutputFormat::Json) {
    Json fields = replay::record_of(message);
    fields["received_at"] = to_rfc3339(now());
    record(std::move(fields));
  } else if (flags_.format == OutputFormat::Raw) {
    const std::lock_guard lock(mutex_);
    write(bytes);
  } else if (context_.streams.out_is_terminal) {
    show_on_terminal(message);
  } else {
    line(bytes);
  }
}

void Renderer::show_on_terminal(const model::Message& message) {
  const std::string& bytes = message.value.bytes;
  const std::string meta = fmt::format("{} {} #{}", to_time_of_day(now()), printable(message.topic),
                                       message.sequence_number);
  if (message.value.is_text()) {
    line(fmt::format("{} {}", dimmed(meta, color_),
                     color_ ? marked_printable(bytes) : printable(bytes)));
    return;
  }
  const std::string size = fmt::format("{} byte{}", bytes.size(), bytes.size() == 1 ? "" : "s");
  const std::string dump = hexdump(bytes);
  line(dimmed(meta + " " + size, color_) + (dump.empty() ? "" : "\n") + dump);
}

void Renderer::gap(const model::Gap& gap) {
  if (flags_.format == OutputFormat::Json) {
    Json missing = Json::array();
    for (const auto& range : gap.missing) {
      missing.push_back({{"sequence_page", range.sequence_page},
                         {"first", range.first},
                         {"last", range.last ? Json(*range.last) : Json()}});
    }
    record({{"type", "gap"}, {"cache", gap.cache}, {"topic", gap.topic}, {"missing", missing}});
  }
  warning(fmt::format("gap on \"{}\": {}", printable(gap.topic), describe(gap)));
}

void Renderer::heartbeat(const std::string& cache, const std::string& topic) {
  if (flags_.format == OutputFormat::Json) {
    record({{"type", "heartbeat"}, {"cache", cache}, {"topic", topic}, {"at", to_rfc3339(now())}});
  } else {
    note(dimmed(fmt::format("{} {} heartbeat", to_time_of_day(now()), printable(topic)),
                err_color_));
  }
}

void Renderer::exchange(const webhook::Exchange& exchange) {
  const SystemTime answered_at = exchange.at + exchange.latency;
  if (flags_.format == OutputFormat::Json) {
    Json request{{"type", "request"},     {"at", to_rfc3339(exchange.at)},
                 {"id", exchange.id},     {"method", exchange.method},
                 {"path", exchange.path}, {"peer", exchange.peer}};
    if (exchange.event) request["event"] = event_fields(*exchange.event);
    record(std::move(request));
    Json response{{"type", "response"},
                  {"at", to_rfc3339(answered_at)},
                  {"id", exchange.id},
                  {"status", exchange.status},
                  {"latency_us", exchange.latency.count()}};
    if (!exchange.reason.empty()) response["reason"] = exchange.reason;
    record(std::move(response));
    return;
  }
  const std::string what =
      exchange.event ? fmt::format("{} #{}", printable(exchange.event->topic),
                                   exchange.event->topic_sequence_number)
                     : fmt::format("{} {}", printable(exchange.method), printable(exchange.path));
  line(fmt::format("{} --> {} [{}]", to_time_of_day(exchange.at), what, exchange.id));
  // Only in a capture: what came of a request that was sent to somebody.
  const std::string status = exchange.status == 0 ? "no answer" : std::to_string(exchange.status);
  line(fmt::format("{} <-- [{}] {} {}{} ({}) [{}]", to_time_of_day(answered_at), status,
                   printable(exchange.method), printable(without_credentials(exchange.url)),
                   exchange.reason.empty() ? "" : ": " + printable(exchange.reason),
                   format_duration(exchange.latency), exchange.id));
}

void Renderer::delivery(const broker::DeliveryReport& report) {
  std::visit([this](const auto& part) { show(part); }, report);
}

void Renderer::show(const broker::DeliverySent& sent) {
  if (flags_.format == OutputFormat::Json) return;  // Its outcome says it all.
  line(fmt::format("{} --> {} #{} [{}]", to_time_of_day(sent.at), printable(sent.webhook.topic),
                   sent.sequence_number, sent.id));
}

void Renderer::show(const broker::DeliveryFinished& finished) {
  const auto& [sent, outcome, at] = finished;
  if (flags_.format == OutputFormat::Json) {
    record(delivery_fields(finished));
    return;
  }
  const std::string status = outcome.status != 0 ? std::to_string(outcome.status) : "failed";
  std::string remark = outcome.error.empty() ? "" : ": " + printable(outcome.error);
  if (outcome.retry_in) {
    remark += fmt::format("{} again in {}", remark.empty() ? ":" : ";",
                          format_duration(*outcome.retry_in));
  }
  line(fmt::format("{} <-- [{}] POST {}{} ({}) [{}]", to_time_of_day(at), status,
                   printable(without_credentials(sent.webhook.url)), remark,
                   format_duration(outcome.latency), sent.id));
}

void Renderer::show(const broker::DeliveriesLost& lost) {
  if (flags_.format == OutputFormat::Json) {
    record({{"type", "gap"},
            {"at", to_rfc3339(lost.at)},
            {"webhook", lost.webhook.id.name},
            {"cache", lost.webhook.id.cache},
            {"topic", lost.webhook.topic},
            {"missing", Json::array({{{"first", lost.first}, {"last", lost.last}}})},
            {"reason", lost.reason}});
  }
  warning(fmt::format("webhook \"{}\": messages {} to {} of \"{}\" were not delivered: {}",
                      printable(lost.webhook.id.name), lost.first, lost.last,
                      printable(lost.webhook.topic), lost.reason));
}

void Renderer::status(std::string_view text, const Json& fields) {
  if (flags_.format == OutputFormat::Json) {
    record(fields);
  } else {
    note(text);
  }
}

void Renderer::step(std::string_view text) {
  if (flags_.format == OutputFormat::Text) line(text);
}

void Renderer::summary(std::string_view text, const Json& fields) {
  if (flags_.format == OutputFormat::Json) {
    Json all{{"type", "summary"}};
    all.update(fields);
    record(std::move(all));
  }
  note(text);
}

void Renderer::result(std::string_view text, const Json& fields) {
  if (flags_.format == OutputFormat::Json) {
    record(fields);
  } else {
    line(text);
  }
}

void Renderer::bytes(std::string_view data) {
  const std::lock_guard lock(mutex_);
  write(data);
}

void Renderer::warning(std::string_view text) {
  note(fmt::format("topicloop: warning: {}", text));
}

void Renderer::failure(std::string_view text, std::string_view detail) {
  std::string shown = fmt::format("topicloop: failed: {}", printable(text));
  while (!detail.empty()) {
    const std::string_view one = detail.substr(0, detail.find('\n'));
    detail.remove_prefix(std::min(one.size() + 1, detail.size()));
    const char* color = one.starts_with("- ") ? "31" : one.starts_with("+ ") ? "32" : "";
    const bool is_colored = err_color_ && *color != '\0';
    shown += is_colored ? fmt::format("\n  \x1b[{}m{}\x1b[0m", color, printable(one))
                        : fmt::format("\n  {}", printable(one));
  }
  note(shown);
}

void Renderer::error(const Error& error) {
  if (flags_.format == OutputFormat::Json) {
    Json fields{{"type", "error"},
                {"kind", name_of(error.kind)},
                {"message", error.message},
                {"exit_code", static_cast<int>(exit_code_of(error.kind))}};
    if (!error.help.empty()) fields["help"] = error.help;
    record(std::move(fields));
  }
  note(fmt::format("topicloop: error: {}", printable(error.message)));
  if (!error.help.empty()) note(fmt::format("  help: {}", printable(error.help)));
}

}  // namespace topicloop::cli
