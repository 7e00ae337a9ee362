// SPDX-License-Identifier: Apache-2.0
#include "capture/file.hpp"
#include "capture/line_stream.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::capture {

namespace {

constexpr const char* k_header_begin = "{\"v\":";
constexpr const char* k_not_a_capture =
    "not a capture, which begins with a line of type \"capture\"";

}  // namespace

struct Reader::Impl {
  LineStream lines;
  OnWarning on_warning;
  std::uint64_t position = 0;        // Of the record given last.
  std::int64_t version = k_version;  // That of the header which came last.
  bool seen_header = false;
  bool is_over = false;

  Error error(std::string_view message, std::string help = "") const {
    return {ErrorKind::BadInput,
            fmt::format("{}:{}: {}", lines.name(), lines.line_number(), message), std::move(help)};
  }

  Result<std::optional<Line>> next_line();
  Result<std::optional<Line>> after_bad_line(const Error& problem, const LineStream::Text& bad);
};

Result<std::optional<Line>> Reader::Impl::next_line() {
  auto taken = lines.next();
  while (taken && *taken && (*taken)->is_whole && (*taken)->bytes.empty())
    taken = lines.next();
  if (!taken) return std::move(taken).error();
  if (!*taken) return std::optional<Line>();
  auto line = parse_line((*taken)->bytes, version);
  if (line) return std::optional(*std::move(line));
  const bool is_of_later_version = !line.error().help.empty();
  if (is_of_later_version) return error(line.error().message, line.error().help);
  return after_bad_line(line.error(), **taken);
}

// A writer that was killed leaves a torn line at the end; the next run begins on a new line, with a
// header. Anywhere else a bad line is an error.
Result<std::optional<Line>> Reader::Impl::after_bad_line(const Error& problem,
                                                         const LineStream::Text& bad) {
  if (!seen_header && !bad.bytes.empty() && !bad.bytes.starts_with('{')) {
    return error(k_not_a_capture);
  }
  const Error failure = error(problem.message);
  const std::string torn =
      fmt::format("{}:{} is torn, and skipped: its writer was stopped in the middle", lines.name(),
                  lines.line_number());
  if (!bad.is_whole) {
    on_warning(torn);
    return std::optional<Line>();
  }
  auto following = lines.next();
  if (!following || !*following) return failure;
  // The next run may have been stopped as well, in its header.
  auto line = parse_line((*following)->bytes, version);
  const bool is_header = line && std::holds_alternative<Header>(*line);
  const bool is_torn_header =
      !line && !(*following)->is_whole && (*following)->bytes.starts_with(k_header_begin);
  if (!is_header && !is_torn_header) return failure;
  on_warning(torn);
  if (is_header) return std::optional(*std::move(line));
  return after_bad_line(line.error(), **following);
}

Reader Reader::of(int fd, std::string name, OnWarning on_warning, std::stop_token stop) {
  return Reader(std::make_unique<Impl>(
      Impl{LineStream::of(fd, std::move(name), std::move(stop)), std::move(on_warning)}));
}

Result<Reader> Reader::open(const std::string& path, OnWarning on_warning, std::stop_token stop) {
  auto lines = LineStream::open(path, std::move(stop));
  if (!lines) return std::move(lines).error();
  return Reader(std::make_unique<Impl>(Impl{*std::move(lines), std::move(on_warning)}));
}

Result<std::optional<model::CaptureRecord>> Reader::next() {
  using Next = std::optional<model::CaptureRecord>;
  while (!impl_->is_over) {
    auto line = impl_->next_line();
    if (!line || !*line) impl_->is_over = true;
    if (!line) return std::move(line).error();
    if (!*line) break;
    if (const auto* header = std::get_if<Header>(&**line)) {
      impl_->seen_header = true;
      impl_->version = header->version;
    } else if (!impl_->seen_header) {
      impl_->is_over = true;
      return impl_->error(k_not_a_capture);
    }
    if (auto* record = std::get_if<model::CaptureRecord>(&**line)) {
      impl_->position = impl_->lines.line_number();
      return Next(std::move(*record));
    }
  }
  return Next();
}

std::string Reader::position() const {
  return fmt::format("{}:{}", impl_->lines.name(), impl_->position);
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

}  // namespace topicloop::capture
