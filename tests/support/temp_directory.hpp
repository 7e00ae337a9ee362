// SPDX-License-Identifier: Apache-2.0
// A directory for one test's files and sockets, gone with its contents when the test ends.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace topicloop::test {

class TempDirectory {
public:
  TempDirectory() {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("the test has no directory");
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

  // The path of a new file with these bytes.
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
    return file(name);
  }

private:
  std::string path_ = "/tmp/topicloop-test-XXXXXX";
};

}  // namespace topicloop::test
