// SPDX-License-Identifier: Apache-2.0
#include "capture/url_secrets.hpp"

#include "base/shown_url.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace topicloop::capture {

namespace {

constexpr std::string_view k_replacement = "redacted";

void note(std::vector<std::string>& what, std::string item) {
  if (std::find(what.begin(), what.end(), item) == what.end()) what.push_back(std::move(item));
}

// One parameter, or several between semicolons, which some servers take for ampersands. A value may
// have semicolons itself, so all that follows a secret name goes.
std::string without_secret_values(std::string_view parameter, std::vector<std::string>& what) {
  for (std::size_t begin = 0; begin < parameter.size();) {
    const std::size_t end = std::min(parameter.find(';', begin), parameter.size());
    const std::size_t equals = parameter.find('=', begin);
    if (equals < end) {
      const std::string_view name = parameter.substr(begin, equals - begin);
      if (is_credential_name(name)) {
        note(what, "query:" + std::string(name));
        return std::string(parameter.substr(0, equals + 1)) + std::string(k_replacement);
      }
    }
    begin = end + 1;
  }
  return std::string(parameter);
}

// A port has digits. What has others is not one, but a password with a character that ends a host.
bool ends_in_a_bad_port(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  return colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos &&
         authority.find_first_not_of("0123456789", colon + 1) != std::string_view::npos;
}

// That of the host which begins at `from`.
void drop_userinfo(std::string& url, std::size_t from, std::vector<std::string>& what) {
  const std::size_t end = std::min(url.find_first_of("/?#\\", from), url.size());
  std::size_t at = url.substr(0, end).rfind('@');
  if (at == std::string::npos || at < from) {
    if (!ends_in_a_bad_port(std::string_view(url).substr(from, end - from))) return;
    at = url.rfind('@');
    if (at == std::string::npos || at < from) return;
  }
  url.erase(from, at + 1 - from);
  note(what, "userinfo");
}

void drop_userinfo(std::string& url, std::vector<std::string>& what) {
  constexpr std::string_view k_mark = "//";
  // "user:password@host:443", as CONNECT has it.
  if (!url.starts_with('/')) drop_userinfo(url, 0, what);
  for (std::size_t mark = url.find(k_mark); mark != std::string::npos;
       mark = url.find(k_mark, mark + 1)) {
    // In the middle of a path two slashes are nothing special.
    if (mark == 0 || url[mark - 1] == ':') drop_userinfo(url, mark + k_mark.size(), what);
  }
}

}  // namespace

std::vector<std::string> leave_out_url_secrets(std::string& url) {
  std::vector<std::string> what;
  drop_userinfo(url, what);
  constexpr std::string_view k_separators = "?&#";
  std::size_t begin = std::min(url.find_first_of(k_separators), url.size());
  std::string result = url.substr(0, begin);
  while (begin < url.size()) {
    const std::size_t end = std::min(url.find_first_of(k_separators, begin + 1), url.size());
    result += url[begin];
    result += without_secret_values(std::string_view(url).substr(begin + 1, end - begin - 1), what);
    begin = end;
  }
  url = std::move(result);
  return what;
}

}  // namespace topicloop::capture
