// SPDX-License-Identifier: Apache-2.0
// A scripted HTTP server on a free port, for tests that send requests somewhere.
//
// POSTs to any path are recorded and answered by the script, which runs on the server's threads.
// Destruction waits for it. Thread-safe.
#pragma once

#include "webhook/http_listener.hpp"

#include <httplib.h>

#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace topicloop::test {

class HttpEndpoint {
public:
  using Script = std::function<void(const httplib::Request&, httplib::Response&)>;

  explicit HttpEndpoint(Script script = [](auto&, auto&) {}) {
    listener_.server().Post(".*",
                            [this, script = std::move(script)](const httplib::Request& request,
                                                               httplib::Response& response) {
                              {
                                const std::lock_guard lock(mutex_);
                                requests_.push_back(request);
                                sender_ports_.insert(request.remote_port);
                              }
                              script(request, response);
                            });
    if (!listener_.start("127.0.0.1", 0))
      throw std::runtime_error("the test's server cannot start");
  }

  std::string url(const std::string& path = "/") const { return listener_.origin() + path; }
  int port() const { return listener_.port(); }
  void stop() { listener_.stop(); }

  std::vector<httplib::Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  // How many connections the requests came on.
  std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return sender_ports_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<httplib::Request> requests_;
  std::set<int> sender_ports_;
  webhook::HttpListener listener_;  // Last: it stops before what its handlers use is gone.
};

}  // namespace topicloop::test
