// SPDX-License-Identifier: Apache-2.0
#include "base/address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace topicloop {

namespace {

constexpr std::string_view k_unix_prefix = "unix:";

Error bad_address(std::string_view text) {
  return {ErrorKind::Usage,
          fmt::format("\"{}\" is not an address: expected HOST:PORT or unix:PATH", text), ""};
}

}  // namespace

bool Address::is_loopback() const {
  // A name may begin with 127 too.
  const bool is_numeric = host.find_first_not_of("0123456789.") == std::string::npos;
  return is_unix() || host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
         (is_numeric && host.starts_with("127."));
}

std::string Address::to_string() const {
  if (is_unix()) return std::string(k_unix_prefix) + unix_path;
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<Address> parse_address(std::string_view text, int default_port) {
  if (text.starts_with(k_unix_prefix)) {
    std::string path(text.substr(k_unix_prefix.size()));
    if (path.empty()) return bad_address(text);
    return Address{.host = "", .port = 0, .unix_path = std::move(path)};
  }

  std::string_view host = text;
  std::string_view port;
  const std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  const bool has_port = colon != std::string_view::npos &&
                        (bracket == std::string_view::npos || colon == bracket + 1);
  if (has_port) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad_address(text);  // An IPv6 address needs brackets, or its port cannot be told.
  }
  if (host.find_first_of("[]/ \t\r\n") != std::string_view::npos) return bad_address(text);

  int number = default_port;
  if (has_port) {
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (failure != std::errc() || end != port.data() + port.size()) return bad_address(text);
  }
  if (number < 0 || number > 65'535 || (host.empty() && !has_port)) return bad_address(text);
  return Address{.host = host.empty() ? "127.0.0.1" : std::string(host),
                 .port = static_cast<std::uint16_t>(number),
                 .unix_path = ""};
}

}  // namespace topicloop
