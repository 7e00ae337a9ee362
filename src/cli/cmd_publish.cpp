// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/connection_flags.hpp"
#include "cli/flag_checks.hpp"
#include "cli/line_reader.hpp"
#include "cli/output_flags.hpp"
#include "cli/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

namespace topicloop::cli {

namespace {

struct PublishOptions {
  ConnectionFlags connection;
  OutputFlags output;
  std::string topic;
  std::string value;
  bool has_value = false;
  std::string file;
  bool binary = false;
  std::size_t in_flight = 1;
};

// What is published, in the words of error messages.
std::string describe(const PublishOptions& options, std::uint64_t index) {
  if (options.has_value) return "the value";
  if (!options.file.empty()) return options.file == "-" ? "standard input" : options.file;
  return fmt::format("line {} of standard input", index + 1);
}

class Publishing {
public:
  Publishing(const PublishOptions& options, Context& context)
      : options_(options),
        context_(context),
        renderer_(context, options.output),
        cache_(cache_name(options.connection)),
        publisher_(
            connect(options.connection, context)
                .publisher({.cache = cache_,
                            .in_flight = options.in_flight,
                            .on_result = [this](std::uint64_t index, const Result<void>& outcome) {
                              on_result(index, outcome);
                            }})) {}

  void run() {
    if (options_.has_value) {
      send(options_.value);
    } else if (!options_.file.empty()) {
      if (const auto content = read_content()) send(*content);
    } else {
      send_lines();
    }
    publisher_.flush(context_.stop());
    throw_failure();
  }

private:
  void on_result(std::uint64_t index, const Result<void>& outcome) {
    if (outcome) {
      ++accepted_;
      renderer_.published(cache_, options_.topic, sizes_.extract(index).mapped());
    } else if (!failure_ || index < failure_->first) {
      failure_.emplace(index, outcome.error());
    }
  }

  void send(const std::string& bytes) {
    if (!options_.binary) {
      if (const auto reason = check_utf8(bytes); !reason.empty()) {
        publisher_.flush(context_.stop());
        throw CommandError(
            {ErrorKind::BadInput,
             fmt::format("{} is {}{}", describe(options_, sent_), reason, progress()),
             "publish bytes with --binary"});
      }
    }
    sizes_.emplace(sent_++, bytes.size());
    publisher_.publish(options_.topic,
                       options_.binary ? model::Value::binary(bytes) : model::Value::text(bytes),
                       context_.stop());
  }

  void send_lines() {
    if (context_.streams.in_is_terminal) {
      renderer_.warning("publishing each line you type; end with Ctrl-D");
    }
    LineReader reader(context_.streams.in);
    // Answers are taken up before waiting for input, so that failures show at once.
    const auto settle = [this] {
      publisher_.flush(context_.stop());
      return !failure_;
    };
    while (!failure_) {
      auto line = value_or_throw(reader.next(context_.stop(), settle));
      if (!line) return;
      send(*line);
    }
  }

  // Nothing if stopped.
  std::optional<std::string> read_content() const {
    auto bytes = options_.file == "-" ? LineReader(context_.streams.in).rest(context_.stop())
                                      : read_file(options_.file, context_.stop());
    return value_or_throw(std::move(bytes));
  }

  std::string progress() const {
    return sent_ > 1 || accepted_ > 0 ? fmt::format("; {} published before it", accepted_) : "";
  }

  void throw_failure() {
    if (!failure_ || context_.stop().stop_requested()) return;
    Error error = failure_->second;
    if (!options_.has_value && options_.file.empty()) {
      error.message = fmt::format("{} was not published: {} ({} published)",
                                  describe(options_, failure_->first), error.message, accepted_);
    }
    throw CommandError(std::move(error));
  }

  const PublishOptions& options_;
  Context& context_;
  Renderer renderer_;
  std::string cache_;
  topic::Publisher publisher_;
  std::unordered_map<std::uint64_t, std::size_t> sizes_;  // Of the messages in flight, by index.
  std::uint64_t sent_ = 0;
  std::uint64_t accepted_ = 0;
  std::optional<std::pair<std::uint64_t, Error>> failure_;  // The first message that failed.
};

}  // namespace

void add_publish(CLI::App& app, Action& action) {
  const auto options = std::make_shared<PublishOptions>();
  CLI::App* command = app.add_subcommand("publish", "Publish messages to a topic");
  command->add_option("topic", options->topic, "Topic to publish to")
      ->required()
      ->check(check_name)
      ->option_text("TOPIC");
  CLI::Option* value =
      command
          ->add_option("value", options->value,
                       "The message; without it or with -, each line of standard input is one")
          ->option_text("[VALUE]");
  command
      ->add_option("-f,--file", options->file, "The whole file is one message; - is standard input")
      ->option_text("FILE")
      ->excludes(value);
  command->add_flag("--binary", options->binary, "Publish as bytes instead of text");
  command
      ->add_option("--in-flight", options->in_flight,
                   "Messages on their way at a time; 1 keeps them strictly in order")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'024}).description(""))
      ->option_text("N (1)");
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  command->footer(
      "Examples:\n"
      "  topicloop publish \"topic 1\" \"hello\"\n"
      "  seq 1000 | topicloop publish \"topic 1\" --in-flight 64\n"
      "  topicloop publish \"topic 1\" --file picture.png --binary");
  command->callback([options, value, &action] {
    options->has_value = value->count() > 0 && options->value != "-";
    action = [options](Context& context) { Publishing(*options, context).run(); };
  });
}

}  // namespace topicloop::cli
