// SPDX-License-Identifier: Apache-2.0
#include "broker/registry.hpp"

#include "base/text.hpp"
#include "wire/pubsub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace topicloop::broker {

struct CacheTraffic {
  Traffic published;
  Traffic delivered;
};

struct Attachment::Topic {
  TopicLog log;
  std::shared_ptr<CacheTraffic> traffic;  // Of its cache, which it may outlive.
  std::list<Reader*> readers;

  TopicReport report(const std::string& name) const {
    const auto subscribers =
        std::count_if(readers.begin(), readers.end(),
                      [](const Reader* reader) { return reader->is_subscriber(); });
    return {name, log.next_sequence_number(), log.size(), log.bytes(),
            static_cast<std::size_t>(subscribers)};
  }
};

namespace {

// Below this many topics it is not worth looking for some to forget.
constexpr std::size_t k_few_topics = 64;

}  // namespace

struct Registry::Cache {
  std::uint64_t sequence_page;
  std::unordered_map<std::string, std::shared_ptr<Attachment::Topic>> topics;
  std::shared_ptr<CacheTraffic> traffic = std::make_shared<CacheTraffic>();
  std::size_t sweep_at = k_few_topics;

  // Forgets topics on which nothing was ever published and nobody listens any more: a client that
  // listens on ever new names must not fill the memory. Rare enough to cost next to nothing.
  void sweep() {
    std::erase_if(topics, [](const auto& item) {
      const Attachment::Topic& topic = *item.second;
      return topic.readers.empty() && topic.log.next_sequence_number() == 1;
    });
    sweep_at = std::max(k_few_topics, 2 * topics.size());
  }

  void end_readers(const Error& reason) const {
    for (const auto& [name, topic] : topics) {
      for (Reader* reader : topic->readers)
        reader->on_ended(reason);
    }
  }
};

namespace {

Error cache_not_found(const std::string& name) {
  return {ErrorKind::NotFound, fmt::format("cache \"{}\" does not exist", name), ""};
}

Error empty_name(std::string_view what) {
  return {ErrorKind::InvalidArgument, fmt::format("{} name must not be empty", what), ""};
}

}  // namespace

Attachment::Attachment(Attachment&& other) noexcept
    : topic_(std::move(other.topic_)),
      place_(other.place_),
      cursor_(std::exchange(other.cursor_, {})),
      held_(std::move(other.held_)) {}

Attachment& Attachment::operator=(Attachment&& other) noexcept {
  if (this == &other) return *this;
  reset();
  topic_ = std::move(other.topic_);
  place_ = other.place_;
  cursor_ = std::exchange(other.cursor_, {});
  held_ = std::move(other.held_);
  return *this;
}

void Attachment::reset() {
  if (topic_) topic_->readers.erase(place_);
  topic_.reset();
  held_.reset();
}

LogRead Attachment::read() {
  return topic_ ? topic_->log.read(cursor_) : LogRead{};
}

bool Attachment::has_more() const {
  return topic_ && topic_->log.has_more(cursor_);
}

model::ResumePoint Attachment::position() const {
  return {cursor_.next, topic_ ? topic_->log.sequence_page() : 0};
}

std::uint64_t Attachment::backlog() const {
  return topic_ ? topic_->log.next_sequence_number() - cursor_.next : 0;
}

void Attachment::count_delivered(std::size_t bytes) {
  if (topic_) topic_->traffic->delivered.add(bytes);
}

Registry::Registry(std::uint64_t first_page, Retention retention)
    : next_page_(first_page), retention_(retention) {}

Registry::~Registry() = default;

Result<void> Registry::create_cache(const std::string& name) {
  if (is_blank(name)) return empty_name("cache");
  if (caches_.contains(name)) {
    return Error{ErrorKind::AlreadyExists, fmt::format("cache \"{}\" already exists", name), ""};
  }
  auto kept = keep([&](KeptState& state) {
    state.caches.insert(name);
    state.next_page = next_page_ + 1;
  });
  if (!kept) return kept;
  caches_.emplace(name,
                  std::make_unique<Cache>(Cache{.sequence_page = next_page_++, .topics = {}}));
  return {};
}

