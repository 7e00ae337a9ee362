// SPDX-License-Identifier: Apache-2.0
#include "wire/grpc_setup.hpp"

#include <absl/base/internal/sysinfo.h>
#include <grpc/support/log.h>
#include <malloc.h>

#include <cstdlib>

namespace topicloop::wire {

namespace {

constexpr int k_most_arenas = 16;

// gRPC 1.51 starts to connect, takes locks and memory, and only then looks at errno. The first
// thread that has to wait for a lock, or that gets a ninth heap, counts the processors by reading a
// file; where /sys is not mounted that leaves "No such file or directory" behind, which then fails
// the connection. Counting now, and bounding the heaps, leaves nothing to be read later.
void count_processors_early() {
  mallopt(M_ARENA_MAX, k_most_arenas);
  static_cast<void>(absl::base_internal::NumCPUs());
}

}  // namespace

void set_up_grpc() {
  static const bool k_done = [] {
    const bool log_wanted =
        std::getenv("GRPC_VERBOSITY") != nullptr || std::getenv("GRPC_TRACE") != nullptr;
    if (!log_wanted) gpr_set_log_function([](gpr_log_func_args*) {});
    count_processors_early();
    return true;
  }();
  static_cast<void>(k_done);
}

}  // namespace topicloop::wire
