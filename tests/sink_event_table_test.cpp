// SPDX-License-Identifier: Apache-2.0
#include "sink/event_table.hpp"
#include "support/passage.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <thread>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using sink::EventTable;

namespace {

const SystemTime k_received{3'000ms};

EventTable open(const std::string& file) {
  auto table = EventTable::open({.file = file, .lock_timeout = 20ms});
  if (!table) throw std::runtime_error(table.error().message);
  return *std::move(table);
}

Result<void> add(EventTable& table, const model::WebhookEvent& event,
                 const model::Value& result = model::Value::text("HELLO")) {
  const TestPassage test(event, result);
  return table.add(test.passage, k_received);
}

// Another program's look at the database.
class Reader {
public:
  explicit Reader(const std::string& file) {
    sqlite3_open(file.c_str(), &database_);
    sqlite3_busy_timeout(database_, 20'000);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { sqlite3_close(database_); }

  // Columns separated by |, rows by line ends.
  std::string query(const std::string& sql) const {
    std::string text;
    const auto add_row = [](void* into, int count, char** values, char**) {
      auto& rows = *static_cast<std::string*>(into);
      for (int i = 0; i < count; ++i)
        rows += (i == 0 ? "" : "|") + std::string(values[i] == nullptr ? "null" : values[i]);
      rows += '\n';
      return 0;
    };
    char* error = nullptr;
    if (sqlite3_exec(database_, sql.c_str(), add_row, &text, &error) != SQLITE_OK) {
      text = "error: "s + error;
      sqlite3_free(error);
    }
    return text;
  }

private:
  sqlite3* database_ = nullptr;
};

}  // namespace

TEST_CASE("an event is a row that others can read while the table is open") {
  const TempDirectory folder;
  EventTable table = open(folder.file("db"));
  REQUIRE(add(table, event_number(7)));
  const Reader reader(folder.file("db"));
  CHECK(reader.query("SELECT * FROM events") ==
        "1|my-cache|news|7|1000|2000|3000|me|hello|HELLO|0123abcd|1\n");
  CHECK(reader.query("PRAGMA journal_mode") == "wal\n");
  CHECK(reader.query("PRAGMA integrity_check") == "ok\n");
}

TEST_CASE("a redelivered event is still one row that counts its deliveries") {
  const TempDirectory folder;
  EventTable table = open(folder.file("db"));
  auto again = event_number(7);
  again.publish_timestamp = 9'000;  // Fired anew: the same event.
  REQUIRE(add(table, event_number(7)));
  REQUIRE(add(table, again));
  REQUIRE(add(table, event_number(8)));
  auto renumbered = event_number(7);
  renumbered.event_timestamp = 5'000;  // The service has started over.
  REQUIRE(add(table, renumbered));
  CHECK(Reader(folder.file("db"))
            .query("SELECT topic_sequence_number, event_timestamp, publish_timestamp, deliveries "
                   "FROM events ORDER BY id") == "7|1000|2000|2\n8|1000|2000|1\n7|5000|2000|1\n");
}

TEST_CASE("the view counts by topic") {
  const TempDirectory folder;
  EventTable table = open(folder.file("db"));
  for (std::uint64_t number = 1; number <= 3; ++number)
    REQUIRE(add(table, event_number(number, "a")));
  REQUIRE(add(table, event_number(3, "a")));
  REQUIRE(add(table, event_number(1, "b")));
  CHECK(Reader(folder.file("db")).query("SELECT * FROM topics") ==
        "my-cache|a|3|4|1000|1000|1|3\nmy-cache|b|1|1|1000|1000|1|1\n");
}

TEST_CASE("the indexes are used for a time and for a token") {
  const TempDirectory folder;
  const EventTable table = open(folder.file("db"));
  const Reader reader(folder.file("db"));
  CHECK(reader.query("EXPLAIN QUERY PLAN SELECT * FROM events WHERE event_timestamp > 5")
            .find("INDEX events_by_time") != std::string::npos);
  CHECK(reader.query("EXPLAIN QUERY PLAN SELECT * FROM events WHERE token_id = 'x'")
            .find("INDEX events_by_token") != std::string::npos);
}

TEST_CASE("bytes and nothing are kept as what they are") {
  const TempDirectory folder;
  EventTable table = open(folder.file("db"));
  REQUIRE(add(table, event_number(1), model::Value::binary("a\0\xFF"s)));
  TestPassage dropped(event_number(2), model::Value::text(""));
  dropped.passage.outgoing.reset();
  REQUIRE(table.add(dropped.passage, k_received));
  REQUIRE(add(table, event_number(3), model::Value::text("a\0b"s)));
  CHECK(Reader(folder.file("db"))
            .query("SELECT typeof(result), hex(result) FROM events ORDER BY id") ==
        "blob|6100FF\nnull|\ntext|610062\n");
}

TEST_CASE("a table goes on where the last program left it") {
  const TempDirectory folder;
  for (int run = 0; run < 2; ++run) {
    EventTable table = open(folder.file("db"));
    REQUIRE(add(table, event_number(7)));
  }
  CHECK(Reader(folder.file("db")).query("SELECT count(*), sum(deliveries) FROM events") == "1|2\n");
  CHECK_FALSE(std::filesystem::exists(folder.file("db-wal")));
}

TEST_CASE("events of many threads are all there") {
  const TempDirectory folder;
  EventTable table = open(folder.file("db"));
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (std::uint64_t i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (std::uint64_t k = 0; k < 50; ++k) {
        if (add(table, event_number(i * 50 + k))) ++good;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(good == 400);
  CHECK(Reader(folder.file("db")).query("SELECT count(*), sum(deliveries) FROM events") ==
        "400|400\n");
}

TEST_CASE("a locked database makes the event fail and lets the next in when it is free") {
  const TempDirectory folder;
  EventTable table = open(folder.file("db"));
  const Reader other(folder.file("db"));
  CHECK(other.query("BEGIN IMMEDIATE") == "");
  const auto locked = add(table, event_number(1));
  REQUIRE_FALSE(locked);
  CHECK(locked.error().message == folder.file("db") + ": database is locked");
  CHECK(other.query("ROLLBACK") == "");
  CHECK(add(table, event_number(1)));
}

TEST_CASE("a full disk makes the event fail and what was there before is still sound") {
  const TempDirectory folder;
  ::signal(SIGXFSZ, SIG_IGN);
  EventTable table = open(folder.file("db"));
  REQUIRE(add(table, event_number(1)));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{200'000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto full = add(table, event_number(2), model::Value::text(std::string(1'000'000, 'x')));
  ::setrlimit(RLIMIT_FSIZE, &before);
  REQUIRE_FALSE(full);
  CHECK(full.error().message.starts_with(folder.file("db") + ": "));
  CHECK(add(table, event_number(3)));
  const Reader reader(folder.file("db"));
  CHECK(reader.query("PRAGMA integrity_check") == "ok\n");
  CHECK(reader.query("SELECT topic_sequence_number FROM events ORDER BY id") == "1\n3\n");
}

TEST_CASE("a file that is not our database is refused, named and left as it is") {
  const TempDirectory folder;
  const std::string text = folder.write("text", std::string(5'000, 'x'));
  CHECK(Reader(folder.file("theirs")).query("CREATE TABLE events (a)") == "");
  CHECK(Reader(folder.file("newer"))
            .query("PRAGMA application_id = 1953460329; "
                   "PRAGMA user_version = 2; CREATE TABLE t (a)") == "");
  for (const std::string& file :
       {text, folder.file("theirs"), folder.file("newer"), folder.file("none/db"), folder.path()}) {
    const auto table = EventTable::open({.file = file});
    REQUIRE_FALSE(table);
    INFO(table.error().message);
    CHECK(table.error().kind == ErrorKind::BadInput);
    CHECK(table.error().message.starts_with(file + ": "));
  }
  CHECK(Reader(folder.file("theirs")).query("PRAGMA journal_mode") == "delete\n");
}
