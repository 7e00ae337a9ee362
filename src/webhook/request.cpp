// SPDX-License-Identifier: Apache-2.0
#include "webhook/request.hpp"

#include "base/shown_url.hpp"
#include "base/text.hpp"
#include "webhook/event.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

namespace topicloop::webhook {

namespace {

constexpr std::size_t k_short_id_size = 8;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return text;
}

Error bad_url(std::string_view url, const char* problem) {
  return {ErrorKind::InvalidArgument,
          fmt::format("URL \"{}\" {}", without_credentials_if_malformed(url), problem),
          "give a URL like https://example.com/path"};
}

}  // namespace

SignedRequest make_request(const model::Webhook& webhook, const model::Message& message,
                           SystemTime published_at, SystemTime fired_at, const Signer& signer) {
  const bool is_text = message.value.is_text();
  std::string body =
      to_json({.cache = message.cache,
               .topic = message.topic,
               .event_timestamp = to_epoch_ms(published_at),
               .publish_timestamp = to_epoch_ms(fired_at),
               .topic_sequence_number = message.sequence_number,
               .token_id = message.publisher_id,
               .text = is_text ? message.value.bytes : to_base64(message.value.bytes)});
  const std::string signature = signer.sign(body);
  SignedRequest request{.url = webhook.url,
                        .headers = {{"Content-Type", k_content_type},
                                    {"User-Agent", k_user_agent},
                                    {k_signature_header, signature}},
                        .body = std::move(body),
                        .id = short_id(signature)};
  if (!is_text) request.headers.emplace_back(k_text_encoding_header, k_base64);
  return request;
}

std::string short_id(std::string_view signature) {
  return std::string(signature.substr(0, k_short_id_size));
}

Result<void> check_url(std::string_view url) {
  // The URL parser takes a C string: what follows a zero byte would escape the check.
  if (url.find('\0') != std::string_view::npos) return bad_url(url, "contains a zero byte");
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0);
  if (code == CURLUE_NO_HOST) return bad_url(url, "has no host");
  if (code == CURLUE_BAD_PORT_NUMBER) return bad_url(url, "has an impossible port");
  if (code != CURLUE_OK && code != CURLUE_UNSUPPORTED_SCHEME) {
    return bad_url(url, "is not an absolute URL");
  }
  const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return bad_url(url, "is neither http nor https");
  // The parser takes "http:/x" and "http:///x" for "http://x".
  const std::string_view rest = url.substr(scheme.size());
  if (!rest.starts_with("://") || rest.starts_with(":///")) return bad_url(url, "has no host");
  if (part_of(parsed.get(), CURLUPART_HOST).empty()) return bad_url(url, "has no host");
  return {};
}

}  // namespace topicloop::webhook
