// SPDX-License-Identifier: Apache-2.0
#include "wire/status.hpp"

#include "base/address.hpp"

#include <string>

namespace topicloop::wire {
namespace {

using grpc::StatusCode;

StatusCode code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage:
    case ErrorKind::BadInput:
    case ErrorKind::InvalidArgument:
      return StatusCode::INVALID_ARGUMENT;
    case ErrorKind::NotFound:
      return StatusCode::NOT_FOUND;
    case ErrorKind::AlreadyExists:
      return StatusCode::ALREADY_EXISTS;
    case ErrorKind::PermissionDenied:
      return StatusCode::PERMISSION_DENIED;
    case ErrorKind::Unauthenticated:
      return StatusCode::UNAUTHENTICATED;
    case ErrorKind::LimitExceeded:
      return StatusCode::RESOURCE_EXHAUSTED;
    case ErrorKind::CheckFailed:
    case ErrorKind::FailedPrecondition:
      return StatusCode::FAILED_PRECONDITION;
    case ErrorKind::Unimplemented:
      return StatusCode::UNIMPLEMENTED;
    case ErrorKind::Unavailable:
      return StatusCode::UNAVAILABLE;
    case ErrorKind::Timeout:
    case ErrorKind::DeadlineExceeded:
      return StatusCode::DEADLINE_EXCEEDED;
    case ErrorKind::Cancelled:
      return StatusCode::CANCELLED;
    case ErrorKind::Internal:
      break;
  }
  return StatusCode::INTERNAL;
}

ErrorKind kind_of(StatusCode code) {
  switch (code) {
    case StatusCode::INVALID_ARGUMENT:
      return ErrorKind::InvalidArgument;
    case StatusCode::NOT_FOUND:
      return ErrorKind::NotFound;
    case StatusCode::ALREADY_EXISTS:
      return ErrorKind::AlreadyExists;
    case StatusCode::PERMISSION_DENIED:
      return ErrorKind::PermissionDenied;
    case StatusCode::UNAUTHENTICATED:
      return ErrorKind::Unauthenticated;
    case StatusCode::RESOURCE_EXHAUSTED:
      return ErrorKind::LimitExceeded;
    case StatusCode::FAILED_PRECONDITION:
      return ErrorKind::FailedPrecondition;
    case StatusCode::UNIMPLEMENTED:
      return ErrorKind::Unimplemented;
    case StatusCode::UNAVAILABLE:
      return ErrorKind::Unavailable;
    case StatusCode::DEADLINE_EXCEEDED:
      return ErrorKind::DeadlineExceeded;
    case StatusCode::CANCELLED:
      return ErrorKind::Cancelled;
    default:
      return ErrorKind::Internal;
  }
}

bool is_on_this_machine(std::string_view endpoint) {
  auto address = parse_address(endpoint, 0);
  return address && address->is_loopback();
}

}  // namespace

grpc::Status to_status(const Error& error) {
  return {code_of(error.kind), error.message};
}

Error from_status(const grpc::Status& status, std::string_view endpoint) {
  const std::string place(endpoint);
  Error error{kind_of(status.error_code()), status.error_message(), {}};
  if (error.kind == ErrorKind::Unavailable) {
    std::string detail = error.message.empty() ? "" : ": " + error.message;
    error.message = "cannot reach the service at " + place + detail;
    if (is_on_this_machine(endpoint)) error.help = "start one with `topicloop serve-topics`";
  } else if (error.message.empty()) {
    error.message = "the service at " + place + " gave no reason (gRPC status " +
                    std::to_string(status.error_code()) + ")";
  }
  return error;
}

}  // namespace topicloop::wire
