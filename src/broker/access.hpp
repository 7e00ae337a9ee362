// SPDX-License-Identifier: Apache-2.0
// Who is calling, and what they may do.
//
// The one place that decides about keys, for every front. Belongs to the event loop's thread.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <string>
#include <string_view>

namespace topicloop::broker {

enum class TopicAction { Publish, Subscribe };

// Who holds a key. What they may not do is PermissionDenied.
struct Caller {
  std::string token_id;  // Of a disposable token; empty otherwise.

  Result<void> may(TopicAction action, std::string_view cache, std::string_view topic) const;
  // Caches and webhooks, and what the service tells about itself.
  Result<void> may_administer() const;
};

class Access {
public:
  // Whose key this is; Unauthenticated if it is nobody's and keys are required.
  Result<Caller> identify(std::string_view key, SystemTime now);
};

}  // namespace topicloop::broker
