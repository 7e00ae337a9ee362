// SPDX-License-Identifier: Apache-2.0
#include "base/upwards.hpp"

#include "model/message.hpp"  // planted: base includes nobody

#include <fmt/format.h>
#include <sys/socket.h>

#include <vector>
