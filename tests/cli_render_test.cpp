// SPDX-License-Identifier: Apache-2.0
#include "cli/render.hpp"
#include "support/descriptors.hpp"
#include "support/environment.hpp"
#include "support/rendering.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <regex>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::string_literals;
using cli::OutputFormat;
using cli::printable;

namespace {

const model::Message k_text{"cache", "topic 2", 42, 7, "me", model::Value::text("straße")};
const model::Message k_binary{"cache", "topic 2", 43, 7, "", model::Value::binary("\0\xFF\n"s)};

}  // namespace

TEST_CASE("printable shows control characters and bytes that are not UTF-8 as hexadecimal") {
  CHECK(printable("plain straße \xF0\x9F\x98\x80") == "plain straße \xF0\x9F\x98\x80");
  CHECK(printable("a\x1B[31mb\n\t\x7F\0"s) == "a\\x1b[31mb\\x0a\\x09\\x7f\\x00");
  CHECK(printable("\xC2\x9B is CSI") == "\\xc2\\x9b is CSI");
  CHECK(printable("ok\xFF\xC3\xA9") == "ok\\xff\\xc3\\xa9");
  CHECK(printable("").empty());
}

TEST_CASE("a text message is its payload and a line end") {
  Rendering rendering;
  rendering.renderer().message(k_text);
  rendering.renderer().message(k_binary);
  CHECK(rendering.out() == "straße\n\0\xFF\n\n"s);
  CHECK(rendering.err().empty());
}

TEST_CASE("raw output is the payload and nothing else") {
  Rendering rendering(OutputFormat::Raw);
  rendering.renderer().message(k_text);
  rendering.renderer().message(k_binary);
  rendering.renderer().step("step");
  rendering.renderer().published("cache", "topic", 1);
  CHECK(rendering.out() == "straße\0\xFF\n"s);
}

TEST_CASE("on a terminal a message has its origin before it and cannot send escapes") {
  Rendering rendering({OutputFormat::Text, "never", ""}, true);
  rendering.renderer().message({"c", "t\x1B", 42, 7, "", model::Value::text("a\x1B[2J\nb")});
  CHECK(std::regex_match(rendering.out(),
                         std::regex(R"(\d\d:\d\d:\d\d\.\d{3} t\\x1b #42 a\\x1b\[2J\\x0ab\n)")));
}

TEST_CASE("on a terminal a binary message is a hexdump below its origin") {
  Rendering rendering({OutputFormat::Text, "never", ""}, true);
  rendering.renderer().message({"c", "t", 42, 7, "", model::Value::binary("a\x1B[2J\xFF")});
  rendering.renderer().message({"c", "t", 43, 7, "", model::Value::binary("")});
  CHECK(std::regex_match(rendering.out(),
                         std::regex(R"(\S+ t #42 6 bytes\n)"
                                    R"(00000000  61 1b 5b 32 4a ff {33}\|a\.\[2J\.\|\n00000006\n)"
                                    R"(\S+ t #43 0 bytes\n)")));
}

TEST_CASE("only what tells where a message is from is dim") {
  const Variable no_color("NO_COLOR", "");
  const Variable term("TERM", "xterm");
  Rendering rendering({OutputFormat::Text, "auto", ""}, true);
  rendering.renderer().message({"c", "t", 42, 7, "", model::Value::text("x")});
  CHECK(std::regex_match(rendering.out(), std::regex("\x1b\\[2m\\S+ t #42\x1b\\[0m x\n")));
}

TEST_CASE("JSON on a terminal has no character that the terminal obeys, and means the same") {
  const std::string text =
      "a\x1B[2J\x7F \xC2\x9B"
      "2J \xC2\xA0 \xC3\xA4";
  for (const bool terminal : {true, false}) {
    Rendering rendering({OutputFormat::Json, "never", ""}, terminal);
    rendering.renderer().message({"c", "t", 42, 7, "", model::Value::text(text)});
    CHECK(rendering.records()[0]["text"] == text);
    CHECK((rendering.out().find("\xC2\x9B") == std::string::npos) == terminal);
    CHECK((rendering.out().find('\x7F') == std::string::npos) == terminal);
    CHECK(rendering.out().find("\xC2\xA0 \xC3\xA4") != std::string::npos);
  }
}

