// SPDX-License-Identifier: Apache-2.0
#include "webhook/connection_table.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace topicloop::webhook {

namespace {

// For another look at who waits, when all were busy.
constexpr std::chrono::milliseconds k_look_again{20};

std::int64_t now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

}  // namespace

ConnectionTable::Entry::Entry(int socket) : socket_(socket), since_(now()) {}

void ConnectionTable::Entry::set(State state) {
  if (state_ == state) return;
  since_ = now();
  state_ = state;
}

ConnectionTable::Handle ConnectionTable::add(int socket) {
  const std::lock_guard lock(mutex_);
  return entries_.emplace(entries_.end(), socket);
}

void ConnectionTable::remove(Handle entry) {
  const std::lock_guard lock(mutex_);
  ::close(entry->socket_);
  entries_.erase(entry);
  has_removed_.notify_all();
}

void ConnectionTable::wait_for_removal(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  has_removed_.wait_for(lock, patience);
}

// Unlike closing it, this leaves what has arrived to be read, and an answer to be sent.
void ConnectionTable::give_up(Entry& entry, int directions) {
  entry.has_given_up_ = true;
  ::shutdown(entry.socket_, directions);
}

void ConnectionTable::make_room(std::size_t max) {
  std::unique_lock lock(mutex_);
  while (entries_.size() >= max && !is_closing_) {
    give_up_longest_locked();
    has_removed_.wait_for(lock, k_look_again);
  }
}

void ConnectionTable::give_up_longest() {
  const std::lock_guard lock(mutex_);
  give_up_longest_locked();
}

void ConnectionTable::give_up_longest_locked() {
  Entry* longest = nullptr;
  for (Entry& entry : entries_) {
    const bool waits = entry.state_ != State::Busy && !entry.has_given_up_;
    if (waits && (longest == nullptr || entry.since_ < longest->since_)) longest = &entry;
  }
  if (longest == nullptr) return;
  give_up(*longest, longest->state_ == State::Sending ? SHUT_RDWR : SHUT_RD);
}

void ConnectionTable::close_all(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  is_closing_ = true;
  for (Entry& entry : entries_)
    if (entry.state_ == State::Idle) give_up(entry, SHUT_RD);
  has_removed_.wait_for(lock, patience, [&] {
    return std::none_of(entries_.begin(), entries_.end(),
                        [](const Entry& entry) { return entry.state_ == State::Arriving; });
  });
  for (Entry& entry : entries_)
    give_up(entry, SHUT_RD);
}

}  // namespace topicloop::webhook
