// SPDX-License-Identifier: Apache-2.0
#include "cli/message_source.hpp"

#include "base/text.hpp"
#include "capture/event_of.hpp"
#include "capture/record.hpp"
#include "cli/flag_checks.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace topicloop::cli {

using Json = nlohmann::json;

namespace {

constexpr std::size_t k_longest_line = 10'000'000;

Error bad_record(const std::string& name, std::string_view reason) {
  return {ErrorKind::BadInput, fmt::format("{} {}", name, reason),
          "each line is a record as `subscribe -o json` or a capture has them"};
}

Result<std::optional<model::Value>> value_of_message(const Json& record, const std::string& name) {
  const auto text = record.find("text");
  const auto binary = record.find("binary_base64");
  if ((text != record.end()) == (binary != record.end())) {
    return bad_record(name, "has not one of \"text\" and \"binary_base64\"");
  }
  if (text != record.end()) {
    if (!text->is_string()) return bad_record(name, "has a \"text\" that is not a string");
    return std::optional(model::Value::text(text->get<std::string>()));
  }
  auto bytes = binary->is_string() ? from_base64(binary->get<std::string>()) : std::nullopt;
  if (!bytes) return bad_record(name, "has a \"binary_base64\" that is not base64");
  return std::optional(model::Value::binary(*std::move(bytes)));
}

// A captured request's event. Nothing for a request that did not come in full or was not genuine.
Result<std::optional<model::Value>> value_of_request(const std::string& line,
                                                     const std::string& name,
                                                     std::int64_t version) {
  auto parsed = capture::parse_line(line, version);
  if (!parsed) return bad_record(name, fmt::format("is not a request: {}", parsed.error().message));
  const auto& exchange =
      std::get<model::HttpExchange>(std::get<model::CaptureRecord>(*parsed).content);
  const bool is_genuine = exchange.verification.outcome != model::Verification::Outcome::Failed;
  if (!is_genuine || !exchange.request.body_received) return std::optional<model::Value>();
  auto event = capture::event_of(exchange);
  if (!event) return bad_record(name, "is a request that is not a webhook event");
  return std::optional(std::move(event->payload));
}

bool is_capture_header(const std::string& line) {
  const auto parsed = capture::parse_line(line);
  return parsed && std::holds_alternative<capture::Header>(*parsed);
}

}  // namespace

MessageSource::MessageSource(const SourceOptions& options, const Context& context,
                             OnWarning on_warning)
    : options_(options),
      context_(context),
      on_warning_(std::move(on_warning)),
      lines_(context.streams.in, "standard input",
             options.json ? capture::k_max_line : k_longest_line) {
  if (options.json) lines_.accept_compressed();
}

std::optional<std::uint64_t> MessageSource::total() const {
  if (is_lines()) return std::nullopt;
  return options_.repeat;
}

Result<std::optional<SourceMessage>> MessageSource::next(
    const LineReader::BeforeWaiting& before_waiting) {
  if (is_lines()) return next_line(before_waiting);
  if (given_ == options_.repeat) return std::optional<SourceMessage>();
  if (!content_) {
    auto bytes = options_.value ? *options_.value : read_content();
    if (!bytes) return std::move(bytes).error();
    if (context_.stop().stop_requested()) return std::optional<SourceMessage>();
    const std::string name = options_.value         ? "the value"
                             : options_.file == "-" ? "standard input"
                                                    : options_.file;
    auto content = checked(*std::move(bytes), name);
    if (!content) return std::move(content).error();
    content_ = *std::move(content);
  }
  ++given_;
  return content_;
}

