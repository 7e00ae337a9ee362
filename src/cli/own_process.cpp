// SPDX-License-Identifier: Apache-2.0
#include "cli/own_process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string_view>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds k_start_patience{20};
constexpr std::chrono::seconds k_end_patience{5};
constexpr std::string_view k_error = "topicloop: error: ";

// What it says on stderr is read, what it shows is not. The shell replaces itself: the process is
// the command.
sink::ProgramCall program_call(const OwnCall& call) {
  sink::ProgramCall program{
      .words = {"/bin/sh", "-c", "exec \"$0\" \"$@\" --exit-with-parent 2>&1 >/dev/null",
                fmt::format("/proc/{}/exe", ::getpid())},
      .variables = call.variables,
      .hidden_variables = call.hidden_variables};
  program.words.insert(program.words.end(), call.arguments.begin(), call.arguments.end());
  return program;
}

// What follows `beginning` on the first complete line that begins so.
std::optional<std::string> after(const std::string& text, std::string_view beginning) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) return std::nullopt;
    const std::string_view line(text.data() + at, end - at);
    if (line.starts_with(beginning)) return std::string(line.substr(beginning.size()));
    at = end + 1;
  }
  return std::nullopt;
}

}  // namespace

OwnProcess::OwnProcess(const OwnCall& call, const Context& context)
    : process_(value_or_throw(sink::ChildProcess::start(program_call(call)))) {
  std::string said;
  const auto end = process_.talk(
      "", true, said, {.deadline = Clock::now() + k_start_patience, .stop = context.stop()},
      [&] { return after(said, call.ready).has_value(); });
  if (const auto where = after(said, call.ready)) where_ = *where;
  if (end == sink::TalkEnd::Enough || end == sink::TalkEnd::Stopped) return;
  const std::string why =
      after(said, k_error)
          .value_or(end == sink::TalkEnd::Ended ? process_.failure() : "does not get ready");
  throw CommandError(
      {ErrorKind::Unavailable, fmt::format("`topicloop {}`: {}", call.arguments.front(), why), ""});
}

OwnProcess::~OwnProcess() {
  process_.signal(SIGTERM);
  std::string rest;
  process_.talk("", false, rest, {.deadline = Clock::now() + k_end_patience});
}

}  // namespace topicloop::cli
