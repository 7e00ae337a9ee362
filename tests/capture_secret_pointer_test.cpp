// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "capture/redaction.hpp"
#include "support/captures.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <random>

using namespace topicloop;
using namespace topicloop::test;
using capture::SecretPointer;

namespace {

struct LeftOut {
  std::string text;
  std::vector<std::string> what;

  bool operator==(const LeftOut&) const = default;
};

LeftOut left_out(std::string text, std::string_view pointer) {
  auto what = SecretPointer::parse(pointer)->leave_out(text);
  return {std::move(text), std::move(what)};
}

const LeftOut k_all{"[redacted]", {""}};

std::string in_quotes(const std::string& text) {
  std::string result;
  append_json_string(result, text);
  return result;
}

}  // namespace

TEST_CASE("what is around a secret keeps its order and its digits") {
  CHECK(left_out(R"({ "z": 1.50, "pin": 4711, "a": [12345678901234567890123, -1, true, null] })",
                 "/pin") ==
        LeftOut{R"({"z":1.50,"pin":"[redacted]","a":[12345678901234567890123,-1,true,null]})",
                {"/pin"}});
}

TEST_CASE("every member of the name is left out, and every way to it is taken") {
  CHECK(left_out(R"({"pin":1,"pin":{"x":2}})", "/pin").text ==
        R"({"pin":"[redacted]","pin":"[redacted]"})");
  CHECK(left_out(R"({"a":{"pin":1,"b":0},"a":{"p\u0069n":2},"a":3})", "/a/pin") ==
        LeftOut{R"({"a":{"pin":"[redacted]","b":0},"a":{"pin":"[redacted]"},"a":"[redacted]"})",
                {"/a/pin", "/a"}});
}

TEST_CASE("a pointer goes on into strings that hold JSON, however often it is packed") {
  const std::string inner = R"({"card":{"number":4111}})";
  const std::string kept = R"({"card":{"number":"[redacted]"}})";
  CHECK(left_out("{\"text\":" + in_quotes(inner) + "}", "/text/card/number") ==
        LeftOut{"{\"text\":" + in_quotes(kept) + "}", {"/text/card/number"}});
  CHECK(
      left_out("{\"text\":" + in_quotes(in_quotes(in_quotes(inner))) + "}", "/text/card/number") ==
      LeftOut{"{\"text\":" + in_quotes(in_quotes(in_quotes(kept))) + "}", {"/text/card/number"}});
  CHECK(left_out(in_quotes(inner), "/card/number").text == in_quotes(kept));
}

