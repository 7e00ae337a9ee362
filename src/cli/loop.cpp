// SPDX-License-Identifier: Apache-2.0
#include "cli/loop.hpp"

#include "bench/histogram.hpp"
#include "broker/broker.hpp"
#include "cli/consumer.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"
#include "cli/line_reader.hpp"
#include "cli/registration.hpp"
#include "cli/render.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <optional>
#include <variant>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

void check(const LoopOptions& options) {
  if (options.in == options.out) {
    throw CommandError({ErrorKind::Usage,
                        fmt::format("--in and --out are both \"{}\": every message would go round "
                                    "for ever",
                                    options.in),
                        ""});
  }
}

// The messages to send: those given, over and over up to the count, or the lines of stdin.
class Source {
public:
  Source(const LoopOptions& options, const Context& context)
      : options_(options), context_(context), reader_(context.streams.in) {}

  std::optional<std::string> next() {
    const bool given = !options_.messages.empty();
    const std::uint64_t end =
        options_.count == 0 && given ? options_.messages.size() : options_.count;
    if (end > 0 && sent_ == end) return std::nullopt;
    if (context_.stop().stop_requested()) return std::nullopt;
    const std::uint64_t index = sent_++;
    if (given) return options_.messages[index % options_.messages.size()];
    return value_or_throw(reader_.next(context_.stop()));
  }

private:
  const LoopOptions& options_;
  const Context& context_;
  LineReader reader_;
  std::uint64_t sent_ = 0;
};

std::string cache_of(const ConnectionFlags& flags) {
  return names_a_service(flags) ? cache_name(flags) : local_cache_name(flags);
}

// The service to loop through: the configured one, or an embedded one on free ports.
class Service {
public:
  Service(const LoopOptions& options, const Context& context) {
    if (names_a_service(options.connection)) {
      endpoint_ = connection_options(options.connection).endpoint;
      client_ = connect(options.connection, context);
      return;
    }
    broker::BrokerOptions embedded;
    embedded.caches = {cache_of(options.connection)};
    broker_ = value_or_throw(broker::Broker::start(std::move(embedded)));
    endpoint_ = broker_->endpoint();
    // What key the environment has is for other services.
    topic::ConnectionOptions keyless;
    keyless.endpoint = endpoint_;
    client_ = connect(std::move(keyless), context);
  }

  const topic::Client& client() const { return *client_; }
  std::string describe() const {
    return fmt::format("{} ({})", endpoint_, broker_ ? "embedded" : "configured");
  }

private:
  std::optional<broker::Broker> broker_;
  std::string endpoint_;
  std::optional<topic::Client> client_;
};

class Loop {
public:
  Loop(const LoopOptions& options, Context& context)
      : options_(options),
        context_(context),
        renderer_(context, options.output),
        timeout_(value_or_throw(parse_duration(options.timeout))),
        cache_(cache_of(options.connection)),
        service_(options, context) {}

  void run() {
    auto receiver = value_or_throw(webhook::Receiver::start(
        {.port = 0}, make_handler(),
        [this](const webhook::Exchange& exchange) { on_exchange(exchange); }));
    const std::string url = receiver.url();
    const Registration registration(
        service_.client(),
        {{cache_, fmt::format("topicloop-loop-{}", ::getpid())}, options_.in, url},
        context_.stop());
    receiver.set_secrets({registration.secret()});
    auto subscription =
        value_or_throw(service_.client().subscribe(cache_, options_.out, {}, context_.stop()));
    renderer_.ready("looping through", service_.describe(),
                    fmt::format("  webhook on \"{}\" -> {} -> \"{}\"", printable(options_.in), url,
                                printable(options_.out)));

    Source source(options_, context_);
    while (const auto text = source.next()) {
      if (!send_round(*text, subscription)) break;
    }
    receiver.stop();
    summarise();
  }

private:
  void hop(std::string_view what, std::string_view detail) {
    renderer_.step(fmt::format("{}  {:<9}  {}", to_time_of_day(std::chrono::system_clock::now()),
                               what, detail));
  }

  // The consumer of the pattern, with its two hops made visible.
  webhook::Receiver::Handler make_handler() {
    auto consumer = make_consumer({transform_sink(options_.transform),
                                   publish_sink(options_.out, service_.client(), cache_)});
    return [this, consumer = std::move(consumer)](const webhook::ReceivedEvent& received) {
      hop("webhook", fmt::format("POST {} \"{}\" #{}, signature verified [{}]", received.url,
                                 printable(received.event.topic),
                                 received.event.topic_sequence_number, received.id));
      hop("process", fmt::format("{} -> \"{}\"",
                                 printable(transformed(options_.transform, received.payload).bytes),
                                 printable(options_.out)));
      return consumer(received);
    };
  }

