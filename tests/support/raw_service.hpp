// SPDX-License-Identifier: Apache-2.0
// An HTTP/2 server by hand, for what no gRPC library would do: resets, half frames, silence.
//
// Speaks as much HTTP/2 as a gRPC client needs to be content. Each call, once its request is there,
// runs the script, which only writes; what the client sends is answered before and after. A thread
// for each connection. Sends no more than the client's first window (64 KiB) on a call.
#pragma once

#include "support/test_sockets.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace topicloop::test {

// One call on one connection.
class RawStream {
public:
  RawStream(int fd, std::uint32_t id, std::string request)
      : fd_(fd), id_(id), request_(std::move(request)) {}

  // The message that the call came with.
  const std::string& request() const { return request_; }

  void begin() { headers("\x88" + literal("content-type", "application/grpc"), 0); }
  void message(const std::string& bytes) {
    data(std::string(1, '\0') + number(bytes.size(), 4) + bytes);
  }
  // Of the body, whose messages each begin with a byte for compression and four for the length.
  void data(const std::string& bytes) { send(k_data, 0, id_, bytes); }
  // With no more than a status, as a proxy answers.
  void http_status(const std::string& status) {
    headers(literal(":status", status) + literal("content-type", "text/html"), k_end_stream);
  }
  void grpc_status(const std::string& status) {
    headers(literal("grpc-status", status), k_end_stream);
  }
  void end_without_status() { send(k_data, k_end_stream, id_, ""); }
  void reset(std::uint32_t code) { send(k_rst_stream, 0, id_, number(code, 4)); }
  // No call after `last` is or will be worked on.
  void go_away(std::uint32_t last, std::uint32_t code) {
    send(k_goaway, 0, 0, number(last, 4) + number(code, 4));
  }
  void raw(const std::string& bytes) const {
    ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  void half_close() const { ::shutdown(fd_, SHUT_WR); }
  // At the end of the script: the connection is closed; reset; or left to itself, never read again.
  void close() { after_ = After::Close; }
  void cut() { after_ = After::Cut; }
  void fall_silent() { after_ = After::Silence; }

  std::uint32_t id() const { return id_; }

private:
  friend class RawService;
  enum class After { GoOn, Close, Cut, Silence };

  static constexpr char k_data = 0;
  static constexpr char k_headers = 1;
  static constexpr char k_rst_stream = 3;
  static constexpr char k_settings = 4;
  static constexpr char k_ping = 6;
  static constexpr char k_goaway = 7;
  static constexpr char k_end_stream = 1;
  static constexpr char k_ack = 1;
  static constexpr char k_end_headers = 4;

  // Big-endian.
  static std::string number(std::size_t value, int size) {
    std::string bytes;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
      bytes += static_cast<char>(value >> static_cast<unsigned>(shift));
    return bytes;
  }

  // HPACK: a header that is in no table.
  static std::string literal(const std::string& name, const std::string& value) {
    const auto text = [](const std::string& string) {
      return static_cast<char>(string.size()) + string;
    };
    return std::string(1, '\0') + text(name) + text(value);
  }

  static std::string frame(char type, char flags, std::uint32_t id, const std::string& payload) {
    return number(payload.size(), 3) + type + flags + number(id, 4) + payload;
  }
  void send(char type, char flags, std::uint32_t id, const std::string& payload) const {
    raw(frame(type, flags, id, payload));
  }
  void headers(const std::string& block, int flags) const {
    send(k_headers, static_cast<char>(k_end_headers | flags), id_, block);
  }

  int fd_;
  std::uint32_t id_;
  std::string request_;
  After after_ = After::GoOn;
};

class RawService {
public:
  // `call` counts the service's calls from 1.
  using Script = std::function<void(RawStream& stream, int call)>;

  explicit RawService(Script script)
      : script_(std::move(script)), acceptor_([this] { accept_all(); }) {}
  RawService(const RawService&) = delete;
  RawService& operator=(const RawService&) = delete;
  ~RawService() {
    stopping_ = true;
    ::shutdown(front_.fd(), SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : connections_)
        ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& thread : threads_)
      thread.join();
  }

  std::string endpoint() const { return front_.endpoint(); }
  int calls() const { return calls_; }

private:
  void accept_all() {
    while (true) {
      const int fd = ::accept4(front_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      const std::lock_guard lock(mutex_);
      connections_.push_back(fd);
      threads_.emplace_back([this, fd] { serve(fd); });
    }
  }

  static std::optional<std::string> receive(int fd, std::size_t size) {
    std::string bytes(size, '\0');
    const ssize_t got = size == 0 ? 0 : ::recv(fd, bytes.data(), size, MSG_WAITALL);
    if (got != static_cast<ssize_t>(size)) return std::nullopt;
    return bytes;
  }

  static std::size_t value_of(const std::string& bytes, std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = at; i < at + size; ++i)
      value = value << 8U | static_cast<unsigned char>(bytes[i]);
    return value;
  }

  void serve(int fd) {
    constexpr std::size_t k_preface = 24;
    if (receive(fd, k_preface)) {
      const RawStream connection(fd, 0, "");
      connection.send(RawStream::k_settings, 0, 0, "");
      while (serve_frame(fd, connection)) {
      }
    }
    const std::lock_guard lock(mutex_);
    std::erase(connections_, fd);
    ::close(fd);
  }

  // False at the connection's end.
  bool serve_frame(int fd, const RawStream& connection) {
    constexpr std::size_t k_head = 9;
    constexpr std::size_t k_prefix = 5;  // Of a message: whether compressed, and its length.
    const auto head = receive(fd, k_head);
    if (!head) return false;
    const auto payload = receive(fd, value_of(*head, 0, 3));
    if (!payload) return false;
    const bool is_ack = ((*head)[4] & RawStream::k_ack) != 0;
    switch ((*head)[3]) {
      case RawStream::k_settings:
        if (!is_ack) connection.send(RawStream::k_settings, RawStream::k_ack, 0, "");
        return true;
      case RawStream::k_ping:
        if (!is_ack) connection.send(RawStream::k_ping, RawStream::k_ack, 0, *payload);
        return true;
      case RawStream::k_data:
        if (payload->size() < k_prefix) return true;  // The end alone.
        return serve_call(RawStream(fd, static_cast<std::uint32_t>(value_of(*head, 5, 4)),
                                    payload->substr(k_prefix)));
      default:
        return true;
    }
  }

  bool serve_call(RawStream stream) {
    script_(stream, ++calls_);
    switch (stream.after_) {
      case RawStream::After::GoOn:
        return true;
      case RawStream::After::Close:
        break;
      case RawStream::After::Cut: {
        const linger now{1, 0};
        ::setsockopt(stream.fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        break;
      }
      case RawStream::After::Silence: {
        pollfd end{.fd = stream.fd_, .events = 0, .revents = 0};  // Only a hang-up wakes it.
        while (!stopping_ && ::poll(&end, 1, -1) < 0) {
        }
      }
    }
    return false;
  }

  Script script_;
  SilentPort front_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> calls_ = 0;
  std::mutex mutex_;  // Guards what follows.
  std::vector<int> connections_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace topicloop::test
