// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include "cli/duration.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace topicloop::cli {

namespace {

// Work that is over sooner needs no progress to look at.
constexpr std::chrono::milliseconds k_patience{500};
constexpr std::chrono::milliseconds k_period{100};

// 1234567 is "1,234,567".
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t left = text.size(); left > 3; left -= 3)
    text.insert(left - 3, ",");
  return text;
}

// Left free at the line's end: a line that wraps could not be drawn again, and the terminal adds
// ^C.
constexpr std::size_t k_margin = 3;

// How much fits on a line. Asked each time: windows change.
std::size_t room() {
  winsize window{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
  const std::size_t columns = is_known ? window.ws_col : 80;
  return columns > k_margin ? columns - k_margin : 0;
}

}  // namespace

// A dumb terminal cannot draw a line again.
bool shows_progress(const Context& context, const OutputFlags& flags, bool is_typed) {
  const char* term = std::getenv("TERM");
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  const bool shows_records = flags.format == OutputFormat::Json && context.streams.out_is_terminal;
  return context.streams.err_is_terminal && !shows_records && !is_typed;
}

Progress::Progress(Context& context, const OutputFlags& flags, std::optional<std::uint64_t> total,
                   bool is_typed)
    : context_(context),
      is_wanted_(shows_progress(context, flags, is_typed)),
      total_(total),
      next_(begin_ + k_patience) {}

void Progress::show(std::uint64_t done) {
  if (!is_wanted_) return;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + k_period;
  const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(now - begin_);
  // To the line's beginning; then clear what is right of the text.
  context_.streams.err << '\r' << describe_progress(done, total_, taken).substr(0, room())
                       << "\x1b[K" << std::flush;
  is_shown_ = true;
}

void Progress::clear() {
  if (!std::exchange(is_shown_, false)) return;
  context_.streams.err << "\r\x1b[K" << std::flush;
}

std::string describe_progress(std::uint64_t done, std::optional<std::uint64_t> total,
                              std::chrono::microseconds taken) {
  const double seconds = std::chrono::duration<double>(taken).count();
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  const std::string pace = grouped(static_cast<std::uint64_t>(std::llround(rate))) + "/s";
  if (!total) return fmt::format("{} message{}, {}", grouped(done), done == 1 ? "" : "s", pace);
  const std::uint64_t percent = *total == 0 ? 100 : done * 100 / *total;
  std::string text =
      fmt::format("{} of {} messages ({}%), {}", grouped(done), grouped(*total), percent, pace);
  if (rate > 0 && done < *total) {
    const std::chrono::duration<double> left(static_cast<double>(*total - done) / rate);
    text += fmt::format(
        ", {} left", format_duration(std::chrono::duration_cast<std::chrono::microseconds>(left)));
  }
  return text;
}

}  // namespace topicloop::cli
