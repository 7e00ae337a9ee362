// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pubsub.pb.h"
#include "wire/status.hpp"

#include <fmt/format.h>
#include <google/protobuf/message.h>
