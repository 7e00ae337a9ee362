// SPDX-License-Identifier: Apache-2.0
#include "broker/http_poll.hpp"

#include "broker/loop_answer.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

namespace topicloop::broker {

namespace {

using Items = std::vector<PollItem>;

constexpr std::size_t k_max_items = 1'000;
constexpr std::size_t k_max_bytes = 1U << 20U;

// A condition that can be waited for together with a socket.
class Wakeup {
public:
  Wakeup() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool is_usable() const { return fd_ >= 0; }
  void wake() const { static_cast<void>(::eventfd_write(fd_, 1)); }

  // Returns when woken, when the other end of `connection` has closed, or after `timeout`.
  void wait(int connection, std::chrono::milliseconds timeout) const {
    std::array<pollfd, 2> watched{{{fd_, POLLIN, 0}, {connection, POLLRDHUP, 0}}};
    constexpr std::chrono::milliseconds k_longest = std::chrono::hours(24);
    const auto limit = static_cast<int>(std::min(timeout, k_longest).count());
    while (::poll(watched.data(), watched.size(), limit) < 0 && errno == EINTR) {
    }
  }

private:
  int fd_;
};

// Belongs to the event loop's thread, but for wakeup().
class Poll final : public Reader {
public:
  const Wakeup& wakeup() const { return wakeup_; }

  void start(TopicsService& topics, const PollRequest& request) {
    auto attachment =
        topics.subscribe(request.key, request.topic, *this, std::chrono::system_clock::now());
    if (!attachment) {
      on_ended(attachment.error());
      return;
    }
    attachment_ = *std::move(attachment);
    if (attachment_.has_more()) on_appended();
  }

  void on_appended() override {
    if (!outcome_) outcome_ = collect();
    wakeup_.wake();
  }

  void on_ended(const Error& reason) override {
    if (!outcome_) outcome_ = reason;
    wakeup_.wake();
  }

  // What came so far, if `key` has not expired meanwhile; nothing is collected any more.
  Result<Items> finish(TopicsService& topics, const std::string& key) {
    attachment_.reset();
    if (auto valid = topics.check_key(key, std::chrono::system_clock::now()); !valid) {
      return std::move(valid).error();
    }
    return outcome_ ? *std::move(outcome_) : Items{};
  }

private:
  Items collect() {
    Items items;
    std::size_t bytes = 0;
    while (items.size() < k_max_items && bytes < k_max_bytes) {
      const LogRead read = attachment_.read();
      if (const auto* entry = std::get_if<const LogEntry*>(&read)) {
        bytes += (*entry)->item->size();
        attachment_.count_delivered((*entry)->item->size());
        items.emplace_back((*entry)->item);
      } else if (const auto* lost = std::get_if<model::Discontinuity>(&read)) {
        items.emplace_back(*lost);
      } else {
        break;
      }
    }
    return items;
  }

  Wakeup wakeup_;
  Attachment attachment_;
  std::optional<Result<Items>> outcome_;
};

Error unavailable(const char* reason) {
  return {ErrorKind::Unavailable, reason, ""};
}

}  // namespace

Result<Items> poll_topic(EventLoop& loop, TopicsService& topics, PollRequest request) {
  auto poll = std::make_shared<Poll>();
  if (!poll->wakeup().is_usable()) return unavailable("the service has no more descriptors");
  const int connection = request.connection;
  const auto timeout = request.timeout;
  const std::string key = request.key;
  const bool posted =
      loop.post([poll, &topics, request = std::move(request)] { poll->start(topics, request); });
  if (!posted) return unavailable("the service is shutting down");
  poll->wakeup().wait(connection, timeout);
  return ask<Items>(loop,
                    [poll = std::move(poll), &topics, key] { return poll->finish(topics, key); });
}

}  // namespace topicloop::broker
