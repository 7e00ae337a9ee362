// SPDX-License-Identifier: Apache-2.0
#include "cli/foreground_program.hpp"

#include "cli/descriptor_limit.hpp"
#include "cli/signals.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>
#include <system_error>

namespace topicloop::cli {

namespace {

constexpr int k_not_found = 127;
constexpr int k_not_executable = 126;
constexpr int k_signal_base = 128;

std::vector<std::string> environment_with(const Variables& variables) {
  std::vector<std::string> all;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(variables.begin(), variables.end(),
                                      [&](const auto& own) { return own.first == name; });
    if (!replaced) all.emplace_back(text);
  }
  for (const auto& [name, value] : variables)
    all.push_back(fmt::format("{}={}", name, value));
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Those that a program that is run now would get.
std::vector<int> inheritable_descriptors() {
  std::vector<int> descriptors;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const int fd = std::atoi(entry.path().filename().c_str());
    const int flags = ::fcntl(fd, F_GETFD);
    if (flags >= 0 && (static_cast<unsigned int>(flags) & FD_CLOEXEC) == 0)
      descriptors.push_back(fd);
  }
  return descriptors;
}

// Libraries do not mark every descriptor as one to be closed.
void keep_only(const std::vector<int>& given) {
  for (const int fd : inheritable_descriptors()) {
    if (std::find(given.begin(), given.end(), fd) == given.end()) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
}

// Tells the parent why there is no program; closed by exec, it says that there is one.
class FailurePipe {
public:
  FailurePipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  FailurePipe(const FailurePipe&) = delete;
  FailurePipe& operator=(const FailurePipe&) = delete;
  ~FailurePipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }

  void tell(int error) const { static_cast<void>(!::write(ends_[1], &error, sizeof error)); }

  // 0: there is a program.
  int read() {
    ::close(std::exchange(ends_[1], -1));
    int error = 0;
    ssize_t size = 0;
    do {
      size = ::read(ends_[0], &error, sizeof error);
    } while (size < 0 && errno == EINTR);
    return size == sizeof error ? error : 0;
  }

private:
  std::array<int, 2> ends_{-1, -1};
};

// No signal comes while it lives, neither to this thread nor to a child that it forks: what
// handlers of this process would do there is not for a copy of it.
class SignalsHeld {
public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
  sigset_t before_{};
};

void forget_handlers() {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
      std::signal(signal, SIG_DFL);
  }
}

// In the child: only what is safe between fork and exec in a process with threads.
[[noreturn]] void become(char* const* words, char** environment, pid_t parent,
                         const FailurePipe& failure) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(k_signal_base + SIGTERM);
  restore_descriptor_limit();
  forget_handlers();
  restore_signals();
  ::environ = environment;  // Which says where to look for the program.
  ::execvp(words[0], words);
  failure.tell(errno);
  ::_exit(k_not_found);
}

// Once it has ended; its number is still its own then.
void wait_for_end(pid_t child) {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) != 0 &&
         errno == EINTR) {
  }
}

int reap(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? k_signal_base + WTERMSIG(status) : WEXITSTATUS(status);
}

ProgramEnd not_run(const std::string& program, int error) {
  const bool is_missing = error == ENOENT || error == ENOTDIR;
  return {is_missing ? k_not_found : k_not_executable,
          fmt::format("cannot run \"{}\": {}", program, std::generic_category().message(error))};
}

}  // namespace

ForegroundProgram::ForegroundProgram() : given_(inheritable_descriptors()) {
  take_more_signals();
  std::signal(SIGCHLD, SIG_DFL);  // Where it is ignored, nobody learns how a program ended.
}

ProgramEnd ForegroundProgram::run(const std::vector<std::string>& words, const Variables& variables,
                                  Interrupt& interrupt) const {
  std::vector<std::string> arguments = words;
  std::vector<std::string> environment = environment_with(variables);
  const auto argument_pointers = pointers_to(arguments);
  auto environment_pointers = pointers_to(environment);
  FailurePipe failure;
  keep_only(given_);

  const pid_t child = [&] {
    const SignalsHeld held;
    const pid_t parent = ::getpid();
    const pid_t forked = ::fork();
    if (forked == 0) become(argument_pointers.data(), environment_pointers.data(), parent, failure);
    return forked;
  }();
  if (child < 0) return not_run(words.front(), errno);

  interrupt.relay.begin(child);
  const std::stop_callback pass_on(interrupt.token(), [&] {
    const int signal = interrupt.signal;
    interrupt.relay.pass_on(signal == 0 ? SIGTERM : signal, false);
  });
  const int error = failure.read();
  wait_for_end(child);
  interrupt.relay.end();
  const int exit_code = reap(child);
  if (error != 0) return not_run(words.front(), error);
  return {exit_code};
}

}  // namespace topicloop::cli
