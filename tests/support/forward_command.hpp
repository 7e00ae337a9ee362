// SPDX-License-Identifier: Apache-2.0
// `forward` from a test's service, and endpoints that answer as a script says.
#pragma once

#include "support/command.hpp"
#include "support/condition.hpp"
#include "support/http_endpoint.hpp"
#include "webhook/event.hpp"
#include "webhook/request.hpp"
#include "webhook/signature.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::test {

// Set it before anything is started: what is forwarded is signed with "secret".
struct WithSecret : Variable {
  WithSecret() : Variable("TOPICLOOP_WEBHOOK_SECRET", "secret") {}
};

// The arguments of a forward of what the service has of topic "t", and what comes; `more` are
// further ones.
inline Arguments forward_from(const Service& service, const std::string& url, Arguments more) {
  Arguments arguments{"forward", "t", "--to", url, "--from", "beginning"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return at(service, std::move(arguments));
}

inline model::WebhookEvent event_of(const httplib::Request& request) {
  return must(webhook::parse_event(request.body));
}

inline std::vector<std::string> texts_of(const std::vector<httplib::Request>& requests) {
  std::vector<std::string> texts;
  for (const auto& request : requests)
    texts.push_back(event_of(request).text);
  return texts;
}

// Answers the first requests for a text with the given statuses, one after the other, then 200.
class Answers {
public:
  explicit Answers(std::map<std::string, std::vector<int>> statuses)
      : statuses_(std::make_shared<Shared>(std::move(statuses))) {}

  void operator()(const httplib::Request& request, httplib::Response& response) const {
    const std::lock_guard lock(statuses_->mutex);
    auto& left = statuses_->by_text[event_of(request).text];
    response.status = left.empty() ? 200 : left.front();
    if (!left.empty()) left.erase(left.begin());
  }

private:
  struct Shared {
    explicit Shared(std::map<std::string, std::vector<int>> given) : by_text(std::move(given)) {}
    std::mutex mutex;
    std::map<std::string, std::vector<int>> by_text;
  };
  std::shared_ptr<Shared> statuses_;
};

}  // namespace topicloop::test
