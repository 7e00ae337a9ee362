// SPDX-License-Identifier: Apache-2.0
#include "capture/timestamp.hpp"

#include <charconv>

namespace topicloop::capture {

namespace {

constexpr std::size_t k_max_decimals = 9;

// Takes `digits` decimal digits and then `after` (0: nothing) off the front of `text`.
std::optional<int> take(std::string_view& text, std::size_t digits, char after) {
  const std::size_t size = digits + (after == 0 ? 0 : 1);
  if (text.size() < size || (after != 0 && text[digits] != after)) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(size);
  return number;
}

// ".123456" off the front, if it is there.
std::optional<std::chrono::nanoseconds> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return std::chrono::nanoseconds(0);
  text.remove_prefix(1);
  std::int64_t nanoseconds = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits < k_max_decimals) nanoseconds = nanoseconds * 10 + (text[digits] - '0');
  }
  if (digits == 0) return std::nullopt;
  for (std::size_t i = digits; i < k_max_decimals; ++i)
    nanoseconds *= 10;
  text.remove_prefix(digits);
  return std::chrono::nanoseconds(nanoseconds);
}

// "Z" or "+02:00", which must be all there is.
std::optional<std::chrono::minutes> take_offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take(text, 2, ':');
  const auto minutes = take(text, 2, 0);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::minutes(sign * (*hours * 60 + *minutes));
}

}  // namespace

std::optional<SystemTime> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  if (text.size() < 11 || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  const char separator = text[10];
  const auto year_number = take(text, 4, '-');
  const auto month_number = take(text, 2, '-');
  const auto day_number = take(text, 2, separator);
  const auto hour = take(text, 2, ':');
  const auto minute = take(text, 2, ':');
  const auto second = take(text, 2, 0);
  if (!year_number || !month_number || !day_number || !hour || !minute || !second) return {};
  const auto fraction = take_fraction(text);
  const auto offset = take_offset(text);
  const year_month_day date(year{*year_number}, month{static_cast<unsigned>(*month_number)},
                            day{static_cast<unsigned>(*day_number)});
  // Second 60 is a leap second, which the clock does not have: the one after it.
  if (!fraction || !offset || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return {};
  if (*year_number < 1700 || *year_number > 2200) return std::nullopt;
  return sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second) + *fraction - *offset;
}

}  // namespace topicloop::capture
