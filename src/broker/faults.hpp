// SPDX-License-Identifier: Apache-2.0
// Decides which calls go wrong, and how: what the client asked for, then what the service was told.
//
// Keeps the counts. Those a client asks for are kept per request id and kind of call, for the
// latest 10,000 of them; the service's own count everybody's calls. It does nothing itself: whoever
// takes a call asks for its faults once and brings them about. Belongs to one thread.
#pragma once

#include "broker/fault_headers.hpp"
#include "broker/fault_rule.hpp"

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace topicloop::broker {

struct InjectedError {
  int status = 0;       // A gRPC status code; of a webhook, an HTTP status.
  std::string message;  // Says that it is injected.
};

// Fails a stream instead of sending a further message after so many.
struct StreamFault {
  InjectedError error;
  std::uint64_t after_messages = 0;
};

// In this order.
struct CallFaults {
  std::chrono::milliseconds delay{0};
  std::optional<InjectedError> error;
  std::optional<StreamFault> stream_error;
};

class Faults {
public:
  // The service's own. Of several for the same thing the first that is not used up applies.
  explicit Faults(const std::vector<Fault>& own = {});

  // What is to happen to this call, and counts it. InvalidArgument as requested_faults().
  Result<CallFaults> plan(FaultTarget target, const FaultHeaders& headers);
  // The same for calls without headers.
  CallFaults plan(FaultTarget target);

private:
  // How often what has a count was made to happen.
  struct Uses {
    std::uint64_t errors = 0;
    std::uint64_t delays = 0;
  };
  struct Own {
    Fault fault;
    Uses uses;
  };
  struct Session {
    std::string key;
    Uses uses;
  };

  static void apply(const FaultRule& rule, FaultTarget target, Uses& uses, CallFaults& faults);
  Uses& uses_of(std::string_view request_id, FaultTarget target);

  std::vector<Own> own_;
  std::list<Session> sessions_;  // The latest first.
  std::unordered_map<std::string_view, std::list<Session>::iterator> by_key_;
};

}  // namespace topicloop::broker
