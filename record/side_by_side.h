#pragma once
#include <limits>
#include <span>

#include "lazuli/record/step_list.h"

/// Which calls of a list run at the same time as others (StepList::side_by_side), and what that means for their order and their memory.
namespace lazuli::recording {

/// What a call takes, in seconds.
struct CallCost {
  double spread = 0;                                       // by itself, on all threads
  double alone = std::numeric_limits<double>::infinity();  // on one thread, while others do something else; infinite: it has to be by itself
};

struct SideBySideOptions {
  int lanes = 2;
  double wake = 0;    // seconds until all threads are at work, and back
  double move = 0;    // seconds until a byte that one thread wrote is where another computes
  int longest = 256;  // calls in a group
};

/// Groups of neighbouring calls that take less time side by side than one after the other; each call goes to the lane where it is done first, behind what it depends on: what writes where another reads
/// or writes. Of all ways to cut the list into groups, the one that takes least.
std::vector<SideBySide> find_side_by_side(const StepList& list, std::span<const CallCost> costs, const SideBySideOptions& options);

/// Whether any of its calls need not wait for each other.
bool could_run_side_by_side(const StepList& list);

/// What comes before what, in a list with calls side by side.
class Order {
 public:
  explicit Order(const StepList& list);
  /// Whether call `a` is done before `b` begins.
  bool before(int32_t a, int32_t b) const;
  /// All calls before the one returned are done when `call` begins.
  int32_t first_open(int32_t call) const;
  /// What a call waits for: so many calls of another lane.
  struct Wait {
    uint8_t lane;
    int32_t calls;
  };
  std::vector<Wait> waits(int32_t call) const;

 private:
  struct Group {
    SideBySide calls;
    std::vector<std::vector<int32_t>> lanes;  // the calls of each
    std::vector<int32_t> place;               // of each call in its lane
    std::vector<std::vector<int32_t>> done;   // when each call begins: how many of each lane
    std::vector<std::vector<Wait>> waits;     // of each call
  };
  void add(const StepList& list, const SideBySide& calls);
  std::vector<Group> groups_;
  std::vector<int32_t> group_of_;  // of each call; -1: by itself
};

}  // namespace lazuli::recording
