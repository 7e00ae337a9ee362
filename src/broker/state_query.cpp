// SPDX-License-Identifier: Apache-2.0
#include "broker/state_query.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

namespace topicloop::broker {

namespace {

using Json = nlohmann::json;

// Whatever stands there that is not as expected is no topic.
std::vector<std::string> topics_in(const Json& state, const std::string& cache) {
  std::vector<std::string> names;
  for (const auto& one : state.value("caches", Json::array())) {
    if (!one.is_object() || one.value("cache", "") != cache) continue;
    for (const auto& topic : one.value("topics", Json::array()))
      if (topic.is_object()) names.push_back(topic.value("topic", ""));
  }
  return names;
}

}  // namespace

Result<std::vector<std::string>> topics_of(const std::string& origin, const std::string& cache,
                                           std::chrono::milliseconds timeout,
                                           const std::string& api_key) {
  httplib::Client client(origin);
  client.set_connection_timeout(timeout);
  client.set_read_timeout(timeout);
  client.set_write_timeout(timeout);
  httplib::Headers headers;
  if (!api_key.empty()) headers.emplace("authorization", api_key);
  const auto answer = client.Get("/state", headers);
  if (!answer || answer->status != 200) {
    return Error{ErrorKind::Unavailable, fmt::format("{} does not tell its state", origin), ""};
  }
  const Json state = Json::parse(answer->body, nullptr, false);
  try {
    if (state.is_object()) return topics_in(state, cache);
  } catch (const Json::exception&) {  // A member of an unexpected type.
  }
  return Error{ErrorKind::BadInput, fmt::format("{} is not a topic service", origin), ""};
}

}  // namespace topicloop::broker
