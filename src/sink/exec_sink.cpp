// SPDX-License-Identifier: Apache-2.0
#include "sink/exec_sink.hpp"

#include "base/text.hpp"
#include "sink/child_process.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

namespace topicloop::sink {

namespace {

using Clock = std::chrono::steady_clock;

ProgramCall call_for(const std::vector<std::string>& words, const Passage& passage) {
  const model::WebhookEvent& event = passage.event;
  return {.words = words,
          .variables = {{"TOPICLOOP_CACHE", event.cache},
                        {"TOPICLOOP_TOPIC", event.topic},
                        {"TOPICLOOP_EVENT_TIMESTAMP", std::to_string(event.event_timestamp)},
                        {"TOPICLOOP_PUBLISH_TIMESTAMP", std::to_string(event.publish_timestamp)},
                        {"TOPICLOOP_TOPIC_SEQUENCE_NUMBER",
                         std::to_string(event.topic_sequence_number)},
                        {"TOPICLOOP_TOKEN_ID", event.token_id},
                        {"TOPICLOOP_ID", passage.id}},
          .hidden_variables = {k_secret_variable}};
}

Error failure(std::string why) {
  return {ErrorKind::ServiceFailed, std::move(why), ""};
}

// Why a run that ended like this is no success; empty if it is one.
std::string problem(TalkEnd end, const ChildProcess& program, const ExecOptions& options,
                    const TalkLimits& limits) {
  switch (end) {
    case TalkEnd::TimedOut:
      return fmt::format("the program did not end within {} ms", options.timeout.count());
    case TalkEnd::TooMuch:
      return fmt::format("the program wrote more than {} bytes", limits.max_output);
    default: {
      const std::string how = program.failure();
      return how.empty() ? "" : "the program " + how;
    }
  }
}

// Most programs end their last line, whether their input's was ended or not.
void drop_added_line_end(std::string& output, const std::string& input) {
  if (!output.ends_with('\n') || input.ends_with('\n')) return;
  output.pop_back();
  if (output.ends_with('\r') && !input.ends_with('\r')) output.pop_back();
}

}  // namespace

struct ExecSink::Places {
  explicit Places(std::size_t count) : free(count) {}

  bool take_until(Clock::time_point deadline) {
    std::unique_lock lock(mutex);
    if (!freed.wait_until(lock, deadline, [this] { return free > 0; })) return false;
    --free;
    return true;
  }

  void give_back() {
    const std::lock_guard lock(mutex);
    ++free;
    freed.notify_one();
  }

  std::mutex mutex;
  std::condition_variable freed;
  std::size_t free;  // Guarded by the mutex.
};

ExecSink::ExecSink(ExecOptions options)
    : options_(std::move(options)), places_(std::make_shared<Places>(options_.at_once)) {}

Result<void> ExecSink::take(Passage& passage) const {
  if (!passage.outgoing) return {};
  const auto deadline = Clock::now() + options_.timeout;
  if (!places_->take_until(deadline)) {
    return failure(fmt::format("all {} programs were busy for {} ms", options_.at_once,
                               options_.timeout.count()));
  }
  const std::unique_ptr<Places, void (*)(Places*)> place(places_.get(),
                                                         [](Places* all) { all->give_back(); });

  auto program = ChildProcess::start(call_for(options_.words, passage));
  if (!program) return failure(program.error().message);
  const TalkLimits limits{.deadline = deadline};
  const std::string& input = passage.outgoing->bytes;
  std::string output;
  const TalkEnd end = program->talk(input, false, output, limits);
  if (const auto why = problem(end, *program, options_, limits); !why.empty()) return failure(why);

  const bool nothing = output.empty();
  if (!options_.binary) {
    if (const auto bad = find_invalid_utf8(output)) {
      return failure(fmt::format("the program's output is not UTF-8 text at byte {}", *bad));
    }
    drop_added_line_end(output, input);
  }
  passage.outgoing.reset();
  if (nothing) return {};
  passage.outgoing = options_.binary ? model::Value::binary(std::move(output))
                                     : model::Value::text(std::move(output));
  return {};
}

}  // namespace topicloop::sink
