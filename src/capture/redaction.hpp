// SPDX-License-Identifier: Apache-2.0
// What must not get into a capture: secrets always, and whatever the user names.
//
// Values are replaced, names stay, and the record says what was done. Pure, so thread-safe.
#pragma once

#include "base/error.hpp"
#include "capture/secret_pointer.hpp"
#include "model/capture.hpp"

#include <string>
#include <vector>

namespace topicloop::capture {

class Redactions {
public:
  // Only what is always left out: the values of headers and query parameters that carry keys, and
  // passwords in URLs.
  Redactions() = default;

  // Each of `what` is a header's name or, if it begins with a slash, a JSON pointer (RFC 6901) into
  // the body of a request or the payload of a message. It may go on into a string that holds JSON:
  // /text/card/number. Usage naming what is neither.
  static Result<Redactions> parse(const std::vector<std::string>& what);

  // What a pointer cannot be followed into, as a body that is not JSON, is left out whole.
  void apply(model::CaptureRecord& record) const;

private:
  void apply_to(model::HttpExchange& exchange, std::vector<std::string>& redacted) const;
  void apply_to(model::Message& message, std::vector<std::string>& redacted) const;
  void apply_to(model::Gap& gap, std::vector<std::string>& redacted) const;
  void redact_headers(model::HttpHeaders& headers, std::vector<std::string>& redacted) const;
  // True if `body` was changed.
  bool redact_body(std::string& body, std::vector<std::string>& redacted) const;

  std::vector<std::string> headers_;  // Lower case.
  std::vector<SecretPointer> pointers_;
};

}  // namespace topicloop::capture
