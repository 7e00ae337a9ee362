// SPDX-License-Identifier: Apache-2.0
// Every command with every output and every way to end: exit code, stdout and stderr.
//
// A new command needs its rows in the tables below and nothing else. In arguments, {NAME} stands
// for what World::value_of() says. Only exec is not here: what it writes is another program's, see
// binary_exec_test.cpp.
#include "support/command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <optional>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const std::string k_key = "k3y-that-is-never-shown";

struct Row {
  Arguments arguments;
  int exit_code = 0;
  std::string kind = {};   // In the error record.
  std::string named = {};  // What the error must name; as in arguments.
  std::string input = {};
  // What stdout must be with -o text and -o raw. By default nothing is checked on success, and on
  // failure there must be nothing.
  std::optional<std::string> text = std::nullopt;
  std::optional<std::string> raw = std::nullopt;
};

const std::vector<Row> k_rows = {
    {{"publish", "t", "v", "{at}"}, 0, "", "", "", "", ""},
    {{"publish", "t", "{at}"}, 0, "", "", "a\nb\n", "", ""},
    {{"publish", "t", "v", "--in-flight", "0"}, 2, "usage", "--in-flight"},
    {{"publish", "t", "--file", "{missing}", "{at}"}, 3, "bad_input", "{missing}"},
    {{"publish", "t", "{at}"}, 3, "bad_input", "line 2 of standard input", "a\n\xFF\n"},
    {{"publish", "t", "v", "--api-key-file", "{missing}"}, 3, "bad_input", "{missing}"},
    {{"publish", "t", "v", "--cacert", "{damaged}", "{at}"}, 3, "bad_input", "{damaged}"},
    {{"publish", "t", "v", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"publish", "t", "v", "{at}", "--cache", "no-cache"}, 5, "not_found", "no-cache"},
    {{"publish", "t", "v", "{guarded}"}, 5, "unauthenticated", ""},

    {{"subscribe", "kept", "--from", "4", "-n", "2", "{at}"}, 0, "", "", "", "4\n5\n", "45"},
    {{"subscribe", "kept", "--timeout", "soon"}, 2, "usage", "--timeout"},
    {{"subscribe", "kept", "--match", "("}, 2, "usage", "--match"},
    {{"subscribe", "kept", "--resume-file", "{damaged}", "{at}"}, 3, "bad_input", "{damaged}"},
    {{"subscribe", "kept", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"subscribe", "kept", "{at}", "--cache", "no-cache"}, 5, "not_found", "no-cache"},
    {{"subscribe", "kept", "{guarded}"}, 5, "unauthenticated", ""},
    {{"subscribe", "kept", "--from", "2", "--fail-on-gap", "{at}"}, 6, "gap_seen", "--fail-on-gap"},
    {{"subscribe", "kept", "--from", "4", "--timeout", "400ms", "{at}"},
     124,
     "timeout",
     "--timeout",
     "",
     "4\n5\n",
     "45"},
    {{"subscribe", "kept", "--from", "4", "--idle-timeout", "400ms", "{at}"},
     124,
     "timeout",
     "--idle-timeout",
     "",
     "4\n5\n",
     "45"},

    {{"forward", "t"}, 2, "usage", "nowhere to forward to"},
    {{"forward", "t", "--to", "here"}, 2, "usage", "--to"},
    {{"forward", "t", "--to", "http://127.0.0.1:1/", "{at}"}, 2, "usage", "secret"},
    {{"forward", "t", "--to", "http://127.0.0.1:1/", "--secret-file", "{missing}"},
     3,
     "bad_input",
     "{missing}"},
    {{"forward", "t", "--to", "http://127.0.0.1:1/", "--resume-file", "{damaged}"},
     3,
     "bad_input",
     "{damaged}"},
    {{"forward", "t", "--to", "http://127.0.0.1:1/", "--webhook", "w", "{nowhere}"},
     4,
     "unavailable",
     k_nowhere},
    {{"forward", "t", "--to", "http://127.0.0.1:1/", "--webhook", "no-such", "{at}"},
     5,
     "not_found",
     "no-such"},

    {{"replay", "{capture}", "--print"}, 0, "", "", "", "m\n", "m"},
    {{"replay", "{capture}", "--to-topic", "t", "{at}"}, 0},
    {{"replay", "{capture}"}, 2, "usage", "nowhere to replay to"},
    {{"replay", "{capture}", "--to", "here"}, 2, "usage", "--to"},
    {{"replay", "{capture}", "--print", "--select", "topic = 1"}, 2, "usage", "--select: column 7"},
    {{"replay", "{capture}", "--print", "--set", "a=1"}, 2, "usage", "--set"},
    {{"replay", "{capture}", "--print", "--speed", "0"}, 2, "usage", "--speed"},
    {{"replay", "{capture}", "--print", "--speed", "1", "--rate", "1"}, 2, "usage", "--rate"},
    {{"replay", "{capture}", "--print", "--shuffle", "x"}, 2, "usage", "--shuffle"},
    {{"replay", "{capture}", "--print", "--expect", "200"}, 2, "usage", "--expect"},
    {{"replay", "{capture}", "--to", "http://127.0.0.1:1/", "--expect", "ok"},
     2,
     "usage",
     "--expect"},
    {{"replay", "{capture}", "--to", "http://127.0.0.1:1/", "--ignore", "/a"},
     2,
     "usage",
     "--ignore"},
    {{"replay", "{capture}", "--to", "http://127.0.0.1:1/", "--resign"}, 2, "usage", "secret"},
    {{"replay", "{capture}", "--to", "http://127.0.0.1:1/"},
     2,
     "usage",
     "a message has no signature"},
    {{"replay", "{capture}", "--to-topic", "t", "--update"}, 2, "usage", "--update"},
    {{"replay", "{capture}", "--to-topic", "t", "--unordered"}, 2, "usage", "--unordered"},
    {{"replay", "{capture}", "--print", "--report", "tap"}, 2, "usage", "--report"},
    {{"replay", "{missing}", "--print"}, 3, "bad_input", "{missing}"},
    {{"replay", "{damaged}", "--print"}, 3, "bad_input", "{damaged}"},
    {{"replay", "{capture}", "--print", "--id", "x"}, 1, "check_failed", "no event was selected"},

    {{"serve-topics", "--retain", "0"}, 2, "usage", "--retain"},
    {{"subscribe", "kept", "--capture", "{damaged}", "{at}"}, 3, "bad_input", "{damaged}"},

    {{"capture", "show", "{missing}"}, 3, "bad_input", "{missing}"},
    {{"capture", "show", "{damaged}"}, 3, "bad_input", "{damaged}"},
    {{"capture", "stat", "{damaged}"}, 3, "bad_input", "{damaged}"},
    {{"capture", "check"}, 2, "usage", "FILE"},
    {{"capture", "merge", "{missing}", "-f", "{missing}.out"}, 3, "bad_input", "{missing}"},
    {{"capture", "convert", "{missing}", "--to", "pcap"}, 2, "usage", "--to"},

    // What it finds is on stdout also when it fails: its own tests are about that.
    {{"doctor", "{at}"}, 0},
    {{"doctor", "--local", "a b"}, 2, "usage", "--local"},

    {{"serve-topics", "--listen", "127.0.0.1:0", "--http", "none", "--tls-cert", "{damaged}",
      "--tls-key", "{damaged}"},
     3,
     "bad_input",
     "{damaged}"},
    {{"serve-topics", "--listen", "{endpoint}", "--http", "none"}, 4, "unavailable", "{endpoint}"},

    {{"serve-webhook", "--transform", "Upper"}, 2, "usage", "--transform"},
    {{"serve-webhook", "--secret-file", "{missing}"}, 3, "bad_input", "{missing}"},
    {{"serve-webhook", "--no-verify", "--listen", "{endpoint}"}, 4, "unavailable", "{endpoint}"},
    {{"serve-webhook", "--listen", "127.0.0.1:0", "--register", "t", "{nowhere}"},
     4,
     "unavailable",
     k_nowhere},
    {{"serve-webhook", "--listen", "127.0.0.1:0", "--register", "t", "{at}", "--cache", "no-cache"},
     5,
     "not_found",
     "no-cache"},

    {{"loop", "--message", "m", "{at}"}, 0},
    {{"loop", "--in", "a", "--out", "a"}, 2, "usage", "--in"},
    {{"loop", "{at}"}, 3, "bad_input", "message 1", "\xFF\n"},
    {{"loop", "--message", "m", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"loop", "--message", "m", "{at}", "--cache", "no-cache"}, 5, "not_found", "no-cache"},

    {{"bench", "publish", "--messages", "3", "{at}"}, 0},
    {{"bench", "publish", "--in-flight", "0"}, 2, "usage", "--in-flight"},
    {{"bench", "publish", "--api-key-file", "{missing}"}, 3, "bad_input", "{missing}"},
    {{"bench", "publish", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"bench", "publish", "{at}", "--cache", "no-cache"}, 5, "not_found", "no-cache"},
    {{"bench", "subscribe", "--messages", "3", "{at}"}, 0},
    {{"bench", "subscribe", "--subscribers", "0"}, 2, "usage", "--subscribers"},
    {{"bench", "subscribe", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"bench", "subscribe", "{guarded}"}, 5, "unauthenticated", ""},
    {{"bench", "loop", "--size", "15"}, 2, "usage", "--size"},
    {{"bench", "loop", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"bench", "loop", "{at}", "--cache", "no-cache"}, 5, "not_found", "no-cache"},
    {{"bench", "webhook", "--to", "here"}, 2, "usage", "--to"},
    {{"bench", "webhook", "--secret-file", "{missing}"}, 3, "bad_input", "{missing}"},

    {{"webhook", "put", "new", "--topic", "t", "--url", "http://127.0.0.1:1/", "{at}"}, 0},
    {{"webhook", "list", "{at}"}, 0},
    {{"webhook", "secret", "hook", "{at}"}, 0},
    {{"webhook", "rotate", "hook", "{at}"}, 0},
    {{"webhook", "send", "here"}, 2, "usage", "here"},
    {{"webhook", "send", "http://127.0.0.1:1/"}, 2, "usage", "secret"},
    {{"webhook", "send", "http://127.0.0.1:1/", "--secret-file", "{missing}"},
     3,
     "bad_input",
     "{missing}"},
    {{"webhook", "sign"}, 2, "usage", "secret"},
    {{"webhook", "sign", "--secret-file", "{missing}"}, 3, "bad_input", "{missing}"},
    {{"webhook", "verify"}, 2, "usage", "--signature"},
    {{"webhook", "verify", "--signature", "0", "--secret-file", "{missing}"},
     3,
     "bad_input",
     "{missing}"},
    {{"webhook", "put", "w", "--topic", "t"}, 2, "usage", "--url"},
    {{"webhook", "list", "extra"}, 2, "usage", "extra"},
    {{"webhook", "delete"}, 2, "usage", "NAME"},
    {{"webhook", "secret", " "}, 2, "usage", "name"},
    {{"webhook", "rotate", "w", "--local", "a b"}, 2, "usage", "--local"},
    {{"webhook", "put", "w", "--topic", "t", "--url", "http://x/", "--cacert", "{missing}", "{at}"},
     3,
     "bad_input",
     "{missing}"},
    {{"webhook", "list", "--api-key-file", "{missing}"}, 3, "bad_input", "{missing}"},
    {{"webhook", "put", "w", "--topic", "t", "--url", "http://x/", "{nowhere}"},
     4,
     "unavailable",
     k_nowhere},
    {{"webhook", "list", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"webhook", "delete", "w", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"webhook", "secret", "w", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"webhook", "rotate", "w", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"webhook", "put", "w", "--topic", "t", "--url", "nonsense", "{at}"},
     5,
     "invalid_argument",
     "nonsense"},
    {{"webhook", "list", "{at}", "--cache", "no-cache"}, 5, "not_found", "no-cache"},
    {{"webhook", "delete", "no-hook", "{at}"}, 5, "not_found", "no-hook"},
    {{"webhook", "secret", "no-hook", "{at}"}, 5, "not_found", "no-hook"},
    {{"webhook", "rotate", "no-hook", "{at}"}, 5, "not_found", "no-hook"},

    {{"token", "create", "--superuser", "{at}"}, 0},
    {{"token", "create", "--role", "owner"}, 2, "usage", "--role"},
    {{"token", "create", "--auth-secret", "{missing}"}, 3, "bad_input", "{missing}"},
    {{"token", "create", "--bare", "{nowhere}"}, 4, "unavailable", k_nowhere},
    {{"token", "create", "{guarded}"}, 5, "unauthenticated", ""},
};

