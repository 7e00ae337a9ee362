// SPDX-License-Identifier: Apache-2.0
#include "replay/difference_list.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::replay {

namespace {

constexpr std::size_t k_max_places = 20;
constexpr std::size_t k_max_lines = 60;

}  // namespace

bool DifferenceList::is_full() const {
  return places_ >= k_max_places || lines_ >= k_max_lines;
}

void DifferenceList::begin(std::string_view place) {
  const bool is_shown = !is_full();
  ++places_;
  if (is_shown) {
    text_ += fmt::format("{}\n", place);
  } else {
    ++hidden_places_;
  }
}

void DifferenceList::add(std::string_view mark, std::string_view line) {
  if (hidden_places_ > 0) return;
  if (lines_ >= k_max_lines) {
    ++hidden_lines_;
    return;
  }
  ++lines_;
  text_ += fmt::format("{}{}\n", mark, line);
}

std::string DifferenceList::take() {
  if (hidden_lines_ > 0) text_ += fmt::format("... and {} more lines there\n", hidden_lines_);
  if (is_cut_off_) {
    text_ += "... and more\n";
  } else if (hidden_places_ > 0) {
    text_ += fmt::format("... and {} more {}\n", hidden_places_,
                         hidden_places_ == 1 ? "difference" : "differences");
  }
  if (text_.ends_with('\n')) text_.pop_back();
  return std::move(text_);
}

}  // namespace topicloop::replay
