// SPDX-License-Identifier: Apache-2.0
// A scripted HTTP server on a free port that is asked things: every GET is answered by the script,
// which runs on the server's threads. Destruction waits for it.
#pragma once

#include "webhook/http_listener.hpp"

#include <httplib.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace topicloop::test {

class HttpSite {
public:
  using Script = std::function<void(const httplib::Request&, httplib::Response&)>;

  explicit HttpSite(Script script) {
    listener_.server().Get(".*", std::move(script));
    if (!listener_.start("127.0.0.1", 0))
      throw std::runtime_error("the test's server cannot start");
  }

  std::string origin() const { return listener_.origin(); }
  int port() const { return listener_.port(); }

private:
  webhook::HttpListener listener_;
};

}  // namespace topicloop::test
