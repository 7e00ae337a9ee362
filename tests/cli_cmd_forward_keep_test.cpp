// SPDX-License-Identifier: Apache-2.0
// `forward` and what it must not lose: positions, dead letters, gaps; and how it ends.
#include "capture/file.hpp"
#include "cli/resume_file.hpp"
#include "support/forward_command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace topicloop;
using namespace topicloop::test;

namespace {

using Strings = std::vector<std::string>;

std::uint64_t noted_number(const std::string& file) {
  return must(cli::ResumeFile::open(file))
      .position(k_cache, "t")
      .value_or(model::ResumePoint{})
      .sequence_number;
}

std::vector<model::CaptureRecord> content_of_capture(const std::string& file) {
  auto reader = must(capture::Reader::open(file, [](const auto&) { FAIL("a warning"); }));
  std::vector<model::CaptureRecord> records;
  while (auto record = must(reader.next()))
    records.push_back(*std::move(record));
  return records;
}

// An endpoint that answers nothing until it is told to.
class Held {
public:
  ~Held() { release(); }
  void release() {
    if (!std::exchange(is_released_, true)) promise_.set_value();
  }
  void wait() const { released_.wait_for(k_patience); }

private:
  bool is_released_ = false;
  std::promise<void> promise_;
  std::shared_future<void> released_ = promise_.get_future().share();
};

}  // namespace

TEST_CASE("the resume file advances only after delivery") {
  const WithSecret secret;
  const TempDirectory directory;
  const std::string file = directory.file("position");
  const Service service;
  Held held;
  const HttpEndpoint endpoint([&](const auto& request, auto&) {
    if (event_of(request).text == "2") held.wait();
  });
  for (const char* text : {"1", "2", "3"})
    service.publish("t", text);
  Command command(
      forward_from(service, endpoint.url(), {"--resume-file", file, "--concurrency", "2"}));
  // The third is delivered beside the second, but after it.
  REQUIRE(eventually([&] { return endpoint.requests().size() == 3; }));
  command.out().wait_for_lines(5);
  CHECK(noted_number(file) == 2);
  held.release();
  CHECK(eventually([&] { return noted_number(file) == 4; }));
  CHECK(command.interrupt_and_wait() == 130);
}

TEST_CASE("the next run goes on after what was delivered and repeats what was not") {
  const WithSecret secret;
  const TempDirectory directory;
  const std::string file = directory.file("position");
  const Service service;
  Held held;
  {
    const HttpEndpoint endpoint([&](const auto& request, auto& response) {
      if (event_of(request).text != "2") return;
      held.wait();
      response.status = 503;
    });
    for (const char* text : {"1", "2", "3"})
      service.publish("t", text);
    Command command(forward_from(service, endpoint.url(),
                                 {"--resume-file", file, "--ordered", "--retry", "9"}));
    REQUIRE(eventually([&] { return endpoint.requests().size() == 2; }));
    command.interrupt();
    held.release();
    CHECK(command.wait() == 130);
    CHECK(contains(command.err().text(), "not yet delivered: 2 of 3 received\n"));
  }
  const HttpEndpoint endpoint;
  service.publish("t", "4");
  CHECK(run_command(
            forward_from(service, endpoint.url(), {"--resume-file", file, "--ordered", "-n", "3"}))
            .exit_code == 0);
  CHECK(texts_of(endpoint.requests()) == Strings{"2", "3", "4"});
  CHECK(noted_number(file) == 5);
}

TEST_CASE("a topic on which nothing was delivered yet has its position noted") {
  const WithSecret secret;
  const TempDirectory directory;
  const std::string file = directory.file("position");
  const Service service;
  service.publish("t", "before");
  Command command(
      at(service, {"forward", "t", "--to", "http://127.0.0.1:1/", "--resume-file", file}));
  command.err().wait_for("forwarding");
  CHECK(noted_number(file) == 2);
  CHECK(command.interrupt_and_wait() == 130);
}

