// SPDX-License-Identifier: Apache-2.0
#include "broker/call_metadata.hpp"
#include "broker/pubsub_calls.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/pubsub.hpp"

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>

#include <optional>

namespace topicloop::broker {

namespace {

// Calls waiting to be taken up: a burst of publishes finds one without another turn of the queue.
constexpr int k_waiting_calls = 32;

class PublishCall {
public:
  explicit PublishCall(PubsubFront& front) : front_(front) {
    front_.service.RequestPublish(&context_, &request_, &responder_, front_.loop.queue(),
                                  front_.loop.queue(), &started_);
  }

private:
  void on_started(bool ok) {
    if (!ok) {  // The server is shutting down.
      delete this;
      return;
    }
    new PublishCall(front_);
    auto faults = front_.faults.plan(FaultTarget::TopicPublish, fault_headers_of(context_));
    if (!faults) {
      fail(failure(context_, faults.error()));
      return;
    }
    injected_ = std::move(faults->error);
    if (faults->delay.count() == 0) {
      answer();
      return;
    }
    // Headers can be sent only while the client is there: one that gave up meanwhile has published
    // nothing.
    front_.loop.timers().add(Timers::Clock::now() + faults->delay,
                             [this] { responder_.SendInitialMetadata(&delayed_); });
  }

  void on_delayed(bool ok) {
    if (ok) {
      answer();
    } else {
      delete this;
    }
  }

  void answer() {
    if (injected_) {
      fail(failure(*injected_));
      return;
    }
    const auto begin = RpcMeter::Clock::now();
    const auto outcome = publish();
    front_.publishes.count_handled(RpcMeter::Clock::now() - begin);
    if (outcome) {
      front_.publishes.count_ended(grpc::StatusCode::OK);
      responder_.Finish(wire::to_byte_buffer(std::string()), grpc::Status::OK, &finished_);
    } else {
      fail(failure(context_, outcome.error()));
    }
  }

  void fail(const grpc::Status& status) {
    front_.publishes.count_ended(status.error_code());
    responder_.FinishWithError(status, &finished_);
  }

  Result<std::uint64_t> publish() {
    auto request = wire::parse_publish_request(wire::to_string(request_));
    if (!request) return std::move(request).error();
    return front_.topics.publish(key_of(context_), *request, std::chrono::system_clock::now());
  }

  PubsubFront& front_;
  const LoopUse use_{front_.loop};
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder_{&context_};
  std::optional<InjectedError> injected_;
  Completion started_{[this](bool ok) { on_started(ok); }};
  Completion delayed_{[this](bool ok) { on_delayed(ok); }};
  Completion finished_{[this](bool) { delete this; }};
};

}  // namespace

void accept_publish_calls(PubsubFront& front) {
  for (int i = 0; i < k_waiting_calls; ++i)
    new PublishCall(front);
}

}  // namespace topicloop::broker
