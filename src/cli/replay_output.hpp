// SPDX-License-Identifier: Apache-2.0
// How a replay is shown: what was sent and answered on stdout, what failed and why on stderr.
//
// Not thread-safe.
#pragma once

#include "cli/render.hpp"
#include "cli/replay_target.hpp"
#include "replay/result.hpp"
#include "replay/verdict.hpp"

#include <string>

namespace topicloop::cli {

class ReplayOutput {
public:
  // `is_quiet`: stdout belongs to somebody else.
  ReplayOutput(Renderer& renderer, bool is_quiet) : renderer_(renderer), is_quiet_(is_quiet) {}

  // An event that was sent to `where`.
  void show(const replay::CaseResult& result, const ReplayEnd& end, const std::string& where);
  // What failed, or could not be sent.
  void show_failure(const replay::CaseResult& result);
  void summary(const replay::Totals& totals);
  // The last word where nothing was sent.
  void plan(const replay::Totals& totals);

private:
  Renderer& renderer_;
  const bool is_quiet_;
};

}  // namespace topicloop::cli
