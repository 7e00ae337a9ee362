// SPDX-License-Identifier: Apache-2.0
#include "capture/record.hpp"
#include "support/captures.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

model::CaptureRecord read_back(const model::CaptureRecord& record) {
  return std::get<model::CaptureRecord>(*capture::parse_line(capture::to_line(record)));
}

std::string problem_of(const std::string& line) {
  const auto parsed = capture::parse_line(line);
  return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("a request is written with everything needed to send it again") {
  const std::string line = capture::to_line(request_record("{\"a\":1}"));
  CHECK(line == R"({"type":"request","at":"2026-03-01T14:29:43.123456Z","mono_ns":123456789,)"
                R"("id":"89fc77f2","peer":"127.0.0.1","url":"http://127.0.0.1:9000/hook",)"
                R"("method":"POST","target":"/hook?a=b","http_version":"HTTP/1.1",)"
                R"("headers":[["Host","x"],["X-Twice","1"],["x-twice","2"],["Accept",""]],)"
                R"("body":"{\"a\":1}","verification":{"result":"verified"},)"
                R"("response":{"status":200,"headers":[["Content-Type","application/json"]],)"
                R"("body":"{}","latency_us":1500}})");
}

TEST_CASE("every kind of record reads back as it was") {
  for (const auto& record : sample_records()) {
    INFO(capture::to_line(record));
    CHECK(read_back(record) == record);
  }
}

TEST_CASE("bodies and messages of any bytes read back byte for byte") {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i)
    all_bytes += static_cast<char>(i);
  const std::vector<std::string> bodies = {"",
                                           std::string(1, '\0'),
                                           all_bytes,
                                           "\xEF\xBB\xBF{}",
                                           "\xC3",
                                           "\xED\xA0\x80",
                                           "grüße \xF0\x9F\x98\x80\xEF\xBF\xBF",
                                           "\r\n\t\x7F\xC2\x80\xE2\x80\xA8",
                                           std::string(1U << 20U, 'x'),
                                           std::string(1U << 20U, '\xFF')};
  for (const auto& body : bodies) {
    const auto request = request_record(body);
    CHECK(read_back(request) == request);
    const auto binary = message_record(model::Value::binary(body));
    CHECK(read_back(binary) == binary);
  }
  const auto text = message_record(model::Value::text("grüße\n"));
  CHECK(read_back(text) == text);
}

TEST_CASE("headers that are not UTF-8 read back byte for byte") {
  auto record = request_record("");
  auto& exchange = std::get<model::HttpExchange>(record.content);
  exchange.request.headers = {{"X-Latin", "gr\xFC\xDF"}, {"\xFF", ""}};
  exchange.request.target = "/\xFF";
  CHECK(read_back(record) == record);
}

TEST_CASE("unknown members and unknown types of records are skipped") {
  const auto record = message_record(model::Value::text("hi"));
  std::string line = capture::to_line(record);
  line.insert(1, R"("new":{"deep":[1,{"type":"x"}]},"unknown_base64":5,)");
  CHECK(std::get<model::CaptureRecord>(*capture::parse_line(line)) == record);
  CHECK(std::get<capture::Unknown>(*capture::parse_line(R"({"type":"trace","at":7})")).type ==
        "trace");
}

TEST_CASE("the header of a later version is refused, whatever else is in it") {
  const auto parsed = capture::parse_line(R"({"v":2,"type":"capture","tool":{}})");
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == ErrorKind::BadInput);
  CHECK(parsed.error().message == "the capture's format is version 2, and this topicloop knows 1");
}

TEST_CASE("a header needs nothing but its version and its type") {
  CHECK(std::get<capture::Header>(*capture::parse_line(R"({"v":1,"type":"capture"})")).version ==
        1);
}

TEST_CASE("what is wrong with a line is said") {
  CHECK(problem_of("") == "not valid JSON");
  CHECK(problem_of("[1]") == "not a JSON object");
  CHECK(problem_of("{}") == "\"type\" is missing");
  CHECK(problem_of(R"({"type":1})") == "\"type\" must be a string");
  CHECK(problem_of(R"({"type":"capture","v":-1})") == "\"v\" must be a whole number, not negative");
  CHECK(problem_of(R"({"type":"gap","at":"x"})") == "\"at\" must be a time as in RFC 3339");
  const std::string at = R"("at":"2026-03-01T14:29:43Z","mono_ns":1,)";
  CHECK(problem_of(R"({"type":"gap",)" + at + R"("cache":"c","topic":"t"})") ==
        "\"missing\" must be there");
  CHECK(problem_of(R"({"type":"message",)" + at +
                   R"("cache":"c","topic":"t","sequence_number":1,"sequence_page":0})") ==
        "\"text\" or \"binary_base64\", one of them, must be there");
  CHECK(problem_of(R"({"type":"message",)" + at +
                   R"("cache":"c","topic":"t","sequence_number":1,"sequence_page":0,)"
                   R"("binary_base64":"_"})") == "\"binary_base64\" must be base64");
  CHECK(problem_of(R"({"type":"request",)" + at +
                   R"("method":"POST","target":"/","headers":{},"body":""})") ==
        "\"headers\" must be an array of pairs");
}

TEST_CASE("a line nested a million levels deep is no danger") {
  CHECK(problem_of(R"({"type":"x","deep":)" + std::string(1'000'000, '[') +
                   std::string(1'000'000, ']') + "}")
            .empty());
}

TEST_CASE("times may have an offset and any number of decimals") {
  const auto at = [](const std::string& time) {
    return std::get<capture::Header>(
               *capture::parse_line(R"({"v":1,"type":"capture","at":")" + time + "\"}"))
        .at;
  };
  CHECK(to_rfc3339(at("2026-03-01T14:29:43.5+02:00")) == "2026-03-01T12:29:43.500000Z");
  CHECK(to_rfc3339(at("2024-02-29t23:59:60.1234567891z")) == "2024-03-01T00:00:00.123456Z");
  CHECK(problem_of(R"({"v":1,"type":"capture","at":"2026-02-29T00:00:00Z"})") ==
        "\"at\" must be a time as in RFC 3339");
}
