// SPDX-License-Identifier: Apache-2.0
// Finds out why an address cannot be listened on: gRPC tells only its log.
#pragma once

#include "base/address.hpp"
#include "base/error.hpp"

namespace topicloop::broker {

// Binds `address` for a moment. The error, of kind Unavailable, names address and reason. A stale
// Unix socket that nobody listens on any more is removed.
Result<void> check_listen(const Address& address);

}  // namespace topicloop::broker
