// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "replay/excerpt.hpp"
#include "replay/report_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace topicloop::replay {

namespace {

using Outcome = CaseResult::Outcome;

constexpr std::string_view k_suite = "topicloop replay";

// For an attribute or for text. `text` is visible; characters that XML 1.0 cannot have even so, not
// even escaped, are replaced.
std::string xml(std::string_view text) {
  constexpr std::string_view k_fffe = "\xEF\xBF\xBE";
  constexpr std::string_view k_ffff = "\xEF\xBF\xBF";
  std::string out;
  for (; !text.empty(); text.remove_prefix(1)) {
    switch (text.front()) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += text.front();
    }
    if (text.starts_with(k_fffe) || text.starts_with(k_ffff)) {
      out.back() = '?';
      text.remove_prefix(2);
    }
  }
  return out;
}

// Schemas allow three decimals.
std::string seconds(std::chrono::microseconds time) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(time).count());
}

// Readers take what is before the last dot for a package: the folder, then, and not the file's name
// without its ending.
std::string class_name(std::string file) {
  if (file == "-") return "stdin";
  for (const std::string_view ending : {".gz", ".zst", ".jsonl"}) {
    if (file.ends_with(ending)) file.resize(file.size() - ending.size());
  }
  std::replace(file.begin(), file.end(), '/', '.');
  const std::size_t begin = file.find_first_not_of('.');
  return begin == std::string::npos ? "replay" : file.substr(begin);
}

std::string opening(const Totals& totals) {
  const std::string counts = fmt::format("name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\"",
                                         k_suite, totals.all(), totals.failed, totals.errors);
  const std::string time = seconds(totals.elapsed);
  // The schemas want local or universal time without saying which; universal it is.
  const std::string started = to_rfc3339(totals.started).substr(0, 19);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites {0} time=\"{1}\">\n"
      "<testsuite {0} skipped=\"{2}\" time=\"{1}\" timestamp=\"{3}\">",
      counts, time, totals.skipped, started);
}

// No totals have a longer opening.
std::size_t opening_size() {
  constexpr std::uint64_t k_most = 1'000'000'000'000'000'000;
  return opening({.passed = k_most,
                  .failed = k_most,
                  .errors = k_most,
                  .skipped = k_most,
                  .started = {},
                  .elapsed = std::chrono::microseconds::max()})
      .size();
}

class JunitReport : public Report {
public:
  // The totals come last and stand first: until then their place is white space.
  explicit JunitReport(ReportFile file) : file_(std::move(file)) {
    file_.write(std::string(opening_size(), ' ') + "\n");
  }

  void add(const CaseResult& result) override {
    const auto attribute = [](const std::string& value) { return xml(visible(value)); };
    std::string text =
        fmt::format("<testcase name=\"{}\" classname=\"{}\" time=\"{}\"", attribute(result.name),
                    attribute(class_name(result.file)), seconds(result.latency));
    const std::string reason = attribute(result.reason);
    if (result.outcome == Outcome::Passed) {
      text += "/>\n";
    } else if (result.outcome == Outcome::Skipped) {
      text += fmt::format("><skipped message=\"{}\"/></testcase>\n", reason);
    } else {
      const std::string_view element = result.outcome == Outcome::Failed ? "failure" : "error";
      text += fmt::format("><{0} message=\"{1}\" type=\"{0}\">{2}{3}</{0}></testcase>\n", element,
                          reason, xml(visible_lines(position_of(result) + ": " + result.reason)),
                          xml(visible_lines(result.detail)));
    }
    file_.write(text);
  }

  Result<void> finish(const Totals& totals) override {
    file_.write("</testsuite>\n</testsuites>\n");
    file_.write_at_start(opening(totals));
    return file_.commit();
  }

private:
  ReportFile file_;
};

}  // namespace

std::unique_ptr<Report> make_junit_report(ReportFile file) {
  return std::make_unique<JunitReport>(std::move(file));
}

}  // namespace topicloop::replay
