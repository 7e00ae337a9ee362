// SPDX-License-Identifier: Apache-2.0
#include "webhook/request_head.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop::webhook;

namespace {

constexpr std::size_t k_max = 1'000;

RequestHead good_head() {
  return {"POST", "/in", {"application/json"}, {}, {"10"}, {}};
}

// 200 stands for "go on and read the body".
int status_of(const RequestHead& head) {
  const auto refusal = check_head(head, "/in", k_max);
  return refusal ? refusal->status : 200;
}

}  // namespace

TEST_CASE("a request like Momento's may go on") {
  RequestHead head = good_head();
  CHECK(status_of(head) == 200);
  head.content_type = {"Application/JSON ; charset=utf-8"};
  CHECK(status_of(head) == 200);
  head.content_encoding = {"identity"};
  CHECK(status_of(head) == 200);
  head.content_length = {"1000"};
  CHECK(status_of(head) == 200);
  head.content_length = {};
  head.transfer_encoding = {"Chunked"};
  CHECK(status_of(head) == 200);
}

TEST_CASE("the method is judged before the path and the path before the content type") {
  RequestHead head = good_head();
  head.content_type = {"text/plain"};
  CHECK(status_of(head) == 415);
  head.path = "/other";
  CHECK(status_of(head) == 404);
  head.method = "GET";
  CHECK(status_of(head) == 405);
}

TEST_CASE("a content type that is missing or doubled or not JSON is refused") {
  RequestHead head = good_head();
  for (const std::vector<std::string>& type : std::vector<std::vector<std::string>>{
           {}, {"application/json", "application/json"}, {"application/jsonx"}, {"json"}, {""}}) {
    head.content_type = type;
    CHECK(status_of(head) == 415);
  }
}

TEST_CASE("a compressed body is refused") {
  RequestHead head = good_head();
  head.content_encoding = {"gzip"};
  CHECK(status_of(head) == 415);
  head.content_encoding = {"identity", "br"};
  CHECK(status_of(head) == 415);
}

TEST_CASE("a length must be said once and be a number within the limit") {
  RequestHead head = good_head();
  head.content_length = {};
  CHECK(status_of(head) == 411);
  head.content_length = {"10", "10"};
  CHECK(status_of(head) == 400);
  for (const char* length : {"", "-1", "+1", "1 0", "0x10", "ten", "99999999999999999999999"}) {
    head.content_length = {length};
    CHECK(status_of(head) == 400);
  }
  head.content_length = {"1001"};
  CHECK(status_of(head) == 413);
}

TEST_CASE("two ways of saying the length are refused") {
  RequestHead head = good_head();
  head.transfer_encoding = {"chunked"};
  CHECK(status_of(head) == 400);
  head.content_length = {};
  head.transfer_encoding = {"gzip, chunked"};
  CHECK(status_of(head) == 400);
}
