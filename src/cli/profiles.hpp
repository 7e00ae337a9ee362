// SPDX-License-Identifier: Apache-2.0
// The profiles that the momento CLI keeps in ~/.momento: read, never written.
//
// Two files, `credentials` and `config`, of [profile] sections with KEY=VALUE lines; both may be
// missing. Errors are BadInput and name file and line, never what is in the line.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::cli {

// Names and keys are case-sensitive. What comes later replaces what came before.
using Sections = std::map<std::string, std::map<std::string, std::string>, std::less<>>;

// `file` is for errors.
Result<Sections> parse_sections(std::string_view text, const std::string& file);

struct ProfileKey {
  std::string text;      // Not looked at yet.
  std::string endpoint;  // Or empty.
  std::string source;    // For errors: profile and file.
  bool is_session = false;
};

class Profiles {
public:
  // MOMENTO_CONFIG_DIR, else ~/.momento; empty if there is no home.
  static std::string default_directory();
  static Result<Profiles> read(const std::string& directory);

  bool has(std::string_view profile) const;
  std::vector<std::string> names() const;
  // What to say if a profile that was asked for is not there.
  Error missing(std::string_view profile) const;

  // The key the momento CLI would take: a session that is valid for more than ten seconds, whatever
  // the profile; else the profile's token; else its api_key_v2. Nothing if there is no such profile
  // and no session. Unauthenticated if there is no such profile and a session has ended.
  Result<std::optional<ProfileKey>> key_of(const std::string& profile, SystemTime now) const;
  std::optional<std::string> cache_of(std::string_view profile) const;

  const std::string& credentials_file() const { return credentials_file_; }
  // Files that others may read, which keys should not be in.
  const std::vector<std::string>& warnings() const { return warnings_; }

private:
  std::optional<SystemTime> session_end() const;

  std::string credentials_file_;
  Sections credentials_;
  Sections config_;
  std::vector<std::string> warnings_;
};

}  // namespace topicloop::cli
