// SPDX-License-Identifier: Apache-2.0
#include "webhook/request_head.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::webhook;

namespace {

constexpr std::size_t k_max = 1'000;

const model::HttpHeaders k_type{{"Content-Type", "application/json"}};
const model::HttpHeaders k_length{{"Content-Length", "10"}};

// 200 stands for "go on and read the body".
int status_of(const model::HttpHeaders& type, const model::HttpHeaders& length,
              const std::string& method = "POST", const std::string& target = "/in") {
  HttpHead head{method, target, "HTTP/1.1", type};
  head.headers.insert(head.headers.end(), length.begin(), length.end());
  const auto refusal = check_head(head, "/in", k_max);
  return refusal ? refusal->status : 200;
}

}  // namespace

TEST_CASE("a request like Momento's may go on") {
  CHECK(status_of(k_type, k_length) == 200);
  CHECK(status_of({{"content-TYPE", "Application/JSON ; charset=utf-8"}}, k_length) == 200);
  CHECK(status_of(k_type, {{"Content-Encoding", "identity"}, {"Content-Length", "1000"}}) == 200);
  CHECK(status_of(k_type, {{"Transfer-Encoding", "Chunked"}}) == 200);
}

TEST_CASE("the method is judged before the path and the path before the content type") {
  CHECK(status_of({}, k_length) == 415);
  CHECK(status_of({}, k_length, "POST", "/other") == 404);
  CHECK(status_of({}, k_length, "GET", "/other") == 405);
}

TEST_CASE("a content type that is missing or doubled or not JSON is refused") {
  CHECK(status_of({{"Content-Type", "application/json"}, {"content-type", "application/json"}},
                  k_length) == 415);
  for (const char* type : {"application/jsonx", "json", ""})
    CHECK(status_of({{"Content-Type", type}}, k_length) == 415);
}

TEST_CASE("a compressed body is refused") {
  CHECK(status_of(k_type, {{"Content-Encoding", "gzip"}, {"Content-Length", "10"}}) == 415);
  CHECK(status_of(k_type, {{"Content-Encoding", "identity"},
                           {"Content-Encoding", "br"},
                           {"Content-Length", "10"}}) == 415);
}

TEST_CASE("a length must be said once and be a number within the limit") {
  CHECK(status_of(k_type, {}) == 411);
  CHECK(status_of(k_type, {{"Content-Length", "10"}, {"Content-Length", "10"}}) == 400);
  for (const char* length :
       {"", "-1", "+1", "1 0", "10, 10", "0x10", "ten", "99999999999999999999999"})
    CHECK(status_of(k_type, {{"Content-Length", length}}) == 400);
  CHECK(status_of(k_type, {{"Content-Length", "1001"}}) == 413);
}

TEST_CASE("two ways of saying the length are refused") {
  CHECK(status_of(k_type, {{"Content-Length", "10"}, {"Transfer-Encoding", "chunked"}}) == 400);
  CHECK(status_of(k_type, {{"Transfer-Encoding", "gzip, chunked"}}) == 400);
}
