// SPDX-License-Identifier: Apache-2.0
#include "replay/obstacles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace topicloop::replay {

namespace {

constexpr const char* k_signature = "momento-signature";
constexpr const char* k_resign = "--resign dates and signs it anew";
constexpr std::string_view k_query = "query:";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return result;
}

// The first thing of this kind that was left out; null if there is none.
const std::string* left_out(const model::CaptureRecord& record, std::string_view beginning) {
  const auto found =
      std::find_if(record.redacted.begin(), record.redacted.end(),
                   [&](const std::string& what) { return what.starts_with(beginning); });
  return found == record.redacted.end() ? nullptr : &*found;
}

Error error(const Event& event, std::string message, std::string help = "") {
  return {ErrorKind::BadInput, fmt::format("{}: {}", event.position(), message), std::move(help)};
}

Result<void> check_body(const Event& event) {
  if (left_out(event.record, "body") == nullptr) return {};
  return error(event, "its content was left out of the capture, so there is nothing to send",
               "--select leaves it out");
}

}  // namespace

std::string reason_to_skip(const Event& event, bool to_topic) {
  const auto* exchange = event.exchange();
  if (exchange == nullptr) return "";
  if (!exchange->request.body_received) return "its body was not received";
  if (!to_topic) return "";
  if (exchange->verification.outcome == model::Verification::Outcome::Failed) {
    return "it was not genuine: " + exchange->verification.reason;
  }
  return event.event ? "" : "it is not a webhook event";
}

Result<void> check_left_out(const Event& event, const Resending& resending) {
  if (auto checked = check_body(event); !checked) return checked;
  if (event.exchange() == nullptr) return {};
  if (resending.uses_target && left_out(event.record, k_query) != nullptr) {
    return error(event,
                 fmt::format("the query parameter \"{}\" was left out of the capture",
                             left_out(event.record, k_query)->substr(k_query.size())),
                 "--to with a path sends all requests there");
  }
  const bool is_signed = capture::header_of(event.exchange()->request.headers, k_signature) ||
                         is_left_out(event.record, k_signature);
  if (!resending.keeps_signature || !is_signed) return {};
  if (is_left_out(event.record, k_signature)) {
    return error(event, "its signature was left out of the capture", k_resign);
  }
  if (const auto* pointer = left_out(event.record, "/")) {
    return error(event,
                 fmt::format("{} was left out of the capture, so its signature does not fit any "
                             "more",
                             *pointer),
                 k_resign);
  }
  return {};
}

Result<void> check_payload_left_out(const Event& event) {
  return check_body(event);
}

bool is_left_out(const model::CaptureRecord& record, std::string_view header) {
  const std::string what = "header:" + lower(header);
  return std::find(record.redacted.begin(), record.redacted.end(), what) != record.redacted.end();
}

Result<Event> edited(const Event& event, const Edits& edits) {
  if (edits.empty()) return event;
  Event changed = event;
  auto applied = edits.apply(std::move(changed.content()));
  if (!applied) return error(event, "--set: " + applied.error().message);
  changed.content() = *std::move(applied);
  Event made = make_event(changed.file, changed.line, std::move(changed.record));
  made.round = event.round;
  return made;
}

}  // namespace topicloop::replay
