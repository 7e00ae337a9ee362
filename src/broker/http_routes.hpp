// SPDX-License-Identifier: Apache-2.0
// What there is on the HTTP port, and by which methods.
//
// Pure.
#pragma once

#include "broker/http_target.hpp"

#include <string>
#include <string_view>

namespace topicloop::broker {

struct HttpRoute {
  enum class What { Health, Ready, Metrics, State, Block, Unblock, Topic };

  What what = What::Health;
  HttpTarget target;

  // HEAD is not GET: nothing here can be told without doing it.
  bool allows(std::string_view method) const;
  bool takes_body(std::string_view method) const;
  // The methods allowed, as the header Allow lists them.
  std::string allow() const;
};

// InvalidArgument for a target that is not well formed, NotFound if nothing is there.
Result<HttpRoute> find_route(std::string_view target);

}  // namespace topicloop::broker
