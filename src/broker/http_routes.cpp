// SPDX-License-Identifier: Apache-2.0
#include "broker/http_routes.hpp"

#include <array>
#include <utility>

namespace topicloop::broker {

namespace {

using What = HttpRoute::What;

constexpr std::array<std::pair<std::string_view, What>, 6> k_words = {{{"healthz", What::Health},
                                                                       {"readyz", What::Ready},
                                                                       {"metrics", What::Metrics},
                                                                       {"state", What::State},
                                                                       {"block", What::Block},
                                                                       {"unblock", What::Unblock}}};

}  // namespace

bool HttpRoute::allows(std::string_view method) const {
  if (method == "GET") return true;
  return method == "POST" && (what == What::Topic || what == What::Block || what == What::Unblock);
}

bool HttpRoute::takes_body(std::string_view method) const {
  return method == "POST" && what == What::Topic;
}

std::string HttpRoute::allow() const {
  return allows("POST") ? "GET, POST" : "GET";
}

Result<HttpRoute> find_route(std::string_view target) {
  auto parsed = parse_http_target(target);
  if (!parsed) return std::move(parsed).error();
  const auto& path = parsed->path;
  if (path.size() == 3 && path[0] == "topics") return HttpRoute{What::Topic, *std::move(parsed)};
  if (path.size() == 1) {
    for (const auto& [word, what] : k_words) {
      if (path[0] == word) return HttpRoute{what, *std::move(parsed)};
    }
  }
  return Error{
      ErrorKind::NotFound,
      "nothing is here; there are /topics/CACHE/TOPIC (a slash in a name is %2F), /healthz, "
      "/readyz, /metrics, /state, /block and /unblock",
      ""};
}

}  // namespace topicloop::broker
