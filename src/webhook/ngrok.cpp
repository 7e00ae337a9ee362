// SPDX-License-Identifier: Apache-2.0
#include "webhook/ngrok.hpp"

#include "base/shown_url.hpp"
#include "webhook/http_get.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>

namespace topicloop::webhook {

namespace {

// Of "http://localhost:9000", "localhost:9000" or "9000". 0: it names none.
int port_of(std::string_view address) {
  while (address.ends_with('/'))
    address.remove_suffix(1);
  const std::size_t colon = address.rfind(':');
  if (colon != std::string_view::npos) address.remove_prefix(colon + 1);
  int port = 0;
  const char* const end = address.data() + address.size();
  const auto [rest, failure] = std::from_chars(address.data(), end, port);
  return failure == std::errc() && rest == end ? port : 0;
}

std::string text_at(const nlohmann::json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

}  // namespace

Result<std::optional<std::string>> tunnel_to_port(std::string_view tunnels, int port) {
  const auto json = nlohmann::json::parse(tunnels, nullptr, false);
  if (!json.is_object() || !json.contains("tunnels") || !json["tunnels"].is_array()) {
    return Error{ErrorKind::BadInput, "what answers is not an ngrok agent", ""};
  }
  for (const auto& tunnel : json["tunnels"]) {
    if (!tunnel.is_object() || !tunnel.contains("config") || !tunnel["config"].is_object())
      continue;
    std::string url = text_at(tunnel, "public_url");
    while (url.ends_with('/'))
      url.pop_back();
    const bool ours = port_of(text_at(tunnel["config"], "addr")) == port;
    if (ours && url.starts_with("https://")) return std::optional<std::string>(std::move(url));
  }
  return std::optional<std::string>();
}

Result<std::optional<std::string>> find_ngrok_tunnel(const std::string& api, int port) {
  const auto answer = http_get({.url = api + "/api/tunnels"});
  if (!answer) {
    return Error{ErrorKind::Unavailable,
                 fmt::format("no ngrok agent answers at {}", without_credentials(api)), ""};
  }
  auto found = tunnel_to_port(answer->status == 200 ? answer->body : "", port);
  if (!found) found.error().message += " at " + without_credentials(api);
  return found;
}

}  // namespace topicloop::webhook
