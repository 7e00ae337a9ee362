// SPDX-License-Identifier: Apache-2.0
// Runs a program for each event: the payload is its input, its output goes on instead.
//
// A number of them at once; further events wait for a free place. Thread-safe.
#pragma once

#include "sink/passage.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace topicloop::sink {

struct ExecOptions {
  std::vector<std::string> words;            // Program and arguments.
  std::chrono::milliseconds timeout{5'000};  // From the event's arrival, waiting included.
  std::size_t at_once = 8;
  bool binary = false;  // The output is bytes, not text.
};

class ExecSink {
public:
  explicit ExecSink(ExecOptions options);

  // The program finds the event's fields as TOPICLOOP_* in its environment. A line end that it adds
  // at the end of its output is dropped; without any output nothing is published on. Fails if it
  // does not exit with 0 in time, writes more than 10 MiB, or what is not UTF-8 where text is
  // expected; it is then killed with what it started.
  Result<void> take(Passage& passage) const;

private:
  struct Places;

  const ExecOptions options_;
  std::shared_ptr<Places> places_;
};

}  // namespace topicloop::sink
