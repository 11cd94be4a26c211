#include "lazuli/distributed/rendezvous.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <thread>

namespace lazuli::distributed::detail {

Socket::~Socket() {
  if (file_ >= 0) close(file_);
}

namespace {

constexpr int kSeconds = 5;  // for a connection, and for its first word

using Token = std::array<char, 16>;
/// Where rank 0 listens.
struct Place {
  Token token;  // who knows it is of this job
  uint16_t port = 0;
  uint16_t count = 0;
  std::array<uint32_t, 16> addresses;
};
struct Hello {
  Token token;
  int32_t rank;
};
/// Ranks with the same one reach each other over the loopback.
using Machine = std::array<char, 96>;

void wait(const Started& started) {
  while (!started->done()) std::this_thread::yield();
}

Machine own_machine() {
  std::string text;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), text);
  std::array<char, 40> network{};
  if (readlink("/proc/self/ns/net", network.data(), network.size() - 1) > 0) text += network.data();
  Machine machine{};
  text.copy(machine.data(), machine.size() - 1);
  return machine;
}

std::vector<Machine> machines_of(Communicator& world) {
  const Machine own = own_machine();
  std::vector<Machine> all(size_t(world.size()));
  wait(world.all_gather(own.data(), all.data(), sizeof own));
  return all;
}

sockaddr_in address_of(uint32_t address, uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = address;
  a.sin_port = port;
  return a;
}

// A machine that is gone without a word is found too.
void keep_alive(const Socket& socket) {
  auto set = [&](int level, int option, int value) { setsockopt(socket.get(), level, option, &value, sizeof value); };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(IPPROTO_TCP, TCP_NODELAY, 1);
}

bool ready(const Socket& socket, short what) {
  pollfd file{socket.get(), what, 0};
  return poll(&file, 1, kSeconds * 1000) == 1 && (file.revents & what);
}

// Listens for the others; a place with port 0 where that is not possible.
Socket listen_at(Place& place, bool one_machine) {
  Socket listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in own = address_of(htonl(one_machine ? INADDR_LOOPBACK : INADDR_ANY), 0);
  socklen_t size = sizeof own;
  if (!listener || bind(listener.get(), reinterpret_cast<sockaddr*>(&own), size) != 0 || listen(listener.get(), SOMAXCONN) != 0 ||
      getsockname(listener.get(), reinterpret_cast<sockaddr*>(&own), &size) != 0 ||
      getrandom(place.token.data(), place.token.size(), 0) != ssize_t(place.token.size()))
    return Socket();
  place.port = own.sin_port;
  ifaddrs* interfaces = nullptr;
  if (one_machine || getifaddrs(&interfaces) != 0) return listener;
  for (ifaddrs* i = interfaces; i && place.count < place.addresses.size(); i = i->ifa_next)
    if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET && (i->ifa_flags & IFF_UP) && !(i->ifa_flags & IFF_LOOPBACK))
      place.addresses[place.count++] = reinterpret_cast<sockaddr_in*>(i->ifa_addr)->sin_addr.s_addr;
  freeifaddrs(interfaces);
  return listener;
}

Socket connect_to(uint32_t address, uint16_t port) {
  Socket s(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_in to = address_of(address, port);
  if (!s || (connect(s.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS)) return Socket();
  int error = 0;
  socklen_t size = sizeof error;
  if (!ready(s, POLLOUT) || getsockopt(s.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return Socket();
  return s;
}

Socket connect_to(const Place& place, bool same_machine, int rank) {
  if (place.port == 0) return Socket();
  std::vector<uint32_t> addresses(place.addresses.begin(), place.addresses.begin() + std::min<size_t>(place.count, place.addresses.size()));
  if (same_machine) addresses = {htonl(INADDR_LOOPBACK)};
  for (uint32_t address : addresses) {
    Socket s = connect_to(address, place.port);
    const Hello hello{place.token, rank};
    if (!s || send(s.get(), &hello, sizeof hello, MSG_NOSIGNAL) != ssize_t(sizeof hello)) continue;
    keep_alive(s);
    return s;
  }
  return Socket();
}

// All of them have connected already. Who does not know the token is not of this job.
std::vector<Socket> accept_all(const Socket& listener, const Token& token, int others) {
  std::vector<Socket> sockets(static_cast<size_t>(others));
  for (int accepted = 0; accepted < others;) {
    if (!ready(listener, POLLIN)) return {};
    Socket s(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    Hello hello{};
    if (!s || !ready(s, POLLIN) || recv(s.get(), &hello, sizeof hello, MSG_DONTWAIT) != ssize_t(sizeof hello) || hello.token != token ||
        hello.rank < 1 || hello.rank > others || sockets[size_t(hello.rank - 1)])
      continue;
    keep_alive(s);
    sockets[size_t(hello.rank - 1)] = std::move(s);
    ++accepted;
  }
  return sockets;
}

bool on_all(Communicator& world, bool here) {
  const char own = here;
  std::vector<char> all(size_t(world.size()));
  wait(world.all_gather(&own, all.data(), 1));
  return std::all_of(all.begin(), all.end(), [](char c) { return c != 0; });
}

}  // namespace

std::vector<Socket> connect_to_first(Communicator& world) {
  const std::vector<Machine> machines = machines_of(world);
  const int rank = world.rank();
  Place place{};
  Socket socket;
  if (rank == 0) socket = listen_at(place, std::all_of(machines.begin(), machines.end(), [&](const Machine& m) { return m == machines[0]; }));
  wait(world.broadcast(&place, sizeof place, 0));
  if (rank > 0) socket = connect_to(place, machines[size_t(rank)] == machines[0], rank);
  if (!on_all(world, bool(socket))) return {};
  std::vector<Socket> sockets;
  if (rank == 0) sockets = accept_all(socket, place.token, world.size() - 1);
  else sockets.push_back(std::move(socket));
  if (!on_all(world, !sockets.empty())) return {};
  return sockets;
}

}  // namespace lazuli::distributed::detail
