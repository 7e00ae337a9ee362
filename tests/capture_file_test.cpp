// SPDX-License-Identifier: Apache-2.0
#include "capture/file.hpp"
#include "support/captures.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const std::vector<std::string> k_names = {"c.jsonl", "c.jsonl.gz", "c.jsonl.zst"};

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a capture file reads back as it was written, plain and compressed") {
  const TempDirectory directory;
  for (const auto& name : k_names) {
    write_capture(directory.file(name), sample_records());
    const auto read = read_capture(directory.file(name));
    INFO(name);
    CHECK(read.error.empty());
    CHECK(read.warnings.empty());
    CHECK(read.records == sample_records());
  }
}

TEST_CASE("appending adds a run to what is there") {
  const TempDirectory directory;
  for (const auto& name : k_names) {
    for (int run = 0; run < 3; ++run)
      write_capture(directory.file(name), {gap_record()});
    CHECK(read_capture(directory.file(name)).records ==
          std::vector<model::CaptureRecord>(3, gap_record()));
  }
}

TEST_CASE("every record is in the file, whole, before the writer is closed") {
  const TempDirectory directory;
  for (const auto& name : k_names) {
    auto writer = *capture::Writer::open(directory.file(name));
    std::vector<model::CaptureRecord> written;
    for (const auto& record : sample_records()) {
      REQUIRE(writer.write(record));
      written.push_back(record);
      const auto read = read_capture(directory.file(name));
      CHECK(read.records == written);
      CHECK(read.warnings.empty());
    }
  }
}

TEST_CASE("a capture cut at any byte of its last record is read up to it, and can be continued") {
  const TempDirectory directory;
  const std::vector<model::CaptureRecord> kept = {request_record("{}"), gap_record()};
  const auto last = message_record(model::Value::text("the last one, grüße"));
  for (const auto& name : k_names) {
    std::size_t begin = 0;
    {
      auto writer = *capture::Writer::open(directory.file(name));
      for (const auto& record : kept)
        REQUIRE(writer.write(record));
      begin = bytes_of(directory.file(name)).size();
      REQUIRE(writer.write(last));
    }
    const std::string whole = bytes_of(directory.file(name));
    for (std::size_t size = begin; size < whole.size(); ++size) {
      INFO(name << " cut at " << size << " of " << begin << " to " << whole.size());
      const std::string cut = directory.write("cut-" + name, whole.substr(0, size));
      const auto read = read_capture(cut);
      CHECK(read.error.empty());
      REQUIRE(read.records.size() >= kept.size());
      CHECK(std::equal(kept.begin(), kept.end(), read.records.begin()));
      CHECK(read.records.size() + read.warnings.size() <= kept.size() + 1);
      // Of gzip it may be only the end of the flush that is missing, of zstd that of the frame.
      const bool is_told = name.ends_with(".zst") ? size > begin + 2 && size < whole.size() - 3
                                                  : size > begin && !name.ends_with(".gz");
      if (is_told) {
        CHECK(read.records.size() + read.warnings.size() == kept.size() + 1);
      }

      write_capture(cut, {gap_record()});
      const auto continued = read_capture(cut);
      CHECK(continued.error.empty());
      CHECK(continued.records.back() == gap_record());
      CHECK(continued.records.size() == read.records.size() + 1);
    }
  }
}

TEST_CASE("a compressed capture that lost its end is torn, also after something was appended") {
  const TempDirectory directory;
  for (const auto& name : k_names) {
    const std::string path = directory.file(name);
    write_capture(path, sample_records());
    const std::string whole = bytes_of(path);
    // Less is only the end that a closed stream has.
    for (const std::size_t lost : {20, 30, 40}) {
      INFO(name << " without its last " << lost << " bytes");
      const std::string cut = directory.write("cut-" + name, whole.substr(0, whole.size() - lost));
      const auto read = read_capture(cut);
      CHECK(read.error.empty());
      CHECK(read.warnings.size() == 1);
      CHECK(read.records.size() < sample_records().size());
      write_capture(cut, {gap_record()});
      const auto continued = read_capture(cut);
      CHECK(continued.error.empty());
      CHECK(continued.warnings.size() == 1);
      CHECK(continued.records.size() == read.records.size() + 1);
    }
  }
}

TEST_CASE("a compressed capture that ends in its first block is torn") {
  const TempDirectory directory;
  const std::string path = directory.file("c.zst");
  write_capture(path, {});
  const std::string cut = directory.write("cut.zst", bytes_of(path).substr(0, 30));
  const auto read = read_capture(cut);
  CHECK(read.error.empty());
  CHECK(read.warnings == std::vector{cut + ":1 is torn, and skipped: its writer was stopped in the "
                                           "middle"});
}