  void on_exchange(const webhook::Exchange& exchange) {
    if (renderer_.format() == OutputFormat::Json) renderer_.exchange(exchange);
    const bool accepted = exchange.status >= 200 && exchange.status < 300;
    if (accepted) return;
    const std::lock_guard lock(mutex_);
    refusal_ = fmt::format("{}: {}", exchange.status,
                           exchange.reason.empty() ? exchange.answer : exchange.reason);
    give_up_.request_stop();
  }

  // Publishes one message and waits until it comes back. False if stopped meanwhile.
  bool send_round(const std::string& text, topic::Subscription& subscription) {
    if (const auto reason = check_utf8(text); !reason.empty()) {
      throw CommandError({ErrorKind::BadInput,
                          fmt::format("message {} is {}", latencies_.count() + 1, reason), ""});
    }
    const auto begin = Clock::now();
    hop("publish", fmt::format("\"{}\"  {}", printable(options_.in), printable(text)));
    auto published =
        service_.client().publish(cache_, options_.in, model::Value::text(text), context_.stop());
    if (context_.stop().stop_requested()) return false;
    value_or_throw(std::move(published));
    renderer_.published(cache_, options_.in, text.size());

    const auto expected = transformed(options_.transform, model::Value::text(text));
    const auto message = wait_for(expected, subscription, begin + timeout_);
    if (!message) return false;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
    latencies_.add(took);
    if (renderer_.format() != OutputFormat::Text) renderer_.message(*message);
    hop("subscribe",
        fmt::format("\"{}\" #{}  {}  ({})", printable(message->topic), message->sequence_number,
                    printable(message->value.bytes), format_duration(took)));
    return true;
  }

  // Other messages on the outbound topic are somebody else's. Nothing if stopped.
  std::optional<model::Message> wait_for(const model::Value& expected,
                                         topic::Subscription& subscription,
                                         Clock::time_point deadline) {
    while (true) {
      auto next = subscription.next(give_up_.get_token(), deadline);
      if (context_.stop().stop_requested()) return std::nullopt;
      if (give_up_.stop_requested()) throw CommandError(refused());
      auto event = value_or_throw(std::move(next));
      if (!event) throw CommandError(not_back());
      auto* message = std::get_if<model::Message>(&*event);
      if (message != nullptr && message->value == expected) return std::move(*message);
    }
  }

  Error not_back() const {
    return {ErrorKind::Timeout,
            fmt::format("message {} did not come back on \"{}\" within {}", latencies_.count() + 1,
                        options_.out, format_duration(timeout_)),
            ""};
  }

  Error refused() {
    const std::lock_guard lock(mutex_);
    return {ErrorKind::CheckFailed,
            fmt::format("message {} did not come back: the webhook answered {}",
                        latencies_.count() + 1, refusal_),
            ""};
  }

  void summarise() {
    nlohmann::ordered_json fields{{"messages", latencies_.count()}};
    std::string line = fmt::format("{} {} went round", latencies_.count(),
                                   latencies_.count() == 1 ? "message" : "messages");
    if (options_.stats && latencies_.count() > 0) {
      const auto p50 = percentile(50);
      const auto p99 = percentile(99);
      const auto max = percentile(100);
      line += fmt::format("; whole loop p50 {}, p99 {}, slowest {}", format_duration(p50),
                          format_duration(p99), format_duration(max));
      fields["p50_us"] = p50.count();
      fields["p99_us"] = p99.count();
      fields["max_us"] = max.count();
    }
    renderer_.summary(line, fields);
  }

  std::chrono::microseconds percentile(double percent) const {
    return std::chrono::duration_cast<std::chrono::microseconds>(latencies_.percentile(percent));
  }

  const LoopOptions& options_;
  Context& context_;
  Renderer renderer_;
  std::chrono::milliseconds timeout_;
  std::string cache_;
  Service service_;
  bench::Histogram latencies_;
  std::mutex mutex_;
  std::string refusal_;  // Guarded by mutex_: the webhook's last answer that was not a success.
  // There is one attempt per message, so after a refusal nothing is left to wait for.
  std::stop_source give_up_;
  std::stop_callback<std::function<void()>> stopped_{context_.stop(),
                                                     [this] { give_up_.request_stop(); }};
};

}  // namespace

void run_loop(const LoopOptions& options, Context& context) {
  check(options);
  Loop(options, context).run();
}

}  // namespace topicloop::cli
