// SPDX-License-Identifier: Apache-2.0
// The URL under which the service reaches this process from elsewhere, if not our own: a public one
// that the user names, or that of an ngrok tunnel.
#pragma once

#include "cli/context.hpp"
#include "sink/child_process.hpp"
#include "webhook/ngrok.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct ExposureOptions {
  std::string public_url;
  bool ngrok = false;
  std::string ngrok_api;  // Empty: NGROK_API, else where agents serve it.
};

// --public-url, --ngrok, --ngrok-api; `options` must outlive the parsing.
void add_exposure_flags(CLI::App& command, ExposureOptions& options);

// Where this process listens.
struct ListeningAt {
  int port = 0;
  std::string path;
  bool tls = false;
};

class Exposure {
public:
  // With --ngrok: uses the tunnel that a running agent has for our port; if there is no agent,
  // starts one and waits for its tunnel. Throws CommandError saying what to do if none comes.
  Exposure(const ExposureOptions& options, const ListeningAt& own, const Context& context);

  // Empty: there is no other than our own.
  const std::string& url() const { return url_; }

private:
  std::string ngrok_url(const std::string& api, const ListeningAt& own, const Context& context);

  std::string url_;
  std::optional<sink::ChildProcess> agent_;  // Ends with us.
};

}  // namespace topicloop::cli
