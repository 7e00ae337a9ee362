// SPDX-License-Identifier: Apache-2.0
#include "replay/report.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <sstream>

using namespace topicloop;
using namespace topicloop::replay;
using namespace topicloop::test;

namespace {

using Outcome = CaseResult::Outcome;

// As unpleasant as names and bodies can be.
const std::vector<CaseResult> k_cases = {
    {.file = "captures/orders.v2.jsonl.gz",
     .line = 2,
     .name = "topic 1 #42 [0123abcd]",
     .latency = std::chrono::microseconds(12'345)},
    {.file = "captures/orders.v2.jsonl.gz",
     .line = 3,
     .name = "a<b>&\"c\" \\ \x1b[2J\n#7 \xff %0A::error::",
     .outcome = Outcome::Failed,
     .reason = "expected 200: got 500, 100%",
     .detail = "/a\n- \"x\"\n+ ]]> \x01 \xEF\xBF\xBF\n  ...\n```\n",
     .status = 500,
     .latency = std::chrono::microseconds(900),
     .attempts = 2},
    {.file = "-", .name = "late", .outcome = Outcome::Error, .reason = "no answer within 5s"},
    {.file = "b.jsonl",
     .line = 1,
     .name = "s",
     .outcome = Outcome::Skipped,
     .reason = "--fail-fast"},
};

Totals totals_of(const std::vector<CaseResult>& cases) {
  Totals totals{.started = SystemTime(std::chrono::seconds(1'790'000'000)),
                .elapsed = std::chrono::microseconds(1'234'567)};
  for (const auto& result : cases)
    totals.count(result.outcome);
  return totals;
}

// What standard output and standard error were given.
struct Written {
  std::string out;
  std::string err;
};

Written write(const std::vector<std::string>& specs, const std::vector<CaseResult>& cases,
              const std::string& summary = "", const std::string& workspace = "") {
  std::ostringstream out;
  std::ostringstream err;
  std::vector<ReportSpec> parsed;
  for (const auto& spec : specs) {
    auto one = parse_report_spec(spec);
    REQUIRE(one);
    parsed.push_back(*one);
  }
  auto report = make_reports(parsed, {out, err, summary, workspace});
  REQUIRE(report);
  for (const auto& result : cases)
    (*report)->add(result);
  CHECK((*report)->finish(totals_of(cases)));
  return {out.str(), err.str()};
}

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The exit code of a shell command; nothing if the program is not installed.
std::optional<int> run(const std::string& program, const std::string& arguments) {
  if (std::system(("command -v " + program + " >/dev/null").c_str()) != 0) {
    WARN(program << " is not installed");
    return std::nullopt;
  }
  return std::system((program + " " + arguments).c_str());
}

Result<std::unique_ptr<Report>> made(const std::vector<ReportSpec>& specs) {
  std::ostringstream ignored;
  return make_reports(specs, {ignored, ignored});
}

}  // namespace

TEST_CASE("what a report may be is told if it is none") {
  for (const std::string spec :
       {"", "xml:a", "junit", "junit:", "tap:", "json", "github:x", "JUnit:a"}) {
    const auto parsed = parse_report_spec(spec);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::Usage);
  }
  CHECK(parse_report_spec("xml").error().message ==
        "\"xml\" is not a report: expected junit:FILE, tap, tap:FILE, json:FILE or github");
  CHECK(parse_report_spec("junit").error().message ==
        "\"junit\" is not a report: expected junit:FILE");
  CHECK(parse_report_spec("junit:a:b.xml")->file == "a:b.xml");
}

TEST_CASE("TAP without a file has standard output for itself") {
  CHECK(writes_to_stdout({*parse_report_spec("json:f"), *parse_report_spec("tap")}));
  CHECK_FALSE(writes_to_stdout({*parse_report_spec("tap:f"), *parse_report_spec("github")}));
}

TEST_CASE("a JUnit report has the totals where readers look for them and each case once") {
  const TempDirectory directory;
  write({"junit:" + directory.file("r.xml")}, k_cases);
  const std::string xml = content_of(directory.file("r.xml"));
  INFO(xml);
  CHECK(contains(xml,
                 "<testsuite name=\"topicloop replay\" tests=\"4\" failures=\"1\" errors=\"1\" "
                 "skipped=\"1\" time=\"1.235\" timestamp=\"2026-09-21T14:13:20\">"));
  CHECK(contains(xml,
                 "<testcase name=\"topic 1 #42 [0123abcd]\" "
                 "classname=\"captures.orders.v2\" time=\"0.012\"/>\n"));
  CHECK(contains(xml, "name=\"a&lt;b&gt;&amp;&quot;c&quot; \\ \\x1b[2J\\n#7 \\xff %0A::error::\""));
  CHECK(contains(xml,
                 "<failure message=\"expected 200: got 500, 100%\" type=\"failure\">"
                 "captures/orders.v2.jsonl.gz:3: expected 200: got 500, 100%\n"
                 "/a\n- &quot;x&quot;\n+ ]]&gt; \\x01 ?\n"));
  CHECK(contains(xml,
                 "<error message=\"no answer within 5s\" type=\"error\">-: no answer within 5s\n"));
  CHECK(contains(xml, "<skipped message=\"--fail-fast\"/>"));
}

TEST_CASE("a JUnit report fits the schema, with and without cases") {
  const TempDirectory directory;
  for (const auto& cases : {k_cases, std::vector<CaseResult>{}}) {
    write({"junit:" + directory.file("r.xml")}, cases);
    const auto code = run("xmllint", "--noout --schema " TOPICLOOP_TEST_DATA "/junit.xsd " +
                                         directory.file("r.xml") + " 2>" + directory.file("why"));
    INFO(content_of(directory.file("why")));
    if (code) CHECK(*code == 0);
  }
}

TEST_CASE("a TAP report numbers its cases and says what was wrong with them") {
  CHECK(write({"tap"}, k_cases).out ==
        "TAP version 13\n"
        "ok 1 - topic 1 \\#42 [0123abcd]\n"
        "not ok 2 - a<b>&\"c\" \\\\ \\\\x1b[2J\\\\n\\#7 \\\\xff %0A::error::\n"
        "  ---\n"
        "  message: \"expected 200: got 500, 100%\"\n"
        "  severity: fail\n"
        "  at: \"captures/orders.v2.jsonl.gz:3\"\n"
        "  duration_ms: 0.900\n"
        "  status: 500\n"
        "  detail: |\n"
        "    /a\n"
        "    - \"x\"\n"
        "    + ]]> \\x01 \xEF\xBF\xBF\n"
        "      ...\n"
        "    ```\n"
        "  ...\n"
        "not ok 3 - late\n"
        "  ---\n"
        "  message: \"no answer within 5s\"\n"
        "  severity: error\n"
        "  at: \"-\"\n"
        "  duration_ms: 0.000\n"
        "  ...\n"
        "ok 4 - s # SKIP --fail-fast\n"
        "1..4\n");
}

TEST_CASE("prove reads a TAP report as it was meant") {
  const TempDirectory directory;
  const auto prove = [&](const std::vector<CaseResult>& cases) {
    write({"tap:" + directory.file("r.tap")}, cases);
    const auto code =
        run("prove", "-e cat " + directory.file("r.tap") + " >" + directory.file("said") + " 2>&1");
    return std::pair(code, content_of(directory.file("said")));
  };
  const auto [bad, said] = prove(k_cases);
  if (!bad) return;
  INFO(said);
  CHECK(*bad != 0);
  CHECK(contains(said, "Failed 2/4 subtests"));
  CHECK_FALSE(contains(said, "Parse errors"));
  CHECK(prove({k_cases[0], k_cases[3]}).first == 0);
  CHECK(prove({}).first == 0);
}

TEST_CASE("a JSON report is one document with the cases and their totals") {
  const TempDirectory directory;
  write({"json:" + directory.file("r.json")}, k_cases);
  const auto json = nlohmann::json::parse(content_of(directory.file("r.json")));
  CHECK(json["v"] == 1);
  CHECK(json["type"] == "report");
  REQUIRE(json["cases"].size() == 4);
  CHECK(json["cases"][0] == nlohmann::json{{"name", "topic 1 #42 [0123abcd]"},
                                           {"outcome", "passed"},
                                           {"file", "captures/orders.v2.jsonl.gz"},
                                           {"line", 2},
                                           {"latency_us", 12'345},
                                           {"attempts", 1}});
  CHECK(json["cases"][1]["status"] == 500);
  CHECK(json["cases"][1]["reason"] == "expected 200: got 500, 100%");
  CHECK(json["cases"][1]["detail"] == k_cases[1].detail);
  CHECK(json["totals"] == nlohmann::json{{"started", "2026-09-21T14:13:20.000000Z"},
                                         {"elapsed_us", 1'234'567},
                                         {"cases", 4},
                                         {"passed", 1},
                                         {"failed", 1},
                                         {"errors", 1},
                                         {"skipped", 1}});
  write({"json:" + directory.file("none.json")}, {});
  CHECK(nlohmann::json::parse(content_of(directory.file("none.json")))["cases"].empty());
}

TEST_CASE("GitHub gets an annotation for each failure, where the capture is in the repository") {
  const TempDirectory directory;
  std::vector<CaseResult> cases = k_cases;
  cases[1].file = directory.write("a,b.jsonl", "");
  const Written written = write({"github"}, cases, "", directory.path());
  CHECK(written.out.empty());
  CHECK(written.err ==
        "::error file=a%2Cb.jsonl,line=3,"
        "title=a<b>&\"c\" \\ \\x1b[2J\\n#7 \\xff %250A%3A%3Aerror%3A%3A::"
        "expected 200: got 500, 100%25%0A/a%0A- \"x\"%0A+ ]]> \x01 \xEF\xBF\xBF%0A  ...%0A```%0A\n"
        "::error title=late::no answer within 5s\n");
}

TEST_CASE("GitHub's summary is added to what other steps have said") {
  const TempDirectory directory;
  const std::string path = directory.write("summary.md", "before\n");
  write({"github"}, k_cases, path);
  const std::string summary = content_of(path);
  INFO(summary);
  CHECK(summary.starts_with("before\n### topicloop replay: 2 of 4 events failed\n"));
  CHECK(contains(summary, "| 1 | 1 | 1 | 1 | 1.235 |\n"));
  CHECK(contains(summary, "<code>a&lt;b&gt;&amp;\"c\""));
  CHECK(contains(summary, "\n````diff\n/a\n- \"x\"\n"));
}

TEST_CASE("GitHub is not given more than it shows") {
  const TempDirectory directory;
  const std::vector<CaseResult> cases(25, k_cases[1]);
  const std::string path = directory.file("summary.md");
  const std::string err = write({"github"}, cases, path).err;
  CHECK(contains(err, "\n::notice title=topicloop replay::15 more of the 25 events failed\n"));
  CHECK(contains(content_of(path), "\nand 5 more\n"));
}

TEST_CASE("several reports are written at once") {
  const TempDirectory directory;
  const Written written = write(
      {"tap", "junit:" + directory.file("a"), "json:" + directory.file("b"), "github"}, k_cases);
  CHECK(written.out.ends_with("1..4\n"));
  CHECK(contains(written.err, "::error "));
  CHECK(contains(content_of(directory.file("a")), "</testsuites>"));
  CHECK(contains(content_of(directory.file("b")), "\"totals\""));
}

TEST_CASE("reports that cannot be written, or that are one, are refused before any case") {
  const auto refused = made({{ReportSpec::Kind::Junit, "/nonexistent/r.xml"}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::BadInput);
  CHECK(contains(refused.error().message, "/nonexistent/r.xml"));
  const auto twice = made({{ReportSpec::Kind::Tap, ""}, {ReportSpec::Kind::Tap, ""}});
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message == "a report on standard output is asked for twice");
  std::ostringstream ignored;
  const auto summary =
      make_reports({{ReportSpec::Kind::Github, ""}}, {ignored, ignored, "/nonexistent/summary.md"});
  REQUIRE_FALSE(summary);
  CHECK(contains(summary.error().help, "GITHUB_STEP_SUMMARY"));
}
