// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "broker/key.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

using namespace topicloop;
using namespace topicloop::broker;
using model::NameSelector;
using model::TopicRole;

namespace {

constexpr const char* k_secret = "a secret of this service";
constexpr const char* k_header = R"({"alg":"HS256","typ":"JWT"})";
const SystemTime k_now{std::chrono::seconds(1'800'000'000)};

std::string base64url(std::string_view bytes) {
  std::string text = to_base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

// A key as somebody else would make it, with whatever in it, rightly signed.
std::string signed_by_hand(const std::string& header, const std::string& payload,
                           const std::string& secret = k_secret) {
  const std::string text = base64url(header) + "." + base64url(payload);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
  return text + "." + base64url({reinterpret_cast<const char*>(digest), size});
}

Claims super_user() {
  return {.permissions = {.super_user = true},
          .issued_at = k_now,
          .expires_at = k_now + std::chrono::hours(1)};
}

void check_refused(const std::string& key, const std::string& why, SystemTime now = k_now) {
  INFO(key);
  const auto claims = verify_key(key, k_secret, now);
  REQUIRE_FALSE(claims);
  CHECK(claims.error().kind == ErrorKind::Unauthenticated);
  INFO(claims.error().message);
  CHECK(claims.error().message.find(why) != std::string::npos);
  if (!key.empty()) {
    CHECK(claims.error().message.find(key.substr(0, 12)) == std::string::npos);
  }
}

}  // namespace

TEST_CASE("the bytes of a key are those of a JSON Web Token") {
  Claims claims = super_user();
  claims.token_id = "me";
  CHECK(sign_key(claims, k_secret) ==
        signed_by_hand(k_header, R"({"exp":1800003600,"iat":1800000000,)"
                                 R"("permissions":"super_user","token_id":"me"})"));
}

TEST_CASE("what goes into a key comes out again") {
  Claims claims{.permissions = {.topics = {{TopicRole::ReadWrite, {}, {}},
                                           {TopicRole::ReadOnly,
                                            {NameSelector::Kind::Exact, "cäche"},
                                            {NameSelector::Kind::Prefix, "orders/"}},
                                           {TopicRole::WriteOnly,
                                            {},
                                            {NameSelector::Kind::Exact, "\"topic\" 1"}},
                                           {TopicRole::None, {}, {}}}},
                .token_id = "desk 7",
                .issued_at = k_now};
  auto never_expires = verify_key(sign_key(claims, k_secret), k_secret, k_now);
  REQUIRE(never_expires);
  CHECK(*never_expires == claims);
  claims.expires_at = k_now + std::chrono::seconds(1);
  auto expires = verify_key(sign_key(claims, k_secret), k_secret, k_now);
  REQUIRE(expires);
  CHECK(*expires == claims);
}

TEST_CASE("a key is good until it expires and not a moment longer") {
  const std::string key = sign_key(super_user(), k_secret);
  const SystemTime end = k_now + std::chrono::hours(1);
  CHECK(verify_key(key, k_secret, end - std::chrono::nanoseconds(1)));
  check_refused(key, "expired at 2027-01-15T09:00:00", end);
}

TEST_CASE("a key of another secret was not issued here") {
  check_refused(sign_key(super_user(), "another secret"), "not issued by this service");
}

TEST_CASE("a key that was changed anywhere is refused") {
  const std::string key = sign_key(super_user(), k_secret);
  for (std::size_t i = 0; i < key.size(); ++i) {
    std::string changed = key;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    INFO(i);
    CHECK_FALSE(verify_key(changed, k_secret, k_now));
  }
  CHECK_FALSE(verify_key(key + "=", k_secret, k_now));
  CHECK_FALSE(verify_key(key.substr(0, key.size() - 1), k_secret, k_now));
  CHECK_FALSE(verify_key(key.substr(0, key.rfind('.') + 1), k_secret, k_now));
}

TEST_CASE("only HS256 is accepted, whatever the signature") {
  const std::string payload = R"({"permissions":"super_user"})";
  CHECK(verify_key(signed_by_hand(R"({"typ":"JWT","alg":"HS256"})", payload), k_secret, k_now));
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"HS512"})", R"({"alg":"RS256"})",
                             R"({"alg":1})", R"({"typ":"JWT"})", "[]", "", "not JSON"}) {
    check_refused(signed_by_hand(header, payload), "HS256");
  }
  // Without a signature it does not get that far.
  check_refused(base64url(R"({"alg":"none"})") + "." + base64url(payload) + ".", "not issued");
}

