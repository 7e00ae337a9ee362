// SPDX-License-Identifier: Apache-2.0
#include "webhook/verification.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace topicloop::webhook {

namespace {

constexpr std::size_t k_signature_size = 64;

}  // namespace

void Verifier::set_secrets(const std::vector<std::string>& secrets) {
  auto signers = std::make_shared<std::vector<Signer>>();
  for (const std::string& secret : secrets) {
    if (!secret.empty()) signers->emplace_back(secret);
  }
  const std::lock_guard lock(mutex_);
  signers_ = std::move(signers);
}

std::optional<Refusal> Verifier::check(std::optional<std::string_view> signature,
                                       std::string_view body) const {
  if (!signature) return Refusal{401, "the request is not signed"};
  if (!is_signature(*signature)) return Refusal{403, "the signature is malformed"};
  std::shared_ptr<const std::vector<Signer>> signers;
  {
    const std::lock_guard lock(mutex_);
    signers = signers_;
  }
  if (!signers || signers->empty()) return Refusal{503, "no secret to check signatures with"};
  const bool genuine = std::any_of(signers->begin(), signers->end(), [&](const Signer& signer) {
    return signature_matches(signer.sign(body), *signature);
  });
  if (!genuine) return Refusal{403, "the signature does not match"};
  return std::nullopt;
}

bool is_signature(std::string_view text) {
  return text.size() == k_signature_size &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<Refusal> check_freshness(const model::WebhookEvent& event, SystemTime now,
                                       std::chrono::milliseconds max_age) {
  if (max_age.count() <= 0) return std::nullopt;
  const std::int64_t now_ms = to_epoch_ms(now);
  if (event.publish_timestamp < now_ms - max_age.count()) {
    return Refusal{403, fmt::format("the event is older than {} ms", max_age.count())};
  }
  if (event.publish_timestamp > now_ms + max_age.count()) {
    return Refusal{
        403, fmt::format("the event is more than {} ms ahead of this clock", max_age.count())};
  }
  return std::nullopt;
}

}  // namespace topicloop::webhook
