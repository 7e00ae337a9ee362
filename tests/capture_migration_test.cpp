// SPDX-License-Identifier: Apache-2.0
#include "capture/migration.hpp"
#include "support/captures.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <array>

using namespace topicloop;
using namespace topicloop::test;
using Json = nlohmann::json;

TEST_CASE("a line goes through the steps from its version on, in their order") {
  const std::array<capture::MigrationStep, 2> steps = {
      [](Json& line) { line["text"] = line["payload"]; },
      [](Json& line) { line["text"] = line["text"].get<std::string>() + "!"; }};
  const auto migrated = [&](Json line, std::int64_t from) {
    capture::migrate(line, from, steps);
    return line["text"];
  };
  CHECK(migrated({{"payload", "one"}}, 1) == "one!");
  CHECK(migrated({{"text", "two"}}, 2) == "two!");
  CHECK(migrated({{"text", "three"}}, 3) == "three");
}

TEST_CASE("there is a step from every version before this one") {
  CHECK(capture::migration_steps().size() + 1 == capture::k_version);
}

TEST_CASE("a file of a later version is refused with its line and what to do, also by a writer") {
  const TempDirectory folder;
  const std::string file =
      folder.write("later", "{\"v\":2,\"type\":\"capture\"}\n{\"type\":\"request\"}\n");
  const std::string message =
      file + ":1: the capture's format is version 2, and this topicloop knows 1";
  CHECK(read_capture(file).error == message);
  auto reader = capture::Reader::open(file, [](const std::string&) {});
  CHECK(reader->next().error().help == "read it with the topicloop that wrote it, or a later one");
  const auto writer = capture::Writer::open(file);
  REQUIRE_FALSE(writer);
  CHECK(writer.error().message.find(message) != std::string::npos);
}

TEST_CASE("a run of a later version in a file is refused where it begins") {
  const TempDirectory folder;
  const std::string file = folder.file("mixed");
  write_capture(file, {gap_record()});
  std::ofstream(file, std::ios::app) << "{\"v\":99,\"type\":\"capture\"}\n";
  const auto read = read_capture(file);
  CHECK(read.records.size() == 1);
  CHECK(read.error == file + ":3: the capture's format is version 99, and this topicloop knows 1");
}
