// SPDX-License-Identifier: Apache-2.0
// URLs as they may be shown: without the credentials in them.
//
// The one rule for records, text, warnings, errors and captures. Names stay, values become "***":
// whoever reads a URL recognises it and learns nothing from it. What is secret in a path (a chat's
// incoming webhook) nobody can tell from any other path, so that stays. Pure.
#pragma once

#include <string>
#include <string_view>

namespace topicloop {

inline constexpr std::string_view k_hidden = "***";

// `url` with "***" for user and password, and for the values of parameters, in query and fragment,
// whose names say that they are secret. Anything else stays byte for byte. Takes any text.
std::string without_credentials(std::string_view url);

// The same for what is no well-formed URL, of which nobody can tell where a password ends: all up
// to the last "@" is hidden.
std::string without_credentials_if_malformed(std::string_view text);

// True for a parameter's name, percent-encoded or not and in any case, behind which a credential is
// to be expected: token, api_key, X-Amz-Signature, ...
bool is_credential_name(std::string_view name);

}  // namespace topicloop
