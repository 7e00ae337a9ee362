// SPDX-License-Identifier: Apache-2.0
// Differences as people read them: where, what was expected, what came; the first of them only.
//
// The text is as Comparison::diff has it. Pure; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace topicloop::replay {

class DifferenceList {
public:
  // Begins a place. What is added to it is not shown once there are too many.
  void begin(std::string_view place);
  void expected(std::string_view line) { add("- ", line); }
  void actual(std::string_view line) { add("+ ", line); }
  // There are more of them, that nobody has counted.
  void cut_off() { is_cut_off_ = true; }

  bool empty() const { return places_ == 0; }
  // Whether anything more would be shown.
  bool is_full() const;
  std::string take();

private:
  void add(std::string_view mark, std::string_view line);

  std::string text_;
  std::size_t places_ = 0;
  std::size_t hidden_places_ = 0;
  std::size_t lines_ = 0;
  std::size_t hidden_lines_ = 0;  // Of places that are shown.
  bool is_cut_off_ = false;
};

}  // namespace topicloop::replay
