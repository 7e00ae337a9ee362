// SPDX-License-Identifier: Apache-2.0
// `subscribe` through breaks, over several topics, and from where it ended before.
#include "support/command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <set>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// A service that can be stopped and started again at the same address.
class Restartable {
public:
  Restartable() { start(); }

  void start() {
    auto options = options_for_tests();
    options.address = address_;
    options.retention.messages = 3;
    service_ = std::make_unique<Service>(std::move(options));
  }
  void stop() { service_.reset(); }
  const Service& operator*() const { return *service_; }
  const Service* operator->() const { return service_.get(); }

private:
  TempDirectory folder_;
  std::string address_ = "unix:" + folder_.file("socket");
  std::unique_ptr<Service> service_;
};

}  // namespace

TEST_CASE("subscribe survives a restart of the service and says what is missing") {
  Restartable service;
  Command subscribe(at(*service, {"subscribe", "t", "-n", "2", "-o", "json"}));
  subscribe.out().wait_for("ready");
  service->publish("t", "one");
  subscribe.out().wait_for("one");
  service.stop();
  subscribe.err().wait_for("; trying again\n");
  service.start();
  subscribe.err().wait_for("subscribed again\n");
  service->publish("t", "two");
  CHECK(subscribe.wait() == 0);
  const auto messages = records_of(subscribe.records(), "message");
  REQUIRE(messages.size() == 2);
  CHECK(messages[1]["text"] == "two");
  const auto gaps = records_of(subscribe.records(), "gap");
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0]["missing"][0]["first"] == 2);
  CHECK(gaps[0]["missing"][0]["sequence_page"] == messages[0]["sequence_page"]);
  CHECK(gaps[0]["missing"][0]["last"].is_null());
}

TEST_CASE("one subscribe follows several topics and counts them together") {
  const Service service;
  Command subscribe(at(service, {"subscribe", "a", "b", "-n", "3", "-o", "json"}));
  subscribe.out().wait_for("ready");
  service.publish("a", "1");
  service.publish("b", "2");
  service.publish("a", "3");
  CHECK(subscribe.wait() == 0);
  std::set<std::string> seen;
  for (const auto& message : records_of(subscribe.records(), "message")) {
    seen.insert(message["topic"].get<std::string>() + message["text"].get<std::string>());
  }
  CHECK(seen == std::set<std::string>{"a1", "b2", "a3"});
}

TEST_CASE("a topic that cannot be followed ends subscribe whatever the others do") {
  const Service service;
  const Outcome outcome = run_command(at(service, {"subscribe", "a", " "}));
  CHECK(outcome.exit_code == 2);
}

TEST_CASE("only messages that match are shown and counted") {
  const Service service;
  for (const char* text : {"apple", "pear", "grape", "plum"})
    service.publish("t", text);
  const Outcome outcome =
      run_command(at(service, {"subscribe", "t", "--from", "1", "--match", "ap", "-n", "2"}));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "apple\ngrape\n");
}

TEST_CASE("an expression that is none is a usage error naming it") {
  const Service service;
  const Outcome outcome = run_command(at(service, {"subscribe", "t", "--match", "a("}));
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "--match a(: missing )"));
}

TEST_CASE("subscribe ends with 124 once nothing was shown for the idle timeout") {
  const Service service;
  service.publish("t", "one");
  service.publish("t", "other");
  const Outcome outcome = run_command(
      at(service, {"subscribe", "t", "--from", "1", "--match", "one", "--idle-timeout", "200ms"}));
  CHECK(outcome.exit_code == 124);
  CHECK(outcome.out == "one\n");
  CHECK(contains(outcome.err, "--idle-timeout 200ms ran out after 1 message\n"));
}

TEST_CASE("a later run with the same resume file goes on where the last one ended") {
  const Service service;
  const TempDirectory folder;
  const std::string file = folder.file("resume");
  for (const char* text : {"1", "2", "3", "4"})
    service.publish("t", text);
  const auto run = [&](const char* count) {
    return run_command(
        at(service, {"subscribe", "t", "--from", "1", "--resume-file", file, "-n", count}));
  };
  CHECK(run("2").out == "1\n2\n");
  CHECK(run("1").out == "3\n");
  CHECK(run("1").out == "4\n");
}

TEST_CASE("what does not match is not shown by a later run either") {
  const Service service;
  const TempDirectory folder;
  const std::string file = folder.file("resume");
  for (const char* text : {"a", "b", "a"})
    service.publish("t", text);
  const Arguments match{"subscribe", "t",       "--from", "1",  "--resume-file",
                        file,        "--match", "a",      "-n", "2"};
  CHECK(run_command(at(service, match)).out == "a\na\n");
  service.publish("t", "b");
  const Arguments all{"subscribe", "t", "--resume-file", file, "-n", "1"};
  CHECK(run_command(at(service, all)).out == "b\n");
}

