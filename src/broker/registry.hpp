// SPDX-License-Identifier: Apache-2.0
// The broker's core: caches, their topics, and who reads them.
//
// Knows nothing of gRPC or HTTP; fronts carry it. All calls come from the broker's one thread, so
// there are no locks and messages keep the order in which they arrived. Errors are of the kinds the
// protocol has a status for (NotFound for an unknown cache, AlreadyExists, InvalidArgument).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "broker/state_report.hpp"
#include "broker/state_store.hpp"
#include "broker/topic_log.hpp"
#include "model/message.hpp"

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace topicloop::broker {

// Somebody who follows a topic: a gRPC stream, a webhook. Neither call may attach or detach a
// reader before it returns.
class Reader {
public:
  virtual ~Reader() = default;
  // There is something to read.
  virtual void on_appended() = 0;
  // The topic is gone; nothing more will come. `reason` is for whoever is behind the reader.
  virtual void on_ended(const Error& reason) = 0;
  // Whether it is somebody who subscribed, for reports.
  virtual bool is_subscriber() const { return true; }
};

// A reader's place on a topic, given up on destruction, and with it what it holds.
class Attachment {
public:
  Attachment() = default;
  Attachment(Attachment&& other) noexcept;
  Attachment& operator=(Attachment&& other) noexcept;
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  ~Attachment() { reset(); }

  void reset();
  void hold(std::shared_ptr<void> held) { held_ = std::move(held); }
  LogRead read();
  bool has_more() const;
  // The number that is read next.
  std::uint64_t next() const { return cursor_.next; }
  // The same as where a subscription stands.
  model::ResumePoint position() const;
  // How many numbers are between the cursor and the newest message, lost ones included.
  std::uint64_t backlog() const;
  // What was read is on its way to a subscriber, for reports.
  void count_delivered(std::size_t bytes);

private:
  friend class Registry;
  struct Topic;

  std::shared_ptr<Topic> topic_;
  std::list<Reader*>::iterator place_;
  Cursor cursor_;
  std::shared_ptr<void> held_;
};

class Registry {
public:
  // `first_page` is the sequence page of every topic of the first caches made; caches made later
  // get higher ones, so that a cache deleted and made again is seen to have started over.
  Registry(std::uint64_t first_page, Retention retention);
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry();

  // From now on every change is kept there before it is made; the caches there are now must be kept
  // already. `store` must outlive the registry.
  void keep_in(StateStore& store) { store_ = &store; }

  Result<void> create_cache(const std::string& name);
  // Ends the cache's readers with NotFound. The store, if any, forgets the cache's webhooks too.
  Result<void> delete_cache(const std::string& name);
  Result<void> check_cache(const std::string& name) const;
  std::vector<std::string> cache_names() const;
  // The sequence page of the next cache.
  std::uint64_t next_page() const { return next_page_; }
  // Topics in memory, over all caches.
  std::size_t topic_count() const;

  // Numbers the message, keeps it and tells the topic's readers. The result is its number.
  Result<std::uint64_t> publish(const std::string& cache, const std::string& topic,
                                const model::Value& value, std::string_view publisher_id,
                                SystemTime now);

  // `reader` must outlive the attachment.
  Result<Attachment> attach(const std::string& cache, const std::string& topic,
                            const model::ResumePoint& resume, Reader& reader);

  // Ends every reader with `reason`, and refuses new readers with it from now on. For good, or
  // until unblock(); history stays.
  void close(const Error& reason);
  void block(const Error& reason);
  void unblock() { blocked_.reset(); }
  // Why calls are to be refused, if they are.
  Result<void> check_open() const;

  // All there is, with the topics on which nothing was ever published.
  std::vector<CacheReport> reports() const;

private:
  struct Cache;

  void end_readers(const Error& reason) const;
  Result<Cache*> find_cache(const std::string& name) const;
  Result<std::shared_ptr<Attachment::Topic>> find_topic(const std::string& cache,
                                                        const std::string& topic);

  Result<void> keep(const StateStore::Edit& edit);

  std::uint64_t next_page_;
  Retention retention_;
  StateStore* store_ = nullptr;  // Null: nothing is kept.
  std::map<std::string, std::unique_ptr<Cache>> caches_;
  std::optional<Error> closed_;
  std::optional<Error> blocked_;
};

}  // namespace topicloop::broker