TEST_CASE("a torn line is skipped with a warning that names it, at the end and before a header") {
  const TempDirectory directory;
  const std::string path = directory.file("c");
  write_capture(path, {gap_record()});
  std::ofstream(path, std::ios::app) << R"({"type":"mess)";
  const std::string warning =
      path + ":3 is torn, and skipped: its writer was stopped in the middle";
  CHECK(read_capture(path).warnings == std::vector{warning});
  write_capture(path, {gap_record()});
  const auto read = read_capture(path);
  CHECK(read.warnings == std::vector{warning});
  CHECK(read.records.size() == 2);
  CHECK(bytes_of(path).find("{\"type\":\"mess\n{\"v\":1,") != std::string::npos);
}

TEST_CASE("any other bad line is an error that names file and line") {
  const TempDirectory directory;
  const std::string header = "{\"v\":1,\"type\":\"capture\"}\n";
  const std::string gap = capture::to_line(gap_record()) + "\n";
  const std::string middle = directory.write("middle", header + gap + "{\"type\":\n" + gap);
  CHECK(read_capture(middle).error == middle + ":3: not valid JSON");
  CHECK(read_capture(middle).records.size() == 1);
  const std::string end = directory.write("end", header + "{\"type\":\n");
  CHECK(read_capture(end).error == end + ":2: not valid JSON");
  const std::string later = directory.write("later", "{\"v\":9,\"type\":\"capture\"}\n");
  CHECK(read_capture(later).error ==
        later + ":1: the capture's format is version 9, and this topicloop knows 1");
}

TEST_CASE("what is no capture is not read, and not written to") {
  const TempDirectory directory;
  for (const std::string content : {"hello\n", "hello", "{\"type\":\"message\"}\n"}) {
    const std::string path = directory.write("notes.txt", content);
    CHECK_FALSE(read_capture(path).error.empty());
    CHECK_FALSE(capture::Writer::open(path));
    CHECK(bytes_of(path) == content);
  }
  const std::string named_gz = directory.file("plain.gz");
  write_capture(directory.file("plain"), {gap_record()});
  std::filesystem::rename(directory.file("plain"), named_gz);
  CHECK(read_capture(named_gz).records.size() == 1);
  CHECK(capture::Writer::open(named_gz).error().message ==
        "cannot capture to " + named_gz + ": what is in it is not compressed as its name says");
}

TEST_CASE("a file that is not there, or cannot be written, is named") {
  const TempDirectory directory;
  CHECK(read_capture(directory.file("none")).error ==
        "cannot read " + directory.file("none") + ": No such file or directory");
  CHECK(read_capture(directory.path()).error ==
        "cannot read " + directory.path() + ": Is a directory");
  CHECK(capture::Writer::open(directory.path()).error().message ==
        "cannot capture to " + directory.path() + ": Is a directory");
  CHECK(capture::Writer::open("/dev/full").error().message ==
        "cannot capture to /dev/full: No space left on device");
}

TEST_CASE("two writers do not share a file") {
  const TempDirectory directory;
  const auto first = *capture::Writer::open(directory.file("c"));
  CHECK(capture::Writer::open(directory.file("c")).error().message ==
        "cannot capture to " + directory.file("c") + ": another process is writing to it");
}

TEST_CASE("a line of a gigabyte is refused without being read whole") {
  const TempDirectory directory;
  const std::string path = directory.file("c");
  write_capture(path, {gap_record()});
  std::filesystem::resize_file(path, 1U << 30U);  // A hole: zeros that take no room.
  CHECK(read_capture(path).error == path + ":3: longer than 67108864 bytes");
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  CHECK(usage.ru_maxrss < 512 * 1024);  // Kilobytes.
}

TEST_CASE("records written by many threads at once are all there") {
  const TempDirectory directory;
  for (const auto& name : k_names) {
    auto writer = *capture::Writer::open(directory.file(name));
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 50; ++k)
          (void)writer.write(request_record(std::string(1'000, 'x')));
      });
    }
    threads.clear();
    CHECK(read_capture(directory.file(name)).records.size() == 200);
  }
}

TEST_CASE("after a write that failed, what was there is there, and the next may succeed") {
  const TempDirectory directory;
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  for (const auto& name : k_names) {
    auto writer = *capture::Writer::open(directory.file(name));
    REQUIRE(writer.write(gap_record()));
    const rlimit full{bytes_of(directory.file(name)).size() + 20, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
    const auto failed = writer.write(request_record("lost"));
    ::setrlimit(RLIMIT_FSIZE, &before);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().message ==
          "cannot capture to " + directory.file(name) + ": File too large");
    CHECK(read_capture(directory.file(name)).records.size() == 1);
    REQUIRE(writer.write(gap_record()));
    const auto read = read_capture(directory.file(name));
    CHECK(read.error.empty());
    CHECK(read.records == std::vector<model::CaptureRecord>(2, gap_record()));
  }
}
