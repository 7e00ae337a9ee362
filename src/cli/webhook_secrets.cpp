// SPDX-License-Identifier: Apache-2.0
#include "cli/webhook_secrets.hpp"

#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/line_reader.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace topicloop::cli {

namespace {

constexpr const char* k_secret_variable = "TOPICLOOP_WEBHOOK_SECRET";

// The secret is the file's content without the line end an editor puts there.
std::string read_secret_file(const std::string& name, const std::stop_token& stop) {
  std::string secret = value_or_throw(read_file(name, stop)).value_or("");
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r'))
    secret.pop_back();
  if (is_blank(secret) && !stop.stop_requested()) {
    throw CommandError({ErrorKind::BadInput, fmt::format("{} holds no webhook secret", name), ""});
  }
  return secret;
}

}  // namespace

std::vector<std::string> given_secrets(const std::vector<std::string>& files,
                                       const std::stop_token& stop) {
  std::vector<std::string> secrets;
  for (const auto& file : files)
    secrets.push_back(read_secret_file(file, stop));
  const char* variable = std::getenv(k_secret_variable);
  if (variable != nullptr && *variable != '\0') secrets.emplace_back(variable);
  return secrets;
}

}  // namespace topicloop::cli
