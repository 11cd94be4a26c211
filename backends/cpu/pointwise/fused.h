#pragma once
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "lazuli/backends/cpu/pointwise/fused_code.h"
#include "lazuli/backends/cpu/pointwise/pointwise_plan.h"

namespace lazuli::cpu {

using FusedPlan = BasicPlan<kFusedOperands>;
using FusedCursor = BasicCursor<kFusedOperands>;

/// A fused program's code on tensors: what each of them is for the pieces that all elements are gone through in.
class FusedRun {
 public:
  /// Told each piece when it is computed: where it begins in row-major order, its size, and where each place of the code lies.
  using Sink = std::function<void(int64_t position, int64_t n, char* const* places)>;

  /// Outputs that are reduced are left to a sink.
  FusedRun(const FusedCode& code, std::span<Tensor* const> outputs, std::span<const Tensor> inputs);
  FusedRun(const FusedRun&) = delete;
  FusedRun& operator=(const FusedRun&) = delete;
  int64_t numel() const { return numel_; }
  /// Elements [begin, end), in this thread. They are in row-major order where something is reduced.
  void run(int64_t begin, int64_t end, const Sink* sink) const;

  struct Operand {
    uint8_t place = 0;
    int8_t reg = -1;        // for what is not read or written where it lies
    bool direct = true;     // dense along a piece
    bool constant = false;  // an input that is the same in all pieces: one number, or one short row repeated
    bool at_end = false, streamed = false;
    int64_t item = 1;
    char* data = nullptr;
  };
  const FusedCode& code_;
  std::optional<FusedPlan> plan_;  // none: all dense
  std::vector<Tensor> turned_;
  Operand operand_[kFusedOperands];
  int first_output_ = 0, first_input_ = 0, count_ = 0;
  bool by_rows_ = true;
  int64_t numel_ = 0, piece_ = 1, register_bytes_ = 64;

 private:
  void plan(const Tensor** all, const Shape& sizes);
  void place_operands(const Tensor* const* all);
};

/// The same for programs that reduce, dimensions in front or behind. False: these are others, or of dtypes that are not floating, and nothing has been done.
bool run_fused_reduction(const FusedCode& code, std::span<Tensor* const> outputs, std::span<const Tensor> inputs);

}  // namespace lazuli::cpu
