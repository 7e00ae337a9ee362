// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>  // planted: a library in a header
