// SPDX-License-Identifier: Apache-2.0
#include "cli/tls_flags.hpp"

#include "cli/context.hpp"

#include <CLI/CLI.hpp>

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

}  // namespace topicloop::cli