// Those that go on until they are told to end: what they say on stderr once they are at it.
struct EndlessRow {
  Arguments arguments;
  std::string ready;
};

const std::vector<EndlessRow> k_endless = {
    {{"publish", "t", "{at}"}, ""},
    {{"subscribe", "t", "{at}"}, "subscribed to \"t\""},
    {{"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"}, "serving topics on"},
    {{"serve-webhook", "--no-verify", "--listen", "127.0.0.1:0"}, "receiving webhooks on"},
    {{"loop", "{at}"}, "looping through"},
    {{"bench", "publish", "--rate", "1", "{at}"}, ""},
    {{"bench", "subscribe", "--rate", "1", "{at}"}, ""},
    {{"replay", "-", "--print"}, ""},
};

// Those that wait for a service which is not there.
const std::vector<Arguments> k_waiting = {
    {"publish", "t", "v"},
    {"subscribe", "t"},
    {"serve-webhook", "--register", "t"},
    {"loop"},
    {"webhook", "list"},
    {"token", "create", "--bare"},
    {"bench", "publish"},
    {"bench", "subscribe"},
    {"bench", "loop"},
};

// What rows are about: a service that has lost the first three of five messages on "kept" and has a
// webhook, one that requires keys, and files.
class World {
public:
  World() {
    for (const char* text : {"1", "2", "3", "4", "5"})
      service_.publish("kept", text);
    must(service_.client.put_webhook({{k_cache, "hook"}, "other", "http://127.0.0.1:1/"}));
  }

