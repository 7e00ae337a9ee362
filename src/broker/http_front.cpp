// SPDX-License-Identifier: Apache-2.0
#include "broker/http_front.hpp"

#include "broker/host_header.hpp"
#include "broker/http_connection.hpp"
#include "broker/http_routes.hpp"
#include "broker/http_topics.hpp"
#include "broker/loop_answer.hpp"
#include "webhook/http_exchange.hpp"
#include "webhook/http_listener.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <utility>

namespace topicloop::broker {

namespace {

// Momento's clients send and receive at most 10,486,000 bytes with a message's names and numbers:
// what is accepted here must reach them.
constexpr std::size_t k_max_body = 10U << 20U;

// Matches every path; a dot would not match the line ends that names may contain.
constexpr const char* k_any_path = R"([\s\S]*)";

// Decoded. Routes are matched with std::regex, which recurses for every byte: the 8 KiB that
// httplib lets through overflow the stack in a build with sanitizers.
constexpr std::size_t k_max_path = 2'048;

const std::string k_done = R"({"status":"success"})";
const std::string k_metrics_type = "text/plain; version=0.0.4; charset=utf-8";

void send(httplib::Response& response, const HttpAnswer& answer) {
  response.status = answer.status;
  if (!answer.allow.empty()) response.set_header("Allow", answer.allow);
  if (answer.status != 204) response.set_content(answer.body, answer.content_type.c_str());
}

// The same where a body may follow that nobody will read.
void send_last(httplib::Response& response, const HttpAnswer& answer) {
  if (!answer.allow.empty()) response.set_header("Allow", answer.allow);
  webhook::set_last_answer(response, answer.status, answer.content_type, answer.body);
}

bool announces_body(const webhook::RequestHead& head) {
  if (!head.transfer_encoding.empty()) return true;
  return head.content_length.size() > 1 ||
         (head.content_length.size() == 1 && head.content_length.front() != "0");
}

// Why the request cannot be taken, judging by its head.
std::optional<HttpAnswer> check_head(const HttpRoute& route, const webhook::RequestHead& head) {
  if (!route.allows(head.method)) {
    HttpAnswer answer = error_answer(405, fmt::format("only {} is accepted here", route.allow()));
    answer.allow = route.allow();
    return answer;
  }
  if (!route.takes_body(head.method)) {
    if (announces_body(head)) return error_answer(400, "a body is not accepted here");
    return std::nullopt;
  }
  if (head.content_type.size() > 1) return error_answer(400, "there are several content types");
  // httplib reads it as a form and nothing else.
  if (!head.content_type.empty() && head.content_type.front().starts_with("multipart/")) {
    return error_answer(415, "the body must be the message itself, not a form");
  }
  if (const auto refusal = webhook::check_body(head, k_max_body + webhook::k_drain)) {
    return error_answer(refusal->status, refusal->reason);
  }
  return std::nullopt;
}

// The caller's key: as it is in the header, or from the query.
Result<std::string> key_of(const httplib::Request& request, const HttpTarget& target) {
  const std::size_t headers = request.get_header_value_count("Authorization");
  auto token = query_value(target, "token");
  if (!token) return std::move(token).error();
  if (headers > 1 || (headers == 1 && *token)) {
    return Error{ErrorKind::InvalidArgument, "the key is given twice", ""};
  }
  return *token ? **token : request.get_header_value("Authorization");
}

// Browsers say so; programs do not.
bool is_from_another_page(const httplib::Request& request) {
  const std::string from = request.get_header_value("Sec-Fetch-Site");
  return request.has_header("Origin") || (!from.empty() && from != "none");
}

Result<model::ResumePoint> resume_of(const HttpTarget& target) {
  auto number = query_number(target, "sequence_number");
  if (!number) return std::move(number).error();
  auto page = query_number(target, "sequence_page");
  if (!page) return std::move(page).error();
  return model::ResumePoint{*number, *page};
}

}  // namespace

struct HttpFront::Impl {
  Impl(const HttpService& given, std::string listening_host, const HttpFrontOptions& options)
      : service(given),
        host(std::move(listening_host)),
        topics(service.loop, service.topics, options.poll_timeout),
        listener(options.tls) {}

  HttpService service;
  std::string host;  // To listen on, as it was given.
  HttpTopics topics;
  webhook::HttpListener listener;  // Last: it stops before what its handlers use is gone.

  void add_handlers();

