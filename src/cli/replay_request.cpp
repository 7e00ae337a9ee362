// SPDX-License-Identifier: Apache-2.0
#include "cli/replay_request.hpp"

#include "base/shown_url.hpp"
#include "replay/edits.hpp"
#include "replay/obstacles.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <utility>

namespace topicloop::cli {

namespace {

// What belongs to a connection or is made anew for each request; and what would bring an answer in
// an encoding that cannot be compared with anything.
constexpr std::array k_not_repeated = {"accept-encoding",
                                       "connection",
                                       "content-length",
                                       "expect",
                                       "host",
                                       "keep-alive",
                                       "proxy-authenticate",
                                       "te",
                                       "trailer",
                                       "transfer-encoding",
                                       "proxy-connection",
                                       "proxy-authorization",
                                       "upgrade"};

bool same_name(const std::string& left, const char* right) {
  return ::strcasecmp(left.c_str(), right) == 0;
}

bool is_repeated(const std::string& name) {
  return std::none_of(k_not_repeated.begin(), k_not_repeated.end(),
                      [&](const char* other) { return same_name(name, other); });
}

// Of a URL that has been checked.
bool has_path(const std::string& url) {
  return url.find_first_of("/?#", url.find("://") + 3) != std::string::npos;
}

}  // namespace

ReplayRequests::ReplayRequests(std::string url, std::shared_ptr<const webhook::Signer> signer)
    : url_(std::move(url)), has_path_(has_path(url_)), signer_(std::move(signer)) {}

Result<void> ReplayRequests::check(const replay::Event& event) const {
  if (event.captured() != nullptr && !signer_) {
    return Error{ErrorKind::Usage,
                 fmt::format("{}: a message has no signature to keep", event.position()),
                 "--resign --secret-file FILE makes a signed webhook request of it"};
  }
  if (!has_path_ && event.exchange() != nullptr &&
      !event.exchange()->request.target.starts_with('/')) {
    return Error{ErrorKind::BadInput,
                 fmt::format("{}: \"{}\" is not a path to send to", event.position(),
                             event.exchange()->request.target),
                 "--to with a path sends all requests there"};
  }
  return replay::check_left_out(event, {.keeps_signature = !signer_, .uses_target = !has_path_});
}

webhook::SignedRequest ReplayRequests::make(const replay::Event& event, SystemTime first_at,
                                            SystemTime sent_at) const {
  if (event.exchange() != nullptr) {
    auto request = repeated(event);
    if (signer_) sign_anew(request, first_at, sent_at);
    return request;
  }
  const auto& message = *event.captured();
  return webhook::make_request({{message.cache, ""}, message.topic, url_}, message, first_at,
                               sent_at, *signer_);
}

webhook::SignedRequest ReplayRequests::repeated(const replay::Event& event) const {
  const auto& exchange = *event.exchange();
  webhook::SignedRequest request{.url = url_of(exchange),
                                 .headers = {},
                                 .body = exchange.request.body,
                                 .id = exchange.id,
                                 .method = exchange.request.method,
                                 .is_verbatim = true};
  for (const auto& header : exchange.request.headers) {
    if (is_repeated(header.first) && !replay::is_left_out(event.record, header.first)) {
      request.headers.push_back(header);
    }
  }
  return request;
}

void ReplayRequests::sign_anew(webhook::SignedRequest& request, SystemTime first_at,
                               SystemTime sent_at) const {
  const std::int64_t age = replay::age_when_published(request.body);
  request.body = replay::dated(request.body, {to_epoch_ms(first_at) - age, to_epoch_ms(sent_at)});
  const std::string signature = signer_->sign(request.body);
  request.id = webhook::short_id(signature);
  const auto header = std::find_if(
      request.headers.begin(), request.headers.end(),
      [](const auto& one) { return same_name(one.first, webhook::k_signature_header); });
  if (header == request.headers.end()) {
    request.headers.emplace_back(webhook::k_signature_header, signature);
  } else {
    header->second = signature;
  }
}

std::string ReplayRequests::url_of(const model::HttpExchange& exchange) const {
  return has_path_ ? url_ : url_ + exchange.request.target;
}

std::string ReplayRequests::shown_url(const replay::Event& event) const {
  const auto* exchange = event.exchange();
  return without_credentials(exchange == nullptr ? url_ : url_of(*exchange));
}

std::vector<std::string> ReplayRequests::headers_left_out(const replay::Event& event) {
  std::vector<std::string> names;
  if (event.exchange() == nullptr) return names;
  for (const auto& [name, value] : event.exchange()->request.headers) {
    const bool is_told = same_name(name, webhook::k_signature_header) || !is_repeated(name);
    if (!is_told && replay::is_left_out(event.record, name)) names.push_back(name);
  }
  return names;
}

}  // namespace topicloop::cli
