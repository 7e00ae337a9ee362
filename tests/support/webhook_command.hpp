// SPDX-License-Identifier: Apache-2.0
// `serve-webhook` on a free port of this machine, and requests to it.
#pragma once

#include "support/command.hpp"
#include "support/webhook_target.hpp"

#include <string>
#include <utility>

namespace topicloop::test {

class WebhookCommand : public Command {
public:
  // `more` are further arguments.
  explicit WebhookCommand(const Arguments& more) : Command(with(more)) {}

  // Once it is ready.
  std::string url() const { return err().rest_of_line("receiving webhooks on "); }
  int port() const { return std::stoi(url().substr(std::string("http://127.0.0.1:").size())); }

  // The status it answers a request with.
  int send(const std::string& request) const {
    RawClient client(port());
    client.send(request);
    return status_of(client.receive_until("}"));
  }

  static Arguments with(const Arguments& more) {
    Arguments arguments{"serve-webhook", "--listen", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

// A complete request without a signature.
inline std::string unsigned_post(const std::string& target, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace topicloop::test
