// SPDX-License-Identifier: Apache-2.0
// A certificate authority for tests, and a certificate that it signed.
//
// Made anew each time, valid for a day unless said otherwise. Plain functions and values.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace topicloop::test {

struct FreeOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeOpenssl>;
using Certificate = std::unique_ptr<X509, FreeOpenssl>;

inline Key make_key() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  if (!key) throw std::runtime_error("the test cannot make a key");
  return key;
}

inline void add_extension(X509* certificate, int kind, const char* value) {
  const std::unique_ptr<X509_EXTENSION, FreeOpenssl> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
    throw std::runtime_error("the test cannot make a certificate");
  }
}

// Not signed yet.
inline Certificate make_certificate(const char* name, long serial, EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);  // Which means version 3.
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return certificate;
}

inline std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

inline std::string to_pem(X509* certificate) {
  const std::unique_ptr<BIO, FreeOpenssl> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio.get());
}

inline std::string to_pem(EVP_PKEY* key) {
  const std::unique_ptr<BIO, FreeOpenssl> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}

struct TestCertificates {
  std::string authority;  // All three as PEM.
  std::string server;
  std::string server_key;
};

// What a server's certificate is for, and until when: seconds from now.
struct ServerCertificate {
  std::string names = "IP:127.0.0.1,DNS:localhost";
  long valid_for = 86'400;
};

inline TestCertificates make_certificates(const ServerCertificate& wanted = {}) {
  const Key authority_key = make_key();
  const Certificate authority = make_certificate("topicloop test CA", 1, authority_key.get());
  X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
  add_extension(authority.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(authority.get(), authority_key.get(), EVP_sha256());

  const Key server_key = make_key();
  const Certificate server = make_certificate("topicloop test service", 2, server_key.get());
  X509_set_issuer_name(server.get(), X509_get_subject_name(authority.get()));
  X509_gmtime_adj(X509_getm_notAfter(server.get()), wanted.valid_for);
  add_extension(server.get(), NID_subject_alt_name, wanted.names.c_str());
  X509_sign(server.get(), authority_key.get(), EVP_sha256());
  return {to_pem(authority.get()), to_pem(server.get()), to_pem(server_key.get())};
}

}  // namespace topicloop::test
