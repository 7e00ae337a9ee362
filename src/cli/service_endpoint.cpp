// SPDX-License-Identifier: Apache-2.0
#include "cli/service_endpoint.hpp"

#include "base/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

namespace topicloop::cli {

namespace {

constexpr std::uint16_t k_https = 443;
constexpr std::string_view k_expected =
    "expected HOST or HOST:PORT, such as cell-4-us-west-2-1.prod.a.momentohq.com";

Error not_an_endpoint(std::string_view text, std::string_view why) {
  return {ErrorKind::Usage, fmt::format("\"{}\" is not an endpoint: {}", text, why), ""};
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == ':';  // A colon is IPv6's: brackets are gone by now.
}

bool is_ip_address(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::string_view without_scheme_and_slash(std::string_view text) {
  constexpr std::string_view k_scheme = "https://";
  if (text.starts_with(k_scheme)) text.remove_prefix(k_scheme.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

std::string without_prefix(std::string host) {
  for (const std::string_view prefix : {"api.cache.", "cache.", "control.", "token."}) {
    if (host.starts_with(prefix) && host.size() > prefix.size()) return host.substr(prefix.size());
  }
  return host;
}

Address address_of(const ServiceEndpoint& endpoint) {
  return {.host = endpoint.host, .port = endpoint.port, .unix_path = ""};
}

}  // namespace

Result<ServiceEndpoint> parse_service_endpoint(std::string_view text) {
  if (text.starts_with("http://"))
    return not_an_endpoint(text, "expected HOST or HOST:PORT without http://");
  const std::string_view rest = without_scheme_and_slash(text);
  if (rest.find("://") != std::string_view::npos || rest.find('/') != std::string_view::npos) {
    return not_an_endpoint(text, fmt::format("it is a URL; {}", k_expected));
  }
  const auto address = parse_address(rest, k_https);
  if (!address || address->is_unix() || address->port == 0 || rest.starts_with(':') ||
      !std::all_of(address->host.begin(), address->host.end(), is_host_character)) {
    return not_an_endpoint(text, k_expected);
  }
  return ServiceEndpoint{without_prefix(address->host), address->port};
}

bool is_on_this_machine(const ServiceEndpoint& endpoint) {
  return address_of(endpoint).is_loopback();
}

Hosts hosts_of(const ServiceEndpoint& endpoint, bool tls) {
  if (!tls || is_ip_address(endpoint.host)) {
    const std::string all = address_of(endpoint).to_string();
    return {all, all, all};
  }
  const auto below = [&](std::string_view prefix) {
    return fmt::format("{}.{}:{}", prefix, endpoint.host, endpoint.port);
  };
  return {below("cache"), below("control"), below("token")};
}

}  // namespace topicloop::cli
