// SPDX-License-Identifier: Apache-2.0
#include "broker/control_methods.hpp"

#include "broker/token_methods.hpp"
#include "wire/control.hpp"
#include "wire/methods.hpp"
#include "wire/webhooks.hpp"

#include <utility>

namespace topicloop::broker {

namespace {

constexpr std::string_view k_empty_answer;  // A message without fields is no bytes at all.

// A method from its three steps: read the request, do the work, write the answer. The first error
// is the answer.
template <typename Parse, typename Work, typename Answer>
ControlMethod method(Parse parse, Work work, Answer answer) {
  const auto run = [=](const ControlRequest& call) -> Result<std::string> {
    auto request = parse(call.bytes);
    if (!request) return std::move(request).error();
    auto outcome = work(*request);
    if (!outcome) return std::move(outcome).error();
    return std::string(answer(*outcome));
  };
  return {.who = ControlMethod::Who::Administrators, .answer = run};
}

// The same for methods whose answer has no fields.
template <typename Parse, typename Work>
ControlMethod method(Parse parse, Work work) {
  const auto run = [=](const ControlRequest& call) -> Result<std::string> {
    auto request = parse(call.bytes);
    if (!request) return std::move(request).error();
    if (auto outcome = work(*request); !outcome) return std::move(outcome).error();
    return std::string(k_empty_answer);
  };
  return {.who = ControlMethod::Who::Administrators, .answer = run};
}

// A cache that exists is no further one, at the limit or not.
Result<void> create_cache(Registry& registry, const std::string& cache, std::uint64_t limit) {
  if (limit > 0 && registry.cache_names().size() >= limit && !registry.check_cache(cache))
    return too_many_caches(limit);
  return registry.create_cache(cache);
}

void add_cache_methods(ControlMethods& methods, Registry& registry, Webhooks& webhooks,
                       const Limits& limits) {
  methods.emplace(wire::k_create_cache,
                  method(wire::parse_cache_request,
                         [&registry, limit = limits.caches](const std::string& cache) {
                           return create_cache(registry, cache, limit);
                         }));
  methods.emplace(wire::k_delete_cache,
                  method(wire::parse_cache_request,
                         [&registry, &webhooks](const std::string& cache) -> Result<void> {
                           if (auto gone = registry.delete_cache(cache); !gone) return gone;
                           webhooks.remove_cache(cache);
                           return {};
                         }));
  // Topics hold no cache items, so there is nothing to flush.
  methods.emplace(wire::k_flush_cache,
                  method(wire::parse_cache_request, [&registry](const std::string& cache) {
                    return registry.check_cache(cache);
                  }));
  methods.emplace(wire::k_list_caches,
                  method(
                      wire::parse_list_caches_request,
                      [&registry](const std::string&) -> Result<wire::ListCachesResponse> {
                        return wire::ListCachesResponse{registry.cache_names(), ""};
                      },
                      [](const wire::ListCachesResponse& list) { return wire::serialize(list); }));
}

void add_webhook_methods(ControlMethods& methods, Webhooks& webhooks) {
  methods.emplace(wire::k_put_webhook,
                  method(
                      wire::parse_put_webhook_request,
                      [&webhooks](const model::Webhook& webhook) { return webhooks.put(webhook); },
                      wire::serialize_secret_response));
  methods.emplace(wire::k_delete_webhook,
                  method(wire::parse_webhook_id_request,
                         [&webhooks](const model::WebhookId& id) { return webhooks.remove(id); }));
  methods.emplace(wire::k_list_webhooks,
                  method(
                      wire::parse_list_webhooks_request,
                      [&webhooks](const std::string& cache) { return webhooks.list(cache); },
                      wire::serialize_list_webhooks_response));
  methods.emplace(wire::k_get_webhook_secret,
                  method(
                      wire::parse_get_webhook_secret_request,
                      [&webhooks](const model::WebhookId& id) -> Result<wire::WebhookSecret> {
                        auto secret = webhooks.secret(id);
                        if (!secret) return std::move(secret).error();
                        return wire::WebhookSecret{id, *std::move(secret)};
                      },
                      [](const wire::WebhookSecret& answer) { return wire::serialize(answer); }));
  methods.emplace(wire::k_rotate_webhook_secret,
                  method(
                      wire::parse_webhook_id_request,
                      [&webhooks](const model::WebhookId& id) { return webhooks.rotate(id); },
                      wire::serialize_secret_response));
}

}  // namespace

ControlMethods make_control_methods(const Administered& service) {
  ControlMethods methods;
  add_cache_methods(methods, service.registry, service.webhooks, service.limits);
  add_webhook_methods(methods, service.webhooks);
  add_token_methods(methods, service.access);
  // SDKs ping without a key.
  methods.emplace(wire::k_ping,
                  ControlMethod{.who = ControlMethod::Who::Anybody,
                                .answer = [](const ControlRequest&) -> Result<std::string> {
                                  return std::string(k_empty_answer);
                                }});
  return methods;
}

}  // namespace topicloop::broker
