// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_get.hpp"

#include "base/shown_url.hpp"
#include "webhook/transfer.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace topicloop::webhook {

namespace {

constexpr std::size_t k_longest_body = 1U << 20U;

struct FreeCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

// Fewer bytes than it was given end the transfer.
std::size_t take_body(char* data, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  const std::size_t taken = std::min(size * count, k_longest_body - text.size());
  text.append(data, taken);
  return taken;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* date) {
  constexpr std::string_view k_name = "date:";
  const std::string line(data, size * count);
  std::string name = line.substr(0, k_name.size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (name == k_name) {
    const std::time_t seconds = curl_getdate(line.c_str() + k_name.size(), nullptr);
    if (seconds > 0) {
      *static_cast<std::optional<SystemTime>*>(date) =
          std::chrono::system_clock::from_time_t(seconds);
    }
  }
  return size * count;
}

}  // namespace

Result<HttpAnswer> http_get(const HttpQuestion& question) {
  const std::unique_ptr<CURL, FreeCurl> easy(curl_easy_init());
  const std::string no_proxy = no_proxy_list();
  HttpAnswer answer;
  curl_easy_setopt(easy.get(), CURLOPT_URL, question.url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_NOPROXY, no_proxy.c_str());
  // To curl zero means no limit at all.
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS,
                   std::max(1L, static_cast<long>(question.timeout.count())));
  if (!question.ca_file.empty()) {
    curl_easy_setopt(easy.get(), CURLOPT_CAINFO, question.ca_file.c_str());
  }
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(easy.get(), CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(easy.get(), CURLOPT_HEADERDATA, &answer.date);
  if (const CURLcode failure = curl_easy_perform(easy.get()); failure != CURLE_OK) {
    return Error{ErrorKind::Unavailable,
                 fmt::format("no answer from {}: {}", without_credentials(question.url),
                             curl_easy_strerror(failure)),
                 ""};
  }
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace topicloop::webhook
