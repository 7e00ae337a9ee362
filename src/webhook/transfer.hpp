// SPDX-License-Identifier: Apache-2.0
// One reusable libcurl transfer: a request made ready to run, and what its end means.
//
// Part of the delivery engine, apart from it so that one file knows how a request is sent and the
// other when. `handle()` is a CURL easy handle, for curl_multi. Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "model/capture.hpp"
#include "webhook/request.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace topicloop::webhook {

// Hosts not to be reached through a proxy: the environment's no_proxy and this machine itself.
std::string no_proxy_list();

class Transfer {
public:
  explicit Transfer(const std::string& no_proxy);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer();

  // Makes the handle ready to run; of the answer's body, `keep_body` bytes are kept. Fails with
  // InvalidArgument if a header, the method or the URL contains what would break the request's
  // framing.
  Result<void> prepare(SignedRequest request, std::chrono::milliseconds timeout,
                       std::size_t keep_body);

  void* handle() const;

  // Why a run that ended with this CURLcode brought no answer, for people; empty if it did.
  std::string error(int curl_code) const;
  int status() const;
  // The answer's last header of this name, as it came; empty if there is none.
  std::string header(const char* name) const;
  // Its headers, in their order.
  model::HttpHeaders headers() const;
  // What was kept of the answer's body. To be taken once.
  std::string take_body();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::webhook
