// SPDX-License-Identifier: Apache-2.0
#include "support/captures.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstdlib>

using namespace topicloop;
using namespace topicloop::test;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string event_body(const std::string& text) {
  return webhook::to_json({"c", "topic 1", 1, 2, 42, "", text});
}

const std::string k_header = "{\"v\":1,\"type\":\"capture\"}\n";

}  // namespace

TEST_CASE("capture show prints requests, messages and gaps") {
  const TempDirectory folder;
  const std::string file = folder.file("c");
  write_capture(file, {request_record(event_body("a\x1b")), request_record("{}"),
                       message_record(model::Value::text("b\n")), gap_record()});
  const Outcome outcome = run_command({"capture", "show", file});
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.out, " --> topic 1 #42 [89fc77f2]\n"));
  CHECK(contains(outcome.out, " --> POST /hook?a=b [89fc77f2]\n"));
  CHECK(contains(outcome.out,
                 " <-- [200] POST http://127.0.0.1:9000/hook?a=b (1.50ms) [89fc77f2]\n"));
  CHECK(contains(outcome.out, " topic 1 #42 b\\x0a\n"));
  CHECK_FALSE(contains(outcome.out, "> Host: x"));
  CHECK(contains(outcome.out, " topic 1 gap: #3 to #5, #9 to an unknown number\n"));
}

TEST_CASE("capture show --details prints headers and bodies, made safe for a terminal") {
  const TempDirectory folder;
  const std::string file = folder.file("c");
  write_capture(file, {request_record("a\x1b[2J")});
  const Outcome outcome = run_command({"capture", "show", file, "--details"});
  CHECK(contains(outcome.out,
                 "> POST /hook?a=b HTTP/1.1\n> Host: x\n> X-Twice: 1\n> x-twice: 2\n> Accept: \n"
                 "> \n> a\\x1b[2J\n< 200\n< Content-Type: application/json\n< \n< {}\n"));
}

TEST_CASE("capture show says that a request got no answer") {
  const TempDirectory folder;
  const std::string file = folder.file("c");
  auto record = request_record("{}");
  auto& exchange = std::get<model::HttpExchange>(record.content);
  exchange.response = {};
  exchange.reason = "connection refused";
  exchange.attempts = 4;
  write_capture(file, {record});
  const Outcome outcome = run_command({"capture", "show", file, "--details"});
  CHECK(contains(outcome.out,
                 " <-- [no answer] POST http://127.0.0.1:9000/hook?a=b: connection refused"));
  CHECK(contains(outcome.out, "\n< no answer\n"));
}

TEST_CASE("capture show -o json prints the records, -o raw bodies and payloads") {
  const TempDirectory folder;
  const std::string file = folder.file("c.zst");
  write_capture(file, sample_records());
  const Outcome json = run_command({"capture", "show", file, "-o", "json"});
  const auto records = json.records();
  REQUIRE(records.size() == sample_records().size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    CHECK(std::get<model::CaptureRecord>(*capture::parse_line(records[i].dump())) ==
          sample_records()[i]);
  }
  CHECK(run_command({"capture", "show", file, "-o", "raw"}).out ==
        std::string("{}xstra\xC3\x9F") + "e" + std::string("\0\xFF", 2) + "dead");
}

TEST_CASE("captures are read from standard input, too") {
  const TempDirectory folder;
  const std::string file = folder.file("c.gz");
  write_capture(file, sample_records());
  const Outcome outcome = run_command({"capture", "stat", "-", "-o", "json"}, bytes_of(file));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.records()[0]["records"] == 6);
}

TEST_CASE("standard input that is closed, or named twice, is an error") {
  const Outcome twice = run_command({"capture", "check", "-", "-"}, "");
  CHECK(twice.exit_code == 2);
  CHECK(contains(twice.err, "FILE: - (standard input) can be given only once"));
  auto closed = capture::Reader::of(-1, "standard input", [](const std::string&) {});
  const auto read = closed.next();
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "cannot read standard input: Bad file descriptor");
}

TEST_CASE("capture convert prints nothing of a file that cannot be read") {
  const Outcome outcome = run_command({"capture", "convert", "/nowhere/x", "--to", "har"});
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out.empty());
}

