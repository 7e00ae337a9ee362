// SPDX-License-Identifier: Apache-2.0
#include "replay/answer_updates.hpp"

#include "capture/line_stream.hpp"
#include "capture/record.hpp"
#include "replay/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace topicloop::replay {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* k_response = "response";

Error error(const std::string& path, std::string_view why, std::string help = "") {
  return {ErrorKind::BadInput, fmt::format("cannot update {}: {}", path, why), std::move(help)};
}

bool is_compressed(int fd) {
  std::array<char, 4> begin{};
  const ssize_t count = ::pread(fd, begin.data(), begin.size(), 0);
  return count > 0 &&
         capture::compression_of_content({begin.data(), static_cast<std::size_t>(count)}) !=
             capture::Compression::None;
}

}  // namespace

Result<AnswerUpdates> AnswerUpdates::open(const std::string& path) {
  auto spool = Spool::open();
  if (!spool) return std::move(spool).error();
  AnswerUpdates updates(path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC), *std::move(spool));
  struct stat status {};
  if (updates.fd_ < 0 || ::fstat(updates.fd_, &status) != 0) {
    return error(path, std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) return error(path, "it is not a file");
  if (is_compressed(updates.fd_)) {
    return error(path, "it is compressed", "unpack it first, with gunzip or unzstd");
  }
  if (::flock(updates.fd_, LOCK_EX | LOCK_NB) != 0) {
    return error(path, "another process is writing to it");
  }
  return updates;
}

AnswerUpdates::AnswerUpdates(AnswerUpdates&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      answers_(std::move(other.answers_)),
      by_line_(std::move(other.by_line_)) {}

AnswerUpdates::~AnswerUpdates() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> AnswerUpdates::add(const Event& event, const Answer& answer) {
  model::HttpExchange exchange;
  exchange.response = {answer.status, answer.headers, answer.body};
  exchange.latency = answer.latency;
  model::CaptureRecord record{
      .at = {}, .mono_ns = 0, .content = std::move(exchange), .redacted = {}};
  const Json written = Json::parse(capture::to_line(record));
  by_line_[event.line] = answers_.size();
  return answers_.add(written[k_response].dump());
}

// Members that this version does not know stay as they are.
Result<std::string> AnswerUpdates::updated(const std::string& line, std::uint64_t answer) const {
  auto text = answers_.get(answer);
  if (!text) return text;
  Json record = Json::parse(line, nullptr, false);
  if (!record.is_object()) return line;
  record[k_response] = Json::parse(*text);
  return record.dump();
}

Result<void> AnswerUpdates::write() {
  auto lines = capture::LineStream::open(path_);
  if (!lines) return std::move(lines).error();
  auto file = WholeFile::open(path_);
  if (!file) return std::move(file).error();
  while (true) {
    auto line = lines->next();
    if (!line) return std::move(line).error();
    if (!*line) return file->commit();
    std::string text = std::move((*line)->bytes);
    if (const auto found = by_line_.find(lines->line_number()); found != by_line_.end()) {
      auto changed = updated(text, found->second);
      if (!changed) return std::move(changed).error();
      text = *std::move(changed);
    }
    if ((*line)->is_whole) text += '\n';
    if (auto written = file->write(text); !written) return written;
  }
}

}  // namespace topicloop::replay
