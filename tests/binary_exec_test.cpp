// SPDX-License-Identifier: Apache-2.0
// exec: a program with a service of its own, with our streams and signals, whose end is ours.
#include "support/process.hpp"
#include "support/temp_directory.hpp"
#include "support/test_sockets.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <cstdio>
#include <memory>

using namespace topicloop::test;

namespace {

using Words = std::vector<std::string>;

struct Outcome {
  int exit_code;
  std::string out;
  std::string err;
};

Outcome run(Words words, int in = k_default) {
  words.insert(words.begin(), "exec");
  Process process(std::move(words), in);
  const int code = process.wait_for_all();
  return {code, process.out().text(), process.err().text()};
}

Outcome run_script(const std::string& script, Words flags = {}) {
  flags.insert(flags.end(), {"--", "sh", "-c", script});
  return run(std::move(flags));
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// What the script writes when nothing is between it and us.
std::string without_exec(const std::string& script) {
  const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(script.c_str(), "re"), ::pclose);
  REQUIRE(output);
  std::string text;
  char buffer[4'096];
  while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, output.get()))
    text.append(buffer, size);
  return text;
}

// Free a moment ago.
std::string free_port() {
  const std::string endpoint = SilentPort().endpoint();
  return endpoint.substr(endpoint.rfind(':') + 1);
}

// A shell that waits until it gets `signal`, and then ends with 9.
std::string waits_for(const std::string& signal) {
  return "sleep 1000 & trap \"kill $!; echo got " + signal + "; exit 9\" " + signal +
         "; echo waiting; wait";
}

}  // namespace

TEST_CASE("the exit code of the program is ours") {
  CHECK(run({"true"}).exit_code == 0);
  CHECK(run_script("exit 7").exit_code == 7);
  CHECK(run_script("kill -KILL $$").exit_code == 137);
  CHECK(run_script("kill -TERM $$").exit_code == 143);
  const std::string ignoring = "env --ignore-signal=CHLD \"$TOPICLOOP\" exec sh -c 'exit 5'";
  CHECK(run_script(ignoring).exit_code == 5);
}

TEST_CASE("a program that cannot be run ends as it does in a shell") {
  const Outcome missing = run({"no-such-program"});
  CHECK(missing.exit_code == 127);
  CHECK(missing.err ==
        "topicloop: error: cannot run \"no-such-program\": No such file or directory\n");
  const TempDirectory folder;
  const Outcome refused = run({folder.write("data", "text")});
  CHECK(refused.exit_code == 126);
  CHECK(contains(refused.err, "Permission denied"));
  const std::string script = folder.write("script", "exit 5\n");  // Without #!, as shells take it.
  ::chmod(script.c_str(), 0700);
  CHECK(run({script}).exit_code == 5);
}

TEST_CASE("the program's words are its own, whatever they look like") {
  const Outcome outcome =
      run({"--cache", "c", "printf", "%s|", "-n", "--", "--version", "[a,b]", "", "{}", "-v"});
  CHECK(outcome.out == "-n|--|--version|[a,b]||{}|-v|");
  CHECK(outcome.err.empty());
  CHECK(run({"--", "printf", "%s|", "--", "x"}).out == "--|x|");
}

TEST_CASE("the program has our standard streams, byte for byte") {
  const std::string bytes("a\0\xff\r\n", 5);
  Pipe input;
  input.write(bytes);
  input.writer.close();
  const Outcome outcome = run({"sh", "-c", "cat; echo note >&2"}, input.reader.fd());
  CHECK(outcome.out == bytes);
  CHECK(outcome.err == "note\n");
}

TEST_CASE("that our standard output is closed is for the program to mind") {
  Process process({"exec", "sh", "-c", "exit 4"}, k_default, k_closed);
  CHECK(process.wait() == 4);
}

TEST_CASE("the program has the limits, descriptors and signals that we were given") {
  // Signals 1 to 28: those from 32 on are the C library's own.
  const std::string script =
      "ulimit -n; cd /proc/self/fd; echo *; "
      "sed -nE 's/^(Sig(Blk|Ign|Cgt)):.*(.{7})$/\\1 \\3/p' /proc/self/status";
  CHECK(run_script(script).out == without_exec(script));
}

TEST_CASE("topicloop in the program finds the service, by name and by variable") {
  const Outcome outcome = run_script(
      "topicloop publish news hello && \"$TOPICLOOP\" subscribe news --from 1 -n 1 2>&-");
  CHECK(outcome.out == "hello\n");
  CHECK(outcome.exit_code == 0);
}

TEST_CASE("the program is told where the service is, and which cache is its own") {
  const Outcome outcome = run_script(
      "echo $MOMENTO_CACHE_NAME; echo $TOPICLOOP_LOCAL; echo $TOPICLOOP_HTTP; "
      "echo $MOMENTO_ENDPOINT; topicloop publish t x --cache second && echo both",
      {"--cache", "first", "--cache", "second"});
  std::istringstream lines(outcome.out);
  std::string cache;
  std::string local;
  std::string http;
  std::string endpoint;
  std::string both;
  lines >> cache >> local >> http >> endpoint >> both;
  CHECK(cache == "first");
  CHECK(local.starts_with("127.0.0.1:"));
  CHECK(http.starts_with("127.0.0.1:"));
  CHECK(endpoint == "localhost:" + local.substr(10));
  CHECK(http != local);
  CHECK(both == "both");
  CHECK(run_script("echo \"<$TOPICLOOP_HTTP>\"", {"--http", "none"}).out == "<>\n");
}

