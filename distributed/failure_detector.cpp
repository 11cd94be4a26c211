#include "lazuli/distributed/failure_detector.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "lazuli/distributed/rendezvous.h"

namespace lazuli::distributed::detail {

/// One sentence over a connection, always of this size: it fits where the system takes it at once, and needs no framing.
struct FailureDetector::News {
  enum class Kind : int32_t { Died, Left, Told, Asked, Called } kind;
  int32_t rank;
  char text[240] = {};
  int64_t calls = 0;
};

struct FailureDetector::Connection {
  int peer;
  Socket socket;
  bool open = true;
  std::string heard = {};  // of a sentence that is not whole yet
};

FailureDetector::FailureDetector(int rank, int size, std::vector<Connection> connections)
    : rank_(rank),
      size_(size),
      left_at_(size_t(size)),
      gone_(size_t(size), false),
      calls_of_(size_t(size), -1),
      connections_(std::move(connections)),
      wake_(eventfd(0, EFD_CLOEXEC)) {
  thread_ = std::thread([this] { run(); });
}

FailureDetector::~FailureDetector() {
  stop_ = true;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
  thread_.join();
  close(wake_);
}

std::unique_ptr<FailureDetector> FailureDetector::connect(Communicator& world) {
  std::vector<Socket> sockets = connect_to_first(world);
  if (sockets.empty()) return nullptr;
  std::vector<Connection> connections;
  for (size_t i = 0; i < sockets.size(); ++i) connections.push_back({world.rank() == 0 ? int(i) + 1 : 0, std::move(sockets[i])});
  return std::unique_ptr<FailureDetector>(new FailureDetector(world.rank(), world.size(), std::move(connections)));
}

std::string FailureDetector::reason() const {
  std::lock_guard lock(mutex_);
  return reason_;
}

void FailureDetector::send(const News& news, int except) {
  std::lock_guard lock(sending_);
  for (const Connection& c : connections_)
    if (c.peer != except) [[maybe_unused]]
      const ssize_t sent = ::send(c.socket.get(), &news, sizeof news, MSG_NOSIGNAL | MSG_DONTWAIT);  // to one that is gone: nothing to do
}

void FailureDetector::tell(const std::string& reason) {
  News news{News::Kind::Told, rank_};
  reason.copy(news.text, sizeof news.text - 1);
  learn(news, -1);
}

void FailureDetector::leave() { learn({News::Kind::Left, rank_}, -1); }

// From `from`'s connection; -1: found here. Rank 0 passes it on.
void FailureDetector::learn(const News& news, int from) {
  if (news.rank < 0 || news.rank >= size_ || !take(news)) return;
  if (from < 0 || rank_ == 0) send(news, from);
  if (news.kind != News::Kind::Asked || news.rank == rank_) return;
  News answer{News::Kind::Called, rank_};
  answer.calls = calls_;
  send(answer, -1);
}

// Whether it was new.
bool FailureDetector::take(const News& news) {
  std::lock_guard lock(mutex_);
  const size_t rank = size_t(news.rank);
  switch (news.kind) {
    case News::Kind::Asked: return true;
    case News::Kind::Called: calls_of_[rank] = news.calls; return true;
    case News::Kind::Left:
      if (gone_[rank]) return false;
      left_at_[rank] = Clock::now();
      gone_[rank] = anyone_left_ = true;
      return true;
    case News::Kind::Died:
      if (gone_[rank]) return false;
      gone_[rank] = true;
      break;
    case News::Kind::Told: break;
  }
  if (reason_.empty()) {
    reason_ =
        "rank " + std::to_string(news.rank) + ", " +
        (news.kind == News::Kind::Died ? "whose process died" : "which gave up: " + std::string(news.text, strnlen(news.text, sizeof news.text)));
  }
  failed_ = true;
  return true;
}

int FailureDetector::left(const std::vector<int>& ranks, double seconds) const {
  if (!anyone_left_) return -1;
  std::lock_guard lock(mutex_);
  for (int r : ranks) {
    const Clock::time_point at = left_at_[size_t(r)];
    if (r != rank_ && at != Clock::time_point() && std::chrono::duration<double>(Clock::now() - at).count() >= seconds) return r;
  }
  return -1;
}

// For every other rank; false after so many seconds.
bool FailureDetector::wait_until(const std::function<bool(int rank)>& holds, double seconds) const {
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  auto for_all = [&] {
    std::lock_guard lock(mutex_);
    for (int r = 0; r < size_; ++r)
      if (r != rank_ && !holds(r)) return false;
    return true;
  };
  while (!for_all()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

void FailureDetector::wait_for_others(double seconds) const {
  wait_until([&](int r) { return bool(gone_[size_t(r)]); }, seconds);
}

std::vector<int> FailureDetector::behind(int64_t calls, double seconds) {
  {
    std::lock_guard lock(mutex_);
    calls_of_.assign(size_t(size_), -1);
  }
  learn({News::Kind::Asked, rank_}, -1);
  wait_until([&](int r) { return calls_of_[size_t(r)] >= 0; }, seconds);
  std::lock_guard lock(mutex_);
  std::vector<int> ranks;
  for (int r = 0; r < size_; ++r)
    if (r != rank_ && calls_of_[size_t(r)] < calls) ranks.push_back(r);
  return ranks;
}

// What has come over a connection, or that it is closed.
void FailureDetector::hear(size_t connection) {
  Connection& c = connections_[connection];
  char bytes[4 * sizeof(News)];
  const ssize_t got = recv(c.socket.get(), bytes, sizeof bytes, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    c.open = false;
    return learn({News::Kind::Died, c.peer}, c.peer);  // nothing new of one that has left
  }
  c.heard.append(bytes, size_t(got));
  for (; c.heard.size() >= sizeof(News); c.heard.erase(0, sizeof(News))) {
    News news;
    std::memcpy(&news, c.heard.data(), sizeof news);
    learn(news, c.peer);
  }
}

void FailureDetector::run() {
  std::vector<pollfd> files;
  std::vector<size_t> places;
  while (!stop_) {
    files.assign(1, {wake_, POLLIN, 0});
    places.clear();
    for (size_t i = 0; i < connections_.size(); ++i)
      if (connections_[i].open) {
        files.push_back({connections_[i].socket.get(), POLLIN, 0});
        places.push_back(i);
      }
    if (poll(files.data(), nfds_t(files.size()), -1) < 0 && errno != EINTR) return;
    for (size_t f = 1; f < files.size(); ++f)
      if (files[f].revents) hear(places[f - 1]);
  }
}

}  // namespace lazuli::distributed::detail
