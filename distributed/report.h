#pragma once
#include "lazuli/distributed/collectives.h"

/// What the ranks of a run tell of it.
namespace lazuli::distributed {

struct RankTimes {
  double seconds = 0;  // that the run took
  double waited = 0;   // of them without doing anything but wait for other ranks
  double items = 0;    // samples, tokens: what the rank has worked through
};
/// All ranks' times, by rank. All call it.
std::vector<RankTimes> gather_times(const RankTimes& own, const ProcessGroup& group = {});
/// A line for each rank: items a second, seconds waited and their share.
std::string to_string(const std::vector<RankTimes>& times, const std::string& unit = "samples");

/// Counts one rank's times, from its construction on, while it is not paused.
class RankClock {
 public:
  RankClock() { go_on(); }
  void add_items(double count) { times_.items += count; }
  void pause();
  void go_on();
  RankTimes times() const;

 private:
  RankTimes times_;
  bool running_ = false;
  double began_ = 0, waited_before_ = 0;
};

/// Traces for chrome://tracing, as `profiler::profile::chrome_trace` gives them, in one: that of rank r is the process "rank r". Throws Error for a text that is no trace.
std::string merged_chrome_trace(const std::vector<std::string>& traces_by_rank);
/// The merged trace of all ranks, whose profiles began at about the same time (after a barrier), in a file that rank 0 writes. All call it.
void export_chrome_trace(const std::string& own_trace, const std::string& path, const ProcessGroup& group = {});

}  // namespace lazuli::distributed
