// SPDX-License-Identifier: Apache-2.0
#include "cli/webhook_keeper.hpp"

#include "base/shown_url.hpp"
#include "base/stop.hpp"
#include "cli/render.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds k_between_looks{2};
// At most two looks a second: the hosted service allows five control calls.
constexpr std::chrono::milliseconds k_least_between_looks{500};

}  // namespace

WebhookKeeper::WebhookKeeper(topic::Client client, model::WebhookId id,
                             std::shared_ptr<Registration> registration, SecretRing ring,
                             Hooks hooks)
    : client_(std::move(client)),
      id_(std::move(id)),
      registration_(std::move(registration)),
      hooks_(std::move(hooks)),
      ring_(std::move(ring)),
      last_look_(Clock::now() - k_least_between_looks),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

WebhookKeeper::~WebhookKeeper() = default;

void WebhookKeeper::run(const std::stop_token& stop) {
  while (!wait_for_stop_until(stop, Clock::now() + k_between_looks)) {
    const std::lock_guard lock(mutex_);
    look(stop);
    if (registration_ && !failing_) note_whose_it_is(stop);
  }
}

void WebhookKeeper::look_again() {
  const std::lock_guard lock(mutex_);
  // Whoever waited here while another asked finds the answer there.
  if (Clock::now() - last_look_ >= k_least_between_looks) look(thread_.get_stop_token());
}

void WebhookKeeper::look(const std::stop_token& stop) {
  auto secret = client_.webhook_secret(id_, stop);
  last_look_ = Clock::now();
  if (ring_.expire(last_look_)) hooks_.on_secrets(ring_.all());
  if (secret) {
    take_over(*secret);
  } else if (secret.error().kind == ErrorKind::NotFound && registration_) {
    restore(stop);
  } else if (!stop.stop_requested()) {
    note_outage(secret.error());
  }
}

void WebhookKeeper::take_over(const std::string& secret) {
  if (std::exchange(failing_, false)) hooks_.on_news("the service answers again");
  if (!ring_.learn(secret, last_look_)) return;
  hooks_.on_secrets(ring_.all());
  hooks_.on_news(fmt::format("the secret of webhook \"{}\" was rotated", printable(id_.name)));
}

void WebhookKeeper::restore(const std::stop_token& stop) {
  const auto secret = registration_->restore(stop);
  if (!secret) {
    if (!stop.stop_requested()) note_outage(secret.error());
    return;
  }
  failing_ = false;
  ring_.learn(*secret, last_look_);
  hooks_.on_secrets(ring_.all());
  hooks_.on_news(fmt::format("the service had forgotten webhook \"{}\": it is registered again",
                             printable(id_.name)));
}

void WebhookKeeper::note_whose_it_is(const std::stop_token& stop) {
  const auto other = registration_->taken_over(stop);
  // What is wrong with the service is for the next look to tell.
  if (!other || *other == taken_over_) return;
  taken_over_ = *other;
  hooks_.on_news(taken_over_
                     ? fmt::format("webhook \"{}\" was taken over: it sends \"{}\" to {} now",
                                   printable(id_.name), printable(taken_over_->topic),
                                   printable(without_credentials(taken_over_->url)))
                     : fmt::format("webhook \"{}\" points here again", printable(id_.name)));
}

void WebhookKeeper::note_outage(const Error& error) {
  if (std::exchange(failing_, true)) return;
  hooks_.on_news(fmt::format("webhook \"{}\": {}; trying again", printable(id_.name),
                             printable(error.message)));
}

}  // namespace topicloop::cli
