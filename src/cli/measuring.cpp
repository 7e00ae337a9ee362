// SPDX-License-Identifier: Apache-2.0
#include "cli/measuring.hpp"

#include "base/stop.hpp"
#include "bench/pace.hpp"
#include "cli/bench_report.hpp"
#include "cli/duration.hpp"
#include "cli/process_usage.hpp"
#include "cli/progress.hpp"
#include "cli/render.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t k_most_warm_up = 1'000;
constexpr std::uint64_t k_warm_up_part = 10;
constexpr std::chrono::milliseconds k_progress_period{100};

struct Phase {
  std::uint64_t first = 0;  // Index of its first message.
  std::uint64_t count = 0;
};

class Measuring {
public:
  Measuring(const BenchOptions& options, const BenchSetting& setting, Workload& workload,
            bench::Flights& flights, Context& context)
      : options_(options),
        setting_(setting),
        workload_(workload),
        flights_(flights),
        context_(context),
        renderer_(context, options.output),
        patience_(value_or_throw(parse_duration(options.timeout))),
        pace_(options.rate) {}

  void run() {
    const Phase warm_up{0, warm_up_count()};
    perform(warm_up);
    if (context_.stop().stop_requested()) return;
    throw_if_failed();
    flights_.start_over();

    const auto before = usages();
    const auto begin = Clock::now();
    {
      Progress progress(context_, options_.output, options_.messages);
      perform({warm_up.count, options_.messages}, &progress);
    }
    show(report(begin, before));
    if (!context_.stop().stop_requested()) throw_if_failed();
  }

private:
  std::uint64_t warm_up_count() const {
    return options_.warm_up.value_or(std::min(options_.messages / k_warm_up_part, k_most_warm_up));
  }

  // Returns when every message has arrived, or no more will.
  void perform(const Phase& phase, Progress* progress = nullptr) {
    auto performed = std::async(std::launch::async, [&] {
      send_all(phase);
      flights_.wait_until_empty(context_.stop(), patience_);
    });
    while (performed.wait_for(k_progress_period) != std::future_status::ready) {
      if (progress != nullptr) progress->show(flights_.done());
    }
    performed.get();
  }

  void send_all(const Phase& phase) {
    std::atomic<std::uint64_t> next = 0;
    const auto begin = Clock::now();
    std::vector<std::jthread> senders;
    for (std::size_t sender = 0; sender < workload_.senders(); ++sender) {
      senders.emplace_back([&, sender] {
        // By default a thread may wake up 50 us late, which would be taken for the service's doing.
        ::prctl(PR_SET_TIMERSLACK, 1);
        for (std::uint64_t ordinal = next++; ordinal < phase.count; ordinal = next++) {
          if (!send(sender, phase.first + ordinal, due_at(begin, ordinal))) break;
        }
        workload_.flush(sender);
      });
    }
  }

  std::optional<Clock::time_point> due_at(Clock::time_point begin, std::uint64_t ordinal) const {
    const auto due = pace_.due(ordinal);
    return due ? std::optional(begin + *due) : std::nullopt;
  }

  // False if nothing more is to be sent.
  bool send(std::size_t sender, std::uint64_t index, std::optional<Clock::time_point> due) {
    const auto stop = context_.stop();
    if (due && *due > Clock::now() && wait_for_stop_until(stop, *due)) return false;
    if (!flights_.wait_for_room(stop, patience_)) return false;
    flights_.begin(index, due.value_or(Clock::now()));
    workload_.send(sender, index);
    return true;
  }

  std::vector<std::optional<bench::Usage>> usages() const {
    std::vector<std::optional<bench::Usage>> all;
    for (const auto& process : setting_.processes)
      all.push_back(usage_of(process.id));
    return all;
  }

  bench::Report report(Clock::time_point begin,
                       const std::vector<std::optional<bench::Usage>>& before) const {
    bench::Report report{.kind = setting_.kind,
                         .where = setting_.where,
                         .is_embedded = setting_.is_embedded,
                         .messages = options_.messages,
                         .warm_up = warm_up_count(),
                         .size = options_.size,
                         .in_flight = options_.in_flight,
                         .rate = options_.rate,
                         .tally = flights_.tally()};
    if (setting_.has_subscribers) report.subscribers = options_.subscribers;
    if (report.tally.arrivals > 0) report.duration = report.tally.last_arrival - begin;
    const auto after = usages();
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (!before[i] || !after[i]) continue;  // It has ended.
      bench::ProcessReport process{setting_.processes[i].name, *after[i]};
      process.usage.cpu -= before[i]->cpu;
      report.processes.push_back(std::move(process));
    }
    return report;
  }

  void show(const bench::Report& report) { renderer_.result(text_of(report), record_of(report)); }

  void throw_if_failed() const {
    const auto tally = flights_.tally();
    if (tally.fatal) throw CommandError(*tally.fatal);
    if (tally.failed > 0) {
      Error error = *tally.failure;
      error.message = fmt::format("{} of {} messages failed, the first one: {}", tally.failed,
                                  tally.begun, error.message);
      throw CommandError(std::move(error));
    }
    const std::uint64_t lost = tally.begun - tally.finished;
    if (lost == 0) return;
    throw CommandError({ErrorKind::CheckFailed,
                        fmt::format("{} of {} messages did not arrive: nothing has for {}", lost,
                                    tally.begun, format_duration(patience_)),
                        ""});
  }

  const BenchOptions& options_;
  const BenchSetting& setting_;
  Workload& workload_;
  bench::Flights& flights_;
  Context& context_;
  Renderer renderer_;
  std::chrono::milliseconds patience_;
  bench::Pace pace_;
};

}  // namespace

void measure(const BenchOptions& options, const BenchSetting& setting, Workload& workload,
             bench::Flights& flights, Context& context) {
  Measuring(options, setting, workload, flights, context).run();
}

}  // namespace topicloop::cli
