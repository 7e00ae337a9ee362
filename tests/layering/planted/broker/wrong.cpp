// SPDX-License-Identifier: Apache-2.0
#include "broker/calls.hpp"
#include "cli/app.hpp"       // planted: upwards
#include "topic/client.hpp"  // planted: a neighbour
#include "webhook/delivery.hpp"
#include "wire/pubsub.hpp"

#include <google/protobuf/message.h>  // planted: messages belong to wire
