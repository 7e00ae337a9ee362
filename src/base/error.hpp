// SPDX-License-Identifier: Apache-2.0
// How a failure is told below the command line: as a value, never as an exception.
//
// An `Error` says what kind of trouble it is (which decides the exit code and the gRPC status),
// what went wrong naming the thing, and, where there is one, what to type next. `Result<T>` holds
// either a T or an Error and reads like C++23's std::expected. Plain values, no threading.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace topicloop {

enum class ErrorKind {
  // The user's side.
  Usage,        // A flag or an argument is wrong.
  BadInput,     // A file, key or message cannot be read or is malformed.
  CheckFailed,  // An expectation is not met: a signature, a delivery, a comparison.
  GapSeen,      // Messages were lost where the user wanted none to be.
  Timeout,      // The time the user gave ran out.
  // The service's side; each has its gRPC status (wire/status.hpp).
  InvalidArgument,
  NotFound,
  AlreadyExists,
  PermissionDenied,
  Unauthenticated,
  LimitExceeded,
  FailedPrecondition,
  Unimplemented,
  Unavailable,
  DeadlineExceeded,
  Cancelled,
  ServiceFailed,  // Something broke inside the service.
  // Ours.
  Internal,  // A bug in topicloop.
};

struct Error {
  ErrorKind kind = ErrorKind::Internal;
  std::string message;       // What went wrong, naming the thing; one line, no full stop.
  std::string help;          // What to type next; empty if there is nothing useful to say.
  std::string subtype = {};  // The protocol's own name for it (a call's trailer "err"), if any.
};

// Either a value or the Error that prevented it. Reading the wrong half is a programming error and
// throws std::bad_variant_access.
template <typename T>
class [[nodiscard]] Result {
public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }

  Error& error() & { return error_.value(); }
  const Error& error() const& { return error_.value(); }
  Error&& error() && { return std::move(error_).value(); }

private:
  std::optional<Error> error_;
};

}  // namespace topicloop
