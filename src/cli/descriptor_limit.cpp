// SPDX-License-Identifier: Apache-2.0
#include "cli/descriptor_limit.hpp"

#include <sys/resource.h>

#include <optional>

namespace topicloop::cli {

namespace {

std::optional<rlimit>& given_limit() {
  static std::optional<rlimit> limit;
  return limit;
}

}  // namespace

void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  given_limit() = limit;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void restore_descriptor_limit() {
  if (const auto& limit = given_limit()) ::setrlimit(RLIMIT_NOFILE, &*limit);
}

}  // namespace topicloop::cli
