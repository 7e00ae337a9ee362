// SPDX-License-Identifier: Apache-2.0
#include "wire/status.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>

using namespace topicloop;
using namespace topicloop::wire;
using grpc::StatusCode;

namespace {

// The kinds with a code of their own.
const std::pair<ErrorKind, StatusCode> k_pairs[] = {
    {ErrorKind::Cancelled, StatusCode::CANCELLED},
    {ErrorKind::InvalidArgument, StatusCode::INVALID_ARGUMENT},
    {ErrorKind::DeadlineExceeded, StatusCode::DEADLINE_EXCEEDED},
    {ErrorKind::NotFound, StatusCode::NOT_FOUND},
    {ErrorKind::AlreadyExists, StatusCode::ALREADY_EXISTS},
    {ErrorKind::PermissionDenied, StatusCode::PERMISSION_DENIED},
    {ErrorKind::LimitExceeded, StatusCode::RESOURCE_EXHAUSTED},
    {ErrorKind::FailedPrecondition, StatusCode::FAILED_PRECONDITION},
    {ErrorKind::Unimplemented, StatusCode::UNIMPLEMENTED},
    {ErrorKind::ServiceFailed, StatusCode::INTERNAL},
    {ErrorKind::Unavailable, StatusCode::UNAVAILABLE},
    {ErrorKind::Unauthenticated, StatusCode::UNAUTHENTICATED},
};

Error unavailable_at(const std::string& endpoint) {
  return from_status({StatusCode::UNAVAILABLE,
                      "failed to connect to all addresses; last error: UNKNOWN: ipv4:1.2.3.4:5: "
                      "Failed to connect to remote host: Connection refused"},
                     endpoint);
}

}  // namespace

TEST_CASE("each kind of the service's side has a status code of its own in both directions") {
  for (const auto& [kind, code] : k_pairs) {
    CAPTURE(code);
    const auto status = to_status({kind, "the text", "the help"});
    CHECK(status.error_code() == code);
    CHECK(status.error_message() == "the text");
    CHECK(status.error_details().empty());
    CHECK(from_status({code, "the text"}, "h:1").kind == kind);
  }
}

TEST_CASE("kinds of the user's side become the nearest status code") {
  CHECK(to_status({ErrorKind::Usage, "", ""}).error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK(to_status({ErrorKind::BadInput, "", ""}).error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK(to_status({ErrorKind::CheckFailed, "", ""}).error_code() ==
        StatusCode::FAILED_PRECONDITION);
  CHECK(to_status({ErrorKind::Timeout, "", ""}).error_code() == StatusCode::DEADLINE_EXCEEDED);
}

TEST_CASE("status codes without a kind are failures of the service") {
  for (const auto code : {StatusCode::UNKNOWN, StatusCode::ABORTED, StatusCode::OUT_OF_RANGE,
                          StatusCode::DATA_LOSS}) {
    CAPTURE(code);
    const auto error = from_status({code, "odd"}, "h:1");
    CHECK(error.kind == ErrorKind::ServiceFailed);
    CHECK(error.message == "odd");
    CHECK(error.help.empty());
  }
}

TEST_CASE("a text too long for headers is cut") {
  const auto status = to_status({ErrorKind::NotFound, std::string(20'000, 'x'), ""});
  CHECK(status.error_code() == StatusCode::NOT_FOUND);
  CHECK(status.error_message() == std::string(1'000, 'x'));
}

TEST_CASE("a text too long for headers is cut between characters") {
  std::string text(999, 'x');
  text += "\u00DF and more";
  CHECK(to_status({ErrorKind::NotFound, text, ""}).error_message() == std::string(999, 'x'));
}

TEST_CASE("the service's own text is kept") {
  const auto error = from_status({StatusCode::NOT_FOUND, "no cache named x"}, "127.0.0.1:8080");
  CHECK(error.message == "no cache named x");
  CHECK(error.help.empty());
}

TEST_CASE("a status without text names the endpoint and the code") {
  CHECK(from_status({StatusCode::NOT_FOUND, ""}, "h:1").message ==
        "the service at h:1 gave no reason (gRPC status 5)");
}

TEST_CASE("a service that cannot be reached is named by its endpoint and the last reason") {
  CHECK(unavailable_at("example.com:443").message ==
        "cannot reach the service at example.com:443: Connection refused");
}

TEST_CASE("a service that says itself that it is unavailable is quoted and needs no start") {
  const auto error =
      from_status({StatusCode::UNAVAILABLE, "the service is shutting down"}, "127.0.0.1:8080");
  CHECK(error.kind == ErrorKind::Unavailable);
  CHECK(error.message ==
        "the service at 127.0.0.1:8080 is unavailable: the service is shutting down");
  CHECK(error.help.empty());
  CHECK(from_status({StatusCode::UNAVAILABLE, ""}, "h:1").message ==
        "the service at h:1 is unavailable");
}

TEST_CASE("an answer that did not come in time names the endpoint") {
  CHECK(from_status({StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"}, "h:1").message ==
        "the service at h:1 did not answer in time");
}

TEST_CASE("for this machine the help is to start a service, for others to find out why") {
  for (const std::string here : {"127.0.0.1:8080", "127.1.2.3:80", "localhost:8080", "localhost",
                                 "[::1]:8080", "unix:/run/topics.sock"}) {
    CAPTURE(here);
    CHECK(unavailable_at(here).help == "start one with `topicloop serve-topics`");
  }
  for (const std::string there :
       {"example.com:443", "10.0.0.1:8080", "localhost.example.com:443", "[::2]:8080", ""}) {
    CAPTURE(there);
    CHECK(unavailable_at(there).help == "`topicloop doctor` finds out what is in the way");
  }
}

TEST_CASE("gRPC's words for a message that is too large are put more plainly") {
  const auto error = from_status(
      {StatusCode::RESOURCE_EXHAUSTED, "Sent message larger than max (11000028 vs. 10486000)"},
      "h:1");
  CHECK(error.kind == ErrorKind::LimitExceeded);
  CHECK(error.message == "a message of 11000028 bytes is too large: at most 10486000 can be sent");
  CHECK(from_status({StatusCode::RESOURCE_EXHAUSTED,
                     "Received message larger than max (20000017 vs. 16777216)"},
                    "h:1")
            .message == "a message of 20000017 bytes is too large: at most 16777216 can be sent");
  for (const char* other : {" message larger than max (", " vs. 1 message larger than max (2)",
                            "some message larger than max (we know)"}) {
    CHECK(from_status({StatusCode::RESOURCE_EXHAUSTED, other}, "h:1").message == other);
  }
}
