// SPDX-License-Identifier: Apache-2.0
// What the holder of a key may do.
//
// Only what concerns topics: the protocol also knows permissions for cache items and functions, of
// which this program has none. Plain values shared by every room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace topicloop::model {

// To read is to subscribe, to write is to publish.
enum class TopicRole { None, ReadWrite, ReadOnly, WriteOnly };

// Names, of caches or topics.
struct NameSelector {
  enum class Kind { All, Exact, Prefix };  // Caches are never selected by prefix.

  Kind kind = Kind::All;
  std::string name = {};  // The name or the prefix; empty for all.

  bool selects(std::string_view candidate) const {
    switch (kind) {
      case Kind::All:
        return true;
      case Kind::Exact:
        return candidate == name;
      case Kind::Prefix:
        return candidate.starts_with(name);
    }
    return false;
  }
  bool operator==(const NameSelector&) const = default;
};

struct TopicPermission {
  TopicRole role = TopicRole::None;
  NameSelector cache;
  NameSelector topic;

  bool operator==(const TopicPermission&) const = default;
};

// By default, nothing.
struct Permissions {
  bool super_user = false;  // Everything; the list does not matter then.
  std::vector<TopicPermission> topics = {};

  bool may_publish(std::string_view cache, std::string_view topic) const {
    return allows(TopicRole::WriteOnly, cache, topic);
  }
  bool may_subscribe(std::string_view cache, std::string_view topic) const {
    return allows(TopicRole::ReadOnly, cache, topic);
  }
  bool operator==(const Permissions&) const = default;

private:
  // Allowed is what any of the list allows.
  bool allows(TopicRole wanted, std::string_view cache, std::string_view topic) const {
    if (super_user) return true;
    for (const auto& permission : topics) {
      const bool fits = permission.role == wanted || permission.role == TopicRole::ReadWrite;
      if (fits && permission.cache.selects(cache) && permission.topic.selects(topic)) return true;
    }
    return false;
  }
};

}  // namespace topicloop::model
