// SPDX-License-Identifier: Apache-2.0
// serve-webhook as a process: what is acknowledged survives it, and what is in hand is finished.
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_target.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sqlite3.h>

#include <filesystem>

using namespace topicloop;
using namespace topicloop::test;

namespace {

struct Receiving {
  explicit Receiving(std::vector<std::string> more) : process(arguments(std::move(more))) {
    const std::string url = process.err().rest_of_line("receiving webhooks on ");
    port = std::stoi(url.substr(std::string("http://127.0.0.1:").size()));
  }

  static std::vector<std::string> arguments(std::vector<std::string> more) {
    more.insert(more.begin(), {"serve-webhook", "--listen", "127.0.0.1:0", "--no-verify"});
    return more;
  }

  Process process;
  int port = 0;
};

model::WebhookEvent numbered(std::uint64_t number) {
  auto event = event_now("hello");
  event.topic_sequence_number = number;
  return event;
}

// Or ended, and somebody else has to wait for it.
bool is_gone(const std::string& id) {
  const std::string stat = content_of("/proc/" + id + "/stat");
  return stat.empty() || stat.find(") Z ") != std::string::npos;
}

int first_number(const std::string& file, const char* sql) {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  sqlite3_open(file.c_str(), &database);
  sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
  const int number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return number;
}

}  // namespace

TEST_CASE("every event that was acknowledged is in the database after kill -9") {
  const TempDirectory folder;
  const std::string database = folder.file("events.db");
  std::uint64_t acknowledged = 0;
  for (int life = 0; life < 3; ++life) {
    const Receiving receiving({"--sqlite", database});
    RawClient client(receiving.port);
    for (int i = 0; i < 100; ++i) {
      client.send(signed_post("/", numbered(acknowledged + 1)));
      REQUIRE(status_of(client.receive_until("}")) == 200);
      ++acknowledged;
    }
    client.send(signed_post("/", numbered(acknowledged + 1)));  // This one may or may not be.
    receiving.process.signal(SIGKILL);
  }
  const int rows = first_number(database, "SELECT count(*) FROM events");
  CHECK(rows >= static_cast<int>(acknowledged));
  CHECK(rows <= static_cast<int>(acknowledged) + 3);
  CHECK(first_number(database, "SELECT count(DISTINCT topic_sequence_number) FROM events") >=
        static_cast<int>(acknowledged));
}

TEST_CASE(
    "an event whose program is running is finished after SIGTERM and the program is not hit") {
  const TempDirectory folder;
  const std::string begun = folder.file("begun");
  const std::string go = folder.file("go");
  Receiving receiving({"--exec-timeout", "60s", "--exec",
                       "sh -c ': > " + begun + "; while [ ! -e " + go + " ]; do :; done; cat'"});
  RawClient client(receiving.port);
  client.send(signed_post("/", numbered(1)));
  REQUIRE(eventually([&] { return std::filesystem::exists(begun); }));
  receiving.process.signal(SIGTERM);
  folder.write("go", "");
  CHECK(status_of(client.receive_until("}")) == 200);
  CHECK(receiving.process.wait_for_all() == 143);
  CHECK(receiving.process.err().text().ends_with("webhook requests: 1 accepted, 0 refused\n"));
}

TEST_CASE("a second signal ends the process at once and leaves none of its programs behind") {
  const TempDirectory folder;
  const std::string ids = folder.file("ids");
  const std::string list = " >> " + ids;
  Receiving receiving(
      {"--exec-timeout", "1h", "--pipe", "sh -c 'echo $$" + list + "; cat'", "--exec",
       "sh -c 'setsid sleep 1000 & echo $!" + list + "; echo $$" + list + "; wait'"});
  RawClient client(receiving.port);
  client.send(signed_post("/", numbered(1)));
  const auto lines = [&] {
    const std::string text = content_of(ids);
    return std::count(text.begin(), text.end(), '\n');
  };
  REQUIRE(eventually([&] { return lines() == 3; }));
  // Two of a kind might become one. Which of these is seen first is not known.
  receiving.process.signal(SIGTERM);
  receiving.process.signal(SIGINT);
  CHECK(receiving.process.wait() > 128);
  std::istringstream all(content_of(ids));
  for (std::string id; std::getline(all, id);) {
    INFO(id);
    CHECK(eventually([&] { return is_gone(id); }));
  }
}

TEST_CASE("a co-process sees the end of its input when serve-webhook is killed") {
  const TempDirectory folder;
  const std::string id_file = folder.file("id");
  std::string id;
  {
    const Receiving receiving({"--pipe", "sh -c 'echo $$ > " + id_file + "; exec cat'"});
    REQUIRE(eventually([&] { return content_of(id_file).ends_with('\n'); }));
    id = content_of(id_file);
    id.pop_back();
    REQUIRE(std::filesystem::exists("/proc/" + id));
    receiving.process.signal(SIGKILL);
  }
  CHECK(eventually([&] { return is_gone(id); }));
}