TEST_CASE("capture stat counts what several files have") {
  const TempDirectory folder;
  write_capture(folder.file("a"), sample_records());
  write_capture(folder.file("b.gz"), {request_record(event_body("x"))});
  const Arguments command{"capture", "stat", folder.file("a"), folder.file("b.gz")};
  const Outcome text = run_command(command);
  CHECK(text.exit_code == 0);
  CHECK(contains(text.out, "records        7 (4 requests, 2 messages, 1 gap)\n"));
  CHECK(contains(text.out, "first          2026-03-01T14:29:43.123456Z\n"));
  CHECK(contains(text.out, "signatures     2 verified, 1 failed, 1 not checked\n"));
  CHECK(contains(text.out, "answers        2 x 200, 1 x 403, 1 without one\n"));
  CHECK(contains(text.out, "topic          1 x \"topic 1\" of cache \"c\"\n"));
  auto with_json = command;
  with_json.insert(with_json.end(), {"-o", "json"});
  const auto summary = run_command(with_json).records().at(0);
  CHECK(summary["statuses"] == nlohmann::json{{"200", 2}, {"403", 1}});
  CHECK(summary["unanswered"] == 1);
  CHECK(summary["verification"]["verified"] == 2);
  CHECK(summary["dead_letters"] == 1);
  CHECK(summary["topics"].size() == 2);
}

TEST_CASE(
    "capture check ends with 3 for a bad line, with 1 for a torn one, and looks at all files") {
  const TempDirectory folder;
  const std::string gap = capture::to_line(gap_record()) + "\n";
  const std::string good = folder.write("good", k_header + gap);
  const std::string torn = folder.write("torn", k_header + gap + "{\"type\":");
  const std::string bad = folder.write("bad", k_header + gap + "{\"type\":\n" + gap);
  CHECK(run_command({"capture", "check", good}).exit_code == 0);
  const Outcome only_torn = run_command({"capture", "check", torn, good});
  CHECK(only_torn.exit_code == 1);
  CHECK(only_torn.out == torn + ": torn, 1 record\n" + good + ": ok, 1 record\n");
  CHECK(contains(only_torn.err, "error: " + torn + " has a line that is torn\n"));
  const Outcome outcome = run_command({"capture", "check", torn, bad, good, "-o", "json"});
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, "error: " + bad + ":3: not valid JSON\n"));
  const auto records = records_of(outcome.records(), "check");
  REQUIRE(records.size() == 3);
  CHECK(records[0]["result"] == "torn");
  CHECK(records[1]["result"] == "bad");
  CHECK(records[2]["result"] == "ok");
}

TEST_CASE("capture merge writes one file by time, and never over another") {
  const TempDirectory folder;
  auto later = gap_record();
  later.at = capture_time(std::chrono::seconds(1));
  write_capture(folder.file("a"), {later});
  write_capture(folder.file("b"), {gap_record()});
  const std::string merged = folder.file("merged.zst");
  const Arguments command{"capture", "merge", folder.file("a"), folder.file("b"), "-f", merged};
  const Outcome outcome = run_command(command);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.err == "2 records in " + merged + "\n");
  CHECK(read_capture(merged).records == std::vector{gap_record(), later});
  const Outcome again = run_command(command);
  CHECK(again.exit_code == 3);
  CHECK(contains(again.err, "error: " + merged + " is there already\n"));
  const Outcome printed =
      run_command({"capture", "merge", folder.file("a"), folder.file("b"), "-f", "-"});
  CHECK(printed.exit_code == 0);
  CHECK(printed.err.empty());
  CHECK(read_capture(folder.write("printed", printed.out)).records ==
        std::vector{gap_record(), later});
  CHECK_FALSE(std::filesystem::exists("-"));
  CHECK(run_command({"capture", "merge", merged}).exit_code == 2);
  CHECK(contains(run_command({"capture", "merge", merged, "-f", ""}).err,
                 "--output-file: a file must have a name"));
}

TEST_CASE("capture convert leaves out what a format cannot tell, and says so") {
  const TempDirectory folder;
  const std::string file = folder.file("c");
  write_capture(file, sample_records());
  const Outcome har = run_command({"capture", "convert", file, "--to", "har"});
  CHECK(har.exit_code == 0);
  CHECK(nlohmann::json::parse(har.out)["log"]["entries"].size() == 3);
  CHECK(contains(har.err, "warning: left out: 3 records that cannot be told as har\n"));
  const Outcome events = run_command({"capture", "convert", file, "--to", "cloudevents"});
  CHECK(std::count(events.out.begin(), events.out.end(), '\n') == 5);
  CHECK(contains(events.err, "left out: 1 record that"));
  write_capture(folder.file("none"), {});
  CHECK(
      nlohmann::json::parse(run_command({"capture", "convert", folder.file("none"), "--to", "har"})
                                .out)["log"]["entries"]
          .empty());
  const Outcome other = run_command({"capture", "convert", file, "--to", "pcap"});
  CHECK(other.exit_code == 2);
  CHECK(contains(other.err, "--to: \"pcap\" is not har, curl or cloudevents"));
}

