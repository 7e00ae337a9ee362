// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.hpp"

namespace topicloop::cli {

ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage:
      return ExitCode::Usage;
    case ErrorKind::BadInput:
      return ExitCode::BadInput;
    case ErrorKind::CheckFailed:
      return ExitCode::CheckFailed;
    case ErrorKind::GapSeen:
      return ExitCode::GapSeen;
    case ErrorKind::Timeout:
      return ExitCode::Timeout;
    case ErrorKind::Unavailable:
    case ErrorKind::DeadlineExceeded:
      return ExitCode::Unavailable;
    case ErrorKind::InvalidArgument:
    case ErrorKind::NotFound:
    case ErrorKind::AlreadyExists:
    case ErrorKind::PermissionDenied:
    case ErrorKind::Unauthenticated:
    case ErrorKind::LimitExceeded:
    case ErrorKind::FailedPrecondition:
    case ErrorKind::Unimplemented:
    case ErrorKind::ServiceFailed:
    case ErrorKind::Cancelled:
      return ExitCode::Refused;
    case ErrorKind::Internal:
      return ExitCode::Bug;
  }
  return ExitCode::Bug;
}

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage:
      return "usage";
    case ErrorKind::BadInput:
      return "bad_input";
    case ErrorKind::CheckFailed:
      return "check_failed";
    case ErrorKind::GapSeen:
      return "gap_seen";
    case ErrorKind::Timeout:
      return "timeout";
    case ErrorKind::InvalidArgument:
      return "invalid_argument";
    case ErrorKind::NotFound:
      return "not_found";
    case ErrorKind::AlreadyExists:
      return "already_exists";
    case ErrorKind::PermissionDenied:
      return "permission_denied";
    case ErrorKind::Unauthenticated:
      return "unauthenticated";
    case ErrorKind::LimitExceeded:
      return "limit_exceeded";
    case ErrorKind::FailedPrecondition:
      return "failed_precondition";
    case ErrorKind::Unimplemented:
      return "unimplemented";
    case ErrorKind::Unavailable:
      return "unavailable";
    case ErrorKind::DeadlineExceeded:
      return "deadline_exceeded";
    case ErrorKind::Cancelled:
      return "cancelled";
    case ErrorKind::ServiceFailed:
      return "service_failed";
    case ErrorKind::Internal:
      return "internal";
  }
  return "internal";
}

}  // namespace topicloop::cli
