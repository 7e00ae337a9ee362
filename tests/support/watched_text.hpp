// SPDX-License-Identifier: Apache-2.0
// Text that grows while a test waits for parts of it: what a command or a process has written.
//
// Thread-safe. Waiting has a deadline, which only a failing test ever reaches.
#pragma once

#include "support/eventually.hpp"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <ostream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <string_view>

namespace topicloop::test {

class WatchedText {
public:
  void append(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    text_ += bytes;
    grown_.notify_all();
  }

  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

  // Waits until `part` was written; a failed test if it never is.
  void wait_for(std::string_view part) const {
    wait_until([part](const std::string& text) { return text.find(part) != std::string::npos; },
               "\"" + std::string(part) + "\"");
  }

  void wait_for_lines(std::size_t count) const {
    wait_until(
        [count](const std::string& text) {
          return std::count(text.begin(), text.end(), '\n') >= static_cast<std::ptrdiff_t>(count);
        },
        std::to_string(count) + " lines");
  }

  // Waits for a line that begins with `prefix` and returns the rest of it.
  std::string rest_of_line(const std::string& prefix) const {
    std::string rest;
    wait_until(
        [&](const std::string& text) {
          const std::size_t found = ("\n" + text).find("\n" + prefix);
          if (found == std::string::npos) return false;
          const std::size_t begin = found + prefix.size();
          const std::size_t end = text.find('\n', begin);
          if (end == std::string::npos) return false;
          rest = text.substr(begin, end - begin);
          return true;
        },
        "a line \"" + prefix + "...\"");
    return rest;
  }

private:
  void wait_until(const std::function<bool(const std::string&)>& enough,
                  const std::string& what) const {
    std::unique_lock lock(mutex_);
    if (grown_.wait_for(lock, k_patience, [&] { return enough(text_); })) return;
    throw std::runtime_error("waited in vain for " + what + "; there is only:\n" + text_);
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::string text_;
};

// A stream into such a text.
class WatchedStream {
public:
  std::ostream& stream() { return stream_; }
  const WatchedText& watched() const { return buffer_.text; }

private:
  struct Buffer : std::streambuf {
    WatchedText text;

    std::streamsize xsputn(const char* bytes, std::streamsize size) override {
      text.append({bytes, static_cast<std::size_t>(size)});
      return size;
    }
    int_type overflow(int_type byte) override {
      const char value = traits_type::to_char_type(byte);
      text.append({&value, 1});
      return byte;
    }
  };

  Buffer buffer_;
  std::ostream stream_{&buffer_};
};

}  // namespace topicloop::test