TEST_CASE("what cannot be delivered is in the dead letter file exactly as it was sent last") {
  const WithSecret secret;
  const TempDirectory directory;
  const std::string file = directory.file("dead.jsonl");
  const Service service;
  const HttpEndpoint endpoint(Answers({{"bad", {422}}, {"broken", {500, 503}}}));
  for (const char* text : {"bad", "broken", "good"})
    service.publish("t", text);
  const Outcome outcome = run_command(
      forward_from(service, endpoint.url("/hook?a=1"),
                   {"-n", "3", "--retry", "1", "--ordered", "--dead-letter", file, "-o", "json"}));
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "; it is a dead letter now\n"));
  CHECK(records_of(outcome.records(), "summary").at(0)["dead_lettered"] == 2);

  const auto letters = content_of_capture(file);
  const auto requests = endpoint.requests();
  REQUIRE(letters.size() == 2);
  REQUIRE(requests.size() == 4);
  const auto& bad = std::get<model::HttpExchange>(letters[0].content);
  CHECK(bad.request.body == requests[0].body);
  CHECK(bad.request.method == "POST");
  CHECK(bad.request.target == "/hook?a=1");
  CHECK(bad.url == endpoint.url("/hook?a=1"));
  CHECK(bad.response.status == 422);
  CHECK(bad.attempts == 1);
  const auto& broken = std::get<model::HttpExchange>(letters[1].content);
  CHECK(broken.request.body == requests[2].body);  // And not the first attempt's.
  CHECK(broken.response.status == 503);
  CHECK(broken.reason == "status 503");
  CHECK(broken.attempts == 2);
  const auto signature = requests[2].get_header_value("momento-signature");
  CHECK(broken.request.headers == model::HttpHeaders{{"Content-Type", webhook::k_content_type},
                                                     {"User-Agent", webhook::k_user_agent},
                                                     {"momento-signature", signature}});
}

TEST_CASE("a dead letter says why there was no answer") {
  const WithSecret secret;
  const TempDirectory directory;
  const std::string file = directory.file("dead.jsonl");
  const Service service;
  service.publish("t", "a");
  const Outcome outcome = run_command(forward_from(
      service, "http://127.0.0.1:1/", {"-n", "1", "--retry", "0", "--dead-letter", file}));
  CHECK(outcome.exit_code == 0);
  const auto letter = std::get<model::HttpExchange>(content_of_capture(file).at(0).content);
  CHECK(letter.response.status == 0);
  CHECK(letter.reason == "connection refused");
}

TEST_CASE("dead letters are added to those of earlier runs") {
  const WithSecret secret;
  const TempDirectory directory;
  const std::string file = directory.file("dead.jsonl");
  const Service service;
  service.publish("t", "a");
  for (std::size_t runs = 1; runs <= 2; ++runs) {
    run_command(forward_from(service, "http://127.0.0.1:1/",
                             {"-n", "1", "--retry", "0", "--dead-letter", file}));
    CHECK(content_of_capture(file).size() == runs);
  }
}

TEST_CASE("a dead letter is settled and not delivered again by the next run") {
  const WithSecret secret;
  const TempDirectory directory;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"a", {400}}}));
  service.publish("t", "a");
  CHECK(run_command(forward_from(service, endpoint.url(),
                                 {"-n", "1", "--dead-letter", directory.file("dead"),
                                  "--resume-file", directory.file("position")}))
            .exit_code == 0);
  CHECK(noted_number(directory.file("position")) == 2);
}

TEST_CASE("without a dead letter the run ends and the next one begins with the message") {
  const WithSecret secret;
  const TempDirectory directory;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"b", {400, 200}}}));
  for (const char* text : {"a", "b", "c"})
    service.publish("t", text);
  const auto arguments = forward_from(
      service, endpoint.url(),
      {"-n", "3", "--ordered", "--resume-file", directory.file("position"), "-o", "json"});
  const Outcome first = run_command(arguments);
  CHECK(first.exit_code == 1);
  CHECK(contains(first.err, "\"t\" #2 was not delivered; the next run begins with it\n"));
  CHECK(noted_number(directory.file("position")) == 2);
  auto again = arguments;
  again[std::find(again.begin(), again.end(), "3") - again.begin()] = "2";
  CHECK(run_command(again).exit_code == 0);
  CHECK(noted_number(directory.file("position")) == 4);
}

TEST_CASE("files that cannot be used are refused with 3 and their names") {
  const WithSecret secret;
  const TempDirectory directory;
  const Service service;
  const std::string other = directory.write("other", "something else\n");
  const std::vector<Arguments> rows = {{"--resume-file", other},
                                       {"--dead-letter", other},
                                       {"--dead-letter", "/nonexistent/dead"},
                                       {"--secret-file", "/nonexistent/secret"}};
  for (const auto& row : rows) {
    const Outcome outcome = run_command(forward_from(service, "http://127.0.0.1:1/", row));
    INFO(outcome.err);
    CHECK(outcome.exit_code == 3);
    CHECK(contains(outcome.err, row[1]));
  }
}

TEST_CASE("a dead letter that cannot be written ends with 3 and does not count as settled") {
  const WithSecret secret;
  const TempDirectory directory;
  const Service service;
  service.publish("t", "a");
  const Outcome outcome = run_command(forward_from(
      service, "http://127.0.0.1:1/",
      {"--retry", "0", "--dead-letter", "/dev/full", "--resume-file", directory.file("position")}));
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, "/dev/full"));
}

