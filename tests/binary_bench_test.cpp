// SPDX-License-Identifier: Apache-2.0
// `bench` with services and receivers of its own, which are processes of this program; and that
// none of them outlives it.
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/records.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>

using namespace topicloop::test;

namespace {

std::vector<int> children_of(int id) {
  std::ifstream file("/proc/" + std::to_string(id) + "/task/" + std::to_string(id) + "/children");
  std::vector<int> children;
  for (int child = 0; file >> child;)
    children.push_back(child);
  return children;
}

// It is past its beginning, where it has only the thread that waits for signals besides the main
// one.
bool has_begun(int id) {
  std::ifstream status("/proc/" + std::to_string(id) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Threads:")) return std::stoi(line.substr(8)) > 2;
  }
  return false;
}

// Not even as somebody whose end nobody has taken notice of.
bool is_gone(int id) {
  std::ifstream file("/proc/" + std::to_string(id) + "/stat");
  std::string number;
  std::string name;
  std::string state;
  file >> number >> name >> state;
  return state.empty() || state == "Z";
}

nlohmann::json bench_record(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "bench");
  arguments.insert(arguments.end(), {"-o", "json"});
  Process process(arguments);
  const int code = process.wait_for_all();
  INFO(process.out().text() << process.err().text());
  REQUIRE(code == 0);
  CHECK(process.err().text().empty());
  const auto all = records(process.out().text());
  REQUIRE(all.size() == 1);
  CHECK(all[0]["embedded"] == true);
  CHECK(all[0]["complete"] == true);
  return all[0];
}

std::vector<std::string> names_of(const nlohmann::json& record) {
  std::vector<std::string> names;
  for (const auto& process : record["processes"]) {
    names.push_back(process["name"]);
    CHECK(process["cpu_us"] > 0);
    CHECK(process["resident_bytes"] > 0);
    CHECK(process["peak_resident_bytes"] >= process["resident_bytes"]);
  }
  return names;
}

}  // namespace

TEST_CASE("bench publish runs a service of its own and tells what both sides have used") {
  const auto record = bench_record({"publish", "--messages", "100", "--in-flight", "4"});
  CHECK(record["finished"] == 100);
  CHECK(names_of(record) == std::vector<std::string>{"client", "service"});
}

TEST_CASE("bench subscribe runs a service of its own") {
  const auto record = bench_record({"subscribe", "--messages", "50", "--subscribers", "2"});
  CHECK(record["arrivals"] == 100);
  CHECK(names_of(record) == std::vector<std::string>{"client", "service"});
}

TEST_CASE("bench loop sends every message through a real receiver and back") {
  const auto record = bench_record({"loop", "--messages", "40", "--in-flight", "4"});
  CHECK(record["finished"] == 40);
  CHECK(names_of(record) == std::vector<std::string>{"client", "service", "receiver"});
}

TEST_CASE("bench loop uses a service that runs already and leaves nothing on it") {
  Process service({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none", "-o", "json"});
  service.out().wait_for("ready");
  const std::string where = records(service.out().text())[0]["where"];
  Process loop({"bench", "loop", "--messages", "10", "--local", where, "-o", "json"});
  CHECK(loop.wait_for_all() == 0);
  CHECK(records(loop.out().text())[0]["where"] == where);
  CHECK(records(loop.out().text())[0]["embedded"] == false);
  Process list({"webhook", "list", "--local", where, "-o", "json"});
  CHECK(list.wait_for_all() == 0);
  CHECK(records_of(records(list.out().text()), "webhook").empty());
}

TEST_CASE("bench webhook runs a receiver of its own that verifies") {
  const auto record = bench_record({"webhook", "--messages", "40", "--in-flight", "4"});
  CHECK(record["finished"] == 40);
  CHECK(names_of(record) == std::vector<std::string>{"client", "receiver"});
}

TEST_CASE("what bench has started ends with it, however it ends") {
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    Process loop({"bench", "loop", "--messages", "1000000", "--rate", "1"});
    std::vector<int> children;
    REQUIRE(eventually([&] {
      children = children_of(loop.id());
      return children.size() == 2 && std::all_of(children.begin(), children.end(), has_begun);
    }));
    loop.signal(signal);
    const int code = loop.wait();
    CHECK(code == (signal == SIGKILL ? 1'000 + SIGKILL : 128 + signal));
    for (const int child : children)
      CHECK(eventually([&] { return is_gone(child); }));
  }
}
