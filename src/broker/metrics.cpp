// SPDX-License-Identifier: Apache-2.0
#include "broker/metrics.hpp"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>
#include <utility>
#include <variant>
#include <vector>

namespace topicloop::broker {

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Seconds = std::chrono::duration<double>;

constexpr std::array<const char*, 17> k_code_names = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

// Calls take microseconds here, webhooks milliseconds up to their timeout of seconds.
const Histogram::BucketBoundaries k_call_buckets = {
    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 1};
const Histogram::BucketBoundaries k_webhook_buckets = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

class Meter final : public RpcMeter {
public:
  Meter(Family<Counter>& calls, Family<Histogram>& durations, std::string method)
      : calls_(calls),
        duration_(durations.Add({{"method", method}}, k_call_buckets)),
        method_(std::move(method)) {}

  void count_handled(Clock::duration took) override { duration_.Observe(Seconds(took).count()); }

  void count_ended(int code) override {
    const std::size_t known = static_cast<std::size_t>(code) < k_code_names.size()
                                  ? static_cast<std::size_t>(code)
                                  : std::size_t{2};
    Counter*& counter = by_code_[known];
    if (counter == nullptr) {
      counter = &calls_.Add({{"method", method_}, {"code", k_code_names[known]}});
    }
    counter->Increment();
  }

private:
  Family<Counter>& calls_;
  Histogram& duration_;
  std::string method_;
  std::array<Counter*, k_code_names.size()> by_code_{};  // Made when first needed.
};

MetricFamily family(std::string name, std::string help, MetricType type) {
  return {std::move(name), std::move(help), type, {}};
}

void add(MetricFamily& family, double value, std::vector<prometheus::ClientMetric::Label> labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = metric.gauge.value = value;  // The family's type says which is meant.
  family.metric.push_back(std::move(metric));
}

std::vector<MetricFamily> traffic_families(const StateReport& state) {
  struct Row {
    const char* name;
    const char* help;
    Traffic CacheReport::*traffic;
    std::uint64_t Traffic::*number;
  };
  constexpr std::array<Row, 4> k_rows = {
      {{"topicloop_published_messages_total", "Messages published.", &CacheReport::published,
        &Traffic::messages},
       {"topicloop_published_bytes_total", "Bytes of messages published.", &CacheReport::published,
        &Traffic::bytes},
       {"topicloop_delivered_messages_total", "Messages sent to subscribers, counted for each.",
        &CacheReport::delivered, &Traffic::messages},
       {"topicloop_delivered_bytes_total", "Bytes of messages sent to subscribers.",
        &CacheReport::delivered, &Traffic::bytes}}};
  std::vector<MetricFamily> families;
  for (const Row& row : k_rows) {
    MetricFamily made = family(row.name, row.help, MetricType::Counter);
    for (const auto& cache : state.caches)
      add(made, static_cast<double>(cache.*row.traffic.*row.number), {{"cache", cache.name}});
    families.push_back(std::move(made));
  }
  return families;
}

std::vector<MetricFamily> gauge_families(const StateReport& state) {
  MetricFamily topics = family("topicloop_topics", "Topics in memory.", MetricType::Gauge);
  MetricFamily subscribers =
      family("topicloop_subscribers", "Open subscriptions and polls.", MetricType::Gauge);
  MetricFamily messages =
      family("topicloop_retained_messages", "Messages kept for resume.", MetricType::Gauge);
  MetricFamily bytes =
      family("topicloop_retained_bytes", "Bytes of messages kept.", MetricType::Gauge);
  for (const auto& cache : state.caches) {
    TopicReport sum;
    for (const auto& topic : cache.topics) {
      sum.subscribers += topic.subscribers;
      sum.messages += topic.messages;
      sum.bytes += topic.bytes;
    }
    add(topics, static_cast<double>(cache.topics.size()), {{"cache", cache.name}});
    add(subscribers, static_cast<double>(sum.subscribers), {{"cache", cache.name}});
    add(messages, static_cast<double>(sum.messages), {{"cache", cache.name}});
    add(bytes, static_cast<double>(sum.bytes), {{"cache", cache.name}});
  }
  MetricFamily under_way = family("topicloop_webhook_deliveries_under_way",
                                  "Webhook requests that are not answered yet.", MetricType::Gauge);
  std::size_t sum = 0;
  for (const auto& webhook : state.webhooks)
    sum += webhook.under_way;
  add(under_way, static_cast<double>(sum), {});
  return {topics, subscribers, messages, bytes, under_way};
}

MetricFamily build_family() {
  MetricFamily build =
      family("topicloop_build_info", "Always 1; the labels say what runs.", MetricType::Gauge);
  add(build, 1, {{"version", TOPICLOOP_VERSION}});
  return build;
}

}  // namespace

