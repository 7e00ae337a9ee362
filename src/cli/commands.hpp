// SPDX-License-Identifier: Apache-2.0
// Every subcommand: describing it on the command line records what to do; app.cpp does it.
#pragma once

#include "cli/context.hpp"

namespace CLI {
class App;
}

namespace topicloop::cli {

// The whole command line: every command, of which one is parsed into `action`.
void describe_command_line(CLI::App& app, Action& action);

// Each adds its subcommand to `app`; parsing it sets `action`.
void add_publish(CLI::App& app, Action& action);
void add_subscribe(CLI::App& app, Action& action);
void add_forward(CLI::App& app, Action& action);
void add_serve_webhook(CLI::App& app, Action& action);
void add_replay(CLI::App& app, Action& action);
void add_webhook(CLI::App& app, Action& action);
// The subcommands of `webhook` that need no service.
void add_webhook_tools(CLI::App& group, Action& action);
void add_capture(CLI::App& app, Action& action);
void add_serve_topics(CLI::App& app, Action& action);
void add_token(CLI::App& app, Action& action);
void add_loop(CLI::App& app, Action& action);
void add_bench(CLI::App& app, Action& action);
void add_exec(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
// These know the whole tree below `app`, also what is added later.
void add_help(CLI::App& app, Action& action);
void add_completion(CLI::App& app, Action& action);
// Hidden: for completion scripts, and for the build.
void add_complete(CLI::App& app, Action& action);
void add_man(CLI::App& app, Action& action);

}  // namespace topicloop::cli
