// SPDX-License-Identifier: Apache-2.0
// The connections a server has open, and which of them wait for their sender.
//
// Closes each when it ends. A connection that waits can be told to give up: what its sender has
// sent by then is still read, and then it is as if the sender had closed. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>

namespace topicloop::webhook {

class ConnectionTable {
public:
  enum class State {
    Idle,      // Waits for a request to begin.
    Arriving,  // Waits for more of a request, or for its sender to close.
    Busy,      // Is being answered: waits for nobody.
    Sending,   // Waits for the answer to be taken.
  };

  // One connection; to be set by its own thread.
  class Entry {
  public:
    explicit Entry(int socket);

    int socket() const { return socket_; }
    void set(State state);
    // It was told to give up: that nothing more comes is not the sender's doing.
    bool has_given_up() const { return has_given_up_; }

  private:
    friend class ConnectionTable;

    const int socket_;
    std::atomic<State> state_ = State::Idle;
    std::atomic<std::int64_t> since_;  // When it got there; steady clock.
    std::atomic<bool> has_given_up_ = false;
  };
  using Handle = std::list<Entry>::iterator;

  // Owns the socket until the handle is given back.
  Handle add(int socket);
  void remove(Handle entry);
  // Returns when one was, or after `patience`.
  void wait_for_removal(std::chrono::milliseconds patience);

  // Returns when there are fewer than `max` connections: as long as there are not, the one that has
  // waited longest for its sender gives up. Also returns once all are to close.
  void make_room(std::size_t max);
  // The same for one connection, whatever their number; returns at once.
  void give_up_longest();

  // From now on none may wait for a request to begin: those that do give up at once. Those that
  // wait for the rest of one do when `patience` is over.
  void close_all(std::chrono::milliseconds patience);
  bool is_closing() const { return is_closing_; }

private:
  static void give_up(Entry& entry, int directions);
  void give_up_longest_locked();

  std::atomic<bool> is_closing_ = false;
  std::mutex mutex_;  // Guards what follows, and a socket from being closed and its number reused.
  std::condition_variable has_removed_;
  std::list<Entry> entries_;
};

}  // namespace topicloop::webhook
