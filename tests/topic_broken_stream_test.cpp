// SPDX-License-Identifier: Apache-2.0
// Streams that break in ways no gRPC library would bring about, and how following them goes on.
#include "support/raw_service.hpp"
#include "support/sanitizer.hpp"
#include "support/scripted_topics.hpp"
#include "topic/follower.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace topicloop;
using namespace topicloop::test;
using topic::Client;
using topic::Follower;

namespace {

struct Break {
  std::string name;
  std::function<void(RawStream&)> happen;
  std::optional<ErrorKind> final_kind = std::nullopt;  // Nothing: following survives it.
};

std::vector<Break> resets() {
  std::vector<Break> all;
  for (std::uint32_t code = 0; code <= 13; ++code) {
    Break one{"RST_STREAM " + std::to_string(code), [code](RawStream& s) { s.reset(code); }};
    // What gRPC takes for CANCELLED and PERMISSION_DENIED.
    if (code == 8) one.final_kind = ErrorKind::Cancelled;
    if (code == 12) one.final_kind = ErrorKind::PermissionDenied;
    all.push_back(std::move(one));
  }
  return all;
}

const std::vector<Break> k_cuts = {
    {"FIN", [](RawStream& s) { s.close(); }},
    {"TCP reset", [](RawStream& s) { s.cut(); }},
    {"half-close", [](RawStream& s) { s.half_close(); }},
    {"GOAWAY for this call too", [](RawStream& s) { s.go_away(0, 0); }},
    {"GOAWAY after too many pings",
     [](RawStream& s) {
       s.go_away(s.id(), 11);
       s.close();
     }},
    {"GOAWAY and a reset",
     [](RawStream& s) {
       s.go_away(s.id(), 0);
       s.reset(2);
     }},
    {"another protocol", [](RawStream& s) { s.raw("HTTP/1.1 400 Bad Request\r\n\r\n"); }},
    {"garbage", [](RawStream& s) { s.raw(std::string(100, '\xFF')); }},
    {"half a message, then the end",
     [](RawStream& s) {
       s.data({"\0\0\0\0\x09half", 9});
       s.end_without_status();
     }},
    {"the end without a status", [](RawStream& s) { s.end_without_status(); }},
    {"OK", [](RawStream& s) { s.grpc_status("0"); }},
    // gRPC's headers read any number as one of theirs, which a sanitizer objects to.
    {"a status that there is not",
     [](RawStream& s) { s.grpc_status(k_is_sanitized ? "x" : "99"); }},
    {"a status that is no number", [](RawStream& s) { s.grpc_status("x"); }},
    {"a message that is none", [](RawStream& s) { s.message("\xFF\xFF"); }},
    {"a message compressed in no known way",
     [](RawStream& s) {
       s.data({"\1\0\0\0\1x", 6});
     }},
};

void begin(RawStream& stream, std::uint64_t number) {
  stream.begin();
  stream.message(heartbeat());
  stream.message(item(number, "text"));
}

// The next event but heartbeats, or why there is none.
Result<topic::FollowerEvent> next(Follower& follower) {
  while (true) {
    auto event = follower.next({}, std::chrono::steady_clock::now() + k_patience);
    if (!event) return std::move(event).error();
    if (!*event) throw std::runtime_error("no event came");
    if (!std::holds_alternative<model::Heartbeat>(**event)) return **std::move(event);
  }
}

template <typename Event>
Event next(Follower& follower) {
  return std::get<Event>(must(next(follower)));
}

void check_broken_by(const Break& one, const topic::ConnectionOptions& base = {}) {
  INFO(one.name);
  Gate received;  // A reset would take with it what is not.
  const RawService service([&](RawStream& stream, int call) {
    begin(stream, static_cast<std::uint64_t>(call));
    if (call > 1) return;
    received.wait();
    one.happen(stream);
  });
  topic::ConnectionOptions options = base;
  options.endpoint = service.endpoint();
  options.timeout = k_patience;
  auto follower = must(Follower::open(must(Client::connect(options)), "c", "t", {}));
  CHECK(next<model::Message>(follower).sequence_number == 1);
  received.open();
  if (one.final_kind) {
    const auto end = next(follower);
    REQUIRE_FALSE(end);
    CHECK(end.error().kind == *one.final_kind);
    CHECK(service.calls() == 1);
    return;
  }
  CHECK_FALSE(next<topic::Interrupted>(follower).reason.message.empty());
  next<topic::Resumed>(follower);
  CHECK(next<model::Message>(follower).sequence_number == 2);
}

}  // namespace

