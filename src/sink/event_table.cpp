// SPDX-License-Identifier: Apache-2.0
#include "sink/event_table.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>

namespace topicloop::sink {

namespace {

constexpr int k_schema_version = 1;
constexpr int k_application_id = 0x746f7069;  // "topi".

constexpr const char* k_schema = R"(
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  cache TEXT NOT NULL,
  topic TEXT NOT NULL,
  topic_sequence_number INTEGER NOT NULL,
  event_timestamp INTEGER NOT NULL,    -- ms since 1970: published
  publish_timestamp INTEGER NOT NULL,  -- ms since 1970: webhook fired
  received_at INTEGER NOT NULL,        -- ms since 1970: first accepted here
  token_id TEXT NOT NULL,
  text TEXT NOT NULL,                  -- as the event has it
  result,                              -- what the steps before made of it: TEXT, BLOB or NULL
  request_id TEXT NOT NULL,
  deliveries INTEGER NOT NULL DEFAULT 1,
  UNIQUE (cache, topic, topic_sequence_number, event_timestamp)
);
CREATE INDEX events_by_time ON events (event_timestamp);
CREATE INDEX events_by_token ON events (token_id, event_timestamp);
CREATE VIEW topics AS
  SELECT cache, topic, count(*) AS events, sum(deliveries) AS deliveries,
         min(event_timestamp) AS first_event_timestamp,
         max(event_timestamp) AS last_event_timestamp,
         min(topic_sequence_number) AS first_sequence_number,
         max(topic_sequence_number) AS last_sequence_number
  FROM events GROUP BY cache, topic;
)";

constexpr const char* k_insert = R"(
INSERT INTO events (cache, topic, topic_sequence_number, event_timestamp, publish_timestamp,
                    received_at, token_id, text, result, request_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT DO UPDATE SET deliveries = deliveries + 1
)";

