// SPDX-License-Identifier: Apache-2.0
#include "replay/source.hpp"
#include "support/captures.hpp"
#include "support/descriptors.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

using namespace topicloop;
using namespace topicloop::test;

namespace {

using Strings = std::vector<std::string>;

struct Given {
  Strings names;
  Strings warnings;
  std::string error;
  std::optional<std::uint64_t> total;
};

Given all_of(replay::SourceOptions options) {
  Given given;
  replay::Source source(std::move(options),
                        [&](const std::string& warning) { given.warnings.push_back(warning); }, {});
  while (true) {
    auto event = source.next();
    if (!event) given.error = event.error().message;
    if (!event || !*event) break;
    given.names.push_back((*event)->position().substr((*event)->position().rfind('/') + 1) + " " +
                          (*event)->name());
  }
  given.total = source.total();
  return given;
}

replay::Selection selection(const std::string& text) {
  auto parsed = replay::Selection::parse(text);
  REQUIRE(parsed);
  return *std::move(parsed);
}

std::string capture_of(const TempDirectory& folder, const std::string& name, int messages) {
  std::vector<model::CaptureRecord> records;
  for (int i = 1; i <= messages; ++i)
    records.push_back(message_record(model::Value::text("m"), static_cast<std::uint64_t>(i)));
  write_capture(folder.file(name), records);
  return folder.file(name);
}

}  // namespace

TEST_CASE("Events come in the order of the files, without gaps, and say where they stand") {
  const TempDirectory folder;
  write_capture(folder.file("a"), {request_record("{}"), gap_record()});
  const auto given = all_of({.files = {folder.file("a"), capture_of(folder, "b.zst", 2)}});
  CHECK(given.names ==
        Strings{"a:2 POST /hook?a=b [89fc77f2]", "b.zst:2 topic 1 #1", "b.zst:3 topic 1 #2"});
  CHECK(given.error.empty());
  CHECK_FALSE(given.total);
}

TEST_CASE("Only events that are selected come") {
  const TempDirectory folder;
  write_capture(folder.file("a"), sample_records());
  CHECK(all_of({.files = {folder.file("a")}, .selection = selection("type == 'request'")})
            .names.size() == 3);
  CHECK(all_of({.files = {folder.file("a")}, .ids = {"89fc77f2"}}).names.size() == 3);
  CHECK(all_of({.files = {folder.file("a")}, .ids = {"00000000"}}).names.empty());
}

TEST_CASE("Repeating reads the files again, and names the rounds") {
  const TempDirectory folder;
  const auto given = all_of({.files = {capture_of(folder, "a", 2)}, .repeat = 2});
  CHECK(given.names ==
        Strings{"a:2 topic 1 #1", "a:3 topic 1 #2", "a:2 topic 1 #1 (2)", "a:3 topic 1 #2 (2)"});
}

TEST_CASE("Standard input can be repeated, too") {
  const TempDirectory folder;
  capture_of(folder, "a", 2);
  std::ifstream file(folder.file("a"));
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const Descriptor input = input_of(bytes);
  const auto given = all_of({.files = {"-"}, .standard_input = input.fd(), .repeat = 2});
  CHECK(given.names == Strings{"standard input:2 topic 1 #1", "standard input:3 topic 1 #2",
                               "standard input:2 topic 1 #1 (2)",
                               "standard input:3 topic 1 #2 (2)"});
  CHECK(given.total == 4);
}

TEST_CASE("A shuffle gives every event once, in an order that the seed alone decides") {
  const TempDirectory folder;
  const Strings files{capture_of(folder, "a", 300), capture_of(folder, "b.gz", 200)};
  const auto plain = all_of({.files = files, .selection = {}}).names;
  const auto shuffle = [&](std::uint64_t seed) {
    return all_of({.files = files, .shuffle = seed}).names;
  };
  const auto once = shuffle(1);
  CHECK(once != plain);
  CHECK(once == shuffle(1));
  CHECK(once != shuffle(2));
  CHECK(std::multiset(once.begin(), once.end()) == std::multiset(plain.begin(), plain.end()));
}

TEST_CASE("Each round of a shuffle has an order of its own") {
  const TempDirectory folder;
  const auto given = all_of({.files = {capture_of(folder, "a", 100)}, .repeat = 2, .shuffle = 7});
  REQUIRE(given.names.size() == 200);
  CHECK(given.total == 200);
  Strings first(given.names.begin(), given.names.begin() + 100);
  for (auto& name : first)
    name += " (2)";
  CHECK(first != Strings(given.names.begin() + 100, given.names.end()));
}

TEST_CASE("A record that was put aside comes back as it was") {
  const TempDirectory folder;
  write_capture(folder.file("a"), sample_records());
  replay::Source source({.files = {folder.file("a")}, .shuffle = 1}, [](const std::string&) {}, {});
  auto expected = sample_records();
  expected.pop_back();  // The gap.
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto event = source.next();
    REQUIRE(event);
    REQUIRE(*event);
    CHECK((*event)->record == expected.at((*event)->line - 2));
  }
}

TEST_CASE("A capture cut at any byte of its last record is read up to it") {
  const TempDirectory folder;
  const std::string whole = folder.file("whole");
  write_capture(whole, {request_record("first"), request_record("second \xC3\x9F \x01")});
  std::ifstream file(whole, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const std::size_t last = bytes.rfind('\n', bytes.size() - 2) + 1;
  for (std::size_t size = last; size + 1 < bytes.size(); ++size) {
    INFO(size);
    const auto given = all_of({.files = {folder.write("cut", bytes.substr(0, size))}});
    REQUIRE(given.error.empty());
    REQUIRE(given.names == Strings{"cut:2 POST /hook?a=b [89fc77f2]"});
    REQUIRE(given.warnings.size() == (size == last ? 0 : 1));
  }
  // Without its line end it is whole.
  CHECK(all_of({.files = {folder.write("cut", bytes.substr(0, bytes.size() - 1))}}).names.size() ==
        2);
}

TEST_CASE("A bad line is an error that names it, after what comes before it") {
  const TempDirectory folder;
  capture_of(folder, "a", 1);
  std::ofstream(folder.file("a"), std::ios::app) << "{\"type\":\"message\"}\n{}\n";
  const auto given = all_of({.files = {folder.file("a")}});
  CHECK(given.names.size() == 1);
  CHECK(given.error.starts_with(folder.file("a") + ":3: "));
  // Nothing of what is shuffled comes.
  CHECK(all_of({.files = {folder.file("a")}, .shuffle = 1}).names.empty());
}
