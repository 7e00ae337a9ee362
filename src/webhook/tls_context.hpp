// SPDX-License-Identifier: Apache-2.0
// A server's side of TLS, as OpenSSL wants it: certificate, key, nothing older than TLS 1.2.
#pragma once

#include "base/error.hpp"
#include "webhook/tls_files.hpp"

#include <memory>

// OpenSSL's SSL_CTX.
struct ssl_ctx_st;

namespace topicloop::webhook {

struct FreeTlsContext {
  void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, FreeTlsContext>;

// BadInput if the files, which read_tls_files() must have accepted, have become unusable.
Result<TlsContext> make_tls_context(const TlsFiles& files);

}  // namespace topicloop::webhook
