// SPDX-License-Identifier: Apache-2.0
#include "webhook/verification.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace topicloop;
using namespace topicloop::webhook;
using namespace std::chrono_literals;

namespace {

int status_of(const std::optional<Refusal>& refusal) {
  return refusal ? refusal->status : 200;
}

}  // namespace

TEST_CASE("without secrets every signed request is put off") {
  Verifier verifier;
  const std::string signature = Signer("one").sign("body");
  CHECK(status_of(verifier.check(signature, "body")) == 503);
  CHECK(status_of(verifier.check(std::nullopt, "body")) == 401);
  verifier.set_secrets({""});
  CHECK(status_of(verifier.check(Signer("").sign("body"), "body")) == 503);
}

TEST_CASE("any of the secrets may have signed and replaced ones count no more") {
  Verifier verifier;
  const std::string old_signature = Signer("old").sign("body");
  const std::string new_signature = Signer("new").sign("body");
  verifier.set_secrets({"old"});
  CHECK(status_of(verifier.check(old_signature, "body")) == 200);
  CHECK(status_of(verifier.check(new_signature, "body")) == 403);
  verifier.set_secrets({"new", "old"});
  CHECK(status_of(verifier.check(old_signature, "body")) == 200);
  CHECK(status_of(verifier.check(new_signature, "body")) == 200);
  CHECK(status_of(verifier.check(new_signature, "body ")) == 403);
  verifier.set_secrets({"new"});
  CHECK(status_of(verifier.check(old_signature, "body")) == 403);
}

TEST_CASE("a signature must be 64 lower-case hexadecimal digits") {
  Verifier verifier;
  verifier.set_secrets({"secret"});
  const std::string signature = Signer("secret").sign("body");
  for (const std::string& wrong :
       {std::string(), std::string(64, 'A'), signature + "\r\n", " " + signature}) {
    const auto refusal = verifier.check(wrong, "body");
    REQUIRE(refusal);
    CHECK(refusal->status == 403);
    CHECK(refusal->reason == "the signature is malformed");
  }
}

TEST_CASE("an event may be as old as the limit and no older") {
  const SystemTime now{1'000'000ms};
  model::WebhookEvent event;
  const auto status_at = [&](std::int64_t publish_timestamp, std::chrono::milliseconds max_age) {
    event.publish_timestamp = publish_timestamp;
    return status_of(check_freshness(event, now, max_age));
  };
  CHECK(status_at(1'000'000, 60s) == 200);
  CHECK(status_at(940'000, 60s) == 200);
  CHECK(status_at(939'999, 60s) == 403);
  CHECK(status_at(1'060'000, 60s) == 200);
  CHECK(status_at(1'060'001, 60s) == 403);
  CHECK(status_at(std::numeric_limits<std::int64_t>::min(), 60s) == 403);
  CHECK(status_at(std::numeric_limits<std::int64_t>::max(), 60s) == 403);
  CHECK(status_at(0, 0s) == 200);
}
