#pragma once
#include "lazuli/core/slots/events.h"
#include "lazuli/record/runner.h"

namespace lazuli::recording {

/// Holds a replay against the step as it is: it replays, keeps what each call wrote, takes everything back, and is then told the same calls of the step.
class ReplayCheck {
 public:
  /// Throws Error (NotSupported) for a list with cuts, which cannot be taken back.
  ReplayCheck(Runner& runner, std::span<const Tensor> inputs);
  /// A call of the step itself, with its number when it was recorded.
  void see(int32_t number, const SlotCall& call);
  /// Throws Error (State) naming the first call, or result, that differs.
  void finish(const std::vector<Tensor>& outputs) const;

 private:
  Runner& runner_;
  std::vector<std::vector<std::string>> written_;  // of each call, the bytes of its outputs
  std::vector<int32_t> place_;                     // in the list, by number
  std::vector<std::string> outputs_;
  std::string complaint_;
};

}  // namespace lazuli::recording
