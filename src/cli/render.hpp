// SPDX-License-Identifier: Apache-2.0
// Everything a command shows: data on stdout as text, JSON Lines or raw bytes, the rest on stderr.
//
// Each record is flushed. A reader that went away (`| head -1`) asks the command to stop and makes
// the program end quietly. Thread-safe.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "broker/delivery_report.hpp"
#include "cli/context.hpp"
#include "cli/output_flags.hpp"
#include "cli/printable.hpp"
#include "model/message.hpp"
#include "webhook/receiver.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace topicloop::cli {

class Renderer {
public:
  // Removes a ready file that is left from before.
  Renderer(Context& context, const OutputFlags& flags);
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  ~Renderer();  // Removes the ready file.

  // The command does its job from now on; `where` is what it is ready at. Also writes the ready
  // file. In text this is a banner on stderr, with `hints` (printable as they are) below it.
  void ready(std::string_view what, std::string_view where, std::string_view hints = "");
  // `fields` are added to the JSON record.
  void ready(std::string_view what, std::string_view where, std::string_view hints,
             const nlohmann::ordered_json& fields);

  void published(const std::string& cache, const std::string& topic, std::size_t bytes);
  void message(const model::Message& message);
  void gap(const model::Gap& gap);
  void heartbeat(const std::string& cache, const std::string& topic);
  void exchange(const webhook::Exchange& exchange);
  void delivery(const broker::DeliveryReport& report);
  // How things are going: `record` in JSON, else `text` on stderr.
  void status(std::string_view text, const nlohmann::ordered_json& record);
  // A line of progress: text only.
  void step(std::string_view line);
  // The last word; `fields` are added to the JSON record.
  void summary(std::string_view line, const nlohmann::ordered_json& fields);
  // A result that is one word in text and `record` in JSON.
  void result(std::string_view text, const nlohmann::ordered_json& record);
  // Data in a format of its own, as it is.
  void bytes(std::string_view data);
  void warning(std::string_view line);
  // A check that failed; `detail`, below it, is coloured as a diff.
  void failure(std::string_view line, std::string_view detail);
  void error(const Error& error);

  OutputFormat format() const { return flags_.format; }

private:
  void write(std::string_view bytes);
  void record(nlohmann::ordered_json record);
  void line(std::string_view text);
  void note(std::string_view text);

  void show_on_terminal(const model::Message& message);
  void show(const broker::DeliverySent& sent);
  void show(const broker::DeliveryFinished& finished);
  void show(const broker::DeliveriesLost& lost);

  Context& context_;
  const OutputFlags flags_;
  const bool color_;       // On stdout.
  const bool err_color_;   // On stderr.
  bool is_ready_ = false;  // And a file says so.
  std::mutex mutex_;       // Guards both streams.
};

}  // namespace topicloop::cli
