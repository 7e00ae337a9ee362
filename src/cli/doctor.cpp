// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor.hpp"

#include "base/address.hpp"
#include "cli/duration.hpp"
#include "cli/machine_checks.hpp"
#include "cli/service_choice.hpp"
#include "topic/probe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr std::chrono::seconds k_default_timeout{5};
// A certificate is renewed long before.
constexpr std::chrono::hours k_soon{14 * 24};

constexpr const char* k_service_checks[] = {
    "key", "name lookup", "connection", "TLS", "authorization", "cache", "topic", "administration"};

class Examination {
public:
  Examination(const DoctorOptions& options, std::stop_token stop,
              const std::function<void(const Check&)>& report)
      : options_(options), stop_(std::move(stop)), report_(report) {}

  void run() {
    examine_service();
    for (const char* name : k_service_checks) {
      if (!made_.contains(name)) skip(name);
    }
    if (stop_.stop_requested()) return;
    report_(
        check_clock(clock_url(), options_.connection.ca_file, std::chrono::system_clock::now()));
    for (const std::uint16_t port : options_.ports)
      report_(check_port(port));
    report_(check_ngrok(options_.ngrok));
  }

private:
  void examine_service() {
    if (!choose() || stop_.stop_requested()) return;
    open_probes();
    if (!look_up() || stop_.stop_requested()) return;
    if (!connect_all() || stop_.stop_requested()) return;
    if (!check_tls() || stop_.stop_requested()) return;
    auto client = topic::Client::connect(choice_->connection, stop_);
    if (!client) return fail("authorization", client.error());
    if (subscribe(*client)) administer(*client);
  }

  void made(const Check& check) {
    made_.insert(check.name);
    report_(check);
  }
  void ok(const std::string& name, std::string detail) {
    made({name, CheckStatus::Ok, std::move(detail)});
  }
  void warn(const std::string& name, std::string detail, std::string help) {
    made({name, CheckStatus::Warning, std::move(detail), std::move(help)});
  }
  void fail(const std::string& name, const Error& error, const std::string& help = "") {
    made({name, CheckStatus::Failed, error.message, error.help.empty() ? help : error.help,
          error.kind});
  }
  void skip(const std::string& name, std::string why = "needs what failed above") {
    made({name, CheckStatus::Skipped, std::move(why)});
  }

  bool choose() {
    const auto now = std::chrono::system_clock::now();
    try {
      cache_ = cache_name(options_.connection);
      choice_ = choose_service(options_.connection, now);
    } catch (const KeyError& error) {
      ok("configuration", fmt::format("the key is in {}", error.source()));
      fail("key", error.error());
      return false;
    } catch (const CommandError& error) {
      fail("configuration", error.error());
      return false;
    }
    const bool is_limited = choice_->connection.wait > std::chrono::milliseconds::zero();
    timeout_ = is_limited ? choice_->connection.wait : k_default_timeout;
    choice_->connection.wait = std::chrono::milliseconds::zero();
    choice_->connection.timeout = timeout_;
    const std::string what =
        fmt::format("{}: the service at {}, cache \"{}\"",
                    choice_->decided_by.empty() ? "nothing is set" : "by " + choice_->decided_by,
                    choice_->connection.endpoint, cache_);
    if (choice_->warnings.empty()) {
      ok("configuration", what);
    } else {
      warn("configuration", what, fmt::format("{}", fmt::join(choice_->warnings, "; ")));
    }
    describe_key();
    return true;
  }

  void describe_key() {
    if (!choice_->credential) return ok("key", "none, which a local service mostly does not need");
    const Credential& key = *choice_->credential;
    std::string text = fmt::format("{} in {}", name_of(key.kind), key.source);
    if (!key.token_id.empty()) text += fmt::format(", token id \"{}\"", key.token_id);
    if (!key.expires_at) return ok("key", text + ", says nothing of an end");
    const auto expired = check_expiry(key, std::chrono::system_clock::now());
    if (!expired) return warn("key", text + ": " + expired.error().message, expired.error().help);
    ok("key", fmt::format("{}, good until {}", text, to_rfc3339(*key.expires_at)));
  }

  // One for each host, which may all be the same.
  void open_probes() {
    const auto& connection = choice_->connection;
    std::vector<std::string> endpoints{connection.endpoint};
    for (const auto& other : {connection.control_endpoint, connection.token_endpoint}) {
      if (!other.empty() && std::find(endpoints.begin(), endpoints.end(), other) == endpoints.end())
        endpoints.push_back(other);
    }
    for (const auto& endpoint : endpoints)
      probes_.emplace_back(endpoint, topic::Probe(endpoint, timeout_, stop_));
  }

  // `step` of each probe; the check's detail is what each said.
  template <typename Step>
  bool each(const std::string& name, const std::string& help, Step step) {
    std::vector<std::string> details;
    for (auto& [endpoint, probe] : probes_) {
      auto result = step(probe);
      if (!result) {
        fail(name, result.error(), help);
        return false;
      }
      details.push_back(fmt::format("{} {}", endpoint, *result));
    }
    ok(name, fmt::format("{}", fmt::join(details, "; ")));
    return true;
  }

