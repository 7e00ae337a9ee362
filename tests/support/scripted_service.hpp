// SPDX-License-Identifier: Apache-2.0
// A gRPC service in this process that does what a script says, for tests of the client.
//
// Every call, whatever its method, runs the script on one of a few threads, so a script may block.
// All a script waits for on its call ends when the client or the service gives up. Raw bytes; the
// wire room gives them meaning. A call belongs to its thread; the service is thread-safe.
#pragma once

#include "wire/byte_buffer.hpp"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace topicloop::test {

class ScriptedCall {
public:
  ScriptedCall(grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue)
      : queue_(queue) {
    context_.AsyncNotifyWhenDone(&over_);
    service.RequestCall(&context_, &stream_, &queue_, &queue_, &operation_);
  }

  // Waits for a client; false if the service stops instead.
  bool accept() { return wait(); }

  const std::string& method() const { return context_.method(); }

  // Every value sent under this name.
  std::vector<std::string> metadata(const std::string& name) const {
    std::vector<std::string> values;
    const auto [first, last] = context_.client_metadata().equal_range(name);
    for (auto entry = first; entry != last; ++entry)
      values.emplace_back(entry->second.data(), entry->second.size());
    return values;
  }

  // The client's next message; empty if there is none.
  std::string read() {
    grpc::ByteBuffer request;
    stream_.Read(&request, &operation_);
    return wait() ? wire::to_string(request) : "";
  }

  // False if the client is gone.
  bool write(std::string message) {
    stream_.Write(wire::to_byte_buffer(std::move(message)), &operation_);
    return wait();
  }

  // A header of the answer; before the first write.
  void add_header(const std::string& name, const std::string& value) {
    context_.AddInitialMetadata(name, value);
  }

  // The last two things a script can do.
  void answer(std::string message) {
    write(std::move(message));
    end(grpc::Status::OK);
  }
  void end(const grpc::Status& status) {
    if (std::exchange(ended_, true)) return;
    stream_.Finish(status, &operation_);
    wait();
    wait_until_cancelled();
  }

  // Says nothing until the client or the service gives up, or nothing is left to say.
  void wait_until_cancelled() {
    while (!is_over_)
      take();
  }

private:
  // The tag of what happened next, and whether it succeeded.
  std::pair<void*, bool> take() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    if (tag == &over_) is_over_ = true;
    return {tag, ok};
  }

  bool wait() {
    while (true) {
      const auto [tag, ok] = take();
      if (tag == &operation_) return ok;
    }
  }

  grpc::ServerCompletionQueue& queue_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  char operation_ = 0;  // Only their addresses matter: the tags.
  char over_ = 0;
  bool is_over_ = false;
  bool ended_ = false;
};

class ScriptedService {
public:
  using Script = std::function<void(ScriptedCall&)>;

  // A call whose script returns without an end is ended as UNKNOWN.
  explicit ScriptedService(Script script, const std::string& address = "127.0.0.1:0",
                           const std::shared_ptr<grpc::ServerCredentials>& credentials =
                               grpc::InsecureServerCredentials())
      : script_(std::move(script)) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(address, credentials, &port);
    builder.SetMaxReceiveMessageSize(-1);
    builder.RegisterAsyncGenericService(&service_);
    for (int i = 0; i < k_calls_at_once; ++i)
      queues_.push_back(builder.AddCompletionQueue());
    server_ = builder.BuildAndStart();
    if (!server_) throw std::runtime_error("the test's service cannot start");
    endpoint_ = address.starts_with("unix:") ? address : "127.0.0.1:" + std::to_string(port);
    for (const auto& queue : queues_)
      threads_.emplace_back([this, &queue] { serve(*queue); });
  }
  ScriptedService(const ScriptedService&) = delete;
  ScriptedService& operator=(const ScriptedService&) = delete;
  ~ScriptedService() { stop(); }

  const std::string& endpoint() const { return endpoint_; }

  // How many calls came so far.
  int calls() const { return calls_; }

  // Hard: cuts off the calls under way.
  void stop() {
    if (!server_) return;
    server_->Shutdown(std::chrono::system_clock::now());
    for (auto& thread : threads_)
      thread.join();
    server_.reset();
    for (const auto& queue : queues_) {
      queue->Shutdown();
      void* tag = nullptr;
      bool ok = false;
      while (queue->Next(&tag, &ok)) {
      }
    }
  }

private:
  static constexpr int k_calls_at_once = 12;

  // Each thread has a queue of its own: what gRPC hands from thread to thread inside itself is
  // invisible to ThreadSanitizer.
  void serve(grpc::ServerCompletionQueue& queue) {
    while (true) {
      ScriptedCall call(service_, queue);
      if (!call.accept()) return;
      ++calls_;
      script_(call);
      call.end({grpc::StatusCode::UNKNOWN, "the script is over"});
    }
  }

  Script script_;
  std::string endpoint_;
  std::atomic<int> calls_ = 0;
  grpc::AsyncGenericService service_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::thread> threads_;
};

}  // namespace topicloop::test
