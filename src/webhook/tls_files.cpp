// SPDX-License-Identifier: Apache-2.0
#include "webhook/tls_files.hpp"

#include "base/small_file.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <utility>

namespace topicloop::webhook {

namespace {

struct FreeOpenssl {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, FreeOpenssl>;

Error bad_file(const std::string& path, std::string_view why) {
  return {ErrorKind::BadInput, fmt::format("{}: {}", path, why), ""};
}

Bio bio_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

SystemTime valid_until(const X509* certificate) {
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return SystemTime::max();
  return std::chrono::system_clock::from_time_t(::timegm(&end));
}

// Without this OpenSSL would ask for the passphrase at the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

Result<TlsPem> read_tls_files(const TlsFiles& files) {
  auto certificate_text = read_small_file(files.certificate);
  if (!certificate_text) return std::move(certificate_text).error();
  auto key_text = read_small_file(files.key);
  if (!key_text) return std::move(key_text).error();

  const std::unique_ptr<X509, FreeOpenssl> certificate(
      PEM_read_bio_X509(bio_of(*certificate_text).get(), nullptr, no_passphrase, nullptr));
  const std::unique_ptr<EVP_PKEY, FreeOpenssl> key(
      PEM_read_bio_PrivateKey(bio_of(*key_text).get(), nullptr, no_passphrase, nullptr));
  // What OpenSSL noted of a failure would be taken for that of a later call.
  const bool match =
      certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!certificate) return bad_file(files.certificate, "holds no certificate in PEM form");
  if (!key) {
    const bool encrypted = key_text->find("ENCRYPTED") != std::string::npos;
    return bad_file(files.key, encrypted
                                   ? "the private key is encrypted: it must not have a passphrase"
                                   : "holds no private key in PEM form");
  }
  if (!match) {
    return bad_file(files.key, fmt::format("is not the private key of the certificate in {}",
                                           files.certificate));
  }
  return TlsPem{*std::move(certificate_text), *std::move(key_text), valid_until(certificate.get())};
}

}  // namespace topicloop::webhook
