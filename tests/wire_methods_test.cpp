// SPDX-License-Identifier: Apache-2.0
#include "cacheping.pb.h"
#include "controlclient.pb.h"
#include "permissionmessages.pb.h"
#include "pubsub.pb.h"
#include "token.pb.h"
#include "webhook.pb.h"
#include "wire/methods.hpp"
#include "wire_hex.hpp"

#include <catch2/catch_test_macros.hpp>
#include <google/protobuf/descriptor.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace topicloop::wire;

namespace {

const std::set<std::string_view> k_known{
    k_publish,
    k_subscribe,
    k_ping,
    k_put_webhook,
    k_delete_webhook,
    k_list_webhooks,
    k_get_webhook_secret,
    k_rotate_webhook_secret,
    k_create_cache,
    k_delete_cache,
    k_list_caches,
    k_flush_cache,
    k_generate_disposable_token,
};

// Every method of every service in the proto files.
std::vector<const google::protobuf::MethodDescriptor*> all_methods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const auto* file : {cache_client::_PingRequest::descriptor()->file(),
                           cache_client::pubsub::_PublishRequest::descriptor()->file(),
                           control_client::_CreateCacheRequest::descriptor()->file(),
                           token::_GenerateDisposableTokenRequest::descriptor()->file(),
                           ::webhook::_Webhook::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

std::string path_of(const google::protobuf::MethodDescriptor& method) {
  return "/" + method.service()->full_name() + "/" + method.name();
}

}  // namespace

TEST_CASE("the method paths are those of the proto files and none is missing") {
  std::set<std::string> declared;
  for (const auto* method : all_methods())
    declared.insert(path_of(*method));
  const std::set<std::string> known(k_known.begin(), k_known.end());
  CHECK(known == declared);
  CHECK(known.size() == 13);
}

TEST_CASE("the method paths are those of the hosted service") {
  CHECK(k_publish == "/cache_client.pubsub.Pubsub/Publish");
  CHECK(k_subscribe == "/cache_client.pubsub.Pubsub/Subscribe");
  CHECK(k_ping == "/cache_client.Ping/Ping");
  CHECK(k_put_webhook == "/webhook.Webhook/PutWebhook");
  CHECK(k_create_cache == "/control_client.ScsControl/CreateCache");
  CHECK(k_generate_disposable_token == "/token.Token/GenerateDisposableToken");
}

TEST_CASE("each path belongs to the constant of its name") {
  // The request type of a method tells two swapped constants apart.
  const auto request_of = [](std::string_view path) -> std::string {
    for (const auto* method : all_methods()) {
      if (path_of(*method) == path) return method->input_type()->name();
    }
    return "";
  };
  CHECK(request_of(k_publish) == "_PublishRequest");
  CHECK(request_of(k_subscribe) == "_SubscriptionRequest");
  CHECK(request_of(k_ping) == "_PingRequest");
  CHECK(request_of(k_put_webhook) == "_PutWebhookRequest");
  CHECK(request_of(k_delete_webhook) == "_DeleteWebhookRequest");
  CHECK(request_of(k_list_webhooks) == "_ListWebhookRequest");
  CHECK(request_of(k_get_webhook_secret) == "_GetWebhookSecretRequest");
  CHECK(request_of(k_rotate_webhook_secret) == "_RotateWebhookSecretRequest");
  CHECK(request_of(k_create_cache) == "_CreateCacheRequest");
  CHECK(request_of(k_delete_cache) == "_DeleteCacheRequest");
  CHECK(request_of(k_list_caches) == "_ListCachesRequest");
  CHECK(request_of(k_flush_cache) == "_FlushCacheRequest");
  CHECK(request_of(k_generate_disposable_token) == "_GenerateDisposableTokenRequest");
}

TEST_CASE("only subscribe streams and only from the service") {
  for (const auto* method : all_methods()) {
    CHECK_FALSE(method->client_streaming());
    CHECK(method->server_streaming() == (path_of(*method) == k_subscribe));
  }
}

TEST_CASE("a publish is answered with the empty message") {
  const auto* publish = cache_client::pubsub::_PublishRequest::descriptor()
                            ->file()
                            ->FindServiceByName("Pubsub")
                            ->FindMethodByName("Publish");
  CHECK(publish->output_type()->full_name() == "common._Empty");
  CHECK(publish->output_type()->field_count() == 0);
}

TEST_CASE("a token request has the bytes of the hosted service") {
  token::_GenerateDisposableTokenRequest request;
  request.mutable_expires()->set_valid_for_seconds(300);
  request.set_auth_token("key");
  request.set_token_id("me");
  auto& topics = *request.mutable_permissions()
                      ->mutable_explicit_()
                      ->add_permissions()
                      ->mutable_topic_permissions();
  topics.set_role(permission_messages::TopicReadOnly);
  topics.mutable_cache_selector()->set_cache_name("c");
  topics.mutable_topic_selector()->set_topic_name_prefix("t");
  // 0A expires, 12 key, 1A permissions / 12 explicit / 0A permission / 12 topic permission:
  // 08 role, 1A cache selector, 2A topic selector; 22 token id.
  CHECK(request.SerializeAsString() ==
        hex("0A 03 08 AC 02  12 03") + "key" +
            hex("1A 12  12 10  0A 0E  12 0C  08 02  1A 03 0A 01 63  2A 03 12 01 74  22 02") + "me");
}

TEST_CASE("a token response has the bytes of the hosted service") {
  token::_GenerateDisposableTokenResponse response;
  response.set_api_key("k");
  response.set_endpoint("e");
  response.set_valid_until(300);
  CHECK(response.SerializeAsString() == hex("0A 01 6B  12 01 65  18 AC 02"));
}
