// SPDX-License-Identifier: Apache-2.0
#include "broker/access.hpp"

namespace topicloop::broker {

Result<void> Caller::may(TopicAction, std::string_view, std::string_view) const {
  return {};
}

Result<void> Caller::may_administer() const {
  return {};
}

Result<Caller> Access::identify(std::string_view, SystemTime) {
  return Caller{};
}

}  // namespace topicloop::broker
