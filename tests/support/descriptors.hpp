// SPDX-License-Identifier: Apache-2.0
// Descriptors for tests to read from and write to: owned ones, pipes, ready-made input.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace topicloop::test {

class Descriptor {
public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  int fd() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

private:
  int fd_;
};

inline void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0) throw std::runtime_error("the test cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

struct Pipe {
  Descriptor reader;
  Descriptor writer;

  Pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw std::runtime_error("the test gets no pipe");
    reader = Descriptor(fds[0]);
    writer = Descriptor(fds[1]);
  }
  void write(std::string_view bytes) const { write_all(writer.fd(), bytes); }
  // Fills it up: the next write blocks.
  void fill() const {
    const int flags = ::fcntl(writer.fd(), F_GETFL);
    ::fcntl(writer.fd(), F_SETFL, flags | O_NONBLOCK);
    const std::string block(4'096, ' ');
    while (::write(writer.fd(), block.data(), block.size()) > 0) {
    }
    while (::write(writer.fd(), " ", 1) > 0) {
    }
    ::fcntl(writer.fd(), F_SETFL, flags);
  }
};

// A descriptor from which `bytes` can be read, and then the end.
inline Descriptor input_of(std::string_view bytes) {
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  write_all(file.fd(), bytes);
  ::lseek(file.fd(), 0, SEEK_SET);
  return file;
}

inline std::string content_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace topicloop::test
