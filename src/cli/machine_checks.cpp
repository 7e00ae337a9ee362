// SPDX-License-Identifier: Apache-2.0
#include "cli/machine_checks.hpp"

#include "base/shown_url.hpp"
#include "broker/listen_check.hpp"
#include "cli/duration.hpp"
#include "webhook/http_get.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

namespace topicloop::cli {

namespace {

namespace fs = std::filesystem;

// More than a Date in whole seconds and a slow answer explain; less than what lets webhooks be
// refused as too old.
constexpr std::chrono::seconds k_tolerated{10};

// The sockets that listen on the port, as the kernel names them: "socket:[12345]".
std::set<std::string> listeners_on(std::uint16_t port) {
  constexpr const char* k_listening = "0A";
  const std::string ending = fmt::format(":{:04X}", port);
  std::set<std::string> sockets;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::array<std::string, 10> word;
      for (auto& each : word)
        words >> each;
      if (word[1].ends_with(ending) && word[3] == k_listening) {
        sockets.insert(fmt::format("socket:[{}]", word[9]));
      }
    }
  }
  return sockets;
}

bool has_open(const fs::path& process, const std::set<std::string>& sockets) {
  std::error_code error;
  for (fs::directory_iterator file(process / "fd", error), end; !error && file != end;
       file.increment(error)) {
    std::error_code ignored;
    if (sockets.contains(fs::read_symlink(file->path(), ignored).string())) return true;
  }
  return false;
}

// "name (process 123)"; nothing if it is another user's.
std::optional<std::string> owner_of(std::uint16_t port) {
  const auto sockets = listeners_on(port);
  std::error_code error;
  for (fs::directory_iterator process("/proc", error), end; !error && process != end;
       process.increment(error)) {
    const std::string id = process->path().filename();
    if (id.find_first_not_of("0123456789") != std::string::npos) continue;
    if (!has_open(process->path(), sockets)) continue;
    std::string name;
    std::getline(std::ifstream(process->path() / "comm"), name);
    return fmt::format("{} (process {})", name, id);
  }
  return std::nullopt;
}

}  // namespace

Check check_clock(const std::string& url, const std::string& ca_file, SystemTime now) {
  const std::string name = "clock";
  if (url.empty()) {
    return {name, CheckStatus::Skipped, "only a service elsewhere has another, and tells it"};
  }
  const auto before = std::chrono::steady_clock::now();
  const auto answer = webhook::http_get({.url = url, .ca_file = ca_file});
  if (!answer || !answer->date) {
    return {name, CheckStatus::Skipped,
            answer ? fmt::format("{} does not say what time it is", url) : answer.error().message};
  }
  const auto asked = now + (std::chrono::steady_clock::now() - before);
  const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(asked - *answer->date);
  if (std::chrono::abs(ahead) <= k_tolerated) {
    return {name, CheckStatus::Ok, fmt::format("agrees with that of {}", url)};
  }
  return {
      name, CheckStatus::Warning,
      fmt::format("this machine's is {} {} that of {}", format_duration(std::chrono::abs(ahead)),
                  ahead.count() > 0 ? "ahead of" : "behind", url),
      "set it: keys expire and webhooks are too old by the clock"};
}

Check check_port(std::uint16_t port) {
  const std::string name = fmt::format("port {}", port);
  const auto free = broker::check_listen({.host = "127.0.0.1", .port = port, .unix_path = ""});
  if (free) return {name, CheckStatus::Ok, "free"};
  const auto owner = owner_of(port);
  if (owner && owner->starts_with("topicloop")) {
    return {name, CheckStatus::Ok, "used by " + *owner};
  }
  return {name, CheckStatus::Warning, owner ? "used by " + *owner : free.error().message,
          "to serve there, end that, or choose another with --listen or --http"};
}

Check check_ngrok(const std::string& origin) {
  const std::string name = "ngrok";
  const std::string shown = without_credentials(origin);
  const auto answer = webhook::http_get({.url = origin + "/api/tunnels"});
  if (!answer) {
    return {name, CheckStatus::Ok, fmt::format("no agent at {}; none is needed locally", shown)};
  }
  const auto json = nlohmann::json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || !json.is_object() || !json.contains("tunnels") ||
      !json["tunnels"].is_array()) {
    return {name, CheckStatus::Warning, fmt::format("what is at {} is no ngrok agent", shown),
            "have the agent use another address, or end the program that is there"};
  }
  std::vector<std::string> tunnels;
  for (const auto& tunnel : json["tunnels"]) {
    if (!tunnel.is_object() || !tunnel.contains("public_url")) continue;
    const auto config = tunnel.value("config", nlohmann::json::object());
    const auto& url = tunnel["public_url"];
    if (!url.is_string() || !config.is_object()) continue;
    const auto address = config.value("addr", nlohmann::json());
    tunnels.push_back(
        fmt::format("{} -> {}", without_credentials(url.get<std::string>()),
                    address.is_string() ? without_credentials(address.get<std::string>()) : "?"));
  }
  if (tunnels.empty()) {
    return {name, CheckStatus::Warning, fmt::format("the agent at {} has no tunnel", shown),
            "start one: ngrok http 9000"};
  }
  return {name, CheckStatus::Ok, fmt::format("{}", fmt::join(tunnels, ", "))};
}

}  // namespace topicloop::cli
