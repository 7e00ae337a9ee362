// SPDX-License-Identifier: Apache-2.0
// How many descriptors this process may have: many, and what it starts as many as it was given.
#pragma once

namespace topicloop::cli {

// Each connection of a server is a descriptor, and the usual limit of 1,024 is one for programs
// that still use select(). Call once, from main.
void allow_many_descriptors();

// Between fork and exec: the limit that this process was given.
void restore_descriptor_limit();

}  // namespace topicloop::cli
