// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "webhook.pb.h"
#include "wire/webhooks.hpp"
#include "wire_hex.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace topicloop;
using namespace topicloop::wire;

namespace {

const model::Webhook k_webhook{{"c", "hook"}, "t", "http://h"};

// A _Webhook of 26 bytes: 0A its id (0A cache, 12 name), 12 topic, 1A destination (0A URL).
std::string webhook_bytes() {
  return hex("0A 09  0A 01") + "c" + hex("12 04") + "hook" + hex("12 01") + "t" +
         hex("1A 0A  0A 08") + "http://h";
}

std::string id_bytes() {
  return hex("0A 01") + "c" + hex("12 04") + "hook";
}

template <typename T>
void check_refused(const Result<T>& result, ErrorKind kind, const std::string& message) {
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == kind);
  CHECK(result.error().message == message);
}

}  // namespace

TEST_CASE("a put request is the webhook in field 1") {
  const auto bytes = hex("0A 1A") + webhook_bytes();
  CHECK(to_hex(serialize_put_webhook_request(k_webhook)) == to_hex(bytes));
  auto parsed = parse_put_webhook_request(bytes + hex("9A 06 00"));
  REQUIRE(parsed);
  CHECK(*parsed == k_webhook);
}

TEST_CASE("an empty webhook still has an id and a destination on the wire") {
  const auto empty = hex("0A 06  0A 00  1A 02 0A 00");
  CHECK(to_hex(serialize_put_webhook_request({})) == to_hex(empty));
  CHECK(to_hex(serialize_list_webhooks_response({{}})) == to_hex(empty));
}

TEST_CASE("what a put request leaves out is read as empty") {
  for (const auto& bytes : {hex(""), hex("0A 00"), hex("0A 04  0A 00 1A 00")}) {
    auto parsed = parse_put_webhook_request(bytes);
    REQUIRE(parsed);
    CHECK(*parsed == model::Webhook{});
  }
}

TEST_CASE("delete and rotate take the same request with the id in field 1") {
  const auto bytes = hex("0A 09") + id_bytes();
  CHECK(to_hex(serialize_webhook_id_request(k_webhook.id)) == to_hex(bytes));
  auto parsed = parse_webhook_id_request(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == k_webhook.id);

  ::webhook::_DeleteWebhookRequest delete_request;
  REQUIRE(delete_request.ParseFromString(bytes));
  CHECK(delete_request.webhook_id().webhook_name() == "hook");
  ::webhook::_RotateWebhookSecretRequest rotate_request;
  REQUIRE(rotate_request.ParseFromString(bytes));
  CHECK(rotate_request.webhook_id().webhook_name() == "hook");
}

TEST_CASE("put and rotate answer with the same response with the secret in field 1") {
  const auto bytes = hex("0A 06") + "secret";
  CHECK(serialize_secret_response("secret") == bytes);
  CHECK(serialize_secret_response("").empty());
  auto parsed = parse_secret_response(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == "secret");

  ::webhook::_PutWebhookResponse put_response;
  REQUIRE(put_response.ParseFromString(bytes));
  CHECK(put_response.secret_string() == "secret");
  ::webhook::_RotateWebhookSecretResponse rotate_response;
  REQUIRE(rotate_response.ParseFromString(bytes));
  CHECK(rotate_response.secret_string() == "secret");
}

TEST_CASE("a list request is the cache in field 1 and the response a webhook in each field 1") {
  CHECK(serialize_list_webhooks_request("c") == hex("0A 01 63"));
  auto cache = parse_list_webhooks_request(hex("0A 01 63"));
  REQUIRE(cache);
  CHECK(*cache == "c");

  const auto bytes = hex("0A 1A") + webhook_bytes() + hex("0A 1A") + webhook_bytes();
  const std::vector<model::Webhook> webhooks{k_webhook, k_webhook};
  CHECK(to_hex(serialize_list_webhooks_response(webhooks)) == to_hex(bytes));
  auto parsed = parse_list_webhooks_response(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == webhooks);
}

TEST_CASE("an empty list of webhooks has no bytes") {
  CHECK(serialize_list_webhooks_response({}).empty());
  auto parsed = parse_list_webhooks_response("");
  REQUIRE(parsed);
  CHECK(parsed->empty());
}

TEST_CASE("a request for a secret is flat") {
  CHECK(to_hex(serialize_get_webhook_secret_request(k_webhook.id)) == to_hex(id_bytes()));
  auto parsed = parse_get_webhook_secret_request(id_bytes());
  REQUIRE(parsed);
  CHECK(*parsed == k_webhook.id);
}

TEST_CASE("the response with a secret repeats the id and has the secret in field 3") {
  const WebhookSecret response{k_webhook.id, "secret"};
  const auto bytes = id_bytes() + hex("1A 06") + "secret";
  CHECK(to_hex(serialize(response)) == to_hex(bytes));
  auto parsed = parse_get_webhook_secret_response(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == response);
}

TEST_CASE("malformed webhook requests are invalid arguments named by message") {
  const auto kind = ErrorKind::InvalidArgument;
  const auto cut = hex("0A 05 63");
  check_refused(parse_put_webhook_request(cut), kind, "malformed _PutWebhookRequest");
  check_refused(parse_webhook_id_request(cut), kind, "malformed webhook request");
  check_refused(parse_list_webhooks_request(cut), kind, "malformed _ListWebhookRequest");
  check_refused(parse_get_webhook_secret_request(cut), kind, "malformed _GetWebhookSecretRequest");
  CHECK_FALSE(parse_put_webhook_request(hex("0A 03  12 01 FF")));  // Not UTF-8.
}

TEST_CASE("malformed webhook responses are internal errors named by message") {
  const auto kind = ErrorKind::ServiceFailed;
  const auto cut = hex("0A 05 63");
  check_refused(parse_secret_response(cut), kind, "malformed webhook secret response");
  check_refused(parse_list_webhooks_response(cut), kind, "malformed _ListWebhooksResponse");
  check_refused(parse_get_webhook_secret_response(cut), kind,
                "malformed _GetWebhookSecretResponse");
  CHECK_FALSE(parse_secret_response(hex("0A 01 FF")));  // Not UTF-8.
}
