// SPDX-License-Identifier: Apache-2.0
#include "replay/text_difference.hpp"

#include "base/hexdump.hpp"
#include "base/text.hpp"
#include "replay/difference_list.hpp"
#include "replay/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace topicloop::replay {

namespace {

// Between what both begin and end with, no more lines than these are compared: the table of a
// longest common subsequence has the product of both in it.
constexpr std::size_t k_max_lines = 400;
constexpr std::size_t k_row = 16;
constexpr std::size_t k_rows = 3;

using Lines = std::vector<std::string_view>;

bool is_text(std::string_view bytes) {
  return bytes.find('\0') == std::string_view::npos && !find_invalid_utf8(bytes);
}

// With their line breaks, so that a last line without one differs from the same with one.
Lines split(std::string_view text, bool& is_cut_off) {
  Lines lines;
  while (!text.empty()) {
    if (lines.size() == k_max_lines) {
      is_cut_off = true;
      break;
    }
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// length(i, j): of the longest common subsequence of all from expected[i] and from actual[j] on.
class Subsequence {
public:
  Subsequence(const Lines& expected, const Lines& actual)
      : width_(actual.size() + 1), lengths_((expected.size() + 1) * width_) {
    for (std::size_t i = expected.size(); i-- > 0;) {
      for (std::size_t j = actual.size(); j-- > 0;) {
        const bool same = expected[i] == actual[j];
        const int longer = std::max(length(i + 1, j), length(i, j + 1));
        lengths_[i * width_ + j] =
            static_cast<std::uint16_t>(same ? length(i + 1, j + 1) + 1 : longer);
      }
    }
  }

  int length(std::size_t i, std::size_t j) const { return lengths_[i * width_ + j]; }

private:
  std::size_t width_;
  std::vector<std::uint16_t> lengths_;
};

// Runs of lines that are gone, and those that came in their place.
class Hunks {
public:
  // `note_end`: say it of a line that it has no line break.
  Hunks(DifferenceList& list, const Lines& expected, const Lines& actual, bool note_end)
      : list_(list),
        expected_(expected),
        actual_(actual),
        common_(expected, actual),
        note_end_(note_end) {}

  // `first_line`: the number of the first expected line.
  void add(std::size_t first_line) {
    while (i_ < expected_.size() || j_ < actual_.size()) {
      if (is_same()) {
        ++i_;
        ++j_;
      } else {
        add_one(first_line + i_);
      }
    }
  }

private:
  bool is_same() const {
    return i_ < expected_.size() && j_ < actual_.size() && expected_[i_] == actual_[j_];
  }

  void add_one(std::size_t line) {
    Lines gone;
    Lines come;
    while ((i_ < expected_.size() || j_ < actual_.size()) && !is_same()) {
      const bool is_gone =
          j_ == actual_.size() ||
          (i_ < expected_.size() && common_.length(i_ + 1, j_) >= common_.length(i_, j_ + 1));
      if (is_gone) {
        gone.push_back(expected_[i_++]);
      } else {
        come.push_back(actual_[j_++]);
      }
    }
    // A line beside its counterpart is shown from where the two differ.
    const bool is_pair = gone.size() == 1 && come.size() == 1;
    const std::size_t from = is_pair ? common_prefix(gone[0], come[0]) : 0;
    list_.begin(fmt::format("line {}", line));
    for (const auto text : gone)
      list_.expected(shown(text, from));
    for (const auto text : come)
      list_.actual(shown(text, from));
  }

  std::string shown(std::string_view line, std::size_t from) const {
    const bool is_whole = line.ends_with('\n');
    if (is_whole) line.remove_suffix(1);
    return excerpt(line, from) + (note_end_ && !is_whole ? " (no line break at the end)" : "");
  }

  DifferenceList& list_;
  const Lines& expected_;
  const Lines& actual_;
  Subsequence common_;
  bool note_end_;
  std::size_t i_ = 0;
  std::size_t j_ = 0;
};

// How many bytes of whole lines both begin with.
std::size_t common_begin(std::string_view a, std::string_view b) {
  const std::size_t line_break = a.substr(0, common_prefix(a, b)).rfind('\n');
  return line_break == std::string_view::npos ? 0 : line_break + 1;
}

// How many bytes of whole lines both end with, but for the first of them.
std::size_t common_end(std::string_view a, std::string_view b) {
  const auto same = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin();
  const auto end = a.substr(a.size() - static_cast<std::size_t>(same));
  const std::size_t line_break = end.find('\n');
  return line_break == std::string_view::npos ? 0 : end.size() - line_break - 1;
}

std::string difference_of_texts(std::string_view expected, std::string_view actual) {
  const bool note_end = expected.ends_with('\n') != actual.ends_with('\n');
  const std::size_t begin = common_begin(expected, actual);
  const auto above = std::count(expected.data(), expected.data() + begin, '\n');
  expected.remove_prefix(begin);
  actual.remove_prefix(begin);
  const std::size_t end = common_end(expected, actual);
  expected.remove_suffix(end);
  actual.remove_suffix(end);

  bool is_cut_off = false;
  const Lines was = split(expected, is_cut_off);
  const Lines is = split(actual, is_cut_off);
  DifferenceList list;
  Hunks(list, was, is, note_end).add(static_cast<std::size_t>(above) + 1);
  if (is_cut_off) list.cut_off();
  return list.take();
}

std::vector<std::string> rows(std::string_view bytes, std::size_t begin) {
  if (begin >= bytes.size()) return {fmt::format("{:08x}  (the end)", bytes.size())};
  const std::string dump = hexdump(bytes.substr(begin, k_row * k_rows), begin);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < dump.size();) {
    const std::size_t end = std::min(dump.find('\n', at), dump.size());
    lines.push_back(dump.substr(at, end - at));
    at = end + 1;
  }
  if (begin + k_row * k_rows < bytes.size()) lines.pop_back();  // The offset of no end.
  return lines;
}

std::string difference_of_bytes(std::string_view expected, std::string_view actual) {
  const std::size_t at = common_prefix(expected, actual);
  const std::size_t begin = at / k_row * k_row;
  DifferenceList list;
  list.begin(
      fmt::format("byte {} (expected {} bytes, got {})", at, expected.size(), actual.size()));
  for (const auto& row : rows(expected, begin))
    list.expected(row);
  for (const auto& row : rows(actual, begin))
    list.actual(row);
  return list.take();
}

}  // namespace

std::string difference_of(std::string_view expected, std::string_view actual) {
  return is_text(expected) && is_text(actual) ? difference_of_texts(expected, actual)
                                              : difference_of_bytes(expected, actual);
}

}  // namespace topicloop::replay
