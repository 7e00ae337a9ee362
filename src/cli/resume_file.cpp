// SPDX-License-Identifier: Apache-2.0
#include "cli/resume_file.hpp"

#include "cli/line_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace topicloop::cli {

using Json = nlohmann::ordered_json;

namespace {

constexpr int k_version = 1;
constexpr std::string_view k_temporary = ".tmp";

Error bad_file(const std::string& path, std::string_view reason) {
  return {ErrorKind::BadInput, fmt::format("resume file {}: {}", path, reason), ""};
}

// Nothing if `record` is not a position.
std::optional<model::ResumePoint> point_of(const Json& record) {
  const auto number = record.find("sequence_number");
  const auto page = record.find("sequence_page");
  if (number == record.end() || page == record.end() || !number->is_number_unsigned() ||
      !page->is_number_unsigned()) {
    return std::nullopt;
  }
  return model::ResumePoint{number->get<std::uint64_t>(), page->get<std::uint64_t>()};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// What runs left behind that were killed in the middle of a write(). Those of live processes are
// not touched.
void remove_leftovers(const std::string& path) {
  const std::filesystem::path file(path);
  const std::string prefix = file.filename().string() + ".";
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(k_temporary)) continue;
    const char* const end = name.data() + name.size() - k_temporary.size();
    pid_t id = 0;
    const auto parsed = std::from_chars(name.data() + prefix.size(), end, id);
    if (parsed.ec != std::errc() || parsed.ptr != end || id <= 0) continue;
    if (::kill(id, 0) != 0 && errno == ESRCH) std::filesystem::remove(entry.path(), ignored);
  }
}

}  // namespace

Result<ResumeFile> ResumeFile::open(const std::string& path, std::stop_token stop) {
  remove_leftovers(path);
  ResumeFile file(path);
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return file;
  auto content = read_file(path, std::move(stop));
  if (!content) return bad_file(path, content.error().message);

  const Json json = Json::parse(content->value_or(""), nullptr, false);
  if (!json.is_object() || !json.contains("positions") || !json["positions"].is_array()) {
    return bad_file(path, "this is not one of topicloop's");
  }
  if (json.value("v", Json()) != k_version) {
    return bad_file(path, "its format is one that this version of topicloop does not know");
  }
  for (const auto& record : json["positions"]) {
    const auto point = point_of(record);
    if (!point || !record.contains("cache") || !record["cache"].is_string() ||
        !record.contains("topic") || !record["topic"].is_string()) {
      return bad_file(path, fmt::format("{} is not a position", record.dump()));
    }
    file.positions_[{record["cache"], record["topic"]}] = *point;
  }
  return file;
}

std::optional<model::ResumePoint> ResumeFile::position(const std::string& cache,
                                                       const std::string& topic) const {
  const auto found = positions_.find({cache, topic});
  if (found == positions_.end()) return std::nullopt;
  return found->second;
}

Result<void> ResumeFile::set(const std::string& cache, const std::string& topic,
                             const model::ResumePoint& next) {
  positions_[{cache, topic}] = next;
  return write();
}

Result<void> ResumeFile::write() const {
  Json json{{"v", k_version}, {"positions", Json::array()}};
  for (const auto& [name, point] : positions_) {
    json["positions"].push_back({{"cache", name.first},
                                 {"topic", name.second},
                                 {"sequence_number", point.sequence_number},
                                 {"sequence_page", point.sequence_page}});
  }
  // Of this process, in case another one writes the same file.
  const std::string temporary = fmt::format("{}.{}{}", path_, ::getpid(), k_temporary);
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return bad_file(path_, std::strerror(errno));
  const bool written = write_all(fd, json.dump() + "\n");
  const int failure = errno;
  ::close(fd);
  if (!written) return bad_file(path_, std::strerror(failure));
  if (std::rename(temporary.c_str(), path_.c_str()) != 0) {
    return bad_file(path_, std::strerror(errno));
  }
  return {};
}

}  // namespace topicloop::cli