Result<void> Registry::delete_cache(const std::string& name) {
  const auto found = caches_.find(name);
  if (found == caches_.end()) return cache_not_found(name);
  auto kept = keep([&](KeptState& state) {
    state.caches.erase(name);
    std::erase_if(state.webhooks, [&](const auto& item) { return item.first.cache == name; });
  });
  if (!kept) return kept;
  const auto cache = std::move(found->second);
  caches_.erase(found);
  cache->end_readers(cache_not_found(name));
  return {};
}

Result<void> Registry::check_cache(const std::string& name) const {
  auto cache = find_cache(name);
  if (!cache) return std::move(cache).error();
  return {};
}

std::size_t Registry::topic_count() const {
  std::size_t count = 0;
  for (const auto& [name, cache] : caches_)
    count += cache->topics.size();
  return count;
}

std::vector<std::string> Registry::cache_names() const {
  std::vector<std::string> names;
  names.reserve(caches_.size());
  for (const auto& [name, cache] : caches_)
    names.push_back(name);
  return names;
}

Result<std::uint64_t> Registry::publish(const std::string& cache, const std::string& topic,
                                        const model::Value& value, std::string_view publisher_id,
                                        SystemTime now) {
  auto found = find_topic(cache, topic);
  if (!found) return std::move(found).error();
  TopicLog& log = (*found)->log;
  const std::uint64_t number = log.next_sequence_number();
  auto item = std::make_shared<const std::string>(
      wire::serialize_item(number, log.sequence_page(), publisher_id, value));
  (*found)->traffic->published.add(item->size());
  log.append(now, std::move(item));
  for (Reader* reader : (*found)->readers)
    reader->on_appended();
  return number;
}

Result<Attachment> Registry::attach(const std::string& cache, const std::string& topic,
                                    const model::ResumePoint& resume, Reader& reader) {
  if (auto open = check_open(); !open) return std::move(open).error();
  auto found = find_topic(cache, topic);
  if (!found) return std::move(found).error();
  Attachment attachment;
  attachment.topic_ = *std::move(found);
  attachment.cursor_ = attachment.topic_->log.attach(resume);
  auto& readers = attachment.topic_->readers;
  attachment.place_ = readers.insert(readers.end(), &reader);
  return attachment;
}

void Registry::close(const Error& reason) {
  closed_ = reason;
  end_readers(reason);
}

void Registry::block(const Error& reason) {
  blocked_ = reason;
  end_readers(reason);
}

Result<void> Registry::check_open() const {
  if (closed_) return *closed_;
  if (blocked_) return *blocked_;
  return {};
}

std::vector<CacheReport> Registry::reports() const {
  std::vector<CacheReport> reports;
  for (const auto& [name, cache] : caches_) {
    CacheReport report{
        name, cache->sequence_page, cache->traffic->published, cache->traffic->delivered, {}};
    report.topics.reserve(cache->topics.size());
    for (const auto& [topic_name, topic] : cache->topics)
      report.topics.push_back(topic->report(topic_name));
    std::sort(report.topics.begin(), report.topics.end(),
              [](const TopicReport& a, const TopicReport& b) { return a.name < b.name; });
    reports.push_back(std::move(report));
  }
  return reports;
}

void Registry::end_readers(const Error& reason) const {
  for (const auto& [name, cache] : caches_)
    cache->end_readers(reason);
}

Result<void> Registry::keep(const StateStore::Edit& edit) {
  if (store_ == nullptr) return {};
  return store_->change(edit);
}

Result<Registry::Cache*> Registry::find_cache(const std::string& name) const {
  if (is_blank(name)) return empty_name("cache");
  const auto found = caches_.find(name);
  if (found == caches_.end()) return cache_not_found(name);
  return found->second.get();
}

Result<std::shared_ptr<Attachment::Topic>> Registry::find_topic(const std::string& cache,
                                                                const std::string& topic) {
  auto found = find_cache(cache);
  if (!found) return std::move(found).error();
  if (is_blank(topic)) return empty_name("topic");
  auto& topics = (*found)->topics;
  auto place = topics.find(topic);
  if (place == topics.end()) {
    if (topics.size() >= (*found)->sweep_at) (*found)->sweep();
    auto made = std::make_shared<Attachment::Topic>(
        Attachment::Topic{TopicLog((*found)->sequence_page, retention_), (*found)->traffic, {}});
    place = topics.emplace(topic, std::move(made)).first;
  }
  return place->second;
}

}  // namespace topicloop::broker
