// SPDX-License-Identifier: Apache-2.0
#include "broker/control_call.hpp"

#include "broker/call_metadata.hpp"
#include "wire/byte_buffer.hpp"

#include <fmt/format.h>

namespace topicloop::broker {

namespace {

// Callers may invent as many as they like.
constexpr std::string_view k_unknown_methods = "unknown";

class ControlCall {
public:
  explicit ControlCall(ControlFront& front) : front_(front) {
    front_.service.RequestCall(&context_, &stream_, front_.loop.queue(), front_.loop.queue(),
                               &started_);
  }

private:
  void on_started(bool ok) {
    if (!ok) {  // The server is shutting down.
      delete this;
      return;
    }
    new ControlCall(front_);
    began_ = RpcMeter::Clock::now();
    const auto found = front_.methods.find(context_.method());
    if (found == front_.methods.end()) {
      fail({ErrorKind::Unimplemented,
            fmt::format("{} is not implemented by topicloop", context_.method()), ""});
      return;
    }
    method_ = &found->second;
    stream_.Read(&request_, &read_);
  }

  void on_read(bool ok) {
    if (!ok) {
      fail({ErrorKind::InvalidArgument,
            fmt::format("{} was called without a request message", context_.method()), ""});
      return;
    }
    const auto answer = answer_request();
    if (!answer) {
      fail(answer.error());
      return;
    }
    count(grpc::StatusCode::OK);
    stream_.WriteAndFinish(wire::to_byte_buffer(std::string(*answer)), grpc::WriteOptions(),
                           grpc::Status::OK, &finished_);
  }

  Result<std::string> answer_request() const {
    if (auto open = front_.registry.check_open(); !open) return std::move(open).error();
    if (method_->who == ControlMethod::Who::Administrators) {
      auto caller = front_.access.identify(key_of(context_), std::chrono::system_clock::now());
      if (!caller) return std::move(caller).error();
      if (auto may = caller->may_administer(); !may) return std::move(may).error();
    }
    const std::string bytes = wire::to_string(request_);
    return method_->answer({.bytes = bytes, .authority = context_.host()});
  }

  void fail(const Error& error) {
    const auto status = failure(context_, error);
    count(status.error_code());
    stream_.Finish(status, &finished_);
  }

  void count(grpc::StatusCode code) const {
    RpcMeter& meter = front_.metrics.rpc(method_ ? context_.method() : k_unknown_methods);
    meter.count_handled(RpcMeter::Clock::now() - began_);
    meter.count_ended(code);
  }

  ControlFront& front_;
  const LoopUse use_{front_.loop};
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  grpc::ByteBuffer request_;
  const ControlMethod* method_ = nullptr;
  RpcMeter::Clock::time_point began_;
  Completion started_{[this](bool ok) { on_started(ok); }};
  Completion read_{[this](bool ok) { on_read(ok); }};
  Completion finished_{[this](bool) { delete this; }};
};

}  // namespace

void accept_control_calls(ControlFront& front) {
  new ControlCall(front);
}

}  // namespace topicloop::broker
