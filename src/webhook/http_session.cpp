// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_session.hpp"

#include "webhook/chunk_decoder.hpp"
#include "webhook/http_exchange.hpp"
#include "webhook/request.hpp"
#include "webhook/request_head.hpp"

#include <algorithm>
#include <charconv>

namespace topicloop::webhook {

namespace {

using State = ConnectionTable::State;
using Clock = std::chrono::steady_clock;

// Whatever it may be: no request may follow before it is read.
bool announces_body(const HttpHead& head) {
  const auto lengths = head.values("Content-Length");
  const bool is_empty = lengths.empty() || (lengths.size() == 1 && lengths.front() == "0");
  return !is_empty || !head.values("Transfer-Encoding").empty();
}

// check_length() has found it to be a number.
std::size_t number_of(const std::string& text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

HttpSession::HttpSession(const Setting& setting)
    : setting_(setting), connection_(setting.entry.socket(), setting.tls) {}

void HttpSession::run() {
  if (!shake_hands()) return;
  while (receive_head() && answer())
    ;
}

bool HttpSession::shake_hands() {
  if (setting_.tls == nullptr) return true;
  setting_.entry.set(State::Arriving);
  if (setting_.connections.is_closing()) return false;
  return connection_.shake_hands(Clock::now() + setting_.patience.head);
}

// False if there is no request to answer.
bool HttpSession::receive_head() {
  setting_.entry.set(State::Idle);
  // In this order: who closes all sets the latter first and looks at the former then.
  if (setting_.connections.is_closing()) return false;
  if (connection_.unread().empty() &&
      connection_.read_more(Clock::now() + setting_.patience.idle) != HttpConnection::Read::Some) {
    return false;
  }
  setting_.entry.set(State::Arriving);
  const Deadline deadline = Clock::now() + setting_.patience.head;
  HeadParser parser;
  while (!parser.advance(connection_.unread())) {
    const auto read = connection_.read_more(deadline);
    if (read == HttpConnection::Read::Late) answer_late_head();
    if (read != HttpConnection::Read::Some) return false;
  }
  connection_.take(parser.size());
  head_ = std::move(parser.head());
  defect_ = parser.refusal();
  is_body_unread_ = announces_body(head_);
  return true;
}

void HttpSession::answer_late_head() {
  setting_.entry.set(State::Sending);
  const HttpReply reply{.status = 408,
                        .content_type = k_content_type,
                        .body = refusal_body("the headers did not arrive in time")};
  connection_.send(to_bytes(reply, Connection::Close), Clock::now() + setting_.patience.answer);
  end_politely();
}

// False if the connection is to be closed.
bool HttpSession::answer() {
  setting_.entry.set(State::Busy);
  const HttpReply reply = reply_of_server();
  const bool more = goes_on();
  const std::string bytes =
      to_bytes(reply, more ? Connection::KeepAlive : Connection::Close, head_.method == "HEAD");
  setting_.entry.set(State::Sending);
  if (!connection_.send(bytes, Clock::now() + setting_.patience.answer)) return false;
  if (!more) end_politely();
  return more;
}

HttpReply HttpSession::reply_of_server() {
  try {
    return setting_.serve(*this);
  } catch (...) {
    return {.status = 500, .content_type = k_content_type, .body = refusal_body("internal error")};
  }
}

bool HttpSession::goes_on() const {
  return !defect_ && !is_body_unread_ && head_.keeps_connection() &&
         !setting_.connections.is_closing() && !setting_.entry.has_given_up();
}

void HttpSession::end_politely() {
  setting_.entry.set(State::Arriving);
  connection_.linger(k_drain, Clock::now() + setting_.patience.linger);
}

std::optional<Refusal> HttpSession::read_body(std::size_t max, std::string& body) {
  if (defect_) return defect_;
  setting_.entry.set(State::Arriving);
  auto refusal = receive_body(max, body);
  setting_.entry.set(State::Busy);
  is_body_unread_ = refusal.has_value();
  return refusal;
}

std::optional<Refusal> HttpSession::receive_body(std::size_t max, std::string& body) {
  const RequestHead head = head_of(head_);
  if (auto refusal = check_length(head, max)) return refusal;
  if (!ask_for_body()) return Refusal{400, "the body is malformed or incomplete"};
  if (head.content_length.empty()) return receive_chunks(max, body);
  return receive_length(number_of(head.content_length.front()), body);
}

// Senders that expect to be asked are, unless they have begun already. False if they have gone.
bool HttpSession::ask_for_body() {
  if (head_.version == "HTTP/1.0" || !connection_.unread().empty()) return true;
  if (head_.values("Expect").empty()) return true;
  return connection_.send("HTTP/1.1 100 Continue\r\n\r\n", Clock::now() + setting_.patience.answer);
}

std::optional<Refusal> HttpSession::receive_length(std::size_t length, std::string& body) {
  const Deadline deadline = Clock::now() + setting_.patience.body;
  for (;;) {
    const auto part = connection_.unread().substr(0, length - body.size());
    body.append(part);
    connection_.take(part.size());
    if (body.size() == length) return std::nullopt;
    if (auto refusal = read_more_of_body(deadline)) return refusal;
  }
}

std::optional<Refusal> HttpSession::receive_chunks(std::size_t max, std::string& body) {
  const Deadline deadline = Clock::now() + setting_.patience.body;
  ChunkDecoder decoder(max);
  for (;;) {
    std::string_view rest = connection_.unread();
    const std::size_t unread = rest.size();
    auto refusal = decoder.take(rest, body);
    connection_.take(unread - rest.size());
    if (refusal || decoder.is_complete()) return refusal;
    if (auto none = read_more_of_body(deadline)) return none;
  }
}

std::optional<Refusal> HttpSession::read_more_of_body(Deadline deadline) {
  switch (connection_.read_more(deadline)) {
    case HttpConnection::Read::Some:
      return std::nullopt;
    case HttpConnection::Read::Late:
      return Refusal{408, "the body did not arrive in time"};
    case HttpConnection::Read::Closed:
      break;
  }
  if (setting_.entry.has_given_up()) return Refusal{503, "too busy to wait for the body"};
  return Refusal{400, "the body is malformed or incomplete"};
}

}  // namespace topicloop::webhook
