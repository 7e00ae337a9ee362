// SPDX-License-Identifier: Apache-2.0
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_target.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <filesystem>

using namespace topicloop;
using namespace topicloop::test;

namespace {

std::string serving_topics(const Process& process) {
  return process.err().rest_of_line("serving topics on ");
}

int webhook_port(const Process& process) {
  const std::string url = process.err().rest_of_line("receiving webhooks on ");
  return std::stoi(url.substr(std::string("http://127.0.0.1:").size()));
}

bool is_listening(int port) {
  try {
    const RawClient client(port);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the program tells its version") {
  Process process({"--version"});
  CHECK(process.wait_for_all() == 0);
  CHECK(process.out().text().starts_with("topicloop "));
  CHECK(process.err().text().empty());
}

TEST_CASE("the program without a command is a usage error") {
  Process process({});
  CHECK(process.wait_for_all() == 2);
  CHECK(process.out().text().empty());
}

TEST_CASE("SIGINT and SIGTERM end with a summary and their exit codes") {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    Process process({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"});
    serving_topics(process);
    process.signal(signal);
    CHECK(process.wait_for_all() == code);
    CHECK(contains(process.err().text(), "webhook deliveries: 0 delivered, 0 failed"));
  }
}

TEST_CASE("a second signal ends at once also while output is stuck") {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const Pipe stuck;
    stuck.fill();
    Process process({"serve-webhook", "--no-verify", "--listen", "127.0.0.1:0"}, k_default,
                    stuck.writer.fd());
    const int port = webhook_port(process);
    RawClient client(port);
    client.send(signed_post("/", event_now("hello")));
    CHECK(status_of(client.receive_until("}")) == 200);

    // The request is being written down, which never ends; and so neither does the draining.
    process.signal(signal);
    REQUIRE(eventually([&] { return !is_listening(port); }));
    process.signal(signal);
    CHECK(process.wait() == code);
  }
}

TEST_CASE("a pipe closed by its reader ends the program quietly with 0") {
  Process service({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"});
  const std::string endpoint = serving_topics(service);
  Pipe head;
  Process subscribe({"subscribe", "t", "--local", endpoint}, k_default, head.writer.fd());
  head.writer.close();
  subscribe.err().wait_for("subscribed to \"t\"\n");
  head.reader.close();
  Process publish({"publish", "t", "hello", "--local", endpoint});
  CHECK(publish.wait() == 0);
  CHECK(subscribe.wait_for_all() == 0);
  CHECK(subscribe.err().text() == "subscribed to \"t\"\n");
}

TEST_CASE("a pipe closed by its reader ends a publisher of endless input quietly with 0") {
  Process service({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"});
  const std::string endpoint = serving_topics(service);
  Pipe head;
  Pipe input;
  Process publish({"publish", "t", "--local", endpoint, "-o", "json"}, input.reader.fd(),
                  head.writer.fd());
  head.writer.close();
  input.write("one\n");
  char byte = 0;
  REQUIRE(::read(head.reader.fd(), &byte, 1) == 1);
  head.reader.close();
  input.write("two\n");
  CHECK(publish.wait_for_all() == 0);  // With its input still open.
  CHECK(publish.err().text().empty());
}

TEST_CASE("closed standard input is bad input and not somebody else's socket") {
  Process service({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"});
  const std::string endpoint = serving_topics(service);
  Process publish({"publish", "t", "--local", endpoint}, k_closed);
  CHECK(publish.wait_for_all() == 3);
  CHECK(contains(publish.err().text(), "cannot read standard input: Bad file descriptor"));
}

TEST_CASE("what cannot be shown because standard output is closed is an error") {
  Process service({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"});
  const std::string endpoint = serving_topics(service);
  Process publish({"publish", "t", "hello", "--local", endpoint, "-o", "json"}, k_default,
                  k_closed);
  CHECK(publish.wait_for_all() == 3);
  CHECK(publish.err().text() ==
        "topicloop: error: cannot write standard output: Bad file descriptor\n");
  Process silent({"publish", "t", "hello", "--local", endpoint}, k_default, k_closed);
  CHECK(silent.wait_for_all() == 0);
}

TEST_CASE("doctor does not count checks that it could not show") {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  for (const char* format : {"text", "json"}) {
    Process doctor({"doctor", "--local", "127.0.0.1:1", "-o", format}, k_default, full.fd());
    CHECK(doctor.wait_for_all() == 3);
    CHECK(doctor.err().text() ==
          "topicloop: error: cannot write standard output: No space left on device\n");
  }
}

TEST_CASE("a terminal that closes ends a service in order") {
  const TempDirectory folder;
  Process service({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none", "--ready-file",
                   folder.file("ready")});
  serving_topics(service);
  service.signal(SIGHUP);
  CHECK(service.wait() == 129);
  CHECK_FALSE(std::filesystem::exists(folder.file("ready")));
}

TEST_CASE("services that need no input run with none") {
  Process service({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"}, k_closed);
  serving_topics(service);
  service.signal(SIGTERM);
  CHECK(service.wait() == 143);
}
