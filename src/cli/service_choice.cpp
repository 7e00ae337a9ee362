// SPDX-License-Identifier: Apache-2.0
#include "cli/service_choice.hpp"

#include "base/address.hpp"
#include "base/small_file.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"
#include "cli/profiles.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr const char* k_local_variable = "TOPICLOOP_LOCAL";
constexpr const char* k_key_variable = "MOMENTO_API_KEY";
constexpr const char* k_endpoint_variable = "MOMENTO_ENDPOINT";
constexpr const char* k_profile_variable = "MOMENTO_PROFILE";
constexpr const char* k_older_key_variable = "MOMENTO_AUTH_TOKEN";
constexpr const char* k_default_profile = "default";

[[noreturn]] void refuse(ErrorKind kind, std::string message, std::string help) {
  throw CommandError({kind, std::move(message), std::move(help)});
}

ServiceEndpoint endpoint_in(const std::string& text, std::string_view source) {
  auto endpoint = parse_service_endpoint(text);
  if (!endpoint) {
    refuse(ErrorKind::Usage, fmt::format("{}: {}", source, endpoint.error().message), "");
  }
  return *std::move(endpoint);
}

std::string local_service(const ConnectionFlags& flags) {
  return flags.local.empty() ? from_environment(k_local_variable) : flags.local;
}

bool has_key_of_its_own(const ConnectionFlags& flags) {
  return !flags.api_key_file.empty() || !flags.api_key.empty() ||
         !from_environment(k_key_variable).empty();
}

// The flag, else the variable, else the default one; and whether somebody asked for it.
struct ProfileName {
  std::string name;
  bool is_asked_for = true;
};

ProfileName profile_name(const ConnectionFlags& flags) {
  if (!flags.profile.empty()) return {flags.profile};
  if (auto name = from_environment(k_profile_variable); !name.empty()) return {std::move(name)};
  return {k_default_profile, false};
}

class Choice {
public:
  Choice(const ConnectionFlags& flags, SystemTime now) : flags_(flags), now_(now) {}

  ServiceChoice make() {
    choice_.connection.tls = flags_.tls || !flags_.ca_file.empty();
    choice_.connection.ca_file = flags_.ca_file;
    if (!flags_.connect_timeout.empty()) {
      choice_.connection.wait = value_or_throw(parse_duration(flags_.connect_timeout));
    }
    decide();
    if (choice_.credential) choice_.connection.api_key = choice_.credential->api_key;
    return std::move(choice_);
  }

private:
  void decide() {
    if (is_local(flags_)) {
      use_local();
    } else if (auto credential = own_credential()) {
      if (!flags_.profile.empty()) {
        warn(fmt::format("--profile {} is not used: {} says which key to send", flags_.profile,
                         credential->source));
      }
      choice_.decided_by = credential->source;
      use(*std::move(credential), "");
    } else if (!use_profile()) {
      use_default();
    }
  }

  // Whether a key is still good is for that service to say, by its own clock.
  void use_local() {
    const std::string text = local_service(flags_);
    choice_.decided_by = flags_.local.empty() ? k_local_variable : "--local";
    // The flag was checked while it was parsed.
    if (const auto wrong = check_service_address(text); !wrong.empty()) {
      refuse(ErrorKind::Usage, fmt::format("{}: {}", k_local_variable, wrong), "");
    }
    choice_.connection.endpoint = value_or_throw(parse_address(text)).to_string();
    choice_.credential = own_credential();
    if (!flags_.profile.empty()) {
      warn(fmt::format(
          "of --profile {} only the cache is used: {} says which service, and a key for "
          "it is given with --api-key-file",
          flags_.profile, choice_.decided_by));
    }
    if (!flags_.endpoint.empty()) {
      warn(fmt::format("--endpoint {} does not say which service to use: {} does", flags_.endpoint,
                       choice_.decided_by));
    }
  }

  // From a flag or the environment.
  std::optional<Credential> own_credential() {
    if (!flags_.api_key_file.empty()) {
      return parsed(value_or_throw(read_small_file(flags_.api_key_file)), flags_.api_key_file);
    }
    if (!flags_.api_key.empty()) {
      warn(
          "others on this machine can see the key given with --api-key: --api-key-file FILE and "
          "MOMENTO_API_KEY keep it private");
      return parsed(flags_.api_key, "--api-key");
    }
    const std::string variable = from_environment(k_key_variable);
    if (variable.empty()) return std::nullopt;
    return parsed(variable, k_key_variable);
  }

