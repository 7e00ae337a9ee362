// SPDX-License-Identifier: Apache-2.0
// The signature of a webhook request: lower-case hexadecimal HMAC-SHA3-256 (FIPS 202, block size
// 136) over the raw body, keyed with the secret's bytes as they are, as Momento's webhooks sign.
//
// Hides OpenSSL. Pure; `Signer::sign` may be called from several threads at once.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace topicloop::webhook {

// Signs with one secret. The key schedule is computed once: signing a 250-byte body takes about a
// microsecond. The constructor throws std::runtime_error if OpenSSL offers no HMAC-SHA3-256, which
// only a broken or restricted OpenSSL configuration does.
class Signer {
public:
  explicit Signer(std::string_view secret);
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;
  ~Signer();

  // 64 lower-case hexadecimal digits.
  std::string sign(std::string_view body) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// True if the two are equal. How long it takes depends on the length of `expected` only, so that a
// wrong signature does not tell how much of it was right.
bool signature_matches(std::string_view expected, std::string_view given);

// A new secret: 32 random bytes as 64 lower-case hexadecimal digits, safe in URLs, shells and
// files.
std::string generate_secret();

}  // namespace topicloop::webhook
