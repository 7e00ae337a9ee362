// SPDX-License-Identifier: Apache-2.0
#include "broker/state_store.hpp"
#include "support/descriptors.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <vector>

using namespace topicloop;
using namespace topicloop::broker;
using namespace topicloop::test;

namespace {

// The directory is not made by the test.
struct Place {
  TempDirectory parent;
  std::string directory = parent.file("state");
  std::string file = directory + "/state.json";

  // The next change cannot be written: its temporary file is in the way of nothing else.
  void break_disk() const { std::filesystem::create_directory(file + ".new"); }
  void mend_disk() const { std::filesystem::remove(file + ".new"); }
};

StateStore::Edit add_cache(const std::string& name) {
  return [name](KeptState& state) { state.caches.insert(name); };
}

StateStore must_open(const Place& place, StateStore::FailureObserver observer = {}) {
  auto store = StateStore::open(place.directory, std::move(observer));
  if (!store) throw std::runtime_error(store.error().message);
  return *std::move(store);
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

Error refusal(const Place& place) {
  auto store = StateStore::open(place.directory);
  REQUIRE_FALSE(store);
  return store.error();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a store is new until something was written and then remembers it") {
  const Place place;
  {
    StateStore store = must_open(place);
    CHECK(store.is_new());
    CHECK(store.state() == KeptState());
    REQUIRE(store.change(add_cache("c")));
    CHECK_FALSE(store.is_new());
  }
  const StateStore store = must_open(place);
  CHECK_FALSE(store.is_new());
  CHECK(store.state().caches == std::set<std::string>{"c"});
}

TEST_CASE("an empty state written down is not new again") {
  const Place place;
  REQUIRE(must_open(place).change([](KeptState&) {}));
  CHECK_FALSE(must_open(place).is_new());
}

TEST_CASE("only the owner may look at what is kept") {
  const Place place;
  StateStore store = must_open(place);
  REQUIRE(store.change(add_cache("c")));
  CHECK(mode_of(place.directory) == 0700);
  CHECK(mode_of(place.file) == 0600);
  CHECK(mode_of(place.directory + "/lock") == 0600);
}

TEST_CASE("a state file stays private whatever a crash has left behind") {
  const Place place;
  StateStore store = must_open(place);
  std::ofstream(place.file + ".new") << "half of";
  REQUIRE(::chmod((place.file + ".new").c_str(), 0666) == 0);
  REQUIRE(store.change(add_cache("c")));
  CHECK(mode_of(place.file) == 0600);
  CHECK_FALSE(std::filesystem::exists(place.file + ".new"));
}

TEST_CASE("missing parents of the directory are made") {
  const Place place;
  const Place deep{.parent = {}, .directory = place.directory + "/a/b", .file = ""};
  CHECK(must_open(deep).is_new());
}

TEST_CASE("a second store of the same directory is refused until the first is gone") {
  const Place place;
  {
    const StateStore first = must_open(place);
    const Error error = refusal(place);
    CHECK(error.kind == ErrorKind::Unavailable);
    CHECK(contains(error.message, place.directory));
    CHECK(contains(error.message, "in use"));
  }
  must_open(place);
}

TEST_CASE("a moved store holds its directory on and lets go of it once") {
  const Place place;
  {
    StateStore first = must_open(place);
    const StateStore second = std::move(first);
    CHECK(refusal(place).kind == ErrorKind::Unavailable);
  }
  must_open(place);
}

TEST_CASE("a change that cannot be written is refused and leaves the state as it was") {
  const Place place;
  {
    StateStore store = must_open(place);
    REQUIRE(store.change(add_cache("before")));
    place.break_disk();
    const auto failed = store.change(add_cache("after"));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == ErrorKind::ServiceFailed);
    CHECK(contains(failed.error().message, place.file));
    CHECK(contains(failed.error().message, "Is a directory"));
    CHECK(store.state().caches == std::set<std::string>{"before"});
  }
  CHECK(must_open(place).state().caches == std::set<std::string>{"before"});
}

TEST_CASE("of each series of failures one is told") {
  const Place place;
  std::vector<std::string> told;
  StateStore store = must_open(place, [&](const Error& error) { told.push_back(error.message); });
  place.break_disk();
  CHECK_FALSE(store.change(add_cache("a")));
  CHECK_FALSE(store.change(add_cache("b")));
  CHECK(told.size() == 1);
  place.mend_disk();
  CHECK(store.change(add_cache("c")));
  CHECK(told.size() == 1);
  place.break_disk();
  CHECK_FALSE(store.change(add_cache("d")));
  CHECK(told.size() == 2);
  CHECK(store.state().caches == std::set<std::string>{"c"});
}

TEST_CASE("a change that changes nothing needs no disk") {
  const Place place;
  StateStore store = must_open(place);
  REQUIRE(store.change(add_cache("c")));
  place.break_disk();
  CHECK(store.change(add_cache("c")));
}

TEST_CASE("a state file that is damaged or of the future is named and left as it is") {
  for (const char* content : {"", "{", "{\"topicloop_state\": 99}", "{\"topicloop_state\": 1}"}) {
    const Place place;
    must_open(place);
    std::ofstream(place.file) << content;
    const Error error = refusal(place);
    CHECK(error.kind == ErrorKind::BadInput);
    CHECK(contains(error.message, place.file));
    CHECK(content_of(place.file) == content);
  }
}

TEST_CASE("a directory that cannot be one is named with the reason") {
  const TempDirectory parent;
  const std::string path = parent.write("file", "x");
  for (const auto& directory : {path, path + "/below"}) {
    const auto store = StateStore::open(directory);
    REQUIRE_FALSE(store);
    CHECK(store.error().kind == ErrorKind::BadInput);
    CHECK(contains(store.error().message, directory));
    CHECK(contains(store.error().message, "Not a directory"));
  }
}
