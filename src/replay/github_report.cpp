// SPDX-License-Identifier: Apache-2.0
#include "replay/excerpt.hpp"
#include "replay/report_formats.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace topicloop::replay {

namespace {

constexpr std::uint64_t k_max_annotations = 10;  // GitHub shows no more of one step.
constexpr std::uint64_t k_max_details = 20;      // A summary may have 1 MiB.

// As GitHub's runner reads a command's message, and, with more characters, a property of it.
std::string escaped(std::string_view text, std::string_view characters) {
  std::string out;
  for (const char c : text) {
    if (characters.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}
std::string message(std::string_view text) {
  return escaped(text, "%\r\n");
}
std::string property(std::string_view text) {
  return escaped(visible(text), "%\r\n:,");
}

std::string html(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// Longer than any run of backticks in the text.
std::string fence_around(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos)
    fence += '`';
  return fence;
}

// Opened for appending at the start, to know early whether it can be written.
class SummaryFile {
public:
  static Result<SummaryFile> open(const std::string& path) {
    SummaryFile file(path);
    if (path.empty()) return file;
    file.fd_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file.fd_ < 0) return file.failure();
    return file;
  }
  SummaryFile(SummaryFile&& other) noexcept
      : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}
  SummaryFile& operator=(SummaryFile&&) = delete;
  ~SummaryFile() {
    if (fd_ >= 0) ::close(fd_);
  }

  Result<void> append(std::string_view bytes) const {
    while (fd_ >= 0 && !bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) return failure();
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

private:
  explicit SummaryFile(std::string path) : path_(std::move(path)) {}
  Error failure() const {
    return {ErrorKind::BadInput,
            fmt::format("cannot write {}: {}", path_, std::generic_category().message(errno)),
            "it is what GITHUB_STEP_SUMMARY names"};
  }

  std::string path_;
  int fd_ = -1;
};

class GithubReport : public Report {
public:
  GithubReport(const ReportOutlets& outlets, SummaryFile summary)
      : err_(outlets.err), workspace_(outlets.github_workspace), summary_(std::move(summary)) {}

  void add(const CaseResult& result) override {
    if (!is_bad(result)) return;
    ++bad_;
    if (bad_ <= k_max_annotations) annotate(result);
    if (bad_ <= k_max_details) describe(result);
  }

  Result<void> finish(const Totals& totals) override {
    if (bad_ > k_max_annotations) {
      err_ << fmt::format("::notice title=topicloop replay::{} more of the {} events failed\n",
                          bad_ - k_max_annotations, totals.all())
           << std::flush;
    }
    return summary_.append(summary_of(totals));
  }

private:
  void annotate(const CaseResult& result) {
    std::string properties;
    if (!result.file.empty() && result.file != "-") {
      properties = fmt::format("file={},", property(in_workspace(result.file)));
      if (result.line != 0) properties += fmt::format("line={},", result.line);
    }
    std::string text = result.reason;
    if (!result.detail.empty()) text += "\n" + result.detail;
    err_ << fmt::format("::error {}title={}::{}\n", properties, property(result.name),
                        message(text))
         << std::flush;
  }

  // GitHub finds a file by its path in the repository.
  std::string in_workspace(const std::string& file) const {
    if (workspace_.empty()) return file;
    std::error_code error;
    const auto path = std::filesystem::weakly_canonical(file, error);
    if (error) return file;
    const auto root = std::filesystem::weakly_canonical(workspace_, error);
    if (error) return file;
    const std::string relative = path.lexically_relative(root).string();
    return relative.empty() || relative.starts_with("..") ? file : relative;
  }

  void describe(const CaseResult& result) {
    const std::string detail = visible_lines(result.detail);
    const std::string fence = fence_around(detail);
    details_ += fmt::format("<details><summary><code>{}</code> {}: {}</summary>\n\n",
                            html(result.name), html(position_of(result)), html(result.reason));
    if (!detail.empty()) details_ += fmt::format("{0}diff\n{1}{0}\n\n", fence, detail);
    details_ += "</details>\n";
  }

  std::string summary_of(const Totals& totals) const {
    const std::string headline = bad_ == 0
                                     ? fmt::format("{} events, none failed", totals.all())
                                     : fmt::format("{} of {} events failed", bad_, totals.all());
    std::string text = fmt::format(
        "### topicloop replay: {}\n\n"
        "| passed | failed | errors | skipped | seconds |\n"
        "|---|---|---|---|---|\n"
        "| {} | {} | {} | {} | {:.3f} |\n\n",
        headline, totals.passed, totals.failed, totals.errors, totals.skipped,
        std::chrono::duration<double>(totals.elapsed).count());
    text += details_;
    if (bad_ > k_max_details) text += fmt::format("\nand {} more\n", bad_ - k_max_details);
    return text + "\n";
  }

  std::ostream& err_;
  std::string workspace_;
  SummaryFile summary_;
  std::uint64_t bad_ = 0;
  std::string details_;
};

}  // namespace

Result<std::unique_ptr<Report>> make_github_report(const ReportOutlets& outlets) {
  auto summary = SummaryFile::open(outlets.github_summary);
  if (!summary) return std::move(summary).error();
  return std::unique_ptr<Report>(std::make_unique<GithubReport>(outlets, *std::move(summary)));
}

}  // namespace topicloop::replay
