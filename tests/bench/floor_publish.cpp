// SPDX-License-Identifier: Apache-2.0
// floor_publish ENDPOINT IN_FLIGHT: publishes each line of standard input, so many at a time.
#include "floor_grpc.hpp"

#include <deque>
#include <iostream>

using namespace floor_programs;

namespace {

struct Call {
  grpc::ClientContext context;
  common::_Empty answer;
  grpc::Status status;
  std::unique_ptr<grpc::ClientAsyncResponseReader<common::_Empty>> reader;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: floor_publish ENDPOINT IN_FLIGHT");
  const auto stub = proto::Pubsub::NewStub(open_channel(argv[1]));
  const std::size_t most = std::stoul(argv[2]);
  grpc::CompletionQueue queue;
  std::size_t in_flight = 0;
  const auto take_one = [&] {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    if (!call->status.ok()) fail(call->status.error_message().c_str());
    --in_flight;
  };
  std::ios::sync_with_stdio(false);
  proto::_PublishRequest request;
  request.set_cache_name("default-cache");
  request.set_topic("topic");
  for (std::string line; std::getline(std::cin, line);) {
    request.mutable_value()->set_text(line);
    auto* call = new Call;
    call->reader = stub->AsyncPublish(&call->context, request, &queue);
    call->reader->Finish(&call->answer, &call->status, call);
    ++in_flight;
    while (in_flight >= most)
      take_one();
  }
  while (in_flight > 0)
    take_one();
}
