// SPDX-License-Identifier: Apache-2.0
// The gRPC front for the two calls that carry messages: Publish and Subscribe.
//
// Both are served as raw bytes: a request is parsed once, an item is serialised once for all its
// subscribers. Each call is an object that owns itself until gRPC has given back the last of its
// operations. Everything runs on the event loop's thread.
#pragma once

#include "broker/event_loop.hpp"
#include "broker/faults.hpp"
#include "broker/metrics.hpp"
#include "broker/topics_service.hpp"
#include "pubsub.grpc.pb.h"

namespace topicloop::broker {

using PubsubService = cache_client::pubsub::Pubsub::WithRawMethod_Publish<
    cache_client::pubsub::Pubsub::WithRawMethod_Subscribe<cache_client::pubsub::Pubsub::Service>>;

// What the calls need; outlives them.
struct PubsubFront {
  EventLoop& loop;
  TopicsService& topics;
  PubsubService& service;
  Faults& faults;
  RpcMeter& publishes;
  RpcMeter& subscriptions;
};

// Starts to accept calls. The server must have been started.
void accept_publish_calls(PubsubFront& front);
void accept_subscribe_calls(PubsubFront& front);

}  // namespace topicloop::broker
