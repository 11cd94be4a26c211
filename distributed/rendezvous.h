#pragma once
#include <utility>
#include <vector>

#include "lazuli/distributed/engine.h"

namespace lazuli::distributed::detail {

/// A file of the system, closed at its end.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int file) : file_(file) {}
  ~Socket();
  Socket(Socket&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  int get() const { return file_; }
  explicit operator bool() const { return file_ >= 0; }

 private:
  int file_ = -1;
};

/// Collective over `world`: connections over TCP, on rank 0 to ranks 1, 2, ..., elsewhere one to rank 0. Ranks on one machine use its loopback; those on others the IPv4 addresses of rank 0's
/// machine. Empty on every rank where one of them got none within a few seconds.
std::vector<Socket> connect_to_first(Communicator& world);

}  // namespace lazuli::distributed::detail
