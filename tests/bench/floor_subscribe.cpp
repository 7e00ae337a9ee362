// SPDX-License-Identifier: Apache-2.0
// floor_subscribe ENDPOINT COUNT [SUBSCRIBERS]: says "ready" on standard error and writes COUNT
// payloads to standard output, one write for each, as `subscribe -o raw` does. With SUBSCRIBERS
// each of them reads COUNT messages from the beginning of the topic, and the rate is printed.
#include "floor_grpc.hpp"

#include <unistd.h>

using namespace floor_programs;

namespace {

struct Member {
  enum class Step { Start, Read };
  Step step = Step::Start;
  std::uint64_t seen = 0;
  grpc::ClientContext context;
  proto::_SubscriptionItem item;
  std::unique_ptr<grpc::ClientAsyncReader<proto::_SubscriptionItem>> reader;
};

struct Run {
  std::uint64_t count = 0;
  std::size_t members = 0;
  bool writes = false;
  std::size_t done = 0;
  bool is_ready = false;
};

// False once the member has all it wants.
bool take(Member& member, Run& run) {
  if (!run.is_ready) {
    run.is_ready = true;
    if (run.writes) std::fprintf(stderr, "ready\n");
  }
  if (!member.item.has_item()) return true;
  const std::string& text = member.item.item().value().text();
  if (run.writes && ::write(STDOUT_FILENO, text.data(), text.size()) < 0) fail("cannot write");
  return ++member.seen < run.count;
}

void read_all(grpc::CompletionQueue& queue, Run& run) {
  void* tag = nullptr;
  bool ok = false;
  while (run.done < run.members && queue.Next(&tag, &ok)) {
    auto& member = *static_cast<Member*>(tag);
    if (!ok) fail("the stream has ended");
    const bool is_first = member.step == Member::Step::Start;
    member.step = Member::Step::Read;
    if (is_first || take(member, run)) {
      member.reader->Read(&member.item, &member);
    } else {
      ++run.done;
      member.context.TryCancel();
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) fail("usage: floor_subscribe ENDPOINT COUNT [SUBSCRIBERS]");
  const auto stub = proto::Pubsub::NewStub(open_channel(argv[1]));
  Run run;
  run.count = std::stoull(argv[2]);
  run.writes = argc == 3;
  run.members = run.writes ? 1 : std::stoul(argv[3]);

  proto::_SubscriptionRequest request;
  request.set_cache_name("default-cache");
  request.set_topic("topic");
  if (!run.writes) request.set_resume_at_topic_sequence_number(1);
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<Member>> members;
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < run.members; ++i) {
    auto& member = *members.emplace_back(std::make_unique<Member>());
    member.reader = stub->AsyncSubscribe(&member.context, request, &queue, &member);
  }
  read_all(queue, run);
  if (!run.writes) print_result(run.count * run.members, seconds_since(begin), {});
  std::fflush(stdout);
  ::_exit(0);  // The cancelled streams are of no interest any more.
}
