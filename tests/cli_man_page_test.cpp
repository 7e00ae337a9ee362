// SPDX-License-Identifier: Apache-2.0
#include "cli/man_page.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop::cli;

namespace {

CommandInfo a_command() {
  CommandInfo command;
  command.name = "topicloop send";
  command.usage = "topicloop send [OPTIONS] TOPIC";
  command.description = "Send it";
  command.notes = "It's like this:\n  .so as-is\nand so on.\n\nMore.";
  command.examples = {"topicloop send 'straße' --to a\\b"};
  command.flags = {{{"-t", "--to"}, "Where to", {.placeholder = "PLACE", .fallback = "home"}},
                   {{"--color"}, "When", {.placeholder = "WHEN", .choices = {"now", "never"}}}};
  command.arguments = {{"What about", {.placeholder = "TOPIC"}}};
  return command;
}

CommandInfo a_tree() {
  CommandInfo root;
  root.name = "topicloop";
  root.usage = "topicloop [OPTIONS] COMMAND";
  root.description = "All of it";
  root.commands = {a_command()};
  return root;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every command has a manual page") {
  const auto pages = man_pages(a_tree(), "1.2");
  REQUIRE(pages.size() == 2);
  CHECK(pages[0].file == "topicloop.1");
  CHECK(pages[1].file == "topicloop-send.1");
  CHECK(contains(pages[0].text, ".BR topicloop\\-send (1)\n"));
  CHECK(contains(pages[1].text, ".BR topicloop (1)\n"));
}

TEST_CASE("a manual page has the sections that people look for, in their order") {
  const std::string page = man_pages(a_tree(), "1.2")[1].text;
  INFO(page);
  CHECK(contains(page, ".TH TOPICLOOP\\-SEND 1 \"\" \"topicloop 1.2\" \"topicloop manual\"\n"));
  std::size_t at = 0;
  for (const char* section :
       {"NAME\ntopicloop\\-send \\- Send it\n",
        "SYNOPSIS\n\\fBtopicloop send\\fR [OPTIONS] TOPIC\n", "DESCRIPTION\n",
        "ARGUMENTS\n.TP\n\\fITOPIC\\fR\nWhat about.\n",
        "OPTIONS\n.TP\n\\fB\\-t\\fR, \\fB\\-\\-to\\fR \\fIPLACE\\fR\nWhere to. Default: home.\n",
        "EXAMPLES\n", "EXIT STATUS\n", "ENVIRONMENT\n", "SEE ALSO\n"}) {
    const std::size_t found = page.find(std::string(".SH ") + section);
    INFO(section);
    REQUIRE(found != std::string::npos);
    CHECK(found >= at);
    at = found;
  }
  CHECK(contains(page, "When. Values: now, never.\n"));
}

TEST_CASE("text in a manual page means nothing to roff and is shown as it is") {
  const std::string page = man_pages(a_tree(), "1.2")[1].text;
  INFO(page);
  CHECK(contains(page, "It\\(aqs like this:\n.RS 4\n.nf\n  .so as\\-is\n.fi\n.RE\nand so on.\n"));
  CHECK(contains(page, "\ntopicloop send \\(aqstra\\[u00DF]e\\(aq \\-\\-to a\\eb\n"));
}
