// SPDX-License-Identifier: Apache-2.0
// Reaching an endpoint one step at a time, so that whoever asks why it fails learns where.
//
// A channel does the same by itself and tells little of it. The steps are to be taken in order, and
// each ends by its timeout or when `stop` is requested; a failure is Unavailable, but Usage where
// there can be no such endpoint, and names it. Not thread-safe.
#pragma once

#include "base/address.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

namespace topicloop::topic {

class Probe {
public:
  // `endpoint` is HOST:PORT or unix:PATH.
  Probe(const std::string& endpoint, std::chrono::milliseconds timeout, std::stop_token stop);
  Probe(Probe&&) noexcept;
  Probe& operator=(Probe&&) noexcept;
  ~Probe();

  // Looks the name up; the result is its addresses, for people.
  Result<std::string> resolve();

  // Connects to the first address that answers; the result is that address.
  Result<std::string> connect();

  struct Certificate {
    std::string issuer;  // For people.
    SystemTime valid_until;
  };
  // Shakes hands over TLS and checks the certificate: with the authorities in the PEM file, or the
  // system's. BadInput if there are none in it.
  Result<Certificate> shake_hands(const std::string& ca_file);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::topic
