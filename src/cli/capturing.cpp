// SPDX-License-Identifier: Apache-2.0
#include "cli/capturing.hpp"

#include "base/hexdump.hpp"
#include "capture/convert.hpp"
#include "capture/merge.hpp"
#include "cli/capture_input.hpp"
#include "cli/render.hpp"
#include "webhook/event.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

namespace topicloop::cli {

using Json = nlohmann::ordered_json;

namespace {

webhook::Exchange shown(const model::CaptureRecord& record, const model::HttpExchange& exchange) {
  webhook::Exchange result;
  result.id = exchange.id;
  result.method = exchange.request.method;
  result.path = exchange.request.target;
  result.url = capture::url_of(exchange);
  result.peer = exchange.peer;
  if (auto event = webhook::parse_event(exchange.request.body)) result.event = *std::move(event);
  result.status = exchange.response.status;
  result.reason = exchange.reason;
  result.at = record.at;
  result.latency = exchange.latency;
  return result;
}

// As `curl -v` shows it.
void show_details(const model::HttpExchange& exchange, Renderer& renderer) {
  const auto show = [&](std::string_view mark, std::string_view text) {
    renderer.step(fmt::format("{} {}", mark, printable(text)));
  };
  const auto show_message = [&](std::string_view mark, const model::HttpHeaders& headers,
                                const std::string& body) {
    for (const auto& [name, value] : headers)
      show(mark, name + ": " + value);
    if (!body.empty()) {
      show(mark, "");
      show(mark, body);
    }
  };
  const model::HttpRequest& request = exchange.request;
  show(">", fmt::format("{} {} {}", request.method, request.target, request.version));
  show_message(">", request.headers, request.body);
  const int status = exchange.response.status;
  show("<", status == 0 ? "no answer" : std::to_string(status));
  show_message("<", exchange.response.headers, exchange.response.body);
}

class Show {
public:
  Show(const CaptureOptions& options, Context& context)
      : options_(options), renderer_(context, options.output) {}

  Renderer& renderer() { return renderer_; }

  void record(const model::CaptureRecord& record) {
    if (options_.output.format == OutputFormat::Json) {
      renderer_.result("", Json::parse(capture::to_line(record)));
    } else {
      std::visit([&](const auto& content) { show(record, content); }, record.content);
    }
  }

private:
  void show(const model::CaptureRecord& record, const model::HttpExchange& exchange) {
    if (options_.output.format == OutputFormat::Raw) {
      renderer_.bytes(exchange.request.body);
      return;
    }
    renderer_.exchange(shown(record, exchange));
    if (options_.details) show_details(exchange, renderer_);
  }

  void show(const model::CaptureRecord& record, const model::Message& message) {
    if (options_.output.format == OutputFormat::Raw) {
      renderer_.bytes(message.value.bytes);
      return;
    }
    const std::string& bytes = message.value.bytes;
    const std::string meta = fmt::format("{} {} #{}", to_time_of_day(record.at),
                                         printable(message.topic), message.sequence_number);
    if (message.value.is_text()) {
      renderer_.step(meta + " " + printable(bytes));
      return;
    }
    const std::string dump = hexdump(bytes);
    renderer_.step(meta + " " + counted(bytes.size(), "byte") + (dump.empty() ? "" : "\n") + dump);
  }

  // Unlike one that is seen as it happens this is no warning: it is what was asked for.
  void show(const model::CaptureRecord& record, const model::Gap& gap) {
    if (options_.output.format == OutputFormat::Raw) return;
    std::string missing;
    for (const auto& range : gap.missing) {
      missing += fmt::format("{}#{} to {}", missing.empty() ? "" : ", ", range.first,
                             range.last ? fmt::format("#{}", *range.last) : "an unknown number");
    }
    renderer_.step(fmt::format("{} {} gap: {}", to_time_of_day(record.at), printable(gap.topic),
                               missing.empty() ? "what is missing is not known" : missing));
  }

