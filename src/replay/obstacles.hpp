// SPDX-License-Identifier: Apache-2.0
// What keeps a captured event from being replayed: what was not captured, or left out on purpose.
//
// Pure.
#pragma once

#include "base/error.hpp"
#include "replay/edits.hpp"
#include "replay/event.hpp"

#include <string>

namespace topicloop::replay {

// Why there is nothing to send, for people; empty if there is. `to_topic`: what is wanted is the
// message inside, and of a request only if that was not refused as a forgery.
std::string reason_to_skip(const Event& event, bool to_topic);

// How a request is to be sent again.
struct Resending {
  bool keeps_signature = true;  // Else it is signed anew.
  bool uses_target = true;      // To its own path and query.
};
// BadInput naming FILE:LINE if what is needed for that was left out of the capture.
Result<void> check_left_out(const Event& event, const Resending& resending);
// The same for what is published on a topic.
Result<void> check_payload_left_out(const Event& event);

// True for a header that was left out, whose value so is not what was sent.
bool is_left_out(const model::CaptureRecord& record, std::string_view header);

// The event with the edits made in the body of its request or the payload of its message. BadInput
// naming FILE:LINE if they cannot be.
Result<Event> edited(const Event& event, const Edits& edits);

}  // namespace topicloop::replay
