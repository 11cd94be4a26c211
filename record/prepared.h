#pragma once
#include <chrono>

#include "lazuli/record/lanes.h"
#include "lazuli/record/runner.h"

namespace lazuli::recording {

using Clock = std::chrono::steady_clock;

// A call whose arguments lie where they stay.
struct Runner::Prepared {
  KernelBase* slot = nullptr;
  lazuli::detail::CallAt call = nullptr;
  Device device;
  const HostAction* action = nullptr;
  std::vector<const void*> at;
  std::vector<TensorBody*> written;  // whose memory somebody else sees: what is kept with its contents is out of date
  std::vector<CallArgument*> refreshed;
  std::vector<std::vector<Tensor>> lists;
  std::vector<std::span<const Tensor>> spans;
  Clock::duration spent{};
  enum : uint8_t { Alone, First, Further } one_pass = Alone;  // an optimizer's, with the calls before it, or those that follow
  Group* group = nullptr;                                     // that begins here

  void refresh() {
    for (CallArgument* a : refreshed) a->refresh(a->value.get());
  }
};

// Calls that may run side by side, with seconds that they and what follows up to the next group took so, and one after the other.
struct Runner::Group {
  Lanes lanes;
  std::vector<double> together, apart;
  Clock::time_point began;  // in this run
  bool taken = false;       // it is quicker
  Group(const SideBySide& calls, const Order& order) : lanes(calls, order) {}
};

}  // namespace lazuli::recording
