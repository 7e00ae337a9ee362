// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <wordexp.h>

#include <algorithm>
#include <map>
#include <sstream>

using namespace topicloop;
using namespace topicloop::test;

namespace {

struct Page {
  Arguments command;
  std::vector<std::string> flags;
  bool has_examples;
};

const std::vector<std::string> k_output{"-o,--output", "--color"};
const std::vector<std::string> k_connection{"--cache",        "--local",   "--connect-timeout",
                                            "--api-key-file", "--api-key", "--endpoint",
                                            "--profile",      "--tls",     "--cacert"};

const std::vector<std::string> k_load{"--messages", "--warm-up", "--size", "--in-flight", "--rate"};

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const std::vector<Page> k_pages = {
    {{"publish"},
     k_output + k_connection +
         std::vector<std::string>{"-f,--file", "--input", "--binary", "-n,--repeat", "--rate",
                                  "--in-flight", "--retry", "--keep-going"},
     true},
    {{"subscribe"},
     k_output + k_connection +
         std::vector<std::string>{"-n,--count", "--timeout", "--idle-timeout", "--fail-on-gap",
                                  "--from", "--resume-file", "--match", "--show", "--ready-file",
                                  "--capture", "--redact"},
     true},
    {{"forward"},
     k_output + k_connection +
         std::vector<std::string>{"--to", "--lambda", "--secret-file", "--webhook", "--retry",
                                  "--retry-max-time", "--timeout", "--concurrency", "--ordered",
                                  "--dead-letter", "-n,--count", "--from", "--resume-file",
                                  "--ready-file"},
     true},
    {{"replay"},
     k_output + k_connection + std::vector<std::string>{"--to",          "--to-topic",
                                                        "--print",       "--dry-run",
                                                        "--select",      "--id",
                                                        "--repeat",      "--shuffle",
                                                        "--resign",      "--keep-signature",
                                                        "--secret-file", "--set",
                                                        "--speed",       "--rate",
                                                        "--concurrency", "--retry",
                                                        "--timeout",     "--retry-max-time",
                                                        "--expect",      "--compare",
                                                        "--ignore",      "--max-ms",
                                                        "--fail-fast",   "--expect-topic",
                                                        "--expect-file", "--unordered",
                                                        "--update",      "--allow-empty",
                                                        "--report"},
     true},
    {{"serve-topics"},
     k_output + std::vector<std::string>{"--listen", "--cache", "--retain", "--webhook-concurrency",
                                         "--state", "--ready-file", "--http", "--http-poll-timeout",
                                         "--require-auth", "--auth-secret", "--admin-key-file",
                                         "--tls-cert", "--tls-key", "--fault", "--limits",
                                         "--exit-with-parent"},
     true},
    {{"serve-webhook"},
     k_output + k_connection +
         std::vector<std::string>{
             "--listen",       "--path",          "--tls-cert",     "--tls-key",
             "--register",     "--keep-webhook",  "--public-url",   "--ngrok",
             "--ngrok-api",    "--secret-file",   "--webhook",      "--no-verify",
             "--max-age",      "--transform",     "--exec",         "--exec-timeout",
             "--binary",       "--pipe",          "--pipe-timeout", "--exec-concurrency",
             "--sqlite",       "--forward-to",    "--publish-to",   "--respond",
             "--respond-body", "--respond-delay", "--dedupe",       "--aggregate",
             "--ready-file",   "--capture",       "--redact",       "--exit-with-parent"},
     true},
    {{"loop"},
     k_output + k_connection +
         std::vector<std::string>{"--in", "--out", "--message", "--transform", "-n,--count",
                                  "--timeout", "--stats"},
     true},
    {{"bench"}, {}, true},
    {{"bench", "publish"}, k_output + k_connection + k_load, true},
    {{"bench", "subscribe"},
     k_output + k_connection + k_load + std::vector<std::string>{"--subscribers", "--timeout"},
     true},
    {{"bench", "loop"},
     k_output + k_connection + k_load + std::vector<std::string>{"--timeout"},
     true},
    {{"bench", "webhook"},
     k_output + k_load + std::vector<std::string>{"--to", "--secret-file", "--timeout"},
     true},
    {{"exec"},
     std::vector<std::string>{"--webhook", "--cache", "--listen", "--http", "--retain",
                              "--require-auth", "--fault", "--limits", "-v,--verbose"},
     true},
    {{"doctor"}, k_output + k_connection + std::vector<std::string>{"--topic"}, true},
    {{"help"}, {}, true},
    {{"completion"}, {}, true},
    {{"webhook"}, {}, true},
    {{"webhook", "put"},
     k_output + k_connection + std::vector<std::string>{"--topic", "--url"},
     true},
    {{"webhook", "list"},
     k_output + k_connection + std::vector<std::string>{"--show-credentials"},
     true},
    {{"webhook", "delete"}, k_output + k_connection, true},
    {{"webhook", "secret"}, k_output + k_connection, true},
    {{"webhook", "rotate"}, k_output + k_connection, true},
    {{"webhook", "send"},
     k_output + std::vector<std::string>{"--topic", "--cache", "--text", "-f,--file",
                                         "--sequence-number", "--token-id", "--age", "--timeout",
                                         "--secret-file"},
     true},
    {{"webhook", "sign"}, k_output + std::vector<std::string>{"--secret-file"}, true},
    {{"webhook", "verify"},
     k_output + std::vector<std::string>{"--signature", "--max-age", "--explain", "--secret-file"},
     true},
    {{"capture"}, {}, true},
    {{"capture", "show"}, k_output + std::vector<std::string>{"--details"}, true},
    {{"capture", "stat"}, k_output, true},
    {{"capture", "check"}, k_output, true},
    {{"capture", "merge"}, k_output + std::vector<std::string>{"-f,--output-file"}, true},
    {{"capture", "convert"}, k_output + std::vector<std::string>{"--to"}, true},
    {{"token"}, {}, true},
    {{"token", "create"},
     k_output + k_connection +
         std::vector<std::string>{"--caches", "--topics", "--role", "--superuser", "--token-id",
                                  "--expires", "--auth-secret", "--bare"},
     true},
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

std::string help_of(Arguments command) {
  command.push_back("--help");
  const Outcome outcome = run_command(command);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return outcome.out;
}

// The words at the beginning of the indented lines below `heading`.
std::vector<std::string> listed_below(const std::string& help, const std::string& heading) {
  std::vector<std::string> listed;
  bool inside = false;
  for (const auto& line : lines_of(help)) {
    if (!line.starts_with("  ")) inside = line == heading;
    if (inside && line.starts_with("  ") && line[2] != ' ')
      listed.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return listed;
}

// The command lines shown as examples, without the program's name, what comes before it and where
// the output goes.
std::vector<std::string> examples_of(const std::string& help) {
  std::vector<std::string> examples;
  bool inside = false;
  for (const auto& line : lines_of(help)) {
    if (!line.starts_with("  ")) inside = line == "Examples:";
    const std::size_t program = line.find("topicloop ");
    if (!inside || program == std::string::npos) continue;
    const std::string example = line.substr(program + 10);
    examples.push_back(example.substr(0, std::min(example.find(" > "), example.find(" | "))));
  }
  return examples;
}

Arguments words_of(const std::string& line) {
  wordexp_t words{};
  REQUIRE(::wordexp(line.c_str(), &words, WRDE_NOCMD) == 0);
  Arguments arguments(words.we_wordv, words.we_wordv + words.we_wordc);
  ::wordfree(&words);
  return arguments;
}

bool same_elements(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

}  // namespace

TEST_CASE("the main help lists every command") {
  std::vector<std::string> commands;
  std::map<std::string, std::vector<std::string>> groups;
  for (const auto& page : k_pages) {
    auto& list = page.command.size() == 1 ? commands : groups[page.command.front()];
    list.push_back(page.command.back());
  }
  CHECK(same_elements(listed_below(help_of({}), "Subcommands:"), commands));
  for (const auto& [group, subcommands] : groups)
    CHECK(same_elements(listed_below(help_of({group}), "Subcommands:"), subcommands));
}

TEST_CASE("the main help ends with examples that parse") {
  const auto examples = examples_of(help_of({}));
  CHECK(examples.size() > 2);
  for (const auto& example : examples) {
    INFO(example);
    Arguments arguments = words_of(example);
    arguments.push_back("--no-such-flag");
    CHECK(contains(run_command(arguments).err, "unknown flag \"--no-such-flag\""));
  }
}

TEST_CASE("help shows the same page as --help") {
  const Outcome main = run_command({"help"});
  CHECK(main.exit_code == 0);
  CHECK(main.out == help_of({}));
  for (const auto& page : k_pages) {
    Arguments arguments = page.command;
    arguments.insert(arguments.begin(), "help");
    const Outcome outcome = run_command(arguments);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out == help_of(page.command));
  }
}

TEST_CASE("the help of every command lists exactly its flags") {
  for (const auto& page : k_pages) {
    const std::string help = help_of(page.command);
    INFO(help);
    CHECK(same_elements(listed_below(help, "Options:"),
                        page.flags + std::vector<std::string>{"-h,--help"}));
  }
}

TEST_CASE("every example in the help is a command line that parses") {
  for (const auto& page : k_pages) {
    const auto examples = examples_of(help_of(page.command));
    CHECK(page.has_examples == !examples.empty());
    for (const auto& example : examples) {
      INFO(example);
      Arguments arguments = words_of(example);
      REQUIRE(arguments.size() >= page.command.size());
      CHECK(std::equal(page.command.begin(), page.command.end(), arguments.begin()));
      // All is checked before what is left over is refused: then this is the only mistake. At the
      // end of an exec it would be another program's.
      const bool is_exec = arguments.front() == "exec";
      arguments.insert(is_exec ? arguments.begin() + 1 : arguments.end(), "--no-such-flag");
      const Outcome outcome = run_command(arguments);
      CHECK(outcome.exit_code == 2);
      CHECK(contains(outcome.err, "topicloop: error: unknown flag \"--no-such-flag\" for `"));
    }
  }
}
