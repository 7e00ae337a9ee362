// SPDX-License-Identifier: Apache-2.0
#include "cli/exposure.hpp"

#include "base/shown_url.hpp"
#include "base/stop.hpp"
#include "cli/flag_checks.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <utility>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds k_wait_for_tunnel{20};
constexpr std::chrono::milliseconds k_between_looks{200};

std::string api_of(const ExposureOptions& options) {
  if (!options.ngrok_api.empty()) return options.ngrok_api;
  const char* variable = std::getenv("NGROK_API");
  return variable != nullptr && *variable != '\0' ? variable : webhook::k_ngrok_api;
}

std::string start_command(const ListeningAt& own) {
  return own.tls ? fmt::format("ngrok http https://127.0.0.1:{}", own.port)
                 : fmt::format("ngrok http {}", own.port);
}

Error no_tunnel(const std::string& why, const ListeningAt& own) {
  return {ErrorKind::Unavailable, why, "start one: " + start_command(own)};
}

sink::ChildProcess start_agent(const ListeningAt& own) {
  if (!sink::check_program("ngrok")) {
    throw CommandError(
        {ErrorKind::Unavailable, "no ngrok agent is running, and ngrok is not installed",
         "install it from https://ngrok.com/download, or give another tunnel's URL with "
         "--public-url"});
  }
  const std::string target =
      own.tls ? fmt::format("https://127.0.0.1:{}", own.port) : std::to_string(own.port);
  return value_or_throw(sink::ChildProcess::start(
      {{"ngrok", "http", target, "--log", "stderr", "--log-level", "error"},
       {},
       {"TOPICLOOP_WEBHOOK_SECRET"}}));
}

}  // namespace

void add_exposure_flags(CLI::App& command, ExposureOptions& options) {
  CLI::Option* url = command
                         .add_option("--public-url", options.public_url,
                                     "URL to register, if the service reaches us by another one")
                         ->check(check_url)
                         ->option_text("URL");
  CLI::Option* ngrok =
      command
          .add_flag("--ngrok", options.ngrok,
                    "Register the URL of ngrok's tunnel to us; ngrok is started if none runs")
          ->excludes(url)
          ->option_text(" ");
  command
      .add_option("--ngrok-api", options.ngrok_api,
                  "Where the ngrok agent answers (NGROK_API, else http://127.0.0.1:4040)")
      ->check(check_url)
      ->needs(ngrok)
      ->option_text("URL");
}

Exposure::Exposure(const ExposureOptions& options, const ListeningAt& own, const Context& context)
    : url_(options.public_url) {
  if (options.ngrok) url_ = ngrok_url(api_of(options), own, context) + own.path;
}

std::string Exposure::ngrok_url(const std::string& api, const ListeningAt& own,
                                const Context& context) {
  auto found = webhook::find_ngrok_tunnel(api, own.port);
  if (found && *found) return **std::move(found);
  if (found) {
    throw CommandError(no_tunnel(fmt::format("the ngrok agent at {} has no https tunnel to port {}",
                                             without_credentials(api), own.port),
                                 own));
  }
  if (found.error().kind != ErrorKind::Unavailable) throw CommandError(found.error());

  context.streams.err << "starting " << start_command(own) << '\n' << std::flush;
  agent_.emplace(start_agent(own));
  const auto deadline = Clock::now() + k_wait_for_tunnel;
  std::string ignored;
  while (Clock::now() < deadline) {
    const auto end = agent_->talk(
        "", true, ignored, {.deadline = Clock::now() + k_between_looks, .stop = context.stop()});
    if (end == sink::TalkEnd::Stopped) return "";
    if (end == sink::TalkEnd::Ended) {
      const std::string how = agent_->failure();
      throw CommandError(no_tunnel("ngrok " + (how.empty() ? "exited" : how), own));
    }
    found = webhook::find_ngrok_tunnel(api, own.port);
    if (found && *found) return **std::move(found);
  }
  throw CommandError(no_tunnel("ngrok has started, and no tunnel of it came up", own));
}

}  // namespace topicloop::cli
