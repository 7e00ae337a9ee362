// SPDX-License-Identifier: Apache-2.0
// A broker whose delivery reports are collected, for tests of its webhooks. Thread-safe.
#pragma once

#include "support/service.hpp"

#include <string>
#include <variant>
#include <vector>

namespace topicloop::test {

struct WebhookService {
  explicit WebhookService(broker::BrokerOptions options = options_for_tests())
      : service(with_observer(std::move(options), reports)) {}

  std::string put(const std::string& name, const std::string& topic, const std::string& url) {
    return must(service.client.put_webhook({{k_cache, name}, topic, url}));
  }

  std::vector<broker::DeliveryFinished> finished(std::size_t count) {
    const bool came = reports.wait_until(
        [&](const auto& all) { return pick<broker::DeliveryFinished>(all).size() >= count; });
    if (!came) throw std::runtime_error("the deliveries do not finish");
    return pick<broker::DeliveryFinished>(reports.items());
  }

  std::vector<broker::DeliveriesLost> lost() const {
    return pick<broker::DeliveriesLost>(reports.items());
  }

  Collector<broker::DeliveryReport> reports;  // Outlives the service.
  Service service;

private:
  template <typename Kind>
  static std::vector<Kind> pick(const std::vector<broker::DeliveryReport>& all) {
    std::vector<Kind> picked;
    for (const auto& report : all) {
      if (const auto* one = std::get_if<Kind>(&report)) picked.push_back(*one);
    }
    return picked;
  }

  static broker::BrokerOptions with_observer(broker::BrokerOptions options,
                                             Collector<broker::DeliveryReport>& reports) {
    options.on_delivery = [&reports](const broker::DeliveryReport& report) { reports.add(report); };
    return options;
  }
};

}  // namespace topicloop::test
