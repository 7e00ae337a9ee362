// SPDX-License-Identifier: Apache-2.0
#include "capture/json_line.hpp"

#include "base/text.hpp"

#include <utility>

namespace topicloop::capture {

namespace {

void append_bytes(std::string& out, std::string_view bytes) {
  if (!find_invalid_utf8(bytes)) {
    append_json_string(out, bytes);
  } else {
    out += R"({"base64":")" + to_base64(bytes) + "\"}";
  }
}

}  // namespace

void JsonLine::begin_member(std::string_view key) {
  if (out_.size() > 1) out_ += ',';
  append_json_string(out_, key);
  out_ += ':';
}

JsonLine& JsonLine::number(std::string_view key, std::int64_t value) {
  return json(key, std::to_string(value));
}

JsonLine& JsonLine::unsigned_number(std::string_view key, std::uint64_t value) {
  return json(key, std::to_string(value));
}

JsonLine& JsonLine::boolean(std::string_view key, bool value) {
  return json(key, value ? "true" : "false");
}

JsonLine& JsonLine::bytes(std::string_view key, std::string_view value) {
  if (find_invalid_utf8(value)) return base64(std::string(key) + "_base64", value);
  begin_member(key);
  append_json_string(out_, value);
  return *this;
}

JsonLine& JsonLine::base64(std::string_view key, std::string_view value) {
  begin_member(key);
  out_ += '"' + to_base64(value) + '"';
  return *this;
}

JsonLine& JsonLine::headers(std::string_view key, const model::HttpHeaders& headers) {
  begin_member(key);
  out_ += '[';
  for (const auto& [name, value] : headers) {
    out_ += out_.back() == '[' ? "[" : ",[";
    append_bytes(out_, name);
    out_ += ',';
    append_bytes(out_, value);
    out_ += ']';
  }
  out_ += ']';
  return *this;
}

JsonLine& JsonLine::json(std::string_view key, std::string_view json) {
  begin_member(key);
  out_ += json;
  return *this;
}

std::string JsonLine::take() {
  out_ += '}';
  return std::move(out_);
}

}  // namespace topicloop::capture
