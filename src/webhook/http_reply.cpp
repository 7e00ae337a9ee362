// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_reply.hpp"

#include <string_view>

namespace topicloop::webhook {

namespace {

struct Phrase {
  int status;
  std::string_view text;
};

constexpr Phrase k_phrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {418, "I'm a teapot"},
    {422, "Unprocessable Content"},
    {425, "Too Early"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

std::string_view phrase_of(int status) {
  for (const auto& [known, text] : k_phrases)
    if (known == status) return text;
  return "";
}

void add_header(std::string& bytes, std::string_view name, std::string_view value) {
  bytes.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool may_have_body(int status) {
  return status != 204 && status != 304;
}

std::string to_bytes(const HttpReply& reply, Connection connection, bool is_head) {
  std::string bytes;
  bytes.reserve(256 + reply.body.size());
  bytes.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  bytes.append(phrase_of(reply.status)).append("\r\n");
  add_header(bytes, "Connection", connection == Connection::Close ? "close" : "keep-alive");
  for (const auto& [name, value] : reply.headers)
    add_header(bytes, name, value);
  const bool has_body = may_have_body(reply.status);
  if (has_body) {
    if (!reply.content_type.empty()) add_header(bytes, "Content-Type", reply.content_type);
    add_header(bytes, "Content-Length", std::to_string(reply.body.size()));
  }
  bytes.append("\r\n");
  if (has_body && !is_head) bytes.append(reply.body);
  return bytes;
}

}  // namespace topicloop::webhook