Result<std::optional<SourceMessage>> MessageSource::next_line(
    const LineReader::BeforeWaiting& before_waiting) {
  while (!is_broken_) {
    auto line = take_line(before_waiting);
    if (!line) {
      is_broken_ = true;  // What follows cannot be told apart any more.
      return std::move(line).error();
    }
    if (!*line) return std::optional<SourceMessage>();
    if (!options_.json) {
      auto message = checked(std::move((*line)->text), std::move((*line)->name));
      if (!message) return std::move(message).error();
      return std::optional(*std::move(message));
    }
    auto value = value_of(**line);
    if (!value && is_capture_ && is_torn(**line, before_waiting)) {
      on_warning_(fmt::format("{} is torn, and skipped: its writer was stopped in the middle",
                              (*line)->name));
      continue;
    }
    if (!value) return std::move(value).error();
    if (*value) return std::optional(SourceMessage{**std::move(value), std::move((*line)->name)});
  }
  return std::optional<SourceMessage>();
}

Result<std::optional<MessageSource::TakenLine>> MessageSource::take_line(
    const LineReader::BeforeWaiting& before_waiting) {
  using Taken = std::optional<TakenLine>;
  if (ahead_) return std::exchange(ahead_, std::nullopt);
  if (is_stdin()) {
    auto line = lines_.next(context_.stop(), before_waiting);
    if (!line) return std::move(line).error();
    if (!*line) return Taken();
    return Taken(
        {**std::move(line), fmt::format("line {} of standard input", ++given_), lines_.is_whole()});
  }
  if (!file_) {
    auto opened = capture::LineStream::open(options_.file, context_.stop());
    if (!opened) return std::move(opened).error();
    file_ = *std::move(opened);
  }
  auto line = file_->next();
  if (!line) return std::move(line).error();
  if (!*line) return Taken();
  return Taken({std::move((*line)->bytes), fmt::format("line {} of {}", ++given_, options_.file),
                (*line)->is_whole});
}

// Nothing for a record that is no message: what subscribe writes, and a capture, have others
// between them.
Result<std::optional<model::Value>> MessageSource::value_of(const TakenLine& line) {
  if (is_capture_ && line.text.empty() && line.is_whole) return std::optional<model::Value>();
  Json record;
  try {
    record = Json::parse(line.text);
  } catch (const Json::parse_error& error) {
    return bad_record(line.name,
                      line.text.empty()
                          ? std::string("is not JSON: it is empty")
                          : fmt::format("is not JSON: byte {} of {} is not what can stand there",
                                        std::min(error.byte, line.text.size()), line.text.size()));
  }
  if (!record.is_object()) return bad_record(line.name, "is JSON and not a JSON object");
  const auto type = record.find("type");
  if (type == record.end() || *type == "message") return value_of_message(record, line.name);
  if (*type == "request" && is_capture_) return value_of_request(line.text, line.name, version_);
  if (*type == "capture") {
    const auto header = capture::parse_line(line.text);
    if (!header) {
      return Error{ErrorKind::BadInput, fmt::format("{}: {}", line.name, header.error().message),
                   header.error().help};
    }
    version_ = std::get<capture::Header>(*header).version;
    is_capture_ = true;
  }
  return std::optional<model::Value>();
}

// In a capture, as its reader takes them: the last line, or one before the header of another run.
bool MessageSource::is_torn(const TakenLine& line,
                            const LineReader::BeforeWaiting& before_waiting) {
  if (!line.is_whole) return true;
  auto following = take_line(before_waiting);
  if (!following || !*following) {
    is_broken_ = true;
    return false;
  }
  ahead_ = *std::move(following);
  return is_capture_header(ahead_->text);
}

Result<SourceMessage> MessageSource::checked(std::string bytes, std::string name) const {
  if (options_.binary)
    return SourceMessage{model::Value::binary(std::move(bytes)), std::move(name)};
  if (const auto reason = check_utf8(bytes); !reason.empty()) {
    return Error{ErrorKind::BadInput, fmt::format("{} is {}", name, reason),
                 "publish bytes with --binary"};
  }
  return SourceMessage{model::Value::text(std::move(bytes)), std::move(name)};
}

Result<std::string> MessageSource::read_content() const {
  auto bytes = options_.file == "-" ? LineReader(context_.streams.in).rest(context_.stop())
                                    : read_file(options_.file, context_.stop());
  if (!bytes) return std::move(bytes).error();
  return std::move(*bytes).value_or("");
}

}  // namespace topicloop::cli
