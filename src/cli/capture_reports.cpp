// SPDX-License-Identifier: Apache-2.0
#include "capture/summary.hpp"
#include "cli/capture_input.hpp"
#include "cli/capturing.hpp"
#include "cli/duration.hpp"
#include "cli/render.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace topicloop::cli {

using Json = nlohmann::ordered_json;

namespace {

Json json_of(const capture::Summary& summary) {
  Json statuses = Json::object();
  for (const auto& [status, count] : summary.statuses)
    statuses[std::to_string(status)] = count;
  Json topics = Json::array();
  for (const auto& [name, count] : summary.topics)
    topics.push_back({{"cache", name.first}, {"topic", name.second}, {"records", count}});
  Json json{{"type", "summary"},
            {"records", summary.records},
            {"requests", summary.requests},
            {"messages", summary.messages},
            {"gaps", summary.gaps},
            {"dead_letters", summary.dead_letters},
            {"redacted", summary.redacted}};
  if (summary.first) {
    json["first_at"] = to_rfc3339(*summary.first);
    json["last_at"] = to_rfc3339(*summary.last);
    json["duration_us"] =
        std::chrono::duration_cast<std::chrono::microseconds>(*summary.last - *summary.first)
            .count();
  }
  json["verification"] = {{"verified", summary.verified},
                          {"failed", summary.failed},
                          {"not_checked", summary.not_checked}};
  json["statuses"] = statuses;
  json["unanswered"] = summary.unanswered;
  json["longest_latency_us"] = summary.longest_latency.count();
  json["body_bytes"] = summary.body_bytes;
  json["payload_bytes"] = summary.payload_bytes;
  json["out_of_order"] = summary.out_of_order;
  json["topics"] = topics;
  json["in_other_topics"] = summary.in_other_topics;
  return json;
}

std::string text_of(const capture::Summary& summary) {
  std::string text = fmt::format(
      "{:<14} {} ({}, {}, {})", "records", summary.records, counted(summary.requests, "request"),
      counted(summary.messages, "message"), counted(summary.gaps, "gap"));
  const auto add = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("\n{:<14} {}", name, value);
  };
  if (summary.first) {
    add("first", to_rfc3339(*summary.first));
    add("last", to_rfc3339(*summary.last));
    add("duration", format_duration(std::chrono::duration_cast<std::chrono::microseconds>(
                        *summary.last - *summary.first)));
  }
  if (summary.requests > 0) {
    add("signatures", fmt::format("{} verified, {} failed, {} not checked", summary.verified,
                                  summary.failed, summary.not_checked));
    std::string statuses;
    for (const auto& [status, count] : summary.statuses)
      statuses += fmt::format("{}{} x {}", statuses.empty() ? "" : ", ", count, status);
    if (summary.unanswered > 0) {
      statuses += fmt::format("{}{} without one", statuses.empty() ? "" : ", ", summary.unanswered);
    }
    add("answers", statuses);
    add("latency", "up to " + format_duration(summary.longest_latency));
    add("bodies", fmt::format("{} bytes", summary.body_bytes));
  }
  if (summary.messages > 0) add("payloads", fmt::format("{} bytes", summary.payload_bytes));
  if (summary.dead_letters > 0) add("dead letters", std::to_string(summary.dead_letters));
  if (summary.redacted > 0) add("redacted", counted(summary.redacted, "record"));
  for (const auto& [name, count] : summary.topics)
    add("topic", fmt::format("{} x \"{}\" of cache \"{}\"", count, printable(name.second),
                             printable(name.first)));
  if (summary.in_other_topics > 0)
    add("topic", fmt::format("{} of others", summary.in_other_topics));
  return text;
}

// Reads one file for `check`; what is wrong with it, if something is.
std::optional<Error> check_file(const std::string& file, Context& context, Renderer& renderer) {
  std::uint64_t torn = 0;
  capture::Summary summary;
  const auto read = [&]() -> std::optional<Error> {
    auto reader = open_input(file, context, [&](const std::string& warning) {
      ++torn;
      renderer.warning(warning);
    });
    if (!reader) return reader.error();
    while (true) {
      auto record = reader->next();
      if (!record) return record.error();
      if (!*record) return std::nullopt;
      summary.add(**record);
    }
  };
  std::optional<Error> problem = read();
  if (context.stop().stop_requested()) return std::nullopt;
  const std::string verdict = problem ? "bad" : torn > 0 ? "torn" : "ok";
  Json fields{{"type", "check"},   {"file", file},
              {"result", verdict}, {"records", summary.records},
              {"torn", torn},      {"out_of_order", summary.out_of_order}};
  if (problem) fields["message"] = problem->message;
  std::string line =
      fmt::format("{}: {}, {}", printable(file), verdict, counted(summary.records, "record"));
  if (summary.out_of_order > 0) {
    line += fmt::format(", {} began before the one they follow", summary.out_of_order);
  }
  renderer.result(line, fields);
  if (problem) return problem;
  if (torn == 0) return std::nullopt;
  return Error{ErrorKind::CheckFailed,
               fmt::format("{} has {} torn", file, torn == 1 ? "a line that is" : "lines that are"),
               ""};
}

}  // namespace

void run_capture_stat(const CaptureOptions& options, Context& context) {
  Renderer renderer(context, options.output);
  capture::Summary summary;
  for (const auto& file : options.files) {
    auto reader = must_open_input(file, context, renderer);
    for_each_record(reader, context, [&](const auto& record) { summary.add(record); });
  }
  if (!context.stop().stop_requested()) renderer.result(text_of(summary), json_of(summary));
}

void run_capture_check(const CaptureOptions& options, Context& context) {
  Renderer renderer(context, options.output);
  std::optional<Error> worst;
  for (const auto& file : options.files) {
    auto problem = check_file(file, context, renderer);
    const bool is_worse = problem && (!worst || (worst->kind == ErrorKind::CheckFailed &&
                                                 problem->kind != ErrorKind::CheckFailed));
    if (is_worse) worst = std::move(problem);
  }
  if (worst && !context.stop().stop_requested()) throw CommandError(*std::move(worst));
}

}  // namespace topicloop::cli
