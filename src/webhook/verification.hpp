// SPDX-License-Identifier: Apache-2.0
// Whether a received webhook request is genuine: signed with a known secret, and recent.
//
// Knows nothing of HTTP but its status numbers; the clock is an argument. `Verifier` may be used
// from several threads while the secrets change; `check_freshness` is pure.
#pragma once

#include "base/clock.hpp"
#include "model/webhook.hpp"
#include "webhook/signature.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::webhook {

// Why a request is turned away. The reason is fit for the sender: it repeats nothing received.
struct Refusal {
  int status = 400;  // HTTP status.
  std::string reason;
};

class Verifier {
public:
  // From now on a signature made with any of these counts (several: while a secret is rotated).
  // Empty secrets are left out: everybody knows them.
  void set_secrets(const std::vector<std::string>& secrets);

  // 401 if there is no signature, 403 if it is malformed or made with another secret, 503 if there
  // are no secrets (yet) to check it with. `body` is the raw body, before any parsing.
  std::optional<Refusal> check(std::optional<std::string_view> signature,
                               std::string_view body) const;

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const std::vector<Signer>> signers_;  // The pointer is guarded; never changed.
};

// True for 64 lower-case hexadecimal digits, what a signature looks like.
bool is_signature(std::string_view text);

// 403 if the event was fired more than `max_age` before `now`, or (clocks differ) more than that
// after it. Momento's own receiver uses 60 s. A `max_age` of 0 accepts any time.
std::optional<Refusal> check_freshness(const model::WebhookEvent& event, SystemTime now,
                                       std::chrono::milliseconds max_age);

}  // namespace topicloop::webhook
