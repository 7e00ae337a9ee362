// SPDX-License-Identifier: Apache-2.0
#include "sink/child_process.hpp"
#include "support/condition.hpp"
#include "support/descriptors.hpp"
#include "support/environment.hpp"
#include "support/eventually.hpp"
#include "support/passage.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <thread>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;
using sink::ChildProcess;
using sink::TalkEnd;

namespace {

sink::TalkLimits limits_for_tests() {
  return {.deadline = std::chrono::steady_clock::now() + k_patience};
}

struct Ran {
  TalkEnd end;
  std::string output;
  std::string failure;
};

Ran run(const sink::ProgramCall& call, std::string_view input = "",
        const sink::TalkLimits& limits = limits_for_tests()) {
  auto program = ChildProcess::start(call);
  if (!program) throw std::runtime_error(program.error().message);
  Ran ran{};
  ran.end = program->talk(input, false, ran.output, limits);
  ran.failure = program->failure();
  return ran;
}

bool is_running(const std::string& id) {
  return ::kill(static_cast<pid_t>(std::stol(id)), 0) == 0;
}

}  // namespace

TEST_CASE("a program gets its input and gives its output") {
  const Ran ran = run({{"tr", "a-z", "A-Z"}}, "hello");
  CHECK(ran.end == TalkEnd::Ended);
  CHECK(ran.output == "HELLO");
  CHECK(ran.failure.empty());
}

TEST_CASE("megabytes go through a program that reads and writes by turns") {
  const std::string input(5U << 20U, 'x');
  CHECK(run({{"cat"}}, input).output == input);
}

TEST_CASE("a program that does not read its input is no failure") {
  const Ran ran = run({shell("exec 0<&-; echo done")}, std::string(1U << 20U, 'x'));
  CHECK(ran.end == TalkEnd::Ended);
  CHECK(ran.output == "done\n");
  CHECK(ran.failure.empty());
}

TEST_CASE("how a program failed is told") {
  CHECK(run({shell("exit 3")}).failure == "exited with 3");
  CHECK(run({shell("kill -9 $$")}).failure == "was ended by signal 9");
  CHECK(run({{"true"}}).failure.empty());
}

TEST_CASE("a program that is not there cannot be started and is named") {
  const auto program = ChildProcess::start({{"no-such-program"}});
  REQUIRE_FALSE(program);
  CHECK(program.error().kind == ErrorKind::BadInput);
  CHECK(program.error().message == "cannot start \"no-such-program\": No such file or directory");
}

TEST_CASE("a program gets variables besides and instead of ours and not the hidden ones") {
  const Variable kept("TOPICLOOP_TEST_KEPT", "kept");
  const Variable hidden("TOPICLOOP_TEST_HIDDEN", "hidden");
  const Variable replaced("TOPICLOOP_TEST_REPLACED", "old");
  const Ran ran = run({.words = {"env"},
                       .variables = {{"TOPICLOOP_TEST_REPLACED", "new"}, {"EMPTY", ""}},
                       .hidden_variables = {"TOPICLOOP_TEST_HIDDEN"}});
  const std::string lines = "\n" + ran.output;
  CHECK(lines.find("\nTOPICLOOP_TEST_KEPT=kept\n") != std::string::npos);
  CHECK(lines.find("\nTOPICLOOP_TEST_REPLACED=new\n") != std::string::npos);
  CHECK(lines.find("\nEMPTY=\n") != std::string::npos);
  CHECK(lines.find("=old\n") == std::string::npos);
  CHECK(lines.find("hidden") == std::string::npos);
}

TEST_CASE("a program gets no descriptor of ours but its standard streams") {
  const Pipe leaky;
  const int unmarked = ::dup(leaky.reader.fd());  // Not to be closed on exec, by its flags.
  const Descriptor owner(unmarked);
  // The last one is the folder itself, which ls has opened.
  CHECK(run({{"ls", "/proc/self/fd"}}).output == "0\n1\n2\n3\n");
}

TEST_CASE("a program starts with no signal blocked or ignored") {
  constexpr std::uint64_t k_libc_own = 0x180000000;  // 32 and 33 are not for programs.
  const Ran ran = run({shell("grep -E 'SigBlk|SigIgn' /proc/self/status | cut -f2")});
  std::istringstream masks(ran.output);
  int count = 0;
  for (std::string mask; std::getline(masks, mask); ++count)
    CHECK((std::stoull(mask, nullptr, 16) & ~k_libc_own) == 0);
  CHECK(count == 2);
}