  static Credential parsed(const std::string& text, const std::string& source) {
    auto credential = parse_credential(text, source);
    if (!credential) throw KeyError(std::move(credential).error(), source);
    return *std::move(credential);
  }

  // False if there is no profile and nobody asked for one.
  bool use_profile() {
    const auto profiles = value_or_throw(Profiles::read(Profiles::default_directory()));
    const auto [name, is_asked_for] = profile_name(flags_);
    const auto key = value_or_throw(profiles.key_of(name, now_));
    if (!key && is_asked_for) throw CommandError(profiles.missing(name));
    if (!key) return false;
    for (const auto& warning : profiles.warnings())
      warn(warning);
    if (key->is_session && !flags_.profile.empty()) {
      warn(fmt::format("--profile {} is not used while {} is valid", name, key->source));
    }
    choice_.decided_by = key->source;
    use(parsed(key->text, key->source), key->endpoint);
    return true;
  }

  // No key and no profile.
  void use_default() {
    if (!flags_.endpoint.empty()) {
      choice_.decided_by = "--endpoint";
      use_endpoint(endpoint_in(flags_.endpoint, "--endpoint"));
      return;
    }
    if (!from_environment(k_endpoint_variable).empty()) {
      refuse(ErrorKind::Usage, "MOMENTO_ENDPOINT is set, and there is no key for it",
             fmt::format("set MOMENTO_API_KEY or give --api-key-file FILE; or use a local service "
                         "with --local{}",
                         older_variable_hint()));
    }
    if (!from_environment(k_older_key_variable).empty()) {
      warn(
          "MOMENTO_AUTH_TOKEN is not read, so the local service is used: the key's variable is "
          "MOMENTO_API_KEY");
    }
  }

  static std::string older_variable_hint() {
    return from_environment(k_older_key_variable).empty()
               ? ""
               : " (MOMENTO_AUTH_TOKEN, which is set, is not read)";
  }

  // Where the key leads: a flag before what is in the key, and that before what only fills a gap.
  void use(Credential credential, const std::string& profile_endpoint) {
    auto good = check_expiry(credential, now_);
    if (!good) throw KeyError(std::move(good).error(), credential.source);
    choice_.credential = credential;
    const std::string variable = from_environment(k_endpoint_variable);
    if (!flags_.endpoint.empty()) {
      use_endpoint(endpoint_in(flags_.endpoint, "--endpoint"));
    } else if (credential.hosts) {
      choice_.connection.tls = true;
      use_hosts(*credential.hosts);
    } else if (credential.endpoint) {
      use_endpoint(*credential.endpoint);
    } else if (!profile_endpoint.empty()) {
      use_endpoint(endpoint_in(profile_endpoint, credential.source));
    } else if (!variable.empty()) {
      use_endpoint(endpoint_in(variable, k_endpoint_variable));
    } else if (credential.kind != KeyKind::Local) {  // Which is for the local service.
      refuse(ErrorKind::Usage,
             fmt::format("the key in {} ({}) does not say which service it is for",
                         credential.source, name_of(credential.kind)),
             "give --endpoint HOST or set MOMENTO_ENDPOINT; for a local service give --local");
    }
  }

  void use_endpoint(const ServiceEndpoint& endpoint) {
    // Nothing leaves the machine, and a local service mostly has no certificate.
    choice_.connection.tls = choice_.connection.tls || !is_on_this_machine(endpoint);
    use_hosts(hosts_of(endpoint, choice_.connection.tls));
  }

  void use_hosts(const Hosts& hosts) {
    choice_.connection.endpoint = hosts.topics;
    choice_.connection.control_endpoint = hosts.control;
    choice_.connection.token_endpoint = hosts.token;
  }

  void warn(std::string text) { choice_.warnings.push_back(std::move(text)); }

  const ConnectionFlags& flags_;
  SystemTime now_;
  ServiceChoice choice_;
};

}  // namespace

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

ServiceChoice choose_service(const ConnectionFlags& flags, SystemTime now) {
  return Choice(flags, now).make();
}

std::optional<std::string> profile_cache(const ConnectionFlags& flags) {
  const bool is_in_use = !is_local(flags) && !has_key_of_its_own(flags);
  if (!is_in_use && flags.profile.empty()) return std::nullopt;
  const auto profiles = value_or_throw(Profiles::read(Profiles::default_directory()));
  const std::string name = profile_name(flags).name;
  if (!flags.profile.empty() && !profiles.has(name)) throw CommandError(profiles.missing(name));
  return profiles.cache_of(name);
}

}  // namespace topicloop::cli
