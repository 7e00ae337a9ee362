// SPDX-License-Identifier: Apache-2.0
// Another program, run as a child of this one.
//
// It gets a pipe as standard input and output, our standard error, and no other descriptor of ours;
// default signals; a process group of its own, so that Ctrl-C at a terminal is ours to handle.
// Killing it takes along what it has started (running_programs.hpp says what of it). Hides
// posix_spawn, pipes, poll and waiting. Starting one makes the process ignore SIGPIPE. One thread
// at a time may use an object.
#pragma once

#include "base/error.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace topicloop::sink {

struct ProgramCall {
  std::vector<std::string> words;  // The first is looked up in PATH.
  // What it finds in its environment besides ours, or instead of it.
  std::vector<std::pair<std::string, std::string>> variables = {};
  std::vector<std::string> hidden_variables = {};  // Of ours, those it is not given.
};

struct TalkLimits {
  std::chrono::steady_clock::time_point deadline;
  std::size_t max_output = 10U << 20U;  // Bytes.
  std::stop_token stop = {};
};

// Why a talk came to its end.
enum class TalkEnd { Enough, Ended, TimedOut, TooMuch, Stopped };

class ChildProcess {
public:
  // Fails with BadInput, naming the program, if it cannot be started.
  static Result<ChildProcess> start(const ProgramCall& call);
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  ~ChildProcess();  // Kills it and what it started if it has not ended, and waits for it.

  // Sends `input` while appending what the program writes to `output`, until `enough` says so, the
  // program has ended, or a limit is reached. A program that does not read all its input is not an
  // error. Without `keep_input_open` it sees the end of its input after it.
  TalkEnd talk(std::string_view input, bool keep_input_open, std::string& output,
               const TalkLimits& limits, const std::function<bool()>& enough = {});

  // After TalkEnd::Ended: "exited with 3" or "was ended by signal 9"; empty if it exited with 0.
  std::string failure() const;

private:
  struct Impl;
  explicit ChildProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// BadInput unless `name` is, or PATH has, a file that may be executed.
Result<void> check_program(const std::string& name);

}  // namespace topicloop::sink
