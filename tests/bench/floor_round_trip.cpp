// SPDX-License-Identifier: Apache-2.0
// floor_round_trip ENDPOINT COUNT IN_FLIGHT [RATE]: publishes to a topic that it subscribes to and
// prints how many messages went round and how long they took; at a rate, from when each was due.
#include "floor_grpc.hpp"

#include <sys/prctl.h>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace floor_programs;

namespace {

constexpr std::size_t k_size = 100;
constexpr std::size_t k_digits = 16;
constexpr std::uint64_t k_warm_up = 200;

struct Rounds {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Clock::time_point> begun;
  std::vector<double> latencies_us;
  std::uint64_t back = 0;
  bool is_open = false;

  void on_back(std::uint64_t index) {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex);
    latencies_us[index] = std::chrono::duration<double, std::micro>(now - begun[index]).count();
    ++back;
    changed.notify_all();
  }
};

void follow(proto::Pubsub::Stub& stub, grpc::ClientContext& context, Rounds& rounds) {
  proto::_SubscriptionRequest request;
  request.set_cache_name("default-cache");
  request.set_topic("topic");
  const auto reader = stub.Subscribe(&context, request);
  proto::_SubscriptionItem item;
  while (reader->Read(&item)) {
    if (item.has_item()) {
      rounds.on_back(std::stoull(item.item().value().text().substr(0, k_digits)));
      continue;
    }
    const std::lock_guard lock(rounds.mutex);
    rounds.is_open = true;
    rounds.changed.notify_all();
  }
}

std::string payload_of(std::uint64_t index) {
  const std::string number = std::to_string(index);
  return std::string(k_digits - number.size(), '0') + number + std::string(k_size - k_digits, 'x');
}

// Answers are taken up, but not waited for.
struct Sender {
  struct Call {
    grpc::ClientContext context;
    common::_Empty answer;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<common::_Empty>> reader;
  };

  proto::Pubsub::Stub& stub;
  grpc::CompletionQueue queue = {};
  std::thread taker = std::thread([this] {
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok))
      delete static_cast<Call*>(tag);
  });

  void send(std::uint64_t index) {
    proto::_PublishRequest request;
    request.set_cache_name("default-cache");
    request.set_topic("topic");
    request.mutable_value()->set_text(payload_of(index));
    auto* call = new Call;
    call->reader = stub.AsyncPublish(&call->context, request, &queue);
    call->reader->Finish(&call->answer, &call->status, call);
  }

  void end() {
    queue.Shutdown();
    taker.join();
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) fail("usage: floor_round_trip ENDPOINT COUNT IN_FLIGHT [RATE]");
  const auto stub = proto::Pubsub::NewStub(open_channel(argv[1]));
  const std::uint64_t count = std::stoull(argv[2]);
  const std::uint64_t most = std::stoull(argv[3]);
  const double rate = argc == 5 ? std::stod(argv[4]) : 0;
  Rounds rounds;
  rounds.begun.resize(k_warm_up + count);
  rounds.latencies_us.resize(k_warm_up + count);
  grpc::ClientContext context;
  std::thread follower([&] { follow(*stub, context, rounds); });
  Sender sender{*stub};
  ::prctl(PR_SET_TIMERSLACK, 1);  // As topicloop does.

  std::unique_lock lock(rounds.mutex);
  rounds.changed.wait(lock, [&] { return rounds.is_open; });
  auto begin = Clock::now();
  for (std::uint64_t index = 0; index < k_warm_up + count; ++index) {
    if (index == k_warm_up) {
      rounds.changed.wait(lock, [&] { return rounds.back == k_warm_up; });
      begin = Clock::now();
    }
    auto due = Clock::now();
    if (rate > 0 && index >= k_warm_up) {
      const std::chrono::duration<double> after(static_cast<double>(index - k_warm_up) / rate);
      due = begin + std::chrono::duration_cast<Clock::duration>(after);
      lock.unlock();
      std::this_thread::sleep_until(due);
      lock.lock();
    }
    rounds.changed.wait(lock, [&] { return index - rounds.back < most; });
    rounds.begun[index] = rate > 0 && index >= k_warm_up ? due : Clock::now();
    lock.unlock();
    sender.send(index);
    lock.lock();
  }
  rounds.changed.wait(lock, [&] { return rounds.back == k_warm_up + count; });
  const double seconds = seconds_since(begin);
  lock.unlock();
  context.TryCancel();
  follower.join();
  sender.end();
  rounds.latencies_us.erase(rounds.latencies_us.begin(),
                            rounds.latencies_us.begin() + static_cast<std::ptrdiff_t>(k_warm_up));
  print_result(count, seconds, rounds.latencies_us);
}
