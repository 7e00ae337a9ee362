// SPDX-License-Identifier: Apache-2.0
#include "pubsub.grpc.pb.h"  // planted: the service is the broker's
#include "pubsub.pb.h"       // planted: messages belong to wire
#include "topic/client.hpp"
#include "webhook/event.hpp"  // planted: a neighbour
#include "wire/pubsub.hpp"

#include <grpcpp/grpcpp.h>
#include <httplib.h>  // planted: a neighbour's library
