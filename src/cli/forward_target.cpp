// SPDX-License-Identifier: Apache-2.0
#include "cli/forward_target.hpp"

#include "base/shown_url.hpp"
#include "webhook/lambda.hpp"

#include <utility>

namespace topicloop::cli {

namespace {

constexpr int k_failures_to_tell = 3;

}  // namespace

std::string ForwardTarget::name() const {
  return without_credentials(url);
}

webhook::SignedRequest ForwardTarget::request(const webhook::HeldMessage& held, SystemTime fired_at,
                                              const webhook::Signer& signer) const {
  const model::Webhook target{{held.message.cache, ""}, held.message.topic, url};
  auto request = webhook::make_request(target, held.message, held.received_at, fired_at, signer);
  return is_lambda ? webhook::to_invocation(request, url, fired_at) : request;
}

void ForwardTarget::adapt(webhook::Delivery& delivery) const {
  if (!is_lambda) return;
  delivery.keep_body = webhook::k_largest_lambda_answer;
  delivery.judge = [timeout = delivery.timeout](webhook::DeliveryOutcome& outcome) {
    webhook::judge_invocation(outcome, timeout);
    outcome.body.clear();  // Nobody needs it any more, and there may be many outcomes.
  };
}

std::optional<TargetHealth::Change> TargetHealth::take(const webhook::DeliveryOutcome& outcome) {
  if (outcome.delivered()) {
    failures_in_a_row_ = 0;
    has_done_well_ = true;
    if (std::exchange(is_failing_, false)) return Change::DoesWell;
    return std::nullopt;
  }
  // Any other answer is about the message, not about the endpoint.
  if (!webhook::may_pass(outcome.status) || is_failing_) return std::nullopt;
  ++failures_in_a_row_;
  if (has_done_well_ && failures_in_a_row_ < k_failures_to_tell) return std::nullopt;
  is_failing_ = true;
  return Change::Fails;
}

}  // namespace topicloop::cli
