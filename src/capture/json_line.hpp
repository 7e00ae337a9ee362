// SPDX-License-Identifier: Apache-2.0
// Writing one JSON object on one line, with room for strings that are not UTF-8. Pure.
#pragma once

#include "model/capture.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace topicloop::capture {

class JsonLine {
public:
  JsonLine& number(std::string_view key, std::int64_t value);
  JsonLine& unsigned_number(std::string_view key, std::uint64_t value);
  JsonLine& boolean(std::string_view key, bool value);
  // Bytes that are not UTF-8 become the member `key`_base64 instead.
  JsonLine& bytes(std::string_view key, std::string_view value);
  JsonLine& base64(std::string_view key, std::string_view value);
  // Pairs; a name or value that is not UTF-8 is an object {"base64":"..."}.
  JsonLine& headers(std::string_view key, const model::HttpHeaders& headers);
  // `json` is a value written already.
  JsonLine& json(std::string_view key, std::string_view json);

  // The object, closed. Nothing may be added afterwards.
  std::string take();

private:
  void begin_member(std::string_view key);

  std::string out_ = "{";
};

}  // namespace topicloop::capture
