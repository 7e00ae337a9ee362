// SPDX-License-Identifier: Apache-2.0
#include "wire/connect_failure.hpp"

#include "base/address.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::wire {

namespace {

constexpr const char* k_ask_doctor = "`topicloop doctor` finds out what is in the way";

bool is_on_this_machine(std::string_view endpoint) {
  auto address = parse_address(endpoint, 0);
  return address && address->is_loopback();
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// gRPC wraps the reason in several layers of its own words, the reason last.
std::string_view innermost(std::string_view text) {
  const std::size_t colon = text.rfind(": ");
  return colon == std::string_view::npos ? text : text.substr(colon + 2);
}

// Of a TLS handshake, in words of OpenSSL or of gRPC's own check of the name.
std::optional<ConnectFailure> tls_failure(std::string_view text, std::string_view endpoint) {
  // The second where an authority of the same name has another key, as one that was made anew.
  if (has(text, "certificate verify failed") || has(text, "asn1 encoding routines::EVP lib")) {
    return ConnectFailure{
        fmt::format("the certificate of the service at {} is not accepted: it has expired, or "
                    "comes from an authority that is not trusted here",
                    endpoint),
        "give its authority with --cacert FILE; `topicloop doctor` says what is wrong with it",
        false};
  }
  if (has(text, "is not in peer certificate") || has(text, "Hostname Verification Check failed")) {
    return ConnectFailure{
        fmt::format("the certificate of the service at {} is for another name", endpoint),
        "name the service as its certificate does; `topicloop doctor` says for which names it is",
        false};
  }
  if (has(text, "wrong version number") || has(text, "packet length too long") ||
      has(text, "http request")) {
    return ConnectFailure{
        fmt::format("what listens at {} does not speak TLS", endpoint),
        "check the port, which must be the one for gRPC; without --tls and --cacert the connection "
        "is in plain text",
        false};
  }
  // OpenSSL's: "error:0A000410:SSL routines::sslv3 alert handshake failure".
  const std::size_t reason = text.rfind("::");
  if (!has(text, " routines::") || reason == std::string_view::npos) return std::nullopt;
  return ConnectFailure{
      fmt::format("no TLS with the service at {}: {}", endpoint, text.substr(reason + 2)),
      k_ask_doctor};
}

std::optional<ConnectFailure> name_failure(std::string_view text, std::string_view endpoint) {
  if (!text.starts_with("DNS resolution failed")) return std::nullopt;
  return ConnectFailure{fmt::format("cannot look up the host of {}: {}", endpoint, innermost(text)),
                        "check how it is spelt; `topicloop doctor` finds out what is in the way"};
}

}  // namespace

ConnectFailure nobody_there(std::string_view endpoint, std::string_view reason) {
  return {fmt::format("cannot reach the service at {}: {}", endpoint, reason),
          is_on_this_machine(endpoint) ? "start one with `topicloop serve-topics`" : k_ask_doctor};
}

std::optional<ConnectFailure> connect_failure(const grpc::Status& status,
                                              std::string_view endpoint) {
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return std::nullopt;
  const std::string text = status.error_message();
  if (auto failure = name_failure(text, endpoint)) return failure;
  if (!text.starts_with("failed to connect to all addresses")) return std::nullopt;
  if (auto failure = tls_failure(text, endpoint)) return failure;
  if (has(text, "http1.x server")) {
    return ConnectFailure{
        fmt::format("what listens at {} speaks HTTP/1.1 and not gRPC", endpoint),
        "give the port for gRPC: serve-topics has it at 127.0.0.1:8080, and HTTP at another",
        false};
  }
  const std::string_view reason = innermost(text);
  // As a service does that expects TLS; but also what forwards to one that is not up yet.
  if (reason == "Socket closed" || reason == "Connection reset by peer") {
    return ConnectFailure{
        fmt::format("the service at {} closes the connection at once, as one does that expects TLS",
                    endpoint),
        "connect with --cacert FILE, or with --tls if the system trusts its authority"};
  }
  return nobody_there(endpoint, reason);
}

}  // namespace topicloop::wire
