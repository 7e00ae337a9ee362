// SPDX-License-Identifier: Apache-2.0
#include "cli/webhook_secrets.hpp"

#include "base/text.hpp"
#include "cli/context.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace topicloop::cli {

namespace {

constexpr const char* k_secret_variable = "TOPICLOOP_WEBHOOK_SECRET";

// The secret is the file's content without the line end an editor puts there.
std::string read_secret_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  std::string secret = content.str();
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r'))
    secret.pop_back();
  if (!file.is_open() || is_blank(secret)) {
    throw CommandError(
        {ErrorKind::BadInput, fmt::format("no webhook secret can be read from {}", name), ""});
  }
  return secret;
}

}  // namespace

std::vector<std::string> given_secrets(const std::vector<std::string>& files) {
  std::vector<std::string> secrets;
  for (const auto& file : files)
    secrets.push_back(read_secret_file(file));
  const char* variable = std::getenv(k_secret_variable);
  if (variable != nullptr && *variable != '\0') secrets.emplace_back(variable);
  return secrets;
}

}  // namespace topicloop::cli
