// SPDX-License-Identifier: Apache-2.0
#include "broker/webhooks.hpp"

#include "base/text.hpp"
#include "webhook/request.hpp"
#include "webhook/signature.hpp"
#include "wire/pubsub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace topicloop::broker {

namespace {

SystemTime now() {
  return std::chrono::system_clock::now();
}

Result<void> check(const model::Webhook& webhook, const Limits& limits) {
  if (is_blank(webhook.id.name)) {
    return Error{ErrorKind::InvalidArgument, "webhook name must not be empty", ""};
  }
  if (is_blank(webhook.topic)) {
    return Error{ErrorKind::InvalidArgument, "topic name must not be empty", ""};
  }
  if (auto url = webhook::check_url(webhook.url); !url) {
    return Error{ErrorKind::InvalidArgument, url.error().message, ""};
  }
  if (auto fits = check_length("webhook name", webhook.id.name, limits.name_length); !fits)
    return fits;
  return check_length("webhook URL", webhook.url, limits.url_length);
}

}  // namespace

// One webhook at work. Shared with its deliveries, which may outlive its registration.
class Webhooks::Delivering final : public Reader, public std::enable_shared_from_this<Delivering> {
public:
  Delivering(Webhooks& owner, model::Webhook webhook, std::string secret)
      : owner_(owner), webhook_(std::move(webhook)), secret_(std::move(secret)) {}

  const model::Webhook& webhook() const { return webhook_; }
  const std::string& secret() const { return secret_; }
  bool has_backlog() const { return attachment_.has_more(); }
  WebhookReport report() const { return {webhook_, delivered_, failed_, lost_, under_way_}; }

  // From here on; what was published before is not this webhook's.
  Result<void> follow(const model::Webhook& webhook) {
    if (webhook.topic != followed_topic_) {
      auto attachment = owner_.registry_.attach(webhook.id.cache, webhook.topic, {}, *this);
      if (!attachment) return std::move(attachment).error();
      attachment_ = *std::move(attachment);
      followed_topic_ = webhook.topic;
    }
    webhook_ = webhook;
    return {};
  }

  void rotate(std::string secret) {
    secret_ = std::move(secret);
    signer_ = webhook::Signer(secret_);
  }

  void stop_reading() { attachment_.reset(); }

  void report_backlog_lost() {
    const std::uint64_t count = attachment_.backlog();
    if (count > 0) {
      report_lost(attachment_.next(), attachment_.next() + count - 1,
                  "the service is shutting down");
    }
    attachment_.reset();
  }

  void on_appended() override { pump(); }
  void on_ended(const Error&) override {}  // What was published before is still delivered.
  bool is_subscriber() const override { return false; }

private:
  void pump() {
    while (owner_.engine_ && under_way_ < owner_.options_.concurrency) {
      const LogRead read = attachment_.read();
      if (const auto* entry = std::get_if<const LogEntry*>(&read)) {
        take_up(**entry);
      } else if (const auto* lost = std::get_if<model::Discontinuity>(&read)) {
        report_lost(lost->last_topic_sequence, lost->new_topic_sequence,
                    "the endpoint is slower than the topic");
      } else {
        return;
      }
    }
  }

  // Each message comes by here once: what is dropped or failed on purpose never reaches the
  // network.
  void take_up(const LogEntry& entry) {
    if (!rate_.take(now())) {
      report_unsent(entry, 0,
                    fmt::format("dropped: over the limit of {} deliveries per second",
                                owner_.options_.limits.delivery_rate));
      return;
    }
    const CallFaults faults = owner_.faults_.plan(FaultTarget::Webhook);
    if (faults.delay.count() == 0) {
      send_or_fail(entry, faults.error);
      return;
    }
    ++under_way_;
    ++owner_.under_way_;
    owner_.loop_.timers().add(Timers::Clock::now() + faults.delay,
                              [self = shared_from_this(), entry, error = faults.error] {
                                --self->under_way_;
                                --self->owner_.under_way_;
                                self->send_or_fail(entry, error);
                                self->pump();
                                self->owner_.tell_if_idle();
                              });
  }

