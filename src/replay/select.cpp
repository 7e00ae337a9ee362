// SPDX-License-Identifier: Apache-2.0
#include "replay/select.hpp"

#include "base/text.hpp"
#include "replay/select_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace topicloop::replay {

namespace {

// Evaluation and destruction go as deep as the expression does.
constexpr int k_max_depth = 200;

enum class Join { Compare, And, Or, Not };

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

template <typename T>
bool ordered(const std::string& op, const T& left, const T& right) {
  if (op == "<") return left < right;
  if (op == "<=") return left <= right;
  if (op == ">") return left > right;
  return left >= right;
}

// Values of different types are different, and neither comes before the other.
bool holds(const FieldValue& left, const std::string& op, const FieldValue& right) {
  if (op == "==") return left == right;
  if (op == "!=") return left != right;
  if (left.index() != right.index()) return false;
  if (const auto* text = std::get_if<std::string>(&left)) {
    const auto& other = std::get<std::string>(right);
    if (op == "contains") return contains(*text, other);
    if (op == "starts_with") return text->starts_with(other);
    return ordered(op, *text, other);
  }
  if (const auto* number = std::get_if<long double>(&left)) {
    return ordered(op, *number, std::get<long double>(right));
  }
  return false;
}

}  // namespace

struct Selection::Node {
  Join join = Join::Compare;
  std::unique_ptr<const Node> left;   // Of And, Or; the only one of Not.
  std::unique_ptr<const Node> right;  // Of And, Or.
  Field field;                        // The rest is a comparison's.
  std::string op;
  FieldValue value;

  bool matches(const Event& event) const {
    switch (join) {
      case Join::And:
        return left->matches(event) && right->matches(event);
      case Join::Or:
        return left->matches(event) || right->matches(event);
      case Join::Not:
        return !left->matches(event);
      case Join::Compare:
        break;
    }
    return holds(field.of(event), op, value);
  }
};

namespace {

using Node = Selection::Node;
using NodeResult = Result<std::unique_ptr<const Node>>;

// Recursive descent, a function for each level of the grammar.
class Parser {
public:
  explicit Parser(std::vector<Word> words) : words_(std::move(words)) {}

  NodeResult parse() {
    auto node = any_of();
    if (!node) return node;
    if (next().kind != Word::Kind::End) {
      return error(next(), fmt::format("expected && or ||, not {}", next().shown()));
    }
    return node;
  }

private:
  const Word& next() const { return words_[at_]; }
  bool take(std::string_view symbol) {
    if (next().kind != Word::Kind::Symbol || next().text != symbol) return false;
    ++at_;
    return true;
  }

  static Error error(const Word& word, std::string message, std::string help = "") {
    return {ErrorKind::Usage, fmt::format("column {}: {}", word.column, std::move(message)),
            std::move(help)};
  }

  NodeResult any_of() { return joined("||", Join::Or, &Parser::all_of); }
  NodeResult all_of() { return joined("&&", Join::And, &Parser::one); }

  NodeResult joined(std::string_view symbol, Join join, NodeResult (Parser::*part)()) {
    auto left = (this->*part)();
    int count = 0;
    while (left && take(symbol)) {
      if (++count > k_max_depth) return error(next(), "too many conditions");
      auto right = (this->*part)();
      if (!right) return right;
      auto node = std::make_unique<Node>();
      node->join = join;
      node->left = *std::move(left);
      node->right = *std::move(right);
      left = NodeResult(std::move(node));
    }
    return left;
  }

  NodeResult one() {
    if (++depth_ > k_max_depth) return error(next(), "nested too deeply");
    auto node = inside();
    --depth_;
    return node;
  }

  NodeResult inside() {
    if (take("!")) {
      auto negated = one();
      if (!negated) return negated;
      auto node = std::make_unique<Node>();
      node->join = Join::Not;
      node->left = *std::move(negated);
      return NodeResult(std::move(node));
    }
    if (take("(")) {
      auto node = any_of();
      if (node && !take(")")) {
        return error(next(), fmt::format("expected ), not {}", next().shown()));
      }
      return node;
    }
    return comparison();
  }

  NodeResult comparison() {
    const Word& name = next();
    if (name.kind != Word::Kind::Name) {
      return error(name, fmt::format("expected a field, not {}", name.shown()),
                   "for example: topic == \"topic 1\" && sequence_number >= 3");
    }
    auto field = Field::named(name.text);
    if (!field) return error(name, field.error().message, field.error().help);
    ++at_;
    const Word& op = next();
    if (op.kind != Word::Kind::Operator) {
      const bool is_assignment = op.kind == Word::Kind::Symbol && op.text == "=";
      return error(
          op,
          fmt::format("expected ==, !=, <, <=, >, >=, contains or starts_with, not {}", op.shown()),
          is_assignment ? "equality is ==" : "");
    }
    ++at_;
    const Word& value = next();
    if (value.kind != Word::Kind::Value) {
      return error(value, fmt::format("expected a value, not {}", value.shown()),
                   "text needs quotes: \"topic 1\"");
    }
    if (auto checked = check_types(name, *field, op, value); !checked) {
      return std::move(checked).error();
    }
    ++at_;
    auto node = std::make_unique<Node>();
    node->field = *std::move(field);
    node->op = op.text;
    node->value = value.value;
    return NodeResult(std::move(node));
  }

  // What would never hold is a mistake.
  static Result<void> check_types(const Word& name, const Field& field, const Word& op,
                                  const Word& value) {
    const bool is_text = std::holds_alternative<std::string>(value.value);
    const bool is_number = std::holds_alternative<long double>(value.value);
    const bool is_null = std::holds_alternative<std::nullptr_t>(value.value);
    if (field.type() == FieldType::Text && !is_text && !is_null) {
      return error(value, fmt::format("{} is text: compare it with \"{}\"", name.text, value.text));
    }
    if (field.type() == FieldType::Number && !is_number && !is_null) {
      return error(value, fmt::format("{} is a number: compare it with one", name.text));
    }
    const bool is_about_text = op.text == "contains" || op.text == "starts_with";
    const bool is_about_equality = op.text == "==" || op.text == "!=";
    if (is_about_text && !is_text) {
      return error(value, fmt::format("{} is about text: put quotes around it", op.text));
    }
    if (!is_about_equality && !is_text && !is_number) {
      return error(op, fmt::format("{} can only be compared with == and !=", value.text));
    }
    return {};
  }

  std::vector<Word> words_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Selection::Selection() = default;
Selection::Selection(std::unique_ptr<const Node> root) : root_(std::move(root)) {}
Selection::Selection(Selection&&) noexcept = default;
Selection& Selection::operator=(Selection&&) noexcept = default;
Selection::~Selection() = default;

Result<Selection> Selection::parse(std::string_view text) {
  auto words = words_of(text);
  if (!words) return std::move(words).error();
  auto root = Parser(*std::move(words)).parse();
  if (!root) return std::move(root).error();
  return Selection(*std::move(root));
}

bool Selection::matches(const Event& event) const {
  return !root_ || root_->matches(event);
}

}  // namespace topicloop::replay
