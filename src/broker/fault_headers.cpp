// SPDX-License-Identifier: Apache-2.0
#include "broker/fault_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace topicloop::broker {

namespace {

// Calls of caches, which the SDKs' middleware may name too; there are none of them here.
constexpr std::string_view k_cache_calls =
    "get get-with-hash set delete increment set-if set-if-hash get-batch set-batch keys-exist "
    "update-ttl item-get-ttl item-get-type dictionary-get dictionary-fetch dictionary-set "
    "dictionary-increment dictionary-delete dictionary-length set-fetch set-sample set-union "
    "set-difference set-contains set-length set-pop list-push-front list-push-back list-pop-front "
    "list-pop-back list-remove list-fetch list-length list-concatenate-front "
    "list-concatenate-back list-retain sorted-set-put sorted-set-fetch sorted-set-get-score "
    "sorted-set-remove sorted-set-increment sorted-set-get-rank sorted-set-length "
    "sorted-set-length-by-score";

// Takes the next name off the list; empty if there is none left.
std::string_view next_name(std::string_view& names) {
  constexpr std::string_view k_separators = " ,\t";
  names.remove_prefix(std::min(names.find_first_not_of(k_separators), names.size()));
  const std::string_view name = names.substr(0, names.find_first_of(k_separators));
  names.remove_prefix(name.size());
  return name;
}

bool lists(std::string_view names, std::string_view wanted) {
  for (auto name = next_name(names); !name.empty(); name = next_name(names)) {
    if (name == wanted) return true;
  }
  return false;
}

Result<void> check_names(std::string_view header, std::string_view names) {
  for (auto name = next_name(names); !name.empty(); name = next_name(names)) {
    if (name == name_of(FaultTarget::TopicPublish) ||
        name == name_of(FaultTarget::TopicSubscribe) || lists(k_cache_calls, name)) {
      continue;
    }
    return Error{
        ErrorKind::InvalidArgument,
        fmt::format("the header {} names \"{}\": expected {}, {} or a cache's call", header, name,
                    name_of(FaultTarget::TopicPublish), name_of(FaultTarget::TopicSubscribe)),
        ""};
  }
  return {};
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
  for (const auto& [header, names] :
       {std::pair{"error-rpcs", headers.error_rpcs}, std::pair{"delay-rpcs", headers.delay_rpcs},
        std::pair{"stream-error-rpcs", headers.stream_error_rpcs}}) {
    if (auto known = check_names(header, names); !known) return std::move(known).error();
  }
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
