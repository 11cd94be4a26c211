#pragma once
#include <chrono>
#include <cstdint>

/// A line on the terminal that shows how far an epoch is, its rate and the time left. Silent when standard error is no terminal.
class ProgressBar {
 public:
  ProgressBar(int64_t epoch, int64_t epochs, int64_t total, int64_t done_before);
  ~ProgressBar();
  void update(int64_t done, double loss);
  /// Samples a second so far.
  double rate(int64_t done) const;
  double seconds() const;

 private:
  int64_t epoch_, epochs_, total_, done_before_;
  bool terminal_;
  std::chrono::steady_clock::time_point start_, shown_;
};
