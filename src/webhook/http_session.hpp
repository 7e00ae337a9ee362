// SPDX-License-Identifier: Apache-2.0
// One connection of an HTTP server, from its first byte to its last: reads requests, has them
// answered, decides whether another may follow.
//
// Lives on one thread. Its socket is its owner's.
#pragma once

#include "webhook/connection_table.hpp"
#include "webhook/http_connection.hpp"
#include "webhook/http_server.hpp"

namespace topicloop::webhook {

class HttpSession final : private HttpRequest {
public:
  // All of it outlives the session.
  struct Setting {
    const ConnectionTable& connections;
    ConnectionTable::Entry& entry;
    ssl_ctx_st* tls;
    const std::string& origin;
    const std::string& peer;
    const HttpPatience& patience;
    const HttpServer::Serve& serve;
  };
  explicit HttpSession(const Setting& setting);

  // Returns when the connection is to be closed.
  void run();

private:
  const HttpHead& head() const override { return head_; }
  const std::string& origin() const override { return setting_.origin; }
  const std::string& peer() const override { return setting_.peer; }
  const std::optional<Refusal>& defect() const override { return defect_; }
  std::optional<Refusal> read_body(std::size_t max, std::string& body) override;

  bool shake_hands();
  bool receive_head();
  bool answer();
  HttpReply reply_of_server();
  void answer_late_head();
  bool goes_on() const;
  void end_politely();

  bool ask_for_body();
  std::optional<Refusal> receive_body(std::size_t max, std::string& body);
  std::optional<Refusal> receive_length(std::size_t length, std::string& body);
  std::optional<Refusal> receive_chunks(std::size_t max, std::string& body);
  std::optional<Refusal> read_more_of_body(Deadline deadline);

  const Setting setting_;
  HttpConnection connection_;
  HttpHead head_;
  std::optional<Refusal> defect_;
  bool is_body_unread_ = false;  // Some of it may still come: the next bytes are no request.
};

}  // namespace topicloop::webhook