std::string outcome_of(const webhook::DeliveryOutcome& outcome) {
  if (outcome.delivered()) return "delivered";
  if (outcome.aborted) return "aborted";
  if (outcome.status == 0) return "failed";
  return fmt::format("refused_{}xx", outcome.status / 100);
}

struct Metrics::Impl {
  prometheus::Registry registry;
  Family<Counter>& calls = prometheus::BuildCounter()
                               .Name("topicloop_rpcs_total")
                               .Help("gRPC calls that are over, by method and status.")
                               .Register(registry);
  Family<Histogram>& call_durations =
      prometheus::BuildHistogram()
          .Name("topicloop_rpc_handling_seconds")
          .Help("Time until a call is answered; a subscription, until it is accepted.")
          .Register(registry);
  Family<Counter>& deliveries = prometheus::BuildCounter()
                                    .Name("topicloop_webhook_deliveries_total")
                                    .Help("Webhook deliveries by outcome; lost: never sent.")
                                    .Register(registry);
  Histogram& webhook_latency =
      prometheus::BuildHistogram()
          .Name("topicloop_webhook_latency_seconds")
          .Help("Time from sending a webhook request to the end of its answer.")
          .Register(registry)
          .Add({}, k_webhook_buckets);
  Histogram& webhook_delay = prometheus::BuildHistogram()
                                 .Name("topicloop_webhook_delay_seconds")
                                 .Help("Time from a publish to sending its webhook request.")
                                 .Register(registry)
                                 .Add({}, k_webhook_buckets);
  Family<Counter>& http_answers = prometheus::BuildCounter()
                                      .Name("topicloop_http_requests_total")
                                      .Help("Requests on the HTTP port by status.")
                                      .Register(registry);
  std::map<std::string, std::unique_ptr<Meter>, std::less<>> meters;

  void count_outcome(const std::string& outcome, double number) {
    deliveries.Add({{"outcome", outcome}}).Increment(number);
  }

  void count(const DeliverySent& sent) {
    webhook_delay.Observe(Seconds(sent.at - sent.published_at).count());
  }
  void count(const DeliveryFinished& finished) {
    count_outcome(outcome_of(finished.outcome), 1);
    if (finished.outcome.status != 0) {
      webhook_latency.Observe(Seconds(finished.outcome.latency).count());
    }
  }
  void count(const DeliveriesLost& lost) {
    count_outcome("lost", static_cast<double>(lost.last - lost.first + 1));
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

RpcMeter& Metrics::rpc(std::string_view path) {
  const auto found = impl_->meters.find(path);
  if (found != impl_->meters.end()) return *found->second;
  std::string method(path.substr(path.starts_with('/') ? 1 : 0));
  auto meter = std::make_unique<Meter>(impl_->calls, impl_->call_durations, std::move(method));
  return *impl_->meters.emplace(path, std::move(meter)).first->second;
}

void Metrics::count_delivery(const DeliveryReport& report) {
  std::visit([this](const auto& part) { impl_->count(part); }, report);
}

void Metrics::count_http_answer(int status) {
  impl_->http_answers.Add({{"code", std::to_string(status)}}).Increment();
}

std::string Metrics::to_text(const StateReport& state) const {
  std::vector<MetricFamily> families = impl_->registry.Collect();
  for (auto& made : traffic_families(state))
    families.push_back(std::move(made));
  for (auto& made : gauge_families(state))
    families.push_back(std::move(made));
  families.push_back(build_family());
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace topicloop::broker
