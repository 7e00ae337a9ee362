// SPDX-License-Identifier: Apache-2.0
#include "cli/answering.hpp"

#include "base/stop.hpp"
#include "cli/context.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

bool is_success(int status) {
  return status >= 200 && status < 300;
}

std::string check_status(const std::string& text) {
  const bool digits = text.size() == 3 && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && text >= "200" && text <= "599") return "";
  return fmt::format("\"{}\" is not a status to answer with: expected 200 to 599", text);
}

std::vector<int> numbers_of(const std::vector<std::string>& statuses) {
  std::vector<int> numbers;
  for (const auto& status : statuses)
    numbers.push_back(std::stoi(status));
  return numbers;
}

}  // namespace

void add_answer_flags(CLI::App& command, AnswerOptions& options) {
  command
      .add_option("--respond", options.respond,
                  "Answer accepted events with this status; several: in turn, the last stays")
      ->delimiter(',')
      ->check(check_status)
      ->option_text("STATUS,...");
  command.add_option("--respond-body", options.respond_body, "And with this body, JSON or text")
      ->check(check_utf8)
      ->option_text("TEXT");
  command.add_option("--respond-delay", options.respond_delay, "And this much later")
      ->check(check_duration)
      ->option_text("DURATION");
  command
      .add_option("--dedupe", options.dedupe,
                  "Do not do an event again that was done within this time; still answer 200")
      ->check(check_duration)
      ->option_text("DURATION");
}

Answering::Answering(const AnswerOptions& options, webhook::Receiver::Handler consumer,
                     std::stop_token stop)
    : consumer_(std::move(consumer)),
      stop_(std::move(stop)),
      statuses_(numbers_of(options.respond)),
      body_(options.respond_body),
      delay_(value_or_throw(parse_duration(options.respond_delay))) {
  const auto memory = value_or_throw(parse_duration(options.dedupe));
  if (memory.count() > 0) duplicates_.emplace(memory);
}

webhook::HandlerAnswer Answering::answer(const webhook::ReceivedEvent& received) {
  webhook::HandlerAnswer answer = duplicates_ ? do_once(received) : do_now(received);
  if (is_success(answer.status)) script(answer);
  if (delay_.count() > 0) wait_for_stop_until(stop_, Clock::now() + delay_);
  return answer;
}

webhook::HandlerAnswer Answering::do_once(const webhook::ReceivedEvent& received) {
  if (!duplicates_->begin(received.event, Clock::now())) {
    ++duplicate_count_;
    return {.body = R"({"status":"duplicate"})", .reason = "a duplicate, not done again"};
  }
  webhook::HandlerAnswer answer{.status = 500};
  try {
    answer = do_now(received);
  } catch (...) {
    duplicates_->finish(received.event, false, Clock::now());
    throw;
  }
  duplicates_->finish(received.event, is_success(answer.status), Clock::now());
  return answer;
}

webhook::HandlerAnswer Answering::do_now(const webhook::ReceivedEvent& received) {
  webhook::HandlerAnswer answer{.status = 500};
  try {
    answer = consumer_(received);
  } catch (...) {
    count(received.event, false);
    throw;
  }
  count(received.event, is_success(answer.status));
  return answer;
}

void Answering::count(const model::WebhookEvent& event, bool done) {
  const std::lock_guard lock(mutex_);
  tally_.add(event, done);
}

void Answering::script(webhook::HandlerAnswer& answer) {
  if (!statuses_.empty()) {
    answer.status = statuses_[std::min(scripted_++, statuses_.size() - 1)];
    if (!is_success(answer.status)) {
      answer.body = R"({"status":"error","reason":"asked for with --respond"})";
      answer.reason = "asked for with --respond";
    }
  }
  if (!body_) return;
  answer.body = *body_;
  if (!nlohmann::json::accept(*body_)) answer.content_type = "text/plain; charset=utf-8";
}

std::optional<std::uint64_t> Answering::duplicates() const {
  if (!duplicates_) return std::nullopt;
  return duplicate_count_.load();
}

std::vector<sink::Tally::Row> Answering::report() {
  const std::lock_guard lock(mutex_);
  return tally_.report(Clock::now());
}

}  // namespace topicloop::cli
