// SPDX-License-Identifier: Apache-2.0
#include "cli/api_key.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

namespace topicloop::cli {

namespace {

constexpr const char* k_key_variable = "MOMENTO_API_KEY";

// What `text` holds, bare or in a credential. `source` is where it comes from.
std::string api_key_in(const std::string& text, std::string_view source) {
  const std::string_view key = trimmed(text);
  if (key.empty()) {
    throw CommandError(
        {ErrorKind::BadInput, fmt::format("no API key can be read from {}", source), ""});
  }
  const auto decoded = from_base64(key);
  if (!decoded) return std::string(key);
  const auto credential = nlohmann::json::parse(*decoded, nullptr, false);
  if (!credential.is_object()) return std::string(key);
  const auto inner = credential.find("api_key");
  if (inner == credential.end() || !inner->is_string() || inner->get<std::string>().empty()) {
    throw CommandError({ErrorKind::BadInput,
                        fmt::format("the credential in {} has no api_key in it", source), ""});
  }
  return inner->get<std::string>();
}

}  // namespace

std::string given_api_key(const std::string& file) {
  if (!file.empty()) return api_key_in(value_or_throw(read_small_file(file)), file);
  const char* variable = std::getenv(k_key_variable);
  if (variable == nullptr || *variable == '\0') return "";
  return api_key_in(variable, k_key_variable);
}

std::string to_credential(std::string_view endpoint, std::string_view api_key) {
  const nlohmann::ordered_json credential{{"endpoint", endpoint}, {"api_key", api_key}};
  return to_base64(credential.dump());
}

}  // namespace topicloop::cli
