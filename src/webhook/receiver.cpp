// SPDX-License-Identifier: Apache-2.0
#include "webhook/receiver.hpp"

#include "base/text.hpp"
#include "webhook/event.hpp"
#include "webhook/http_exchange.hpp"
#include "webhook/http_listener.hpp"
#include "webhook/recording.hpp"
#include "webhook/request.hpp"
#include "webhook/request_head.hpp"
#include "webhook/verification.hpp"

#include <fmt/format.h>
#include <httplib.h>

namespace topicloop::webhook {

namespace {

using Clock = std::chrono::steady_clock;

std::optional<std::string> signature_of(const httplib::Request& request) {
  switch (request.get_header_value_count(k_signature_header)) {
    case 0:
      return std::nullopt;
    case 1:
      return request.get_header_value(k_signature_header);
    default:
      return "";  // Several are as good as a malformed one.
  }
}

Result<model::Value> payload_of(const model::WebhookEvent& event, const httplib::Request& request) {
  if (request.get_header_value(k_text_encoding_header) != k_base64) {
    return model::Value::text(event.text);
  }
  auto bytes = from_base64(event.text);
  if (!bytes) return Error{ErrorKind::BadInput, "webhook event: \"text\" is not base64", ""};
  return model::Value::binary(std::move(*bytes));
}

std::vector<std::pair<std::string, std::string>> event_headers(const httplib::Request& request) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const char* name :
       {"Content-Type", "User-Agent", k_signature_header, k_text_encoding_header}) {
    const auto [first, last] = request.headers.equal_range(name);
    for (auto header = first; header != last; ++header)
      headers.emplace_back(name, header->second);
  }
  return headers;
}

bool may_have_body(int status) {
  return status != 204 && status != 304;
}

// What a refusal says about whether the request is genuine.
model::Verification verdict_of(const Refusal& refusal) {
  using Outcome = model::Verification::Outcome;
  const bool had_no_secret = refusal.status == 503;
  return {had_no_secret ? Outcome::NotChecked : Outcome::Failed, refusal.reason};
}

void set_refusal(Exchange& exchange, const Refusal& refusal) {
  exchange.status = refusal.status;
  exchange.reason = refusal.reason;
  exchange.answer = refusal_body(refusal.reason);
  exchange.content_type = k_content_type;
}

}  // namespace

struct Receiver::Impl {
  explicit Impl(ReceiverOptions its_options)
      : options(std::move(its_options)), listener(options.tls) {}

  ReceiverOptions options;
  Handler handler;
  Observer observer;
  Verifier verifier;
  HttpListener listener;  // Last: it stops before what its handlers use is gone.

  void add_handlers();

  Exchange exchange_of(const httplib::Request& request) const;
  void answer_post(const httplib::Request& request, httplib::Response& response,
                   const httplib::ContentReader& read) const;
  std::optional<Refusal> verify(const std::optional<std::string>& signature,
                                const std::string& body) const;
  std::optional<Refusal> judge(const httplib::Request& request, const std::string& body,
                               ReceivedEvent& received, Exchange& exchange) const;
  std::optional<Refusal> handle(const ReceivedEvent& received, Exchange& exchange) const;
  void refuse(const httplib::Request& request, httplib::Response& response,
              const Refusal& refusal) const;
  void report(Exchange& exchange, const httplib::Request& request, const Received& received) const;
};

void Receiver::Impl::add_handlers() {
  using httplib::Request;
  using httplib::Response;
  using Next = httplib::Server::HandlerResponse;
  httplib::Server& server = listener.server();
  server.set_payload_max_length(options.max_body + k_drain);
  server.set_pre_routing_handler([this](const Request& request, Response& response) {
    const auto refusal = check_head(head_of(request), options.path, options.max_body + k_drain);
    if (refusal) refuse(request, response, *refusal);
    return refusal ? Next::Handled : Next::Unhandled;
  });
  server.Post(
      ".*", [this](const Request& request, Response& response, const httplib::ContentReader& read) {
        answer_post(request, response, read);
      });
  // Called for every status of 400 and more; an answer without content type is httplib's own.
  server.set_error_handler(
      httplib::Server::HandlerWithResponse([this](const Request& request, Response& response) {
        if (response.has_header("Content-Type")) return Next::Unhandled;
        refuse(request, response, {response.status, "not a usable HTTP request"});
        return Next::Handled;
      }));
  // httplib's own would send the exception's text.
  server.set_exception_handler([](const Request&, Response& response, std::exception_ptr) {
    set_last_answer(response, 500, k_content_type, refusal_body("internal error"));
  });
}

Exchange Receiver::Impl::exchange_of(const httplib::Request& request) const {
  Exchange exchange;
  exchange.method = request.method;
  exchange.path = request.path;
  exchange.url = listener.origin() + request.path;
  exchange.peer = request.remote_addr;
  exchange.at = std::chrono::system_clock::now();
  return exchange;
}

