// SPDX-License-Identifier: Apache-2.0
// The HTTP requests as which events are replayed: byte for byte as they were captured, or dated and
// signed anew.
//
// Headers that are about a connection or for a proxy are not sent again, nor those that were left
// out of the capture. Pure.
#pragma once

#include "base/error.hpp"
#include "replay/event.hpp"
#include "webhook/request.hpp"

#include <memory>
#include <string>
#include <vector>

namespace topicloop::cli {

class ReplayRequests {
public:
  // To `url`; one without a path is completed by each request's own. No signer: nothing is signed
  // anew.
  ReplayRequests(std::string url, std::shared_ptr<const webhook::Signer> signer);

  // BadInput naming FILE:LINE if the capture lacks what is needed, Usage if it is a message, which
  // has no signature to keep.
  Result<void> check(const replay::Event& event) const;
  // What is sent at `sent_at`, after the event was sent for the first time at `first_at`.
  webhook::SignedRequest make(const replay::Event& event, SystemTime first_at,
                              SystemTime sent_at) const;
  // Where it is sent, fit to be shown.
  std::string shown_url(const replay::Event& event) const;

  // Headers of the event that are not sent since their values were left out of the capture.
  static std::vector<std::string> headers_left_out(const replay::Event& event);

private:
  std::string url_of(const model::HttpExchange& exchange) const;
  webhook::SignedRequest repeated(const replay::Event& event) const;
  void sign_anew(webhook::SignedRequest& request, SystemTime first_at, SystemTime sent_at) const;

  const std::string url_;
  const bool has_path_;
  const std::shared_ptr<const webhook::Signer> signer_;
};

}  // namespace topicloop::cli