  Arguments arguments_of(const Arguments& given) const {
    Arguments all;
    for (const auto& argument : given) {
      if (argument == "{at}") {
        all.insert(all.end(), {"--local", service_.broker.endpoint()});
        const bool has_cache = std::find(given.begin(), given.end(), "--cache") != given.end();
        if (!has_cache) all.insert(all.end(), {"--cache", k_cache});
      } else if (argument == "{guarded}") {
        all.insert(all.end(), {"--local", guarded_.broker.endpoint(), "--cache", k_cache});
      } else if (argument == "{nowhere}") {
        all.insert(all.end(), {"--local", k_nowhere, "--connect-timeout", "0"});
      } else {
        all.push_back(value_of(argument));
      }
    }
    return all;
  }

  std::string value_of(const std::string& text) const {
    if (text == "{endpoint}") return service_.broker.endpoint();
    if (text == "{missing}") return folder_.file("missing");
    if (text == "{damaged}") return folder_.file("damaged");
    if (text == "{capture}") return capture_;
    return text;
  }

private:
  static broker::BrokerOptions forgetful() {
    auto options = options_for_tests();
    options.retention.messages = 2;
    return options;
  }
  static broker::BrokerOptions guarded() {
    auto options = options_for_tests();
    options.access = {.required = true, .secret = std::string(64, 's')};
    return options;
  }

