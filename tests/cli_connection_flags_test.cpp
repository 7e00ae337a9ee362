// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "support/command.hpp"
#include "support/scripted_topics.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"
#include "support/tokens.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// A service that takes every publish and remembers the keys it was sent.
struct KeyCollector {
  Collector<std::vector<std::string>> keys;
  ScriptedService service{[this](ScriptedCall& call) {
    keys.add(call.metadata("authorization"));
    call.answer("");
  }};

  Outcome publish(const Arguments& more = {}) const {
    Arguments arguments{"publish", "t", "v", "--local", service.endpoint()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command(arguments);
  }
  std::string last_key() const { return keys.items().back().at(0); }
};

std::string credential_of(const std::string& key) {
  return v1_key("localhost", key);
}

}  // namespace

TEST_CASE("the key in a file is sent, without the white space around it") {
  const TempDirectory directory;
  const KeyCollector collector;
  for (const std::string content : {"some.key", "  some.key\r\n\n"}) {
    CHECK(collector.publish({"--api-key-file", directory.write("key", content)}).exit_code == 0);
    CHECK(collector.last_key() == "some.key");
  }
}

TEST_CASE("of a credential only the key in it is sent") {
  const TempDirectory directory;
  const KeyCollector collector;
  const std::string file = directory.write("key", credential_of("the-key") + "\n");
  CHECK(collector.publish({"--api-key-file", file}).exit_code == 0);
  CHECK(collector.last_key() == "the-key");
  // It is base64 by accident.
  CHECK(collector.publish({"--api-key-file", directory.write("key", "abcd")}).exit_code == 0);
  CHECK(collector.last_key() == "abcd");
}

TEST_CASE("the key in the environment is sent unless a file is given") {
  const TempDirectory directory;
  const KeyCollector collector;
  CHECK(collector.publish().exit_code == 0);
  CHECK(collector.last_key().empty());
  const Variable variable("MOMENTO_API_KEY", credential_of("from-the-environment"));
  CHECK(collector.publish().exit_code == 0);
  CHECK(collector.last_key() == "from-the-environment");
  CHECK(collector.publish({"--api-key-file", directory.write("key", "from-a-file")}).exit_code ==
        0);
  CHECK(collector.last_key() == "from-a-file");
}

TEST_CASE("a file without a key ends a command with 3 and its name") {
  const TempDirectory directory;
  const KeyCollector collector;
  for (const std::string& file :
       {directory.file("missing"), directory.write("empty", ""), directory.write("blank", " \n"),
        std::string("/dev/zero"), directory.write("hollow", to_base64(R"({"endpoint":"secret"})")),
        directory.path()}) {
    const Outcome outcome = collector.publish({"--api-key-file", file});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 3);
    CHECK(contains(outcome.err, file));
    CHECK_FALSE(contains(outcome.err, "secret"));
  }
  CHECK(collector.keys.items().empty());
}

TEST_CASE("a key is not sent to another machine in plain text") {
  const TempDirectory directory;
  const std::string file = directory.write("key", "the-key");
  const Outcome outcome =
      run_command({"publish", "t", "v", "--local", "192.0.2.1:8080", "--api-key-file", file});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "the API key is not sent to 192.0.2.1:8080 in plain text"));
  CHECK(contains(outcome.err, "--tls"));
}

TEST_CASE("a command with --cacert speaks TLS to a service of that authority") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  auto options = options_for_tests();
  options.tls = webhook::TlsFiles{directory.write("cert.pem", made.server),
                                  directory.write("key.pem", made.server_key)};
  const auto broker = must(broker::Broker::start(std::move(options)));
  const Arguments publish{"publish",         "t",       "v",     "--local",
                          broker.endpoint(), "--cache", k_cache, "--cacert"};
  Arguments trusting = publish;
  trusting.push_back(directory.write("ca.pem", made.authority));
  CHECK(run_command(trusting).exit_code == 0);

  Arguments distrusting = publish;
  distrusting.push_back(directory.write("other.pem", make_certificates().authority));
  CHECK(run_command(distrusting).exit_code == 4);

  Arguments no_authority = publish;
  no_authority.push_back(directory.write("text.pem", "text"));
  const Outcome outcome = run_command(no_authority);
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, "text.pem"));
}

TEST_CASE(
    "a command with --tls trusts the system's authorities and so not a service of a private one") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  auto options = options_for_tests();
  options.tls = webhook::TlsFiles{directory.write("cert.pem", made.server),
                                  directory.write("key.pem", made.server_key)};
  const auto broker = must(broker::Broker::start(std::move(options)));
  CHECK(run_command({"publish", "t", "v", "--local", broker.endpoint(), "--tls"}).exit_code == 4);
}

TEST_CASE("a command with --tls does not speak to a service in plain text") {
  const KeyCollector collector;
  CHECK(collector.publish({"--tls"}).exit_code == 4);
  CHECK(collector.keys.items().empty());
}

TEST_CASE("loop uses the service that a flag is about") {
  const TempDirectory directory;
  const std::string file = directory.file("missing");
  // Through an embedded service the file would not have been looked at.
  const Outcome outcome = run_command({"loop", "--message", "x", "--api-key-file", file});
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, file));
}
