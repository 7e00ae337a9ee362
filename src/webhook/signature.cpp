// SPDX-License-Identifier: Apache-2.0
#include "webhook/signature.hpp"

#include "base/text.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace topicloop::webhook {

namespace {

constexpr std::size_t k_digest_size = 32;
constexpr std::size_t k_secret_size = 32;

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void require(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL cannot compute HMAC-SHA3-256");
}

template <std::size_t size>
std::string hex_of(const std::array<unsigned char, size>& bytes) {
  return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

MacContext keyed_context(std::string_view secret) {
  // Looking the algorithm up costs more than signing does: once per signer, never per message.
  const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  require(mac != nullptr);
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  require(context != nullptr);
  std::string digest = "SHA3-256";
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  // A null key would mean "keep the previous one", so an empty secret needs an address too.
  const std::string_view key = secret.empty() ? std::string_view("") : secret;
  require(EVP_MAC_init(context.get(), bytes_of(key), key.size(), parameters.data()) == 1);
  return context;
}

}  // namespace

struct Signer::Impl {
  MacContext keyed;
};

Signer::Signer(std::string_view secret)
    : impl_(std::make_unique<Impl>(Impl{keyed_context(secret)})) {}
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;
Signer::~Signer() = default;

std::string Signer::sign(std::string_view body) const {
  // A copy of the keyed context costs little more than resetting it, and leaves it untouched for
  // other threads.
  const MacContext context(EVP_MAC_CTX_dup(impl_->keyed.get()));
  require(context != nullptr);
  std::array<unsigned char, k_digest_size> digest{};
  std::size_t length = 0;
  require(EVP_MAC_update(context.get(), bytes_of(body), body.size()) == 1);
  require(EVP_MAC_final(context.get(), digest.data(), &length, digest.size()) == 1);
  require(length == digest.size());
  return hex_of(digest);
}

bool signature_matches(std::string_view expected, std::string_view given) {
  const bool same_length = expected.size() == given.size();
  const std::string_view other = same_length ? given : expected;
  const bool same_bytes = CRYPTO_memcmp(expected.data(), other.data(), expected.size()) == 0;
  return same_bytes && same_length;
}

std::string generate_secret() {
  std::array<unsigned char, k_secret_size> random{};
  // Without randomness the secret would be guessable: better no program than that.
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) std::abort();
  return hex_of(random);
}

}  // namespace topicloop::webhook
