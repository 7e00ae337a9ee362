// SPDX-License-Identifier: Apache-2.0
// Who is calling, and what they may do.
//
// The one place that decides about keys, for every front. Unless keys are required anybody may do
// everything, and a key only says whose it is. Belongs to the event loop's thread.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "broker/key.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace topicloop::broker {

enum class TopicAction { Publish, Subscribe };

// Who holds a key. What they may not do is PermissionDenied.
struct Caller {
  std::string token_id = {};                  // Of a disposable token; empty otherwise.
  std::shared_ptr<const Claims> limits = {};  // Null: may do everything.

  Result<void> may(TopicAction action, std::string_view cache, std::string_view topic) const;
  // Caches and webhooks, and what the service tells about itself.
  Result<void> may_administer() const;
};

struct AccessOptions {
  bool required = false;    // Whether callers need a key.
  std::string secret = {};  // Signs keys; empty: a random one.
};

class Access {
public:
  explicit Access(AccessOptions options = {});

  // Of any thread.
  bool requires_keys() const { return options_.required; }

  // Whose key this is; Unauthenticated if it is nobody's and keys are required.
  Result<Caller> identify(std::string_view key, SystemTime now);

  // A new key.
  std::string issue(const Claims& claims) const { return sign_key(claims, options_.secret); }

private:
  // To look a key up without making a string of it.
  struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name.
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };

  Result<std::shared_ptr<const Claims>> verify(std::string_view key, SystemTime now);

  AccessOptions options_;
  // Keys that were right before: their signature is not computed for every message. Bounded.
  std::unordered_map<std::string, std::shared_ptr<const Claims>, Hash, std::equal_to<>> verified_;
};

}  // namespace topicloop::broker
