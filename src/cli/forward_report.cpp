// SPDX-License-Identifier: Apache-2.0
#include "cli/forward_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace topicloop::cli {

namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const auto& name : names)
    quoted.push_back(fmt::format("\"{}\"", name));
  return fmt::format("{}", fmt::join(quoted, ", "));
}

std::string reason_of(const webhook::DeliveryOutcome& outcome) {
  if (outcome.status == 0) return printable(outcome.error);
  const bool is_redirect = outcome.status >= 300 && outcome.status < 400;
  const std::string error = is_redirect && outcome.error.empty() ? "redirects are not followed"
                                                                 : printable(outcome.error);
  return fmt::format("status {}{}{}", outcome.status, error.empty() ? "" : ", ", error);
}

}  // namespace

ForwardReport::ForwardReport(Renderer& renderer, const std::vector<ForwardTarget>& endpoints)
    : renderer_(renderer), endpoints_(endpoints), health_(endpoints.size()) {}

std::string ForwardReport::name_of(std::size_t endpoint) const {
  return printable(endpoints_[endpoint].name());
}

void ForwardReport::ready(const std::vector<std::string>& topics) {
  std::vector<std::string> urls;
  for (const auto& endpoint : endpoints_)
    urls.push_back(endpoint.name());
  const std::string where = fmt::format("{}", fmt::join(urls, ", "));
  renderer_.ready("forwarding", fmt::format("{} to {}", quoted_list(topics), where), "",
                  {{"where", where}, {"topics", topics}});
}

void ForwardReport::health(std::size_t endpoint, const webhook::DeliveryOutcome& outcome) {
  const auto change = health_[endpoint].take(outcome);
  if (!change) return;
  if (*change == TargetHealth::Change::Fails) {
    renderer_.warning(fmt::format("{} fails: {}", name_of(endpoint), reason_of(outcome)));
  } else {
    renderer_.warning(fmt::format("{} does well again", name_of(endpoint)));
  }
}

void ForwardReport::given_up(const model::Message& message, std::size_t endpoint,
                             const webhook::DeliveryOutcome& outcome, bool is_dead_letter) {
  renderer_.warning(fmt::format("\"{}\" #{} was not delivered to {} after {} {}: {}{}",
                                printable(message.topic), message.sequence_number,
                                name_of(endpoint), outcome.attempt,
                                outcome.attempt == 1 ? "attempt" : "attempts", reason_of(outcome),
                                is_dead_letter ? "; it is a dead letter now" : ""));
}

void ForwardReport::summary(const ForwardCounts& counts, std::size_t open) {
  std::string text =
      fmt::format("forwarded: {} delivered, {} dead-lettered, {} failed, {} retried",
                  counts.delivered, counts.dead_lettered, counts.failed, counts.retries);
  if (counts.gaps > 0) text += fmt::format("; gaps: {}", counts.gaps);
  if (open > 0)
    text += fmt::format("; not yet delivered: {} of {} received", open, counts.received);
  renderer_.summary(text, {{"received", counts.received},
                           {"delivered", counts.delivered},
                           {"dead_lettered", counts.dead_lettered},
                           {"failed", counts.failed},
                           {"retries", counts.retries},
                           {"gaps", counts.gaps},
                           {"open", open}});
}

Error deliveries_failed(const ForwardCounts& counts) {
  return {
      ErrorKind::CheckFailed,
      fmt::format("{} {} failed", counts.failed, counts.failed == 1 ? "delivery" : "deliveries"),
      "--dead-letter FILE keeps what cannot be delivered"};
}

}  // namespace topicloop::cli
