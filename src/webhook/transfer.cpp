// SPDX-License-Identifier: Apache-2.0
#include "webhook/transfer.hpp"

#include "base/shown_url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace topicloop::webhook {

namespace {

struct FreeCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeCurl>;

// Where curl puts an answer's body; what is beyond the bound is dropped.
struct KeptBody {
  std::string bytes;
  std::size_t most = 0;
};

std::size_t keep(char* data, std::size_t size, std::size_t count, void* context) {
  auto& body = *static_cast<KeptBody*>(context);
  body.bytes.append(data, std::min(size * count, body.most - body.bytes.size()));
  return size * count;
}

bool is_token(std::string_view name) {
  constexpr std::string_view k_token_punctuation = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           k_token_punctuation.find(c) != std::string_view::npos;
  });
}

bool breaks_framing(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void append(HeaderList& list, const std::string& line) {
  list.reset(curl_slist_append(list.release(), line.c_str()));
}

Error bad_request(std::string message) {
  return {ErrorKind::InvalidArgument, std::move(message), ""};
}

Result<void> check_request(const SignedRequest& request) {
  if (breaks_framing(request.url)) return bad_request("the URL contains a line break");
  if (!is_token(request.method)) return bad_request("the method is not a token");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return bad_request("a header's name is not a token");
    if (breaks_framing(value)) {
      return bad_request(fmt::format("the value of header {} contains a line break", name));
    }
  }
  return {};
}

bool has_header(const SignedRequest& request, const char* name) {
  return std::any_of(request.headers.begin(), request.headers.end(), [&](const auto& header) {
    return ::strcasecmp(header.first.c_str(), name) == 0;
  });
}

HeaderList header_list(const SignedRequest& request) {
  HeaderList list;
  for (const auto& [name, value] : request.headers) {
    const bool is_kept_empty = value.empty() && request.is_verbatim;
    append(list, is_kept_empty ? name + ";" : fmt::format("{}: {}", name, value));
  }
  // What curl would add by itself.
  for (const char* name : {"Accept", "Content-Type", "User-Agent"}) {
    if (request.is_verbatim && !has_header(request, name)) append(list, fmt::format("{}:", name));
  }
  // Waiting for "100 Continue" costs up to a second with receivers that do not know it.
  append(list, "Expect:");
  return list;
}

std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, FreeCurl> parsed(curl_url());
  char* host = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return without_credentials_if_malformed(url);
  }
  const std::unique_ptr<char, decltype(&curl_free)> owner(host, &curl_free);
  return host;
}

std::string to_text(std::chrono::milliseconds duration) {
  const auto ms = duration.count();
  return ms % 1'000 == 0 ? fmt::format("{}s", ms / 1'000) : fmt::format("{}ms", ms);
}

}  // namespace

std::string no_proxy_list() {
  const char* value = std::getenv("no_proxy");
  if (value == nullptr) value = std::getenv("NO_PROXY");
  const std::string from_environment = value == nullptr ? "" : value;
  // curl understands "*" (no proxy at all) only when it stands alone.
  if (from_environment == "*") return from_environment;
  return (from_environment.empty() ? "" : from_environment + ",") + "localhost,127.0.0.1,::1";
}

struct Transfer::Impl {
  std::unique_ptr<CURL, FreeCurl> easy{curl_easy_init()};
  SignedRequest request;  // curl reads the body from here while it sends.
  HeaderList headers;
  std::chrono::milliseconds timeout{0};
  KeptBody answer;
  std::array<char, CURL_ERROR_SIZE> message{};
};

Transfer::Transfer(const std::string& no_proxy) : impl_(std::make_unique<Impl>()) {
  CURL* const easy = impl_->easy.get();
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, no_proxy.c_str());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &impl_->answer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, impl_->message.data());
#if LIBCURL_VERSION_NUM >= 0x075700
  // Otherwise giving up on a slow name server waits for it, and every other delivery with it.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

Transfer::~Transfer() = default;

Result<void> Transfer::prepare(SignedRequest request, std::chrono::milliseconds timeout,
                               std::size_t keep_body) {
  if (auto checked = check_request(request); !checked) return checked;
  impl_->request = std::move(request);
  impl_->headers = header_list(impl_->request);
  // To curl zero means no limit at all.
  impl_->timeout = std::max(timeout, std::chrono::milliseconds(1));
  impl_->answer = {.bytes = "", .most = keep_body};
  impl_->message[0] = '\0';

  CURL* const easy = impl_->easy.get();
  const std::string& body = impl_->request.body;
  const std::string& method = impl_->request.method;
  curl_easy_setopt(easy, CURLOPT_NOBODY, method == "HEAD" ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_POST, method == "HEAD" ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method == "POST" ? nullptr : method.c_str());
  curl_easy_setopt(easy, CURLOPT_URL, impl_->request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, impl_->headers.get());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(impl_->timeout.count()));
  return {};
}

void* Transfer::handle() const {
  return impl_->easy.get();
}

std::string Transfer::error(int curl_code) const {
  const auto code = static_cast<CURLcode>(curl_code);
  long os_error = 0;
  curl_easy_getinfo(impl_->easy.get(), CURLINFO_OS_ERRNO, &os_error);
  switch (code) {
    case CURLE_OK:
      return "";
    case CURLE_COULDNT_RESOLVE_HOST:
      return fmt::format("cannot resolve host {}", host_of(impl_->request.url));
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "cannot resolve the proxy's host";
    case CURLE_COULDNT_CONNECT:
      if (os_error == ECONNREFUSED) return "connection refused";
      if (os_error != 0) return std::generic_category().message(static_cast<int>(os_error));
      break;
    case CURLE_OPERATION_TIMEDOUT:
      return fmt::format("no answer within {}", to_text(impl_->timeout));
    case CURLE_GOT_NOTHING:
      return "connection closed without an answer";
    default:
      break;
  }
  return impl_->message[0] != '\0' ? impl_->message.data() : curl_easy_strerror(code);
}

int Transfer::status() const {
  long status = 0;
  curl_easy_getinfo(impl_->easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

std::string Transfer::header(const char* name) const {
  curl_header* header = nullptr;
  const CURLHcode code = curl_easy_header(impl_->easy.get(), name, 0, CURLH_HEADER, -1, &header);
  return code == CURLHE_OK ? header->value : "";
}

model::HttpHeaders Transfer::headers() const {
  model::HttpHeaders headers;
  for (curl_header* header = nullptr;
       (header = curl_easy_nextheader(impl_->easy.get(), CURLH_HEADER, -1, header)) != nullptr;)
    headers.emplace_back(header->name, header->value);
  return headers;
}

std::string Transfer::take_body() {
  return std::move(impl_->answer.bytes);
}

}  // namespace topicloop::webhook
