// SPDX-License-Identifier: Apache-2.0
// Keys as users have them: bare, or inside the credential that SDKs take.
//
// A credential is base64 of {"endpoint": HOST, "api_key": KEY}. Errors never repeat what they
// found.
#pragma once

#include <string>
#include <string_view>

namespace topicloop::cli {

// The key to send: from the file if there is one, else from MOMENTO_API_KEY; empty without either.
// Throws CommandError, BadInput naming its source, if there is no key in it.
std::string given_api_key(const std::string& file);

// The credential, as SDKs take it.
std::string to_credential(std::string_view endpoint, std::string_view api_key);

}  // namespace topicloop::cli
