// SPDX-License-Identifier: Apache-2.0
// An HTTP server that keeps every byte of the requests it gets, for tests of what is really sent.
//
// Answers each with an empty 200, on as many connections as there are. Destruction waits for it.
#pragma once

#include "support/test_sockets.hpp"

#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace topicloop::test {

class RawHttpSite {
public:
  RawHttpSite() : thread_([this] { accept_all(); }) {}
  RawHttpSite(const RawHttpSite&) = delete;
  RawHttpSite& operator=(const RawHttpSite&) = delete;
  ~RawHttpSite() {
    ::shutdown(port_.fd(), SHUT_RDWR);
    thread_.join();
  }

  // Without a path.
  std::string url() const { return "http://" + port_.endpoint(); }

  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

private:
  void accept_all() {
    std::vector<std::thread> threads;
    while (true) {
      const int accepted = ::accept4(port_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) break;
      threads.emplace_back([this, accepted] { serve(accepted); });
    }
    for (auto& thread : threads)
      thread.join();
  }

  void serve(int accepted) {
    const OwnedSocket connection(accepted);
    std::string bytes;
    while (read_request(connection.fd(), bytes)) {
      constexpr std::string_view k_answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
      if (::send(connection.fd(), k_answer.data(), k_answer.size(), MSG_NOSIGNAL) < 0) return;
    }
  }

  bool read_request(int fd, std::string& bytes) {
    while (true) {
      const std::size_t head = bytes.find("\r\n\r\n");
      const std::size_t length = bytes.find("\r\nContent-Length: ");
      if (head != std::string::npos) {
        const std::size_t body = length < head ? std::stoul(bytes.substr(length + 18)) : 0;
        if (bytes.size() >= head + 4 + body) {
          const std::lock_guard lock(mutex_);
          requests_.push_back(bytes.substr(0, head + 4 + body));
          bytes.erase(0, head + 4 + body);
          return true;
        }
      }
      std::array<char, 65'536> buffer{};
      const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
      if (count <= 0) return false;
      bytes.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  SilentPort port_;
  std::thread thread_;  // Last: it uses what is above.
};

}  // namespace topicloop::test
