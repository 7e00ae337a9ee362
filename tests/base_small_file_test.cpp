// SPDX-License-Identifier: Apache-2.0
#include "base/small_file.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <fstream>
#include <thread>

using namespace topicloop;
using namespace topicloop::test;

namespace {

std::string refusal(const std::string& path) {
  const auto read = read_small_file(path);
  if (read) return "read";
  CHECK(read.error().kind == ErrorKind::BadInput);
  return read.error().message;
}

}  // namespace

TEST_CASE("a small file is read whole, whatever bytes it holds") {
  const TempDirectory directory;
  for (const std::string& content :
       {std::string("x"), std::string("a\0\xFF\r\n", 5), std::string(1U << 20U, 'x')}) {
    const auto read = read_small_file(directory.write("file", content));
    REQUIRE(read);
    CHECK((*read == content));
  }
}

TEST_CASE("a pipe is read to its end") {
  const TempDirectory directory;
  const std::string path = directory.file("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(path) << "one" << std::flush << " two" << std::flush; });
  const auto read = read_small_file(path);
  writer.join();
  REQUIRE(read);
  CHECK(*read == "one two");
}

TEST_CASE("a file that cannot be read, is empty, too large or without end is refused by name") {
  const TempDirectory directory;
  const std::string missing = directory.file("missing");
  CHECK(refusal(missing) == missing + ": No such file or directory");
  const std::string empty = directory.write("empty", "");
  CHECK(refusal(empty) == empty + ": is empty");
  CHECK(refusal(directory.path()) == directory.path() + ": Is a directory");
  const std::string large = directory.write("large", std::string((1U << 20U) + 1, 'x'));
  for (const std::string& path : {large, std::string("/dev/zero")})
    CHECK(refusal(path) == path + ": has more than 1 MiB");
}
