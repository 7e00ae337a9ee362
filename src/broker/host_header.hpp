// SPDX-License-Identifier: Apache-2.0
// Whether a request may have been sent by a web page whose name was made to resolve to this
// machine.
//
// To its browser such a page's own host is no other page, so no header but Host tells. Pure.
#pragma once

#include <string_view>

namespace topicloop::broker {

// True if the header Host, with or without a port, is an IP address, the host that is listened on,
// localhost or below it, or has no dot: nobody else can give addresses to such names.
bool is_local_host(std::string_view header, std::string_view listening_host);

}  // namespace topicloop::broker
