// SPDX-License-Identifier: Apache-2.0
#include "cli/secret_ring.hpp"

#include <catch2/catch_test_macros.hpp>

using topicloop::cli::SecretRing;
using namespace std::chrono_literals;
using Secrets = std::vector<std::string>;

namespace {

const SecretRing::Time k_start{1h};

}  // namespace

TEST_CASE("secrets that were given always count and the service's beside them") {
  SecretRing ring({"a", "b"});
  CHECK(ring.all() == Secrets{"a", "b"});
  CHECK(ring.learn("s", k_start));
  CHECK(ring.all() == Secrets{"a", "b", "s"});
  CHECK_FALSE(ring.expire(k_start + 1h));
}

TEST_CASE("a rotated secret counts at once and the one before for a while") {
  SecretRing ring({});
  CHECK(ring.learn("old", k_start));
  CHECK_FALSE(ring.learn("old", k_start));
  CHECK(ring.learn("new", k_start));
  CHECK(ring.all() == Secrets{"new", "old"});
  CHECK_FALSE(ring.expire(k_start + SecretRing::k_grace - 1ms));
  CHECK(ring.expire(k_start + SecretRing::k_grace));
  CHECK(ring.all() == Secrets{"new"});
  CHECK_FALSE(ring.expire(k_start + 1h));
}

TEST_CASE("a secret that was rotated twice in a moment counts no more") {
  SecretRing ring({});
  for (const char* secret : {"first", "second", "third"})
    ring.learn(secret, k_start);
  CHECK(ring.all() == Secrets{"third", "second"});
}