TEST_CASE("a topic that was quiet in one run loses nothing in the next") {
  const Service service;
  const TempDirectory folder;
  const Arguments arguments{"subscribe", "quiet", "busy", "--resume-file", folder.file("resume")};
  const auto run = [&](const char* count) {
    Arguments all = arguments;
    all.insert(all.end(), {"-n", count});
    return at(service, all);
  };
  {
    Command first(run("1"));
    first.err().wait_for("subscribed to");
    service.publish("busy", "1");
    CHECK(first.wait() == 0);
  }
  service.publish("quiet", "2");
  const Outcome second = run_command(run("1"));
  CHECK(second.out == "2\n");
  CHECK(second.err.find("gap") == std::string::npos);
}

TEST_CASE("a resume file that cannot be written ends subscribe before it shows anything") {
  const Service service;
  service.publish("t", "x");
  const Outcome outcome = run_command(
      at(service, {"subscribe", "t", "--from", "1", "--resume-file", "/nonexistent/dir/resume"}));
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out.empty());
}

TEST_CASE("a topic named twice is followed once") {
  const Service service;
  service.publish("t", "x");
  service.publish("t", "y");
  CHECK(run_command(at(service, {"subscribe", "t", "t", "--from", "1", "-n", "2"})).out ==
        "x\ny\n");
}

TEST_CASE("a service that is not serving yet is waited for") {
  auto options = options_for_tests();
  broker::Fault fault{broker::FaultTarget::TopicSubscribe, {}};
  fault.rule.error = 14;
  fault.rule.error_count = 2;
  options.faults = {fault};
  const Service service(std::move(options));
  service.publish("t", "x");
  CHECK(run_command(at(service, {"subscribe", "t", "--from", "1", "-n", "1"})).out == "x\n");
  const Outcome impatient =
      run_command(at(Service([] {
                       auto failing = options_for_tests();
                       broker::Fault always{broker::FaultTarget::TopicSubscribe, {}};
                       always.rule.error = 14;
                       failing.faults = {always};
                       return failing;
                     }()),
                     {"subscribe", "t", "--connect-timeout", "200ms"}));
  CHECK(impatient.exit_code == 4);
}

TEST_CASE("a later run tells what was lost between the two") {
  Restartable service;
  const TempDirectory folder;
  const Arguments run{"subscribe", "t", "--from",        "1",
                      "-n",        "1", "--resume-file", folder.file("resume")};
  service->publish("t", "1");
  CHECK(run_command(at(*service, run)).out == "1\n");
  for (const char* text : {"2", "3", "4", "5", "6"})
    service->publish("t", text);
  const Outcome outcome = run_command(at(*service, run));
  CHECK(outcome.out == "4\n");
  CHECK(contains(outcome.err, "gap on \"t\": messages 2 to 3 are not available\n"));
}

TEST_CASE("a gap is told by one run and not again by the next") {
  Restartable service;
  const TempDirectory folder;
  const Arguments run{"subscribe",    "t", "--from",        "1",
                      "-n",           "1", "--resume-file", folder.file("resume"),
                      "--fail-on-gap"};
  service->publish("t", "1");
  CHECK(run_command(at(*service, run)).out == "1\n");
  for (const char* text : {"2", "3", "4", "5", "6"})
    service->publish("t", text);
  const Outcome gap = run_command(at(*service, run));
  CHECK(gap.exit_code == 6);
  CHECK(gap.out.empty());
  const Outcome after = run_command(at(*service, run));
  CHECK(after.exit_code == 0);
  CHECK(after.out == "4\n");
}

TEST_CASE("a damaged resume file is bad input and stays as it is") {
  const Service service;
  const TempDirectory folder;
  const std::string file = folder.write("resume", "something else");
  const Outcome outcome = run_command(at(service, {"subscribe", "t", "--resume-file", file}));
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, "resume file " + file));
  CHECK(content_of(file) == "something else");
}

TEST_CASE("subscribe ends with 6 at the first gap under --fail-on-gap") {
  Restartable service;
  for (const char* text : {"1", "2", "3", "4", "5"})
    service->publish("t", text);
  const auto run = [&](const char* from) {
    return run_command(
        at(*service, {"subscribe", "t", "--from", from, "--fail-on-gap", "-n", "3", "-o", "json"}));
  };
  CHECK(run("3").exit_code == 0);
  const Outcome outcome = run("2");
  CHECK(outcome.exit_code == 6);
  CHECK(records_of(outcome.records(), "gap").size() == 1);
  CHECK(records_of(outcome.records(), "message").empty());
  CHECK(outcome.records().back()["exit_code"] == 6);
}

TEST_CASE("heartbeats are shown to those who ask") {
  const Service service;
  Command subscribe(at(service, {"subscribe", "t", "--show", "heartbeats,gaps", "-o", "json"}));
  subscribe.out().wait_for("\"type\":\"heartbeat\"");
  CHECK(subscribe.interrupt_and_wait() == 130);
}

TEST_CASE("a break is said once for all topics") {
  Restartable service;
  Command subscribe(at(*service, {"subscribe", "a", "b", "c"}));
  subscribe.err().wait_for("subscribed to");
  service.stop();
  subscribe.err().wait_for("; trying again\n");
  service.start();
  subscribe.err().wait_for("subscribed again\n");
  subscribe.interrupt_and_wait();
  const std::string text = subscribe.err().text();
  const auto first = text.find("; trying again");
  CHECK(text.find("; trying again", first + 1) == std::string::npos);
}
