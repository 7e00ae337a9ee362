// SPDX-License-Identifier: Apache-2.0
// The HTTP server that receives webhook requests and passes on the genuine ones.
//
// A request is checked in this order: head (400, 414, 417, 431, 505), method (405), path (404),
// content type and encoding (415), framing and size (400, 408, 411, 413), signature over the raw
// body (401, 403, 503), event (400), age (403); refusals are JSON and repeat nothing received.
// Handler and observer are called from up to 1,024 threads at once, with all signals blocked.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "model/capture.hpp"
#include "model/message.hpp"
#include "model/webhook.hpp"
#include "webhook/http_server.hpp"
#include "webhook/tls_files.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::webhook {

struct ReceiverOptions {
  std::string host = "127.0.0.1";             // Name or address; IPv6 without brackets.
  int port = 9'000;                           // 0: pick a free one.
  std::string path = "/";                     // Any query string is accepted and ignored.
  std::chrono::milliseconds max_age{60'000};  // See check_freshness(); 0: not checked.
  bool verify = true;                         // False: signatures are not looked at.
  std::size_t max_body = 1U << 20U;           // Bytes.
  HttpPatience patience = {};
  std::size_t max_connections = 1'024;
  std::optional<TlsFiles> tls = {};  // Accepted by read_tls_files(): HTTPS.
  // Called when a signature matches no secret, which is then looked at once more: the secret may
  // have been rotated. May block and call set_secrets(); must not throw. May be empty.
  std::function<void()> on_unknown_signature = {};
  // Keeps every request with its answer, before that is sent; a failure makes it a 500. Called as
  // the observer is; may be empty. Must not throw.
  std::function<Result<void>(const model::CaptureRecord&)> record = {};
};

struct ReceivedEvent {
  model::WebhookEvent event;
  model::Value payload;  // The event's text, decoded if the sender marked it as binary.
  std::string id;        // As in Exchange.
  std::string url;       // As in Exchange.
  std::string body;      // Byte for byte what was signed.
  // Those of the sender that say what the body is: its type, encoding, signature and origin.
  std::vector<std::pair<std::string, std::string>> headers;
};

struct HandlerAnswer {
  int status = 200;
  std::string body = R"({"status":"success"})";
  std::string reason = {};  // Why nothing came of it, for the observer; it is not sent.
  std::string content_type = "application/json";
};

// One request answered, whatever the answer. `method` and `path` are the sender's: escape them
// before showing them.
struct Exchange {
  std::string id;  // First 8 digits of the signature; empty without a well-formed one.
  std::string method;
  std::string path;  // As it was sent, without the query.
  std::string url;   // Ours, with that path.
  std::string peer;  // Address of the sender, or of a proxy before it.
  model::Verification verification;
  std::optional<model::WebhookEvent> event;  // If the request got as far as being one.
  int status = 0;
  std::string reason;                    // Why nothing came of it; empty if something did.
  std::string answer;                    // Body of the answer.
  std::string content_type = {};         // And its type.
  SystemTime at;                         // When the request's headers had arrived.
  std::chrono::microseconds latency{0};  // From then until the answer was ready to be sent.
};

class Receiver {
public:
  // Answers a verified event; may block. What it throws becomes a 500.
  using Handler = std::function<HandlerAnswer(const ReceivedEvent&)>;
  // Told of every exchange just before the answer is sent. What it throws becomes a 500. Not told
  // of a connection that ends, or is closed as too slow, before a request's headers have arrived.
  using Observer = std::function<void(const Exchange&)>;

  // Accepts connections when it returns; `observer` may be empty. Fails with Unavailable naming
  // host and port if they cannot be bound.
  static Result<Receiver> start(ReceiverOptions options, Handler handler, Observer observer);
  Receiver(Receiver&&) noexcept;
  Receiver& operator=(Receiver&&) noexcept;
  ~Receiver();  // As stop().

  // Any of these may have signed a request. Until the first call every signed request is answered
  // 503, so that a secret may be fetched with the server up. Thread-safe.
  void set_secrets(const std::vector<std::string>& secrets);

  // With the port actually bound, e.g. "http://127.0.0.1:9000/".
  std::string url() const;
  int port() const;

  // Stops accepting, closes idle connections, answers what is in progress: takes as long as the
  // slowest handler, and up to 1 s for requests that are still arriving.
  void stop();

private:
  struct Impl;
  explicit Receiver(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::webhook