TEST_CASE("claims that are not understood to the last are refused") {
  for (const char* payload :
       {"",
        "not JSON",
        "[]",
        "{}",
        R"({"permissions":"root"})",
        R"({"permissions":{}})",
        R"({"permissions":true})",
        R"({"permissions":[1]})",
        R"({"permissions":[{}]})",
        R"({"permissions":"super_user","exp":"1800003600"})",
        R"({"permissions":"super_user","exp":1.5})",
        R"({"permissions":"super_user","exp":-1})",
        R"({"permissions":"super_user","exp":18446744073709551615})",
        R"({"permissions":"super_user","exp":9000000001})",
        R"({"permissions":"super_user","token_id":7})",
        R"({"permissions":"super_user","only_from":"10.0.0.1"})",
        R"({"permissions":[{"role":"owner","cache":{"all":true},"topic":{"all":true}}]})",
        R"({"permissions":[{"role":"read","cache":{"all":true}}]})",
        R"({"permissions":[{"role":"read","cache":{},"topic":{"all":true}}]})",
        R"({"permissions":[{"role":"read","cache":{"suffix":"x"},"topic":{"all":true}}]})",
        R"({"permissions":[{"role":"read","cache":{"exact":1},"topic":{"all":true}}]})",
        R"({"permissions":[{"role":"read","cache":{"all":true},"topic":{"all":true},"x":1}]})"}) {
    check_refused(signed_by_hand(k_header, payload), "claims cannot be read");
  }
}

TEST_CASE("what is no key at all is refused with a reason") {
  check_refused("", "no API key was sent");
  for (const std::string& key : {std::string("x"), std::string("a.b"), std::string("a.b.c.d"),
                                 std::string("...."), std::string(1'000'000, 'x'),
                                 std::string(100'000, 'x') + ".y.z", std::string("\xFF\0", 2)}) {
    check_refused(key, "malformed");
  }
  for (const std::string key : {"a.b.c", "..", "Bearer eyJ.x.y"}) {
    check_refused(key, "not issued by this service");
  }
}

TEST_CASE("a whole credential is told apart, so that its owner knows what to send") {
  check_refused(to_base64(R"({"endpoint":"localhost","api_key":"x"})"), "send only the api_key");
}

TEST_CASE("a token id is UTF-8 of at most 64 characters") {
  std::string longest;
  for (int i = 0; i < 64; ++i)
    longest += "\xC3\xA4";
  CHECK(check_token_id(""));
  CHECK(check_token_id(longest));
  for (const std::string& bad : {longest + "x", std::string(65, 'x'), std::string("\xFF")}) {
    const auto checked = check_token_id(bad);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == ErrorKind::InvalidArgument);
  }
}

TEST_CASE("an empty prefix selects every name and an exact name only itself") {
  CHECK(NameSelector{NameSelector::Kind::Prefix, ""}.selects("any"));
  CHECK(NameSelector{NameSelector::Kind::Prefix, "or"}.selects("orders"));
  CHECK_FALSE(NameSelector{NameSelector::Kind::Prefix, "orders"}.selects("or"));
  CHECK(NameSelector{NameSelector::Kind::Exact, "orders"}.selects("orders"));
  CHECK_FALSE(NameSelector{NameSelector::Kind::Exact, "orders"}.selects("orders2"));
  CHECK_FALSE(NameSelector{NameSelector::Kind::Exact, ""}.selects("orders"));
}
