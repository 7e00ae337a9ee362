// SPDX-License-Identifier: Apache-2.0
#include "wire/grpc_setup.hpp"

#include <absl/base/internal/low_level_alloc.h>
#include <absl/base/internal/sysinfo.h>
#include <absl/synchronization/mutex.h>
#include <grpc/support/cpu.h>
#include <grpc/support/log.h>
#include <malloc.h>

#include <cstddef>
#include <cstdlib>

namespace topicloop::wire {

namespace {

constexpr int k_most_arenas = 16;

// What abseil keeps for each thread that has to wait for a lock takes less than 1 KiB.
constexpr std::size_t k_lock_memory = 1U << 20U;

// gRPC 1.51 starts to connect, takes locks and memory, and only then looks at errno. The first
// thread that has to wait for a lock, or that gets a ninth heap, counts the processors by reading a
// file; where /sys is not mounted that leaves "No such file or directory" behind, which then fails
// the connection. So does "Invalid argument", from abseil naming the memory that such threads need
// on a kernel that knows no names for memory. Doing all that now leaves nothing to be done then.
void use_up_errno() {
  mallopt(M_ARENA_MAX, k_most_arenas);
  static_cast<void>(gpr_cpu_num_cores());
  static_cast<void>(absl::base_internal::NumCPUs());
  static_cast<void>(absl::base_internal::NominalCPUFrequency());
  using Memory = absl::base_internal::LowLevelAlloc;
  Memory::Free(Memory::Alloc(k_lock_memory));  // It stays with abseil.
}

// While no call is under way nobody but a timer of gRPC's looks at a connection that is being made:
// every 5 s by default, so that a service that is back would be found that late. Read once, when
// gRPC starts.
void keep_connecting() {
  ::setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "100", 0);
}

}  // namespace

void set_up_grpc() {
  static const bool k_done = [] {
    const bool log_wanted =
        std::getenv("GRPC_VERBOSITY") != nullptr || std::getenv("GRPC_TRACE") != nullptr;
    if (!log_wanted) gpr_set_log_function([](gpr_log_func_args*) {});
    // Debian's abseil is built to look for deadlocks at every lock, which costs time and, as it
    // grows, the same memory with names.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    use_up_errno();
    keep_connecting();
    return true;
  }();
  static_cast<void>(k_done);
}

}  // namespace topicloop::wire
