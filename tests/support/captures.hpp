// SPDX-License-Identifier: Apache-2.0
// Records for tests of captures, and reading a capture file to its end.
#pragma once

#include "capture/file.hpp"
#include "model/capture.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::test {

// 2026-03-01T14:29:43.123456Z, and so much later.
inline SystemTime capture_time(std::chrono::microseconds later = std::chrono::microseconds(0)) {
  return SystemTime(std::chrono::microseconds(1'772'375'383'123'456) + later);
}

inline model::CaptureRecord request_record(std::string body) {
  model::HttpExchange exchange;
  exchange.id = "89fc77f2";
  exchange.peer = "127.0.0.1";
  exchange.url = "http://127.0.0.1:9000/hook";
  exchange.request = {
      .method = "POST",
      .target = "/hook?a=b",
      .version = "HTTP/1.1",
      .headers = {{"Host", "x"}, {"X-Twice", "1"}, {"x-twice", "2"}, {"Accept", ""}},
      .body = std::move(body)};
  exchange.verification.outcome = model::Verification::Outcome::Verified;
  exchange.response = {200, {{"Content-Type", "application/json"}}, "{}"};
  exchange.latency = std::chrono::microseconds(1'500);
  return {.at = capture_time(), .mono_ns = 123'456'789, .content = exchange, .redacted = {}};
}

inline model::CaptureRecord message_record(model::Value value, std::uint64_t number = 42) {
  model::Message message{"my-cache", "topic 1", number, 7, "alice", std::move(value)};
  return {.at = capture_time(), .mono_ns = 5, .content = std::move(message), .redacted = {}};
}

inline model::CaptureRecord gap_record() {
  const model::Gap gap{"my-cache", "topic 1", {{7, 3, 5}, {7, 9, {}}}};
  return {.at = capture_time(), .mono_ns = 6, .content = gap, .redacted = {}};
}

// One of each kind, and of each variant of it.
inline std::vector<model::CaptureRecord> sample_records() {
  auto refused = request_record("x");
  auto& exchange = std::get<model::HttpExchange>(refused.content);
  exchange.request.body_received = false;
  exchange.verification = {model::Verification::Outcome::Failed, "the signature does not match"};
  exchange.response.status = 403;
  exchange.reason = "the signature does not match";
  refused.redacted = {"header:authorization", "/card/number"};

  auto dead = request_record("dead");
  auto& letter = std::get<model::HttpExchange>(dead.content);
  letter.verification = {};
  letter.response = {};  // There was none.
  letter.reason = "connection refused";
  letter.attempts = 4;
  return {request_record("{}"),
          refused,
          message_record(model::Value::text("straße")),
          message_record(model::Value::binary(std::string("\0\xFF", 2))),
          dead,
          gap_record()};
}

struct ReadCapture {
  std::vector<model::CaptureRecord> records;
  std::vector<std::string> warnings;
  std::string error;
};

inline ReadCapture read_capture(const std::string& path) {
  ReadCapture read;
  auto reader = capture::Reader::open(
      path, [&](const std::string& warning) { read.warnings.push_back(warning); });
  if (!reader) return {{}, {}, reader.error().message};
  while (true) {
    auto next = reader->next();
    if (!next) {
      read.error = next.error().message;
      return read;
    }
    if (!*next) return read;
    read.records.push_back(**std::move(next));
  }
}

// Writes and closes a capture.
inline void write_capture(const std::string& path,
                          const std::vector<model::CaptureRecord>& records) {
  auto writer = capture::Writer::open(path);
  if (!writer) throw std::runtime_error(writer.error().message);
  for (const auto& record : records) {
    if (auto written = writer->write(record); !written) {
      throw std::runtime_error(written.error().message);
    }
  }
}

}  // namespace topicloop::test
