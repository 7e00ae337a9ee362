// SPDX-License-Identifier: Apache-2.0
#include "webhook/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>

namespace topicloop::webhook {

namespace {

// Without this OpenSSL would ask for the passphrase at the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

void FreeTlsContext::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

Result<TlsContext> make_tls_context(const TlsFiles& files) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) throw std::bad_alloc();
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Connections are idle most of the time.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(raw, no_passphrase);
  const bool usable = SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) == 1 &&
                      SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
                      SSL_CTX_check_private_key(raw) == 1;
  // What is noted of a failure would be taken for that of a later call.
  ERR_clear_error();
  if (!usable)
    return Error{ErrorKind::BadInput, "the TLS certificate or its key cannot be used", ""};
  return context;
}

}  // namespace topicloop::webhook