TEST_CASE("stderr in a file has no colour although stdout is a terminal") {
  const Variable no_color("NO_COLOR", "");
  const Variable term("TERM", "xterm");
  Rendering rendering({OutputFormat::Text, "auto", ""}, true);
  rendering.renderer().heartbeat("c", "t");
  CHECK(rendering.err().find('\x1B') == std::string::npos);
}

TEST_CASE("a JSON message carries every field") {
  Rendering rendering(OutputFormat::Json);
  rendering.renderer().message(k_text);
  rendering.renderer().message(k_binary);
  auto records = rendering.records();
  REQUIRE(records.size() == 2);
  const std::regex rfc3339(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)");
  for (auto& record : records) {
    CHECK(std::regex_match(record["received_at"].get<std::string>(), rfc3339));
    record.erase("received_at");
  }
  CHECK(records[0] == nlohmann::json{{"v", 1},
                                     {"type", "message"},
                                     {"cache", "cache"},
                                     {"topic", "topic 2"},
                                     {"sequence_number", 42},
                                     {"sequence_page", 7},
                                     {"publisher_id", "me"},
                                     {"text", "straße"}});
  CHECK(records[1] == nlohmann::json{{"type", "message"},
                                     {"cache", "cache"},
                                     {"topic", "topic 2"},
                                     {"sequence_number", 43},
                                     {"sequence_page", 7},
                                     {"publisher_id", ""},
                                     {"binary_base64", "AP8K"}});
}

TEST_CASE("the version is the first key of the first JSON line and of no other") {
  Rendering rendering(OutputFormat::Json);
  rendering.renderer().published("c", "t", 3);
  rendering.renderer().published("c", "t", 4);
  rendering.renderer().error({ErrorKind::Usage, "wrong", ""});
  CHECK(rendering.out().starts_with(R"({"v":1,"type":"published")"));
  CHECK(rendering.records().size() == 3);  // Which checks the version of all.
  CHECK(rendering.records()[1]["bytes"] == 4);
}

TEST_CASE("the version counts per run and not per renderer") {
  Rendering rendering(OutputFormat::Json);
  rendering.renderer().published("c", "t", 3);
  cli::Renderer(rendering.context(), {OutputFormat::Json, "auto", ""})
      .error({ErrorKind::Usage, "wrong", ""});
  CHECK(rendering.records().size() == 2);
}

TEST_CASE("readiness is a banner on stderr and a file and in JSON a record too") {
  const TempDirectory folder;
  for (const bool json : {false, true}) {
    const std::string file = folder.file(json ? "json" : "text");
    Rendering rendering({json ? OutputFormat::Json : OutputFormat::Text, "auto", file});
    rendering.renderer().ready("serving on", "here:1", "  hint");
    CHECK(rendering.err() == "serving on here:1\n  hint\n");
    CHECK(content_of(file) == "here:1\n");
    if (json) {
      CHECK(
          rendering.records().at(0) ==
          nlohmann::json{{"v", 1}, {"type", "ready"}, {"what", "serving on"}, {"where", "here:1"}});
    } else {
      CHECK(rendering.out().empty());
    }
  }
}

TEST_CASE("a ready file replaces an older one and leaves nothing else behind") {
  const TempDirectory folder;
  const std::string file = folder.write("ready", "older and longer\n");
  Rendering rendering({OutputFormat::Text, "auto", file});
  rendering.renderer().ready("serving on", "here:1");
  CHECK(content_of(file) == "here:1\n");
  const std::filesystem::directory_iterator files(folder.path());
  CHECK(std::distance(files, {}) == 1);
}

