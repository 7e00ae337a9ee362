// SPDX-License-Identifier: Apache-2.0
#include "sink/child_process.hpp"

#include "sink/running_programs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <system_error>

namespace topicloop::sink {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t k_read_size = 65'536;

class Descriptor {
public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

private:
  int fd_;
};

std::string text_of(int error) {
  return std::generic_category().message(error);
}

Error cannot_start(const std::string& program, int error) {
  return {ErrorKind::BadInput, fmt::format("cannot start \"{}\": {}", program, text_of(error)), ""};
}

struct Pipe {
  Descriptor reader;
  Descriptor writer;

  // 0, or why there is none. Our ends must never end up as one of the child's standard streams
  // before those are in place, which they could if ours are closed: hence 3 and above.
  int open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
    reader = Descriptor(::fcntl(ends[0], F_DUPFD_CLOEXEC, 3));
    writer = Descriptor(::fcntl(ends[1], F_DUPFD_CLOEXEC, 3));
    ::close(ends[0]);
    ::close(ends[1]);
    return reader.get() < 0 || writer.get() < 0 ? EMFILE : 0;
  }
};

bool is_named(std::string_view assignment, std::string_view name) {
  return assignment.size() > name.size() && assignment.starts_with(name) &&
         assignment[name.size()] == '=';
}

std::vector<std::string> environment_of(const ProgramCall& call) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const bool hidden = std::any_of(call.hidden_variables.begin(), call.hidden_variables.end(),
                                    [&](const auto& name) { return is_named(*variable, name); });
    const bool replaced = std::any_of(call.variables.begin(), call.variables.end(),
                                      [&](auto& own) { return is_named(*variable, own.first); });
    if (!hidden && !replaced) all.emplace_back(*variable);
  }
  for (const auto& [name, value] : call.variables) {
    // What follows a zero byte could not be passed on; cut off it would be another value.
    if (value.find('\0') == std::string::npos) all.push_back(fmt::format("{}={}", name, value));
  }
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What posix_spawn is told about the child.
class SpawnPlan {
public:
  SpawnPlan(int input, int output) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    // Libraries do not mark every socket as one to be closed.
    ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);

    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  // 0 or an error number.
  int spawn(const ProgramCall& call, pid_t& id) const {
    std::vector<std::string> words = call.words;
    std::vector<std::string> environment = environment_of(call);
    return ::posix_spawnp(&id, words.front().c_str(), &files_, &attributes_,
                          pointers_to(words).data(), pointers_to(environment).data());
  }

private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

void set_nonblocking(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

// glibc 2.36 declares its own so that C++ cannot link to it.
int open_process(pid_t id) {
  return static_cast<int>(::syscall(SYS_pidfd_open, id, 0));
}

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 3'600'000));
}

bool is_executable(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

struct ChildProcess::Impl {
  pid_t id = -1;
  Descriptor ended;  // Readable once the process has ended.
  Descriptor input;
  Descriptor output;
  std::optional<int> status;

  ~Impl();

  void send(std::string_view& rest);
  bool receive(std::string& into, std::size_t max);
  void reap();
};

ChildProcess::Impl::~Impl() {
  if (id < 0 || status) return;
  kill_program(id);
  reap();
}

void ChildProcess::Impl::reap() {
  status = wait_for_program(id);
}

// As much as the pipe takes now.
void ChildProcess::Impl::send(std::string_view& rest) {
  while (!rest.empty()) {
    const ssize_t sent = ::write(input.get(), rest.data(), rest.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return;
    if (sent < 0) rest = {};  // It does not want more.
    if (sent > 0) rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// What the pipe holds now; false once there will be no more. Stops where `max` is exceeded.
bool ChildProcess::Impl::receive(std::string& into, std::size_t max) {
  std::array<char, k_read_size> buffer;
  while (into.size() <= max) {
    const ssize_t size = ::read(output.get(), buffer.data(), buffer.size());
    if (size > 0) into.append(buffer.data(), static_cast<std::size_t>(size));
    if (size == 0) return false;
    if (size < 0 && errno != EINTR) return errno == EAGAIN;
  }
  return true;
}

ChildProcess::ChildProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;
ChildProcess::~ChildProcess() = default;

Result<ChildProcess> ChildProcess::start(const ProgramCall& call) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::string& program = call.words.front();
  auto impl = std::make_unique<Impl>();
  Pipe to_child;
  Pipe from_child;
  int failure = to_child.open();
  if (failure == 0) failure = from_child.open();
  if (failure == 0) {
    const SpawnPlan plan(to_child.reader.get(), from_child.writer.get());
    failure = start_program([&](pid_t& id) { return plan.spawn(call, id); }, impl->id);
    if (failure != 0) impl->id = -1;
  }
  if (failure != 0) return cannot_start(program, failure);
  impl->ended = Descriptor(open_process(impl->id));
  if (impl->ended.get() < 0) return cannot_start(program, errno);
  impl->input = std::move(to_child.writer);
  impl->output = std::move(from_child.reader);
  set_nonblocking(impl->input.get());
  set_nonblocking(impl->output.get());
  return ChildProcess(std::move(impl));
}

TalkEnd ChildProcess::talk(std::string_view input, bool keep_input_open, std::string& output,
                           const TalkLimits& limits, const std::function<bool()>& enough) {
  if (impl_->status) return TalkEnd::Ended;
  const Descriptor woken(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  const std::stop_callback wake(limits.stop,
                                [&woken] { static_cast<void>(::eventfd_write(woken.get(), 1)); });
  for (;;) {
    if (!input.empty()) impl_->send(input);
    if (input.empty() && !keep_input_open) impl_->input.close();
    // First whether it has ended, then what it wrote: so nothing that it wrote is missed. Others
    // may hold the pipe open for longer.
    std::array<pollfd, 4> waiting{{{impl_->ended.get(), POLLIN, 0},
                                   {impl_->output.get(), POLLIN, 0},
                                   {woken.get(), POLLIN, 0},
                                   {input.empty() ? -1 : impl_->input.get(), POLLOUT, 0}}};
    ::poll(waiting.data(), waiting.size(), milliseconds_until(limits.deadline));
    const bool ended = waiting[0].revents != 0;
    if (!impl_->receive(output, limits.max_output)) impl_->output.close();
    if (output.size() > limits.max_output) return TalkEnd::TooMuch;
    if (enough && enough()) return TalkEnd::Enough;
    if (ended) {
      impl_->reap();
      return TalkEnd::Ended;
    }
    if (limits.stop.stop_requested()) return TalkEnd::Stopped;
    if (Clock::now() >= limits.deadline) return TalkEnd::TimedOut;
  }
}

std::string ChildProcess::failure() const {
  const int status = impl_->status.value_or(0);
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {}", WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) return fmt::format("exited with {}", WEXITSTATUS(status));
  return "";
}

Result<void> check_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (is_executable(name)) return {};
    return Error{ErrorKind::BadInput, fmt::format("\"{}\" is not a program that can be run", name),
                 ""};
  }
  const char* variable = std::getenv("PATH");
  std::string_view folders = variable == nullptr ? "/bin:/usr/bin" : variable;
  for (;;) {
    const std::size_t colon = folders.find(':');
    const std::string folder(folders.substr(0, colon));
    if (is_executable((folder.empty() ? "." : folder) + "/" + name)) return {};
    if (colon == std::string_view::npos) break;
    folders.remove_prefix(colon + 1);
  }
  return Error{ErrorKind::BadInput, fmt::format("there is no program \"{}\" in PATH", name), ""};
}

}  // namespace topicloop::sink
