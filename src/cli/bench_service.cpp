// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_service.hpp"

#include "base/address.hpp"
#include "base/clock.hpp"
#include "cli/render.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr std::size_t k_default_retain = 1'000;
constexpr const char* k_key_variable = "MOMENTO_API_KEY";

// What would make a command of ours use another service than it is told.
const std::vector<std::string>& service_variables() {
  static const std::vector<std::string> k_names = {"TOPICLOOP_LOCAL", "MOMENTO_ENDPOINT",
                                                   "MOMENTO_CACHE_NAME", k_key_variable};
  return k_names;
}

std::string run_name() {
  return fmt::format("topicloop-bench-{}-{}", ::getpid(),
                     to_epoch_ms(std::chrono::system_clock::now()));
}

void add_value(std::vector<std::string>& arguments, const char* flag, const std::string& value) {
  if (!value.empty()) arguments.insert(arguments.end(), {flag, value});
}

bool is_on_this_machine(const std::string& endpoint) {
  const auto address = parse_address(endpoint, 443);
  return address && address->is_loopback();
}

}  // namespace

BenchService::BenchService(const BenchOptions& options, const Context& context)
    : flags_(options.connection), run_(run_name()) {
  if (!names_a_service(flags_)) {
    start(options, context);
    return;
  }
  cache_ = cache_name(flags_);
  endpoint_ = connection_options(flags_).endpoint;
  client_ = connect(flags_, context);
  if (is_on_this_machine(endpoint_)) return;
  context.streams.err << fmt::format(
                             "topicloop: warning: every message is sent to {}, which may have its "
                             "price\n",
                             printable(endpoint_))
                      << std::flush;
}

void BenchService::start(const BenchOptions& options, const Context& context) {
  cache_ = local_cache_name(flags_);
  // As many messages as can be on their way must be kept, or subscribers lose some.
  const std::size_t retain = std::max(k_default_retain, 2 * options.in_flight);
  process_.emplace(
      OwnCall{.arguments = {"serve-topics", "--listen", "127.0.0.1:0", "--http", "none", "--cache",
                            cache_, "--retain", std::to_string(retain)},
              .ready = "serving topics on ",
              .hidden_variables = service_variables()},
      context);
  endpoint_ = process_->where();
  // What key the environment has is for other services.
  topic::ConnectionOptions keyless;
  if (!endpoint_.empty()) keyless.endpoint = endpoint_;
  client_ = connect(std::move(keyless), context);
}

std::vector<MeasuredProcess> BenchService::processes() const {
  std::vector<MeasuredProcess> processes{{"client", 0}};
  if (process_) processes.push_back({"service", process_->id()});
  return processes;
}

std::string BenchService::topic(const std::string& name) const {
  return run_ + "-" + name;
}

OwnCall BenchService::call(OwnCall call) const {
  auto& arguments = call.arguments;
  add_value(arguments, "--cache", cache_);
  if (process_) {
    call.hidden_variables = service_variables();
    add_value(arguments, "--local", endpoint_);
    return call;
  }
  add_value(arguments, "--local", flags_.local);
  add_value(arguments, "--connect-timeout", flags_.connect_timeout);
  add_value(arguments, "--api-key-file", flags_.api_key_file);
  add_value(arguments, "--endpoint", flags_.endpoint);
  add_value(arguments, "--profile", flags_.profile);
  add_value(arguments, "--cacert", flags_.ca_file);
  if (flags_.tls) arguments.emplace_back("--tls");
  // Arguments are for all to see; it was seen once already, but that is no reason.
  if (!flags_.api_key.empty()) call.variables.emplace_back(k_key_variable, flags_.api_key);
  return call;
}

}  // namespace topicloop::cli
