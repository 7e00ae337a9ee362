// SPDX-License-Identifier: Apache-2.0
// The pattern with every leg a process of its own: serve-topics, forward, serve-webhook with each
// kind of processing, and `subscribe` on topic 2.
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstdio>
#include <memory>

using namespace topicloop::test;

namespace {

using Words = std::vector<std::string>;

// What a program writes; a failed test if it fails.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  std::string output;
  std::array<char, 4'096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    output.append(buffer.data(), count);
  return output;
}

class Pattern {
public:
  // `webhook` are serve-webhook's flags for what is done to a message, `forward` those of forward.
  Pattern(const Words& webhook, const Words& forward)
      : service_({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none", "--ready-file",
                  folder_.file("topics")}),
        endpoint_(once_ready("topics")),
        webhook_(at({"serve-webhook", "--listen", "127.0.0.1:0", "--secret-file", secret_,
                     "--publish-to", "topic 2", "--ready-file", folder_.file("webhook")},
                    webhook)),
        forward_(at({"forward", "topic 1", "--to", once_ready("webhook"), "--secret-file", secret_,
                     "--ready-file", folder_.file("forward")},
                    forward)) {
    once_ready("forward");
  }

  // What subscribers of topic 2 see of these lines, published on topic 1.
  std::string through(const Words& lines) {
    Process subscribe(at({"subscribe", "topic 2", "-n", std::to_string(lines.size()), "--timeout",
                          "60s", "--ready-file", folder_.file("subscribe")},
                         {}));
    once_ready("subscribe");
    for (const auto& line : lines) {
      Process publish(at({"publish", "topic 1", line}, {}));
      CHECK(publish.wait_for_all() == 0);
    }
    CHECK(subscribe.wait_for_all() == 0);
    return subscribe.out().text();
  }

  // Ends what delivers; all that was acknowledged is settled then.
  void end() {
    forward_.signal(SIGTERM);
    CHECK(forward_.wait_for_all() == 143);
    CHECK(forward_.err().text().find(" 0 failed, 0 retried\n") != std::string::npos);
    webhook_.signal(SIGTERM);
    CHECK(webhook_.wait_for_all() == 143);
  }

private:
  std::string once_ready(const std::string& name) const {
    const std::string file = folder_.file(name);
    if (!eventually([&] { return content_of(file).ends_with('\n'); }))
      throw std::runtime_error(name + " never gets ready");
    std::string where = content_of(file);
    where.pop_back();
    return where;
  }

  Words at(Words words, const Words& more) const {
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--local", endpoint_});
    return words;
  }

  TempDirectory folder_;
  std::string secret_ = folder_.write("secret", "secret\n");
  Process service_;
  std::string endpoint_;
  Process webhook_;
  Process forward_;
};

const Words k_lines{"straße", "quote \" \\ /", "three"};

}  // namespace

TEST_CASE("messages go round as processes with the receiver's own transform") {
  Pattern pattern({"--transform", "upper"}, {"--ordered"});
  CHECK(pattern.through(k_lines) == "STRASSE\nQUOTE \" \\ /\nTHREE\n");
  pattern.end();
}

TEST_CASE("messages go round as processes through a program of their own") {
  Pattern pattern({"--exec", "tr a-z A-Z"}, {"--ordered"});
  CHECK(pattern.through({"one", "two", "three"}) == "ONE\nTWO\nTHREE\n");
  pattern.end();
}

TEST_CASE("messages go round as processes through one program that stays") {
  Pattern pattern({"--pipe", R"+(sed -u 's/.*"text":"\([a-z]*\)".*/{"text":"<\1>"}/')+"},
                  {"--ordered"});
  CHECK(pattern.through({"one", "two", "three"}) == "<one>\n<two>\n<three>\n");
  pattern.end();
}

TEST_CASE("messages go round as processes and are rows of a database afterwards") {
  const TempDirectory folder;
  const std::string database = folder.file("events.db");
  Pattern pattern({"--exec", "tr a-z A-Z", "--sqlite", database}, {"--concurrency", "4"});
  pattern.through({"one", "two", "three"});
  pattern.end();
  CHECK(output_of("sqlite3 '" + database +
                  "' 'select topic_sequence_number, text, result, deliveries from events "
                  "order by topic_sequence_number'") ==
        "1|one|ONE|1\n2|two|TWO|1\n3|three|THREE|1\n");
}
