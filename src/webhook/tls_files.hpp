// SPDX-License-Identifier: Apache-2.0
// The certificate and the private key of a server, as PEM files.
//
// Hides OpenSSL. Read once, when the server starts: to change them, start it again. Thread-safe.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <string>

namespace topicloop::webhook {

struct TlsFiles {
  std::string certificate;  // The server's own first, then those between it and the authority.
  std::string key;          // Not encrypted.
};

// The contents of both files.
struct TlsPem {
  std::string certificate;
  std::string key;
  SystemTime valid_until;  // Of the server's own certificate.
};

// Checks that both can be read, are what they should be, and belong together. BadInput names the
// file that is at fault.
Result<TlsPem> read_tls_files(const TlsFiles& files);

}  // namespace topicloop::webhook
