// SPDX-License-Identifier: Apache-2.0
#include "topic/client.hpp"  // planted: a neighbour

#include <boost/asio.hpp>  // planted: a library in no table
#include <curl/curl.h>
#include <grpcpp/grpcpp.h>  // planted: webhook knows no gRPC
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <openssl/hmac.h>
#include <unicode/normalizer2.h>

// #include "cli/app.hpp"
