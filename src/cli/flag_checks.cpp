// SPDX-License-Identifier: Apache-2.0
#include "cli/flag_checks.hpp"

#include "base/address.hpp"
#include "base/text.hpp"
#include "cli/duration.hpp"
#include "cli/service_endpoint.hpp"
#include "webhook/request.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace topicloop::cli {

namespace {

template <typename T>
std::string reason(const Result<T>& parsed) {
  return parsed ? "" : parsed.error().message;
}

}  // namespace

std::string check_count(const std::string& text) {
  std::uint64_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure == std::errc() && end == text.data() + text.size() && count > 0) return "";
  return fmt::format("\"{}\" is not a count: expected a whole number from 1", text);
}

std::function<std::string(const std::string&)> check_between(std::int64_t least,
                                                             std::int64_t most) {
  return [least, most](const std::string& text) -> std::string {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number =
        end == text.data() + text.size() && failure != std::errc::invalid_argument;
    if (!is_number) {
      return fmt::format("must be a whole number between {} and {}, not \"{}\"", least, most, text);
    }
    if (failure == std::errc() && number >= least && number <= most) return "";
    return fmt::format("must be between {} and {}, not {}", least, most, text);
  };
}

std::string check_rate(const std::string& text) {
  constexpr double k_lowest = 0.001;
  constexpr double k_highest = 1'000'000;
  double rate = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const bool is_number = failure == std::errc() && end == text.data() + text.size();
  // Not so of what is not a number, which "nan" stands for.
  if (is_number && rate >= k_lowest && rate <= k_highest) return "";
  return fmt::format("\"{}\" is not a number from 0.001 to 1000000", text);
}

std::string check_duration(const std::string& text) {
  return reason(parse_duration(text));
}

std::string check_interval(const std::string& text) {
  const auto duration = parse_duration(text);
  if (duration && duration->count() == 0) return "must be longer than 0";
  return reason(duration);
}

std::string check_utf8(const std::string& text) {
  const auto offset = find_invalid_utf8(text);
  if (!offset) return "";
  return fmt::format("not UTF-8 text: byte {} is 0x{:02x}", *offset,
                     static_cast<unsigned char>(text[*offset]));
}

std::string check_name(const std::string& text) {
  return is_blank(text) ? "a name must not be empty" : check_utf8(text);
}

std::string check_url(const std::string& text) {
  return reason(webhook::check_url(text));
}

std::string check_path(const std::string& text) {
  return text.starts_with('/') ? "" : fmt::format("\"{}\" does not start with a slash", text);
}

std::string check_listen_address(const std::string& text) {
  return reason(parse_address(text));
}

std::string check_endpoint(const std::string& text) {
  return reason(parse_service_endpoint(text));
}

// The flag's value may be left out, so what follows it is taken for one. Without a port it is
// rather the next argument.
std::string check_service_address(const std::string& text) {
  const auto address = parse_address(text);
  if (address && !address->is_unix() && address->port == 0) {
    return fmt::format("\"{}\" has no port to connect to", text);
  }
  return reason(address);
}

}  // namespace topicloop::cli
