// SPDX-License-Identifier: Apache-2.0
// Asking the event loop from another thread.
#pragma once

#include "base/error.hpp"
#include "broker/event_loop.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <utility>

namespace topicloop::broker {

// Runs `work` on the loop's thread and returns its result. Unavailable if the loop is shutting down
// or too busy to get to it in time; then it may still run, so it must own what it uses. Not for the
// loop's own thread.
template <typename T>
Result<T> ask(EventLoop& loop, std::function<Result<T>()> work) {
  constexpr std::chrono::seconds k_patience{10};
  const auto answer = std::make_shared<std::promise<Result<T>>>();
  auto future = answer->get_future();
  const bool posted = loop.post([answer, work = std::move(work)] { answer->set_value(work()); });
  if (!posted || future.wait_for(k_patience) != std::future_status::ready) {
    return Error{ErrorKind::Unavailable, "the service is busy or shutting down", ""};
  }
  return future.get();
}

}  // namespace topicloop::broker
