// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_exchange.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <httplib.h>

namespace topicloop::webhook {

RequestHead head_of(const httplib::Request& request) {
  const auto values = [&](const char* name) {
    std::vector<std::string> found;
    const auto [first, last] = request.headers.equal_range(name);
    for (auto header = first; header != last; ++header)
      found.push_back(header->second);
    return found;
  };
  return {request.method,           request.path,
          values("Content-Type"),   values("Content-Encoding"),
          values("Content-Length"), values("Transfer-Encoding")};
}

std::optional<Refusal> read_body(const httplib::ContentReader& read, std::size_t max,
                                 std::string& body, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::size_t seen = 0;
  bool late = false;
  const bool complete = read([&](const char* data, std::size_t size) {
    seen += size;
    if (seen <= max) body.append(data, size);
    late = std::chrono::steady_clock::now() > deadline;
    return seen <= max + k_drain && !late;
  });
  if (late) return Refusal{408, "the body did not arrive in time"};
  if (seen > max) return Refusal{413, fmt::format("the body is larger than {} bytes", max)};
  if (!complete) return Refusal{400, "the body is malformed or incomplete"};
  return std::nullopt;
}

std::string refusal_body(const std::string& reason) {
  std::string body = R"({"status":"error","reason":)";
  append_json_string(body, reason);
  return body + '}';
}

// httplib closes only if asked to by the sender or if sending fails, hence a content provider which
// sends everything and then fails.
void set_last_answer(httplib::Response& response, int status, const std::string& content_type,
                     const std::string& body) {
  response.status = status;
  response.set_header("Connection", "close");
  response.set_content_provider(body.size(), content_type,
                                [body](std::size_t, std::size_t, httplib::DataSink& sink) {
                                  sink.write(body.data(), body.size());
                                  return false;
                                });
}

}  // namespace topicloop::webhook
