// SPDX-License-Identifier: Apache-2.0
// subscribe --resume-file, killed at any moment, of a service that is killed at any moment: nothing
// that the service still has is lost, nothing comes twice, and every gap has its bounds.
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/records.hpp"
#include "support/service.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <random>

using namespace topicloop;
using namespace topicloop::test;
using nlohmann::json;

namespace {

// What all runs of one subscriber have shown, as one sequence, checked as it grows. Text n + 1 must
// follow text n within a page, as one publisher sends them in order.
class Transcript {
public:
  // The output of one more run.
  void add(const std::string& out) {
    bool is_first = true;
    for (const auto& record : records(out)) {
      if (record["type"] != "message" && record["type"] != "gap") continue;
      const json shown = essence(record);
      // A run that was killed after it had shown something, but before it had noted that, shows it
      // again; or misses it, if the service has gone too. Nothing else may come twice.
      const bool after_kill = std::exchange(is_first, false);
      if (after_kill && shown == last_shown_) {
        ++repeated_;
        continue;
      }
      if (after_kill && begins_with(shown, last_shown_)) {
        ++repeated_;
        --next_;
      }
      last_shown_ = shown;
      take(shown);
    }
  }

  unsigned messages() const { return messages_; }
  unsigned gaps() const { return gaps_; }
  unsigned repeated() const { return repeated_; }
  std::uint64_t next() const { return next_; }

private:
  static json essence(json record) {
    for (const char* varying : {"v", "received_at"})
      record.erase(varying);
    return record;
  }

  // `gap` is one that begins with `message`.
  static bool begins_with(const json& gap, const json& message) {
    if (gap["type"] != "gap" || message.value("type", "") != "message") return false;
    const json& first = gap["missing"].at(0);
    return first["sequence_page"] == message["sequence_page"] &&
           first["first"] == message["sequence_number"];
  }

  void take(const json& record) {
    INFO("after message " << next_ - 1 << " of page " << page_.value_or(0) << ": "
                          << record.dump());
    if (record["type"] == "gap") {
      take_gap(record["missing"]);
      return;
    }
    ++messages_;
    const std::uint64_t text = std::stoull(record["text"].get<std::string>());
    REQUIRE(record["sequence_number"] == next_);
    if (page_) {
      REQUIRE(record["sequence_page"] == *page_);
      if (text_) REQUIRE(text == *text_ + 1);
    }
    page_ = record["sequence_page"].get<std::uint64_t>();
    text_ = text;
    ++next_;
  }

  // It begins right after what was shown last. On the same page it says where it ends, on another
  // one the numbers begin anew.
  void take_gap(const json& missing) {
    ++gaps_;
    REQUIRE_FALSE(missing.empty());
    const json& first = missing[0];
    if (page_) REQUIRE(first["sequence_page"] == *page_);
    REQUIRE(first["first"] == next_);
    text_.reset();
    if (!first["last"].is_null()) {
      REQUIRE(missing.size() == 1);
      REQUIRE(first["last"] >= next_);
      next_ = first["last"].get<std::uint64_t>() + 1;
      return;
    }
    page_.reset();
    next_ = 1;
    // The service has kept all of the new page.
    REQUIRE(missing.size() == 1);
  }

  json last_shown_;
  std::optional<std::uint64_t> page_;  // None right after a gap to another one.
  std::optional<std::uint64_t> text_;
  std::uint64_t next_ = 1;
  unsigned messages_ = 0;
  unsigned gaps_ = 0;
  unsigned repeated_ = 0;
};

// serve-topics at one port for all its lives, keeping every message of each.
class MortalService {
public:
  MortalService() { start("127.0.0.1:0"); }

  const std::string& endpoint() const { return endpoint_; }
  void restart() {
    process_->signal(SIGKILL);
    process_->wait();
    process_.reset();
    start(endpoint_);
  }

private:
  void start(const std::string& address) {
    process_ = std::make_unique<Process>(std::vector<std::string>{
        "serve-topics", "--listen", address, "--http", "none", "--retain", "1000000"});
    endpoint_ = process_->err().rest_of_line("serving topics on ");
  }

  std::unique_ptr<Process> process_;
  std::string endpoint_;
};

// `publish` of the numbers from 1 on, steadily, each tried again until it is accepted.
class SteadyPublisher {
public:
  explicit SteadyPublisher(const std::string& endpoint)
      : process_({"publish", "t", "--rate", "2000", "--retry", "1000000", "-o", "json", "--local",
                  endpoint},
                 lines_.reader.fd()) {
    lines_.reader.close();
    ::fcntl(lines_.writer.fd(), F_SETPIPE_SZ, 4'096);  // So that little is left to do at the end.
    std::signal(SIGPIPE, SIG_IGN);                     // A failed test's publisher is gone first.
    feeder_ = std::thread([this] {
      try {
        for (std::uint64_t number = 1; !enough_; ++number)
          lines_.write(std::to_string(number) + "\n");
      } catch (const std::runtime_error&) {
      }
      lines_.writer.close();
    });
  }
  SteadyPublisher(const SteadyPublisher&) = delete;
  SteadyPublisher& operator=(const SteadyPublisher&) = delete;
  ~SteadyPublisher() {
    if (!feeder_.joinable()) return;
    process_.signal(SIGKILL);
    feeder_.join();
  }

  void wait_for_more(std::size_t messages) const {
    const std::string text = process_.out().text();
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    process_.out().wait_for_lines(lines + messages);
  }

  // How many it has published all in all.
  std::size_t finish() {
    enough_ = true;
    feeder_.join();
    CHECK(process_.wait_for_all() == 0);
    return records(process_.out().text()).size();
  }

private:
  std::atomic<bool> enough_ = false;
  Pipe lines_;
  Process process_;
  std::thread feeder_;
};

class MortalSubscriber {
public:
  MortalSubscriber(std::string endpoint, std::string file)
      : endpoint_(std::move(endpoint)), file_(std::move(file)) {
    start();
  }

