// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "topic/internal.hpp"

#include <string>
