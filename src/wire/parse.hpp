// SPDX-License-Identifier: Apache-2.0
// The one way bytes become a protobuf message, for this room's own files only.
//
// Hides protobuf's size type, and its habit of writing to stderr when a peer sends bad text: that
// is an Error like any other. Thread-safe.
#pragma once

#include "base/error.hpp"

#include <string_view>

namespace google::protobuf {
class MessageLite;
}

namespace topicloop::wire {

// Replaces the contents of `message`. Unknown fields are tolerated. The error, of `kind`, reads
// "malformed " and `name`: the bytes are not protobuf, or a text field is not UTF-8.
Result<void> parse_into(google::protobuf::MessageLite& message, std::string_view bytes,
                        ErrorKind kind, std::string_view name);

}  // namespace topicloop::wire