TEST_CASE("a stream that is reset is taken up again unless the code says that it is no use") {
  for (const auto& one : resets())
    check_broken_by(one);
}

TEST_CASE("a connection that breaks in any way is made again and the stream goes on") {
  for (const auto& one : k_cuts)
    check_broken_by(one);
}

TEST_CASE("a peer that vanishes without a word is noticed, and the stream goes on elsewhere") {
  topic::ConnectionOptions options;
  options.keepalive = std::chrono::milliseconds(100);
  options.keepalive_timeout = std::chrono::milliseconds(100);
  check_broken_by({"silence", [](RawStream& s) { s.fall_silent(); }}, options);
}

TEST_CASE("what a proxy answers for a service is told apart and survived when it may pass") {
  const std::pair<const char*, std::optional<ErrorKind>> k_answers[] = {
      {"401", ErrorKind::Unauthenticated},
      {"403", ErrorKind::PermissionDenied},
      {"404", std::nullopt},
      {"429", std::nullopt},
      {"500", std::nullopt},
      {"502", std::nullopt},
      {"503", std::nullopt},
      {"504", std::nullopt},
  };
  for (const auto& [status, final_kind] : k_answers) {
    INFO("status " << status);
    const RawService service([&, status = status](RawStream& stream, int call) {
      if (call == 2) return stream.http_status(status);
      begin(stream, static_cast<std::uint64_t>(call));
      if (call == 1) stream.grpc_status("14");
    });
    auto follower = must(Follower::open(client_of(service.endpoint()), "c", "t", {}));
    CHECK(next<model::Message>(follower).sequence_number == 1);
    next<topic::Interrupted>(follower);
    const auto event = next(follower);
    if (final_kind) {
      REQUIRE_FALSE(event);
      CHECK(event.error().kind == *final_kind);
      CHECK(service.calls() == 2);
    } else {
      CHECK(std::holds_alternative<topic::Resumed>(must(event)));
      CHECK(service.calls() == 3);
    }
  }
}

TEST_CASE("the first message is asked for anew with what was received last") {
  std::promise<model::ResumePoint> asked;
  const RawService service([&](RawStream& stream, int call) {
    if (call == 2) asked.set_value(must(wire::parse_subscribe_request(stream.request())).resume);
    begin(stream, static_cast<std::uint64_t>(call));
    if (call == 1) stream.close();
  });
  auto follower = must(Follower::open(client_of(service.endpoint()), "c", "t", {}));
  next<model::Message>(follower);
  next<topic::Interrupted>(follower);
  next<topic::Resumed>(follower);
  CHECK(asked.get_future().get() == model::ResumePoint{2, 7});
}

TEST_CASE("whatever breaks before the first message is an error and not a wait") {
  auto breaks = resets();
  breaks.insert(breaks.end(), k_cuts.begin(), k_cuts.end());
  for (const auto& one : breaks) {
    INFO(one.name);
    const RawService service([&](RawStream& stream, int) {
      stream.begin();
      one.happen(stream);
    });
    const auto subscribed = client_of(service.endpoint()).subscribe("c", "t");
    REQUIRE_FALSE(subscribed);
    CHECK_FALSE(subscribed.error().message.empty());
  }
}

TEST_CASE("whatever breaks instead of an answer fails a publish and does not repeat it") {
  auto breaks = resets();
  std::copy_if(k_cuts.begin(), k_cuts.end(), std::back_inserter(breaks),
               [](const Break& one) { return one.name != "OK"; });
  for (const auto& one : breaks) {
    INFO(one.name);
    const RawService service([&](RawStream& stream, int) {
      stream.begin();
      one.happen(stream);
      stream.grpc_status("13");  // For what leaves the call open.
    });
    const auto published =
        client_of(service.endpoint()).publish("c", "t", model::Value::text("once"));
    REQUIRE_FALSE(published);
    CHECK_FALSE(published.error().message.empty());
    CHECK(service.calls() == 1);
  }
}
