// SPDX-License-Identifier: Apache-2.0
#include "broker/access.hpp"
#include "broker/token_methods.hpp"
#include "support/service.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::broker;
using namespace topicloop::test;
using model::NameSelector;
using model::TopicRole;

namespace {

const SystemTime k_now{std::chrono::seconds(1'800'000'000)};
const SystemTime k_later = k_now + std::chrono::hours(2);

const model::Permissions k_super_user{.super_user = true};

Claims claims_of(model::Permissions permissions, const std::string& token_id = "") {
  return {.permissions = std::move(permissions),
          .token_id = token_id,
          .issued_at = k_now,
          .expires_at = k_now + std::chrono::hours(1)};
}

model::Permissions one(TopicRole role, const NameSelector& cache, const NameSelector& topic) {
  return {.topics = {{role, cache, topic}}};
}

wire::TokenRequest request_of(const std::string& key) {
  return {.valid_for_seconds = 60,
          .auth_token = key,
          .permissions = one(TopicRole::ReadOnly, {}, {}),
          .token_id = "desk 7"};
}

ErrorKind kind_of(const Result<wire::Token>& result) {
  REQUIRE_FALSE(result);
  return result.error().kind;
}

}  // namespace

TEST_CASE("unless keys are required everybody may do everything") {
  Access access;
  for (const std::string& key :
       {std::string(), std::string("any"), sign_key(claims_of({}), "another secret")}) {
    const auto caller = must(access.identify(key, k_now));
    CHECK(caller.token_id.empty());
    CHECK(caller.may(TopicAction::Publish, "c", "t"));
    CHECK(caller.may(TopicAction::Subscribe, "c", "t"));
    CHECK(caller.may_administer());
  }
}

TEST_CASE("a key of ours says whose it is though none is required, and forbids nothing") {
  Access access;
  const std::string key = access.issue(claims_of({}, "desk 7"));
  const auto caller = must(access.identify(key, k_now));
  CHECK(caller.token_id == "desk 7");
  CHECK(caller.may(TopicAction::Publish, "c", "t"));
  CHECK(caller.may_administer());
  CHECK(must(access.identify(key, k_later)).token_id.empty());  // Expired: nobody's.
}

TEST_CASE("without a secret each service has its own") {
  Access one_service({.required = true});
  Access other_service({.required = true});
  const std::string key = one_service.issue(claims_of(k_super_user));
  CHECK(one_service.identify(key, k_now));
  CHECK_FALSE(other_service.identify(key, k_now));
}

TEST_CASE("if keys are required nobody gets in without one that is good") {
  Access access({.required = true, .secret = "secret"});
  const std::string key = access.issue(claims_of(k_super_user));
  for (const std::string& bad :
       {std::string(), std::string("any"), sign_key(claims_of(k_super_user), "another secret")}) {
    const auto caller = access.identify(bad, k_now);
    REQUIRE_FALSE(caller);
    CHECK(caller.error().kind == ErrorKind::Unauthenticated);
  }
  CHECK(access.identify(key, k_now));
  CHECK_FALSE(access.identify(key, k_later));
  CHECK_FALSE(access.identify(key, k_later));
}

TEST_CASE("a key that was good before is refused once it has expired") {
  Access access({.required = true});
  const std::string key = access.issue(claims_of(k_super_user));
  CHECK(access.identify(key, k_now));
  CHECK(access.identify(key, k_now));
  CHECK(access.identify(key, k_later).error().kind == ErrorKind::Unauthenticated);
}

TEST_CASE("more keys than are remembered are good all the same") {
  Access access({.required = true});
  std::vector<std::string> keys;
  for (int i = 0; i < 1'500; ++i)
    keys.push_back(access.issue(claims_of({}, std::to_string(i))));
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      REQUIRE(must(access.identify(keys[i], k_now)).token_id == std::to_string(i));
    }
  }
}

TEST_CASE("roles, caches and topics each limit what a key permits") {
  Access access({.required = true});
  const NameSelector all;
  const NameSelector cache{NameSelector::Kind::Exact, "c"};
  const NameSelector topic{NameSelector::Kind::Exact, "t"};
  const NameSelector prefix{NameSelector::Kind::Prefix, "t"};
  struct Case {
    model::Permissions permissions;
    bool publish;    // To "t" in "c".
    bool subscribe;  // The same.
    bool elsewhere;  // Subscribe to "t2" in "c".
    bool other;      // Subscribe to "t" in "c2".
  };
  const Case cases[] = {
      {k_super_user, true, true, true, true},
      {{}, false, false, false, false},
      {one(TopicRole::None, all, all), false, false, false, false},
      {one(TopicRole::ReadWrite, all, all), true, true, true, true},
      {one(TopicRole::ReadOnly, all, all), false, true, true, true},
      {one(TopicRole::WriteOnly, all, all), true, false, false, false},
      {one(TopicRole::ReadWrite, cache, all), true, true, true, false},
      {one(TopicRole::ReadWrite, all, topic), true, true, false, true},
      {one(TopicRole::ReadWrite, cache, topic), true, true, false, false},
      {one(TopicRole::ReadWrite, cache, prefix), true, true, true, false},
      {{.topics = {{TopicRole::ReadOnly, cache, all}, {TopicRole::WriteOnly, all, topic}}},
       true,
       true,
       true,
       false}};
  for (const auto& [permissions, publish, subscribe, elsewhere, other] : cases) {
    const auto caller = must(access.identify(access.issue(claims_of(permissions)), k_now));
    CHECK(caller.may(TopicAction::Publish, "c", "t").has_value() == publish);
    CHECK(caller.may(TopicAction::Subscribe, "c", "t").has_value() == subscribe);
    CHECK(caller.may(TopicAction::Subscribe, "c", "t2").has_value() == elsewhere);
    CHECK(caller.may(TopicAction::Subscribe, "c2", "t").has_value() == other);
    CHECK(caller.may_administer().has_value() == permissions.super_user);
  }
}

TEST_CASE("what is not permitted is named") {
  Access access({.required = true});
  const auto caller = must(access.identify(access.issue(claims_of({})), k_now));
  const auto refused = caller.may(TopicAction::Publish, "cache 1", "topic 1");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::PermissionDenied);
  CHECK(refused.error().message ==
        "the API key does not permit publishing to topic \"topic 1\" in cache \"cache 1\"");
  CHECK(caller.may_administer().error().kind == ErrorKind::PermissionDenied);
}

