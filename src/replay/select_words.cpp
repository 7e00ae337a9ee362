// SPDX-License-Identifier: Apache-2.0
#include "replay/select_words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace topicloop::replay {

namespace {

using Kind = Word::Kind;

constexpr std::string_view k_space = " \t\r\n";
// Longest first.
constexpr std::array<std::string_view, 6> k_comparisons = {"==", "!=", "<=", ">=", "<", ">"};
constexpr std::array<std::string_view, 6> k_symbols = {"&&", "||", "(", ")", "!", "="};

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

bool is_number_begin(char c) {
  return (c >= '0' && c <= '9') || c == '-';
}

class Splitter {
public:
  explicit Splitter(std::string_view text) : rest_(text) {}

  Result<std::vector<Word>> split() {
    std::vector<Word> words;
    while (skip_space(), !rest_.empty()) {
      auto word = next();
      if (!word) return std::move(word).error();
      words.push_back(*std::move(word));
    }
    words.push_back({.column = column_});
    return words;
  }

private:
  void skip_space() { take(std::min(rest_.find_first_not_of(k_space), rest_.size())); }

  std::string take(std::size_t size) {
    std::string taken(rest_.substr(0, size));
    // Continuation bytes are not characters of their own.
    column_ += static_cast<std::size_t>(std::count_if(taken.begin(), taken.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
    rest_.remove_prefix(size);
    return taken;
  }

  Result<Word> next() {
    const std::size_t column = column_;
    for (const auto& symbol : k_comparisons) {
      if (rest_.starts_with(symbol)) return Word{Kind::Operator, take(symbol.size()), {}, column};
    }
    for (const auto& symbol : k_symbols) {
      if (rest_.starts_with(symbol)) return Word{Kind::Symbol, take(symbol.size()), {}, column};
    }
    const char first = rest_.front();
    if (first == '"') return quoted();
    if (first == '\'') return verbatim();
    if (first == '/') return Word{Kind::Name, take(pointer_size()), {}, column};
    if (is_number_begin(first)) return number();
    if (is_of_name(first)) return named();
    return error(fmt::format("\"{}\" means nothing here", take(character_size())), column);
  }

  static Error error(std::string message, std::size_t column, std::string help = "") {
    return {ErrorKind::Usage, fmt::format("column {}: {}", column, message), std::move(help)};
  }

  std::size_t character_size() const {
    std::size_t size = 1;
    while (size < rest_.size() && (static_cast<unsigned char>(rest_[size]) & 0xC0) == 0x80)
      ++size;
    return size;
  }

  // A pointer ends where a comparison can begin.
  std::size_t pointer_size() const {
    return std::min(rest_.find_first_of(" \t\r\n=!<>()&|"), rest_.size());
  }

  std::size_t name_size() const {
    return static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_of_name) -
                                    rest_.begin());
  }

  Result<Word> quoted() {
    const std::size_t column = column_;
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != '"')
      end += rest_[end] == '\\' ? 2 : 1;
    if (end >= rest_.size()) return error("the string has no end", column, "it ends with \"");
    const auto json = nlohmann::json::parse(rest_.substr(0, end + 1), nullptr, false);
    if (!json.is_string()) {
      return error("not a string as JSON has it", column,
                   "in single quotes a string is taken as it is");
    }
    return Word{Kind::Value, take(end + 1), json.get<std::string>(), column};
  }

  Result<Word> verbatim() {
    const std::size_t column = column_;
    const std::size_t end = rest_.find('\'', 1);
    if (end == std::string_view::npos)
      return error("the string has no end", column, "it ends with '");
    const std::string value(rest_.substr(1, end - 1));
    return Word{Kind::Value, take(end + 1), value, column};
  }

  Result<Word> number() {
    const std::size_t column = column_;
    const std::string text = take(name_size());
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_number()) return error(fmt::format("{} is not a number", text), column);
    const long double value = json.is_number_unsigned()
                                  ? static_cast<long double>(json.get<std::uint64_t>())
                                  : json.get<long double>();
    return Word{Kind::Value, text, value, column};
  }

  Result<Word> named() {
    const std::size_t column = column_;
    const std::string text = take(name_size());
    if (text == "contains" || text == "starts_with") return Word{Kind::Operator, text, {}, column};
    if (text == "true") return Word{Kind::Value, text, true, column};
    if (text == "false") return Word{Kind::Value, text, false, column};
    if (text == "null") return Word{Kind::Value, text, nullptr, column};
    return Word{Kind::Name, text, {}, column};
  }

  std::string_view rest_;
  std::size_t column_ = 1;
};

}  // namespace

std::string Word::shown() const {
  return kind == Kind::End ? "the end" : text;
}

Result<std::vector<Word>> words_of(std::string_view text) {
  return Splitter(text).split();
}

}  // namespace topicloop::replay
