// SPDX-License-Identifier: Apache-2.0
#include "cli/usage_error.hpp"

#include "cli/flag_checks.hpp"
#include "cli/help.hpp"
#include "cli/suggest.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace topicloop::cli {

namespace {

constexpr std::string_view k_names[] = {"FILE", "DIR", "HOST", "SEQ", "NAME", "DURATION"};

std::string did_you_mean(const std::string& name) {
  return fmt::format("did you mean \"{}\"?", name);
}

std::string see_help(const CLI::App& command) {
  return full_name(command) + " --help";
}

std::string see_usage(const CLI::App& command) {
  return fmt::format("{} (flags: {})", usage_line(command), see_help(command));
}

Error usage(std::string message, std::string help) {
  return {ErrorKind::Usage, std::move(message), std::move(help)};
}

const CLI::App& selected(const CLI::App& root) {
  const CLI::App* at = &root;
  while (!at->get_subcommands().empty())
    at = at->get_subcommands().front();
  return *at;
}

// "--from=3" is "--from": what comes behind may be a secret.
std::string flag_name(const std::string& word) {
  return word.substr(0, word.find('='));
}

std::vector<std::string> flag_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames())
      names.push_back("--" + name);
    for (const auto& name : option->get_snames())
      names.push_back("-" + name);
  }
  return names;
}

bool is_flag_of(const CLI::App& command, const std::string& flag) {
  const auto names = flag_names(command);
  return std::find(names.begin(), names.end(), flag) != names.end();
}

// The first flag that `command` does not have, or "".
std::string unknown_flag(const CLI::App& command, const Arguments& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  const auto left = command.remaining();
  const auto found = std::find_if(arguments.begin(), end, [&](const std::string& word) {
    return word.size() > 1 && word[0] == '-' &&
           std::find(left.begin(), left.end(), word) != left.end();
  });
  return found == end ? "" : flag_name(*found);
}

Error no_such_flag(const CLI::App& command, const std::string& flag) {
  std::string help;
  if (const auto meant = closest(flag, flag_names(command))) {
    help = did_you_mean(*meant);
  } else if (!command.get_options([](const CLI::Option* o) { return o->get_positional(); })
                  .empty()) {
    help = fmt::format("{}; a value that begins with a dash goes behind --", see_help(command));
  } else {
    help = see_help(command);
  }
  return usage(fmt::format("unknown flag \"{}\" for `{}`", flag, full_name(command)), help);
}

Error flag_too_early(const CLI::App& root, const CLI::App& command, const std::string& flag) {
  Error error = no_such_flag(root, flag);
  if (is_flag_of(command, flag)) {
    error.help = fmt::format("flags go behind the command: {} {}", full_name(command), flag);
  }
  return error;
}

Error not_expected(const CLI::App& root, const Arguments& arguments) {
  const CLI::App& command = selected(root);
  const auto left = root.remaining(true);  // Behind -- CLI11 leaves words to the root.
  const auto first = std::find_if(arguments.begin(), arguments.end(), [&](const auto& word) {
    return word != "--" && std::find(left.begin(), left.end(), word) != left.end();
  });
  return usage(fmt::format("`{}` does not take the argument \"{}\"", full_name(command),
                           first == arguments.end() ? "" : *first),
               see_usage(command));
}

// The option that CLI11's text is about: it begins with the name.
const CLI::Option* option_of(const CLI::App& command, std::string_view text) {
  for (const auto* option : command.get_options()) {
    const std::string name = option->get_name();
    if (text.starts_with(name + ":") || text.starts_with(name + " ")) return option;
  }
  return nullptr;
}

std::string shown_name_of(const CLI::App& command, std::string_view name) {
  const auto* option = option_of(command, std::string(name) + " ");
  return option == nullptr ? std::string(name) : shown_name(*option);
}

Error missing(const CLI::App& command, const CLI::ParseError& error) {
  const auto* option = option_of(command, error.what());
  if (option == nullptr) {
    const auto names = command_names(command);
    return usage(fmt::format("`{}` needs a command: {}", full_name(command), one_of(names)),
                 see_help(command));
  }
  std::string what = shown_name(*option);
  if (!option->get_positional()) what += " " + option->get_option_text();
  return usage(fmt::format("`{}` needs {}", full_name(command), what), see_usage(command));
}

Error wrong_number(const CLI::App& command, const CLI::ParseError& error) {
  const std::string_view text = error.what();
  const auto* option = option_of(command, text);
  if (option == nullptr) return usage(std::string(text), see_help(command));
  const std::string name = shown_name(*option);
  if (text.find("At Most") != std::string_view::npos) {
    return usage(fmt::format("{} can be given only once", name), see_help(command));
  }
  return usage(fmt::format("{} needs a value: {}", name, option->get_option_text()),
               see_help(command));
}

