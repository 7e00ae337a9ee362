// SPDX-License-Identifier: Apache-2.0
#include "topic/publisher.hpp"

#include "topic/rpc.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/methods.hpp"
#include "wire/pubsub.hpp"

#include <algorithm>
#include <list>
#include <utility>

namespace topicloop::topic {

struct Publisher::Window {
  struct Call {
    std::uint64_t index = 0;
    std::list<Call>::iterator place;
    std::unique_ptr<grpc::ClientContext> context;
    grpc::ByteBuffer answer;
    grpc::Status status;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  };

  Window(std::shared_ptr<Rpc> shared_rpc, PublisherOptions given)
      : rpc(std::move(shared_rpc)), options(std::move(given)) {
    options.in_flight = std::max<std::size_t>(options.in_flight, 1);
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  ~Window() {
    cancel();
    queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) {
    }
  }

  void cancel() {
    for (Call& call : calls)
      call.context->TryCancel();
  }

  void send(const std::string& topic, const model::Value& value) {
    Call& call = calls.emplace_back();
    call.index = sent++;
    call.place = std::prev(calls.end());
    call.context = rpc->make_context();
    call.context->set_deadline(rpc->deadline());
    call.reader = rpc->stub(Host::Topics)
                      .PrepareUnaryCall(call.context.get(), method,
                                        wire::to_byte_buffer(wire::serialize(
                                            wire::PublishRequest{options.cache, topic, value})),
                                        &queue);
    call.reader->StartCall();
    call.reader->Finish(&call.answer, &call.status, &call);
  }

  // Takes up answers until at most `most` messages are in flight.
  void settle(std::size_t most, const std::stop_token& stop) {
    while (calls.size() > most)
      take_one(stop);
  }

  void take_one(const std::stop_token& stop) {
    void* tag = nullptr;
    bool ok = false;
    {
      // The callback reads the list on another thread; its destruction waits for that, so the list
      // never changes under it.
      const std::stop_callback on_stop(stop, [this] { cancel(); });
      queue.Next(&tag, &ok);
    }
    auto* call = static_cast<Call*>(tag);
    Result<void> outcome;
    if (!call->status.ok()) outcome = rpc->error_of(call->status, Host::Topics);
    const std::uint64_t index = call->index;
    calls.erase(call->place);
    if (options.on_result) options.on_result(index, outcome);
  }

  const std::string method{wire::k_publish};
  std::shared_ptr<Rpc> rpc;
  PublisherOptions options;
  grpc::CompletionQueue queue;
  std::list<Call> calls;
  std::uint64_t sent = 0;
};

Publisher::Publisher(std::shared_ptr<Rpc> rpc, PublisherOptions options)
    : window_(std::make_unique<Window>(std::move(rpc), std::move(options))) {}
Publisher::Publisher(Publisher&&) noexcept = default;
Publisher& Publisher::operator=(Publisher&&) noexcept = default;
Publisher::~Publisher() = default;

void Publisher::publish(const std::string& topic, const model::Value& value, std::stop_token stop) {
  window_->send(topic, value);
  window_->settle(window_->options.in_flight - 1, stop);
}

void Publisher::flush(std::stop_token stop) {
  window_->settle(0, stop);
}

}  // namespace topicloop::topic
