// SPDX-License-Identifier: Apache-2.0
#include "cli/dead_letters.hpp"

#include "base/shown_url.hpp"
#include "capture/record.hpp"

#include <fmt/format.h>

namespace topicloop::cli {

namespace {

// Path and query of a URL that has been checked, as they are sent.
std::string target_of(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  const std::size_t begin = url.find_first_of("/?", host);
  if (begin == std::string::npos) return "/";
  const std::string target = url.substr(begin, url.find('#', begin) - begin);
  return target.starts_with('/') ? target : "/" + target;
}

std::string reason_of(const webhook::DeliveryOutcome& outcome) {
  if (!outcome.error.empty()) return outcome.error;
  return fmt::format("status {}", outcome.status);
}

}  // namespace

Result<DeadLetters> DeadLetters::open(const std::string& path) {
  auto file = capture::Writer::open(path);
  if (!file) return std::move(file).error();
  return DeadLetters(*std::move(file));
}

Result<void> DeadLetters::write(DeadLetter letter) {
  webhook::SignedRequest& request = letter.request;
  const webhook::DeliveryOutcome& outcome = letter.outcome;
  model::HttpExchange exchange{.id = std::move(request.id),
                               .peer = "",
                               .url = without_credentials(request.url),
                               .request = {.method = "POST",
                                           .target = target_of(request.url),
                                           .version = "HTTP/1.1",
                                           .headers = std::move(request.headers),
                                           .body = std::move(request.body)},
                               .verification = {},
                               .response = {.status = outcome.status, .headers = {}, .body = ""},
                               .reason = reason_of(outcome),
                               .latency = outcome.latency,
                               .attempts = outcome.attempt};
  model::CaptureRecord record = capture::record_now(std::move(exchange));
  record.at = letter.fired_at;
  return file_.write(std::move(record));
}

}  // namespace topicloop::cli
