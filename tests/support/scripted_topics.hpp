// SPDX-License-Identifier: Apache-2.0
// What the tests of the topic client have in common: items to send, codes to answer, a client.
#pragma once

#include "support/condition.hpp"
#include "support/scripted_service.hpp"
#include "support/service.hpp"
#include "wire/pubsub.hpp"

#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::test {

// Every status but OK, and the kind of error a caller is to see.
inline const std::vector<std::pair<grpc::StatusCode, ErrorKind>>& every_failure() {
  using Code = grpc::StatusCode;
  static const std::vector<std::pair<grpc::StatusCode, ErrorKind>> k_failures = {
      {Code::CANCELLED, ErrorKind::Cancelled},
      {Code::UNKNOWN, ErrorKind::ServiceFailed},
      {Code::INVALID_ARGUMENT, ErrorKind::InvalidArgument},
      {Code::DEADLINE_EXCEEDED, ErrorKind::DeadlineExceeded},
      {Code::NOT_FOUND, ErrorKind::NotFound},
      {Code::ALREADY_EXISTS, ErrorKind::AlreadyExists},
      {Code::PERMISSION_DENIED, ErrorKind::PermissionDenied},
      {Code::RESOURCE_EXHAUSTED, ErrorKind::LimitExceeded},
      {Code::FAILED_PRECONDITION, ErrorKind::FailedPrecondition},
      {Code::ABORTED, ErrorKind::ServiceFailed},
      {Code::OUT_OF_RANGE, ErrorKind::ServiceFailed},
      {Code::UNIMPLEMENTED, ErrorKind::Unimplemented},
      {Code::INTERNAL, ErrorKind::ServiceFailed},
      {Code::UNAVAILABLE, ErrorKind::Unavailable},
      {Code::DATA_LOSS, ErrorKind::ServiceFailed},
      {Code::UNAUTHENTICATED, ErrorKind::Unauthenticated},
  };
  return k_failures;
}

// What the error for a status with the text "because" must contain.
inline std::string words_of(grpc::StatusCode code, const std::string& endpoint) {
  return code == grpc::StatusCode::DEADLINE_EXCEEDED ? endpoint : "because";
}

inline std::string heartbeat() {
  return wire::serialize(model::Heartbeat{});
}

inline std::string item(std::uint64_t number, const std::string& text) {
  return wire::serialize_item(number, 7, "", model::Value::text(text));
}

// Options for a service that is slow to answer, but not for ever: a failed test must not hang.
inline topic::ConnectionOptions patient(const std::string& endpoint) {
  topic::ConnectionOptions options;
  options.endpoint = endpoint;
  options.timeout = k_patience;
  return options;
}

// Options for a service that will never answer.
inline topic::ConnectionOptions impatient(const std::string& endpoint) {
  topic::ConnectionOptions options;
  options.endpoint = endpoint;
  options.timeout = std::chrono::milliseconds(50);
  return options;
}

inline topic::Subscription subscribe_to(const std::string& endpoint) {
  return must(client_of(endpoint).subscribe("c", "t"));
}

// Says that it is there, does the rest and then waits until the client has gone.
inline ScriptedService::Script after_heartbeat(std::function<void(ScriptedCall&)> rest) {
  return [rest = std::move(rest)](ScriptedCall& call) {
    call.write(heartbeat());
    rest(call);
    call.wait_until_cancelled();
  };
}

// Holds scripts back until it is opened.
class Gate {
public:
  ~Gate() { open(); }
  void open() {
    if (!std::exchange(is_open_, true)) promise_.set_value();
  }
  void wait() const { opened_.wait_for(k_patience); }

private:
  bool is_open_ = false;
  std::promise<void> promise_;
  std::shared_future<void> opened_ = promise_.get_future().share();
};

}  // namespace topicloop::test
