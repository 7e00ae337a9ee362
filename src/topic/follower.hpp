// SPDX-License-Identifier: Apache-2.0
// A subscription that outlives its streams.
//
// Whatever ends a stream (a restart of the service, a connection cut, a nap of the laptop), it
// waits a little, subscribes again where it stood, drops what comes twice and tells what is
// missing. Only four answers of the service are final: NotFound, PermissionDenied, Unauthenticated,
// Cancelled; the last not the first time a stream is taken up again, as a service that is going
// down gives it too. One thread at a time may use it.
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"
#include "topic/client.hpp"
#include "topic/resume.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <variant>

namespace topicloop::topic {

// The stream broke, for this reason, and is being taken up again. Told once for each break.
struct Interrupted {
  Error reason;
};

// It goes on.
struct Resumed {};

using FollowerEvent =
    std::variant<model::Message, model::Gap, model::Heartbeat, Interrupted, Resumed>;

class Follower {
public:
  using Deadline = Subscription::Deadline;

  // Returns once the first stream has begun, as Client::subscribe; what fails until then is final.
  static Result<Follower> open(Client client, const std::string& cache, const std::string& topic,
                               const model::ResumePoint& start, std::stop_token stop = {});

  // The next event; nothing if `deadline` passed first (call again to go on waiting). An error is
  // final: one of the four answers above, or Cancelled after a stop.
  Result<std::optional<FollowerEvent>> next(std::stop_token stop,
                                            Deadline deadline = Deadline::max());

  const std::string& topic() const { return topic_; }
  // The message to ask for after the events that next() has given; number 0 if not known yet.
  const model::ResumePoint& position() const { return position_; }

private:
  Follower(Client client, std::string cache, std::string topic, Resume resume,
           Subscription subscription);

  // An event to be told, and where that leaves whoever was told.
  struct Waiting {
    FollowerEvent event;
    model::ResumePoint position;
  };

  void take(model::SubscriptionEvent event);
  Result<bool> take_up_again(const std::stop_token& stop, Deadline deadline);
  std::chrono::milliseconds next_wait();

  Client client_;
  std::string cache_;
  std::string topic_;
  Resume resume_;
  std::optional<Subscription> subscription_;  // Empty between two streams.
  std::deque<Waiting> waiting_;               // To be told before anything new; a few at most.
  model::ResumePoint position_;
  Backoff backoff_;
  bool is_proven_ = false;      // The stream has given more than its beginning.
  bool was_cancelled_ = false;  // The attempt before.
  Deadline next_attempt_{};
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace topicloop::topic
