// SPDX-License-Identifier: Apache-2.0
// A webhook on the service that points at this process, for as long as this process wants it.
#pragma once

#include "model/webhook.hpp"
#include "topic/client.hpp"

#include <optional>
#include <string>

namespace topicloop::cli {

// One thread at a time may use it.
class Registration {
public:
  // Creates the webhook, or points the one of that name here. Throws CommandError.
  Registration(topic::Client client, model::Webhook webhook, const std::stop_token& stop);
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  // As remove(), without telling.
  ~Registration();

  // The webhook of that name as it was, if it was another: from now on its events come here.
  const std::optional<model::Webhook>& replaced() const { return replaced_; }

  // What the service has under our name, if that is not ours any more.
  Result<std::optional<model::Webhook>> taken_over(const std::stop_token& stop) const;

  // Removes the webhook if it was created here, or makes it again what it was before; unless
  // somebody else has taken it over by now. Once. The result is as of taken_over().
  Result<std::optional<model::Webhook>> remove();

  // It stays, whoever created it.
  void keep() { stays_ = true; }

  // Creates it again where it is gone; it is then one created here, unless it is to stay. The
  // result is its secret.
  Result<std::string> restore(const std::stop_token& stop);

  const std::string& secret() const { return secret_; }

private:
  topic::Client client_;
  model::Webhook webhook_;
  bool stays_ = false;
  bool created_ = false;
  std::optional<model::Webhook> replaced_;
  std::string secret_;
};

// The name under which a webhook for `topic` is registered unless the user gives one. Names end at
// 128 characters on the hosted service.
std::string default_webhook_name(const std::string& topic);

}  // namespace topicloop::cli
