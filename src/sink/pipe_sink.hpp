// SPDX-License-Identifier: Apache-2.0
// One long-lived program that gets each event as a line of JSON and answers with a line of JSON.
//
// One event is in its hands at a time. A program that dies, does not answer in time or answers what
// it should not is killed and started anew, at once the first time, then after a growing pause; the
// event it had fails, and so do those that come during the pause. Thread-safe.
#pragma once

#include "sink/child_process.hpp"
#include "sink/passage.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace topicloop::sink {

struct PipeOptions {
  std::vector<std::string> words;            // Program and arguments.
  std::chrono::milliseconds timeout{5'000};  // From the event's arrival, waiting included.
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{10'000};
};

class PipeSink {
public:
  explicit PipeSink(PipeOptions options);

  // Starts the program, so that one that cannot be started is known before the first event.
  Result<void> start();

  // The program gets the event's fields, "id", and "text" or "binary_base64" with what the sinks
  // before made of the payload. It answers {"text":...} or {"binary_base64":...} with what goes on,
  // {} if nothing does, {"error":"why"} if the event has failed. An "id" in it must be the event's.
  Result<void> take(Passage& passage);

private:
  // The program, for one event at a time; false if it was not free before the deadline.
  class Turn {
  public:
    Turn(PipeSink& sink, std::chrono::steady_clock::time_point deadline);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();
    explicit operator bool() const { return is_ours_; }

  private:
    PipeSink& sink_;
    bool is_ours_ = false;
  };

  Result<void> be_running();
  Result<std::string> ask(const std::string& line, std::chrono::steady_clock::time_point deadline);
  Error give_up(std::string why);

  const PipeOptions options_;
  // A timed mutex would do, but ThreadSanitizer does not know its clocked lock.
  std::mutex mutex_;
  std::condition_variable free_;
  bool is_busy_ = false;  // Somebody has the turn, which guards what follows.
  std::optional<ChildProcess> program_;
  int failures_ = 0;  // Since the last answer.
  std::chrono::steady_clock::time_point not_before_;
};

}  // namespace topicloop::sink