struct FreeSqlite {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, FreeSqlite>;
using Statement = std::unique_ptr<sqlite3_stmt, FreeSqlite>;

// One thread's event, which waits until it is in the database or has failed.
struct Waiting {
  const Passage& passage;
  SystemTime received_at;
  bool done = false;
  std::optional<Error> error = std::nullopt;
};

void bind_text(sqlite3_stmt* statement, int column, const std::string& text) {
  sqlite3_bind_text64(statement, column, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void bind_value(sqlite3_stmt* statement, int column, const std::optional<model::Value>& value) {
  if (!value) {
    sqlite3_bind_null(statement, column);
  } else if (value->is_text()) {
    bind_text(statement, column, value->bytes);
  } else {
    sqlite3_bind_blob64(statement, column, value->bytes.data(), value->bytes.size(), SQLITE_STATIC);
  }
}

}  // namespace

struct EventTable::Impl {
  std::string file;
  Database database;
  Statement insert;

  std::mutex mutex;  // Guards what follows; who is writing has the database to itself.
  std::condition_variable written;
  std::deque<Waiting*> queue;
  bool writing = false;

  Error failure(ErrorKind kind) const;
  bool run(const char* sql) const;
  std::int64_t number(const char* sql) const;
  Result<void> make_schema();
  bool insert_one(const Waiting& waiting) const;
  std::optional<Error> write(const std::deque<Waiting*>& batch) const;
};

Error EventTable::Impl::failure(ErrorKind kind) const {
  return {kind, fmt::format("{}: {}", file, sqlite3_errmsg(database.get())), ""};
}

bool EventTable::Impl::run(const char* sql) const {
  return sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

// The first number of the first row; -1 if there is none.
std::int64_t EventTable::Impl::number(const char* sql) const {
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(database.get(), sql, -1, &prepared, nullptr);
  const Statement statement(prepared);
  if (sqlite3_step(prepared) != SQLITE_ROW) return -1;
  return sqlite3_column_int64(prepared, 0);
}

Result<void> EventTable::Impl::make_schema() {
  // Two that start at once must not both find it missing.
  if (!run("BEGIN IMMEDIATE")) return failure(ErrorKind::BadInput);
  const std::int64_t version = number("PRAGMA user_version");
  const std::int64_t owner = number("PRAGMA application_id");
  const bool empty = version == 0 && number("SELECT count(*) FROM sqlite_master") == 0;
  bool done = true;
  if (empty) {
    done = run(k_schema) && run(fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}",
                                            k_schema_version, k_application_id)
                                    .c_str());
  } else if (owner != k_application_id) {
    return Error{ErrorKind::BadInput,
                 fmt::format("{}: is a database of something else, and not to be written to", file),
                 "name a new file"};
  } else if (version != k_schema_version) {
    return Error{ErrorKind::BadInput,
                 fmt::format("{}: is of version {}, and this program knows version {}", file,
                             version, k_schema_version),
                 "name a new file"};
  }
  // Last, as it changes the file: which is ours by now.
  if (!done || !run("COMMIT") || !run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")) {
    return failure(ErrorKind::BadInput);
  }
  return {};
}

bool EventTable::Impl::insert_one(const Waiting& waiting) const {
  sqlite3_stmt* const row = insert.get();
  const model::WebhookEvent& event = waiting.passage.event;
  bind_text(row, 1, event.cache);
  bind_text(row, 2, event.topic);
  // Larger ones than SQLite's integers are still told apart, as negative numbers.
  sqlite3_bind_int64(row, 3, static_cast<std::int64_t>(event.topic_sequence_number));
  sqlite3_bind_int64(row, 4, event.event_timestamp);
  sqlite3_bind_int64(row, 5, event.publish_timestamp);
  sqlite3_bind_int64(row, 6, to_epoch_ms(waiting.received_at));
  bind_text(row, 7, event.token_id);
  bind_text(row, 8, event.text);
  bind_value(row, 9, waiting.passage.outgoing);
  bind_text(row, 10, waiting.passage.id);
  const bool inserted = sqlite3_step(row) == SQLITE_DONE;
  sqlite3_reset(row);
  sqlite3_clear_bindings(row);
  return inserted;
}

// All or nothing, in one transaction.
std::optional<Error> EventTable::Impl::write(const std::deque<Waiting*>& batch) const {
  bool good = run("BEGIN IMMEDIATE");
  for (const Waiting* waiting : batch)
    good = good && insert_one(*waiting);
  if (good && run("COMMIT")) return std::nullopt;
  const Error error = failure(ErrorKind::ServiceFailed);
  run("ROLLBACK");
  return error;
}

EventTable::EventTable(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EventTable::EventTable(EventTable&&) noexcept = default;
EventTable& EventTable::operator=(EventTable&&) noexcept = default;
EventTable::~EventTable() = default;

Result<EventTable> EventTable::open(const EventTableOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->file = options.file;
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(options.file.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  impl->database.reset(opened);
  if (code != SQLITE_OK) return impl->failure(ErrorKind::BadInput);
  sqlite3_busy_timeout(opened, static_cast<int>(options.lock_timeout.count()));
  if (auto made = impl->make_schema(); !made) return std::move(made).error();
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(opened, k_insert, -1, &prepared, nullptr);
  impl->insert.reset(prepared);
  if (prepared == nullptr) return impl->failure(ErrorKind::BadInput);
  return EventTable(std::move(impl));
}

Result<void> EventTable::add(const Passage& passage, SystemTime received_at) {
  Waiting own{passage, received_at};
  std::unique_lock lock(impl_->mutex);
  impl_->queue.push_back(&own);
  // Whoever finds nobody writing writes for all who wait by then.
  impl_->written.wait(lock, [&] { return own.done || !impl_->writing; });
  if (!own.done) {
    impl_->writing = true;
    const std::deque<Waiting*> batch = std::exchange(impl_->queue, {});
    lock.unlock();
    const std::optional<Error> error = impl_->write(batch);
    lock.lock();
    for (Waiting* waiting : batch) {
      waiting->error = error;
      waiting->done = true;
    }
    impl_->writing = false;
    impl_->written.notify_all();
  }
  if (own.error) return *own.error;
  return {};
}

}  // namespace topicloop::sink
