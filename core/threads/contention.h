#pragma once
#include <cstdint>

/// Threads that work together wait for each other by spinning, which is quickest where each has a processor of its own, and wastes one where another process wants it. So it is
/// looked up now and then how long they were ready to run and were not let (Linux tells), and where that is long they soon go to sleep instead.
namespace lazuli::detail {

/// When to change: decided from the share of the time that a thread had to wait for a processor.
class SpinPolicy {
 public:
  /// Takes the share of the last stretch of time in; whether spinning is to be short from now on. One bad stretch begins it, five good ones in a row end it.
  bool observe(double waiting_share) {
    if (waiting_share > kMuch) short_ = true, calm_ = 0;
    else if (waiting_share > kLittle) calm_ = 0;
    else if (short_ && ++calm_ == kStretches) short_ = false, calm_ = 0;
    return short_;
  }

 private:
  static constexpr double kMuch = 0.1, kLittle = 0.04;
  static constexpr int kStretches = 5;
  bool short_ = false;
  int calm_ = 0;
};

/// By each thread of a team, in its work: its waiting counts from then on.
void count_this_thread();
/// Before a team works: looks, at most every 50 milliseconds, how its threads fared.
void watch_contention(int threads);
/// Makes all waiting short, or not; what watch_contention does.
void set_short_spinning(bool on, int threads);

}  // namespace lazuli::detail
