// SPDX-License-Identifier: Apache-2.0
// The door to a topic service: publish, subscribe, and look after caches and webhooks.
//
// One set of connections for plaintext and TLS, shared by copies of a client and by the
// subscriptions and publishers made from it. Thread-safe. Every call blocks until it is answered,
// its timeout has passed (DeadlineExceeded) or `stop` is requested (Cancelled); an error carries
// the kind of its gRPC status, Unavailable if nobody answers at the endpoint.
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"
#include "model/webhook.hpp"
#include "topic/audience.hpp"
#include "topic/connection.hpp"
#include "topic/disposable_token.hpp"
#include "topic/publisher.hpp"
#include "topic/subscription.hpp"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace topicloop::topic {

class Rpc;

class Client {
public:
  // Connects lazily unless `options.wait` is set. Fails with BadInput for a CA file that holds no
  // certificates and for an API key with characters that cannot be sent, and with Usage for an API
  // key that would leave this machine in plain text.
  static Result<Client> connect(const ConnectionOptions& options, std::stop_token stop = {});

  // Returns once the service has accepted the message. Never retried: a publish that failed may
  // still have happened.
  Result<void> publish(const std::string& cache, const std::string& topic,
                       const model::Value& value, std::stop_token stop = {}) const;

  // For many messages: see Publisher.
  Publisher publisher(PublisherOptions options) const;

  // Returns once the service's first message, a heartbeat, has arrived: whatever is published from
  // then on will be seen.
  Result<Subscription> subscribe(const std::string& cache, const std::string& topic,
                                 const model::ResumePoint& resume = {},
                                 std::stop_token stop = {}) const;

  // For many subscriptions at a time: see Audience.
  Result<Audience> audience(AudienceOptions options, std::stop_token stop = {}) const;

  // The result is the webhook's signing secret. Creates the webhook or updates it.
  Result<std::string> put_webhook(const model::Webhook& webhook, std::stop_token stop = {}) const;
  Result<void> delete_webhook(const model::WebhookId& id, std::stop_token stop = {}) const;
  Result<std::vector<model::Webhook>> list_webhooks(const std::string& cache,
                                                    std::stop_token stop = {}) const;
  Result<std::string> webhook_secret(const model::WebhookId& id, std::stop_token stop = {}) const;
  // The result is the new secret; the old one is void at once.
  Result<std::string> rotate_webhook_secret(const model::WebhookId& id,
                                            std::stop_token stop = {}) const;

  Result<void> create_cache(const std::string& cache, std::stop_token stop = {}) const;
  Result<void> delete_cache(const std::string& cache, std::stop_token stop = {}) const;
  Result<void> flush_cache(const std::string& cache, std::stop_token stop = {}) const;
  Result<std::vector<std::string>> list_caches(std::stop_token stop = {}) const;

  // A key of its own for somebody else, made with our key: which must be a super user's.
  Result<DisposableToken> generate_disposable_token(const DisposableTokenRequest& request,
                                                    std::stop_token stop = {}) const;

  // An empty request and answer: is the service there?
  Result<void> ping(std::stop_token stop = {}) const;

private:
  explicit Client(std::shared_ptr<Rpc> rpc) : rpc_(std::move(rpc)) {}
  std::shared_ptr<Rpc> rpc_;
};

}  // namespace topicloop::topic
