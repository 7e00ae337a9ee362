// SPDX-License-Identifier: Apache-2.0
// A directory in which one service keeps its state, safe from crashes.
//
// A change is on the disk before change() returns (a new file, synced, renamed over the old one),
// so at any moment the old or the new state is there, whole. A lock file keeps a second service out
// for as long as this lives. Blocks for the disk; changes are rare. One thread at a time.
#pragma once

#include "base/error.hpp"
#include "broker/kept_state.hpp"

#include <functional>
#include <string>

namespace topicloop::broker {

// Makes the directory, for its owner only, if there is none. BadInput if it cannot be made.
Result<void> make_state_directory(const std::string& directory);

class StateStore {
public:
  using Edit = std::function<void(KeptState&)>;
  using FailureObserver = std::function<void(const Error&)>;

  // Makes the directory if there is none. Fails with Unavailable if another
  // service holds it, and with BadInput for one that cannot be used or whose state file is damaged
  // or of a newer format; the file is left as it is. `on_failure` hears of the first of each series
  // of changes that could not be written.
  static Result<StateStore> open(const std::string& directory, FailureObserver on_failure = {});

  StateStore(StateStore&& other) noexcept;
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;
  ~StateStore();

  // True until something was written, by this service or one before it.
  bool is_new() const { return is_new_; }
  const KeptState& state() const { return state_; }

  // Edits the state and writes it down. If that fails (ServiceFailed) the state is what it was
  // before, and the caller must not make the change either; at worst, if only the last sync failed,
  // the file has it until the next change.
  Result<void> change(const Edit& edit);

private:
  StateStore(std::string directory, int lock, FailureObserver on_failure);

  Result<void> load();
  Result<void> write(const std::string& text) const;
  std::string file() const { return directory_ + "/state.json"; }

  std::string directory_;
  int lock_;  // -1 once moved from.
  FailureObserver on_failure_;
  KeptState state_;
  bool is_new_ = true;
  bool failing_ = false;
};

}  // namespace topicloop::broker
