// SPDX-License-Identifier: Apache-2.0
#include "wire/grpc_log.hpp"

#include <grpc/support/log.h>

#include <cstdlib>

namespace topicloop::wire {

void silence_grpc_log() {
  static const bool k_done = [] {
    const bool wanted =
        std::getenv("GRPC_VERBOSITY") != nullptr || std::getenv("GRPC_TRACE") != nullptr;
    if (!wanted) gpr_set_log_function([](gpr_log_func_args*) {});
    return true;
  }();
  static_cast<void>(k_done);
}

}  // namespace topicloop::wire
