// SPDX-License-Identifier: Apache-2.0
#include "cli/man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace topicloop::cli {

namespace {

struct Row {
  const char* name;
  const char* meaning;
};

constexpr Row k_exit_codes[] = {
    {"0", "Done: count reached, expectations met."},
    {"1", "A check failed."},
    {"2", "Usage: unknown command or flag, bad value."},
    {"3", "Bad input: unreadable or malformed file or message; output that cannot be written."},
    {"4", "The service cannot be reached; an address or state directory is in use."},
    {"5",
     "The service refused: authentication, permission, cache not found, limit exceeded, not "
     "implemented."},
    {"6", "Messages are, or may be, missing, under --fail-on-gap."},
    {"70", "A bug in topicloop."},
    {"124", "--timeout or --idle-timeout ran out."},
    {"129, 130, 143", "Ended by SIGHUP, SIGINT, SIGTERM."},
};

constexpr Row k_service_variables[] = {
    {"TOPICLOOP_LOCAL", "The local service, HOST:PORT or unix:PATH, unless --local says which."},
    {"MOMENTO_API_KEY", "Key, or an SDK's credential, to send, unless a flag gives one."},
    {"MOMENTO_ENDPOINT", "Where the service is, unless --endpoint or the credential says it."},
    {"MOMENTO_PROFILE", "The profile to use, unless --profile says which. Default: default."},
    {"MOMENTO_CONFIG_DIR", "Where the profiles are. Default: ~/.momento."},
    {"MOMENTO_CACHE_NAME", "The cache, unless --cache says which."},
};

constexpr Row k_output_variables[] = {
    {"NO_COLOR", "If set and not empty: no colour, unless --color says otherwise."},
    {"TERM", "If it is dumb: no colour and no line of progress."},
};

// The character that begins at `at`, which is moved to its end, as roff's \[uXXXX]. Not all who
// read the page know its encoding.
std::string beyond_ascii(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  unsigned code = first & (0x3FU >> static_cast<unsigned>(more));
  for (int i = 0; i < more && at + 1 < text.size(); ++i)
    code = code << 6U | (static_cast<unsigned char>(text[++at]) & 0x3FU);
  return fmt::format("\\[u{:04X}]", code);
}

// Text as roff shows it: no character and no line beginning means anything else.
std::string roff(std::string_view text) {
  std::string result;
  bool at_begin = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (at_begin && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";  // A hyphen otherwise, which cannot be pasted into a shell.
    } else if (c == '\'') {
      result += "\\(aq";
    } else if (c == '`') {
      result += "\\(ga";
    } else if (c == '^') {
      result += "\\(ha";
    } else if (c == '~') {
      result += "\\(ti";
    } else {
      result += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c) : beyond_ascii(text, i);
    }
    at_begin = c == '\n';
  }
  return result;
}

std::string file_stem(const std::string& name) {
  std::string stem = name;
  std::replace(stem.begin(), stem.end(), ' ', '-');
  return stem;
}

std::string term(std::string_view name, std::string_view meaning) {
  return fmt::format(".TP\n{}\n{}\n", name, roff(meaning));
}

void append_rows(std::string& page, const Row* begin, const Row* end) {
  for (const Row* row = begin; row != end; ++row)
    page += term(fmt::format("\\fB{}\\fR", roff(row->name)), row->meaning);
}

bool has_flag(const CommandInfo& command, std::string_view name) {
  return std::any_of(command.flags.begin(), command.flags.end(), [&](const FlagInfo& flag) {
    return std::find(flag.names.begin(), flag.names.end(), name) != flag.names.end();
  });
}

// A value's placeholder, and what is used without it or what there is to choose from.
std::string flag_term(const FlagInfo& flag) {
  std::string text;
  for (const auto& name : flag.names)
    text += (text.empty() ? "" : ", ") + fmt::format("\\fB{}\\fR", roff(name));
  if (flag.takes_value()) text += fmt::format(" \\fI{}\\fR", roff(flag.value.placeholder));
  return text;
}

std::string explained(const std::string& description, const ValueInfo& value) {
  std::string text = description + ".";
  if (!value.choices.empty() && !value.is_open) {
    text += " Values:";
    for (const auto& choice : value.choices)
      text += (choice == value.choices.front() ? " " : ", ") + choice;
    text += ".";
  }
  if (!value.fallback.empty()) text += " Default: " + value.fallback + ".";
  return text;
}

