// SPDX-License-Identifier: Apache-2.0
#include "broker/key.hpp"
#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/token.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace topicloop::cli {

namespace {

std::string check_token_id(const std::string& text) {
  const auto checked = broker::check_token_id(text);
  return checked ? "" : checked.error().message;
}

std::string check_expires(const std::string& text) {
  if (text == k_never) return "";
  const auto duration = parse_duration(text);
  if (!duration) return duration.error().message + "; or never";
  return duration->count() > 0 ? "" : "a token must be valid for some time";
}

void add_permission_flags(CLI::App& command, TokenOptions& options) {
  CLI::Option* caches =
      command
          .add_option("--caches", options.caches,
                      "Cache it is for, * for all; repeatable (else that of --cache)")
          ->option_text("NAME|*");
  CLI::Option* topics =
      command
          .add_option("--topics", options.topics,
                      "Topic it is for, a trailing * stands for any ending; repeatable")
          ->option_text("NAME|PREFIX*|* (*)");
  CLI::Option* role = command
                          .add_option("--role", options.role,
                                      "read (subscribe), write (publish) or readwrite (both)")
                          ->check(CLI::IsMember({"read", "write", "readwrite"}).description(""))
                          ->option_text("ROLE (readwrite)");
  CLI::Option* super_user =
      command.add_flag("--superuser", options.super_user, "It permits everything");
  for (CLI::Option* other : {caches, topics, role})
    super_user->excludes(other);
}

void add_token_flags(CLI::App& command, TokenOptions& options) {
  add_permission_flags(command, options);
  command
      .add_option("--token-id", options.token_id,
                  "Label that subscribers see as the publisher's id")
      ->check(check_token_id)
      ->option_text("ID");
  command
      .add_option("--expires", options.expires,
                  "How long it is valid; never only with --auth-secret")
      ->check(check_expires)
      ->option_text("DURATION|never (1h)");
  command
      .add_option("--auth-secret", options.secret_file,
                  "Make it here with the service's signing secret, without asking the service")
      ->option_text("FILE");
  command.add_flag("--bare", options.bare, "Print the key alone, not an SDK's credential");
  add_connection_flags(command, options.connection);
  add_output_flags(command, options.output);
  // Nobody is asked then, so nobody sees a key.
  for (const char* key : {"--api-key-file", "--api-key", "--profile"})
    command.get_option("--auth-secret")->excludes(key);
}

}  // namespace

void add_token(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("token", "Make keys for a service that requires them");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  topicloop token create --topics \"topic 1\" --role write --token-id desk-7");

  const auto options = std::make_shared<TokenOptions>();
  CLI::App* create = command->add_subcommand("create", "Make a key and print it");
  add_token_flags(*create, *options);
  create->footer(
      "Prints what the SDKs take: base64 of the endpoint and the key. Without --auth-secret the\n"
      "service makes it, and --api-key-file or MOMENTO_API_KEY must hold a super user's key if "
      "the\n"
      "service requires keys. The endpoint is the one the service was asked at, or localhost:8080\n"
      "with --auth-secret, unless --endpoint says what others call it, which a service at a Unix\n"
      "socket needs; SDKs put cache., control. and token. before it.\n"
      "\n"
      "Examples:\n"
      "  topicloop token create --api-key-file admin.key --topics \"orders*\" --expires 8h\n"
      "  topicloop token create --auth-secret signing.secret --superuser --bare --expires never");
  create->callback([options, &action] {
    action = [options](Context& context) { run_token_create(*options, context); };
  });
}

}  // namespace topicloop::cli
