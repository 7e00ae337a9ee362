// SPDX-License-Identifier: Apache-2.0
// Secrets in URLs and request targets: passwords before the host, keys in the query.
//
// Which parameters are secret, base/shown_url says, as of all that is shown of URLs. Pure.
#pragma once

#include <string>
#include <vector>

namespace topicloop::capture {

// What was left out of `url`: "userinfo", and "query:NAME" for parameters, named as they are there.
// Their values become "redacted", without brackets, which a URL cannot have.
std::vector<std::string> leave_out_url_secrets(std::string& url);

}  // namespace topicloop::capture