  TempDirectory folder_;
  std::string damaged_ = folder_.write("damaged", "something else");
  std::string capture_ = folder_.write(
      "capture",
      "{\"v\":1,\"type\":\"capture\"}\n"
      "{\"type\":\"message\",\"at\":\"2026-03-01T14:29:43Z\",\"mono_ns\":1,\"cache\":\"c\","
      "\"topic\":\"t\","
      "\"sequence_number\":1,\"sequence_page\":1,\"publisher_id\":\"\",\"text\":\"m\"}\n");
  Service service_{forgetful()};
  Service guarded_{guarded()};
};

void check_success(const Outcome& outcome, const std::string& format) {
  CHECK_FALSE(contains(outcome.err, "topicloop: error"));
  if (format == "json") CHECK(records_of(outcome.records(), "error").empty());
}

// One error on stderr that names the thing; in JSON also the last record on stdout.
void check_failure(const Outcome& outcome, const std::string& format, const Row& row,
                   const std::string& named) {
  const std::string err = "\n" + outcome.err;
  const auto at = err.find("\ntopicloop: error: ");
  REQUIRE(at != std::string::npos);
  CHECK(err.find("\ntopicloop: error: ", at + 1) == std::string::npos);
  CHECK(contains(err.substr(at, err.find('\n', at + 1) - at), named));
  if (format != "json") return;
  const auto records = outcome.records();
  REQUIRE_FALSE(records.empty());
  CHECK(records.back()["type"] == "error");
  CHECK(records.back()["kind"] == row.kind);
  CHECK(records.back()["exit_code"] == row.exit_code);
  CHECK(contains(records.back()["message"].get<std::string>(), named));
  CHECK(records_of(records, "error").size() == 1);
}

