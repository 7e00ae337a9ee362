// SPDX-License-Identifier: Apache-2.0
#include "replay/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace topicloop::replay {

namespace {

constexpr const char* k_standard_input = "-";

bool lists(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What is put aside: where the record came from, and itself.
std::string to_piece(std::size_t file, const Event& event) {
  return fmt::format("{} {}\n{}", file, event.line, capture::to_line(event.record));
}

Event from_piece(std::string_view piece, const std::vector<std::string>& files) {
  std::size_t file = 0;
  std::uint64_t line = 0;
  const char* const end = piece.data() + piece.size();
  const char* at = std::from_chars(piece.data(), end, file).ptr;
  at = std::from_chars(at + 1, end, line).ptr;
  auto parsed = capture::parse_line({at + 1, static_cast<std::size_t>(end - at - 1)});
  return make_event(files[file], line, std::get<model::CaptureRecord>(*std::move(parsed)));
}

}  // namespace

Source::Source(SourceOptions options, OnWarning on_warning, std::stop_token stop)
    : options_(std::move(options)),
      on_warning_(std::move(on_warning)),
      stop_(std::move(stop)),
      random_(options_.shuffle.value_or(0)) {}

Result<std::optional<Event>> Source::next() {
  using Next = std::optional<Event>;
  const bool repeats_input = options_.repeat > 1 && lists(options_.files, k_standard_input);
  if (is_over_) return Next();
  if ((options_.shuffle || repeats_input) && !aside_) {
    if (auto done = put_aside(); !done) {
      is_over_ = true;
      return std::move(done).error();
    }
  }
  auto event = aside_ ? take_up() : read();
  is_over_ = !event || !*event;
  return event;
}

std::optional<std::uint64_t> Source::total() const {
  if (!aside_) return std::nullopt;
  return order_.size() * options_.repeat;
}

Result<std::optional<Event>> Source::read() {
  while (!stop_.stop_requested()) {
    if (!reader_) {
      if (file_ == options_.files.size()) {
        if (round_ == options_.repeat || aside_) break;
        file_ = 0;
        ++round_;
      }
      if (auto opened = open(options_.files[file_]); !opened) return std::move(opened).error();
    }
    auto event = read_file(*reader_);
    if (!event || *event) return event;
    reader_.reset();
    ++file_;
  }
  return std::optional<Event>();
}

Result<void> Source::open(const std::string& file) {
  // What is wrong with a file is told once, and not in each round.
  const auto on_warning = [this](const std::string& warning) {
    if (round_ == 1) on_warning_(warning);
  };
  if (file == k_standard_input) {
    reader_ = capture::Reader::of(options_.standard_input, "standard input", on_warning, stop_);
    return {};
  }
  auto opened = capture::Reader::open(file, on_warning, stop_);
  if (!opened) return std::move(opened).error();
  reader_ = *std::move(opened);
  return {};
}

// The next event of the file that is wanted.
Result<std::optional<Event>> Source::read_file(capture::Reader& reader) {
  while (true) {
    auto record = reader.next();
    if (!record) return std::move(record).error();
    if (!*record) return std::optional<Event>();
    if (std::holds_alternative<model::Gap>((*record)->content)) continue;
    const std::string& file = options_.files[file_];
    Event event = make_event(file == k_standard_input ? "standard input" : file,
                             reader.line_number(), **std::move(record));
    event.round = round_;
    if (wants(event)) return std::optional(std::move(event));
  }
}

bool Source::wants(const Event& event) const {
  if (!options_.ids.empty()) {
    if (event.exchange() == nullptr || !lists(options_.ids, event.exchange()->id)) return false;
  }
  return options_.selection.matches(event);
}

Result<void> Source::put_aside() {
  auto spool = Spool::open();
  if (!spool) return std::move(spool).error();
  aside_ = *std::move(spool);
  while (true) {
    auto event = read();
    if (!event) return std::move(event).error();
    if (!*event) break;
    if (auto added = aside_->add(to_piece(file_, **event)); !added) return added;
  }
  order_.resize(aside_->size());
  std::iota(order_.begin(), order_.end(), std::uint64_t{0});
  begin_round();
  return {};
}

// By a generator and an algorithm that are the same everywhere, as a seed is to be shared.
void Source::begin_round() {
  next_ = 0;
  if (!options_.shuffle) return;
  for (std::uint64_t left = order_.size(); left > 1; --left)
    std::swap(order_[left - 1], order_[random_() % left]);
}

Result<std::optional<Event>> Source::take_up() {
  if (stop_.stop_requested() || order_.empty()) return std::optional<Event>();
  if (next_ == order_.size()) {
    if (round_ == options_.repeat) return std::optional<Event>();
    ++round_;
    begin_round();
  }
  auto piece = aside_->get(order_[next_++]);
  if (!piece) return std::move(piece).error();
  Event event = from_piece(*piece, options_.files);
  if (event.file == k_standard_input) event.file = "standard input";
  event.round = round_;
  return std::optional(std::move(event));
}

}  // namespace topicloop::replay
