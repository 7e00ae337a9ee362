// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "webhook/explanation.hpp"
#include "webhook/signature.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace topicloop;
using namespace topicloop::webhook;
using namespace std::chrono_literals;

namespace {

using Strings = std::vector<std::string>;

const std::string k_body = R"({"b":1,"a":"é"})";

std::string signature_of(const std::string& body, const std::string& secret = "secret") {
  return Signer(secret).sign(body);
}

// What is said of k_body.
Strings explained(const std::string& signature, const std::string& body = k_body) {
  return explain_signature(signature, body, {"other", "secret"});
}

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

}  // namespace

TEST_CASE("a signature in another spelling is recognised") {
  const std::string right = signature_of(k_body);
  const std::string matches = "apart from that it matches";
  CHECK(explained(upper_case(right)) ==
        Strings{"the signature is in upper case: expected is lower", matches});
  CHECK(explained(" " + right + "\n") ==
        Strings{"the signature has white space around it", matches});
  CHECK(explained("v1=" + right) ==
        Strings{"the signature begins with \"v1=\": expected are the digits alone", matches});
  CHECK(explained(to_base64(bytes_of_hex(right))) ==
        Strings{"the signature is base64: expected are hexadecimal digits", matches});
}

TEST_CASE("a body that was changed on its way is recognised") {
  CHECK(explained(signature_of(k_body), k_body + "\n") ==
        Strings{"the body ends with a line break that was not signed"});
  CHECK(explained(signature_of(k_body), k_body + "\r\n") ==
        Strings{"the body ends with CR and LF that were not signed"});
  CHECK(explained(signature_of(k_body + "\n")) ==
        Strings{"what was signed ends with a line break that the body has not"});
  CHECK(explained(signature_of(k_body), "\xEF\xBB\xBF" + k_body) ==
        Strings{"the body begins with a byte order mark that was not signed"});
}

TEST_CASE("a body that was parsed and written again is recognised") {
  const std::string how = "the body was parsed and written again (";
  for (const char* rewritten :
       {"{\"b\": 1, \"a\": \"é\"}", "{\n  \"b\": 1,\n  \"a\": \"\\u00e9\"\n}"}) {
    INFO(rewritten);
    const auto findings = explained(signature_of(k_body), rewritten);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].starts_with(how + "compact, as JSON.stringify does)"));
  }
  CHECK(
      explained(signature_of(R"({"a":"é","b":1})"))[0].starts_with(how + "compact, keys sorted)"));
  CHECK(explained(signature_of("{\n  \"b\": 1,\n  \"a\": \"é\"\n}"))[0].starts_with(
      how + "indented by 2)"));
}

TEST_CASE("a secret that one side read differently is recognised") {
  CHECK(explained(signature_of(k_body, "secret\n")) ==
        Strings{"the signer's secret ends with a line break (ours does not)"});
  CHECK(explained(signature_of(k_body, "secret\r\n")) ==
        Strings{"the signer's secret ends with CR and LF (ours does not)"});
  CHECK(explain_signature(signature_of(k_body, "secret"), k_body, {" secret "}) ==
        Strings{"our secret has white space around it that the signer's has not"});
  CHECK(explain_signature(signature_of(k_body, "\x01\xAB"), k_body, {"01ab"})[0].starts_with(
      "the signer decoded the secret from hexadecimal"));
  CHECK(explain_signature(signature_of(k_body, "key!"), k_body, {to_base64("key!")})[0].starts_with(
      "the signer decoded the secret from base64"));
  CHECK(explained(signature_of(k_body, "")) == Strings{"the signer's secret is empty"});
}

TEST_CASE("two mistakes at once are recognised") {
  CHECK(explained(signature_of(k_body + "\n", "secret\n")) ==
        Strings{"the signer's secret ends with a line break (ours does not); and what was signed "
                "ends with a line break that the body has not"});
}

// Computed with `printf abc | openssl dgst -sha256 -hmac key` and the like.
TEST_CASE("another algorithm is recognised by its result and by its length") {
  const auto of = [](const std::string& signature) {
    return explain_signature(signature, "abc", {"key"});
  };
  CHECK(of("9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab") ==
        Strings{"it is an HMAC-SHA-256: expected is HMAC-SHA3-256"});
  CHECK(of("4fd0b215276ef12f2b3e4c8ecac2811498b656fc") ==
        Strings{"the signature has 40 digits: HMAC-SHA3-256 has 64, SHA-1 this many",
                "it is an HMAC-SHA-1: expected is HMAC-SHA3-256"});
  CHECK(of("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532") ==
        Strings{"it is a SHA3-256 without any secret: expected is HMAC-SHA3-256"});
}

TEST_CASE("what cannot be a signature is said to be none") {
  CHECK(explained("") == Strings{"there is no signature"});
  CHECK(explained("nonsense!")[0] == "the signature has characters that are no hexadecimal digits");
  CHECK(explained(signature_of(k_body).substr(1))[0] ==
        "the signature has 63 digits: HMAC-SHA3-256 has 64");
}

TEST_CASE("a signature that no mistake explains is left to the secret or the body") {
  const auto findings = explained(signature_of(k_body, "a wholly different secret"));
  REQUIRE(findings.size() == 2);
  CHECK(findings[0] == "this body of " + std::to_string(k_body.size()) +
                           " bytes, signed with any of these secrets, has another signature");
  CHECK(findings[1].starts_with("no usual mistake explains it"));
}

TEST_CASE("no explanation shows a secret") {
  const Strings secrets{"hush-hush", "6875736821"};
  for (const auto& signature :
       {signature_of(k_body, "hush-hush\n"), signature_of(k_body, "x"), std::string("junk")}) {
    for (const auto& finding : explain_signature(signature, k_body, secrets)) {
      INFO(finding);
      CHECK(finding.find("hush") == std::string::npos);
      CHECK(finding.find("68757368") == std::string::npos);
    }
  }
}

TEST_CASE("an event that is too old is said to be so by how much") {
  const SystemTime now = SystemTime(1'790'000'000'000ms);
  CHECK(explain_timestamp(1'790'000'000'000 - 75'500, now, 60s) ==
        Strings{"the event was fired 75.500 s ago: 15.500 s too old for 60.000 s"});
  CHECK(explain_timestamp(1'790'000'000'000 + 75'500, now, 60s) ==
        Strings{"the event was fired 75.500 s from now, by its sender's clock: one of the clocks "
                "is wrong"});
  CHECK(explain_timestamp(1'790'000'000, now, 60s) ==
        Strings{"publish_timestamp seems to be in seconds: expected are milliseconds"});
}
