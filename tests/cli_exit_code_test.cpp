// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string_view>
#include <utility>

using namespace topicloop;
using cli::exit_code_of;

TEST_CASE("every kind of failure has the exit code that is promised for it") {
  const std::pair<ErrorKind, int> codes[] = {
      {ErrorKind::CheckFailed, 1},      {ErrorKind::Usage, 2},
      {ErrorKind::BadInput, 3},         {ErrorKind::Unavailable, 4},
      {ErrorKind::DeadlineExceeded, 4}, {ErrorKind::InvalidArgument, 5},
      {ErrorKind::NotFound, 5},         {ErrorKind::AlreadyExists, 5},
      {ErrorKind::PermissionDenied, 5}, {ErrorKind::Unauthenticated, 5},
      {ErrorKind::LimitExceeded, 5},    {ErrorKind::FailedPrecondition, 5},
      {ErrorKind::Unimplemented, 5},    {ErrorKind::ServiceFailed, 5},
      {ErrorKind::Cancelled, 5},        {ErrorKind::Internal, 70},
      {ErrorKind::Timeout, 124}};
  for (const auto& [kind, code] : codes)
    CHECK(static_cast<int>(exit_code_of(kind)) == code);
}

TEST_CASE("every kind of failure has a name of its own in JSON") {
  std::set<std::string_view> names;
  constexpr auto k_last = static_cast<int>(ErrorKind::Internal);
  for (int kind = 0; kind <= k_last; ++kind)
    names.insert(cli::name_of(static_cast<ErrorKind>(kind)));
  CHECK(names.size() == static_cast<std::size_t>(k_last) + 1);
  CHECK(names.count("not_found") == 1);
  CHECK(names.count("service_failed") == 1);
}

TEST_CASE("signals end with 128 plus their number as shells expect") {
  CHECK(static_cast<int>(cli::ExitCode::Interrupted) == 130);
  CHECK(static_cast<int>(cli::ExitCode::Terminated) == 143);
}
