// SPDX-License-Identifier: Apache-2.0
// An environment variable for as long as a test needs it.
//
// Changing the environment is not thread-safe: set it before anything is started.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::test {

// What is set where the tests run must not change what they test.
inline const bool k_environment_is_clean = [] {
  std::vector<std::string> names;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.starts_with("TOPICLOOP_") || text.starts_with("MOMENTO_") ||
        text.starts_with("GITHUB_"))
      names.emplace_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : names)
    ::unsetenv(name.c_str());
  ::setenv("MOMENTO_CONFIG_DIR", "/nonexistent/momento", 1);
  return true;
}();

class Variable {
public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace topicloop::test