// "--output: xml not in {json,raw,text}", as CLI::IsMember says it.
Error wrong_value(const CLI::App& command, const CLI::ParseError& error) {
  const std::string text = error.what();
  const auto* option = option_of(command, text);
  const std::size_t set = text.rfind(" not in {");
  std::string message = text;
  std::string help = see_help(command);
  if (option != nullptr) {
    const std::size_t value = option->get_name().size() + 2;
    message = fmt::format("{}: {}", shown_name(*option), text.substr(value));
    if (set != std::string::npos && set >= value && text.ends_with('}')) {
      const std::string given = text.substr(value, set - value);
      const auto allowed = CLI::detail::split(text.substr(set + 9, text.size() - set - 10), ',');
      message = fmt::format("{}: \"{}\" is not {}", shown_name(*option), given, one_of(allowed));
      if (const auto meant = closest(given, allowed)) help = did_you_mean(*meant);
    }
  }
  return usage(message, help);
}

// "value excludes --file", "--tls-cert requires --tls-key".
Error wrong_company(const CLI::App& command, std::string_view text, std::string_view verb,
                    const char* shown) {
  const std::size_t at = text.find(verb);
  if (at == std::string_view::npos) return usage(std::string(text), see_help(command));
  const std::string first = shown_name_of(command, text.substr(0, at));
  const std::string second = shown_name_of(command, text.substr(at + verb.size()));
  return usage(fmt::format(fmt::runtime(shown), first, second), see_help(command));
}

// Flags whose value names something: there an empty one names nothing. A text may be empty.
bool names_something(const CLI::Option& option) {
  std::string_view value = option.get_option_text();
  if (value.starts_with('[')) value.remove_prefix(1);
  return std::any_of(std::begin(k_names), std::end(k_names),
                     [value](std::string_view name) { return value.starts_with(name); });
}

std::optional<Error> empty_value(const CLI::App& command, const Arguments& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  for (auto word = arguments.begin(); word != end; ++word) {
    const bool is_flag = word->starts_with("--");
    const bool is_empty =
        is_flag && (word->ends_with('=') || (std::next(word) != end && std::next(word)->empty()));
    if (!is_empty) continue;
    const auto* option = command.get_option_no_throw(flag_name(*word));
    if (option == nullptr || option->get_items_expected_max() == 0 || !names_something(*option)) {
      continue;
    }
    return usage(
        fmt::format("{} is given an empty value", flag_name(*word)),
        fmt::format("give a value, or leave the flag away: {} --help", full_name(command)));
  }
  return std::nullopt;
}

// --local may do without a value, so that what follows is the argument if one is needed.
std::optional<Error> address_as_argument(const CLI::App& command, const Arguments& arguments) {
  const auto* local = command.get_option_no_throw("--local");
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  const auto flag = std::find(arguments.begin(), end, "--local");
  if (local == nullptr || flag == end || std::next(flag) == end) return std::nullopt;
  const std::string& word = *std::next(flag);
  const bool is_address =
      word.find(':') != std::string::npos && check_service_address(word).empty();
  // Standing there twice, it may well be both.
  if (!is_address || std::count(arguments.begin(), arguments.end(), word) != 1) return std::nullopt;
  for (const auto* option : command.get_options()) {
    const auto& values = option->results();
    if (!option->get_positional() || std::find(values.begin(), values.end(), word) == values.end())
      continue;
    return usage(fmt::format("`{}` needs {}: {} is taken for the address of --local",
                             full_name(command), shown_name(*option), word),
                 see_usage(command) + "; a topic of that name goes before the flags");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> unknown_command(const CLI::App& root, const Arguments& arguments) {
  const CLI::App* at = &root;
  for (const auto& word : arguments) {
    if (command_names(*at).empty() || word == "--") return std::nullopt;
    if (word.starts_with('-')) {
      // Where commands follow, no flag has a value; but one that is not known might.
      if (!is_flag_of(*at, word)) return std::nullopt;
      continue;
    }
    const CLI::App* next = find_command(*at, word);
    if (next == nullptr) return no_such_command(*at, word);
    at = next;
  }
  return std::nullopt;
}

Error no_such_command(const CLI::App& group, const std::string& word) {
  const auto meant = closest(word, command_names(group));
  const std::string of =
      group.get_parent() == nullptr ? "" : fmt::format(" of `{}`", full_name(group));
  return usage(fmt::format("unknown command \"{}\"{}", word, of),
               meant ? did_you_mean(*meant) : see_help(group));
}

std::optional<Error> slip(const CLI::App& root, const Arguments& arguments) {
  const CLI::App& command = selected(root);
  if (auto error = empty_value(command, arguments)) return error;
  return address_as_argument(command, arguments);
}

Error usage_error(const CLI::App& root, const CLI::ParseError& error, const Arguments& arguments) {
  const CLI::App& command = selected(root);
  const std::string flag = unknown_flag(command, arguments);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::string early = &command == &root ? "" : unknown_flag(root, arguments);
    if (!early.empty()) return flag_too_early(root, command, early);
    return flag.empty() ? not_expected(root, arguments) : no_such_flag(command, flag);
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    // What is missing may be there, misspelt.
    if (!flag.empty() && closest(flag, flag_names(command))) return no_such_flag(command, flag);
    return missing(command, error);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return wrong_number(command, error);
  }
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    return wrong_value(command, error);
  }
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr) {
    return wrong_company(command, error.what(), " excludes ", "{} and {} exclude each other");
  }
  if (dynamic_cast<const CLI::RequiresError*>(&error) != nullptr) {
    return wrong_company(command, error.what(), " requires ", "{} needs {} too");
  }
  return usage(error.what(), see_help(command));
}

}  // namespace topicloop::cli