  void send_or_fail(const LogEntry& entry, const std::optional<InjectedError>& error) {
    if (error) {
      report_unsent(entry, error->status, error->message);
    } else {
      send(entry);
    }
  }

  webhook::SignedRequest request_for(const LogEntry& entry, SystemTime fired_at) const {
    const auto event =
        wire::parse_subscription_item(*entry.item, webhook_.id.cache, webhook_.topic);
    const auto& message = std::get<model::Message>(*event);  // The log holds nothing else.
    return webhook::make_request(webhook_, message, entry.published_at, fired_at, signer_);
  }

  void report_unsent(const LogEntry& entry, int status, std::string why) {
    const SystemTime at = now();
    owner_.report(DeliveryFinished{
        {webhook_, entry.sequence_number, request_for(entry, at).id, at, entry.published_at},
        {.status = status, .error = std::move(why), .latency = {}},
        at});
  }

  void send(const LogEntry& entry) {
    const SystemTime fired_at = now();
    auto request = request_for(entry, fired_at);
    DeliverySent sent{webhook_, entry.sequence_number, request.id, fired_at, entry.published_at};
    owner_.report(sent);
    ++under_way_;
    ++owner_.under_way_;
    owner_.engine_->submit(
        std::move(request), owner_.options_.timeout,
        [self = shared_from_this(),
         sent = std::move(sent)](webhook::DeliveryOutcome outcome) mutable {
          // On the engine's thread: hand over, nothing else.
          EventLoop& loop = self->owner_.loop_;
          loop.post([self = std::move(self), sent = std::move(sent), outcome = std::move(outcome)] {
            self->on_sent(sent, outcome);
          });
        });
  }

  void on_sent(const DeliverySent& sent, const webhook::DeliveryOutcome& outcome) {
    --under_way_;
    --owner_.under_way_;
    ++(outcome.delivered() ? delivered_ : failed_);
    owner_.report(DeliveryFinished{sent, outcome, now()});
    pump();
    owner_.tell_if_idle();
  }

  void report_lost(std::uint64_t first, std::uint64_t last, std::string reason) {
    lost_ += last - first + 1;
    owner_.report(DeliveriesLost{webhook_, first, last, std::move(reason), now()});
  }

  Webhooks& owner_;
  model::Webhook webhook_;
  std::string secret_;
  webhook::Signer signer_{secret_};
  TokenBucket rate_{owner_.options_.limits.delivery_rate};
  std::string followed_topic_;
  Attachment attachment_;
  std::size_t under_way_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t lost_ = 0;
};

Webhooks::Webhooks(Registry& registry, EventLoop& loop, Faults& faults,
                   const WebhookOptions& options, DeliveryObserver observer)
    : registry_(registry),
      loop_(loop),
      faults_(faults),
      options_(options),
      observer_(std::move(observer)),
      engine_(std::make_unique<webhook::DeliveryEngine>()) {}

Webhooks::~Webhooks() = default;

Result<void> Webhooks::restore(const KeptWebhook& kept) {
  // Limits are for what is new: one that was set later must not keep the service from starting.
  if (auto checked = check(kept.webhook, Limits{}); !checked) return checked;
  auto delivering = std::make_shared<Delivering>(*this, kept.webhook, kept.secret);
  if (auto followed = delivering->follow(kept.webhook); !followed) return followed;
  webhooks_[kept.webhook.id] = std::move(delivering);
  return {};
}

