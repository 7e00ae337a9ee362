// SPDX-License-Identifier: Apache-2.0
#include "cli/suggest.hpp"

#include <algorithm>

namespace topicloop::cli {

namespace {

// Longer words are no names of ours, and the work grows with the product of the lengths.
constexpr std::size_t k_longest = 64;

// Optimal string alignment: three rows of the table are enough.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::size_t letters(std::string_view name) {
  return name.size() - std::min(name.find_first_not_of('-'), name.size());
}

// A third of the letters: "relay" is still "replay", but "stop" is not "loop".
std::size_t tolerance(std::string_view known) {
  return std::max<std::size_t>(1, letters(known) / 3);
}

}  // namespace

std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > k_longest) return std::nullopt;
  std::optional<std::string> best;
  std::size_t fewest = 0;
  for (const auto& name : known) {
    // Anything is close to one letter.
    if (std::min(letters(name), letters(word)) <= 1) continue;
    const std::size_t changes = distance(word, name);
    if (changes > tolerance(name) || (best && changes >= fewest)) continue;
    best = name;
    fewest = changes;
  }
  if (best) return best;
  const auto begins = [&](const std::string& name) {
    return letters(word) > 0 && name.starts_with(word);
  };
  if (std::count_if(known.begin(), known.end(), begins) != 1) return std::nullopt;
  return *std::find_if(known.begin(), known.end(), begins);
}

std::string one_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace topicloop::cli
