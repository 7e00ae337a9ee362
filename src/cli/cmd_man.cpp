// SPDX-License-Identifier: Apache-2.0
#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/man_page.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

namespace topicloop::cli {

namespace {

void write_man_pages(const CLI::App& root, const std::string& directory) {
  std::error_code ignored;  // What cannot be made cannot be written into.
  std::filesystem::create_directories(directory, ignored);
  for (const auto& [name, text] : man_pages(describe_commands(root), TOPICLOOP_VERSION)) {
    const std::string path = directory + "/" + name;
    std::ofstream file(path, std::ios::trunc | std::ios::binary);
    file << text;
    file.close();
    if (!file) throw CommandError({ErrorKind::BadInput, fmt::format("cannot write {}", path), ""});
  }
}

}  // namespace

void add_man(CLI::App& app, Action& action) {
  const auto directory = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("__man", "Write the manual pages into a directory");
  command->group("");
  command->add_option("directory", *directory)->required()->option_text("DIR");
  command->callback([directory, &app, &action] {
    action = [directory, &app](Context&) { write_man_pages(app, *directory); };
  });
}

}  // namespace topicloop::cli
