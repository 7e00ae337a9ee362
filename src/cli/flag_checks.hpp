// SPDX-License-Identifier: Apache-2.0
// What flags accept, told while the command line is parsed, so that the error names the flag.
//
// For CLI11's check(), which puts the flag's name before the words: each returns why `text` is not
// such a value and what would be, or nothing if it is one. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace topicloop::cli {

// A whole number from 1.
std::string check_count(const std::string& text);

// A whole number, one of these two or between them.
std::function<std::string(const std::string&)> check_between(std::int64_t least, std::int64_t most);

// So many a second: a number from 0.001 to 1000000.
std::string check_rate(const std::string& text);

// As parse_duration() reads it.
std::string check_duration(const std::string& text);

// The same, and longer than nothing.
std::string check_interval(const std::string& text);

// UTF-8, without which nothing can be sent as text.
std::string check_utf8(const std::string& text);

// The name of a topic, cache or webhook: UTF-8, and not blank.
std::string check_name(const std::string& text);

// An absolute http or https URL.
std::string check_url(const std::string& text);

// The path of a URL: begins with a slash.
std::string check_path(const std::string& text);

// HOST:PORT or unix:PATH.
std::string check_listen_address(const std::string& text);

// The same, with a port somebody can listen on.
std::string check_service_address(const std::string& text);

// As parse_service_endpoint() reads it.
std::string check_endpoint(const std::string& text);

}  // namespace topicloop::cli
