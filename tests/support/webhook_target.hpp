// SPDX-License-Identifier: Apache-2.0
// A webhook receiver on a free port that remembers what it was told, and requests to send to it.
//
// The secret is "secret". Thread-safe.
#pragma once

#include "base/clock.hpp"
#include "support/raw_client.hpp"
#include "webhook/event.hpp"
#include "webhook/receiver.hpp"
#include "webhook/request.hpp"

#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace topicloop::test {

class WebhookTarget {
public:
  using Handler = webhook::Receiver::Handler;

  explicit WebhookTarget(
      webhook::ReceiverOptions options = {},
      Handler handler = [](const webhook::ReceivedEvent&) { return webhook::HandlerAnswer{}; }) {
    options.port = 0;
    auto started = webhook::Receiver::start(
        options,
        [this, handler = std::move(handler)](const webhook::ReceivedEvent& received) {
          {
            const std::lock_guard lock(mutex_);
            received_.push_back(received);
          }
          return handler(received);
        },
        [this](const webhook::Exchange& exchange) {
          const std::lock_guard lock(mutex_);
          exchanges_.push_back(exchange);
        });
    if (!started) throw std::runtime_error(started.error().message);
    receiver_.emplace(std::move(*started));
    receiver_->set_secrets({"secret"});
  }

  webhook::Receiver& receiver() { return *receiver_; }

  // Sends the bytes on a connection of their own and returns the answer: up to the end of its JSON
  // object, or what there was when the receiver closed.
  std::string exchange(const std::string& request) {
    RawClient client(receiver_->port());
    client.send(request);
    return client.receive_until("}");
  }

  std::vector<webhook::ReceivedEvent> received() const {
    const std::lock_guard lock(mutex_);
    return received_;
  }

  std::vector<webhook::Exchange> exchanges() const {
    const std::lock_guard lock(mutex_);
    return exchanges_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<webhook::ReceivedEvent> received_;
  std::vector<webhook::Exchange> exchanges_;
  std::optional<webhook::Receiver> receiver_;  // Last: it stops before what it writes to is gone.
};

// An event fired just now.
inline model::WebhookEvent event_now(const std::string& text) {
  const std::int64_t now = to_epoch_ms(std::chrono::system_clock::now());
  return {"my-cache", "news", now, now, 1, "", text};
}

// A complete HTTP request as Momento sends it; `headers` are further header lines.
inline std::string signed_post(const std::string& target, const model::WebhookEvent& event,
                               const std::string& secret = "secret",
                               const std::string& headers = "") {
  const std::string body = webhook::to_json(event);
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
         "momento-signature: " + webhook::Signer(secret).sign(body) + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// The status in an HTTP answer's first line; 0 if it is no answer.
inline int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

}  // namespace topicloop::test
