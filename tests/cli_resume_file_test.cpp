// SPDX-License-Identifier: Apache-2.0
#include "cli/resume_file.hpp"
#include "support/service.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace topicloop;
using namespace topicloop::test;
using cli::ResumeFile;
using model::ResumePoint;

namespace {

void write(const std::string& path, const std::string& content) {
  std::ofstream(path) << content;
}

}  // namespace

TEST_CASE("a resume file that does not exist has no positions") {
  const TempDirectory folder;
  CHECK(!must(ResumeFile::open(folder.file("none"))).position("c", "t"));
}

TEST_CASE("positions are found again, each under its cache and topic") {
  const TempDirectory folder;
  const std::string path = folder.file("resume");
  auto file = must(ResumeFile::open(path));
  must(file.set("c", "t", {1, 7}));
  must(file.set("c", "t", {43, 7}));
  must(file.set("d", "t", {2, 9'007'199'254'740'991}));
  const auto again = must(ResumeFile::open(path));
  CHECK(again.position("c", "t") == ResumePoint{43, 7});
  CHECK(again.position("d", "t") == ResumePoint{2, 9'007'199'254'740'991});
  CHECK(!again.position("c", "u"));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path()))
    ++files;
  CHECK(files == 1);
}

TEST_CASE("a resume file keeps the positions of topics that are not followed now") {
  const TempDirectory folder;
  const std::string path = folder.file("resume");
  must(must(ResumeFile::open(path)).set("c", "a", {2, 7}));
  must(must(ResumeFile::open(path)).set("c", "b", {3, 7}));
  CHECK(must(ResumeFile::open(path)).position("c", "a") == ResumePoint{2, 7});
}

TEST_CASE("what is no resume file is bad input naming it, and stays as it is") {
  const TempDirectory folder;
  const std::string path = folder.file("resume");
  for (const char* content :
       {"", "text", "[]", R"({"v":1})", R"({"v":2,"positions":[]})", R"({"positions":[]})",
        R"({"v":1,"positions":[{"cache":"c","topic":"t","sequence_number":-1,"sequence_page":7}]})",
        R"({"v":1,"positions":[{"cache":"c","sequence_number":1,"sequence_page":7}]})",
        R"({"v":1,"positions":[7]})"}) {
    INFO(content);
    write(path, content);
    const auto file = ResumeFile::open(path);
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::BadInput);
    CHECK(file.error().message.find(path) != std::string::npos);
  }
}

TEST_CASE("a resume file that cannot be written is bad input naming it") {
  auto file = must(ResumeFile::open("/nonexistent/resume"));
  const auto written = file.set("c", "t", {1, 7});
  REQUIRE_FALSE(written);
  CHECK(written.error().message == "resume file /nonexistent/resume: No such file or directory");
}

TEST_CASE("opening removes what killed runs left behind and nothing else") {
  const TempDirectory folder;
  const std::string path = folder.file("resume");
  constexpr const char* k_no_process = ".2147483647.tmp";
  const std::string of_this_process = path + "." + std::to_string(::getpid()) + ".tmp";
  const std::vector<std::string> others = {of_this_process, path + ".tmp", path + ".1x.tmp",
                                           path + ".2147483647",
                                           folder.file("other.2147483647.tmp")};
  write(path + k_no_process, "half a fi");
  for (const auto& other : others)
    write(other, "");
  must(ResumeFile::open(path));
  CHECK_FALSE(std::filesystem::exists(path + k_no_process));
  for (const auto& other : others)
    CHECK(std::filesystem::exists(other));
}
