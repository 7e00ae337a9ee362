// SPDX-License-Identifier: Apache-2.0
#include "broker/http_answer.hpp"

#include "webhook/http_exchange.hpp"

namespace topicloop::broker {

int http_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage:
    case ErrorKind::BadInput:
    case ErrorKind::InvalidArgument:
    case ErrorKind::FailedPrecondition:
      return 400;
    case ErrorKind::Unauthenticated:
      return 401;
    case ErrorKind::PermissionDenied:
      return 403;
    case ErrorKind::NotFound:
      return 404;
    case ErrorKind::AlreadyExists:
      return 409;
    case ErrorKind::LimitExceeded:
      return 429;
    case ErrorKind::Unimplemented:
      return 501;
    case ErrorKind::Unavailable:
      return 503;
    case ErrorKind::Timeout:
    case ErrorKind::DeadlineExceeded:
      return 504;
    case ErrorKind::CheckFailed:
    case ErrorKind::GapSeen:
    case ErrorKind::Cancelled:
    case ErrorKind::ServiceFailed:
    case ErrorKind::Internal:
      break;
  }
  return 500;
}

HttpAnswer error_answer(int status, const std::string& reason) {
  return {.status = status, .body = webhook::refusal_body(reason)};
}

HttpAnswer error_answer(const Error& error) {
  // Waiting, as 429 suggests, would not help.
  const bool too_large = error.subtype == "request_size_limit_exceeded";
  const int status = too_large ? 413 : http_status(error.kind);
  return error_answer(status, status == 500 ? "internal error" : error.message);
}

}  // namespace topicloop::broker
