// SPDX-License-Identifier: Apache-2.0
// A stub of an ngrok agent's API on a free port: says which tunnels there are. Thread-safe.
#pragma once

#include "webhook/http_listener.hpp"

#include <httplib.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::test {

// Public URL and the address it leads to.
using Tunnels = std::vector<std::pair<std::string, std::string>>;

// As an agent lists them.
inline std::string tunnels(const Tunnels& all) {
  std::string text = R"({"tunnels":[)";
  for (const auto& [url, address] : all) {
    if (!text.ends_with('[')) text += ',';
    text += R"({"name":"command_line","public_url":")" + url +
            R"(","proto":"https","config":{"addr":")" + address + R"(","inspect":true}})";
  }
  return text + R"(],"uri":"/api/tunnels"})";
}

class NgrokAgent {
public:
  NgrokAgent() {
    listener_.server().Get("/api/tunnels",
                           [this](const httplib::Request&, httplib::Response& response) {
                             const std::lock_guard lock(mutex_);
                             response.set_content(answer_, "application/json");
                           });
    if (!listener_.start("127.0.0.1", 0)) throw std::runtime_error("the test has no agent");
  }

  std::string api() const { return listener_.origin(); }
  void set_tunnels(const Tunnels& all) { answer_with(tunnels(all)); }
  void answer_with(std::string answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }

private:
  std::mutex mutex_;
  std::string answer_ = tunnels({});
  webhook::HttpListener listener_;  // Last: it stops before what its handlers use is gone.
};

}  // namespace topicloop::test
