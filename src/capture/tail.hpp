// SPDX-License-Identifier: Apache-2.0
// Where and how to go on in a capture file that is there already.
//
// A writer that was killed leaves a line without its end, or a compressed stream without one. Both
// are put in order before anything is appended, so that every other tool can read the file, too.
#pragma once

#include "base/error.hpp"
#include "capture/codec.hpp"

#include <cstdint>
#include <string>

namespace topicloop::capture {

struct Tail {
  std::uint64_t size = 0;  // What is to be kept of the file: the rest cannot be decoded.
  std::string ending;      // Bytes that end what is kept.
  std::string first_text;  // With what the text that follows is to begin: the end of a torn line.
};

// Looks at the whole file if it is compressed, else at its last byte. BadInput, without the file's
// name, if it cannot be read or continued. The descriptor's offset does not matter.
Result<Tail> find_tail(int fd, std::uint64_t size, Compression compression);

}  // namespace topicloop::capture
