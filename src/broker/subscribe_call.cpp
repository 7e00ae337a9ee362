// SPDX-License-Identifier: Apache-2.0
#include "broker/call_metadata.hpp"
#include "broker/pubsub_calls.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/pubsub.hpp"

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>

#include <optional>
#include <variant>

namespace topicloop::broker {

namespace {

constexpr int k_waiting_calls = 8;

// One subscription. It writes from its cursor to the head of the log, one write at a time; while a
// write is on its way the cursor waits, so a subscriber that does not read holds no memory here.
class SubscribeCall final : public Reader {
public:
  explicit SubscribeCall(PubsubFront& front) : front_(front) {
    context_.AsyncNotifyWhenDone(&done_);
    front_.service.RequestSubscribe(&context_, &request_, &writer_, front_.loop.queue(),
                                    front_.loop.queue(), &started_);
  }

  void on_appended() override { pump(); }

  void on_ended(const Error& reason) override {
    if (!end_) end(failure(context_, reason));
  }

private:
  enum class Flush { Now, Later };

  void on_started(bool ok) {
    if (!ok) {  // The server is shutting down; gRPC gives no done notice for such a call.
      delete this;
      return;
    }
    new SubscribeCall(front_);
    auto faults = front_.faults.plan(FaultTarget::TopicSubscribe, fault_headers_of(context_));
    if (!faults) {
      on_ended(faults.error());
      return;
    }
    faults_ = *std::move(faults);
    if (faults_.delay.count() == 0) {
      open();
      return;
    }
    delay_ = front_.loop.timers().add(Timers::Clock::now() + faults_.delay, [this] { open(); });
  }

  void open() {
    if (faults_.error) {
      end(failure(*faults_.error));
      return;
    }
    const auto begin = RpcMeter::Clock::now();
    auto outcome = attach();
    front_.subscriptions.count_handled(RpcMeter::Clock::now() - begin);
    if (!outcome) {
      on_ended(outcome.error());
      return;
    }
    // Several SDKs take anything but a heartbeat as the first message for an error.
    heartbeat_due_ = true;
    heartbeats_ = front_.loop.heartbeats().add(Heartbeats::Clock::now(), [this] { on_beat(); });
    pump();
  }

  void on_beat() {
    heartbeat_due_ = true;
    auto valid = front_.topics.check_key(key_of(context_), std::chrono::system_clock::now());
    if (!valid && !end_) end_ = failure(context_, valid.error());
    pump();
  }

  Result<void> attach() {
    auto request = wire::parse_subscribe_request(wire::to_string(request_));
    if (!request) return std::move(request).error();
    auto attachment = front_.topics.subscribe(key_of(context_), *request, *this,
                                              std::chrono::system_clock::now());
    if (!attachment) return std::move(attachment).error();
    attachment_ = *std::move(attachment);
    context_.AddInitialMetadata(wire::k_position_header, wire::to_header(attachment_.position()));
    return {};
  }

  void end(grpc::Status status) {
    end_ = std::move(status);
    pump();
  }

  void pump() {
    if (busy_ || over_) return;
    if (is_to_fail_now()) end_ = failure(faults_.stream_error->error);
    if (end_) {
      busy_ = over_ = true;
      front_.subscriptions.count_ended(end_->error_code());
      is_counted_ = true;
      writer_.Finish(*end_, &finished_);
      return;
    }
    if (heartbeat_due_) {
      static const auto k_heartbeat =
          std::make_shared<const std::string>(wire::serialize(model::Heartbeat{}));
      heartbeat_due_ = false;
      write(k_heartbeat, Flush::Now);
      return;
    }
    const LogRead read = attachment_.read();
    if (const auto* entry = std::get_if<const LogEntry*>(&read)) {
      attachment_.count_delivered((*entry)->item->size());
      write((*entry)->item, flush());
    } else if (const auto* lost = std::get_if<model::Discontinuity>(&read)) {
      write(std::make_shared<const std::string>(wire::serialize(*lost)), flush());
    }
  }

  // Instead of a message: a stream that has nothing to send does not fail yet.
  bool is_to_fail_now() const {
    if (!faults_.stream_error || end_) return false;
    return sent_ >= faults_.stream_error->after_messages &&
           (heartbeat_due_ || attachment_.has_more());
  }

  // While more is waiting gRPC may gather: one system call for many items.
  Flush flush() const { return attachment_.has_more() ? Flush::Later : Flush::Now; }

  // The first write, a heartbeat, must not be held back: it carries the headers, and gRPC does not
  // report a write as done while headers wait.
  void write(const SharedBytes& bytes, Flush flush) {
    busy_ = true;
    ++sent_;
    grpc::WriteOptions options;
    if (flush == Flush::Later) options.set_buffer_hint();
    writer_.Write(wire::to_byte_buffer(bytes), options, &written_);
  }

  void on_written(bool ok) {
    busy_ = false;
    if (!ok) over_ = true;  // The peer is gone; the done notice follows.
    pump();
    delete_if_last();
  }

  void on_finished() {
    busy_ = false;
    delete_if_last();
  }

  void on_done() {
    is_done_ = over_ = true;
    if (!is_counted_) front_.subscriptions.count_ended(grpc::StatusCode::CANCELLED);
    stop_reading();
    delete_if_last();
  }

  void stop_reading() {
    attachment_.reset();
    if (heartbeats_) front_.loop.heartbeats().remove(*heartbeats_);
    heartbeats_.reset();
    if (delay_) front_.loop.timers().remove(*delay_);
  }

  void delete_if_last() {
    if (is_done_ && !busy_) delete this;
  }

  PubsubFront& front_;
  const LoopUse use_{front_.loop};
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_{&context_};
  Attachment attachment_;
  std::optional<Heartbeats::Registration> heartbeats_;
  CallFaults faults_;
  std::optional<Timers::Ticket> delay_;
  std::uint64_t sent_ = 0;           // Messages, heartbeats included.
  std::optional<grpc::Status> end_;  // How the subscription is to end, once it is.
  bool heartbeat_due_ = false;
  bool busy_ = false;  // A write or the finish is on its way.
  bool over_ = false;  // Nothing more is to be written.
  bool is_counted_ = false;
  bool is_done_ = false;  // gRPC has given back its done notice.
  Completion started_{[this](bool ok) { on_started(ok); }};
  Completion written_{[this](bool ok) { on_written(ok); }};
  Completion finished_{[this](bool) { on_finished(); }};
  Completion done_{[this](bool) { on_done(); }};
};

}  // namespace

void accept_subscribe_calls(PubsubFront& front) {
  for (int i = 0; i < k_waiting_calls; ++i)
    new SubscribeCall(front);
}

}  // namespace topicloop::broker