TEST_CASE("a token says what was asked for and until when") {
  Access access({.required = true});
  const std::string key = access.issue(claims_of(k_super_user));
  const auto issued = k_now + std::chrono::milliseconds(700);
  const auto token = must(issue_token(request_of(key), "token.localhost:8443", access, issued));
  CHECK(token.endpoint == "localhost:8443");
  CHECK(token.valid_until == 1'800'000'060);
  const auto caller = must(access.identify(token.api_key, k_now));
  CHECK(caller.token_id == "desk 7");
  CHECK(caller.may(TopicAction::Subscribe, "c", "t"));
  CHECK_FALSE(caller.may(TopicAction::Publish, "c", "t"));
  CHECK_FALSE(caller.may_administer());
  CHECK_FALSE(access.identify(token.api_key, k_now + std::chrono::seconds(60)));
  CHECK(must(issue_token(request_of(key), "127.0.0.1:8080", access, k_now)).endpoint ==
        "127.0.0.1:8080");
}

TEST_CASE("only a super user gets tokens if keys are required, and anybody if not") {
  Access access({.required = true});
  CHECK(kind_of(issue_token(request_of(""), "", access, k_now)) == ErrorKind::Unauthenticated);
  const std::string topics = access.issue(claims_of(one(TopicRole::ReadWrite, {}, {})));
  CHECK(kind_of(issue_token(request_of(topics), "", access, k_now)) == ErrorKind::PermissionDenied);
  Access open;
  CHECK(issue_token(request_of(""), "", open, k_now));
}

TEST_CASE("a token that would be no use or has too long an id is an invalid argument") {
  Access access;
  auto no_time = request_of("");
  no_time.valid_for_seconds = 0;
  CHECK(kind_of(issue_token(no_time, "", access, k_now)) == ErrorKind::InvalidArgument);
  auto no_permissions = request_of("");
  no_permissions.permissions.reset();
  CHECK(kind_of(issue_token(no_permissions, "", access, k_now)) == ErrorKind::InvalidArgument);
  auto id = request_of("");
  id.token_id.clear();
  for (int i = 0; i < 64; ++i)
    id.token_id += "ä";  // Characters are counted, not bytes.
  CHECK(issue_token(id, "", access, k_now));
  id.token_id += "x";
  CHECK(kind_of(issue_token(id, "", access, k_now)) == ErrorKind::InvalidArgument);
}

TEST_CASE("the longest time that can be asked for is kept") {
  Access access({.required = true});
  auto request = request_of(access.issue(claims_of(k_super_user)));
  request.valid_for_seconds = 0xFFFF'FFFF;
  const auto token = must(issue_token(request, "", access, k_now));
  CHECK(token.valid_until == 1'800'000'000 + 0xFFFF'FFFFULL);
  CHECK(access.identify(token.api_key, k_now));
}
