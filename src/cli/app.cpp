// SPDX-License-Identifier: Apache-2.0
#include "cli/app.hpp"

#include "cli/commands.hpp"
#include "cli/credential.hpp"
#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "cli/program_words.hpp"
#include "cli/render.hpp"
#include "cli/usage_error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <utility>

namespace topicloop::cli {

namespace {

// A flag that can be given more than once takes one word each time: the next one is an argument.
void take_one_word(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    const bool repeatable = option->get_items_expected_max() > 1;
    if (!option->get_positional() && repeatable) option->allow_extra_args(false);
  }
  for (CLI::App* subcommand : command.get_subcommands([](CLI::App*) { return true; }))
    take_one_word(*subcommand);
}

}  // namespace

void describe_command_line(CLI::App& app, Action& action) {
  app.description("Publish to Momento Topics, follow them, receive and process their webhooks");
  app.name("topicloop");
  app.set_version_flag("--version", "topicloop " TOPICLOOP_VERSION);
  app.require_subcommand(0, 1);
  set_help_format(app);
  add_loop(app, action);
  add_exec(app, action);
  add_serve_topics(app, action);
  add_serve_webhook(app, action);
  add_forward(app, action);
  add_replay(app, action);
  add_subscribe(app, action);
  add_publish(app, action);
  add_webhook(app, action);
  add_capture(app, action);
  add_token(app, action);
  add_bench(app, action);
  add_doctor(app, action);
  add_help(app, action);
  add_completion(app, action);
  add_complete(app, action);
  add_man(app, action);
  app.footer(
      "Examples:\n"
      "  topicloop loop --message hello --stats\n"
      "  topicloop serve-topics\n"
      "  topicloop subscribe \"topic 2\"\n"
      "  topicloop publish \"topic 1\" \"hello\"\n"
      "  topicloop help subscribe\n"
      "\n"
      "`topicloop COMMAND --help` has more.");
  take_one_word(app);
}

namespace {

// Errors must come out as JSON even if the command line could not be parsed.
OutputFlags output_of(const std::vector<std::string>& arguments) {
  OutputFlags flags;
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  for (auto argument = arguments.begin(); argument != end; ++argument) {
    const bool flag = *argument == "-o" || *argument == "--output";
    const bool next_is_json = std::next(argument) != end && *std::next(argument) == "json";
    if ((flag && next_is_json) || *argument == "-ojson" || *argument == "--output=json") {
      flags.format = OutputFormat::Json;
    }
  }
  return flags;
}

// What to do about a missing key is the same for every command.
Error with_help(Error error) {
  if (error.kind == ErrorKind::Unauthenticated && error.help.empty()) {
    error.help =
        "give a key with --api-key-file FILE or in MOMENTO_API_KEY; without --local also in a "
        "profile (--profile NAME). `topicloop doctor` checks it";
  }
  return error;
}

// Runs `action`. The error it failed with, if it did.
std::optional<Error> perform(const Action& action, Context& context) {
  try {
    action(context);
    return std::nullopt;
  } catch (const CommandError& failure) {
    return failure.error();
  } catch (const std::exception& failure) {
    return Error{ErrorKind::Internal, fmt::format("internal error: {}", failure.what()),
                 "this is a bug in topicloop; please report it"};
  }
}

// Found out about what the command was to check, unlike trouble that may come of the stop itself.
bool is_verdict(ErrorKind kind) {
  return kind == ErrorKind::CheckFailed || kind == ErrorKind::GapSeen;
}

int to_int(ExitCode code) {
  return static_cast<int>(code);
}

int parse_and_run(CLI::App& app, const Action& action, std::vector<std::string> arguments,
                  Context& context) {
  context.program = take_program(app, arguments);
  const auto fail = [&](Error error) {
    // Errors repeat what was typed, and that may be a key in the wrong place.
    error.message = without_keys(error.message);
    Renderer(context, output_of(arguments)).error(error);
    return to_int(exit_code_of(error.kind));
  };

  if (const auto error = unknown_command(app, arguments)) return fail(*error);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& asked) {  // --help or --version.
    errno = EBADF;                       // Closed from the start, if nobody says otherwise.
    app.exit(asked, context.streams.out, context.streams.err);
    if (context.streams.out.flush() || errno == EPIPE) return to_int(ExitCode::Done);
    return fail({ErrorKind::BadInput,
                 fmt::format("cannot write standard output: {}", std::strerror(errno)), ""});
  } catch (const CLI::ParseError& error) {
    return fail(usage_error(app, error, arguments));
  }
  if (const auto error = slip(app, arguments)) return fail(*error);
  if (!action) {
    context.streams.err << app.help() << std::flush;
    return to_int(ExitCode::Usage);
  }

  const auto error = perform(action, context);
  if (context.exit_code) return *context.exit_code;
  if (!context.streams.out) {
    const int reason = context.output_errno;
    // Who was reading has seen enough, which makes nothing well that had failed before; but for a
    // stop that cut us short (output_stream.hpp), anything else has lost data.
    if (reason == 0 || reason == EPIPE) {
      const bool has_failed = error && is_verdict(error->kind);
      return has_failed ? fail(*error) : to_int(ExitCode::Done);
    }
    if (reason != ECANCELED)
      return fail({ErrorKind::BadInput,
                   fmt::format("cannot write standard output: {}", std::strerror(reason)), ""});
  }
  switch (context.interrupt.signal) {
    case SIGINT:
      return to_int(ExitCode::Interrupted);
    case SIGTERM:
      return to_int(ExitCode::Terminated);
    case SIGHUP:
      return to_int(ExitCode::HungUp);
    default:
      return error ? fail(with_help(*error)) : to_int(ExitCode::Done);
  }
}

}  // namespace

int run(const std::vector<std::string>& arguments, Streams& streams, Interrupt& interrupt) {
  Action action;
  CLI::App app;
  describe_command_line(app, action);
  Context context{streams, interrupt};
  return parse_and_run(app, action, arguments, context);
}

}  // namespace topicloop::cli
