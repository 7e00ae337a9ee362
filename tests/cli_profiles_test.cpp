// SPDX-License-Identifier: Apache-2.0
#include "cli/profiles.hpp"
#include "support/service.hpp"
#include "support/temp_directory.hpp"
#include "support/tokens.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

using namespace topicloop;
using namespace topicloop::cli;
using namespace topicloop::test;

namespace {

const SystemTime k_now = at_second(1'800'000'000);

struct Directory : TempDirectory {
  explicit Directory(const std::string& credentials, const std::string& config = "") {
    for (const auto& [name, text] :
         {std::pair{"credentials", credentials}, std::pair{"config", config}}) {
      const std::string path = write(name, text);
      ::chmod(path.c_str(), 0600);
    }
  }
  Profiles profiles() const { return must(Profiles::read(path())); }
  std::optional<ProfileKey> key(const std::string& profile) const {
    return must(profiles().key_of(profile, k_now));
  }
};

const std::string k_two_profiles =
    "[default]\n"
    "token=the token\n"
    "\n"
    "[work]\n"
    "api_key_v2=the v2 key\n"
    "endpoint=cell.example.com\n";

std::string session(long valid_until) {
  return "[.momento_session]\ntoken=session\nvalid_until=" + std::to_string(valid_until) + "\n";
}

}  // namespace

TEST_CASE("sections are read as the momento CLI writes them, and as people edit them") {
  const auto sections =
      must(parse_sections("\xEF\xBB\xBF# comment\r\n[a]\r\nkey = v=1==\r\n"
                          "; comment\n[ b ]\nKey=\nkey=2\n[a]\nother=3\nkey=4",
                          "FILE"));
  CHECK(sections ==
        Sections{{"a", {{"key", "4"}, {"other", "3"}}}, {"b", {{"Key", ""}, {"key", "2"}}}});
  CHECK(must(parse_sections("", "FILE")).empty());
}

TEST_CASE("a line that is none is told by its number and not by what is in it") {
  for (const auto& [text, where] :
       {std::pair{"[a]\nhunter2\n", "FILE:2: "}, std::pair{"\n[hunter2\n", "FILE:2: "},
        std::pair{"hunter2=hunter2\n[a]", "FILE:1: "}}) {
    const auto sections = parse_sections(text, "FILE");
    REQUIRE_FALSE(sections);
    CHECK(sections.error().kind == ErrorKind::BadInput);
    CHECK(sections.error().message.starts_with(where));
    CHECK(sections.error().message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a profile's token comes before its api_key_v2, which has an endpoint") {
  const Directory directory(k_two_profiles + "[both]\napi_key_v2=v2\ntoken=v1\n");
  CHECK(directory.key("default")->text == "the token");
  CHECK(directory.key("default")->endpoint.empty());
  CHECK(directory.key("work")->text == "the v2 key");
  CHECK(directory.key("work")->endpoint == "cell.example.com");
  CHECK(directory.key("both")->text == "v1");
  CHECK(directory.key("work")->source.find("\"work\"") != std::string::npos);
}

TEST_CASE("a session that is valid for more than ten seconds overrides any profile") {
  for (const std::string profile : {"default", "work", "nobody"}) {
    const auto key = Directory(k_two_profiles + session(1'800'000'011)).key(profile);
    REQUIRE(key);
    CHECK(key->is_session);
    CHECK(key->text == "session");
  }
}

TEST_CASE("a session that has ended, or is about to, leaves the profile") {
  for (const std::string& ended :
       {session(1'800'000'010), session(0), session(-5),
        std::string("[.momento_session]\ntoken=session\nvalid_until=soon\n"),
        std::string("[.momento_session]\ntoken=session\n"),
        std::string("[.momento_session]\nvalid_until=1900000000\n")}) {
    INFO(ended);
    CHECK(Directory(k_two_profiles + ended).key("default")->text == "the token");
  }
}

TEST_CASE("a session that has ended is told if there is no profile to fall back to") {
  const auto key = Directory(session(1'700'000'000)).profiles().key_of("default", k_now);
  REQUIRE_FALSE(key);
  CHECK(key.error().kind == ErrorKind::Unauthenticated);
  CHECK(key.error().message.find("ended at 2023-11-14T22:13:20") != std::string::npos);
}

TEST_CASE("without files there are no profiles, and that is no error") {
  const TempDirectory directory;
  const auto profiles = must(Profiles::read(directory.file("missing")));
  CHECK_FALSE(must(profiles.key_of("default", k_now)));
  CHECK(profiles.warnings().empty());
  CHECK_FALSE(must(Profiles::read("")).has("default"));
}

TEST_CASE("a profile that is not there is told with the file and those that are") {
  const Directory directory(k_two_profiles + session(0));
  CHECK_FALSE(directory.profiles().has("Default"));  // Names are case-sensitive.
  CHECK_FALSE(directory.profiles().has(".momento_session"));
  CHECK_FALSE(Directory(k_two_profiles).key("Default"));
  const Error error = directory.profiles().missing("Default");
  CHECK(error.kind == ErrorKind::BadInput);
  CHECK(error.message.find(directory.file("credentials")) != std::string::npos);
  CHECK(error.help == "there are: default, work");
}

TEST_CASE("a profile without a key is BadInput and named") {
  const auto key = Directory("[hollow]\nToken=x\ntoken=\n").profiles().key_of("hollow", k_now);
  REQUIRE_FALSE(key);
  CHECK(key.error().kind == ErrorKind::BadInput);
  CHECK(key.error().message.find("hollow") != std::string::npos);
}

TEST_CASE("a profile's cache is in the other file") {
  const Directory directory(k_two_profiles, "[default]\ncache=orders\nttl=600\n[work]\ncache=\n");
  CHECK(directory.profiles().cache_of("default") == "orders");
  CHECK_FALSE(directory.profiles().cache_of("work"));
  CHECK_FALSE(directory.profiles().cache_of("nobody"));
}

TEST_CASE("a file of keys that others may read is warned of") {
  const Directory directory(k_two_profiles);
  CHECK(directory.profiles().warnings().empty());
  REQUIRE(::chmod(directory.file("credentials").c_str(), 0640) == 0);
  const auto warnings = directory.profiles().warnings();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("chmod 600 " + directory.file("credentials")) != std::string::npos);
}

TEST_CASE("a file that is no file of profiles is BadInput and named") {
  const TempDirectory directory;
  std::filesystem::create_directory(directory.file("credentials"));
  const auto profiles = Profiles::read(directory.path());
  REQUIRE_FALSE(profiles);
  CHECK(profiles.error().message.find("credentials") != std::string::npos);
}

TEST_CASE("a credentials file that is a pipe is refused and not waited for") {
  const TempDirectory folder;
  REQUIRE(::mkfifo(folder.file("credentials").c_str(), 0600) == 0);
  const auto read = cli::Profiles::read(folder.path());
  REQUIRE(!read);
  CHECK(read.error().message ==
        "cannot read " + folder.file("credentials") + ": it is not a regular file");
}
