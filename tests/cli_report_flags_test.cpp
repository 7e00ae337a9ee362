// SPDX-License-Identifier: Apache-2.0
#include "cli/report_flags.hpp"
#include "support/environment.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <sstream>

using namespace topicloop;
using namespace topicloop::test;

namespace {

using Kind = replay::ReportSpec::Kind;

// What standard error gets of one failure.
std::string errors_of(const cli::ReportFlags& flags) {
  std::ostringstream out;
  std::ostringstream err;
  cli::Streams streams{.in = -1, .out = out, .err = err};
  cli::Interrupt interrupt;
  const cli::Context context{streams, interrupt};
  const auto report = cli::make_report(flags, context);
  report->add({.file = "",
               .name = "topic 1 #1",
               .outcome = replay::CaseResult::Outcome::Failed,
               .reason = "no"});
  CHECK(report->finish({.failed = 1, .started = {}}));
  CHECK(out.str().empty());
  return err.str();
}

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

}  // namespace

TEST_CASE("GitHub gets its report by itself where its actions run, and nowhere else") {
  CHECK(errors_of({}).empty());
  const TempDirectory folder;
  const Variable summary("GITHUB_STEP_SUMMARY", folder.write("summary.md", ""));
  CHECK(errors_of({}).empty());
  const Variable actions("GITHUB_ACTIONS", "true");
  CHECK(errors_of({}) == "::error title=topic 1 #1::no\n");
  CHECK(content_of(folder.file("summary.md")).starts_with("### topicloop replay: 1 of 1"));
  // Asked for besides, it is still one.
  CHECK(errors_of({{{Kind::Github}}}) == "::error title=topic 1 #1::no\n");
}

TEST_CASE("a summary that cannot be written is a failure only if somebody asked for it") {
  const Variable actions("GITHUB_ACTIONS", "true");
  const Variable summary("GITHUB_STEP_SUMMARY", "/nonexistent/summary.md");
  CHECK(errors_of({}) == "::error title=topic 1 #1::no\n");
  CHECK_THROWS_AS(errors_of({{{Kind::Github}}}), cli::CommandError);
}
