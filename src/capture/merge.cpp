// SPDX-License-Identifier: Apache-2.0
#include "capture/merge.hpp"

#include <utility>

namespace topicloop::capture {

Merge::Merge(std::vector<Reader> readers) {
  for (Reader& reader : readers)
    sources_.push_back({std::move(reader), std::nullopt});
}

Result<std::optional<model::CaptureRecord>> Merge::next() {
  Source* earliest = nullptr;
  for (Source& source : sources_) {
    if (!std::exchange(source.is_read, true)) {
      auto head = source.reader.next();
      if (!head) return head;
      source.head = *std::move(head);
    }
    if (!source.head) continue;
    if (earliest == nullptr || source.head->at < earliest->head->at) earliest = &source;
  }
  if (earliest == nullptr) return std::optional<model::CaptureRecord>();
  earliest->is_read = false;
  return std::exchange(earliest->head, std::nullopt);
}

}  // namespace topicloop::capture
