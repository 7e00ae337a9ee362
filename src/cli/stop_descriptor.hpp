// SPDX-License-Identifier: Apache-2.0
// A descriptor that becomes readable on a stop and stays so, for poll() to wait for both.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <stop_token>

namespace topicloop::cli {

class StopDescriptor {
public:
  explicit StopDescriptor(const std::stop_token& stop)
      : fd_(::eventfd(0, EFD_CLOEXEC)), callback_(stop, Signal{fd_}) {}
  StopDescriptor(const StopDescriptor&) = delete;
  StopDescriptor& operator=(const StopDescriptor&) = delete;
  ~StopDescriptor() { ::close(fd_); }

  int fd() const { return fd_; }

private:
  struct Signal {
    int fd;
    void operator()() const { ::eventfd_write(fd, 1); }
  };

  int fd_;
  std::stop_callback<Signal> callback_;
};

}  // namespace topicloop::cli
