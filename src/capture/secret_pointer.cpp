// SPDX-License-Identifier: Apache-2.0
#include "capture/secret_pointer.hpp"

#include "base/json_pointer.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace topicloop::capture {

namespace {

using Json = nlohmann::json;

bool is_index(std::string_view key) {
  return !key.empty() && key.find_first_not_of("0123456789") == std::string_view::npos &&
         (key == "0" || key.front() != '0');
}

}  // namespace

// Writes JSON again while it is parsed, without what the pointer points at.
class SecretPointer::Rewriter : public nlohmann::json_sax<Json> {
public:
  // The first `depth` keys have led to this text, which is in a string if it `is_nested`.
  Rewriter(const SecretPointer& pointer, std::size_t depth, bool is_nested)
      : pointer_(pointer), base_(depth), is_nested_(is_nested) {}

  // False if `text` is no JSON, and so could hide anything.
  bool rewrite(const std::string& text) {
    // Which the parser takes for the end.
    if (text.find('\0') != std::string::npos) return false;
    return Json::sax_parse(text, this);
  }

  std::string take() { return std::move(out_); }
  // How many keys led to each thing that was left out.
  const std::vector<std::size_t>& found() const { return found_; }

  bool null() override {
    // Where there is nothing, nothing is secret. In a string it may be base64 of something.
    return is_nested_ && open_.empty() ? scalar("null") : value("null");
  }
  bool boolean(bool flag) override { return scalar(flag ? "true" : "false"); }
  bool number_integer(number_integer_t number) override { return scalar(std::to_string(number)); }
  bool number_unsigned(number_unsigned_t number) override { return scalar(std::to_string(number)); }
  bool number_float(number_float_t, const string_t& digits) override { return scalar(digits); }
  bool binary(binary_t&) override { return false; }  // There is none in JSON.

  bool string(string_t& text) override {
    if (hidden_ == 0 && is_on_the_way()) return inner_text(text);
    std::string quoted;
    append_json_string(quoted, text);
    return value(quoted);
  }

  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close('}'); }
  bool end_array() override { return close(']'); }

  bool key(string_t& name) override {
    if (hidden_ > 0) return true;
    Container& container = open_.back();
    if (container.count++ > 0) out_ += ',';
    append_json_string(out_, name);
    out_ += ':';
    key_matches_ = container.is_on_path && name == pointer_.keys_[keys_used() - 1];
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

private:
  struct Container {
    bool is_array;
    bool is_on_path;
    std::size_t count = 0;
  };

  // By the pointer, up to the value that comes now, if it is on the path.
  std::size_t keys_used() const { return base_ + open_.size(); }

  bool is_on_path() const {
    if (open_.empty()) return true;
    const Container& container = open_.back();
    if (!container.is_on_path) return false;
    if (!container.is_array) return key_matches_;
    return pointer_.keys_[keys_used() - 1] == std::to_string(container.count);
  }

  // There are keys left for the value that comes now.
  bool is_on_the_way() const { return is_on_path() && keys_used() < pointer_.keys_.size(); }

  bool is_the_secret() const { return is_on_path() && keys_used() == pointer_.keys_.size(); }

  bool write(std::string_view text) {
    if (!open_.empty() && open_.back().is_array && open_.back().count++ > 0) out_ += ',';
    out_ += text;
    return true;
  }

  bool leave_out() {
    found_.push_back(keys_used());
    return write('"' + std::string(k_redacted) + '"');
  }

  bool value(std::string_view text) {
    if (hidden_ > 0) return true;
    return is_the_secret() ? leave_out() : write(text);
  }

  // Has no members that the pointer could go on to.
  bool scalar(std::string_view text) {
    if (hidden_ > 0) return true;
    return is_on_the_way() ? leave_out() : value(text);
  }

  bool inner_text(const std::string& text) {
    if (text == k_redacted) return write('"' + text + '"');
    Rewriter inner(pointer_, keys_used(), true);
    const bool is_followed =
        inner.rewrite(text) && (inner.found_.empty() || inner.found_.front() != keys_used());
    if (!is_followed) return leave_out();
    std::string quoted;
    append_json_string(quoted, inner.found_.empty() ? text : inner.out_);
    found_.insert(found_.end(), inner.found_.begin(), inner.found_.end());
    return write(quoted);
  }

  bool open(bool is_array) {
    if (hidden_ > 0 || is_the_secret() ||
        (is_array && is_on_the_way() && !is_index(pointer_.keys_[keys_used()]))) {
      if (hidden_++ == 0) leave_out();
      return true;
    }
    const bool on_path = is_on_path();
    write(is_array ? "[" : "{");
    open_.push_back({is_array, on_path});
    return true;
  }

  bool close(char end) {
    if (hidden_ > 0) {
      --hidden_;
      return true;
    }
    open_.pop_back();
    out_ += end;
    return true;
  }

  const SecretPointer& pointer_;
  const std::size_t base_;
  const bool is_nested_;
  std::string out_;
  std::vector<std::size_t> found_;
  std::vector<Container> open_;
  std::size_t hidden_ = 0;  // Containers begun within one that is left out, it included.
  bool key_matches_ = false;
};

std::optional<SecretPointer> SecretPointer::parse(std::string_view text) {
  auto keys = parse_json_pointer(text);
  if (!keys || keys->empty()) return std::nullopt;
  return SecretPointer(*std::move(keys));
}

std::vector<std::string> SecretPointer::leave_out(std::string& text) const {
  if (text.empty() || text == k_redacted) return {};
  Rewriter rewriter(*this, 0, false);
  const bool is_json = rewriter.rewrite(text);
  const bool is_stuck = !rewriter.found().empty() && rewriter.found().front() == 0;
  if (!is_json || is_stuck) {
    text = k_redacted;
    return {""};
  }
  if (rewriter.found().empty()) return {};
  text = rewriter.take();
  std::vector<std::string> pointers;
  for (const std::size_t count : rewriter.found()) {
    std::string pointer = pointer_of(count);
    const bool is_new = std::find(pointers.begin(), pointers.end(), pointer) == pointers.end();
    if (is_new) pointers.push_back(std::move(pointer));
  }
  return pointers;
}

std::string SecretPointer::pointer_of(std::size_t count) const {
  return to_json_pointer({keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(count)});
}

}  // namespace topicloop::capture
