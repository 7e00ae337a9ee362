// SPDX-License-Identifier: Apache-2.0
#include "webhook/connection_table.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace topicloop::webhook {

void ConnectionTable::Entry::set(State state) {
  since_ = std::chrono::steady_clock::now().time_since_epoch().count();
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
void ConnectionTable::give_up(Entry& entry) {
  entry.has_given_up_ = true;
  ::shutdown(entry.socket_, SHUT_RD);
}

void ConnectionTable::make_room(std::size_t max) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() < max) return;
  Entry* longest = nullptr;
  for (Entry& entry : entries_) {
    const bool waits = entry.state_ != State::Busy;
    if (waits && (longest == nullptr || entry.since_ < longest->since_)) longest = &entry;
  }
  if (longest == nullptr) return;
  give_up(*longest);
  longest->set(State::Busy);  // It ends by itself now: the next one is another's turn.
}

void ConnectionTable::close_all(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  is_closing_ = true;
  for (Entry& entry : entries_)
    if (entry.state_ == State::Idle) give_up(entry);
  has_removed_.wait_for(lock, patience, [&] {
    return std::none_of(entries_.begin(), entries_.end(),
                        [](const Entry& entry) { return entry.state_ == State::Arriving; });
  });
  for (Entry& entry : entries_)
    give_up(entry);
}

}  // namespace topicloop::webhook
