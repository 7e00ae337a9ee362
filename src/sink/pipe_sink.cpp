// SPDX-License-Identifier: Apache-2.0
#include "sink/pipe_sink.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace topicloop::sink {

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

// A message can have about 10 MB; in JSON it may be longer.
constexpr std::size_t k_longest_line = 32U << 20U;

Error failure(std::string why) {
  return {ErrorKind::ServiceFailed, std::move(why), ""};
}

std::string line_for(const Passage& passage) {
  const model::WebhookEvent& event = passage.event;
  Json line{{"cache", event.cache},
            {"topic", event.topic},
            {"event_timestamp", event.event_timestamp},
            {"publish_timestamp", event.publish_timestamp},
            {"topic_sequence_number", event.topic_sequence_number},
            {"token_id", event.token_id},
            {"id", passage.id}};
  if (passage.outgoing->is_text()) {
    line["text"] = passage.outgoing->bytes;
  } else {
    line["binary_base64"] = to_base64(passage.outgoing->bytes);
  }
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

struct Answer {
  std::optional<model::Value> outgoing;
  std::string error;  // The program's own word that the event has failed.
};

// BadInput saying what is wrong with the line.
Result<Answer> parse_answer(const std::string& line, const std::string& id) {
  const auto bad = [](const char* why) { return Error{ErrorKind::BadInput, why, ""}; };
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return bad("answered a line that is no JSON object");
  const auto text_at = [&](const char* key) -> const std::string* {
    const auto member = json.find(key);
    return member == json.end() ? nullptr : member->get_ptr<const std::string*>();
  };
  for (const char* key : {"id", "error", "text", "binary_base64"}) {
    if (json.contains(key) && text_at(key) == nullptr) {
      return bad("answered a line in which a member is no string");
    }
  }
  if (const auto* own = text_at("id"); own != nullptr && *own != id) {
    return bad("answered a line about another event");
  }
  if (const auto* error = text_at("error")) return Answer{std::nullopt, "the program: " + *error};
  if (const auto* text = text_at("text")) return Answer{model::Value::text(*text), ""};
  const auto* base64 = text_at("binary_base64");
  if (base64 == nullptr) return Answer{};
  auto bytes = from_base64(*base64);
  if (!bytes) return bad("answered a line whose \"binary_base64\" is not base64");
  return Answer{model::Value::binary(*std::move(bytes)), ""};
}

}  // namespace

PipeSink::PipeSink(PipeOptions options) : options_(std::move(options)) {}

Result<void> PipeSink::start() {
  const std::lock_guard lock(mutex_);
  return be_running();
}

Result<void> PipeSink::be_running() {
  if (program_) return {};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(not_before_ - Clock::now());
  if (left.count() > 0) {
    return failure(fmt::format("the program is started again in {} ms", left.count()));
  }
  auto started =
      ChildProcess::start({.words = options_.words, .hidden_variables = {k_secret_variable}});
  if (!started) return started.error();
  program_.emplace(*std::move(started));
  return {};
}

Error PipeSink::give_up(std::string why) {
  program_.reset();
  if (failures_ > 0) {
    const int doublings = std::min(failures_ - 1, 20);
    not_before_ =
        Clock::now() + std::min(options_.longest_pause, options_.first_pause * (1 << doublings));
  }
  ++failures_;
  return failure("the program " + std::move(why));
}

Result<std::string> PipeSink::ask(const std::string& line, Clock::time_point deadline) {
  std::string answer;
  // Whatever is there already would be taken for the answer to this event.
  const TalkEnd before =
      program_->talk("", true, answer, {.deadline = Clock::now(), .max_output = k_longest_line});
  if (!answer.empty()) return give_up("wrote more than one line for an event");
  if (before == TalkEnd::Ended) {
    // Between two events: this one can still have a new one.
    program_.reset();
    if (auto running = be_running(); !running) return running.error();
  }
  const TalkEnd end =
      program_->talk(line, true, answer, {.deadline = deadline, .max_output = k_longest_line},
                     [&] { return answer.find('\n') != std::string::npos; });
  switch (end) {
    case TalkEnd::Enough:
      break;
    case TalkEnd::TimedOut:
      return give_up(fmt::format("did not answer within {} ms", options_.timeout.count()));
    case TalkEnd::TooMuch:
      return give_up(fmt::format("wrote a line of more than {} bytes", k_longest_line));
    case TalkEnd::Ended:
    case TalkEnd::Stopped: {
      const std::string how = program_->failure();
      return give_up((how.empty() ? "exited" : how) + " before it answered");
    }
  }
  if (answer.find('\n') + 1 != answer.size()) {
    return give_up("wrote more than one line for an event");
  }
  return answer;
}

PipeSink::Turn::Turn(PipeSink& sink, Clock::time_point deadline) : sink_(sink) {
  std::unique_lock lock(sink_.mutex_);
  is_ours_ = sink_.free_.wait_until(lock, deadline, [&] { return !sink_.is_busy_; });
  if (is_ours_) sink_.is_busy_ = true;
}

PipeSink::Turn::~Turn() {
  if (!is_ours_) return;
  const std::lock_guard lock(sink_.mutex_);
  sink_.is_busy_ = false;
  sink_.free_.notify_one();
}

Result<void> PipeSink::take(Passage& passage) {
  if (!passage.outgoing) return {};
  const auto deadline = Clock::now() + options_.timeout;
  const std::string line = line_for(passage);
  const Turn turn(*this, deadline);
  if (!turn) {
    return failure(fmt::format("the program was busy for {} ms", options_.timeout.count()));
  }
  if (auto running = be_running(); !running) return running;
  auto answered = ask(line, deadline);
  if (!answered) return std::move(answered).error();
  auto answer = parse_answer(*answered, passage.id);
  if (!answer) return give_up(std::move(answer).error().message);
  failures_ = 0;
  if (!answer->error.empty()) return failure(std::move(answer->error));
  passage.outgoing = std::move(answer->outgoing);
  return {};
}

}  // namespace topicloop::sink
