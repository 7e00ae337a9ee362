// SPDX-License-Identifier: Apache-2.0
// The program itself as a process of its own, watched while it runs.
//
// Starts with no signal blocked or ignored. Ended by its id if the test does not see its end.
// Waiting has a deadline, which only a failing test ever reaches.
#pragma once

#include "support/condition.hpp"
#include "support/descriptors.hpp"
#include "support/environment.hpp"
#include "support/watched_text.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace topicloop::test {

// What a process gets as standard input and output: a descriptor, nothing at all, or the default.
inline constexpr int k_default = -1;
inline constexpr int k_closed = -2;

class Process {
public:
  // By default it reads nothing and its output is collected.
  explicit Process(std::vector<std::string> arguments, int in = k_default, int out = k_default) {
    arguments.insert(arguments.begin(), TOPICLOOP_BINARY);
    start(arguments, in, out);
    out_pipe_.writer.close();
    err_pipe_.writer.close();
    out_reader_ = std::thread([this] { collect(out_pipe_.reader.fd(), out_); });
    err_reader_ = std::thread([this] { collect(err_pipe_.reader.fd(), err_); });
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (!waited_) {
      ::kill(id_, SIGKILL);
      ::waitpid(id_, nullptr, 0);
    }
    out_reader_.join();
    err_reader_.join();
  }

  const WatchedText& out() const { return out_; }
  const WatchedText& err() const { return err_; }
  pid_t id() const { return id_; }
  void signal(int signal) const { ::kill(id_, signal); }

  // Its exit code; 1000 and more if it was a signal that ended it. A `reminder` is a signal that it
  // is sent until it has ended.
  int wait(int reminder = 0) {
    int status = 0;
    if (!eventually([&] {
          ::kill(id_, reminder);
          return ::waitpid(id_, &status, WNOHANG) == id_;
        })) {
      throw std::runtime_error("the process does not end; it wrote:\n" + out_.text() + err_.text());
    }
    waited_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1'000 + WTERMSIG(status);
  }

  // Also waits until all it wrote is here.
  int wait_for_all() {
    const int code = wait();
    if (!eventually([&] { return ended_ == 2; })) throw std::runtime_error("no end of output");
    return code;
  }

private:
  void start(std::vector<std::string>& arguments, int in, int out) {
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    redirect(files, STDIN_FILENO, in, [&] {
      ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    });
    redirect(files, STDOUT_FILENO, out, [&] {
      ::posix_spawn_file_actions_adddup2(&files, out_pipe_.writer.fd(), STDOUT_FILENO);
    });
    ::posix_spawn_file_actions_adddup2(&files, err_pipe_.writer.fd(), STDERR_FILENO);

    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    std::vector<char*> argv;
    for (auto& argument : arguments)
      argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int failure = ::posix_spawn(&id_, argv[0], &files, &attributes, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
    if (failure != 0) throw std::runtime_error("the program cannot be started");
  }

  template <typename Default>
  static void redirect(posix_spawn_file_actions_t& files, int stream, int given,
                       Default use_default) {
    if (given == k_default) {
      use_default();
    } else if (given == k_closed) {
      ::posix_spawn_file_actions_addclose(&files, stream);
    } else {
      ::posix_spawn_file_actions_adddup2(&files, given, stream);
    }
  }

  void collect(int fd, WatchedText& text) {
    char buffer[4'096];
    ssize_t count = 0;
    while ((count = ::read(fd, buffer, sizeof buffer)) > 0)
      text.append({buffer, static_cast<std::size_t>(count)});
    ++ended_;
  }

  Pipe out_pipe_;
  Pipe err_pipe_;
  WatchedText out_;
  WatchedText err_;
  std::atomic<int> ended_ = 0;
  pid_t id_ = -1;
  bool waited_ = false;
  std::thread out_reader_;
  std::thread err_reader_;
};

}  // namespace topicloop::test
