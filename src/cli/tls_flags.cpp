// SPDX-License-Identifier: Apache-2.0
#include "cli/tls_flags.hpp"

#include "cli/context.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace topicloop::cli {

void add_tls_flags(CLI::App& command, webhook::TlsFiles& files) {
  CLI::Option* certificate =
      command
          .add_option("--tls-cert", files.certificate, "Serve TLS with this certificate chain, PEM")
          ->option_text("FILE");
  CLI::Option* key =
      command.add_option("--tls-key", files.key, "Its private key, PEM")->option_text("FILE");
  certificate->needs(key);
  key->needs(certificate);
}

std::optional<webhook::TlsFiles> checked_tls_files(const webhook::TlsFiles& files) {
  if (files.certificate.empty() && files.key.empty()) return std::nullopt;
  value_or_throw(webhook::read_tls_files(files));
  return files;
}

std::string expiry_warning(const webhook::TlsFiles& files, SystemTime now) {
  if (files.certificate.empty()) return "";
  const auto read = webhook::read_tls_files(files);
  if (!read || now < read->valid_until) return "";
  return fmt::format("the certificate in {} expired at {}: clients will not trust it",
                     files.certificate, to_rfc3339(read->valid_until));
}

}  // namespace topicloop::cli
