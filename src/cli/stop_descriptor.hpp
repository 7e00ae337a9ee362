// SPDX-License-Identifier: Apache-2.0
// A descriptor that becomes readable on a stop and stays so, for poll() to wait for both.
#pragma once

#include <stop_token>

namespace topicloop::cli {

class StopDescriptor {
public:
  explicit StopDescriptor(const std::stop_token& stop);
  StopDescriptor(const StopDescriptor&) = delete;
  StopDescriptor& operator=(const StopDescriptor&) = delete;

  int fd() const { return owned_.fd; }

private:
  struct Owned {
    ~Owned();
    int fd;
  };
  struct Signal {
    int fd;
    void operator()() const;
  };

  // Closed last: until the callback is gone, a stop may still write to it.
  Owned owned_;
  std::stop_callback<Signal> callback_;
};

}  // namespace topicloop::cli
