// SPDX-License-Identifier: Apache-2.0
// A renderer and what it wrote.
#pragma once

#include "cli/render.hpp"
#include "support/records.hpp"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::test {

class Rendering {
public:
  explicit Rendering(cli::OutputFormat format = cli::OutputFormat::Text)
      : Rendering(cli::OutputFlags{format, "auto", ""}) {}
  explicit Rendering(cli::OutputFlags flags, bool terminal = false)
      : streams_{.out = out_, .err = err_, .out_is_terminal = terminal},
        renderer_(context_, std::move(flags)) {}

  cli::Renderer& renderer() { return renderer_; }
  cli::Context& context() { return context_; }
  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }
  std::vector<nlohmann::json> records() const { return test::records(out()); }
  // As a pipe whose reader went away.
  void close_out() { out_.setstate(std::ios::badbit); }

private:
  std::ostringstream out_;
  std::ostringstream err_;
  cli::Streams streams_;
  cli::Interrupt interrupt_;
  cli::Context context_{streams_, interrupt_};
  cli::Renderer renderer_;
};

}  // namespace topicloop::test
