// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pubsub.grpc.pb.h"

#include <grpcpp/alarm.h>
