// SPDX-License-Identifier: Apache-2.0
// floor_server: a service of one topic that keeps every message. Prints where it listens; serves
// until it is killed. One thread, one completion queue; each message is encoded once, for all its
// readers, who write from their cursor on and gather writes while there is more.
#include "floor_grpc.hpp"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <functional>
#include <set>

using namespace floor_programs;

namespace {

using Service = proto::Pubsub::WithRawMethod_Publish<
    proto::Pubsub::WithRawMethod_Subscribe<proto::Pubsub::Service>>;
using Tag = std::function<void(bool)>;

template <typename Message>
grpc::ByteBuffer encoded(const Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

template <typename Message>
bool decode(grpc::ByteBuffer& buffer, Message& message) {
  grpc::Slice slice;
  return buffer.DumpToSingleSlice(&slice).ok() &&
         message.ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
}

struct Reader;

struct Floor {
  Service service;
  std::unique_ptr<grpc::ServerCompletionQueue> queue;
  std::vector<grpc::ByteBuffer> log;
  std::set<Reader*> readers;
};

struct Reader {
  explicit Reader(Floor& given) : floor(given) {
    context.AsyncNotifyWhenDone(&done);
    floor.service.RequestSubscribe(&context, &request, &writer, floor.queue.get(),
                                   floor.queue.get(), &started);
  }

  void on_started() {
    new Reader(floor);
    proto::_SubscriptionRequest message;
    decode(request, message);
    at = message.resume_at_topic_sequence_number() == 1 ? 0 : floor.log.size();
    floor.readers.insert(this);
    proto::_SubscriptionItem heartbeat;
    heartbeat.mutable_heartbeat();
    busy = true;
    writer.Write(encoded(heartbeat), &written);
  }

  void pump() {
    if (busy || at == floor.log.size()) return;
    busy = true;
    grpc::WriteOptions options;
    if (at + 1 < floor.log.size()) options.set_buffer_hint();
    writer.Write(floor.log[at++], options, &written);
  }

  Floor& floor;
  grpc::ServerContext context;
  grpc::ByteBuffer request;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer{&context};
  std::size_t at = 0;
  bool busy = false;
  Tag started = [this](bool ok) {
    if (ok) on_started();
  };
  Tag written = [this](bool ok) {
    busy = false;
    if (ok) pump();
  };
  // It stays in memory: a floor has few readers.
  Tag done = [this](bool) { floor.readers.erase(this); };
};

struct Publish {
  explicit Publish(Floor& given) : floor(given) {
    floor.service.RequestPublish(&context, &request, &responder, floor.queue.get(),
                                 floor.queue.get(), &started);
  }

  void on_started() {
    new Publish(floor);
    proto::_PublishRequest message;
    decode(request, message);
    proto::_SubscriptionItem item;
    item.mutable_item()->set_topic_sequence_number(floor.log.size() + 1);
    item.mutable_item()->set_allocated_value(message.release_value());
    floor.log.push_back(encoded(item));
    for (Reader* reader : floor.readers)
      reader->pump();
    const grpc::Slice nothing;
    responder.Finish(grpc::ByteBuffer(&nothing, 1), grpc::Status::OK, &finished);
  }

  Floor& floor;
  grpc::ServerContext context;
  grpc::ByteBuffer request;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder{&context};
  Tag started = [this](bool ok) {
    if (ok) on_started();
  };
  Tag finished = [this](bool) { delete this; };
};

}  // namespace

int main() {
  Floor floor;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&floor.service);
  floor.queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  for (int i = 0; i < 32; ++i) {
    new Publish(floor);
    new Reader(floor);
  }
  std::printf("127.0.0.1:%d\n", port);
  std::fflush(stdout);
  void* tag = nullptr;
  bool ok = false;
  while (floor.queue->Next(&tag, &ok))
    (*static_cast<Tag*>(tag))(ok);
}