void Receiver::Impl::answer_post(const httplib::Request& request, httplib::Response& response,
                                 const httplib::ContentReader& read) const {
  Received received{.at = Clock::now(), .body = "", .is_whole = false};
  Exchange exchange = exchange_of(request);
  if (const auto refusal =
          read_body(read, options.max_body, received.body, options.body_patience)) {
    refuse(request, response, *refusal);
    return;
  }
  received.is_whole = true;
  ReceivedEvent event;
  std::optional<Refusal> refusal = judge(request, received.body, event, exchange);
  if (!refusal) refusal = handle(event, exchange);
  if (refusal) set_refusal(exchange, *refusal);
  report(exchange, request, received);
  response.status = exchange.status;
  if (may_have_body(exchange.status)) {
    response.set_content(exchange.answer, exchange.content_type);
  }
}

std::optional<Refusal> Receiver::Impl::verify(const std::optional<std::string>& signature,
                                              const std::string& body) const {
  auto refusal = verifier.check(signature, body);
  const bool unknown = refusal && refusal->status == 403 && is_signature(*signature);
  if (!unknown || !options.on_unknown_signature) return refusal;
  options.on_unknown_signature();
  return verifier.check(signature, body);
}

std::optional<Refusal> Receiver::Impl::judge(const httplib::Request& request,
                                             const std::string& body, ReceivedEvent& received,
                                             Exchange& exchange) const {
  const std::optional<std::string> signature = signature_of(request);
  if (signature && is_signature(*signature)) exchange.id = short_id(*signature);
  if (options.verify) {
    if (auto refusal = verify(signature, body)) {
      exchange.verification = verdict_of(*refusal);
      return refusal;
    }
    exchange.verification.outcome = model::Verification::Outcome::Verified;
  }
  auto event = parse_event(body);
  if (!event) return Refusal{400, event.error().message};
  exchange.event = *event;
  if (auto refusal = check_freshness(*event, exchange.at, options.max_age)) {
    exchange.verification = verdict_of(*refusal);
    return refusal;
  }
  auto payload = payload_of(*event, request);
  if (!payload) return Refusal{400, payload.error().message};
  received = {std::move(*event),     std::move(*payload), exchange.id, exchange.url, body,
              event_headers(request)};
  return std::nullopt;
}

std::optional<Refusal> Receiver::Impl::handle(const ReceivedEvent& received,
                                              Exchange& exchange) const {
  try {
    HandlerAnswer answer = handler(received);
    exchange.status = answer.status;
    if (may_have_body(answer.status)) exchange.answer = std::move(answer.body);
    exchange.content_type = std::move(answer.content_type);
    exchange.reason = std::move(answer.reason);
    return std::nullopt;
  } catch (...) {
    return Refusal{500, "internal error"};
  }
}

void Receiver::Impl::refuse(const httplib::Request& request, httplib::Response& response,
                            const Refusal& refusal) const {
  Exchange exchange = exchange_of(request);
  set_refusal(exchange, refusal);
  report(exchange, request, {.at = Clock::now(), .body = "", .is_whole = false});
  if (exchange.status == 405) response.set_header("Allow", "POST");
  set_last_answer(response, exchange.status, k_content_type, exchange.answer);
}

void Receiver::Impl::report(Exchange& exchange, const httplib::Request& request,
                            const Received& received) const {
  exchange.latency =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - received.at);
  if (options.record) {
    if (auto recorded = options.record(record_of(exchange, request, received)); !recorded) {
      set_refusal(exchange, {500, "the request could not be captured"});
      exchange.reason = recorded.error().message;
    }
  }
  try {
    if (observer) observer(exchange);
  } catch (...) {
    set_refusal(exchange, {500, "internal error"});
  }
}

Result<Receiver> Receiver::start(ReceiverOptions options, Handler handler, Observer observer) {
  if (!options.path.starts_with('/')) {
    return Error{ErrorKind::InvalidArgument,
                 fmt::format("path \"{}\" does not start with a slash", options.path), ""};
  }
  auto impl = std::make_unique<Impl>(std::move(options));
  impl->handler = std::move(handler);
  impl->observer = std::move(observer);
  impl->add_handlers();
  const ReceiverOptions& bound = impl->options;
  if (auto listening = impl->listener.start(bound.host, bound.port); !listening) {
    return listening.error();
  }
  return Receiver(std::move(impl));
}

Receiver::Receiver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Receiver::Receiver(Receiver&&) noexcept = default;

Receiver& Receiver::operator=(Receiver&&) noexcept = default;
Receiver::~Receiver() = default;

void Receiver::set_secrets(const std::vector<std::string>& secrets) {
  impl_->verifier.set_secrets(secrets);
}

std::string Receiver::url() const {
  return impl_->listener.origin() + impl_->options.path;
}

int Receiver::port() const {
  return impl_->listener.port();
}

void Receiver::stop() {
  impl_->listener.stop();
}

}  // namespace topicloop::webhook