TEST_CASE("what the service does not have any more is reported as a gap and counted") {
  const WithSecret secret;
  auto options = options_for_tests();
  options.retention.messages = 2;
  const Service service(options);
  const HttpEndpoint endpoint;
  for (const char* text : {"1", "2", "3", "4", "5"})
    service.publish("t", text);
  const Outcome outcome = run_command(at(
      service, {"forward", "t", "--to", endpoint.url(), "--from", "2", "-n", "2", "-o", "json"}));
  CHECK(outcome.exit_code == 0);
  const auto gaps = records_of(outcome.records(), "gap");
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0]["missing"][0]["first"] == 2);
  CHECK(gaps[0]["missing"][0]["last"] == 3);
  CHECK(records_of(outcome.records(), "summary").at(0)["gaps"] == 1);
  CHECK(contains(outcome.err, "; gaps: 1\n"));
}

TEST_CASE("a gap is reported by the run that met it and by none after that") {
  const WithSecret secret;
  const TempDirectory directory;
  auto options = options_for_tests();
  options.address = "unix:" + directory.file("socket");
  auto service = std::make_unique<Service>(options);
  const HttpEndpoint endpoint;
  const Arguments forward = at(*service, {"forward", "t", "--to", endpoint.url(), "-o", "json",
                                          "--resume-file", directory.file("position")});
  service->publish("t", "one");
  Arguments from_beginning = forward;
  from_beginning.insert(from_beginning.end(), {"--from", "beginning", "-n", "1"});
  CHECK(run_command(from_beginning).exit_code == 0);
  service.reset();
  service = std::make_unique<Service>(options);
  {
    Command second(forward);
    second.out().wait_for("\"type\":\"gap\"");
    CHECK(eventually([&] { return noted_number(directory.file("position")) == 1; }));
    CHECK(second.interrupt_and_wait() == 130);
  }
  Command third(forward);
  third.out().wait_for("\"type\":\"ready\"");
  service->publish("t", "two");
  third.out().wait_for("\"delivered\":true");
  CHECK(records_of(third.records(), "gap").empty());
  CHECK(third.interrupt_and_wait() == 130);
}

TEST_CASE("a restart of the service is survived and what it forgot is a gap") {
  const WithSecret secret;
  const TempDirectory directory;
  auto options = options_for_tests();
  options.address = "unix:" + directory.file("socket");
  auto service = std::make_unique<Service>(options);
  const HttpEndpoint endpoint;
  Command command(at(*service, {"forward", "t", "--to", endpoint.url(), "-n", "2", "-o", "json"}));
  command.err().wait_for("forwarding");
  service->publish("t", "one");
  command.out().wait_for("\"delivered\":true");
  service.reset();
  command.err().wait_for("; trying again\n");
  service = std::make_unique<Service>(options);
  command.err().wait_for("subscribed again\n");
  service->publish("t", "two");
  CHECK(command.wait() == 0);
  CHECK(texts_of(endpoint.requests()) == Strings{"one", "two"});
  const auto gaps = records_of(command.records(), "gap");
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0]["missing"][0]["first"] == 2);
  CHECK(gaps[0]["missing"][0]["last"].is_null());
}

TEST_CASE("a stop while a delivery waits for its next attempt ends at once and settles nothing") {
  const WithSecret secret;
  const TempDirectory directory;
  const std::string file = directory.file("position");
  const Service service;
  const HttpEndpoint endpoint([](const auto&, auto& response) {
    response.status = 503;
    response.set_header("Retry-After", "3600");
  });
  service.publish("t", "a");
  Command command(forward_from(service, endpoint.url(), {"--resume-file", file}));
  command.out().wait_for(": again in 3600.0s");
  CHECK(command.interrupt_and_wait(SIGTERM) == 143);
  CHECK(noted_number(file) <= 1);
  CHECK(contains(command.err().text(), "not yet delivered: 1 of 1 received\n"));
}

TEST_CASE("no more messages are taken than were to be delivered") {
  const WithSecret secret;
  const TempDirectory directory;
  const Service service;
  const HttpEndpoint endpoint;
  for (int i = 0; i < 20; ++i)
    service.publish("t", "x");
  CHECK(run_command(forward_from(service, endpoint.url(),
                                 {"-n", "7", "--resume-file", directory.file("position")}))
            .exit_code == 0);
  CHECK(endpoint.requests().size() == 7);
  CHECK(noted_number(directory.file("position")) == 8);
}

TEST_CASE("more messages than are held at a time arrive one and all") {
  const WithSecret secret;
  auto options = options_for_tests();
  options.retention.messages = 5'000;
  const Service service(options);
  const HttpEndpoint endpoint;
  auto publisher = service.client.publisher({.cache = k_cache, .in_flight = 64, .on_result = {}});
  for (int i = 0; i < 2'500; ++i)
    publisher.publish("t", model::Value::text(std::to_string(i)), {});
  publisher.flush({});
  const Outcome outcome =
      run_command(forward_from(service, endpoint.url(), {"-n", "2500", "-o", "json"}));
  CHECK(outcome.exit_code == 0);
  CHECK(endpoint.requests().size() == 2'500);
}
