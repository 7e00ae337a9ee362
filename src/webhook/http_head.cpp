// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_head.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace topicloop::webhook {

namespace {

constexpr std::string_view k_token_marks = "!#$%&'*+-.^_`|~";

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || k_token_marks.find(c) != std::string_view::npos;
  });
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// Not only ASCII: people type umlauts into URLs, and nothing is ambiguous about them.
bool is_target(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return is_control(c) || c == ' ' || c == '#';
  });
}

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) && c != '\t'; });
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// Where host and port are in a target that has them.
struct Authority {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Authority authority_of(std::string_view target) {
  if (target.starts_with('/') || target == "*") return {};
  const std::size_t scheme = target.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  return {begin, std::min(target.find_first_of("/?", begin), target.size())};
}

std::string without_user(std::string_view target) {
  const Authority authority = authority_of(target);
  const std::size_t at = target.substr(0, authority.end).rfind('@');
  std::string kept(target);
  if (at != std::string_view::npos && at >= authority.begin) {
    kept.erase(authority.begin, at + 1 - authority.begin);
  }
  return kept;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// What is not well encoded stays as it is: it is then the path of nothing.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool encoded = text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 &&
                         digit_of(text[i + 2]) >= 0;
    decoded +=
        encoded ? static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2])) : text[i];
    if (encoded) i += 2;
  }
  return decoded;
}

}  // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::vector<std::string> HttpHead::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [its_name, value] : headers)
    if (equal_ignoring_case(its_name, name)) found.push_back(value);
  return found;
}

bool HttpHead::lists(std::string_view name, std::string_view word) const {
  for (const auto& [its_name, value] : headers) {
    if (!equal_ignoring_case(its_name, name)) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (equal_ignoring_case(without_blanks(rest.substr(0, comma)), word)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

std::string_view HttpHead::path() const {
  std::string_view path = std::string_view(target).substr(authority_of(target).end);
  path = path.substr(0, path.find('?'));
  return path.empty() ? "/" : path;
}

bool HttpHead::is_for(std::string_view wanted) const {
  const std::string_view own = path();
  return own == wanted ||
         (own.find('%') != std::string_view::npos && percent_decoded(own) == wanted);
}

bool HttpHead::keeps_connection() const {
  if (lists("Connection", "close")) return false;
  return version != "HTTP/1.0" || lists("Connection", "keep-alive");
}

std::optional<Line> first_line(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const bool is_bare = end == 0 || bytes[end - 1] != '\r';
  return Line{bytes.substr(0, is_bare ? end : end - 1), end + 1, is_bare};
}

bool HeadParser::advance(std::string_view bytes) {
  // What starts like this is TLS, or no protocol of text at all, and might never end a line.
  if (!bytes.empty() && is_control(bytes.front()) && bytes.front() != '\r') {
    return refuse(400, "not a usable HTTP request");
  }
  for (;;) {
    const auto line = first_line(bytes.substr(size_));
    const std::size_t length = line ? line->size : bytes.size() - size_;
    if (length > k_max_line) {
      return head_.method.empty() ? refuse(414, "the request line is too long")
                                  : refuse(431, "a header is too long");
    }
    if (size_ + length > k_max_head) return refuse(431, "the headers are too long");
    if (!line) return false;
    size_ += line->size;
    if (line->is_bare) return refuse(400, "a line does not end with CR LF");
    if (!add(line->text)) return true;
  }
}

// False when there is nothing more to take, for good or bad.
bool HeadParser::add(std::string_view line) {
  // Some senders end a body with a line more than they should.
  if (head_.method.empty()) return line.empty() || add_request_line(line);
  return line.empty() ? finish() : add_header(line);
}

bool HeadParser::add_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  const bool has_parts = first != std::string_view::npos && first != last;
  const std::string_view method = line.substr(0, first);
  const std::string_view target = has_parts ? line.substr(first + 1, last - first - 1) : "";
  const std::string_view version = has_parts ? line.substr(last + 1) : "";
  const bool is_http = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.';
  if (!is_token(method) || !is_target(target) || !is_http) {
    return !refuse(400, "not a usable HTTP request");
  }
  head_.method = method;
  head_.target = without_user(target);
  head_.version = version;
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return true;
  return !refuse(505, "only HTTP/1.1 is spoken here");
}

bool HeadParser::add_header(std::string_view line) {
  if (head_.headers.size() == k_max_headers) return !refuse(431, "there are too many headers");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return !refuse(400, "a header is malformed");
  }
  const std::string_view value = without_blanks(line.substr(colon + 1));
  if (!is_value(value)) return !refuse(400, "a header is malformed");
  head_.headers.emplace_back(line.substr(0, colon), value);
  return true;
}

bool HeadParser::finish() {
  const std::size_t hosts = head_.values("Host").size();
  if (hosts > 1 || (hosts == 0 && head_.version == "HTTP/1.1")) {
    return !refuse(400, "there must be one Host header");
  }
  if (head_.version == "HTTP/1.0" && !head_.values("Transfer-Encoding").empty()) {
    return !refuse(400, "a body in chunks needs HTTP/1.1");
  }
  for (const auto& expected : head_.values("Expect")) {
    if (!equal_ignoring_case(expected, "100-continue")) {
      return !refuse(417, "only 100-continue can be expected");
    }
  }
  return false;
}

// True, as what advance() returns.
bool HeadParser::refuse(int status, const char* reason) {
  refusal_ = Refusal{status, reason};
  return true;
}

}  // namespace topicloop::webhook
