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

}  // namespace topicloop::cli
