// SPDX-License-Identifier: Apache-2.0
#include "cli/render.hpp"
#include "cli/replay_target.hpp"
#include "replay/message_file.hpp"
#include "replay/obstacles.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace topicloop::cli {

namespace {

using Json = nlohmann::ordered_json;

ReplayEnd done(std::uint64_t number) {
  const auto now = std::chrono::system_clock::now();
  return {.number = number, .answer = {}, .sent_at = now, .ended_at = now};
}

class PrintTarget : public ReplayTarget {
public:
  PrintTarget(const ReplayOptions& options, Renderer& renderer, bool is_terminal,
              ReplayMailbox& mailbox)
      : edits_(value_or_throw(replay::Edits::parse(options.settings))),
        renderer_(renderer),
        is_terminal_(is_terminal),
        mailbox_(mailbox) {}

  std::string reason_to_skip(const replay::Event& event) const override {
    return replay::reason_to_skip(event, true);
  }

  std::string check(const replay::Event& event) override {
    value_or_throw(replay::check_payload_left_out(event));
    return name();
  }

  void send(std::uint64_t number, const replay::Event& original) override {
    check(original);
    const auto message = value_or_throw(replay::edited(original, edits_)).message();
    if (!message) {
      throw CommandError(
          {ErrorKind::BadInput,
           fmt::format("{}: --set leaves no webhook event to print", original.position()), ""});
    }
    const std::string& bytes = message->value.bytes;
    if (renderer_.format() == OutputFormat::Raw) {
      renderer_.bytes(bytes);
    } else {
      renderer_.result(is_terminal_ ? printable(bytes) : bytes, replay::record_of(*message));
    }
    mailbox_.put(done(number));
  }

  std::string name() const override { return "standard output"; }

private:
  const replay::Edits edits_;
  Renderer& renderer_;
  const bool is_terminal_;
  ReplayMailbox& mailbox_;
};

class DryTarget : public ReplayTarget {
public:
  DryTarget(std::unique_ptr<ReplayTarget> other, Renderer& renderer, ReplayMailbox& mailbox)
      : other_(std::move(other)), renderer_(renderer), mailbox_(mailbox) {}

  std::string reason_to_skip(const replay::Event& event) const override {
    return other_->reason_to_skip(event);
  }

  std::string check(const replay::Event& event) override { return other_->check(event); }

  void send(std::uint64_t number, const replay::Event& event) override {
    const std::string where = check(event);
    const std::size_t size = event.content().size();
    if (renderer_.format() != OutputFormat::Raw) {
      renderer_.result(fmt::format("{} ({} byte{}) would go to {}", printable(event.name()), size,
                                   size == 1 ? "" : "s", printable(where)),
                       {{"type", "planned"},
                        {"name", event.name()},
                        {"file", event.file},
                        {"line", event.line},
                        {"to", where},
                        {"bytes", size}});
    }
    mailbox_.put(done(number));
  }

  std::string name() const override { return other_->name(); }

private:
  const std::unique_ptr<ReplayTarget> other_;
  Renderer& renderer_;
  ReplayMailbox& mailbox_;
};

}  // namespace

std::unique_ptr<ReplayTarget> make_print_target(const ReplayOptions& options,
                                                const Context& context, Renderer& renderer,
                                                ReplayMailbox& mailbox) {
  return std::make_unique<PrintTarget>(options, renderer, context.streams.out_is_terminal, mailbox);
}

std::unique_ptr<ReplayTarget> make_dry_target(std::unique_ptr<ReplayTarget> other,
                                              Renderer& renderer, ReplayMailbox& mailbox) {
  return std::make_unique<DryTarget>(std::move(other), renderer, mailbox);
}

}  // namespace topicloop::cli
