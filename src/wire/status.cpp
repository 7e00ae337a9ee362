// SPDX-License-Identifier: Apache-2.0
#include "wire/status.hpp"

#include "wire/connect_failure.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace topicloop::wire {
namespace {

using grpc::StatusCode;

// A status travels in headers, and clients refuse more than 8 KiB of those: a long name in a text
// would turn the status into another one.
constexpr std::size_t k_longest_text = 1'000;

// Cut between characters: half of one is not UTF-8, and some clients refuse such a text whole.
std::string shortened(const std::string& text) {
  if (text.size() <= k_longest_text) return text;
  const auto continues = [&](std::size_t at) { return (text[at] & '\xC0') == '\x80'; };
  std::size_t end = k_longest_text;
  while (end > 0 && continues(end))
    --end;
  return text.substr(0, end);
}

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
    case ErrorKind::GapSeen:
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
    case ErrorKind::ServiceFailed:
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
      return ErrorKind::ServiceFailed;
  }
}

// gRPC's own words for what it refuses to send or receive: "Sent message larger than max (11000028
// vs. 10486000)".
std::string too_large(const std::string& text) {
  constexpr std::string_view k_middle = " message larger than max (";
  constexpr std::string_view k_versus = " vs. ";
  const std::size_t middle = text.find(k_middle);
  const std::size_t versus = text.find(k_versus);
  if (middle == std::string::npos || versus == std::string::npos || text.back() != ')') return "";
  const std::size_t size = middle + k_middle.size();
  const std::size_t limit = versus + k_versus.size();
  if (versus < size) return "";
  return fmt::format("a message of {} bytes is too large: at most {} can be sent",
                     text.substr(size, versus - size), text.substr(limit, text.size() - limit - 1));
}

Error unavailable(const grpc::Status& status, std::string_view endpoint) {
  if (auto failure = connect_failure(status, endpoint)) {
    return {ErrorKind::Unavailable, std::move(failure->message), std::move(failure->help)};
  }
  const std::string text = status.error_message();
  return {
      ErrorKind::Unavailable,
      fmt::format("the service at {} is unavailable{}{}", endpoint, text.empty() ? "" : ": ", text),
      ""};
}

}  // namespace

grpc::Status to_status(const Error& error) {
  return {code_of(error.kind), shortened(error.message)};
}

Error unreachable(std::string_view endpoint, std::string_view reason) {
  ConnectFailure failure = nobody_there(endpoint, reason);
  return {ErrorKind::Unavailable, std::move(failure.message), std::move(failure.help)};
}

Error from_status(const grpc::Status& status, std::string_view endpoint) {
  const ErrorKind kind = kind_of(status.error_code());
  const std::string text = status.error_message();
  switch (kind) {
    case ErrorKind::Unavailable:
      return unavailable(status, endpoint);
    case ErrorKind::DeadlineExceeded:
      return {kind, fmt::format("the service at {} did not answer in time", endpoint), ""};
    default:
      if (auto own_words = too_large(text); !own_words.empty()) return {kind, own_words, ""};
      if (!text.empty()) return {kind, text, ""};
      return {kind,
              fmt::format("the service at {} gave no reason (gRPC status {})", endpoint,
                          static_cast<int>(status.error_code())),
              ""};
  }
}

}  // namespace topicloop::wire
