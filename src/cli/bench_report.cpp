// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_report.hpp"

#include "bench/distribution.hpp"
#include "cli/duration.hpp"
#include "cli/render.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace topicloop::cli {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::nanoseconds;

constexpr std::size_t k_bar_width = 40;

struct Percentile {
  const char* name;
  const char* key;
  double percent;
};
constexpr std::array<Percentile, 4> k_percentiles{
    {{"p50", "p50", 50}, {"p90", "p90", 90}, {"p99", "p99", 99}, {"p99.9", "p99_9", 99.9}}};

double microseconds(nanoseconds duration) {
  constexpr double k_per_microsecond = 1'000;
  return static_cast<double>(duration.count()) / k_per_microsecond;
}

// To a tenth: nobody measures more.
double tenths(double value) {
  constexpr double k_ten = 10;
  return static_cast<double>(static_cast<std::int64_t>(value * k_ten + 0.5)) / k_ten;
}

std::string shown(nanoseconds duration) {
  return format_duration(std::chrono::round<std::chrono::microseconds>(duration));
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string messages(std::uint64_t count) {
  return counted(count, "message", "messages");
}

std::string mebibytes(std::uint64_t bytes) {
  constexpr double k_mebibyte = 1'048'576;
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / k_mebibyte);
}

// Of a fan-out, each message arrives more than once.
bool is_fan_out(const bench::Report& report) {
  return report.subscribers.value_or(1) > 1;
}

std::string title(const bench::Report& report) {
  std::string text = fmt::format("{}: {} of {}", report.kind, messages(report.messages),
                                 counted(report.size, "byte", "bytes"));
  if (report.subscribers) text += ", " + counted(*report.subscribers, "subscriber", "subscribers");
  text += fmt::format(", {} in flight", report.in_flight);
  if (report.rate > 0) text += fmt::format(", {} a second", report.rate);
  return text +
         fmt::format(", {}{}", report.is_embedded ? "embedded at " : "", printable(report.where));
}

std::string throughput(const bench::Report& report) {
  const auto& tally = report.tally;
  const std::string arrivals = is_fan_out(report)
                                   ? counted(tally.arrivals, "delivery", "deliveries")
                                   : messages(tally.arrivals);
  std::string text =
      fmt::format("{} in {}: {:.0f}/s, {:.2f} MB/s", arrivals, shown(report.duration),
                  report.per_second(), report.megabytes_per_second());
  if (!report.is_complete()) {
    text += fmt::format(" ({} of {} messages done, {} failed)", tally.finished, report.messages,
                        tally.failed);
  }
  return text;
}

std::string latencies(const bench::Histogram& latency) {
  std::string text;
  for (const auto& [name, key, percent] : k_percentiles)
    text += fmt::format("{} {}, ", name, shown(latency.percentile(percent)));
  return text + fmt::format("max {}", shown(latency.max()));
}

std::string costs(const bench::Report& report) {
  std::string cpu = is_fan_out(report) ? "cpu      a delivery:" : "cpu      a message:";
  std::string memory = "memory  ";
  const char* separator = " ";
  const char* unit = " of a core";
  for (const auto& [name, usage] : report.processes) {
    cpu += fmt::format("{}{} {:.1f}us ({:.0f}%{})", separator, name,
                       microseconds(report.cpu_each(usage)), 100 * report.cores_used(usage),
                       std::exchange(unit, ""));
    memory += fmt::format("{}{} {} (peak {})", separator, name, mebibytes(usage.resident_bytes),
                          mebibytes(usage.peak_resident_bytes));
    separator = ", ";
  }
  return cpu + "\n" + memory;
}

std::string shape(const bench::Histogram& latency) {
  const auto bands = bench::bands_of(latency);
  std::uint64_t highest = 1;
  for (const auto& band : bands)
    highest = std::max(highest, band.count);
  std::string text;
  for (const auto& band : bands) {
    // What is there shows, however little it is.
    const std::size_t width = (band.count * k_bar_width + highest - 1) / highest;
    text += fmt::format("\n{:>8} to {:>7} {:>9}{}{}", shown(band.from), shown(band.to), band.count,
                        width > 0 ? "  " : "", std::string(width, '#'));
  }
  return text;
}

Json latency_fields(const bench::Histogram& latency) {
  Json fields{{"count", latency.count()},
              {"min", microseconds(latency.min())},
              {"mean", microseconds(latency.mean())}};
  for (const auto& [name, key, percent] : k_percentiles)
    fields[key] = microseconds(latency.percentile(percent));
  fields["max"] = microseconds(latency.max());
  return fields;
}

Json process_fields(const bench::Report& report) {
  Json processes = Json::array();
  for (const auto& [name, usage] : report.processes) {
    processes.push_back({{"name", name},
                         {"cpu_us", microseconds(usage.cpu)},
                         {"cpu_us_each", microseconds(report.cpu_each(usage))},
                         {"resident_bytes", usage.resident_bytes},
                         {"peak_resident_bytes", usage.peak_resident_bytes}});
  }
  return processes;
}

Json band_fields(const bench::Histogram& latency) {
  Json bands = Json::array();
  for (const auto& band : bench::bands_of(latency)) {
    bands.push_back({{"from_us", microseconds(band.from)},
                     {"to_us", microseconds(band.to)},
                     {"count", band.count}});
  }
  return bands;
}

}  // namespace

std::string text_of(const bench::Report& report) {
  std::string text = title(report) + "\n" + throughput(report);
  if (report.tally.arrivals > 0) {
    text += fmt::format("\nlatency  {}{}", latencies(report.tally.latency),
                        report.rate > 0 ? " (from when each was due)" : "");
  }
  if (!report.processes.empty()) text += "\n" + costs(report);
  const std::string rows = shape(report.tally.latency);
  return rows.empty() ? text : text + "\n" + rows;
}

Json record_of(const bench::Report& report) {
  const auto& tally = report.tally;
  Json fields{{"type", "bench"},
              {"bench", report.kind},
              {"where", report.where},
              {"embedded", report.is_embedded},
              {"messages", report.messages},
              {"warm_up", report.warm_up},
              {"bytes", report.size},
              {"in_flight", report.in_flight}};
  fields["subscribers"] = report.subscribers ? Json(*report.subscribers) : Json();
  fields["rate"] = report.rate > 0 ? Json(report.rate) : Json();
  fields.update(Json{{"complete", report.is_complete()},
                     {"finished", tally.finished},
                     {"failed", tally.failed},
                     {"lost", report.lost()},
                     {"arrivals", tally.arrivals},
                     {"duration_us", microseconds(report.duration)},
                     {"per_second", tenths(report.per_second())},
                     {"megabytes_per_second", report.megabytes_per_second()},
                     {"latency_from", report.rate > 0 ? "due" : "sent"},
                     {"latency_us", latency_fields(tally.latency)},
                     {"processes", process_fields(report)},
                     {"histogram", band_fields(tally.latency)}});
  return fields;
}

}  // namespace topicloop::cli