  const CaptureOptions& options_;
  Renderer renderer_;
};

class HarPrinter {
public:
  explicit HarPrinter(Renderer& renderer) : renderer_(renderer) {}
  // Not before there is something to print: what is no capture shows with its first record.
  void begin() {
    if (!std::exchange(has_begun_, true)) renderer_.bytes(capture::har_begin());
  }
  void add(const model::CaptureRecord& record, const model::HttpExchange& exchange) {
    begin();
    renderer_.bytes((is_first_ ? "\n" : ",\n") + capture::to_har_entry(record, exchange));
    is_first_ = false;
  }
  void finish() {
    begin();
    renderer_.bytes(std::string(capture::k_har_end) + "\n");
  }

private:
  Renderer& renderer_;
  bool has_begun_ = false;
  bool is_first_ = true;
};

// All before the first is read: a file that is not there shows before anything is printed.
std::vector<capture::Reader> open_inputs(const CaptureOptions& options, Context& context,
                                         Renderer& renderer) {
  std::vector<capture::Reader> readers;
  for (const auto& file : options.files)
    readers.push_back(must_open_input(file, context, renderer));
  return readers;
}

// Calls `take` with each exchange there is; how many other records there were.
template <typename Take>
std::uint64_t for_each_exchange(const CaptureOptions& options, Context& context, Renderer& renderer,
                                const Take& take) {
  std::uint64_t others = 0;
  for (auto& reader : open_inputs(options, context, renderer)) {
    for_each_record(reader, context, [&](const model::CaptureRecord& record) {
      if (const auto* exchange = std::get_if<model::HttpExchange>(&record.content)) {
        take(record, *exchange);
      } else {
        ++others;
      }
    });
  }
  return others;
}

// To standard output; not compressed.
void print_merged(capture::Merge& merge, const Context& context, Renderer& renderer) {
  auto record = value_or_throw(merge.next());
  renderer.bytes(capture::header_line_now());
  for (; record && !context.stop().stop_requested(); record = value_or_throw(merge.next()))
    renderer.bytes(capture::to_line(*record) + "\n");
}

// How many records there were.
Result<std::uint64_t> write_merged(capture::Merge& merge, const std::string& file) {
  auto record = merge.next();
  if (!record) return std::move(record).error();
  auto writer = capture::Writer::open(file);
  if (!writer) return std::move(writer).error();
  std::uint64_t count = 0;
  for (; *record; ++count) {
    if (auto written = writer->write(**std::move(record)); !written) return written.error();
    record = merge.next();
    if (!record) return std::move(record).error();
  }
  return count;
}

std::uint64_t convert_to_har(const CaptureOptions& options, Context& context, Renderer& renderer) {
  HarPrinter har(renderer);
  const std::uint64_t others = for_each_exchange(
      options, context, renderer,
      [&](const auto& record, const auto& exchange) { har.add(record, exchange); });
  har.finish();
  return others;
}

std::uint64_t convert_to_curl(const CaptureOptions& options, Context& context, Renderer& renderer) {
  return for_each_exchange(options, context, renderer, [&](const auto&, const auto& exchange) {
    renderer.bytes(capture::to_curl(exchange) + "\n");
  });
}

std::uint64_t convert_to_cloudevents(const CaptureOptions& options, Context& context,
                                     Renderer& renderer) {
  std::uint64_t others = 0;
  for (auto& reader : open_inputs(options, context, renderer)) {
    for_each_record(reader, context, [&](const model::CaptureRecord& record) {
      if (const auto event = capture::to_cloudevent(record)) {
        renderer.bytes(*event + "\n");
      } else {
        ++others;
      }
    });
  }
  return others;
}

}  // namespace

void run_capture_show(const CaptureOptions& options, Context& context) {
  Show show(options, context);
  for (const auto& file : options.files) {
    auto reader = must_open_input(file, context, show.renderer());
    for_each_record(reader, context, [&](const auto& record) { show.record(record); });
  }
}

void run_capture_merge(const CaptureOptions& options, Context& context) {
  Renderer renderer(context, options.output);
  auto readers = open_inputs(options, context, renderer);
  if (options.output_file == "-") {
    capture::Merge merge(std::move(readers));
    return print_merged(merge, context, renderer);
  }
  // Appending would not be by time, and to an input it would not end.
  std::error_code ignored;
  if (std::filesystem::is_regular_file(options.output_file, ignored)) {
    throw CommandError({ErrorKind::BadInput,
                        fmt::format("{} is there already", options.output_file),
                        "give --output-file the name of a new file"});
  }
  capture::Merge merge(std::move(readers));
  const auto count = write_merged(merge, options.output_file);
  // A part would be taken for the whole. A device stays.
  const bool is_part = !count || context.stop().stop_requested();
  if (is_part && std::filesystem::is_regular_file(options.output_file, ignored)) {
    std::filesystem::remove(options.output_file, ignored);
  }
  if (!count) throw CommandError(count.error());
  if (context.stop().stop_requested()) return;
  renderer.summary(
      fmt::format("{} in {}", counted(*count, "record"), printable(options.output_file)),
      {{"records", *count}, {"file", options.output_file}});
}

void run_capture_convert(const CaptureOptions& options, Context& context) {
  Renderer renderer(context, options.output);
  const auto convert = options.to == "har"    ? convert_to_har
                       : options.to == "curl" ? convert_to_curl
                                              : convert_to_cloudevents;
  const std::uint64_t others = convert(options, context, renderer);
  if (others > 0 && !context.stop().stop_requested()) {
    renderer.warning(fmt::format("left out: {} that cannot be told as {}",
                                 counted(others, "record"), options.to));
  }
}

}  // namespace topicloop::cli
