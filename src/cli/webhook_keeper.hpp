// SPDX-License-Identifier: Apache-2.0
// Keeps a webhook on the service and this process in agreement, for as long as it lives.
//
// Every two seconds, and when a signature is unknown, it asks the service for the webhook's secret:
// a rotated one is taken over, a webhook that the service has forgotten, as one without state does
// when it starts again, is registered anew. One that somebody else has pointed elsewhere is left to
// them, and that is told. Thread-safe.
#pragma once

#include "cli/registration.hpp"
#include "cli/secret_ring.hpp"
#include "topic/client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace topicloop::cli {

class WebhookKeeper {
public:
  struct Hooks {
    // The secrets have changed; these count now.
    std::function<void(const std::vector<std::string>&)> on_secrets;
    // Something worth telling has happened.
    std::function<void(const std::string&)> on_news;
  };

  // `registration` may be null: then the webhook `id` is somebody else's to look after, and only
  // its secret is followed. Neither hook may call back.
  WebhookKeeper(topic::Client client, model::WebhookId id,
                std::shared_ptr<Registration> registration, SecretRing ring, Hooks hooks);
  WebhookKeeper(const WebhookKeeper&) = delete;
  WebhookKeeper& operator=(const WebhookKeeper&) = delete;
  ~WebhookKeeper();

  // Asks now, unless it was asked a moment ago: unknown signatures must not become a flood of
  // requests to the service. Returns once the secrets are up to date, as far as it is known.
  void look_again();

private:
  void run(const std::stop_token& stop);
  void look(const std::stop_token& stop);
  void take_over(const std::string& secret);
  void restore(const std::stop_token& stop);
  void note_whose_it_is(const std::stop_token& stop);
  void note_outage(const Error& error);

  topic::Client client_;
  const model::WebhookId id_;
  const std::shared_ptr<Registration> registration_;
  const Hooks hooks_;
  std::mutex mutex_;  // Guards what follows; held while the service is asked.
  SecretRing ring_;
  std::chrono::steady_clock::time_point last_look_;
  bool failing_ = false;
  std::optional<model::Webhook> taken_over_;  // By whom: who gets what was to come here.
  std::jthread thread_;                       // Last: it uses all of the above.
};

}  // namespace topicloop::cli
