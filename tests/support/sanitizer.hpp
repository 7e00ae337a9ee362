// SPDX-License-Identifier: Apache-2.0
// Whether the program is built with a sanitizer, whose own memory counts as the program's.
#pragma once

namespace topicloop::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool k_is_sanitized = true;
#else
inline constexpr bool k_is_sanitized = false;
#endif

}  // namespace topicloop::test
