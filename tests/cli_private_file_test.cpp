// SPDX-License-Identifier: Apache-2.0
#include "cli/context.hpp"
#include "cli/private_file.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <functional>
#include <iterator>
#include <set>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const std::string k_secret(32, 's');

unsigned int mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

std::string content_at(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string private_file(const TempDirectory& directory, const std::string& content) {
  const std::string path = directory.write("secret", content);
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  return path;
}

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const cli::CommandError& failure) {
    return failure.error();
  }
  FAIL("no error");
  return {};
}

}  // namespace

TEST_CASE("a secret file that is missing is made, random and for its owner only") {
  const TempDirectory directory;
  std::set<std::string> secrets;
  for (const char* name : {"a", "b"}) {
    const std::string path = directory.file(name);
    const std::string secret = cli::read_or_make_auth_secret(path);
    CHECK(secret.size() == 64);
    CHECK(secret.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(content_at(path) == secret + "\n");
    CHECK(mode_of(path) == 0600);
    CHECK(cli::read_or_make_auth_secret(path) == secret);
    CHECK(cli::read_auth_secret(path) == secret);
    secrets.insert(secret);
  }
  CHECK(secrets.size() == 2);
}

TEST_CASE("a secret file without white space around its secret is as good as one with") {
  const TempDirectory directory;
  CHECK(cli::read_auth_secret(private_file(directory, k_secret)) == k_secret);
  CHECK(cli::read_auth_secret(private_file(directory, "\n " + k_secret + "\r\n")) == k_secret);
}

TEST_CASE("a secret file that others may read is refused with what to type") {
  const TempDirectory directory;
  const std::string path = private_file(directory, k_secret);
  for (const mode_t mode : {0640U, 0604U, 0620U, 0666U}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    const Error error = error_of([&] { cli::read_or_make_auth_secret(path); });
    CHECK(error.kind == ErrorKind::BadInput);
    CHECK(error.message.find(path) != std::string::npos);
    CHECK(error.help == "chmod 600 " + path);
    CHECK(error.message.find(k_secret) == std::string::npos);
  }
}

TEST_CASE("a secret that is too short to be one is refused") {
  const TempDirectory directory;
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string(31, 's'), std::string(5'000, 's')}) {
    const std::string path = private_file(directory, content);
    const Error error = error_of([&] { cli::read_auth_secret(path); });
    CHECK(error.kind == ErrorKind::BadInput);
    CHECK(error.message.find(path) != std::string::npos);
  }
}

TEST_CASE("a secret file that cannot be read or made is named") {
  const TempDirectory directory;
  const std::string nowhere = directory.file("missing/secret");
  CHECK(error_of([&] { cli::read_or_make_auth_secret(nowhere); }).message.find(nowhere) !=
        std::string::npos);
  const std::string missing = directory.file("missing");
  CHECK(error_of([&] { cli::read_auth_secret(missing); }).message.find(missing) !=
        std::string::npos);
  REQUIRE(::chmod(directory.path().c_str(), 0700) == 0);
  CHECK(error_of([&] { cli::read_auth_secret(directory.path()); }).kind == ErrorKind::BadInput);
}

TEST_CASE("a private file is written whole, replaces what was there, and leaves nothing else") {
  const TempDirectory directory;
  const std::string path = directory.write("key", "old and open to all");
  cli::write_private_file(path, "new\n");
  CHECK(content_at(path) == "new\n");
  CHECK(mode_of(path) == 0600);
  const std::filesystem::directory_iterator entries(directory.path());
  CHECK(std::distance(begin(entries), end(entries)) == 1);
}

TEST_CASE("a private file that cannot be written is named, and no part of it stays") {
  const TempDirectory directory;
  const std::string nowhere = directory.file("missing/key");
  const Error error = error_of([&] { cli::write_private_file(nowhere, "the key"); });
  CHECK(error.kind == ErrorKind::BadInput);
  CHECK(error.message.find(nowhere) != std::string::npos);
  CHECK(error.message.find("the key") == std::string::npos);

  const std::string folder = directory.file("folder");
  std::filesystem::create_directory(folder);
  CHECK(error_of([&] { cli::write_private_file(folder, "x"); }).kind == ErrorKind::BadInput);
  const std::filesystem::directory_iterator entries(directory.path());
  CHECK(std::distance(begin(entries), end(entries)) == 1);
}

TEST_CASE("what is no regular file is refused by name and stays as it is") {
  const TempDirectory directory;
  const std::string pipe = directory.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string to_pipe = directory.file("to-pipe");
  std::filesystem::create_symlink(pipe, to_pipe);
  const std::string to_nothing = directory.file("to-nothing");
  std::filesystem::create_symlink(directory.file("nothing"), to_nothing);
  for (const std::string& path : {pipe, to_pipe, to_nothing, directory.path()}) {
    const Error error = error_of([&] { cli::write_private_file(path, "x"); });
    CHECK(error.kind == ErrorKind::BadInput);
    CHECK(error.message == path + " is not a regular file");
  }
  CHECK(std::filesystem::is_fifo(pipe));
  CHECK(std::filesystem::is_symlink(to_nothing));
}

TEST_CASE("a symbolic link to a private file stays, and its target is replaced") {
  const TempDirectory directory;
  const std::string target = directory.write("target", "old");
  const std::string link = directory.file("link");
  std::filesystem::create_symlink("target", link);
  cli::write_private_file(link, "new\n");
  CHECK(std::filesystem::is_symlink(link));
  CHECK(content_at(target) == "new\n");
  CHECK(mode_of(target) == 0600);
}