// Paragraphs; indented lines are shown as they are.
void append_notes(std::string& page, const std::string& notes) {
  std::istringstream lines(notes);
  bool as_is = false;
  for (std::string line; std::getline(lines, line);) {
    const bool indented = line.starts_with("  ");
    if (indented != as_is) page += indented ? ".RS 4\n.nf\n" : ".fi\n.RE\n";
    as_is = indented;
    page += line.empty() ? ".PP\n" : roff(line) + "\n";
  }
  if (as_is) page += ".fi\n.RE\n";
}

void append_options(std::string& page, const CommandInfo& command) {
  if (!command.arguments.empty()) page += ".SH ARGUMENTS\n";
  for (const auto& argument : command.arguments)
    page += term(fmt::format("\\fI{}\\fR", roff(argument.value.placeholder)),
                 explained(argument.description, argument.value));
  page += ".SH OPTIONS\n";
  for (const auto& flag : command.flags)
    page += term(flag_term(flag), explained(flag.description, flag.value));
  if (!command.commands.empty()) page += ".SH COMMANDS\n";
  for (const auto& sub : command.commands)
    page += term(fmt::format("\\fB{}\\fR(1)", roff(file_stem(sub.name))), sub.description + ".");
}

void append_examples(std::string& page, const CommandInfo& command) {
  if (command.examples.empty()) return;
  page += ".SH EXAMPLES\n.nf\n";
  for (const auto& example : command.examples)
    page += roff(example) + "\n";
  page += ".fi\n";
}

void append_environment(std::string& page, const CommandInfo& command) {
  const bool has_service = has_flag(command, "--local");
  const bool has_output = has_flag(command, "--color");
  if (!has_service && !has_output) return;
  page += ".SH ENVIRONMENT\n";
  if (has_service) {
    append_rows(page, std::begin(k_service_variables), std::end(k_service_variables));
  }
  if (has_output) append_rows(page, std::begin(k_output_variables), std::end(k_output_variables));
}

void append_files(std::string& page, const CommandInfo& command) {
  std::string files;
  for (const auto& flag : command.flags) {
    if (flag.value.kind != ValueKind::File && flag.value.kind != ValueKind::Directory) continue;
    files += term(flag_term(flag), flag.description + ".");
  }
  if (!files.empty()) page += ".SH FILES\nFiles are read and written only where a flag says so:\n";
  page += files;
}

void append_see_also(std::string& page, const CommandInfo& command, const CommandInfo& root) {
  std::vector<std::string> others;
  if (&command != &root) others.push_back(root.name);
  const std::size_t space = command.name.rfind(' ');
  const std::string parent = space == std::string::npos ? "" : command.name.substr(0, space);
  if (!parent.empty() && parent != root.name) others.push_back(parent);
  for (const auto& sub : command.commands)
    others.push_back(sub.name);
  page += ".SH SEE ALSO\n";
  for (const auto& other : others)
    page +=
        fmt::format(".BR {} (1){}\n", roff(file_stem(other)), &other == &others.back() ? "" : ",");
}

std::string man_page(const CommandInfo& command, const CommandInfo& root,
                     const std::string& version) {
  const std::string stem = file_stem(command.name);
  std::string title = stem;
  std::transform(title.begin(), title.end(), title.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string page = fmt::format(
      ".\\\" Made by the build from the commands themselves: do not edit.\n"
      ".TH {} 1 \"\" \"topicloop {}\" \"topicloop manual\"\n.nh\n.ad l\n"
      ".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n\\fB{}\\fR{}\n.SH DESCRIPTION\n{}.\n",
      roff(title), version, roff(stem), roff(command.description), roff(command.name),
      roff(command.usage.substr(command.name.size())), roff(command.description));
  if (!command.notes.empty()) {
    page += ".PP\n";
    append_notes(page, command.notes);
  }
  append_options(page, command);
  append_examples(page, command);
  page += ".SH EXIT STATUS\n";
  append_rows(page, std::begin(k_exit_codes), std::end(k_exit_codes));
  append_environment(page, command);
  append_files(page, command);
  append_see_also(page, command, root);
  return page;
}

void append_pages(std::vector<ManPage>& pages, const CommandInfo& command, const CommandInfo& root,
                  const std::string& version) {
  pages.push_back({file_stem(command.name) + ".1", man_page(command, root, version)});
  for (const auto& sub : command.commands)
    append_pages(pages, sub, root, version);
}

}  // namespace

std::vector<ManPage> man_pages(const CommandInfo& root, const std::string& version) {
  std::vector<ManPage> pages;
  append_pages(pages, root, root, version);
  return pages;
}

}  // namespace topicloop::cli
