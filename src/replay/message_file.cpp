// SPDX-License-Identifier: Apache-2.0
#include "replay/message_file.hpp"

#include "base/text.hpp"
#include "capture/line_stream.hpp"
#include "replay/whole_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace topicloop::replay {

namespace {

using Json = nlohmann::ordered_json;

// A message's own members are not nested; what is deeper is no message.
constexpr int k_max_depth = 16;

// Nothing for a record of another type; the error is without the place.
Result<std::optional<model::Value>> value_in(const std::string& line) {
  using Found = std::optional<model::Value>;
  const auto is_shallow = [](int depth, Json::parse_event_t, const Json&) {
    return depth <= k_max_depth;
  };
  const auto bad = [](const char* why) { return Error{ErrorKind::BadInput, why, ""}; };
  const Json record = Json::parse(line, is_shallow, false);
  if (!record.is_object()) return bad("not a JSON object");
  if (record.value("type", Json("message")) != "message") return Found();
  const auto text = record.find("text");
  if (text != record.end() && text->is_string()) {
    return Found(model::Value::text(text->get<std::string>()));
  }
  const auto binary = record.find("binary_base64");
  auto bytes = binary != record.end() && binary->is_string()
                   ? from_base64(binary->get_ref<const std::string&>())
                   : std::nullopt;
  if (!bytes) return bad("a message without \"text\" or \"binary_base64\"");
  return Found(model::Value::binary(*std::move(bytes)));
}

}  // namespace

nlohmann::ordered_json record_of(const model::Message& message) {
  Json record{{"type", "message"},
              {"cache", message.cache},
              {"topic", message.topic},
              {"sequence_number", message.sequence_number},
              {"sequence_page", message.sequence_page},
              {"publisher_id", message.publisher_id}};
  if (message.value.is_text()) {
    record["text"] = message.value.bytes;
  } else {
    record["binary_base64"] = to_base64(message.value.bytes);
  }
  return record;
}

Result<std::vector<FileMessage>> read_messages(const std::string& path,
                                               const std::stop_token& stop) {
  auto lines = capture::LineStream::open(path, stop);
  if (!lines) return std::move(lines).error();
  std::vector<FileMessage> messages;
  while (true) {
    auto line = lines->next();
    if (!line) return std::move(line).error();
    if (!*line) return messages;
    if ((*line)->bytes.empty()) continue;
    auto value = value_in((*line)->bytes);
    if (!value) {
      return Error{ErrorKind::BadInput,
                   fmt::format("{}:{}: {}", path, lines->line_number(), value.error().message),
                   "expected are JSON Lines as subscribe -o json and captures have them"};
    }
    if (*value) messages.push_back({lines->line_number(), **std::move(value)});
  }
}

Result<void> write_messages(const std::string& path, const std::vector<model::Message>& messages) {
  auto file = WholeFile::open(path);
  if (!file) return std::move(file).error();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    Json record = record_of(messages[i]);
    if (i == 0) {
      Json first{{"v", 1}};
      first.update(record);
      record = std::move(first);
    }
    const std::string line = record.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    if (auto written = file->write(line); !written) return written;
  }
  return file->commit();
}

}  // namespace topicloop::replay
