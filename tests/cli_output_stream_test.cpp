// SPDX-License-Identifier: Apache-2.0
#include "cli/output_stream.hpp"
#include "support/descriptors.hpp"
#include "support/eventually.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cerrno>
#include <csignal>
#include <future>
#include <thread>

using namespace topicloop;
using namespace topicloop::test;
using cli::OutputStream;

namespace {

std::string read_once(const Descriptor& from) {
  std::string bytes(4'096, '\0');
  const ssize_t size = ::read(from.fd(), bytes.data(), bytes.size());
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

// Writes `bytes` on a thread of its own; the value is errno, or 0 if all was written.
std::future<int> write_to(OutputStream& stream, const std::string& bytes) {
  return std::async(std::launch::async, [&stream, bytes] {
    errno = 0;
    const bool written = static_cast<bool>(stream.stream() << bytes << std::flush);
    return written ? 0 : errno;
  });
}

}  // namespace

TEST_CASE("what is written waits for a flush and then goes out in one piece") {
  const Pipe pipe;
  OutputStream out(pipe.writer.fd(), {});
  out.stream() << "one " << 2;
  out.stream().put('\n');
  out.stream().flush();
  CHECK(read_once(pipe.reader) == "one 2\n");
}

TEST_CASE("a file gets everything, however long") {
  const TempDirectory folder;
  const Descriptor file(::open(folder.file("out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  OutputStream out(file.fd(), {});
  const std::string bytes(1'000'000, 'x');
  CHECK(write_to(out, bytes).get() == 0);
  const bool same = content_of(folder.file("out")) == bytes;
  CHECK(same);
}

TEST_CASE("a reader that is slow gets everything") {
  Pipe pipe;
  OutputStream out(pipe.writer.fd(), {});
  const std::string bytes(1'000'000, 'x');
  auto written = write_to(out, bytes);
  std::string read;
  while (read.size() < bytes.size())
    read += read_once(pipe.reader);
  CHECK(written.get() == 0);
}

TEST_CASE("a stop ends a write that a full pipe holds up, before it and during it") {
  for (const bool stopped_before : {false, true}) {
    const Pipe pipe;
    pipe.fill();
    std::stop_source stop;
    OutputStream out(pipe.writer.fd(), stop.get_token());
    if (stopped_before) stop.request_stop();
    auto written = write_to(out, "more\n");
    stop.request_stop();
    REQUIRE(written.wait_for(k_patience) == std::future_status::ready);
    CHECK(written.get() == ECANCELED);
    CHECK(write_to(out, "and more\n").get() != ECANCELED);  // Not tried any more.
  }
}

TEST_CASE("a stop takes nothing from a reader that reads") {
  const Pipe pipe;
  std::stop_source stop;
  stop.request_stop();
  OutputStream out(pipe.writer.fd(), stop.get_token());
  CHECK(write_to(out, "after the stop\n").get() == 0);
  CHECK(read_once(pipe.reader) == "after the stop\n");
}

TEST_CASE("a reader that is gone is told as such") {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.reader.close();
  OutputStream out(pipe.writer.fd(), {});
  CHECK(write_to(out, "x").get() == EPIPE);
}
