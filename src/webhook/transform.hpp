// SPDX-License-Identifier: Apache-2.0
// What a webhook receiver may do to a message's text before publishing it on.
//
// Full Unicode case mapping independent of the machine's locale, with the results of JavaScript's
// toUpperCase and toLowerCase: Unicode's SpecialCasing included. Pure; hides ICU.
#pragma once

#include <string>
#include <string_view>

namespace topicloop::webhook {

enum class Transform { Identity, Upper, Lower };

// Call it qualified: with a std::string, argument-dependent look-up would find std::apply too.
// The text may get longer or shorter. `utf8` must be well-formed UTF-8 of less than 500 MiB.
std::string apply(Transform transform, std::string_view utf8);

}  // namespace topicloop::webhook
