// SPDX-License-Identifier: Apache-2.0
// A command line run in this process, on a thread of its own and with streams of its own.
//
// Never ends by itself too late: a test that waits in vain fails.
#pragma once

#include "cli/app.hpp"
#include "support/descriptors.hpp"
#include "support/environment.hpp"
#include "support/records.hpp"
#include "support/service.hpp"
#include "support/watched_text.hpp"

#include <csignal>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace topicloop::test {

using Arguments = std::vector<std::string>;

class Command {
public:
  // `in` is its standard input.
  Command(Arguments arguments, int in)
      : streams_{.in = in, .out = out_.stream(), .err = err_.stream()},
        thread_([this, arguments = std::move(arguments)] {
          result_.set_value(cli::run(arguments, streams_, interrupt_));
        }) {}
  explicit Command(Arguments arguments, const std::string& input = "")
      : Command(std::move(arguments), input_of(input)) {}
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  ~Command() {
    interrupt_.source.request_stop();
    thread_.join();
  }

  const WatchedText& out() const { return out_.watched(); }
  const WatchedText& err() const { return err_.watched(); }
  std::vector<nlohmann::json> records() const { return test::records(out().text()); }

  // What main() makes of a signal.
  void interrupt(int signal = SIGINT) {
    interrupt_.signal = signal;
    interrupt_.source.request_stop();
  }

  // Its exit code, once it has ended by itself.
  int wait() {
    if (ended_.wait_for(k_patience) != std::future_status::ready) {
      throw std::runtime_error("the command does not end; it wrote:\n" + out().text() +
                               err().text());
    }
    return ended_.get();
  }

  int interrupt_and_wait(int signal = SIGINT) {
    interrupt(signal);
    return wait();
  }

private:
  Command(Arguments arguments, Descriptor input) : Command(std::move(arguments), input.fd()) {
    input_ = std::move(input);
  }

  Descriptor input_;
  WatchedStream out_;
  WatchedStream err_;
  cli::Interrupt interrupt_;
  cli::Streams streams_;
  std::promise<int> result_;
  std::shared_future<int> ended_ = result_.get_future();
  std::thread thread_;
};

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;

  std::vector<nlohmann::json> records() const { return test::records(out); }
};

// Runs a command that ends by itself.
inline Outcome run_command(Arguments arguments, const std::string& input = "") {
  Command command(std::move(arguments), input);
  const int exit_code = command.wait();
  return {exit_code, command.out().text(), command.err().text()};
}

// The arguments, and which service and cache to use.
inline Arguments at(const Service& service, Arguments arguments) {
  arguments.insert(arguments.end(), {"--local", service.broker.endpoint(), "--cache", k_cache});
  return arguments;
}

// Where nobody will ever listen.
inline constexpr const char* k_nowhere = "unix:/nonexistent/topicloop";

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace topicloop::test
