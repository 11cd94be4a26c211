#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace examples {

/// A line on the terminal that shows how far an epoch is, its rate and the time left. Silent when standard error is no terminal.
class ProgressBar {
 public:
  /// `title` stands before the bar ("epoch 2/10"); of `total` items, which are `unit`s, `done_before` were done in an earlier run.
  ProgressBar(std::string title, std::string unit, int64_t total, int64_t done_before);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  void update(int64_t done, double loss);
  /// Items a second so far.
  double rate(int64_t done) const;
  double seconds() const;

 private:
  std::string title_, unit_;
  int64_t total_, done_before_;
  bool terminal_;
  std::chrono::steady_clock::time_point start_, shown_;
};

}  // namespace examples
