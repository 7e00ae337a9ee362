// SPDX-License-Identifier: Apache-2.0
#include "replay/report_file.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

using namespace topicloop;
using namespace topicloop::replay;
using namespace topicloop::test;

namespace {

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

std::size_t entries_in(const TempDirectory& directory) {
  using Iterator = std::filesystem::directory_iterator;
  return static_cast<std::size_t>(std::distance(Iterator(directory.path()), Iterator()));
}

ReportFile opened(const std::string& path) {
  auto file = ReportFile::open(path);
  REQUIRE(file);
  return *std::move(file);
}

}  // namespace

TEST_CASE("a report is what was there before until it is committed, and then whole") {
  const TempDirectory directory;
  const std::string path = directory.write("report", "old");
  {
    ReportFile file = opened(path);
    file.write("....");
    file.write(std::string(200'000, 'x'));
    file.write("y");
    CHECK(content_of(path) == "old");
    file.write_at_start("head");
    REQUIRE(file.commit());
  }
  CHECK(content_of(path) == "head" + std::string(200'000, 'x') + "y");
  CHECK(entries_in(directory) == 1);
}

TEST_CASE("a report that is never committed leaves nothing behind") {
  const TempDirectory directory;
  { opened(directory.file("report")).write("text"); }
  CHECK(entries_in(directory) == 0);
}

TEST_CASE("a report that cannot be written is known before there is one") {
  const TempDirectory directory;
  const auto missing = ReportFile::open(directory.file("no/report"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::BadInput);
  CHECK(missing.error().message ==
        "cannot write " + directory.file("no/report") + ": No such file or directory");
  const auto folder = ReportFile::open(directory.path());
  REQUIRE_FALSE(folder);
  CHECK(folder.error().message == "cannot write " + directory.path() + ": Is a directory");
}

TEST_CASE("a report is written through a symbolic link, and keeps the file's permissions") {
  const TempDirectory directory;
  const std::string path = directory.write("real", "old");
  ::chmod(path.c_str(), 0640);
  const std::string link = directory.file("link");
  REQUIRE(::symlink("real", link.c_str()) == 0);
  ReportFile file = opened(link);
  file.write("new");
  REQUIRE(file.commit());
  CHECK(content_of(path) == "new");
  CHECK(std::filesystem::is_symlink(link));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0640U);
}

TEST_CASE("what is no regular file gets the report at the end") {
  const TempDirectory directory;
  const std::string path = directory.file("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::string read;
  std::thread reader([&] { read = content_of(path); });
  {
    ReportFile file = opened(path);
    file.write("....text");
    file.write_at_start("head");
    CHECK(file.commit());
  }
  reader.join();
  CHECK(read == "headtext");
  CHECK(opened("/dev/null").commit());
}

TEST_CASE("a full disk is told at the end") {
  ReportFile file = opened("/dev/full");
  file.write("text");
  const auto committed = file.commit();
  REQUIRE_FALSE(committed);
  CHECK(committed.error().message == "cannot write /dev/full: No space left on device");
}
