// SPDX-License-Identifier: Apache-2.0
#include "broker/control_call.hpp"

#include "broker/call_metadata.hpp"
#include "wire/byte_buffer.hpp"

#include <fmt/format.h>

namespace topicloop::broker {

namespace {

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
    stream_.WriteAndFinish(wire::to_byte_buffer(std::string(*answer)), grpc::WriteOptions(),
                           grpc::Status::OK, &finished_);
  }

  Result<std::string> answer_request() const {
    if (method_->who == ControlMethod::Who::Administrators) {
      auto caller = front_.access.identify(key_of(context_), std::chrono::system_clock::now());
      if (!caller) return std::move(caller).error();
      if (auto may = caller->may_administer(); !may) return std::move(may).error();
    }
    const std::string bytes = wire::to_string(request_);
    return method_->answer({.bytes = bytes, .authority = context_.host()});
  }

  void fail(const Error& error) { stream_.Finish(failure(context_, error), &finished_); }

  ControlFront& front_;
  const LoopUse use_{front_.loop};
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  grpc::ByteBuffer request_;
  const ControlMethod* method_ = nullptr;
  Completion started_{[this](bool ok) { on_started(ok); }};
  Completion read_{[this](bool ok) { on_read(ok); }};
  Completion finished_{[this](bool) { delete this; }};
};

}  // namespace

void accept_control_calls(ControlFront& front) {
  new ControlCall(front);
}

}  // namespace topicloop::broker
