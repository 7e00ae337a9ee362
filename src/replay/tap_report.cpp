// SPDX-License-Identifier: Apache-2.0
#include "replay/excerpt.hpp"
#include "replay/report_formats.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::replay {

namespace {

using Outcome = CaseResult::Outcome;

// A number sign begins a directive, and a backslash an escape.
std::string description(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// After visible() no other escapes are needed; readers of TAP know few.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : visible(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string diagnostics(const CaseResult& result) {
  std::string text = fmt::format(
      "  ---\n"
      "  message: {}\n"
      "  severity: {}\n"
      "  at: {}\n"
      "  duration_ms: {:.3f}\n",
      quoted(result.reason), result.outcome == Outcome::Failed ? "fail" : "error",
      quoted(position_of(result)),
      std::chrono::duration<double, std::milli>(result.latency).count());
  if (result.status != 0) text += fmt::format("  status: {}\n", result.status);
  const std::string detail = visible_lines(result.detail);
  if (!detail.empty()) text += "  detail: |\n";
  for (std::string_view rest = detail; !rest.empty();) {
    const std::size_t end = rest.find('\n') + 1;
    text += fmt::format("    {}", rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return text + "  ...\n";
}

// The lines, wherever they go.
class TapLines {
public:
  static std::string begin() { return "TAP version 13\n"; }

  std::string next(const CaseResult& result) {
    std::string text = fmt::format("{} {} - {}", is_bad(result) ? "not ok" : "ok", ++count_,
                                   description(result.name));
    if (result.outcome == Outcome::Skipped) {
      text += fmt::format(" # SKIP {}", description(result.reason));
    }
    return text + '\n' + (is_bad(result) ? diagnostics(result) : "");
  }

  std::string end() const {
    return count_ == 0 ? "1..0 # SKIP no events\n" : fmt::format("1..{}\n", count_);
  }

private:
  std::uint64_t count_ = 0;
};

class TapFile : public Report {
public:
  explicit TapFile(ReportFile file) : file_(std::move(file)) { file_.write(TapLines::begin()); }
  void add(const CaseResult& result) override { file_.write(lines_.next(result)); }
  Result<void> finish(const Totals& /*totals*/) override {
    file_.write(lines_.end());
    return file_.commit();
  }

private:
  ReportFile file_;
  TapLines lines_;
};

// Whether the stream can be written is for its owner to say, as with all other output.
class TapStream : public Report {
public:
  explicit TapStream(std::ostream& out) : out_(out) { out_ << TapLines::begin() << std::flush; }
  void add(const CaseResult& result) override { out_ << lines_.next(result) << std::flush; }
  Result<void> finish(const Totals& /*totals*/) override {
    out_ << lines_.end() << std::flush;
    return {};
  }

private:
  std::ostream& out_;
  TapLines lines_;
};

}  // namespace

std::unique_ptr<Report> make_tap_report(ReportFile file) {
  return std::make_unique<TapFile>(std::move(file));
}

std::unique_ptr<Report> make_tap_report(std::ostream& out) {
  return std::make_unique<TapStream>(out);
}

}  // namespace topicloop::replay