  void start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"subscribe", "t", "--from", "beginning", "--resume-file", file_,
                                 "-o", "json", "--local", endpoint_, "--connect-timeout", "20s"});
  }
  void wait_for_lines(std::size_t lines) const { process_->out().wait_for_lines(lines); }
  void wait_for(const std::string& part) const { process_->out().wait_for(part); }
  // Its exit code.
  int end(int signal) {
    process_->signal(signal);
    const int code = process_->wait_for_all();
    transcript_.add(process_->out().text());
    process_.reset();
    return code;
  }
  const Transcript& transcript() const { return transcript_; }

private:
  std::string endpoint_;
  std::string file_;
  Transcript transcript_;
  std::unique_ptr<Process> process_;
};

}  // namespace

TEST_CASE("killed with its service again and again, a subscriber loses and repeats nothing") {
  constexpr unsigned k_rounds = 20;
  std::mt19937 random(20'261'124);
  const auto up_to = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(1, most)(random);
  };
  const TempDirectory folder;
  MortalService service;
  MortalSubscriber subscriber(service.endpoint(), folder.file("resume"));
  SteadyPublisher publisher(service.endpoint());
  const auto kill_subscriber = [&] {
    subscriber.wait_for_lines(up_to(200));
    CHECK(subscriber.end(SIGKILL) == 1'000 + SIGKILL);
  };
  for (unsigned round = 1; round <= k_rounds; ++round) {
    INFO("round " << round);
    publisher.wait_for_more(up_to(300));
    switch (up_to(3)) {
      case 1:  // The service under a subscriber that runs.
        service.restart();
        kill_subscriber();
        break;
      case 2:  // The service while there is no subscriber.
        kill_subscriber();
        service.restart();
        break;
      default:  // The subscriber while the service is gone, and once more when it is back.
        kill_subscriber();
        subscriber.start();
        service.restart();
        kill_subscriber();
    }
    subscriber.start();
  }
  const std::string last = std::to_string(publisher.finish() + 1);
  must(client_of(service.endpoint()).publish("default-cache", "t", model::Value::text(last)));
  subscriber.wait_for("\"text\":\"" + last + "\"");
  CHECK(subscriber.end(SIGTERM) == 143);

  const Transcript& seen = subscriber.transcript();
  INFO(seen.messages() << " messages, " << seen.gaps() << " gaps, " << seen.repeated()
                       << " shown again by the run after a kill");
  CHECK(seen.messages() > k_rounds);
  CHECK(seen.gaps() > 0);
  CHECK(seen.gaps() <= k_rounds);
  CHECK(seen.repeated() <= 2 * k_rounds);
}

TEST_CASE("what the service has dropped between two runs is told with its exact bounds") {
  constexpr std::size_t k_retained = 20;
  std::mt19937 random(7);
  auto options = options_for_tests();
  options.caches = {"default-cache"};
  options.retention.messages = k_retained;
  const Service service(std::move(options));
  const TempDirectory folder;
  Transcript seen;
  std::uint64_t published = 0;
  const auto publish = [&](std::size_t messages) {
    for (; messages > 0; --messages)
      must(service.client.publish("default-cache", "t",
                                  model::Value::text(std::to_string(++published))));
  };
  publish(1);
  for (unsigned round = 1; round <= 12; ++round) {
    INFO("round " << round);
    Process subscriber({"subscribe", "t", "--from", "beginning", "--resume-file",
                        folder.file("resume"), "-o", "json", "--local", service.broker.endpoint()});
    subscriber.out().wait_for("\"text\":\"" + std::to_string(published) + "\"");
    subscriber.signal(SIGKILL);
    subscriber.wait_for_all();
    seen.add(subscriber.out().text());
    CHECK(seen.next() == published + 1);
    // Up to twice what is kept: in some rounds nothing is gone, in some all that was not seen.
    publish(std::uniform_int_distribution<std::size_t>(1, 2 * k_retained)(random));
  }
  CHECK(seen.gaps() > 2);
  CHECK(seen.gaps() < 12);
}

TEST_CASE("a subscriber that slept through a restart goes on and tells of the gap") {
  MortalService service;
  const auto publish = [&](const std::string& text) {
    must(client_of(service.endpoint()).publish("default-cache", "t", model::Value::text(text)));
  };
  Process subscriber({"subscribe", "t", "-n", "2", "-o", "json", "--local", service.endpoint()});
  subscriber.err().wait_for("subscribed to");
  publish("1");
  subscriber.out().wait_for("\"text\":\"1\"");
  subscriber.signal(SIGSTOP);
  service.restart();
  publish("2");
  subscriber.signal(SIGCONT);
  CHECK(subscriber.wait_for_all() == 0);
  Transcript seen;
  seen.add(subscriber.out().text());
  CHECK(seen.messages() == 2);
  CHECK(seen.gaps() == 1);
}
