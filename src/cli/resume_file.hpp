// SPDX-License-Identifier: Apache-2.0
// Remembers in a file where subscriptions stand, so that a later run goes on there.
//
// JSON: {"v":1,"positions":[{"cache":…,"topic":…,"sequence_number":…,"sequence_page":…}]}, each
// position the message to ask for next. Replaced as a whole by a rename, so a reader, or we after a
// kill, find the old content or the new. Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace topicloop::cli {

class ResumeFile {
public:
  // A file that does not exist has no positions. BadInput naming the file if it cannot be read or
  // is not such a file.
  static Result<ResumeFile> open(const std::string& path, std::stop_token stop = {});

  std::optional<model::ResumePoint> position(const std::string& cache,
                                             const std::string& topic) const;

  // BadInput naming the file if it cannot be written.
  Result<void> set(const std::string& cache, const std::string& topic,
                   const model::ResumePoint& next);

private:
  explicit ResumeFile(std::string path) : path_(std::move(path)) {}
  Result<void> write() const;

  std::string path_;
  std::map<std::pair<std::string, std::string>, model::ResumePoint> positions_;
};

}  // namespace topicloop::cli
