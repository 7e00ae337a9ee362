// SPDX-License-Identifier: Apache-2.0
// What each control RPC does: the table from method path to registry, webhooks and keys.
#pragma once

#include "broker/access.hpp"
#include "broker/control_call.hpp"
#include "broker/registry.hpp"
#include "broker/webhooks.hpp"

namespace topicloop::broker {

// All must outlive the table.
ControlMethods make_control_methods(Registry& registry, Webhooks& webhooks, Access& access);

}  // namespace topicloop::broker
