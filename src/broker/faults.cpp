// SPDX-License-Identifier: Apache-2.0
#include "broker/faults.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::broker {

namespace {

constexpr std::size_t k_sessions = 10'000;
// Of a request id; more only fills the memory.
constexpr std::size_t k_longest_id = 128;

// Takes one of what `count` allows.
bool use(const std::optional<std::uint64_t>& count, std::uint64_t& used) {
  if (count && used >= *count) return false;
  ++used;
  return true;
}

InjectedError injected(FaultTarget target, int status) {
  if (target == FaultTarget::Webhook) return {status, "injected, the endpoint was not called"};
  return {status,
          fmt::format("injected fault: {} fails as {}", name_of(target), status_name(status))};
}

}  // namespace

Faults::Faults(const std::vector<Fault>& own) {
  for (const Fault& fault : own)
    own_.push_back({fault, {}});
}

Result<CallFaults> Faults::plan(FaultTarget target, const FaultHeaders& headers) {
  CallFaults faults;
  auto rule = requested_faults(headers, target);
  if (!rule) return std::move(rule).error();
  if (*rule != FaultRule{}) {
    const bool counts = rule->error_count || rule->delay_count;
    Uses uncounted;
    apply(*rule, target, counts ? uses_of(headers.request_id, target) : uncounted, faults);
  }
  for (auto& [fault, uses] : own_) {
    if (fault.target == target) apply(fault.rule, target, uses, faults);
  }
  return faults;
}

CallFaults Faults::plan(FaultTarget target) {
  return *plan(target, {});  // Without headers there is nothing to refuse.
}

// What an earlier rule has decided stays, and does not use up this one.
void Faults::apply(const FaultRule& rule, FaultTarget target, Uses& uses, CallFaults& faults) {
  if (rule.delay.count() > 0 && faults.delay.count() == 0 && use(rule.delay_count, uses.delays)) {
    faults.delay = rule.delay;
  }
  if (rule.error && !faults.error && use(rule.error_count, uses.errors)) {
    faults.error = injected(target, *rule.error);
  }
  if (rule.stream_error && !faults.stream_error) {
    faults.stream_error = {injected(target, *rule.stream_error), rule.stream_error_after};
  }
}

Faults::Uses& Faults::uses_of(std::string_view request_id, FaultTarget target) {
  const std::string key = fmt::format("{} {}", name_of(target), request_id.substr(0, k_longest_id));
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    sessions_.splice(sessions_.begin(), sessions_, found->second);
    return found->second->uses;
  }
  if (sessions_.size() >= k_sessions) {
    by_key_.erase(sessions_.back().key);
    sessions_.pop_back();
  }
  sessions_.push_front({key, {}});
  by_key_.emplace(sessions_.front().key, sessions_.begin());
  return sessions_.front().uses;
}

}  // namespace topicloop::broker
