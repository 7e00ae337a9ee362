// SPDX-License-Identifier: Apache-2.0
#include "topic/tls_probe.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <array>
#include <ctime>
#include <memory>

namespace topicloop::topic {

namespace {

struct FreeOpenssl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* connection) const { SSL_free(connection); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* text) const { BIO_free(text); }
};

Error unavailable(std::string why, std::string help = "") {
  return {ErrorKind::Unavailable, std::move(why), std::move(help)};
}

std::string issuer_of(const X509* certificate) {
  const std::unique_ptr<BIO, FreeOpenssl> text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_issuer_name(certificate), 0, XN_FLAG_ONELINE);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

SystemTime valid_until(const X509* certificate) {
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return {};
  return std::chrono::system_clock::from_time_t(::timegm(&end));
}

// What the certificate says it is for: "cache.example.com, *.example.org".
std::string names_in(const X509* certificate) {
  std::string names;
  auto* const all = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all, i);
    if (name->type != GEN_DNS) continue;
    const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    names += (names.empty() ? "" : ", ") +
             std::string(text, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  GENERAL_NAMES_free(all);
  return names.empty() ? "no host name" : names;
}

Error certificate_problem(long result, const X509* certificate, const std::string& host) {
  switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return unavailable(
          fmt::format("its certificate expired at {}", to_rfc3339(valid_until(certificate))),
          "renew the certificate on the service; or check this machine's clock");
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return unavailable(
          fmt::format("its certificate is for {}, not for {}", names_in(certificate), host),
          "name the service as its certificate does");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return unavailable(
          fmt::format("its certificate is from an authority that is not trusted here ({})",
                      issuer_of(certificate)),
          "trust its authority with --cacert FILE");
    default:
      return unavailable(
          fmt::format("its certificate is no good: {}", X509_verify_cert_error_string(result)));
  }
}

Result<void> load_authorities(SSL_CTX* context, const std::string& ca_file) {
  if (ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context);
    return {};
  }
  if (SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) == 1) return {};
  return Error{ErrorKind::BadInput,
               fmt::format("{}: holds no certificate in PEM form, or cannot be read", ca_file), ""};
}

bool expect_host(SSL* connection, const std::string& host) {
  // Fails, and changes nothing, if it is not an IP address.
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str()) == 1) return true;
  SSL_set_tlsext_host_name(connection, host.c_str());
  return SSL_set1_host(connection, host.c_str()) == 1;
}

Error protocol_problem() {
  const unsigned long error = ERR_peek_last_error();
  if (error == 0) return unavailable("the other side hung up");
  if (ERR_GET_REASON(error) == SSL_R_WRONG_VERSION_NUMBER) {
    return unavailable("it speaks something else there",
                       "connect in plain text, without --tls and --cacert; or check the port");
  }
  const char* reason = ERR_reason_error_string(error);
  return unavailable(reason != nullptr ? reason : "the handshake failed");
}

Result<void> shake_hands(SSL* connection, const TlsAttempt& attempt) {
  while (true) {
    ERR_clear_error();
    const int result = SSL_connect(connection);
    if (result == 1) return {};
    const int why = SSL_get_error(connection, result);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return protocol_problem();
    const short events = why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    if (!wait_for(attempt.fd, events, attempt.deadline, attempt.stop)) {
      return unavailable("no answer in time");
    }
  }
}

}  // namespace

Result<SeenCertificate> tls_handshake(const TlsAttempt& attempt) {
  const std::unique_ptr<SSL_CTX, FreeOpenssl> context(SSL_CTX_new(TLS_client_method()));
  if (!context) return unavailable("OpenSSL cannot be used");
  if (auto loaded = load_authorities(context.get(), attempt.ca_file); !loaded) {
    return std::move(loaded).error();
  }
  // Verified all the same: a handshake that went through leaves the certificate to be talked about,
  // and nothing is sent after it.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  const std::unique_ptr<SSL, FreeOpenssl> connection(SSL_new(context.get()));
  constexpr std::array<unsigned char, 3> k_http2 = {2, 'h', '2'};
  if (!connection || !expect_host(connection.get(), attempt.host) ||
      SSL_set_alpn_protos(connection.get(), k_http2.data(), k_http2.size()) != 0 ||
      SSL_set_fd(connection.get(), attempt.fd) != 1) {
    return unavailable("OpenSSL cannot be used");
  }
  if (auto shaken = shake_hands(connection.get(), attempt); !shaken) {
    return std::move(shaken).error();
  }
  const std::unique_ptr<X509, FreeOpenssl> seen(SSL_get1_peer_certificate(connection.get()));
  if (!seen) return unavailable("it has no certificate");
  if (const long result = SSL_get_verify_result(connection.get()); result != X509_V_OK) {
    return certificate_problem(result, seen.get(), attempt.host);
  }
  return SeenCertificate{issuer_of(seen.get()), valid_until(seen.get())};
}

}  // namespace topicloop::topic
