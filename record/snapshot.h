#pragma once
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lazuli/record/step_list.h"

namespace lazuli::recording {

/// What a run changes and somebody sees: memory, and numbers on the host. Taken before it, it takes the run back.
class Snapshot {
 public:
  /// Of all memory of the list and of `inputs`. Throws Error (NotSupported) for host actions that cannot be taken back, and for memory that is not the CPU's.
  static Snapshot of_run(const StepList& list, std::span<const Tensor> inputs);
  /// Of what the first `calls` calls write.
  static Snapshot of_beginning(const StepList& list, size_t calls, std::span<const Tensor> inputs);

  void restore() const;

 private:
  void keep(const Ref<Storage>& storage);
  void keep(const ListedCall& action);

  std::vector<std::pair<Ref<Storage>, std::string>> memory_;
  std::vector<std::function<void()>> undo_;
};

}  // namespace lazuli::recording
