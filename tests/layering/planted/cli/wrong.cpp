// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"
#include "capture/file.hpp"
#include "topic/clean.hpp"
#include "topic/client.hpp"  // planted: shows gRPC, by way of another header
#include "webhook/receiver.hpp"
#include "wire/pubsub.hpp"  // planted: the one room the command line does not see

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <openssl/sha.h>  // planted: belongs to webhook
