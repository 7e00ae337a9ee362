// SPDX-License-Identifier: Apache-2.0
// Takes what comes out on a topic while events are replayed, and compares it with what is expected.
//
// A thread of its own follows the topic. Expected messages are held in memory, as are those that
// came if they are to become the expected ones.
#pragma once

#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "replay/message_expectations.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace topicloop::cli {

struct TopicWatchOptions {
  std::string topic;
  std::string file;  // Of the expected messages.
  bool is_ordered = true;
  std::vector<std::string> ignored;
  bool update = false;                   // What comes is written to the file, and nothing compared.
  std::chrono::milliseconds timeout{0};  // To wait for the next message.
};

class TopicWatch {
public:
  using OnWarning = std::function<void(const std::string&)>;

  // Reads the file and subscribes: what is published from then on counts. Throws CommandError.
  TopicWatch(TopicWatchOptions options, const ConnectionFlags& connection, const Context& context,
             OnWarning on_warning);
  ~TopicWatch();

  // Waits until all that is expected has come, or nothing more comes for the timeout, or a stop.
  void wait();
  // A case for each message; updating, none, and the file is written. Throws CommandError.
  std::vector<replay::CaseResult> conclude();
  // The only thing wrong is that messages did not come.
  bool lacks_messages_only() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::cli
