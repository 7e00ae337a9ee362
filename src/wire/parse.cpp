// SPDX-License-Identifier: Apache-2.0
#include "wire/parse.hpp"

#include <google/protobuf/message_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <limits>
#include <string>

namespace topicloop::wire {

Result<void> parse_into(google::protobuf::MessageLite& message, std::string_view bytes,
                        ErrorKind kind, std::string_view name) {
  // Protobuf logs text that is not UTF-8: a peer could fill our stderr with it.
  static const google::protobuf::LogSilencer silence;

  constexpr std::size_t k_longest = std::numeric_limits<int>::max();
  if (bytes.size() <= k_longest &&
      message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return {};
  }
  return Error{kind, "malformed " + std::string(name), {}};
}

}  // namespace topicloop::wire
