// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <set>
#include <string>

namespace topicloop::cli {

namespace {

constexpr std::size_t k_left_column = 34;

// Arguments are named as the descriptions and errors name them, not as the code does.
class HelpFormat : public CLI::Formatter {
public:
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    return is_positional ? option->get_option_text()
                         : CLI::Formatter::make_option_name(option, is_positional);
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_positional()) return "";
    if (!option->get_option_text().empty()) return " " + option->get_option_text();
    return named(" Needs:", option->get_needs()) + named(" Excludes:", option->get_excludes());
  }

  std::string make_option_usage(const CLI::Option* option) const override {
    const std::string& text = option->get_option_text();
    return option->get_required() || text.starts_with('[') ? text : "[" + text + "]";
  }

private:
  // In the order of their names, not of where they happen to be in memory.
  static std::string named(std::string text, const std::set<CLI::Option*>& options) {
    if (options.empty()) return "";
    std::set<std::string> names;
    for (const auto* option : options)
      names.insert(option->get_name());
    for (const auto& name : names)
      text += " " + name;
    return text;
  }
};

}  // namespace

void set_help_format(CLI::App& root) {
  const auto format = std::make_shared<HelpFormat>();
  format->column_width(k_left_column);
  format->label("SUBCOMMAND", "COMMAND");
  root.formatter(format);
}

std::string help_page(const CLI::App& command) {
  return command.get_formatter()->make_help(&command, full_name(command),
                                            CLI::AppFormatMode::Normal);
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::string usage_line(const CLI::App& command) {
  const HelpFormat format;
  std::string line = full_name(command) + " [OPTIONS]";
  for (const auto* option : command.get_options())
    if (option->get_positional()) line += " " + format.make_option_usage(option);
  return listed_commands(command).empty() ? line : line + " COMMAND";
}

std::string shown_name(const CLI::Option& option) {
  if (!option.get_positional()) return option.get_name();
  const std::string& text = option.get_option_text();
  return text.starts_with('[') ? text.substr(1, text.size() - 2) : text;
}

std::vector<const CLI::App*> listed_commands(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); });
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* sub : listed_commands(command))
    names.push_back(sub->get_name());
  return names;
}

const CLI::App* find_command(const CLI::App& command, const std::string& name) {
  const auto found =
      command.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

}  // namespace topicloop::cli
