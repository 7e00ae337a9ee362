// SPDX-License-Identifier: Apache-2.0
#include "cli/duration.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr std::pair<std::string_view, double> k_units[] = {
    {"", 1'000}, {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr double k_longest_ms = 1'000.0 * 3'600'000;

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const Error bad{
      ErrorKind::Usage,
      fmt::format("\"{}\" is not a duration: expected a number and ms, s, m or h", text), ""};
  const std::size_t digits = text.find_first_not_of("0123456789.");
  const std::string number(text.substr(0, digits));
  const std::string_view unit =
      digits == std::string_view::npos ? std::string_view() : text.substr(digits);
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  if (number.empty() || *end != '\0') return bad;
  for (const auto& [name, milliseconds] : k_units) {
    if (unit != name) continue;
    if (value * milliseconds > k_longest_ms) {
      return Error{ErrorKind::Usage, fmt::format("\"{}\" is too long: at most 1000h", text), ""};
    }
    return std::chrono::milliseconds(std::llround(value * milliseconds));
  }
  return bad;
}

std::string format_duration(std::chrono::microseconds duration) {
  const auto us = static_cast<double>(duration.count());
  if (us < 1'000) return fmt::format("{}us", duration.count());
  // Where one form ends, rounding would already show a digit too many.
  if (us < 9'995) return fmt::format("{:.2f}ms", us / 1'000);
  if (us < 999'500) return fmt::format("{:.0f}ms", us / 1'000);
  return fmt::format("{:.1f}s", us / 1'000'000);
}

}  // namespace topicloop::cli
