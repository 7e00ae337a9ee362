// SPDX-License-Identifier: Apache-2.0
#include "replay/json_place.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace topicloop::replay {

Result<JsonPlace> JsonPlace::parse(std::string_view text) {
  auto tokens = parse_json_pointer(text);
  if (!tokens || tokens->empty()) {
    return Error{
        ErrorKind::Usage,
        fmt::format("\"{}\" is not a JSON pointer: expected something like /items/0/price", text),
        "\"~1\" stands for a slash in a name and \"~0\" for a \"~\""};
  }
  return JsonPlace(*std::move(tokens));
}

bool JsonPlace::covers(const JsonPath& path) const {
  return tokens_.size() <= path.size() && std::equal(tokens_.begin(), tokens_.end(), path.begin(),
                                                     [](const auto& token, const auto& step) {
                                                       return token == "*" || token == step;
                                                     });
}

}  // namespace topicloop::replay
