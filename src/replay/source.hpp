// SPDX-License-Identifier: Apache-2.0
// The events of captures that are to be replayed, one at a time.
//
// Holds one record, whatever the size of the files. Shuffling, and repeating what comes from
// standard input, first puts all events aside on the disk and holds 16 bytes for each. Not
// thread-safe.
#pragma once

#include "base/error.hpp"
#include "capture/file.hpp"
#include "replay/event.hpp"
#include "replay/select.hpp"
#include "replay/spool.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

namespace topicloop::replay {

struct SourceOptions {
  std::vector<std::string> files;  // In this order; "-" is standard input.
  int standard_input = 0;
  Selection selection = {};
  std::vector<std::string> ids = {};          // Only requests with one of these; empty: any.
  std::uint64_t repeat = 1;                   // How many times everything is given.
  std::optional<std::uint64_t> shuffle = {};  // The seed of an order by chance.
};

class Source {
public:
  using OnWarning = std::function<void(const std::string&)>;

  Source(SourceOptions options, OnWarning on_warning, std::stop_token stop);

  // The next event; nothing at the end or on a stop. After an error, BadInput naming FILE:LINE,
  // there is nothing more to read.
  Result<std::optional<Event>> next();

  // How many there are, once that is known.
  std::optional<std::uint64_t> total() const;

private:
  Result<std::optional<Event>> read();
  Result<std::optional<Event>> read_file(capture::Reader& reader);
  Result<void> open(const std::string& file);
  bool wants(const Event& event) const;

  Result<void> put_aside();
  Result<std::optional<Event>> take_up();
  void begin_round();

  const SourceOptions options_;
  const OnWarning on_warning_;
  const std::stop_token stop_;

  std::uint64_t round_ = 1;
  std::size_t file_ = 0;  // The one that is read, or to be read next.
  std::optional<capture::Reader> reader_;
  bool is_over_ = false;

  std::optional<Spool> aside_;
  std::vector<std::uint64_t> order_;  // Of what was put aside.
  std::uint64_t next_ = 0;            // Place in `order_`.
  std::mt19937_64 random_;
};

}  // namespace topicloop::replay
