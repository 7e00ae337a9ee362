// SPDX-License-Identifier: Apache-2.0
#include "support/captures.hpp"
#include "support/command.hpp"
#include "support/temp_directory.hpp"
#include "webhook/event.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using model::Value;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

model::CaptureRecord event_record(const std::string& text) {
  return request_record(webhook::to_json({"c", "t", 1, 2, 42, "", text}));
}

model::CaptureRecord binary_event_record(const std::string& base64) {
  auto record = event_record(base64);
  std::get<model::HttpExchange>(record.content)
      .request.headers.emplace_back("Topicloop-Text-Encoding", "base64");
  return record;
}

model::CaptureRecord forged_record() {
  auto record = event_record("forged");
  std::get<model::HttpExchange>(record.content).verification.outcome =
      model::Verification::Outcome::Failed;
  return record;
}

std::vector<Value> published(const Service& service, const std::string& topic, std::size_t count) {
  auto subscription = service.subscribe(topic, {.sequence_number = 1, .sequence_page = 0});
  std::vector<Value> values;
  while (values.size() < count)
    values.push_back(next_message(subscription).value);
  return values;
}

Outcome publish(const Service& service, const std::string& topic, const std::string& file) {
  return run_command(at(service, {"publish", topic, "--input", "json", "--file", file}));
}

}  // namespace

TEST_CASE("publish --input json publishes the messages and events of a capture, in order") {
  const TempDirectory folder;
  const Service service;
  const std::vector<model::CaptureRecord> records = {message_record(Value::text("1")),
                                                     event_record("2"),
                                                     forged_record(),
                                                     gap_record(),
                                                     binary_event_record("//8="),
                                                     message_record(Value::binary("\xFE"))};
  const std::vector<Value> expected = {Value::text("1"), Value::text("2"),
                                       Value::binary("\xFF\xFF"), Value::binary("\xFE")};
  for (const std::string name : {"c", "c.gz", "c.zst"}) {
    INFO(name);
    write_capture(folder.file(name), records);
    const Outcome outcome = publish(service, name, folder.file(name));
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    CHECK(published(service, name, 4) == expected);
  }
  for (const std::string name : {"c", "c.gz", "c.zst"}) {
    INFO(name << " as standard input");
    const std::string bytes = bytes_of(folder.file(name));
    for (const Arguments& input :
         {Arguments{"--input", "json"}, Arguments{"--input", "json", "-f", "-"}}) {
      Arguments arguments{"publish", "stdin of " + name + std::to_string(input.size())};
      arguments.insert(arguments.end(), input.begin(), input.end());
      const Outcome piped = run_command(at(service, arguments), bytes);
      INFO(piped.err);
      CHECK(piped.exit_code == 0);
      CHECK(published(service, arguments[1], 4) == expected);
    }
  }
}

TEST_CASE("publish passes over torn lines of a capture with a warning") {
  const TempDirectory folder;
  const Service service;
  const std::string file = folder.file("c");
  for (const char* text : {"1", "2"}) {
    write_capture(file, {message_record(Value::text(text))});
    std::ofstream(file, std::ios::app) << "{\"type\":\"mess";
  }
  const Outcome outcome = publish(service, "t", file);
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "warning: line 3 of " + file + " is torn, and skipped"));
  CHECK(contains(outcome.err, "warning: line 6 of " + file + " is torn, and skipped"));
  CHECK(published(service, "t", 2) == std::vector{Value::text("1"), Value::text("2")});
}

TEST_CASE("publish says so when compressed standard input is cut off or damaged") {
  const TempDirectory folder;
  const Service service;
  write_capture(folder.file("c.zst"),
                {message_record(Value::text("1")), message_record(Value::text("2"))});
  const std::string whole = bytes_of(folder.file("c.zst"));
  const Arguments arguments = at(service, {"publish", "t", "--input", "json"});
  const Outcome cut = run_command(arguments, whole.substr(0, whole.size() - 6));
  CHECK(cut.exit_code == 0);
  CHECK(contains(cut.err, "warning: line 3 of standard input is torn, and skipped"));
  std::string wrong = whole;
  wrong[6] = '\xFF';  // Of the first block: a kind that there is not.
  const Outcome damaged = run_command(arguments, wrong);
  CHECK(damaged.exit_code == 3);
  CHECK(contains(damaged.err, "standard input: the compressed data is damaged"));
}

TEST_CASE("publish does not take any other bad line of a capture, nor one of a later version") {
  const TempDirectory folder;
  const Service service;
  const std::string header = "{\"v\":1,\"type\":\"capture\"}\n";
  const std::string gap = capture::to_line(gap_record()) + "\n";
  const std::string bad = folder.write("bad", header + "{\"type\":\n" + gap);
  const Outcome outcome = publish(service, "t", bad);
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, "error: line 2 of " + bad + " is not JSON: byte 8 of 8"));
  CHECK(contains(publish(service, "t", folder.write("list", "[1]\n")).err,
                 "is JSON and not a JSON object"));
  CHECK(contains(publish(service, "t", folder.write("half", "{\"text\":\"\\ud800\"}\n")).err,
                 " is not JSON: byte 16 of 17"));
  const std::string other =
      folder.write("other", header + capture::to_line(request_record("{}")) + "\n");
  CHECK(contains(publish(service, "t", other).err,
                 "line 2 of " + other + " is a request that is not a webhook event"));
  const std::string later = folder.write("later", "{\"v\":2,\"type\":\"capture\"}\n");
  CHECK(contains(publish(service, "t", later).err,
                 "line 1 of " + later + ": the capture's format is version 2"));
  const Outcome none = publish(service, "t", folder.file("none"));
  CHECK(none.exit_code == 3);
  CHECK(contains(none.err, "cannot read " + folder.file("none")));
}

TEST_CASE("publish --repeat is not for the records of a file") {
  const Outcome outcome =
      run_command({"publish", "t", "--input", "json", "--file", "f", "--repeat", "2"});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "--repeat needs a VALUE or --file FILE"));
}
