// SPDX-License-Identifier: Apache-2.0
#include "topic/subscription.hpp"

#include "topic/rpc.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/methods.hpp"
#include "wire/pubsub.hpp"

#include <fmt/format.h>
#include <grpc/support/time.h>

#include <utility>

namespace topicloop::topic {

namespace {

gpr_timespec to_timespec(Subscription::Deadline deadline) {
  if (deadline == Subscription::Deadline::max()) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  const auto left =
      std::chrono::ceil<std::chrono::microseconds>(deadline - Subscription::Deadline::clock::now());
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_micros(left.count(), GPR_TIMESPAN));
}

}  // namespace

// The stream and its completion queue. At most one operation is under way at any time, so what the
// queue gives back next is always that one.
struct Subscription::Stream {
  Stream(std::shared_ptr<Rpc> shared_rpc, std::string cache_name, std::string topic_name)
      : rpc(std::move(shared_rpc)), cache(std::move(cache_name)), topic(std::move(topic_name)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  ~Stream() {
    context->TryCancel();
    queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) {
    }
  }

  // Waits for the operation under way. Nothing if the deadline passed, else whether it succeeded.
  std::optional<bool> wait(Deadline deadline = Deadline::max()) {
    void* tag = nullptr;
    bool ok = false;
    const auto got = queue.AsyncNext(&tag, &ok, to_timespec(deadline));
    if (got != grpc::CompletionQueue::GOT_EVENT) return std::nullopt;
    return ok;
  }

  // False if the deadline passed: connecting is part of this, and the service may be silent there
  // too. A failure is told by the first read. To ask for the status at once would wait for ever if
  // the service had sent messages before it ended the stream, as nobody would read them.
  bool start(const model::ResumePoint& resume, Deadline deadline) {
    call =
        rpc->stub(Host::Topics).PrepareCall(context.get(), std::string(wire::k_subscribe), &queue);
    call->StartCall(nullptr);
    if (!wait(deadline)) return false;
    call->WriteLast(
        wire::to_byte_buffer(wire::serialize(wire::SubscribeRequest{cache, topic, resume})),
        grpc::WriteOptions(), nullptr);
    return wait(deadline).has_value();
  }

  Error no_answer() const {
    return {ErrorKind::DeadlineExceeded,
            fmt::format("no answer to the subscription to \"{}\" from {} within {} ms", topic,
                        rpc->endpoint(Host::Topics), rpc->timeout().count()),
            ""};
  }

  // The reason the stream ended. OK is one too: a subscription has no natural end.
  Error finish() {
    grpc::Status status;
    call->Finish(&status, nullptr);
    wait();
    end = status.ok() ? Error{ErrorKind::Unavailable,
                              fmt::format("the service at {} ended the subscription to \"{}\"",
                                          rpc->endpoint(Host::Topics), topic),
                              ""}
                      : rpc->error_of(status, Host::Topics);
    return *end;
  }

  std::shared_ptr<Rpc> rpc;
  std::string cache;
  std::string topic;
  std::unique_ptr<grpc::ClientContext> context = rpc->make_context();
  grpc::CompletionQueue queue;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call;
  grpc::ByteBuffer item;
  bool reading = false;
  std::optional<model::SubscriptionEvent> first;  // Arrived while opening.
  std::optional<Error> end;
};

Subscription::Subscription(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}
Subscription::Subscription(Subscription&&) noexcept = default;
Subscription& Subscription::operator=(Subscription&&) noexcept = default;
Subscription::~Subscription() = default;

Result<Subscription> Subscription::open(std::shared_ptr<Rpc> rpc, const std::string& cache,
                                        const std::string& topic, const model::ResumePoint& resume,
                                        std::stop_token stop) {
  // On a clock of its own: a deadline of the call would be one of the whole stream.
  const auto deadline = Deadline::clock::now() + rpc->timeout();
  Subscription subscription(std::make_unique<Stream>(std::move(rpc), cache, topic));
  Stream& stream = *subscription.stream_;
  {
    const std::stop_callback cancel(stop, [&] { stream.context->TryCancel(); });
    if (!stream.start(resume, deadline)) return stream.no_answer();
  }
  auto first = subscription.next(stop, deadline);
  if (!first) return std::move(first).error();
  if (!*first) return stream.no_answer();
  stream.first = std::move(**first);
  return subscription;
}

std::optional<model::ResumePoint> Subscription::begin() const {
  const auto& headers = stream_->context->GetServerInitialMetadata();
  const auto found = headers.find(wire::k_position_header);
  if (found == headers.end()) return std::nullopt;
  return wire::parse_position({found->second.data(), found->second.size()});
}

Result<std::optional<model::SubscriptionEvent>> Subscription::next(std::stop_token stop,
                                                                   Deadline deadline) {
  Stream& stream = *stream_;
  if (stream.first) return std::exchange(stream.first, std::nullopt);
  if (stream.end) return *stream.end;

  const std::stop_callback cancel(stop, [&] { stream.context->TryCancel(); });
  if (!std::exchange(stream.reading, true)) stream.call->Read(&stream.item, nullptr);
  const std::optional<bool> arrived = stream.wait(deadline);
  if (!arrived) return std::optional<model::SubscriptionEvent>();
  stream.reading = false;
  if (!*arrived) return stream.finish();

  auto event =
      wire::parse_subscription_item(wire::to_string(stream.item), stream.cache, stream.topic);
  if (!event) {
    // What follows a message that cannot be read is not to be trusted.
    stream.context->TryCancel();
    stream.end = std::move(event).error();
    return *stream.end;
  }
  return std::optional(*std::move(event));
}

}  // namespace topicloop::topic