  // The answer to a request whose head was checked. `read` is null unless it has a body.
  HttpAnswer answer(const httplib::Request& request, const httplib::ContentReader* read);
  HttpAnswer answer_topic(const httplib::Request& request, const HttpTarget& target, TopicCall call,
                          const httplib::ContentReader* read);
  HttpAnswer answer_ready() const;
  HttpAnswer answer_administrator(HttpRoute::What what, const std::string& key) const;
  StateReport state() const;
};

void HttpFront::Impl::add_handlers() {
  using httplib::Request;
  using httplib::Response;
  using Next = httplib::Server::HandlerResponse;
  httplib::Server& server = listener.server();
  server.set_payload_max_length(k_max_body + webhook::k_drain);
  server.set_pre_routing_handler([this](const Request& request, Response& response) {
    auto route = find_route(request.target);
    const auto head = webhook::head_of(request);
    auto refusal = route ? check_head(*route, head) : error_answer(route.error());
    if (head.path.size() > k_max_path) refusal = error_answer(414, "the URL is too long");
    if (refusal) {
      send_last(response, *refusal);
    } else if (head.method == "POST" && !route->takes_body(head.method)) {
      send_last(response, answer(request, nullptr));  // httplib would wait for a body.
    } else {
      return Next::Unhandled;
    }
    return Next::Handled;
  });
  server.Get(k_any_path, [this](const Request& request, Response& response) {
    send(response, answer(request, nullptr));
  });
  server.Post(k_any_path, [this](const Request& request, Response& response,
                                 const httplib::ContentReader& read) {
    send(response, answer(request, &read));
  });
  // Called for every status of 400 and more; an answer without content type is httplib's own.
  server.set_error_handler(
      httplib::Server::HandlerWithResponse([](const Request&, Response& response) {
        if (response.has_header("Content-Type")) return Next::Unhandled;
        send_last(response, error_answer(response.status, "not a usable HTTP request"));
        return Next::Handled;
      }));
  // httplib's own would send the exception's text.
  server.set_exception_handler([](const Request&, Response& response, std::exception_ptr) {
    send_last(response, error_answer(500, "internal error"));
  });
  server.set_logger([this](const Request&, const Response& response) {
    service.metrics.count_http_answer(response.status);
  });
}

HttpAnswer HttpFront::Impl::answer(const httplib::Request& request,
                                   const httplib::ContentReader* read) {
  auto route = find_route(request.target);
  if (!route) return error_answer(route.error());
  if (route->what == HttpRoute::What::Health) {
    return {.status = 200, .body = "ok\n", .content_type = "text/plain"};
  }
  if (route->what == HttpRoute::What::Ready) return answer_ready();
  auto key = key_of(request, route->target);
  if (!key) return error_answer(key.error());
  if (route->what != HttpRoute::What::Topic) {
    // Without a key, any web page open on this machine could ask for it.
    if (is_from_another_page(request)) return error_answer(403, "not for web pages");
    // Prometheus may well know it by a name with a dot, and metrics tell little.
    if (!service.access.requires_keys() && route->what != HttpRoute::What::Metrics &&
        !is_local_host(request.get_header_value("Host"), host)) {
      return error_answer(403, "not for this host name: use the address");
    }
    return answer_administrator(route->what, *key);
  }
  auto& path = route->target.path;
  TopicCall call{*std::move(key), std::move(path[1]), std::move(path[2])};
  return answer_topic(request, route->target, std::move(call), read);
}

HttpAnswer HttpFront::Impl::answer_topic(const httplib::Request& request, const HttpTarget& target,
                                         TopicCall call, const httplib::ContentReader* read) {
  if (read != nullptr) {
    std::string body;
    if (const auto refusal = webhook::read_body(*read, k_max_body, body)) {
      return error_answer(refusal->status, refusal->reason);
    }
    return topics.publish(std::move(call), request.get_header_value("Content-Type"),
                          std::move(body));
  }
  auto resume = resume_of(target);
  if (!resume) return error_answer(resume.error());
  const int connection = find_connection(listener.port(), request.remote_addr, request.remote_port);
  return topics.poll(std::move(call), *resume, connection);
}

HttpAnswer HttpFront::Impl::answer_ready() const {
  const auto open = ask<std::string>(service.loop, [this]() -> Result<std::string> {
    if (auto checked = service.registry.check_open(); !checked) return std::move(checked).error();
    return std::string("ready\n");
  });
  if (!open) return error_answer(open.error());
  return {.status = 200, .body = *open, .content_type = "text/plain"};
}

HttpAnswer HttpFront::Impl::answer_administrator(HttpRoute::What what,
                                                 const std::string& key) const {
  const auto state_then =
      ask<StateReport>(service.loop, [this, what, key]() -> Result<StateReport> {
        auto caller = service.access.identify(key, std::chrono::system_clock::now());
        if (!caller) return std::move(caller).error();
        if (auto may = caller->may_administer(); !may) return std::move(may).error();
        if (what == HttpRoute::What::Block) {
          service.registry.block({ErrorKind::Unavailable, "the service is blocked for a test", ""});
        }
        if (what == HttpRoute::What::Unblock) service.registry.unblock();
        const bool is_report = what == HttpRoute::What::State || what == HttpRoute::What::Metrics;
        return is_report ? state() : StateReport{};
      });
  if (!state_then) return error_answer(state_then.error());
  if (what == HttpRoute::What::State) return {.status = 200, .body = to_json(*state_then)};
  if (what == HttpRoute::What::Metrics) {
    return {.status = 200,
            .body = service.metrics.to_text(*state_then),
            .content_type = k_metrics_type};
  }
  return {.status = 200, .body = k_done};
}

StateReport HttpFront::Impl::state() const {
  return {service.registry.check_open().has_value(), service.registry.reports(),
          service.webhooks.reports()};
}

Result<std::unique_ptr<HttpFront>> HttpFront::start(const HttpService& service,
                                                    const Address& address,
                                                    const HttpFrontOptions& options) {
  if (address.is_unix()) {
    return Error{
        ErrorKind::Usage,
        fmt::format("HTTP cannot be served on {}: expected HOST:PORT", address.to_string()), ""};
  }
  auto impl = std::make_unique<Impl>(service, address.host, options);
  impl->add_handlers();
  auto listening = impl->listener.start(address.host, address.port);
  if (!listening) return std::move(listening).error();
  return std::unique_ptr<HttpFront>(new HttpFront(std::move(impl)));
}

HttpFront::HttpFront(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpFront::~HttpFront() = default;

std::string HttpFront::origin() const {
  return impl_->listener.origin();
}

}  // namespace topicloop::broker
