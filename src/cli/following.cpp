// SPDX-License-Identifier: Apache-2.0
#include "cli/following.hpp"

#include "base/stop.hpp"
#include "cli/context.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace topicloop::cli {

model::ResumePoint parse_from(const std::string& text) {
  model::ResumePoint resume;
  if (text.empty()) return resume;
  if (text == "beginning") return {.sequence_number = 1, .sequence_page = 0};
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + text.size(), resume.sequence_number);
  if (failure != std::errc() || end != text.data() + text.size() || resume.sequence_number == 0) {
    throw CommandError(
        {ErrorKind::Usage,
         fmt::format("--from {}: expected a sequence number from 1 or \"beginning\"", text), ""});
  }
  return resume;
}

topic::Follower open_follower(const topic::Client& client, const std::string& cache,
                              const std::string& topic, const model::ResumePoint& start,
                              std::chrono::steady_clock::time_point give_up,
                              const std::stop_token& stop) {
  topic::Backoff backoff;
  while (true) {
    auto opened = topic::Follower::open(client, cache, topic, start, stop);
    const bool may_pass = !opened && opened.error().kind == ErrorKind::Unavailable;
    const auto next = std::chrono::steady_clock::now() + backoff.next(0);
    if (!may_pass || next > give_up) return value_or_throw(std::move(opened));
    wait_for_stop_until(stop, next);
  }
}

}  // namespace topicloop::cli
