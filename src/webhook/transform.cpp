// SPDX-License-Identifier: Apache-2.0
#include "webhook/transform.hpp"

#include <unicode/ucasemap.h>

#include <cstdint>
#include <stdexcept>

namespace topicloop::webhook {

namespace {

using MapCase = decltype(&ucasemap_utf8ToUpper);

// "" is the root locale; null would be the machine's. The map is never closed: it serves every
// thread until the process ends.
const UCaseMap* root_case_map() {
  static const UCaseMap* const map = [] {
    UErrorCode status = U_ZERO_ERROR;
    return ucasemap_open("", 0, &status);
  }();
  return map;
}

std::string map_case(MapCase map, std::string_view text) {
  // Room for the common case; ICU says how much the rare one needs.
  std::string out(text.size() + text.size() / 8 + 16, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    UErrorCode status = U_ZERO_ERROR;
    const std::int32_t length =
        map(root_case_map(), out.data(), static_cast<std::int32_t>(out.size()), text.data(),
            static_cast<std::int32_t>(text.size()), &status);
    out.resize(static_cast<std::size_t>(length));
    if (U_SUCCESS(status)) return out;
    if (status != U_BUFFER_OVERFLOW_ERROR) break;
  }
  throw std::runtime_error("ICU cannot map the case of a text");
}

}  // namespace

std::string apply(Transform transform, std::string_view utf8) {
  switch (transform) {
    case Transform::Upper:
      return map_case(&ucasemap_utf8ToUpper, utf8);
    case Transform::Lower:
      return map_case(&ucasemap_utf8ToLower, utf8);
    case Transform::Identity:
      break;
  }
  return std::string(utf8);
}

}  // namespace topicloop::webhook
