// SPDX-License-Identifier: Apache-2.0
// The flags about a server's certificate.
#pragma once

#include "webhook/tls_files.hpp"

#include <optional>

namespace CLI {
class App;
}

namespace topicloop::cli {

// --tls-cert and --tls-key, which need each other; `files` must outlive the parsing.
void add_tls_flags(CLI::App& command, webhook::TlsFiles& files);

// Nothing if the flags were not given. Throws CommandError for files that are no good.
std::optional<webhook::TlsFiles> checked_tls_files(const webhook::TlsFiles& files);

// Says so if the certificate has expired by `now`: nobody would trust it. Empty otherwise.
std::string expiry_warning(const webhook::TlsFiles& files, SystemTime now);

}  // namespace topicloop::cli