TEST_CASE("the key in the environment is one that the service accepts, and there is no other") {
  const Words guarded{"--require-auth"};
  CHECK(run_script("topicloop publish t x", guarded).exit_code == 0);
  CHECK(run_script("unset TOPICLOOP_LOCAL; topicloop publish t x", guarded).exit_code == 0);
  CHECK(run_script("unset MOMENTO_API_KEY; topicloop publish t x", guarded).exit_code == 5);
}

TEST_CASE("flags of the service reach it") {
  const Outcome fault = run_script("topicloop publish t x; topicloop publish t x",
                                   {"--fault", "topic-publish:error=not-found,count=1"});
  CHECK(fault.exit_code == 0);
  CHECK(contains(fault.err, "error: "));
  CHECK(run_script("topicloop publish t xxxxx", {"--limits", "payload=4"}).exit_code == 5);
  const Outcome gap = run_script(
      "for i in 1 2 3; do topicloop publish t $i; done; topicloop subscribe t --from 1 -n 2",
      {"--retain", "2"});
  CHECK(gap.out == "2\n3\n");
}

TEST_CASE("a webhook's events are signed with the secret that the program is told") {
  const TempDirectory folder;
  const std::string url = "http://127.0.0.1:" + free_port() + "/";
  const Outcome outcome = run_script(
      "cd " + folder.path() + "; topicloop serve-webhook --listen " +
          url.substr(7, url.size() - 8) +
          " --transform upper --publish-to 'topic 2' --ready-file ready >log 2>&1 & "
          "until [ -s ready ]; do sleep 0.05; done; "
          "topicloop publish 'topic 1' hello; "
          "topicloop subscribe 'topic 2' --from beginning -n 1 --timeout 20s 2>&-; code=$?; "
          "[ \"$TOPICLOOP_WEBHOOK_SECRET\" = \"$TOPICLOOP_WEBHOOK_SECRET_TOPIC_1\" ] || code=99; "
          "kill $!; wait; exit $code",
      {"--webhook", "topic 1=" + url});
  INFO(outcome.err);
  CHECK(outcome.out == "HELLO\n");
  CHECK(outcome.exit_code == 0);
}

TEST_CASE("of several webhooks each has its secret and none is the only one") {
  const Outcome outcome = run_script(
      "echo \"<$TOPICLOOP_WEBHOOK_SECRET>\"; "
      "[ \"$TOPICLOOP_WEBHOOK_SECRET_A\" != \"$TOPICLOOP_WEBHOOK_SECRET_B\" ] && "
      "topicloop webhook list | wc -l",
      {"--webhook", "a=http://127.0.0.1:1/", "--webhook", "b=http://127.0.0.1:1/"});
  CHECK(outcome.out == "<>\n2\n");
}

TEST_CASE("a delivery that fails is shown, and one that succeeds only if asked for") {
  const std::string webhook = "t=http://127.0.0.1:1/";
  Process process({"exec", "--webhook", webhook, "--", "sh", "-c",
                   "topicloop publish t x; " + waits_for("TERM")});
  process.err().wait_for("<-- [failed] POST http://127.0.0.1:1/");
  process.out().wait_for("waiting\n");
  process.signal(SIGTERM);
  CHECK(process.wait_for_all() == 9);
  CHECK_FALSE(contains(process.err().text(), "-->"));
  CHECK(contains(run_script("true", {"-v"}).err, "serving topics on 127.0.0.1:"));
}

TEST_CASE("signals that are sent to us are the program's") {
  for (const auto& [signal, name] :
       {std::pair{SIGTERM, "TERM"}, std::pair{SIGINT, "INT"}, std::pair{SIGHUP, "HUP"},
        std::pair{SIGQUIT, "QUIT"}, std::pair{SIGUSR1, "USR1"}, std::pair{SIGUSR2, "USR2"}}) {
    INFO(name);
    Process process({"exec", "--", "sh", "-c", waits_for(name)});
    process.out().wait_for("waiting\n");
    process.signal(signal);
    CHECK(process.wait_for_all() == 9);
    CHECK(process.out().text() == std::string("waiting\ngot ") + name + "\n");
  }
}

TEST_CASE("a program that goes on after a signal is waited for, however many there are") {
  Process process({"exec", "--", "sh", "-c",
                   "trap 'echo again' TERM; trap 'exit 3' USR1; echo waiting; "
                   "while :; do sleep 0.01; done"});
  process.out().wait_for("waiting\n");
  for (std::size_t count = 1; count <= 3; ++count) {
    process.signal(SIGTERM);
    process.out().wait_for_lines(1 + count);
  }
  process.signal(SIGUSR1);
  CHECK(process.wait_for_all() == 3);
}

TEST_CASE("the program is told to end when we are killed") {
  Process process({"exec", "--", "sh", "-c", waits_for("TERM")});
  process.out().wait_for("waiting\n");
  process.signal(SIGKILL);
  process.out().wait_for("got TERM\n");
}

TEST_CASE("other commands still end on the signals that are not theirs") {
  for (const int signal : {SIGUSR1, SIGUSR2}) {
    Process process({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"});
    process.err().wait_for("serving topics on");
    process.signal(signal);
    CHECK(process.wait() == 1'000 + signal);
  }
}
