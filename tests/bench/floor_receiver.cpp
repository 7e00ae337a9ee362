// SPDX-License-Identifier: Apache-2.0
// floor_receiver SECRET: an HTTP server on cpp-httplib, tuned, that checks the HMAC-SHA3-256 of
// each body and answers 200 or 403. Prints its URL; serves until it is killed.
#include <httplib.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <string>

namespace {

// Keyed once; each thread re-initialises its own copy.
EVP_MAC_CTX* keyed_context(const std::string& secret) {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
  std::string digest = "SHA3-256";
  const std::array<OSSL_PARAM, 2> parameters{
      {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
       OSSL_PARAM_construct_end()}};
  EVP_MAC_init(context, reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
               parameters.data());
  return context;
}

std::string signature_of(EVP_MAC_CTX* context, const std::string& body) {
  std::array<unsigned char, 32> bytes{};
  std::size_t size = 0;
  EVP_MAC_init(context, nullptr, 0, nullptr);
  EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(body.data()), body.size());
  EVP_MAC_final(context, bytes.data(), &size, bytes.size());
  static constexpr char k_digits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += k_digits[byte >> 4U];
    text += k_digits[byte & 15U];
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 1;
  EVP_MAC_CTX* const keyed = keyed_context(argv[1]);
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1'000'000'000);
  server.Post("/", [&](const httplib::Request& request, httplib::Response& response) {
    thread_local EVP_MAC_CTX* const context = EVP_MAC_CTX_dup(keyed);
    const std::string expected = signature_of(context, request.body);
    const std::string given = request.get_header_value("momento-signature");
    const bool is_genuine = given.size() == expected.size() &&
                            CRYPTO_memcmp(given.data(), expected.data(), given.size()) == 0;
    response.status = is_genuine ? 200 : 403;
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::printf("http://127.0.0.1:%d/\n", port);
  std::fflush(stdout);
  server.listen_after_bind();
}
