// SPDX-License-Identifier: Apache-2.0
// Secrets in URLs and request targets: passwords before the host, keys in the query.
//
// Names are compared as a server would read them: percent-decoded, whatever their case. Pure.
#pragma once

#include <string>
#include <vector>

namespace topicloop::capture {

// What was left out of `url`: "userinfo", and "query:NAME" for parameters by their known names.
// Their values become "redacted", without brackets, which a URL cannot have.
std::vector<std::string> leave_out_url_secrets(std::string& url);

}  // namespace topicloop::capture
