// SPDX-License-Identifier: Apache-2.0
// What the floor programs share. They are the least code on bare gRPC that does what topicloop
// does, and are there to be compared with it: no checks, no reconnecting, one cache and one topic.
#pragma once

#include "pubsub.grpc.pb.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace floor_programs {

using Clock = std::chrono::steady_clock;
namespace proto = cache_client::pubsub;

inline double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

inline std::shared_ptr<grpc::Channel> open_channel(const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  return grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(), arguments);
}

// As a benchmark of topicloop's prints it, as far as the script reads it.
inline void print_result(std::uint64_t count, double seconds, std::vector<double> latencies_us) {
  std::sort(latencies_us.begin(), latencies_us.end());
  const auto percentile = [&](double part) {
    if (latencies_us.empty()) return 0.0;
    const auto last = static_cast<double>(latencies_us.size() - 1);
    return latencies_us[static_cast<std::size_t>(last * part)];
  };
  std::printf("{\"per_second\":%.1f,\"latency_us\":{\"p50\":%.1f,\"p99\":%.1f}}\n",
              static_cast<double>(count) / seconds, percentile(0.5), percentile(0.99));
}

[[noreturn]] inline void fail(const char* what) {
  std::fprintf(stderr, "floor: %s\n", what);
  std::exit(1);
}

}  // namespace floor_programs
