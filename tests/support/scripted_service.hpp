// SPDX-License-Identifier: Apache-2.0
// A gRPC service in this process that does what a script says, for tests of the client.
//
// Every call, whatever its method, runs the script on a thread of its own, so a script may block.
// All a script waits for on its call ends when the client or the service gives up. Raw bytes; the
// wire room gives them meaning. Thread-safe.
#pragma once

#include "support/eventually.hpp"
#include "wire/byte_buffer.hpp"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace topicloop::test {

class ScriptedCall final : public grpc::ServerGenericBidiReactor {
public:
  explicit ScriptedCall(const grpc::GenericCallbackServerContext& context)
      : method_(context.method()) {
    for (const auto& [name, value] : context.client_metadata()) {
      metadata_.emplace_back(std::string(name.data(), name.size()),
                             std::string(value.data(), value.size()));
    }
  }

  const std::string& method() const { return method_; }

  // Every value sent under this name.
  std::vector<std::string> metadata(const std::string& name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : metadata_) {
      if (key == name) values.push_back(value);
    }
    return values;
  }

  // The client's next message; empty if there is none.
  std::string read() {
    grpc::ByteBuffer request;
    begin();
    StartRead(&request);
    return wait() ? wire::to_string(request) : "";
  }

  // False if the client is gone.
  bool write(std::string message) {
    const grpc::ByteBuffer bytes = wire::to_byte_buffer(std::move(message));
    begin();
    StartWrite(&bytes);
    return wait();
  }

  // The last two things a script can do.
  void answer(std::string message) {
    if (write(std::move(message))) end(grpc::Status::OK);
  }
  void end(const grpc::Status& status) {
    if (!std::exchange(ended_, true)) Finish(status);
  }

  // Says nothing until the client or the service gives up.
  void wait_until_cancelled() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return cancelled_; });
  }

private:
  void begin() {
    const std::lock_guard lock(mutex_);
    pending_ = true;
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !pending_; });
    return ok_;
  }
  void on_io(bool ok) {
    const std::lock_guard lock(mutex_);
    pending_ = false;
    ok_ = ok;
    changed_.notify_all();
  }

  void OnReadDone(bool ok) override { on_io(ok); }
  void OnWriteDone(bool ok) override { on_io(ok); }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }
  void OnDone() override {}

  std::string method_;
  std::vector<std::pair<std::string, std::string>> metadata_;
  bool ended_ = false;  // The script's own.
  std::mutex mutex_;    // Guards what follows.
  std::condition_variable changed_;
  bool pending_ = false;
  bool ok_ = false;
  bool cancelled_ = false;
};

class ScriptedService : private grpc::CallbackGenericService {
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
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
    if (!server_) throw std::runtime_error("the test's service cannot start");
    endpoint_ = address.starts_with("unix:") ? address : "127.0.0.1:" + std::to_string(port);
  }
  ScriptedService(const ScriptedService&) = delete;
  ScriptedService& operator=(const ScriptedService&) = delete;
  ~ScriptedService() override { stop(); }

  const std::string& endpoint() const { return endpoint_; }

  // How many calls came so far.
  std::size_t calls() const {
    const std::lock_guard lock(mutex_);
    return calls_.size();
  }

  // Hard: cuts off the calls under way.
  void stop() {
    if (!server_) return;
    server_->Shutdown(std::chrono::system_clock::now());
    for (auto& thread : threads_)
      thread.join();
    server_.reset();
  }

private:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    const std::lock_guard lock(mutex_);
    ScriptedCall& call = *calls_.emplace_back(std::make_unique<ScriptedCall>(*context));
    threads_.emplace_back([this, &call] {
      script_(call);
      call.end({grpc::StatusCode::UNKNOWN, "the script is over"});
    });
    return &call;
  }

  Script script_;
  std::string endpoint_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<ScriptedCall>> calls_;  // Kept: gRPC says late when it lets go.
  std::vector<std::thread> threads_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace topicloop::test