TEST_CASE("what a pointer cannot be followed into is left out whole") {
  for (const char* text :
       {R"("4111 1111")", R"("{\"card\":")", R"("\"inner\"")", R"("4111")", R"("null")", R"("")",
        R"("eyJjYXJkIjp7Im51bWJlciI6NDExMX19")", R"("{\"card\":\"\\ud800\"}")",
        R"("{\"a\":1e400}")", "4111", "1.5", "true", R"([{"card":1}])"}) {
    INFO(text);
    CHECK(left_out(std::string(R"({"text":)") + text + R"(,"z":1})", "/text/card/number") ==
          LeftOut{R"({"text":"[redacted]","z":1})", {"/text"}});
  }
}

TEST_CASE("what is no JSON is left out whole") {
  for (const std::string& text :
       {std::string("4111"), std::string("hello"), std::string(R"({"card":4111)"),
        std::string(R"({"card":"\ud800"})"), std::string(R"({"card":1e400})"),
        std::string(R"({"card":1}x)"), std::string("{}\0{\"card\":4111}", 16),
        std::string("{\"card\":\"\xFF\"}"), std::string("[{\"card\":4111}]"),
        std::string(200'000, '[')}) {
    INFO(text.substr(0, 20));
    CHECK(left_out(text, "/card") == k_all);
  }
}

TEST_CASE("a text without the member stays as it is") {
  for (const char* text : {"", "null", "{}", R"({ "a" : {} })", R"({"card":null})",
                           R"({"card":[]})", R"({"card":[1]})", R"({"card":{"number":1}})"}) {
    INFO(text);
    CHECK(left_out(text, "/card/1") == LeftOut{text, {}});
  }
}

TEST_CASE("a secret deep in nested arrays is left out, and a deep text is no danger") {
  constexpr std::size_t k_depth = 100'000;
  const std::string deep = std::string(k_depth, '[') + "1" + std::string(k_depth, ']');
  CHECK(left_out(R"({"deep":)" + deep + R"(,"pin":4711})", "/pin").text ==
        R"({"deep":)" + deep + R"(,"pin":"[redacted]"})");
  std::string pointer;
  for (int i = 0; i < 1'000; ++i)
    pointer += "/0";
  CHECK(left_out(std::string(1'000, '[') + "1" + std::string(1'000, ']'), pointer).text ==
        std::string(1'000, '[') + R"("[redacted]")" + std::string(1'000, ']'));
}

namespace {

constexpr const char* k_secret = "4711-hush-0815";

// Random but the same each time.
class Payloads {
public:
  // The secret at /text/card/number, among other things, and then perhaps spoiled.
  std::string next() {
    std::string card = R"({"number":)" + in_quotes(k_secret) + members() + "}";
    if (chance(4)) card = in_quotes(card);
    std::string text = "{" + std::string(chance(2) ? R"("card":1,)" : "") + in_quotes("card") +
                       ":" + card + (chance(4) ? R"(,"card":)" + card : "") + members() + "}";
    if (chance(4)) text = spoiled(std::move(text));
    if (chance(6)) text = to_base64(text);
    if (chance(4) && !find_invalid_utf8(text)) text = in_quotes(text);
    if (!find_invalid_utf8(text) && !chance(8)) text = in_quotes(text);
    std::string body = R"({"text":)" + text + members() + "}";
    return chance(4) ? spoiled(std::move(body)) : body;
  }

private:
  bool chance(int of) { return below(of) == 0; }
  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }

  std::string value() {
    static const std::vector<std::string> k_values = {"0",
                                                      "-1.50",
                                                      "1e5",
                                                      "true",
                                                      "null",
                                                      R"("x")",
                                                      "[]",
                                                      R"([{"card":1},[2]])",
                                                      R"("{\"number\":1}")"};
    return k_values[static_cast<std::size_t>(below(static_cast<int>(k_values.size())))];
  }

  std::string members() {
    std::string members;
    for (int i = below(4); i > 0; --i)
      members += ",\"m" + std::to_string(below(3)) + "\":" + value();
    return members;
  }

  std::string spoiled(std::string text) {
    const auto at = static_cast<std::size_t>(below(static_cast<int>(text.size())));
    switch (below(6)) {
      case 0:
        return text + "x";
      case 1:
        return text.insert(at, 1, '\0');
      case 2:
        return text.insert(text.size() - 1, R"(,"big":1e400)");
      case 3:
        return text.insert(text.size() - 1, R"(,"half":"\ud800")");
      case 4:
        return text.insert(at, 1, '\xFF');
      default:
        return text.substr(0, text.size() - 1);
    }
  }

  std::mt19937 random_{20'261'124};
};

// In all forms in which a line may have it. Of base64 there are three, by where it begins.
std::vector<std::string> forms_of_the_secret() {
  std::vector<std::string> forms = {"4711", "0815", "hush"};
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string encoded = to_base64(std::string(before, ' ') + k_secret);
    forms.push_back(encoded.substr(4, 12));
  }
  return forms;
}

void check_no_secret(model::CaptureRecord record, const capture::Redactions& redactions) {
  redactions.apply(record);
  const std::string line = capture::to_line(record);
  for (const std::string& form : forms_of_the_secret())
    CHECK(line.find(form) == std::string::npos);
  CHECK_FALSE(record.redacted.empty());
}

}  // namespace

TEST_CASE("no byte of a secret gets into a line, whatever the payload around it") {
  const auto redactions = capture::Redactions::parse({"/text/card/number"});
  Payloads payloads;
  for (int i = 0; i < 3'000; ++i) {
    const std::string payload = payloads.next();
    INFO(payload);
    check_no_secret(request_record(payload), *redactions);
    check_no_secret(message_record(model::Value::text(payload)), *redactions);
    check_no_secret(message_record(model::Value::binary(payload)), *redactions);
  }
}
