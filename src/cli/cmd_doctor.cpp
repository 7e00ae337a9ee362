// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/doctor.hpp"
#include "cli/flag_checks.hpp"
#include "cli/output_flags.hpp"
#include "cli/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <optional>

namespace topicloop::cli {

namespace {

struct DoctorFlags {
  DoctorOptions examination;
  OutputFlags output;
};

constexpr std::array<const char*, 4> k_words = {"ok", "warn", "fail", "skip"};

std::size_t index_of(CheckStatus status) {
  return static_cast<std::size_t>(status);
}

void show(const Check& check, Renderer& renderer) {
  const char* word = k_words.at(index_of(check.status));
  std::string text = fmt::format("{:<4}  {:<14}  {}", word, check.name, printable(check.detail));
  if (!check.help.empty()) text += fmt::format("\n      help: {}", printable(check.help));
  nlohmann::ordered_json record{
      {"type", "check"}, {"name", check.name}, {"status", word}, {"detail", check.detail}};
  if (!check.help.empty()) record["help"] = check.help;
  renderer.result(text, record);
}

void run_doctor(const DoctorFlags& flags, Context& context) {
  Renderer renderer(context, flags.output);
  std::array<std::size_t, 4> counts{};
  std::optional<Check> first_failure;
  examine(flags.examination, context.stop(), [&](const Check& check) {
    show(check, renderer);
    ++counts.at(index_of(check.status));
    if (check.status == CheckStatus::Failed && !first_failure) first_failure = check;
  });
  // What could not be shown, or was not examined any more, must not be counted as if it had been.
  if (context.stop().stop_requested()) return;
  renderer.summary(
      fmt::format("{} ok, {} warnings, {} failed, {} skipped", counts[0], counts[1], counts[2],
                  counts[3]),
      {{"ok", counts[0]}, {"warn", counts[1]}, {"fail", counts[2]}, {"skip", counts[3]}});
  if (!first_failure) return;
  throw CommandError({first_failure->kind,
                      fmt::format("{}: {}", first_failure->name, first_failure->detail),
                      first_failure->help});
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<DoctorFlags>();
  CLI::App* command =
      app.add_subcommand("doctor", "Check key, endpoint, TLS, cache, clock, ports and ngrok");
  command->add_option("--topic", flags->examination.topic, "Topic to subscribe to for a moment")
      ->check(check_name)
      ->option_text("TOPIC (topic 1)");
  add_connection_flags(*command, flags->examination.connection);
  add_output_flags(*command, flags->output);
  command->footer(
      "One line a check: ok, warn, fail or skip (it needs what failed before it), what was found,\n"
      "and what to do next. Nothing is published or changed, and no key is shown. Each step of\n"
      "reaching the service may take --connect-timeout (5s). The exit code is that of the first\n"
      "failure: 2 or 3 for the configuration or a key that cannot be read, 4 for a service that\n"
      "cannot be reached, 5 for one that refuses.\n"
      "\n"
      "Examples:\n"
      "  topicloop doctor\n"
      "  topicloop doctor --profile work --cache orders\n"
      "  topicloop doctor --local 127.0.0.1:8080 -o json");
  command->callback(
      [flags, &action] { action = [flags](Context& context) { run_doctor(*flags, context); }; });
}

}  // namespace topicloop::cli
