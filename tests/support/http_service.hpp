// SPDX-License-Identifier: Apache-2.0
// A broker with its HTTP port, and requests to it.
//
// Not thread-safe, but any number of pollers may wait at once.
#pragma once

#include "support/condition.hpp"
#include "support/raw_client.hpp"
#include "support/service.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <future>
#include <stdexcept>
#include <string>

namespace topicloop::test {

inline broker::BrokerOptions http_options_for_tests() {
  auto options = options_for_tests();
  options.http_address = "127.0.0.1:0";
  return options;
}

struct HttpAnswered {
  int status = 0;
  std::string body;
  httplib::Headers headers;

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
  nlohmann::json json() const { return nlohmann::json::parse(body); }
  std::string reason() const { return json().at("reason"); }
};

struct HttpService : Service {
  explicit HttpService(broker::BrokerOptions options = http_options_for_tests())
      : Service(std::move(options)), origin(must(broker.http_origin())) {}

  int port() const { return std::stoi(origin.substr(origin.rfind(':') + 1)); }

  HttpAnswered request(const std::string& method, const std::string& target,
                       const std::string& body = "", const httplib::Headers& headers = {}) const {
    httplib::Client http(origin);
    http.set_read_timeout(k_patience);
    httplib::Request request;
    request.method = method;
    request.path = target;
    request.body = body;
    request.headers = headers;
    const auto result = http.send(request);
    if (!result) throw std::runtime_error("no answer to " + method + " " + target);
    return {result->status, result->body, result->headers};
  }

  HttpAnswered get(const std::string& target, const httplib::Headers& headers = {}) const {
    return request("GET", target, "", headers);
  }

  HttpAnswered post(const std::string& target, const std::string& body,
                    const std::string& type) const {
    return request("POST", target, body, {{"Content-Type", type}});
  }

  // A poll that is waiting when this returns.
  std::future<HttpAnswered> wait_on(const std::string& target) const {
    const std::size_t before = subscribers();
    auto poll = std::async(std::launch::async, [this, target] { return get(target); });
    if (!eventually([&] { return subscribers() == before + 1; })) {
      throw std::runtime_error("the poll does not come to wait");
    }
    return poll;
  }

  // Of all topics of the first cache.
  std::size_t subscribers() const {
    const auto state = get("/state").json();
    std::size_t sum = 0;
    for (const auto& topic : state["caches"][0]["topics"])
      sum += topic["subscribers"].get<std::size_t>();
    return sum;
  }

  std::string origin;
};

}  // namespace topicloop::test
