// SPDX-License-Identifier: Apache-2.0
#include "webhook/receiver.hpp"

#include "base/text.hpp"
#include "webhook/event.hpp"
#include "webhook/http_exchange.hpp"
#include "webhook/recording.hpp"
#include "webhook/request.hpp"
#include "webhook/request_head.hpp"
#include "webhook/verification.hpp"

#include <fmt/format.h>

namespace topicloop::webhook {

namespace {

using Clock = std::chrono::steady_clock;

std::optional<std::string> signature_of(const HttpHead& head) {
  auto signatures = head.values(k_signature_header);
  if (signatures.empty()) return std::nullopt;
  if (signatures.size() > 1) return "";  // Several are as good as a malformed one.
  return std::move(signatures.front());
}

Result<model::Value> payload_of(const model::WebhookEvent& event, const HttpHead& head) {
  const auto encodings = head.values(k_text_encoding_header);
  if (encodings.empty() || encodings.front() != k_base64) return model::Value::text(event.text);
  auto bytes = from_base64(event.text);
  if (!bytes) return Error{ErrorKind::BadInput, "webhook event: \"text\" is not base64", ""};
  return model::Value::binary(std::move(*bytes));
}

model::HttpHeaders event_headers(const HttpHead& head) {
  model::HttpHeaders headers;
  for (const char* name :
       {"Content-Type", "User-Agent", k_signature_header, k_text_encoding_header}) {
    for (auto& value : head.values(name))
      headers.emplace_back(name, std::move(value));
  }
  return headers;
}

// What a refusal says about whether the request is genuine.
model::Verification verdict_of(const Refusal& refusal) {
  using Outcome = model::Verification::Outcome;
  const bool had_no_secret = refusal.status == 503;
  return {had_no_secret ? Outcome::NotChecked : Outcome::Failed, refusal.reason};
}

Exchange begin_exchange(const HttpRequest& request) {
  Exchange exchange;
  exchange.method = request.head().method;
  exchange.path = request.head().path();
  exchange.url = request.origin() + exchange.path;
  exchange.peer = request.peer();
  exchange.at = std::chrono::system_clock::now();
  return exchange;
}

void set_refusal(Exchange& exchange, const Refusal& refusal) {
  exchange.status = refusal.status;
  exchange.reason = refusal.reason;
  exchange.answer = refusal_body(refusal.reason);
  exchange.content_type = k_content_type;
}

}  // namespace

struct Receiver::Impl {
  explicit Impl(ReceiverOptions its_options) : options(std::move(its_options)) {}

  ReceiverOptions options;
  Handler handler;
  Observer observer;
  Verifier verifier;
  std::unique_ptr<HttpServer> server;  // Last: it stops before what it uses is gone.

  HttpReply serve(HttpRequest& request) const;

  std::optional<Refusal> receive(HttpRequest& request, Received& received) const;
  std::optional<Refusal> verify(const std::optional<std::string>& signature,
                                const std::string& body) const;
  std::optional<Refusal> judge(const HttpHead& head, const std::string& body,
                               ReceivedEvent& received, Exchange& exchange) const;
  std::optional<Refusal> handle(const ReceivedEvent& received, Exchange& exchange) const;
  void report(Exchange& exchange, const HttpHead& head, const Received& received) const;
};

HttpReply Receiver::Impl::serve(HttpRequest& request) const {
  const HttpHead& head = request.head();
  Received received{.at = Clock::now(), .body = "", .is_whole = false};
  Exchange exchange = begin_exchange(request);
  ReceivedEvent event;
  std::optional<Refusal> refusal = receive(request, received);
  if (!refusal) refusal = judge(head, received.body, event, exchange);
  if (!refusal) refusal = handle(event, exchange);
  if (refusal) set_refusal(exchange, *refusal);
  report(exchange, head, received);
  HttpReply reply{.status = exchange.status,
                  .content_type = std::move(exchange.content_type),
                  .body = std::move(exchange.answer)};
  if (reply.status == 405) reply.headers.emplace_back("Allow", "POST");
  return reply;
}

std::optional<Refusal> Receiver::Impl::receive(HttpRequest& request, Received& received) const {
  if (request.defect()) return request.defect();
  if (auto refusal = check_head(request.head(), options.path, options.max_body)) return refusal;
  auto refusal = request.read_body(options.max_body, received.body);
  received.is_whole = !refusal;
  return refusal;
}

std::optional<Refusal> Receiver::Impl::verify(const std::optional<std::string>& signature,
                                              const std::string& body) const {
  auto refusal = verifier.check(signature, body);
  const bool unknown = refusal && refusal->status == 403 && is_signature(*signature);
  if (!unknown || !options.on_unknown_signature) return refusal;
  options.on_unknown_signature();
  return verifier.check(signature, body);
}

std::optional<Refusal> Receiver::Impl::judge(const HttpHead& head, const std::string& body,
                                             ReceivedEvent& received, Exchange& exchange) const {
  const std::optional<std::string> signature = signature_of(head);
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
  auto payload = payload_of(*event, head);
  if (!payload) return Refusal{400, payload.error().message};
  received = {std::move(*event),  std::move(*payload), exchange.id, exchange.url, body,
              event_headers(head)};
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

void Receiver::Impl::report(Exchange& exchange, const HttpHead& head,
                            const Received& received) const {
  exchange.latency =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - received.at);
  if (options.record) {
    if (auto recorded = options.record(record_of(exchange, head, received)); !recorded) {
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
  const ReceiverOptions& own = impl->options;
  auto server =
      HttpServer::start({.host = own.host,
                         .port = own.port,
                         .tls = own.tls,
                         .patience = own.patience,
                         .max_connections = own.max_connections},
                        [impl = impl.get()](HttpRequest& request) { return impl->serve(request); });
  if (!server) return std::move(server).error();
  impl->server = *std::move(server);
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
  return impl_->server->origin() + impl_->options.path;
}

int Receiver::port() const {
  return impl_->server->port();
}

void Receiver::stop() {
  impl_->server->stop();
}

}  // namespace topicloop::webhook
