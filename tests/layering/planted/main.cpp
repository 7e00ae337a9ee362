// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"  // planted: main sees the command line only
#include "cli/app.hpp"
#include "local.hpp"  // planted: from no room
