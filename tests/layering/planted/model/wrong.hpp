// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "wire/pubsub.hpp"  // planted: model knows no protobuf

#include <fmt/format.h>  // planted: a library in a header
#include <unistd.h>      // planted: a system header in a header

#include <cstdint>
