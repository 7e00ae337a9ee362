// SPDX-License-Identifier: Apache-2.0
// The request headers with which a client asks for faults in its own calls.
//
// They are momento-local's, as the SDKs' test middleware sends them; an empty one counts as not
// sent. Pure, thread-safe.
#pragma once

#include "base/error.hpp"
#include "broker/fault_rule.hpp"

#include <string_view>

namespace topicloop::broker {

// The headers of one call, views into it.
struct FaultHeaders {
  std::string_view request_id;                  // Of a client: its calls are counted together.
  std::string_view error_rpcs;                  // Calls that fail: names, separated by spaces.
  std::string_view return_error;                // How; any name that status_code() knows.
  std::string_view error_count;                 // Only the first so many.
  std::string_view delay_rpcs;                  // Calls that are delayed.
  std::string_view delay_ms;                    // By how much.
  std::string_view delay_count;                 // Only the first so many.
  std::string_view stream_error_rpcs;           // Streams that fail.
  std::string_view stream_error;                // How.
  std::string_view stream_error_message_limit;  // After so many messages, heartbeats included.
};

// What the headers ask for in a call to `target`. Calls that no list names, and names of caches'
// calls, do not matter. InvalidArgument, naming the header, if it names a call or asks for
// something that there is not: a test must not pass because its fault was misspelt.
Result<FaultRule> requested_faults(const FaultHeaders& headers, FaultTarget target);

}  // namespace topicloop::broker
