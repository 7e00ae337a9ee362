// SPDX-License-Identifier: Apache-2.0
// Text and byte-string chores every room needs: UTF-8 checks, hex, base64, JSON string escaping.
//
// Pure functions over std::string_view; nothing here knows about locales.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace topicloop {

// Byte offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no overlong forms,
// no surrogates, nothing above U+10FFFF), or nothing if `bytes` is well formed.
std::optional<std::size_t> find_invalid_utf8(std::string_view bytes);

// Lower-case hexadecimal, two digits per byte.
std::string to_hex(std::string_view bytes);

// Standard alphabet, padded.
std::string to_base64(std::string_view bytes);

// Strict: standard alphabet, canonical padding, no white space. Nothing if `text` is not that.
std::optional<std::string> from_base64(std::string_view text);

// Appends `text` as a quoted JSON string, escaped byte for byte as Rust's serde_json does it:
// \" \\ \b \f \n \r \t, other controls below 0x20 as \u00xx, everything else (also "/", DEL and
// non-ASCII) raw. `text` must be well-formed UTF-8.
void append_json_string(std::string& out, std::string_view text);

// True if `text` is empty or only ASCII white space.
bool is_blank(std::string_view text);

// `text` without the ASCII white space around it.
std::string_view trimmed(std::string_view text);

}  // namespace topicloop
