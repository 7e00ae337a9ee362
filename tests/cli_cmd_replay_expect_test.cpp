// SPDX-License-Identifier: Apache-2.0
// What `replay` expects to come out on a topic, and expectations that are written anew.
#include "support/captures.hpp"
#include "support/forward_command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Messages a, b and c are published on "t", and what comes out there is compared with a file.
class Loop {
public:
  Loop() {
    std::vector<model::CaptureRecord> records;
    for (const char* text : {"a", "b", R"({"n":1,"at":2})"})
      records.push_back(message_record(model::Value::text(text)));
    write_capture(folder_.file("c"), records);
  }

  // `expected` are the lines of the file.
  Outcome run(const std::string& expected, Arguments more = {}) const {
    folder_.write("expected", expected);
    Arguments arguments{
        "replay",        folder_.file("c"),       "--to-topic", "t", "--expect-topic", "t",
        "--expect-file", folder_.file("expected")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command(at(service_, arguments));
  }

  std::string path() const { return folder_.file("expected"); }
  std::string report() const { return folder_.file("report"); }

private:
  Service service_;
  TempDirectory folder_;
};

const std::string k_a = "{\"type\":\"message\",\"text\":\"a\"}\n";
const std::string k_b = "{\"type\":\"message\",\"text\":\"b\"}\n";
const std::string k_n = "{\"type\":\"message\",\"text\":\"{\\\"at\\\":2, \\\"n\\\":1}\"}\n";

}  // namespace

TEST_CASE("what comes out on the topic passes if it is what the file says, in its order") {
  const Loop loop;
  const Outcome outcome = loop.run(k_a + k_b + k_n);
  INFO(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "replayed: 6 passed, 0 failed, 0 not answered, 0 skipped in "));
}

TEST_CASE("another order fails with the lines and differences, unless --unordered") {
  const Loop loop;
  const Outcome outcome = loop.run(k_b + k_a + k_n, {"--report", "json:" + loop.report()});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "topicloop: failed: " + loop.path() +
                                  ":1: t, message 1: another message came, as #1\n"));
  CHECK(contains(outcome.err, "- b\n"));
  CHECK(contains(outcome.err, "+ a\n"));
  CHECK(contains(outcome.err, "topicloop: error: 2 of 6 cases failed\n"));
  CHECK(contains(bytes_of(loop.report()), "t, message 1"));
  CHECK(loop.run(k_b + k_a + k_n, {"--unordered"}).exit_code == 0);
}

TEST_CASE("a place that is ignored may differ") {
  const Loop loop;
  const std::string other = "{\"type\":\"message\",\"text\":\"{\\\"at\\\":3, \\\"n\\\":1}\"}\n";
  CHECK(loop.run(k_a + k_b + other).exit_code == 1);
  CHECK(loop.run(k_a + k_b + other, {"--ignore", "/at"}).exit_code == 0);
}

TEST_CASE("messages that do not come in time are a timeout if nothing else is wrong") {
  const Loop loop;
  const Outcome outcome = loop.run(k_a + k_b + k_n + k_a, {"--timeout", "100ms"});
  CHECK(outcome.exit_code == 124);
  CHECK(contains(outcome.err, loop.path() + ":4: t, message 4: it did not come within 100ms\n"));
  CHECK(loop.run(k_a + k_n + k_n + k_a, {"--timeout", "100ms"}).exit_code == 1);
}

TEST_CASE("replay --update writes what came out, with which the next run is content") {
  const Loop loop;
  CHECK(loop.run("old", {"--update", "--timeout", "200ms"}).exit_code == 0);
  const std::string written = bytes_of(loop.path());
  CHECK(written.starts_with("{\"v\":1,\"type\":\"message\",\"cache\":\"cache\",\"topic\":\"t\","));
  CHECK(loop.run(written).exit_code == 0);
}

TEST_CASE("a file of expected messages that cannot be read ends it before anything is sent") {
  const Loop loop;
  const Outcome outcome = loop.run(k_a + "text\n");
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, loop.path() + ":2: not a JSON object\n"));
  CHECK(outcome.out.empty());
}

TEST_CASE("replay --update rewrites the answers in the capture, with which --compare is content") {
  const TempDirectory folder;
  const std::string path = folder.file("c");
  write_capture(path, {request_record("first"), message_record(model::Value::text("m")),
                       request_record("second")});
  const HttpEndpoint endpoint([](const httplib::Request& request, httplib::Response& response) {
    response.status = request.body == "first" ? 201 : 500;
    response.set_content("new " + request.body, "text/plain");
  });
  const Arguments replay{"replay",           path, "--to", endpoint.url(), "--compare", "--select",
                         "type == 'request'"};
  CHECK(run_command(replay).exit_code == 1);
  Arguments update = replay;
  update.push_back("--update");
  CHECK(run_command(update).exit_code == 0);
  const auto records = read_capture(path).records;
  REQUIRE(records.size() == 3);
  CHECK(std::get<model::HttpExchange>(records[2].content).response.status == 500);
  CHECK(std::get<model::HttpExchange>(records[0].content).response.body == "new first");
  CHECK(run_command(replay).exit_code == 0);
}
