// SPDX-License-Identifier: Apache-2.0
#include "cli/sinks.hpp"

#include "cli/context.hpp"
#include "cli/duration.hpp"
#include "sink/child_process.hpp"
#include "sink/command_words.hpp"
#include "sink/event_table.hpp"
#include "sink/exec_sink.hpp"
#include "sink/pipe_sink.hpp"
#include "webhook/delivery.hpp"

#include <fmt/format.h>

#include <future>
#include <memory>
#include <utility>

namespace topicloop::cli {

namespace {

// The words of a command whose program is there.
std::vector<std::string> words_of(const char* flag, const std::string& command) {
  auto words = value_or_throw(sink::split_words(command));
  if (auto found = sink::check_program(words.front()); !found) {
    Error error = std::move(found).error();
    error.message = fmt::format("{}: {}", flag, error.message);
    throw CommandError(std::move(error));
  }
  return words;
}

sink::Sink exec_sink(const SinkOptions& options) {
  auto exec = std::make_shared<sink::ExecSink>(
      sink::ExecOptions{.words = words_of("--exec", options.exec),
                        .timeout = value_or_throw(parse_duration(options.exec_timeout)),
                        .at_once = options.exec_concurrency,
                        .binary = options.binary});
  return {"--exec", [exec](sink::Passage& passage) { return exec->take(passage); }};
}

sink::Sink pipe_sink(const SinkOptions& options) {
  auto pipe = std::make_shared<sink::PipeSink>(
      sink::PipeOptions{.words = words_of("--pipe", options.pipe),
                        .timeout = value_or_throw(parse_duration(options.pipe_timeout))});
  value_or_throw(pipe->start());
  return {"--pipe", [pipe](sink::Passage& passage) { return pipe->take(passage); }};
}

sink::Sink sqlite_sink(const std::string& file) {
  auto table =
      std::make_shared<sink::EventTable>(value_or_throw(sink::EventTable::open({.file = file})));
  return {"--sqlite", [table](sink::Passage& passage) {
            return table->add(passage, std::chrono::system_clock::now());
          }};
}

// Without what may be secret: user, password and query.
std::string without_secrets(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  std::string rest = url.substr(begin, url.find_first_of("?#", begin) - begin);
  const std::size_t at = rest.substr(0, rest.find('/')).rfind('@');
  if (at != std::string::npos) rest.erase(0, at + 1);
  return url.substr(0, begin) + rest;
}

// Its name goes to the sender, whose business it is not where events go from here.
sink::Sink forward_sink(const std::string& url, std::shared_ptr<webhook::DeliveryEngine> engine) {
  return {
      "--forward-to", [url, engine = std::move(engine)](sink::Passage& passage) -> Result<void> {
        std::promise<webhook::DeliveryOutcome> promise;
        engine->submit(
            {.url = url, .headers = passage.headers, .body = passage.body, .id = passage.id},
            webhook::k_delivery_timeout, [&promise](webhook::DeliveryOutcome outcome) {
              promise.set_value(std::move(outcome));
            });
        const webhook::DeliveryOutcome outcome = promise.get_future().get();
        if (outcome.delivered()) return {};
        const std::string why =
            outcome.status == 0 ? outcome.error : fmt::format("it answered {}", outcome.status);
        return Error{ErrorKind::CheckFailed, fmt::format("{}: {}", without_secrets(url), why), ""};
      }};
}

}  // namespace

std::vector<sink::Sink> make_sinks(const SinkOptions& options,
                                   const std::optional<topic::Client>& client,
                                   const std::string& cache) {
  std::vector<sink::Sink> sinks;
  if (options.transform != webhook::Transform::Identity) {
    sinks.push_back(transform_sink(options.transform));
  }
  if (!options.exec.empty()) sinks.push_back(exec_sink(options));
  if (!options.pipe.empty()) sinks.push_back(pipe_sink(options));
  if (!options.sqlite.empty()) sinks.push_back(sqlite_sink(options.sqlite));
  std::shared_ptr<webhook::DeliveryEngine> engine;
  if (!options.forward_to.empty()) engine = std::make_shared<webhook::DeliveryEngine>();
  for (const auto& url : options.forward_to)
    sinks.push_back(forward_sink(url, engine));
  for (const auto& topic : options.publish_to)
    sinks.push_back(publish_sink(topic, *client, cache));
  return sinks;
}

}  // namespace topicloop::cli
