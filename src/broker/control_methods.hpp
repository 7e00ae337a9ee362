// SPDX-License-Identifier: Apache-2.0
// What each control RPC does: the table from method path to registry, webhooks and keys.
#pragma once

#include "broker/access.hpp"
#include "broker/control_call.hpp"
#include "broker/limits.hpp"
#include "broker/registry.hpp"
#include "broker/webhooks.hpp"

namespace topicloop::broker {

// What the methods work on; all but the limits must outlive the table.
struct Administered {
  Registry& registry;
  Webhooks& webhooks;
  Access& access;
  Limits limits;
};

ControlMethods make_control_methods(const Administered& service);

}  // namespace topicloop::broker
