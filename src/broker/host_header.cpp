// SPDX-License-Identifier: Apache-2.0
#include "broker/host_header.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace topicloop::broker {

namespace {

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lowered;
}

}  // namespace

bool is_local_host(std::string_view header, std::string_view listening_host) {
  if (header.starts_with('[')) return true;  // An IPv6 address.
  const std::string host = lower(header.substr(0, header.find(':')));
  if (host.find('.') == std::string::npos || host.ends_with(".localhost")) return true;
  in_addr address{};
  return host == lower(listening_host) || ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

}  // namespace topicloop::broker