Result<std::string> Webhooks::put(const model::Webhook& webhook) {
  if (auto checked = check(webhook, options_.limits); !checked) return std::move(checked).error();
  if (auto exists = registry_.check_cache(webhook.id.cache); !exists) {
    return std::move(exists).error();
  }
  auto place = webhooks_.find(webhook.id);
  if (place == webhooks_.end()) {
    if (auto room = check_room(webhook.id.cache); !room) return std::move(room).error();
  }
  auto delivering = place != webhooks_.end()
                        ? place->second
                        : std::make_shared<Delivering>(*this, webhook, webhook::generate_secret());
  auto kept = keep([&](KeptState& state) {
    state.webhooks[webhook.id] = {webhook, delivering->secret()};
  });
  if (!kept) return std::move(kept).error();
  if (auto followed = delivering->follow(webhook); !followed) return std::move(followed).error();
  webhooks_[webhook.id] = delivering;
  return delivering->secret();
}

Result<void> Webhooks::remove(const model::WebhookId& id) {
  auto found = find(id);
  if (!found) return std::move(found).error();
  auto kept = keep([&](KeptState& state) { state.webhooks.erase(id); });
  if (!kept) return kept;
  (*found)->stop_reading();
  webhooks_.erase(id);
  return {};
}

Result<std::vector<model::Webhook>> Webhooks::list(const std::string& cache) const {
  if (auto exists = registry_.check_cache(cache); !exists) return std::move(exists).error();
  std::vector<model::Webhook> found;
  for (const auto& [id, delivering] : webhooks_) {
    if (id.cache == cache) found.push_back(delivering->webhook());
  }
  return found;
}

Result<std::string> Webhooks::secret(const model::WebhookId& id) const {
  auto found = find(id);
  if (!found) return std::move(found).error();
  return (*found)->secret();
}

Result<std::string> Webhooks::rotate(const model::WebhookId& id) {
  auto found = find(id);
  if (!found) return std::move(found).error();
  const std::string secret = webhook::generate_secret();
  auto kept = keep([&](KeptState& state) { state.webhooks[id].secret = secret; });
  if (!kept) return std::move(kept).error();
  (*found)->rotate(secret);
  return secret;
}

std::vector<WebhookReport> Webhooks::reports() const {
  std::vector<WebhookReport> reports;
  reports.reserve(webhooks_.size());
  for (const auto& [id, delivering] : webhooks_)
    reports.push_back(delivering->report());
  return reports;
}

void Webhooks::remove_cache(const std::string& cache) {
  for (auto& [id, delivering] : webhooks_) {
    if (id.cache == cache) delivering->stop_reading();
  }
  std::erase_if(webhooks_, [&](const auto& item) { return item.first.cache == cache; });
}

void Webhooks::when_idle(std::function<void()> idle) {
  idle_ = std::move(idle);
  tell_if_idle();
}

void Webhooks::stop() {
  // Joins the engine's thread, which posts the outcome of everything it aborts.
  engine_.reset();
  for (auto& [id, delivering] : webhooks_)
    delivering->report_backlog_lost();
}

Result<void> Webhooks::keep(const StateStore::Edit& edit) {
  if (store_ == nullptr) return {};
  return store_->change(edit);
}

Result<Webhooks::Delivering*> Webhooks::find(const model::WebhookId& id) const {
  const auto found = webhooks_.find(id);
  if (found != webhooks_.end()) return found->second.get();
  return Error{ErrorKind::NotFound,
               fmt::format("webhook \"{}\" does not exist in cache \"{}\"", id.name, id.cache), ""};
}

Result<void> Webhooks::check_room(const std::string& cache) const {
  const auto count = static_cast<std::uint64_t>(
      std::count_if(webhooks_.begin(), webhooks_.end(),
                    [&](const auto& item) { return item.first.cache == cache; }));
  const std::uint64_t limit = options_.limits.webhooks;
  if (limit > 0 && count >= limit) return too_many_webhooks(limit);
  return {};
}

void Webhooks::report(const DeliveryReport& report) const {
  if (observer_) observer_(report);
}

void Webhooks::tell_if_idle() {
  if (!idle_ || under_way_ > 0) return;
  for (const auto& [id, delivering] : webhooks_) {
    if (delivering->has_backlog()) return;
  }
  std::exchange(idle_, nullptr)();
}

}  // namespace topicloop::broker
