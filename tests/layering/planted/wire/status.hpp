// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/message.hpp"
#include "pubsub.pb.h"  // planted: generated code in a header

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>
