// SPDX-License-Identifier: Apache-2.0
#include "broker/fault_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace topicloop::broker {

namespace {

bool lists(std::string_view names, std::string_view wanted) {
  constexpr std::string_view k_separators = " ,\t";
  while (!names.empty()) {
    const std::size_t end = std::min(names.find_first_of(k_separators), names.size());
    if (names.substr(0, end) == wanted) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

Result<std::optional<std::uint64_t>> read_number(std::string_view header, std::string_view text) {
  if (text.empty()) return std::optional<std::uint64_t>();
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure == std::errc() && end == text.data() + text.size()) return std::optional(number);
  return Error{ErrorKind::InvalidArgument,
               fmt::format("the header {} is \"{}\": expected a whole number", header, text), ""};
}

Result<std::optional<int>> read_status(std::string_view header, std::string_view text) {
  if (text.empty()) return std::optional<int>();
  if (const auto code = status_code(text)) return code;
  return Error{
      ErrorKind::InvalidArgument,
      fmt::format("the header {} is \"{}\": expected one of {}", header, text, status_names()), ""};
}

// Puts what `read` gives into `out`, or its error into `failed` unless there is one already.
template <typename T>
void take(Result<T> read, T& out, std::optional<Error>& failed) {
  if (read) {
    out = *std::move(read);
  } else if (!failed) {
    failed = std::move(read).error();
  }
}

}  // namespace

Result<FaultRule> requested_faults(const FaultHeaders& headers, FaultTarget target) {
  FaultRule rule;
  std::optional<Error> failed;
  const std::string_view name = name_of(target);
  if (lists(headers.error_rpcs, name)) {
    take(read_status("return-error", headers.return_error), rule.error, failed);
    take(read_number("error-count", headers.error_count), rule.error_count, failed);
  }
  if (lists(headers.delay_rpcs, name)) {
    std::optional<std::uint64_t> milliseconds;
    take(read_number("delay-ms", headers.delay_ms), milliseconds, failed);
    take(read_number("delay-count", headers.delay_count), rule.delay_count, failed);
    const std::chrono::milliseconds longest = k_longest_delay;
    rule.delay = std::chrono::milliseconds(std::min<std::uint64_t>(
        milliseconds.value_or(0), static_cast<std::uint64_t>(longest.count())));
  }
  if (target == FaultTarget::TopicSubscribe && lists(headers.stream_error_rpcs, name)) {
    std::optional<std::uint64_t> after;
    take(read_status("stream-error", headers.stream_error), rule.stream_error, failed);
    take(read_number("stream-error-message-limit", headers.stream_error_message_limit), after,
         failed);
    rule.stream_error_after = after.value_or(0);
  }
  if (failed) return *std::move(failed);
  return rule;
}

}  // namespace topicloop::broker