TEST_CASE("capture convert prints nothing for inputs that are no captures, and no half lines") {
  const TempDirectory folder;
  const std::string good = folder.file("good");
  write_capture(good, sample_records());
  const std::string notes = folder.write("notes", "hello\n");
  for (const std::string& bad : {folder.file("none"), notes}) {
    const Outcome outcome =
        run_command({"capture", "convert", bad, good, "--to", "har", "-o", "json"});
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.records().size() == 1);
  }
  const Outcome later =
      run_command({"capture", "convert", good, notes, "--to", "har", "-o", "json"});
  CHECK(later.exit_code == 3);
  CHECK(contains(later.out, "\n{\"v\":1,\"type\":\"error\""));
}

TEST_CASE("capture show tells a binary payload from a text, as a hexdump") {
  const TempDirectory folder;
  const std::string file = folder.file("c");
  write_capture(file, {message_record(model::Value::binary(std::string("\0", 1))),
                       message_record(model::Value::text(std::string("\0", 1)))});
  const std::string out = run_command({"capture", "show", file}).out;
  CHECK(contains(out, " topic 1 #42 1 byte\n00000000  00  "));
  CHECK(contains(out, " topic 1 #42 \\x00\n"));
}

TEST_CASE("what cannot be read is bad input that names file and line") {
  const TempDirectory folder;
  const std::string notes = folder.write("notes", "hello\n");
  for (const Arguments& command :
       {Arguments{"show"}, Arguments{"stat"}, Arguments{"check"},
        Arguments{"convert", "--to", "har"}, Arguments{"merge", "-f", folder.file("new")}}) {
    Arguments arguments{"capture"};
    arguments.insert(arguments.end(), command.begin(), command.end());
    arguments.push_back(notes);
    INFO(command.front());
    const Outcome outcome = run_command(arguments);
    CHECK(outcome.exit_code == 3);
    CHECK(contains(outcome.err, "error: " + notes + ":1: not a capture"));
    arguments.back() = folder.file("none");
    CHECK(run_command(arguments).exit_code == 3);
  }
  CHECK_FALSE(std::filesystem::exists(folder.file("new")));
}

// What a receiver captures of the commands' requests must be what it captured of the first ones.
TEST_CASE("the curl commands of a capture, run by sh, send every byte again") {
  const TempDirectory folder;
  const std::string file = folder.file("c");
  WebhookCommand webhook({"--no-verify", "--capture", file});
  std::string all_bytes;
  for (int i = 0; i < 256; ++i)
    all_bytes += static_cast<char>(i);
  const std::vector<std::string> bodies = {event_body("straße"),
                                           "",
                                           "@/etc/passwd",
                                           "'\"$(touch x)`touch y`\\n%s\\",
                                           "\r\nline\n\n",
                                           all_bytes,
                                           std::string(200'000, 'x'),
                                           std::string((1U << 20U) - 1, '\xFF')};
  for (const auto& body : bodies) {
    webhook.send(
        "POST /?q={a,b}[1-3]%20%00&x=/../ HTTP/1.1\r\nHost: x\r\n"
        "Content-Type: application/json\r\nX-Quotes: it's \"$HOME\" `id`\r\nX-Empty:\r\n"
        "X-Twice: 1\r\nX-Twice: 2\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  const Outcome script = run_command({"capture", "convert", file, "--to", "curl"});
  REQUIRE(script.exit_code == 0);
  CHECK(std::count(script.out.begin(), script.out.end(), '\n') ==
        static_cast<std::ptrdiff_t>(bodies.size()));
  const std::string command =
      "cd " + folder.path() + " && sh " + folder.write("script", script.out) + " > answers";
  REQUIRE(std::system(command.c_str()) == 0);

  const auto read = read_capture(file);
  REQUIRE(read.records.size() == 2 * bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    INFO(i);
    const auto first = std::get<model::HttpExchange>(read.records[i].content);
    const auto again = std::get<model::HttpExchange>(read.records[i + bodies.size()].content);
    CHECK(first.request.body == bodies[i]);
    CHECK(again.request == first.request);
  }
}