TEST_CASE("a program that takes too long is killed with what it has started") {
  const TempDirectory folder;
  const std::string ids = folder.file("ids");
  const auto all_written = [&] {
    const std::string text = content_of(ids);
    return std::count(text.begin(), text.end(), '\n') == 2;
  };
  {
    auto program = ChildProcess::start(
        {shell("sleep 1000 & echo $! >> " + ids + "; echo $$ >> " + ids + "; wait")});
    REQUIRE(program);
    REQUIRE(eventually(all_written));
    std::string output;
    CHECK(program->talk("", false, output, {.deadline = {}}) == TalkEnd::TimedOut);
  }
  const std::string text = content_of(ids);
  const std::size_t line_end = text.find('\n');
  CHECK_FALSE(is_running(text.substr(line_end + 1)));
  // Somebody else has to collect the grandchild.
  const std::string sleep_stat = "/proc/" + text.substr(0, line_end) + "/stat";
  CHECK(eventually([&] {
    const std::string stat = content_of(sleep_stat);
    return stat.empty() || stat.find(") Z ") != std::string::npos;
  }));
}

TEST_CASE("a program that is killed takes along what has left its group and session") {
  const TempDirectory folder;
  const std::string id_file = folder.file("id");
  {
    auto program = ChildProcess::start(
        {shell("setsid sh -c 'echo $$ > " + id_file + "; sleep 1000; :' & wait")});
    REQUIRE(program);
    REQUIRE(eventually([&] { return content_of(id_file).ends_with('\n'); }));
  }
  const std::string id = content_of(id_file);
  const std::string stat_file = "/proc/" + id.substr(0, id.size() - 1) + "/stat";
  CHECK(eventually([&] {
    const std::string stat = content_of(stat_file);
    return stat.empty() || stat.find(") Z ") != std::string::npos;
  }));
}

TEST_CASE("a program that writes too much is stopped at the limit") {
  auto limits = limits_for_tests();
  limits.max_output = 1'000'000;
  const Ran ran = run({{"yes"}}, "", limits);
  CHECK(ran.end == TalkEnd::TooMuch);
  CHECK(ran.output.size() > 1'000'000);
  CHECK(ran.output.size() < 1'200'000);
}

TEST_CASE("what a program leaves running does not delay its end") {
  const Ran ran = run({shell("sleep 1000 >&1 & echo $!")});
  CHECK(ran.end == TalkEnd::Ended);
  CHECK(is_running(ran.output));
  ::kill(static_cast<pid_t>(std::stol(ran.output)), SIGKILL);
}

TEST_CASE("a stop ends a talk at once") {
  std::stop_source source;
  auto program = ChildProcess::start({{"sleep", "1000"}});
  REQUIRE(program);
  std::string output;
  std::thread stopper([&] { source.request_stop(); });
  auto limits = limits_for_tests();
  limits.stop = source.get_token();
  CHECK(program->talk("", false, output, limits) == TalkEnd::Stopped);
  stopper.join();
}

TEST_CASE("several talks follow one another with a program that goes on") {
  auto program = ChildProcess::start({shell("while read -r line; do echo \"<$line>\"; done")});
  REQUIRE(program);
  for (const std::string line : {"one\n", "two\n"}) {
    std::string output;
    CHECK(program->talk(line, true, output, limits_for_tests(),
                        [&] { return output.ends_with('\n'); }) == TalkEnd::Enough);
    CHECK(output == "<" + line.substr(0, 3) + ">\n");
  }
  std::string rest;
  CHECK(program->talk("", false, rest, limits_for_tests()) == TalkEnd::Ended);
  CHECK(program->failure().empty());
}

TEST_CASE("a program is looked for in PATH unless it is a path") {
  const TempDirectory folder;
  const std::string file = folder.write("plain", "");
  CHECK(sink::check_program("sh"));
  CHECK(sink::check_program("/bin/sh"));
  for (const std::string& name : {std::string("no-such-program"), file, folder.path()}) {
    const auto checked = sink::check_program(name);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == ErrorKind::BadInput);
    CHECK(checked.error().message.find(name) != std::string::npos);
  }
}
