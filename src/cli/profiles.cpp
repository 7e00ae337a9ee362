// SPDX-License-Identifier: Apache-2.0
#include "cli/profiles.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace topicloop::cli {

namespace {

constexpr const char* k_session = ".momento_session";
// As the momento CLI has it: a session that ends meanwhile is of no use.
constexpr std::chrono::seconds k_shortest_session{10};

const std::string* find(const Sections& sections, std::string_view section,
                        const std::string& key) {
  const auto found = sections.find(section);
  if (found == sections.end()) return nullptr;
  const auto value = found->second.find(key);
  return value == found->second.end() || value->second.empty() ? nullptr : &value->second;
}

// A file that is not there has no sections.
Result<Sections> read_sections(const std::string& file, std::vector<std::string>& warnings) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return Sections{};
    return Error{ErrorKind::BadInput, fmt::format("cannot read {}: {}", file, std::strerror(errno)),
                 ""};
  }
  // Opening a pipe waits for who writes to it.
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorKind::BadInput, fmt::format("cannot read {}: it is not a regular file", file),
                 ""};
  }
  if (status.st_size == 0) return Sections{};
  const unsigned int mode = status.st_mode & 0777U;
  if ((mode & 0077U) != 0) {
    warnings.push_back(
        fmt::format("{} is open to others (mode {:04o}): chmod 600 {}", file, mode, file));
  }
  const auto text = read_small_file(file);
  if (!text) return text.error();
  return parse_sections(*text, file);
}

}  // namespace

Result<Sections> parse_sections(std::string_view text, const std::string& file) {
  const auto bad = [&](int line, std::string_view why) {
    return Error{ErrorKind::BadInput, fmt::format("{}:{}: {}", file, line, why), ""};
  };
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());

  Sections sections;
  auto section = sections.end();
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      if (line.back() != ']') return bad(number, "a section's name does not end with ]");
      section = sections.try_emplace(std::string(trimmed(line.substr(1, line.size() - 2)))).first;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return bad(number, "expected [PROFILE] or KEY=VALUE");
    if (section == sections.end()) return bad(number, "KEY=VALUE before the first [PROFILE]");
    section->second[std::string(trimmed(line.substr(0, equals)))] =
        trimmed(line.substr(equals + 1));
  }
  return sections;
}

std::string Profiles::default_directory() {
  const char* directory = std::getenv("MOMENTO_CONFIG_DIR");
  if (directory != nullptr && *directory != '\0') return directory;
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.momento" : "";
}

Result<Profiles> Profiles::read(const std::string& directory) {
  Profiles profiles;
  if (directory.empty()) return profiles;
  profiles.credentials_file_ = directory + "/credentials";
  auto credentials = read_sections(profiles.credentials_file_, profiles.warnings_);
  if (!credentials) return std::move(credentials).error();
  profiles.credentials_ = *std::move(credentials);
  std::vector<std::string> unimportant;  // There is no secret in it.
  auto config = read_sections(directory + "/config", unimportant);
  if (!config) return std::move(config).error();
  profiles.config_ = *std::move(config);
  return profiles;
}

bool Profiles::has(std::string_view profile) const {
  return profile != k_session && credentials_.contains(profile);
}

std::vector<std::string> Profiles::names() const {
  std::vector<std::string> names;
  for (const auto& [name, values] : credentials_) {
    if (name != k_session) names.push_back(name);
  }
  return names;
}

Error Profiles::missing(std::string_view profile) const {
  if (credentials_file_.empty()) {
    return {ErrorKind::BadInput,
            fmt::format("there is no profile \"{}\": neither MOMENTO_CONFIG_DIR nor HOME is set",
                        profile),
            ""};
  }
  const auto known = names();
  return {ErrorKind::BadInput,
          fmt::format("there is no profile \"{}\" in {}", profile, credentials_file_),
          known.empty() ? "there are none; `momento configure` makes them"
                        : fmt::format("there are: {}", fmt::join(known, ", "))};
}

std::optional<SystemTime> Profiles::session_end() const {
  const std::string* text = find(credentials_, k_session, "valid_until");
  if (text == nullptr || find(credentials_, k_session, "token") == nullptr) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  // In the year 2255: what a SystemTime of nanoseconds can still hold.
  constexpr std::int64_t k_latest_second = 9'000'000'000;
  if (failure != std::errc() || end != text->data() + text->size() || seconds < 0) {
    return SystemTime();
  }
  return SystemTime(std::chrono::seconds(std::min(seconds, k_latest_second)));
}

Result<std::optional<ProfileKey>> Profiles::key_of(const std::string& profile,
                                                   SystemTime now) const {
  const auto session = session_end();
  if (session && *session > now + k_shortest_session) {
    return std::optional(ProfileKey{.text = *find(credentials_, k_session, "token"),
                                    .endpoint = "",
                                    .source = fmt::format("the session of {}", credentials_file_),
                                    .is_session = true});
  }
  if (!has(profile)) {
    if (!session) return std::optional<ProfileKey>();
    return Error{ErrorKind::Unauthenticated,
                 fmt::format("the session in {} ended at {}, and there is no profile \"{}\"",
                             credentials_file_, to_rfc3339(*session), profile),
                 "log in again with the momento CLI; or use a local service with --local"};
  }
  const std::string source = fmt::format("profile \"{}\" of {}", profile, credentials_file_);
  const auto value = [&](const char* key) {
    const std::string* found = find(credentials_, profile, key);
    return found != nullptr ? *found : std::string();
  };
  for (const char* key : {"token", "api_key_v2"}) {
    if (value(key).empty()) continue;
    return std::optional(
        ProfileKey{.text = value(key), .endpoint = value("endpoint"), .source = source});
  }
  return Error{ErrorKind::BadInput, fmt::format("{} has neither a token nor an api_key_v2", source),
               fmt::format("`momento configure --profile {}` adds one", profile)};
}

std::optional<std::string> Profiles::cache_of(std::string_view profile) const {
  const std::string* cache = find(config_, profile, "cache");
  return cache != nullptr ? std::optional(*cache) : std::nullopt;
}

}  // namespace topicloop::cli
