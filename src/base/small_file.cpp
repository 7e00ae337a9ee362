// SPDX-License-Identifier: Apache-2.0
#include "base/small_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace topicloop {

namespace {

constexpr std::size_t k_max_size = 1U << 20U;

Error bad_file(const std::string& path, std::string_view why) {
  return {ErrorKind::BadInput, fmt::format("{}: {}", path, why), ""};
}

}  // namespace

Result<std::string> read_small_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string content(k_max_size + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.empty() && errno != 0) return bad_file(path, std::strerror(errno));
  if (file.bad() || content.empty()) return bad_file(path, "is empty");
  if (content.size() > k_max_size) return bad_file(path, "has more than 1 MiB");
  return content;
}

}  // namespace topicloop
