// SPDX-License-Identifier: Apache-2.0
#include "cli/capturing.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace topicloop::cli {

namespace {

using Run = void (*)(const CaptureOptions&, Context&);

// Standard input can be read only once: a second time it would be taken for an empty capture.
void check(const CaptureOptions& options) {
  if (std::count(options.files.begin(), options.files.end(), "-") > 1) {
    throw CommandError({ErrorKind::Usage, "FILE: - (standard input) can be given only once", ""});
  }
}

class Group {
public:
  Group(CLI::App& command, Action& action) : command_(command), action_(action) {}

  CLI::App* add(const std::string& name, const std::string& description, Run run,
                const std::shared_ptr<CaptureOptions>& options) {
    CLI::App* sub = command_.add_subcommand(name, description);
    sub->add_option("file", options->files, "Captures to read, compressed or not; - is stdin")
        ->required()
        ->option_text("FILE...");
    add_output_flags(*sub, options->output);
    sub->callback([options, run, &action = action_] {
      action = [options, run](Context& context) {
        check(*options);
        run(*options, context);
      };
    });
    return sub;
  }

private:
  CLI::App& command_;
  Action& action_;
};

void add_show(Group& group) {
  const auto options = std::make_shared<CaptureOptions>();
  CLI::App* show = group.add("show", "Print what is in captures", run_capture_show, options);
  show->add_flag("--details", options->details, "Headers and bodies of requests, too");
  show->footer(
      "-o json prints the records as they are, -o raw nothing but bodies and payloads.\n"
      "\n"
      "Examples:\n"
      "  topicloop capture show events.jsonl --details\n"
      "  topicloop capture show events.jsonl.zst -o json");
}

void add_merge(Group& group) {
  const auto options = std::make_shared<CaptureOptions>();
  CLI::App* merge =
      group.add("merge", "Write several captures into one, by time", run_capture_merge, options);
  merge
      ->add_option("-f,--output-file", options->output_file,
                   "The new capture, not there yet; .gz or .zst compresses; - is stdout")
      ->required()
      ->check([](const std::string& name) { return name.empty() ? "a file must have a name" : ""; })
      ->option_text("FILE");
  merge->footer(
      "Records of one file stay in its order.\n"
      "\n"
      "Examples:\n"
      "  topicloop capture merge monday.jsonl tuesday.jsonl.gz -f both.jsonl.zst");
}

void add_convert(Group& group) {
  const auto options = std::make_shared<CaptureOptions>();
  CLI::App* convert = group.add("convert", "Print captures as another tool reads them",
                                run_capture_convert, options);
  convert
      ->add_option("--to", options->to, "har, curl (a command a line) or cloudevents (JSON Lines)")
      ->required()
      ->check(CLI::IsMember({"har", "curl", "cloudevents"}).description(""))
      ->option_text("FORMAT");
  convert->footer(
      "har and curl are about requests; cloudevents takes messages, too. Pipe curl into sh to "
      "send\n"
      "the requests again.\n"
      "\n"
      "Examples:\n"
      "  topicloop capture convert events.jsonl --to har\n"
      "  topicloop capture convert events.jsonl.gz --to curl");
}

}  // namespace

void add_capture(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("capture", "Look into capture files and convert them");
  command->require_subcommand(1);
  Group group(*command, action);
  add_show(group);
  group
      .add("stat", "Count what is in captures", run_capture_stat,
           std::make_shared<CaptureOptions>())
      ->footer(
          "Examples:\n"
          "  topicloop capture stat events.jsonl -o json");
  group
      .add("check", "Check that every line of captures is sound", run_capture_check,
           std::make_shared<CaptureOptions>())
      ->footer(
          "Ends with 3 if a file cannot be read to its end, with 1 if a line is torn.\n"
          "\n"
          "Examples:\n"
          "  topicloop capture check monday.jsonl tuesday.jsonl.gz");
  add_merge(group);
  add_convert(group);
  command->footer(
      "`serve-webhook --capture FILE` and `subscribe --capture FILE` write them.\n"
      "\n"
      "Examples:\n"
      "  topicloop capture show events.jsonl\n"
      "  topicloop capture stat events.jsonl -o json");
}

}  // namespace topicloop::cli
