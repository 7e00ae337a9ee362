// SPDX-License-Identifier: Apache-2.0
#include "webhook/signature.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <thread>
#include <vector>

using namespace topicloop::webhook;

namespace {

constexpr const char* k_body = R"({"text":"some text", "another_field": "another field" })";
constexpr const char* k_signature =
    "b43f72787eb66410ff110295b036ef828e5686af21b414ce092f02c05deea3da";

}  // namespace

TEST_CASE("a body is signed as Momento's SDK test vector says") {
  CHECK(Signer("1234567890").sign(k_body) == k_signature);
}

TEST_CASE("a signer signs any number of bodies independently") {
  Signer signer("1234567890");
  const std::string of_empty = signer.sign("");
  CHECK(signer.sign(k_body) == k_signature);
  CHECK(signer.sign("") == of_empty);
  Signer moved = std::move(signer);
  CHECK(moved.sign(k_body) == k_signature);
}

TEST_CASE("secrets of any length sign") {
  // Computed with the openssl command: openssl mac -digest SHA3-256 -macopt key:... HMAC
  CHECK(Signer(std::string(200, 'k')).sign("x") ==
        "00a087ab4e0597c20bfd6930f09a43fedd3e1c5455d21fcc68a8b96afcca501d");
  CHECK(Signer("").sign("x") != Signer("a").sign("x"));
  CHECK(Signer("").sign("x") == Signer(std::string_view()).sign("x"));
}

TEST_CASE("one signer serves several threads") {
  const Signer signer("1234567890");
  std::vector<int> right(4);
  std::vector<std::thread> threads;
  for (int& count : right) {
    threads.emplace_back([&signer, &count] {
      for (int i = 0; i < 500; ++i)
        count += signer.sign(k_body) == k_signature ? 1 : 0;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(right == std::vector<int>{500, 500, 500, 500});
}

TEST_CASE("signatures match only if every digit does") {
  CHECK(signature_matches(k_signature, k_signature));
  std::string other = k_signature;
  other.back() = 'b';
  CHECK_FALSE(signature_matches(k_signature, other));
  CHECK_FALSE(signature_matches(k_signature, ""));
  CHECK_FALSE(signature_matches(k_signature, std::string(k_signature).substr(0, 63)));
  CHECK_FALSE(signature_matches(k_signature, std::string(k_signature) + "0"));
}

TEST_CASE("generated secrets are 64 hexadecimal digits and differ") {
  const std::string secret = generate_secret();
  CHECK(secret.size() == 64);
  CHECK(secret.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(secret != generate_secret());
}