TEST_CASE("a pipe as a ready file is written to as it is") {
  const TempDirectory folder;
  const std::string file = folder.file("pipe");
  REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  const Descriptor reader(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  Rendering rendering({OutputFormat::Text, "auto", file});
  rendering.renderer().ready("serving on", "here:1");
  char content[16] = {};
  CHECK(::read(reader.fd(), content, sizeof content) == 7);
  CHECK(std::string(content) == "here:1\n");
}

TEST_CASE("a ready file that cannot be written is bad input naming it") {
  Rendering rendering({OutputFormat::Text, "auto", "/nonexistent/ready"});
  try {
    rendering.renderer().ready("serving on", "here:1");
    FAIL("nothing was thrown");
  } catch (const cli::CommandError& failure) {
    CHECK(failure.error().kind == ErrorKind::BadInput);
    CHECK(failure.error().message == "cannot write the ready file /nonexistent/ready");
  }
}

TEST_CASE("an error goes to stderr with its help and in JSON to stdout too") {
  const Error error{ErrorKind::NotFound, "no cache \x1B", "make one"};
  Rendering text;
  text.renderer().error(error);
  CHECK(text.out().empty());
  CHECK(text.err() == "topicloop: error: no cache \\x1b\n  help: make one\n");

  Rendering json(OutputFormat::Json);
  json.renderer().error(error);
  CHECK(json.err() == text.err());
  CHECK(json.records().at(0) == nlohmann::json{{"v", 1},
                                               {"type", "error"},
                                               {"kind", "not_found"},
                                               {"message", "no cache \x1B"},
                                               {"exit_code", 5},
                                               {"help", "make one"}});
}

TEST_CASE("bytes that are not UTF-8 do not make JSON invalid") {
  Rendering rendering(OutputFormat::Json);
  rendering.renderer().error({ErrorKind::BadInput, "bad \xFF", ""});
  CHECK(rendering.records().at(0)["message"] == "bad \xEF\xBF\xBD");
}

TEST_CASE("a gap is told on stderr and in JSON it is a record") {
  Rendering text;
  text.renderer().gap({"cache", "topic", {{7, 3, 9}}});
  CHECK(text.out().empty());
  CHECK(text.err() == "topicloop: warning: gap on \"topic\": messages 3 to 9 are not available\n");

  Rendering json(OutputFormat::Json);
  json.renderer().gap({"cache", "topic", {{7, 3, 9}}});
  CHECK(json.records().at(0) ==
        nlohmann::json{{"v", 1},
                       {"type", "gap"},
                       {"cache", "cache"},
                       {"topic", "topic"},
                       {"missing", {{{"sequence_page", 7}, {"first", 3}, {"last", 9}}}}});
}

TEST_CASE("a gap over a change of page has no end on the old one") {
  const model::Gap gap{"cache", "topic", {{7, 42, std::nullopt}, {8, 1, 20}}};
  Rendering text;
  text.renderer().gap(gap);
  CHECK(text.err() ==
        "topicloop: warning: gap on \"topic\": the numbering started over; messages from 42 on of "
        "page 7 are not available, if there were any; messages 1 to 20 are not available\n");

  Rendering json(OutputFormat::Json);
  json.renderer().gap(gap);
  CHECK(json.records().at(0)["missing"][0]["last"].is_null());
  CHECK(json.records().at(0)["missing"][1]["sequence_page"] == 8);
}

TEST_CASE("a gap without bounds says that nobody knows") {
  Rendering json(OutputFormat::Json);
  json.renderer().gap({"cache", "topic", {}});
  CHECK(json.err() ==
        "topicloop: warning: gap on \"topic\": messages may be missing; which, nobody can say\n");
  CHECK(json.records().at(0)["missing"] == nlohmann::json::array());
}

TEST_CASE("a heartbeat is a record, and for people a line on stderr") {
  Rendering text;
  text.renderer().heartbeat("cache", "topic");
  CHECK(text.out().empty());
  CHECK(text.err().find(" topic heartbeat\n") != std::string::npos);
  Rendering json(OutputFormat::Json);
  json.renderer().heartbeat("cache", "topic");
  CHECK(json.records().at(0)["type"] == "heartbeat");
  CHECK(json.records().at(0)["topic"] == "topic");
}

TEST_CASE("a summary is on stderr for people and a record for programs") {
  Rendering rendering(OutputFormat::Json);
  rendering.renderer().summary("2 went round", {{"messages", 2}});
  CHECK(rendering.err() == "2 went round\n");
  CHECK(rendering.records().at(0) ==
        nlohmann::json{{"v", 1}, {"type", "summary"}, {"messages", 2}});
  Rendering text;
  text.renderer().summary("2 went round", {{"messages", 2}});
  CHECK(text.out().empty());
}

TEST_CASE("what was published shows in JSON only and steps in text only") {
  Rendering text;
  text.renderer().published("c", "t", 3);
  text.renderer().step("step");
  CHECK(text.out() == "step\n");
  Rendering json(OutputFormat::Json);
  json.renderer().step("step");
  CHECK(json.out().empty());
}

TEST_CASE("an output nobody reads any more asks the command to stop") {
  Rendering rendering;
  rendering.close_out();
  CHECK_FALSE(rendering.context().stop().stop_requested());
  rendering.renderer().message(k_text);
  CHECK(rendering.context().stop().stop_requested());
  CHECK(rendering.context().interrupt.signal == 0);
}
