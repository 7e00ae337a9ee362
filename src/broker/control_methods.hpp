// SPDX-License-Identifier: Apache-2.0
// What each control RPC does: the table from method path to registry and webhooks.
#pragma once

#include "broker/control_call.hpp"
#include "broker/limits.hpp"
#include "broker/registry.hpp"
#include "broker/webhooks.hpp"

namespace topicloop::broker {

// Registry and webhooks must outlive the table.
ControlMethods make_control_methods(Registry& registry, Webhooks& webhooks, const Limits& limits);

}  // namespace topicloop::broker
