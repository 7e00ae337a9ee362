// SPDX-License-Identifier: Apache-2.0
#include "cli/process_usage.hpp"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace topicloop::cli {

namespace {

constexpr std::uint64_t k_kib = 1'024;

// A line such as "VmRSS:     16384 kB".
std::uint64_t bytes_in(const std::string& line) {
  std::istringstream words(line);
  std::string name;
  std::uint64_t kib = 0;
  words >> name >> kib;
  return kib * k_kib;
}

}  // namespace

std::optional<bench::Usage> usage_of(int id) {
  const int process = id == 0 ? ::getpid() : id;
  clockid_t clock{};
  timespec time{};
  // The ticks in /proc/PID/stat are 10 ms long: too long for a short run.
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    return std::nullopt;
  }
  bench::Usage usage;
  usage.cpu = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) usage.resident_bytes = bytes_in(line);
    if (line.starts_with("VmHWM:")) usage.peak_resident_bytes = bytes_in(line);
  }
  return usage;
}

}  // namespace topicloop::cli
