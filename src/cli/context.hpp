// SPDX-License-Identifier: Apache-2.0
// What a command is given: where to read and write, when to stop; and how it fails.
#pragma once

#include "base/error.hpp"
#include "cli/signal_relay.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::cli {

// The process's standard streams, or a test's. Input is a descriptor because reading it must be
// interruptible.
struct Streams {
  int in = 0;  // Negative: closed.
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

// The one way to make a command stop early. Thread-safe.
struct Interrupt {
  std::stop_source source;
  std::atomic<int> signal{0};  // The signal that asked for it, or 0.
  SignalRelay relay;           // Who gets signals instead.

  std::stop_token token() const { return source.get_token(); }
};

struct Context {
  Streams& streams;
  Interrupt& interrupt;
  std::atomic<int> output_errno = 0;      // Why stdout could not be written, once it could not.
  std::atomic<bool> json_begun = false;   // The first JSON line carries the format's version.
  std::atomic<bool> is_in_line = false;   // What was written to stdout last did not end a line.
  std::vector<std::string> program = {};  // The command line of another program, see program_words.
  // What that program ended with, which is then what we end with, whatever else there is to say.
  std::optional<int> exit_code = std::nullopt;

  std::stop_token stop() const { return interrupt.token(); }
};

// A command's failure on its way to the one catch in app.cpp.
class CommandError : public std::runtime_error {
public:
  explicit CommandError(Error error)
      : std::runtime_error(error.message), error_(std::move(error)) {}
  const Error& error() const { return error_; }

private:
  Error error_;
};

template <typename T>
T value_or_throw(Result<T> result) {
  if (!result) throw CommandError(std::move(result).error());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// What a command line asks for, once it is parsed.
using Action = std::function<void(Context&)>;

}  // namespace topicloop::cli
