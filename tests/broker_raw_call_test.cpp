// SPDX-License-Identifier: Apache-2.0
// What no well-behaved client sends, on the real port.
#include "support/raw_call.hpp"
#include "support/service.hpp"
#include "wire/methods.hpp"
#include "wire/pubsub.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

grpc::Status call(const Service& service, std::string_view method, std::string request) {
  return raw_call(service.broker.endpoint(), method, std::move(request));
}

}  // namespace

TEST_CASE("a call without any authorization is served") {
  const Service service;
  CHECK(call(service, wire::k_publish,
             wire::serialize(wire::PublishRequest{k_cache, "t", model::Value::text("x")}))
            .ok());
  CHECK(call(service, wire::k_ping, "").ok());
}

TEST_CASE("malformed requests are INVALID_ARGUMENT") {
  const Service service;
  const std::string garbage = "\xFF\xFF\xFF\xFF";
  for (const auto method : {wire::k_publish, wire::k_create_cache, wire::k_put_webhook,
                            wire::k_list_webhooks, wire::k_rotate_webhook_secret}) {
    CHECK(call(service, method, garbage).error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  }
  CHECK(call(service, wire::k_subscribe, garbage).error_code() ==
        grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(service.client.ping());
}

TEST_CASE("a publish without a value or a name is INVALID_ARGUMENT") {
  const Service service;
  CHECK(call(service, wire::k_publish,
             "\x0A\x05"
             "cache\x12\x01t")
            .error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(call(service, wire::k_publish,
             wire::serialize(wire::PublishRequest{k_cache, " ", model::Value::text("x")}))
            .error_code() == grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_CASE("methods that topicloop does not have are UNIMPLEMENTED by name") {
  const Service service;
  const auto status = call(service, "/cache_client.Scs/Get", "");
  CHECK(status.error_code() == grpc::StatusCode::UNIMPLEMENTED);
  CHECK(status.error_message().find("/cache_client.Scs/Get") != std::string::npos);
}
