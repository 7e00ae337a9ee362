// SPDX-License-Identifier: Apache-2.0
// The webhooks registered on the service, and their deliveries.
//
// Each webhook is a reader of its topic's log with a bounded number of deliveries under way, so a
// slow or dead endpoint delays neither publishers nor other webhooks and holds no memory beyond the
// log's: what falls off the log before its turn is lost, and reported. One attempt per message.
// Belongs to the event loop's thread; the sending happens on the delivery engine's.
#pragma once

#include "base/error.hpp"
#include "broker/delivery_report.hpp"
#include "broker/event_loop.hpp"
#include "broker/faults.hpp"
#include "broker/limits.hpp"
#include "broker/registry.hpp"
#include "broker/state_report.hpp"
#include "broker/state_store.hpp"
#include "model/webhook.hpp"
#include "webhook/delivery.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace topicloop::broker {

struct WebhookOptions {
  std::size_t concurrency = 32;  // Deliveries under way per webhook; 1 keeps them in order.
  std::chrono::milliseconds timeout{5'000};
  Limits limits;
};

class Webhooks {
public:
  // Registry, loop and faults must outlive it.
  Webhooks(Registry& registry, EventLoop& loop, Faults& faults, const WebhookOptions& options,
           DeliveryObserver observer);
  ~Webhooks();

  // Takes up a webhook that an earlier service has kept. Before keep_in().
  Result<void> restore(const KeptWebhook& kept);
  // From now on every change is kept there before it is made. `store` must outlive the webhooks.
  void keep_in(StateStore& store) { store_ = &store; }

  // Creates the webhook, or points an existing one (same cache and name) at another topic or URL,
  // keeping its secret. The result is the secret.
  Result<std::string> put(const model::Webhook& webhook);
  Result<void> remove(const model::WebhookId& id);
  Result<std::vector<model::Webhook>> list(const std::string& cache) const;
  Result<std::string> secret(const model::WebhookId& id) const;
  // Replaces the secret at once; the result is the new one.
  Result<std::string> rotate(const model::WebhookId& id);
  std::vector<WebhookReport> reports() const;
  // Forgets the webhooks of a cache that was deleted; the store has done so with the cache.
  void remove_cache(const std::string& cache);

  // Calls `idle` once nothing is waiting or under way.
  void when_idle(std::function<void()> idle);
  // Aborts what is under way and reports what was never sent. Last call.
  void stop();

private:
  class Delivering;
  friend class Delivering;

  Result<void> keep(const StateStore::Edit& edit);
  Result<Delivering*> find(const model::WebhookId& id) const;
  Result<void> check_room(const std::string& cache) const;
  void report(const DeliveryReport& report) const;
  void tell_if_idle();

  Registry& registry_;
  EventLoop& loop_;
  Faults& faults_;
  WebhookOptions options_;
  DeliveryObserver observer_;
  StateStore* store_ = nullptr;  // Null: nothing is kept.
  std::map<model::WebhookId, std::shared_ptr<Delivering>> webhooks_;
  std::size_t under_way_ = 0;  // Over all webhooks, deleted ones included.
  std::function<void()> idle_;
  std::unique_ptr<webhook::DeliveryEngine> engine_;  // Null once stopped.
};

}  // namespace topicloop::broker