void check_row(const Outcome& outcome, const std::string& format, const Row& row,
               const std::string& named) {
  INFO(outcome.out << outcome.err);
  CHECK(outcome.exit_code == row.exit_code);
  CHECK_FALSE(contains(outcome.out + outcome.err, k_key));
  if (row.exit_code == 0) {
    check_success(outcome, format);
  } else {
    check_failure(outcome, format, row, named);
  }
  if (format == "json") return;
  const auto& wanted = format == "text" ? row.text : row.raw;
  if (wanted || row.exit_code != 0) CHECK(outcome.out == wanted.value_or(""));
}

Arguments with_output(Arguments arguments, const std::string& format) {
  arguments.insert(arguments.end(), {"-o", format});
  return arguments;
}

std::string joined(const Arguments& arguments) {
  std::string line;
  for (const auto& argument : arguments)
    line += argument + " ";
  return line;
}

}  // namespace

TEST_CASE("every command tells by code, stdout and stderr how it ended, whatever the output") {
  const Variable key("MOMENTO_API_KEY", k_key);
  const World world;
  for (const auto& row : k_rows) {
    for (const std::string format : {"text", "json", "raw"}) {
      const Arguments arguments = with_output(world.arguments_of(row.arguments), format);
      INFO(joined(arguments));
      check_row(run_command(arguments, row.input), format, row, world.value_of(row.named));
    }
  }
}

TEST_CASE("every command that goes on ends on SIGINT with 130 and on SIGTERM with 143") {
  const Variable key("MOMENTO_API_KEY", k_key);
  const World world;
  for (const auto& row : k_endless) {
    for (const std::string format : {"text", "json", "raw"}) {
      for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
        const Pipe input;
        const Arguments arguments = with_output(world.arguments_of(row.arguments), format);
        INFO(joined(arguments));
        Command command(arguments, input.reader.fd());
        if (!row.ready.empty()) command.err().wait_for(row.ready);
        CHECK(command.interrupt_and_wait(signal) == code);
        const Outcome outcome{code, command.out().text(), command.err().text()};
        INFO(outcome.out << outcome.err);
        check_success(outcome, format);
        CHECK_FALSE(contains(outcome.out + outcome.err, k_key));
      }
    }
  }
}

TEST_CASE("every command that waits for a service ends on a signal") {
  int signal = SIGINT;
  for (auto arguments : k_waiting) {
    INFO(joined(arguments));
    arguments.insert(arguments.end(),
                     {"--local", k_nowhere, "--connect-timeout", "1h", "-o", "json"});
    Command command(arguments);
    command.err().wait_for("waiting up to");
    CHECK(command.interrupt_and_wait(signal) == 128 + signal);
    CHECK(command.out().text().empty());
    signal = signal == SIGINT ? SIGTERM : SIGINT;
  }
}

TEST_CASE("loop ends with 1 when its webhook is refused and with 124 when it is gone") {
  for (const std::string format : {"text", "json", "raw"}) {
    for (const bool is_gone : {false, true}) {
      const Service service;
      const Pipe input;
      Command loop(
          with_output(at(service, {"loop", "--timeout", is_gone ? "100ms" : "20s"}), format),
          input.reader.fd());
      loop.err().wait_for("looping through");
      for (const auto& webhook : must(service.client.list_webhooks(k_cache))) {
        if (is_gone)
          must(service.client.delete_webhook(webhook.id));
        else
          must(service.client.rotate_webhook_secret(webhook.id));
      }
      input.write("m\n");
      const int code = loop.wait();
      const Outcome outcome{code, loop.out().text(), loop.err().text()};
      CHECK(code == (is_gone ? 124 : 1));
      check_failure(outcome, format, {{}, code, is_gone ? "timeout" : "check_failed"}, "message 1");
    }
  }
}
