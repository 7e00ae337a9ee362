// SPDX-License-Identifier: Apache-2.0
#include "cli/fault_flags.hpp"

#include "cli/fault_spec.hpp"
#include "cli/limits_spec.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace topicloop::cli {

namespace {

using Specs = std::vector<std::string>;

// Each returns why `spec` is wrong, or nothing.
std::string check_fault(const std::string& spec) {
  const auto fault = parse_fault(spec);
  return fault ? "" : fault.error().message;
}

std::string check_limits(const std::string& spec) {
  broker::Limits limits;
  const auto parsed = parse_limits(spec, limits);
  return parsed ? "" : parsed.error().message;
}

}  // namespace

std::string fault_flags_help() {
  return "A fault is topic-publish:, topic-subscribe: or webhook:, then, separated by commas,\n"
         "  error=STATUS     fail: a gRPC status name; for webhook an HTTP status from 300\n"
         "  count=N          only the first N times\n"
         "  delay=DURATION   wait before doing anything\n"
         "  delay-count=N    only the first N times\n"
         "  stream-error=STATUS,after=N   topic-subscribe: end each stream after N messages,\n"
         "                   heartbeats included\n"
         "Clients may also ask for faults in their own calls, by momento-local's headers.\n"
         "\n"
         "Limits are momento, off (the default), or some of these, with 0 or off for none. "
         "momento\n"
         "stands for the numbers here; the later word counts.\n"
         "  payload=4KB  subscriptions=100  publish-rate=10  caches=3  webhooks=5 (per cache)\n"
         "  delivery-rate=5 (per webhook)  name-length=128  url-length=1024 (of a webhook)\n";
}

void add_fault_flags(CLI::App& command, FaultFlags& flags) {
  command
      .add_option_function<Specs>(
          "--fault",
          [&flags](const Specs& specs) {
            for (const auto& spec : specs)
              flags.faults.push_back(*parse_fault(spec));
          },
          "Fault to inject, see below; repeatable")
      ->check(check_fault)
      ->option_text("SPEC");
  command
      .add_option_function<Specs>(
          "--limits",
          [&flags](const Specs& specs) {
            for (const auto& spec : specs)
              static_cast<void>(parse_limits(spec, flags.limits));  // Checked before.
          },
          "Limits to enforce, see below; repeatable")
      ->check(check_limits)
      ->option_text("SPEC");
}

}  // namespace topicloop::cli
