// SPDX-License-Identifier: Apache-2.0
// The service that is measured: the configured one, or an embedded one in a process of its own, so
// that client and service do not share memory and each one's cost can be told.
#pragma once

#include "cli/benching.hpp"
#include "cli/context.hpp"
#include "cli/measuring.hpp"
#include "cli/own_process.hpp"
#include "topic/client.hpp"

#include <optional>
#include <string>
#include <vector>

namespace topicloop::cli {

class BenchService {
public:
  // Warns if messages may have a price. Throws CommandError.
  BenchService(const BenchOptions& options, const Context& context);

  const topic::Client& client() const { return *client_; }
  const std::string& cache() const { return cache_; }
  const std::string& endpoint() const { return endpoint_; }
  bool is_embedded() const { return process_.has_value(); }
  // This process, and the service's if it is the embedded one.
  std::vector<MeasuredProcess> processes() const;
  // A topic that no other run uses.
  std::string topic(const std::string& name) const;

  // `arguments` with what makes another command of ours use this service.
  OwnCall call(OwnCall call) const;

private:
  void start(const BenchOptions& options, const Context& context);

  ConnectionFlags flags_;
  std::string cache_;
  std::string endpoint_;
  std::string run_;  // A name for this run.
  std::optional<OwnProcess> process_;
  std::optional<topic::Client> client_;
};

}  // namespace topicloop::cli
