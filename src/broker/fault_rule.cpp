// SPDX-License-Identifier: Apache-2.0
#include "broker/fault_rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <utility>

namespace topicloop::broker {

namespace {

// By code, from 1.
constexpr std::string_view k_names[] = {
    "cancelled",      "unknown",           "invalid-argument",   "deadline-exceeded",   "not-found",
    "already-exists", "permission-denied", "resource-exhausted", "failed-precondition", "aborted",
    "out-of-range",   "unimplemented",     "internal",           "unavailable",         "data-loss",
    "unauthenticated"};

// What the SDKs' error codes are called where that differs, squeezed.
constexpr std::pair<std::string_view, int> k_sdk_names[] = {{"canceled", 1},
                                                            {"unknownservice", 2},
                                                            {"badrequest", 3},
                                                            {"timeout", 4},
                                                            {"cachenotfound", 5},
                                                            {"storenotfound", 5},
                                                            {"itemnotfound", 5},
                                                            {"storeitemnotfound", 5},
                                                            {"cachealreadyexists", 6},
                                                            {"storealreadyexists", 6},
                                                            {"permission", 7},
                                                            {"limitexceeded", 8},
                                                            {"clientresourceexhausted", 8},
                                                            {"internalserver", 13},
                                                            {"serverunavailable", 14},
                                                            {"connection", 14},
                                                            {"authentication", 16}};

// Only the letters and digits of a name, in lower case: one form for kebab-case, SNAKE_CASE and
// CamelCase.
std::string squeezed(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

}  // namespace

std::string_view name_of(FaultTarget target) {
  switch (target) {
    case FaultTarget::TopicPublish:
      return "topic-publish";
    case FaultTarget::TopicSubscribe:
      return "topic-subscribe";
    case FaultTarget::Webhook:
      break;
  }
  return "webhook";
}

std::optional<int> status_code(std::string_view name) {
  // An enum may come with its type: MomentoErrorCode.SERVER_UNAVAILABLE, Code::Unavailable.
  if (const auto qualifier = name.find_last_of(".:"); qualifier != std::string_view::npos)
    name.remove_prefix(qualifier + 1);
  std::string wanted = squeezed(name);
  if (constexpr std::string_view k_suffix = "error"; wanted.ends_with(k_suffix))
    wanted.resize(wanted.size() - k_suffix.size());
  for (int code = 1; code <= static_cast<int>(std::size(k_names)); ++code) {
    if (wanted == squeezed(status_name(code)) || wanted == std::to_string(code)) return code;
  }
  for (const auto& [sdk_name, code] : k_sdk_names) {
    if (wanted == sdk_name) return code;
  }
  return std::nullopt;
}

std::string_view status_name(int code) {
  return k_names[code - 1];
}

std::string status_names() {
  return fmt::format("{}", fmt::join(k_names, ", "));
}

}  // namespace topicloop::broker
