// SPDX-License-Identifier: Apache-2.0
#include "cli/message_source.hpp"

#include "base/text.hpp"
#include "cli/flag_checks.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace topicloop::cli {

using Json = nlohmann::json;

namespace {

Error bad_record(const std::string& name, std::string_view reason) {
  return {ErrorKind::BadInput, fmt::format("{} {}", name, reason),
          "each line is a record as `subscribe -o json` writes them"};
}

// Nothing for a record that is no message: what subscribe writes has others between them.
Result<std::optional<model::Value>> value_of_record(const std::string& line,
                                                    const std::string& name) {
  const Json record = Json::parse(line, nullptr, false);
  if (!record.is_object()) return bad_record(name, "is not a JSON object");
  const auto type = record.find("type");
  if (type != record.end() && *type != "message") return std::optional<model::Value>();
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

}  // namespace

MessageSource::MessageSource(const SourceOptions& options, const Context& context)
    : options_(options), context_(context), lines_(context.streams.in) {}

std::optional<std::uint64_t> MessageSource::total() const {
  if (is_stdin_lines()) return std::nullopt;
  return options_.repeat;
}

Result<std::optional<SourceMessage>> MessageSource::next(
    const LineReader::BeforeWaiting& before_waiting) {
  if (is_stdin_lines()) return next_line(before_waiting);
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
    auto line = lines_.next(context_.stop(), before_waiting);
    if (!line) {
      is_broken_ = true;  // What follows cannot be told apart any more.
      return std::move(line).error();
    }
    if (!*line) return std::optional<SourceMessage>();
    std::string name = fmt::format("line {} of standard input", ++given_);
    if (!options_.json) {
      auto message = checked(**std::move(line), std::move(name));
      if (!message) return std::move(message).error();
      return std::optional(*std::move(message));
    }
    auto value = value_of_record(**line, name);
    if (!value) return std::move(value).error();
    if (*value) return std::optional(SourceMessage{**std::move(value), std::move(name)});
  }
  return std::optional<SourceMessage>();
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
