// SPDX-License-Identifier: Apache-2.0
// One record of a capture on its way to be replayed.
//
// Plain values; what they are called is the same in every run, so that reports can be compared.
#pragma once

#include "capture/event_of.hpp"
#include "model/capture.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace topicloop::replay {

struct Event {
  std::string file;
  std::uint64_t line = 0;
  std::uint64_t round = 1;      // Which time it is replayed, from 1.
  model::CaptureRecord record;  // A request or a message.
  // The message inside a request; nothing if that is no webhook event.
  std::optional<capture::CapturedEvent> event;

  // The one that it is; the other is null.
  const model::HttpExchange* exchange() const;
  const model::Message* captured() const;
  // The body of the request, or the payload of the message.
  const std::string& content() const;
  std::string& content();

  // FILE:LINE.
  std::string position() const;
  // `topic 1 #42 [0123abcd]`, or `POST /hook [0123abcd]`; from the second round on with its number.
  std::string name() const;
  // The message as a subscriber got it, or would have got it. Nothing if there is none inside.
  std::optional<model::Message> message() const;
};

// Looks into the record, which is not a gap.
Event make_event(std::string file, std::uint64_t line, model::CaptureRecord record);

}  // namespace topicloop::replay
