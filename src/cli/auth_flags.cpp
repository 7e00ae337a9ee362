// SPDX-License-Identifier: Apache-2.0
#include "cli/auth_flags.hpp"

#include "broker/state_store.hpp"
#include "cli/context.hpp"
#include "cli/private_file.hpp"
#include "webhook/signature.hpp"

#include <CLI/CLI.hpp>

namespace topicloop::cli {

void add_auth_flags(CLI::App& command, AuthFlags& flags) {
  command.add_flag("--require-auth", flags.required,
                   "Serve only callers with a key of this service");
  command
      .add_option("--auth-secret", flags.secret_file,
                  "Secret that signs keys, made if missing (else kept by --state, or new)")
      ->option_text("FILE");
  command
      .add_option("--admin-key-file", flags.admin_key_file,
                  "Write a key there that permits everything, before ready")
      ->option_text("FILE");
}

broker::AccessOptions access_options(const AuthFlags& flags, const std::string& state_directory) {
  std::string file = flags.secret_file;
  if (file.empty() && !state_directory.empty()) {
    value_or_throw(broker::make_state_directory(state_directory));
    file = state_directory + "/auth-secret";
  }
  if (flags.required && file.empty() && flags.admin_key_file.empty()) {
    throw CommandError({ErrorKind::Usage, "with --require-auth alone nobody could have a key",
                        "give --admin-key-file FILE to get one, or --auth-secret FILE to make keys "
                        "with `topicloop token create`"});
  }
  return {.required = flags.required,
          .secret = file.empty() ? webhook::generate_secret() : read_or_make_auth_secret(file)};
}

void write_admin_key(const AuthFlags& flags, const broker::AccessOptions& access) {
  if (flags.admin_key_file.empty()) return;
  const broker::Claims claims{.permissions = {.super_user = true},
                              .issued_at = std::chrono::system_clock::now()};
  write_private_file(flags.admin_key_file, broker::sign_key(claims, access.secret) + "\n");
}

}  // namespace topicloop::cli
