// SPDX-License-Identifier: Apache-2.0
#include "sink/running_programs.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <type_traits>
#include <vector>

namespace topicloop::sink {

namespace {

static_assert(std::is_same_v<pid_t, int>);

struct Running {
  std::mutex mutex;  // Guards what follows.
  std::set<pid_t> ids;
  bool is_over = false;
};

// Never destroyed: a signal's thread may outlive main.
Running& running() {
  static auto& all = *new Running;
  return all;
}

// Of all its threads. Nothing if it is gone, or the kernel does not tell.
std::vector<pid_t> children_of(pid_t id) {
  std::vector<pid_t> children;
  std::error_code failure;
  std::filesystem::directory_iterator threads("/proc/" + std::to_string(id) + "/task", failure);
  while (!failure && threads != std::filesystem::directory_iterator()) {
    std::ifstream list(threads->path() / "children");
    for (pid_t child = 0; list >> child;)
      children.push_back(child);
    threads.increment(failure);
  }
  return children;
}

// A process that is stopped starts no other, and keeps the numbers of its children from being used
// again. But several threads stop one after another: hence until there is nothing new.
std::vector<pid_t> stop_tree(pid_t root) {
  ::kill(root, SIGSTOP);
  std::vector<pid_t> tree{root};
  for (bool has_grown = true; has_grown;) {
    has_grown = false;
    for (std::size_t i = 0; i < tree.size(); ++i) {
      for (const pid_t child : children_of(tree[i])) {
        if (std::find(tree.begin(), tree.end(), child) != tree.end()) continue;
        ::kill(child, SIGSTOP);
        tree.push_back(child);
        has_grown = true;
      }
    }
  }
  return tree;
}

}  // namespace

int start_program(const std::function<int(int&)>& spawn, int& id) {
  Running& all = running();
  const std::lock_guard lock(all.mutex);
  if (all.is_over) return ECANCELED;
  const int failure = spawn(id);
  if (failure == 0) all.ids.insert(id);
  return failure;
}

int wait_for_program(int id) {
  // First its end, which may take a while, and only then, with nobody about to kill it, its number.
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(id), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  Running& all = running();
  const std::lock_guard lock(all.mutex);
  int status = 0;
  while (::waitpid(id, &status, 0) < 0 && errno == EINTR) {
  }
  all.ids.erase(id);
  return status;
}

void kill_program(int id) {
  const std::vector<pid_t> tree = stop_tree(id);
  ::kill(-id, SIGKILL);
  for (const pid_t process : tree)
    ::kill(process, SIGKILL);
}

void kill_running_programs() {
  Running& all = running();
  const std::lock_guard lock(all.mutex);
  all.is_over = true;
  for (const pid_t id : all.ids)
    kill_program(id);
}

}  // namespace topicloop::sink
