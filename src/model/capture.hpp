// SPDX-License-Identifier: Apache-2.0
// What a capture remembers: webhook requests with the answers they got, messages, gaps.
//
// Plain values shared by every room.
#pragma once

#include "base/clock.hpp"
#include "model/message.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace topicloop::model {

// Names and values in the order and the spelling in which they were sent.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;
  std::string target;   // Path and query, as sent.
  std::string version;  // "HTTP/1.1"; empty: not known.
  HttpHeaders headers;
  std::string body;           // Any bytes.
  bool body_received = true;  // False: it was refused unread, or did not come in full.

  bool operator==(const HttpRequest&) const = default;
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;

  bool operator==(const HttpResponse&) const = default;
};

// Whether the request was genuine: signed with a known secret, and recent.
struct Verification {
  enum class Outcome { Verified, Failed, NotChecked };

  Outcome outcome = Outcome::NotChecked;
  std::string reason;  // Why it failed, or was not checked; may be empty.

  bool operator==(const Verification&) const = default;
};

// One webhook request and the answer it was given.
struct HttpExchange {
  std::string id;    // First 8 digits of the signature; empty without a well-formed one.
  std::string peer;  // Address of the sender, or of a proxy before it.
  std::string url;   // The one the request reached, as we call it.
  HttpRequest request;
  Verification verification;
  HttpResponse response;
  std::string reason;  // Why it was not accepted; empty if it was.
  std::chrono::microseconds latency{0};
  std::uint64_t attempts = 0;  // Of a dead letter of ours: how often it was sent.

  bool operator==(const HttpExchange&) const = default;
};

struct CaptureRecord {
  SystemTime at;             // When it came; written with microseconds.
  std::int64_t mono_ns = 0;  // The same on a clock that never jumps: nanoseconds since boot.
  std::variant<HttpExchange, Message, Gap> content;
  // What was left out on purpose: "header:NAME", "query:NAME", "userinfo", "body" (of a message:
  // its payload), or a JSON pointer into that.
  std::vector<std::string> redacted;

  bool operator==(const CaptureRecord&) const = default;
};

}  // namespace topicloop::model
