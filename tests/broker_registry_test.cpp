// SPDX-License-Identifier: Apache-2.0
#include "broker/registry.hpp"
#include "wire/pubsub.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <optional>

using namespace topicloop;
using namespace topicloop::broker;
using model::Value;

namespace {

struct RecordingReader final : Reader {
  void on_appended() override { ++appended; }
  void on_ended(const Error& reason) override { ended = reason; }

  int appended = 0;
  std::optional<Error> ended;
};

std::uint64_t page_of(Registry& registry, const std::string& cache) {
  RecordingReader reader;
  REQUIRE(registry.publish(cache, "t", Value::text("x"), "", SystemTime{}));
  auto attachment = registry.attach(cache, "t", {1, 0}, reader);
  REQUIRE(attachment);
  const LogRead read = attachment->read();
  const auto event = wire::parse_subscription_item(*std::get<const LogEntry*>(read)->item, "", "");
  return std::get<model::Message>(*event).sequence_page;
}

}  // namespace

TEST_CASE("topics are numbered each for itself") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  CHECK(*registry.publish("c", "a", Value::text("1"), "", SystemTime{}) == 1);
  CHECK(*registry.publish("c", "a", Value::text("2"), "", SystemTime{}) == 2);
  CHECK(*registry.publish("c", "b", Value::text("3"), "", SystemTime{}) == 1);
}

TEST_CASE("a message is kept exactly as a subscriber must receive it") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  RecordingReader reader;
  auto attachment = registry.attach("c", "t", {}, reader);
  REQUIRE(attachment);
  REQUIRE(registry.publish("c", "t", Value::binary(std::string("\0\xFF", 2)), "", SystemTime{}));
  CHECK(reader.appended == 1);
  const LogRead read = attachment->read();
  const auto event =
      wire::parse_subscription_item(*std::get<const LogEntry*>(read)->item, "c", "t");
  CHECK(std::get<model::Message>(*event) ==
        model::Message{"c", "t", 1, 100, "", Value::binary(std::string("\0\xFF", 2))});
}

TEST_CASE("topics that were only listened to do not pile up, those published to or heard stay") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  RecordingReader reader;
  REQUIRE(registry.publish("c", "published", Value::text("x"), "", SystemTime{}));
  auto listening = registry.attach("c", "listening", {}, reader);
  REQUIRE(listening);
  for (int i = 0; i < 10'000; ++i) {
    REQUIRE(registry.attach("c", "passing " + std::to_string(i), {}, reader));
  }
  CHECK(registry.topic_count() < 100);
  CHECK(*registry.publish("c", "published", Value::text("x"), "", SystemTime{}) == 2);
  CHECK(*registry.publish("c", "listening", Value::text("x"), "", SystemTime{}) == 1);
  CHECK(reader.appended == 1);
}

TEST_CASE("an unknown cache is NotFound for publishers and readers") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  RecordingReader reader;
  CHECK(registry.publish("d", "t", Value::text(""), "", SystemTime{}).error().kind ==
        ErrorKind::NotFound);
  CHECK(registry.attach("d", "t", {}, reader).error().kind == ErrorKind::NotFound);
  CHECK(registry.delete_cache("d").error().kind == ErrorKind::NotFound);
  CHECK(registry.check_cache("d").error().kind == ErrorKind::NotFound);
}

TEST_CASE("blank names are refused") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  RecordingReader reader;
  CHECK(registry.create_cache(" ").error().kind == ErrorKind::InvalidArgument);
  CHECK(registry.publish("", "t", Value::text(""), "", SystemTime{}).error().kind ==
        ErrorKind::InvalidArgument);
  CHECK(registry.attach("c", "", {}, reader).error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("a cache is made once") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  CHECK(registry.create_cache("c").error().kind == ErrorKind::AlreadyExists);
  CHECK(registry.cache_names() == std::vector<std::string>{"c"});
}

