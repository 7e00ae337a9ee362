// SPDX-License-Identifier: Apache-2.0
#include "topic/audience.hpp"

#include "topic/rpc.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/methods.hpp"
#include "wire/pubsub.hpp"
#include "wire/status.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace topicloop::topic {

namespace {

// One subscription. At most one operation of it is under way, and `step` is that one.
struct Member {
  enum class Step { Start, Write, Read, Finish };

  Step step = Step::Start;
  bool is_open = false;  // Something has arrived.
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call;
  grpc::ByteBuffer item;
  grpc::Status status;
};

}  // namespace

struct Audience::Impl {
  Impl(std::shared_ptr<Rpc> shared_rpc, AudienceOptions given)
      : rpc(std::move(shared_rpc)), options(std::move(given)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    cancel();
    if (thread.joinable()) thread.join();
    queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) {
    }
  }

  void start();
  Result<void> wait_until_open(const std::stop_token& stop);
  void run();
  bool advance(Member& member, bool ok);
  bool take(Member& member);
  void end(Member& member);
  void tell(Error error);
  void cancel();

  std::shared_ptr<Rpc> rpc;
  AudienceOptions options;
  grpc::CompletionQueue queue;
  std::deque<Member> members;  // Contexts may be cancelled by any thread; the rest is the thread's.

  std::mutex mutex;  // Guards all below.
  std::condition_variable_any changed;
  std::size_t open = 0;
  bool is_opening = true;
  bool is_closing = false;
  std::optional<Error> failure;  // While opening.

  std::thread thread;  // Last: it uses all of the above.
};

void Audience::Impl::start() {
  for (std::size_t i = 0; i < options.subscribers; ++i) {
    Member& member = members.emplace_back();
    member.context = rpc->make_context();
    member.call = rpc->stub(Host::Topics)
                      .PrepareCall(member.context.get(), std::string(wire::k_subscribe), &queue);
    member.call->StartCall(&member);
  }
  thread = std::thread([this] { run(); });
}

Result<void> Audience::Impl::wait_until_open(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, rpc->timeout(),
                   [&] { return failure || open == options.subscribers; });
  is_opening = false;
  if (failure) return *failure;
  if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "stopped", ""};
  if (open == options.subscribers) return {};
  return Error{ErrorKind::DeadlineExceeded,
               fmt::format("no answer to {} of {} subscriptions from {} within {} ms",
                           options.subscribers - open, options.subscribers,
                           rpc->endpoint(Host::Topics), rpc->timeout().count()),
               ""};
}

void Audience::Impl::run() {
  std::size_t left = members.size();
  void* tag = nullptr;
  bool ok = false;
  while (left > 0 && queue.Next(&tag, &ok)) {
    if (!advance(*static_cast<Member*>(tag), ok)) --left;
  }
}

// The next operation; false if there is none. A failed start or write is told by the first read, as
// in Subscription.
bool Audience::Impl::advance(Member& member, bool ok) {
  switch (member.step) {
    case Member::Step::Start:
      member.step = Member::Step::Write;
      member.call->WriteLast(wire::to_byte_buffer(wire::serialize(
                                 wire::SubscribeRequest{options.cache, options.topic, {}})),
                             grpc::WriteOptions(), &member);
      return true;
    case Member::Step::Write:
      member.step = Member::Step::Read;
      member.call->Read(&member.item, &member);
      return true;
    case Member::Step::Read:
      if (ok && take(member)) {
        member.call->Read(&member.item, &member);
        return true;
      }
      member.step = Member::Step::Finish;
      member.call->Finish(&member.status, &member);
      return true;
    case Member::Step::Finish:
      break;
  }
  end(member);
  return false;
}

// False if it cannot be read: what follows is not to be trusted.
bool Audience::Impl::take(Member& member) {
  auto event =
      wire::parse_subscription_item(wire::to_string(member.item), options.cache, options.topic);
  if (!event) {
    tell(std::move(event).error());
    member.context->TryCancel();
    return false;
  }
  options.on_event(*event);
  if (!std::exchange(member.is_open, true)) {
    const std::lock_guard lock(mutex);
    ++open;
    changed.notify_all();
  }
  return true;
}

void Audience::Impl::end(Member& member) {
  const auto& endpoint = rpc->endpoint(Host::Topics);
  tell(member.status.ok() ? Error{ErrorKind::Unavailable,
                                  fmt::format("the service at {} ended a subscription to \"{}\"",
                                              endpoint, options.topic),
                                  ""}
                          : wire::from_status(member.status, endpoint));
}

void Audience::Impl::tell(Error error) {
  {
    const std::lock_guard lock(mutex);
    if (is_closing) return;
    if (is_opening) {
      if (!failure) failure = std::move(error);
      changed.notify_all();
      return;
    }
  }
  options.on_end(std::move(error));
}

void Audience::Impl::cancel() {
  {
    const std::lock_guard lock(mutex);
    is_closing = true;
  }
  for (Member& member : members)
    member.context->TryCancel();
}

Audience::Audience(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Audience::Audience(Audience&&) noexcept = default;
Audience& Audience::operator=(Audience&&) noexcept = default;
Audience::~Audience() = default;

Result<Audience> Audience::open(std::shared_ptr<Rpc> rpc, AudienceOptions options,
                                const std::stop_token& stop) {
  auto impl = std::make_unique<Impl>(std::move(rpc), std::move(options));
  impl->start();
  if (auto opened = impl->wait_until_open(stop); !opened) return std::move(opened).error();
  return Audience(std::move(impl));
}

}  // namespace topicloop::topic
