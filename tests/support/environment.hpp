// SPDX-License-Identifier: Apache-2.0
// An environment variable for as long as a test needs it.
//
// Changing the environment is not thread-safe: set it before anything is started.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace topicloop::test {

// What is set where the tests run must not change what they test.
inline const bool k_environment_is_clean = [] {
  for (const char* name :
       {"TOPICLOOP_LOCAL", "TOPICLOOP_WEBHOOK_SECRET", "MOMENTO_API_KEY", "MOMENTO_AUTH_TOKEN",
        "MOMENTO_CACHE_NAME", "MOMENTO_ENDPOINT", "MOMENTO_PROFILE"})
    ::unsetenv(name);
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