TEST_CASE("deleting a cache ends its readers with NotFound and nobody else's") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  REQUIRE(registry.create_cache("d"));
  RecordingReader mine;
  RecordingReader other;
  auto one = registry.attach("c", "t", {}, mine);
  auto two = registry.attach("d", "t", {}, other);
  REQUIRE(registry.delete_cache("c"));
  REQUIRE(mine.ended);
  CHECK(mine.ended->kind == ErrorKind::NotFound);
  CHECK_FALSE(other.ended);
  CHECK(registry.cache_names() == std::vector<std::string>{"d"});
}

TEST_CASE("a cache made again has a higher sequence page") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  const std::uint64_t before = page_of(registry, "c");
  REQUIRE(registry.delete_cache("c"));
  REQUIRE(registry.create_cache("c"));
  CHECK(page_of(registry, "c") > before);
}

TEST_CASE("an attachment given up hears nothing more") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  RecordingReader reader;
  {
    auto attachment = registry.attach("c", "t", {}, reader);
    REQUIRE(attachment);
  }
  REQUIRE(registry.publish("c", "t", Value::text("x"), "", SystemTime{}));
  CHECK(reader.appended == 0);
}

TEST_CASE("a blocked registry ends its readers and takes none until it is unblocked") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  REQUIRE(registry.publish("c", "t", Value::text("1"), "", SystemTime{}));
  RecordingReader reader;
  auto attachment = registry.attach("c", "t", {}, reader);
  registry.block({ErrorKind::Unavailable, "for a test", ""});
  REQUIRE(reader.ended);
  CHECK(reader.ended->message == "for a test");
  CHECK(registry.check_open().error().kind == ErrorKind::Unavailable);
  CHECK(registry.attach("c", "t", {}, reader).error().kind == ErrorKind::Unavailable);

  registry.unblock();
  CHECK(registry.check_open());
  auto again = registry.attach("c", "t", {1, 0}, reader);
  REQUIRE(again);
  CHECK(again->has_more());
}

TEST_CASE("a registry that is closed stays closed when it is unblocked") {
  Registry registry(100, {});
  registry.block({ErrorKind::Unavailable, "blocked", ""});
  registry.close({ErrorKind::Unavailable, "closed", ""});
  registry.unblock();
  CHECK(registry.check_open().error().message == "closed");
}

TEST_CASE("a registry reports caches, topics, what is kept and who subscribes") {
  struct Webhook final : Reader {
    void on_appended() override {}
    void on_ended(const Error&) override {}
    bool is_subscriber() const override { return false; }
  };
  Registry registry(100, {.messages = 2});
  REQUIRE(registry.create_cache("c"));
  REQUIRE(registry.create_cache("d"));
  RecordingReader reader;
  Webhook webhook;
  auto subscribed = registry.attach("c", "t", {}, reader);
  auto delivering = registry.attach("c", "t", {}, webhook);
  for (int i = 0; i < 3; ++i)
    REQUIRE(registry.publish("c", "t", Value::text("x"), "", SystemTime{}));
  subscribed->count_delivered(5);

  const auto reports = registry.reports();
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].name == "c");
  CHECK(reports[0].sequence_page == 100);
  CHECK(reports[0].published.messages == 3);
  CHECK(reports[0].published.bytes > 0);
  CHECK(reports[0].delivered.messages == 1);
  CHECK(reports[0].delivered.bytes == 5);
  REQUIRE(reports[0].topics.size() == 1);
  const TopicReport& topic = reports[0].topics[0];
  CHECK(topic.name == "t");
  CHECK(topic.next_sequence_number == 4);
  CHECK(topic.messages == 2);
  CHECK(topic.bytes == reports[0].published.bytes / 3 * 2);
  CHECK(topic.subscribers == 1);
  CHECK(reports[1].topics.empty());
}

TEST_CASE("a closed registry ends its readers and takes no new ones") {
  Registry registry(100, {});
  REQUIRE(registry.create_cache("c"));
  RecordingReader reader;
  auto attachment = registry.attach("c", "t", {}, reader);
  registry.close({ErrorKind::Unavailable, "shutting down", ""});
  REQUIRE(reader.ended);
  CHECK(reader.ended->kind == ErrorKind::Unavailable);
  RecordingReader late;
  CHECK(registry.attach("c", "t", {}, late).error().kind == ErrorKind::Unavailable);
}
