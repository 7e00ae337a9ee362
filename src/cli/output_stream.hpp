// SPDX-License-Identifier: Apache-2.0
// A descriptor to write to, as a stream that does not outlast a stop.
//
// A reader that takes nothing (`| sleep 60`, Ctrl-S) holds up who writes, which is back-pressure.
// After a stop it is waited for a moment more, all in all; then the stream is bad and errno
// ECANCELED. What is written goes out on flush(), up to a pipe's atomic size in one piece. One
// thread at a time may use it; the stop may come from any.
#pragma once

#include "cli/stop_descriptor.hpp"

#include <chrono>
#include <ostream>
#include <stop_token>
#include <streambuf>
#include <string>
#include <string_view>

namespace topicloop::cli {

class OutputStream {
public:
  // Does not own `fd`.
  OutputStream(int fd, const std::stop_token& stop) : buffer_(fd, stop) {}

  std::ostream& stream() { return stream_; }

private:
  class Buffer : public std::streambuf {
  public:
    Buffer(int fd, const std::stop_token& stop);
    ~Buffer() override { Buffer::sync(); }

  protected:
    std::streamsize xsputn(const char* bytes, std::streamsize size) override;
    int_type overflow(int_type byte) override;
    int sync() override;

  private:
    bool write_out(std::string_view bytes);
    bool wait_until_writable();

    int fd_;
    bool may_block_;
    StopDescriptor stop_;
    std::chrono::milliseconds left_;  // To wait for the reader after a stop.
    std::string pending_;             // Until the next flush.
  };

  Buffer buffer_;
  std::ostream stream_{&buffer_};
};

}  // namespace topicloop::cli
