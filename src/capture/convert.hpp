// SPDX-License-Identifier: Apache-2.0
// Captured records as other tools know them. Pure.
#pragma once

#include "model/capture.hpp"

#include <optional>
#include <string>

namespace topicloop::capture {

// The URL a request was sent to: ours, with the path and query it was sent with.
std::string url_of(const model::HttpExchange& exchange);

// A command line for sh that sends the request again, byte for byte, without a line's end. Whatever
// is in the capture, it runs nothing but curl and reads no file. What curl must say itself (the
// length), and headers that cannot be headers, are left out.
std::string to_curl(const model::HttpExchange& exchange);

// A HAR 1.2 document is har_begin(), entries with commas between them, `k_har_end`.
// http://www.softwareishard.com/blog/har-12-spec/
std::string har_begin();
std::string to_har_entry(const model::CaptureRecord& record, const model::HttpExchange& exchange);
inline constexpr const char* k_har_end = "]}}";

// A CloudEvents 1.0 event in structured JSON, on one line: a message, or a request with its body as
// data. Nothing for a gap.
std::optional<std::string> to_cloudevent(const model::CaptureRecord& record);

}  // namespace topicloop::capture