  bool look_up() {
    return each("name lookup",
                "check the endpoint (--endpoint, or the one in the key) and the name server",
                [](topic::Probe& probe) -> Result<std::string> {
                  auto addresses = probe.resolve();
                  if (!addresses) return addresses;
                  return "is " + *addresses;
                });
  }

  bool connect_all() {
    const auto address = parse_address(choice_->connection.endpoint, 443);
    const bool here = address && address->is_loopback();
    return each("connection", connection_help(here),
                [](topic::Probe& probe) -> Result<std::string> {
                  auto connected = probe.connect();
                  if (!connected) return connected;
                  return std::string("accepts connections");
                });
  }

  static std::string connection_help(bool here) {
    if (here) {
      return "start a service with `topicloop serve-topics`, or name another with --local";
    }
    for (const char* proxy : {"https_proxy", "HTTPS_PROXY"}) {
      if (from_environment(proxy).empty()) continue;
      return fmt::format(
          "{} is set: other commands connect through that proxy, which this does not", proxy);
    }
    return "check that the service runs and that no firewall is in between";
  }

  bool check_tls() {
    if (!choice_->connection.tls) {
      ok("TLS", "not used");
      return true;
    }
    bool ends_soon = false;
    const bool good = each("TLS", "check the port, and what is between here and the service",
                           [&](topic::Probe& probe) -> Result<std::string> {
                             const auto seen = probe.shake_hands(choice_->connection.ca_file);
                             if (!seen) return seen.error();
                             ends_soon = ends_soon || seen->valid_until <
                                                          std::chrono::system_clock::now() + k_soon;
                             return fmt::format("has a certificate of {}, until {}", seen->issuer,
                                                to_rfc3339(seen->valid_until));
                           });
    if (good && ends_soon) warn("certificate", "ends soon", "renew it on the service");
    return good;
  }

  // A subscription asks for everything at once: the key, the cache, the permission.
  bool subscribe(const topic::Client& client) {
    const auto subscription = client.subscribe(cache_, options_.topic, {}, stop_);
    if (!subscription && stop_.stop_requested()) return false;
    const ErrorKind kind = subscription ? ErrorKind::Internal : subscription.error().kind;
    const bool is_known =
        subscription || kind == ErrorKind::NotFound || kind == ErrorKind::PermissionDenied;
    if (!is_known) {
      fail("authorization", subscription.error(),
           kind == ErrorKind::Unauthenticated
               ? "give a key of this service with --api-key-file FILE, MOMENTO_API_KEY or --profile"
               : "");
      return false;
    }
    ok("authorization",
       choice_->credential ? "the service accepts the key" : "the service asks for no key");
    if (kind == ErrorKind::NotFound) {
      fail("cache", subscription.error(), cache_help(client));
      skip("topic");
      return true;
    }
    if (kind == ErrorKind::PermissionDenied) {
      skip("cache", "the key does not permit to ask");
      fail("topic", subscription.error(), "name another with --topic, or get another key");
      return true;
    }
    ok("cache", fmt::format("\"{}\" is there", cache_));
    ok("topic", fmt::format("\"{}\" may be subscribed to", options_.topic));
    return true;
  }

  std::string cache_help(const topic::Client& client) const {
    const auto caches = client.list_caches(stop_);
    if (!caches || caches->empty()) return "name one that the service has with --cache NAME";
    return fmt::format("name one with --cache: the service has {}", fmt::join(*caches, ", "));
  }

  // A key that is for topics only is as good as any for them.
  void administer(const topic::Client& client) {
    const auto caches = client.list_caches(stop_);
    if (caches) return ok("administration", fmt::format("caches: {}", caches->size()));
    const ErrorKind kind = caches.error().kind;
    if (kind == ErrorKind::PermissionDenied) {
      return ok("administration", "the key permits topics only, not webhooks or tokens");
    }
    fail("administration", caches.error());
  }

  // Of a service on this machine there is nothing to ask: it is the same clock.
  std::string clock_url() const {
    if (!options_.clock.empty() || !choice_ || !choice_->connection.tls) return options_.clock;
    const auto address = parse_address(choice_->connection.endpoint, 443);
    if (!address || address->is_loopback()) return "";
    return fmt::format("https://api.{}/", address->host);
  }

  const DoctorOptions& options_;
  std::stop_token stop_;
  const std::function<void(const Check&)>& report_;
  std::set<std::string> made_;
  std::optional<ServiceChoice> choice_;
  std::string cache_;
  std::chrono::milliseconds timeout_{0};
  std::vector<std::pair<std::string, topic::Probe>> probes_;
};

}  // namespace

void examine(const DoctorOptions& options, const std::stop_token& stop,
             const std::function<void(const Check&)>& report) {
  Examination(options, stop, report).run();
}

}  // namespace topicloop::cli
