// SPDX-License-Identifier: Apache-2.0
#include "cli/stop_descriptor.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace topicloop::cli {

StopDescriptor::StopDescriptor(const std::stop_token& stop)
    : owned_{::eventfd(0, EFD_CLOEXEC)}, callback_(stop, Signal{owned_.fd}) {}

StopDescriptor::Owned::~Owned() {
  ::close(fd);
}

void StopDescriptor::Signal::operator()() const {
  ::eventfd_write(fd, 1);
}

}  // namespace topicloop::cli
