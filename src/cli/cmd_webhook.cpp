// SPDX-License-Identifier: Apache-2.0
#include "base/shown_url.hpp"
#include "cli/commands.hpp"
#include "cli/connection_flags.hpp"
#include "cli/flag_checks.hpp"
#include "cli/output_flags.hpp"
#include "cli/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace topicloop::cli {

namespace {

struct WebhookOptions {
  ConnectionFlags connection;
  OutputFlags output;
  model::Webhook webhook;  // The cache is filled in from the connection flags.
  bool show_credentials = false;
};

// What each action has: a client, a renderer and the webhook's full id.
struct Session {
  Session(const WebhookOptions& options, Context& given)
      : context(given),
        renderer(given, options.output),
        client(connect(options.connection, given)),
        webhook(options.webhook),
        show_credentials(options.show_credentials) {
    webhook.id.cache = cache_name(options.connection);
  }

  Context& context;
  Renderer renderer;
  topic::Client client;
  model::Webhook webhook;
  bool show_credentials;
};

void show_secret(Session& session, const std::string& secret) {
  session.renderer.result(secret, {{"type", "webhook_secret"},
                                   {"cache", session.webhook.id.cache},
                                   {"name", session.webhook.id.name},
                                   {"secret", secret}});
}

void put(Session& session) {
  show_secret(session,
              value_or_throw(session.client.put_webhook(session.webhook, session.context.stop())));
}

void list(Session& session) {
  const auto webhooks = value_or_throw(
      session.client.list_webhooks(session.webhook.id.cache, session.context.stop()));
  for (const auto& webhook : webhooks) {
    const std::string url =
        session.show_credentials ? webhook.url : without_credentials(webhook.url);
    session.renderer.result(fmt::format("{}\t{}\t{}", printable(webhook.id.name),
                                        printable(webhook.topic), printable(url)),
                            {{"type", "webhook"},
                             {"cache", webhook.id.cache},
                             {"name", webhook.id.name},
                             {"topic", webhook.topic},
                             {"url", url}});
  }
}

void remove(Session& session) {
  value_or_throw(session.client.delete_webhook(session.webhook.id, session.context.stop()));
}

void secret(Session& session) {
  show_secret(session, value_or_throw(session.client.webhook_secret(session.webhook.id,
                                                                    session.context.stop())));
}

void rotate(Session& session) {
  show_secret(session, value_or_throw(session.client.rotate_webhook_secret(
                           session.webhook.id, session.context.stop())));
}

class Group {
public:
  Group(CLI::App& command, Action& action) : command_(command), action_(action) {}

  CLI::App* add(const std::string& name, const std::string& description, void (*run)(Session&),
                const std::shared_ptr<WebhookOptions>& options, bool named) {
    CLI::App* sub = command_.add_subcommand(name, description);
    if (named) {
      sub->add_option("name", options->webhook.id.name, "The webhook's name within its cache")
          ->required()
          ->check(check_name)
          ->option_text("NAME");
    }
    add_connection_flags(*sub, options->connection);
    add_output_flags(*sub, options->output);
    sub->callback([options, run, &action = action_] {
      action = [options, run](Context& context) {
        Session session(*options, context);
        run(session);
      };
    });
    return sub;
  }

private:
  CLI::App& command_;
  Action& action_;
};

}  // namespace

void add_webhook(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("webhook", "Manage webhooks on the service; send, sign and verify events");
  command->require_subcommand(1);
  Group group(*command, action);

  const auto put_options = std::make_shared<WebhookOptions>();
  CLI::App* put_command =
      group.add("put", "Create or update a webhook; prints its secret", put, put_options, true);
  put_command->add_option("--topic", put_options->webhook.topic, "Topic whose messages it sends")
      ->required()
      ->check(check_name)
      ->option_text("TOPIC");
  put_command->add_option("--url", put_options->webhook.url, "Where to POST them")
      ->required()
      ->option_text("URL");
  put_command->footer(
      "Examples:\n"
      "  topicloop webhook put upper --topic \"topic 1\" --url http://127.0.0.1:9000/");

  const auto add = [&](const char* name, const char* description, void (*run)(Session&),
                       bool named) {
    return group.add(name, description, run, std::make_shared<WebhookOptions>(), named);
  };
  const auto list_options = std::make_shared<WebhookOptions>();
  CLI::App* list_command = group.add(
      "list", "List webhooks: name, topic and URL, separated by tabs", list, list_options, false);
  list_command->add_flag("--show-credentials", list_options->show_credentials,
                         "Show URLs as they were registered, credentials in them included");
  list_command->footer(
      "Examples:\n"
      "  topicloop webhook list\n"
      "  topicloop webhook list --cache orders -o json");
  add("delete", "Delete a webhook", remove, true)
      ->footer(
          "Examples:\n"
          "  topicloop webhook delete upper");
  add("secret", "Print a webhook's signing secret", secret, true)
      ->footer(
          "Examples:\n"
          "  topicloop webhook secret upper > upper.secret");
  add("rotate", "Replace a webhook's signing secret at once; prints the new one", rotate, true)
      ->footer(
          "Examples:\n"
          "  topicloop webhook rotate upper > upper.secret");
  add_webhook_tools(*command, action);
  command->footer(
      "Examples:\n"
      "  topicloop webhook list\n"
      "  topicloop webhook delete upper");
}

}  // namespace topicloop::cli
