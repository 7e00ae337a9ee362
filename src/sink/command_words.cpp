// SPDX-License-Identifier: Apache-2.0
#include "sink/command_words.hpp"

#include <fmt/format.h>

#include <optional>

namespace topicloop::sink {

namespace {

constexpr std::string_view k_blanks = " \t\n";
constexpr std::string_view k_shell_only = "|&;<>()`$";
// Inside double quotes a backslash is just that, except before these.
constexpr std::string_view k_escapable_in_quotes = "\"\\$`\n";

Error bad_command(std::string_view text, std::string_view why, std::string help = "") {
  return {ErrorKind::Usage, fmt::format("\"{}\" {}", text, why), std::move(help)};
}

// Reads one command from its beginning to its end.
class Splitter {
public:
  explicit Splitter(std::string_view text) : text_(text) {}

  Result<std::vector<std::string>> split() {
    std::optional<Error> error;
    while (at_ < text_.size() && !error)
      error = take_next();
    if (error) return *error;
    end_word();
    if (words_.empty() || words_.front().empty()) return bad_command(text_, "names no program");
    return std::move(words_);
  }

private:
  std::optional<Error> take_next() {
    const char c = text_[at_++];
    if (k_blanks.find(c) != std::string_view::npos) {
      end_word();
      return std::nullopt;
    }
    if (c == '\'') return take_quoted(c, "");
    if (c == '"') return take_quoted(c, k_escapable_in_quotes);
    if (c == '\\' && at_ == text_.size()) return bad_command(text_, "ends with a backslash");
    if (c == '\0') return bad_command(text_, "contains a zero byte");
    if (k_shell_only.find(c) != std::string_view::npos) {
      return bad_command(text_,
                         fmt::format("has an unquoted {}, which only a shell understands", c),
                         "quote it, or let a shell run it: sh -c '...'");
    }
    add(c == '\\' ? text_[at_++] : c);
    return std::nullopt;
  }

  std::optional<Error> take_quoted(char quote, std::string_view escapable) {
    begun_ = true;  // '' is a word, too.
    while (at_ < text_.size() && text_[at_] != quote) {
      const bool escape = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                          escapable.find(text_[at_ + 1]) != std::string_view::npos;
      if (escape) ++at_;
      add(text_[at_++]);
    }
    if (at_ == text_.size()) return bad_command(text_, fmt::format("has an open {}", quote));
    ++at_;
    return std::nullopt;
  }

  void add(char c) {
    word_ += c;
    begun_ = true;
  }

  void end_word() {
    if (begun_) words_.push_back(std::move(word_));
    word_.clear();
    begun_ = false;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool begun_ = false;
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view text) {
  return Splitter(text).split();
}

}  // namespace topicloop::sink
