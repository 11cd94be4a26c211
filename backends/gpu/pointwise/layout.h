#pragma once
#include <array>
#include <span>
#include <vector>

#include "lazuli/backends/gpu/program.h"

namespace lazuli::gpu {

/// The iteration space of elementwise kernels: dimensions in the order of the first operand's strides, innermost first, merged where all operands allow it; then dimensions of size 1
/// up to a rank of 1, 2, 4, 8 or 16, since each rank is a kernel of its own. A kernel's text says
///   KERNEL(name)(buffers, Index n GEOMETRY) { Index i = ...; PLACES(i); ... AT(k) ... }
/// for operand k's offset in the iteration i.
class Layout {
 public:
  explicit Layout(std::span<const Tensor* const> operands);
  /// False when more dimensions are left than a kernel takes as parameters: then there is nothing to run.
  bool fits() const { return fits_; }
  int64_t numel() const { return numel_; }
  /// Specialises a kernel: COUNT, DENSE, RANK, Index and the words above.
  void describe(Variant& variant) const;
  /// The parameter n, after the buffers, ...
  void pass_count(Arguments& arguments) const;
  /// ... and GEOMETRY.
  void pass_geometry(Arguments& arguments) const;

 private:
  static constexpr int kMaxRank = 16;
  void merge(std::span<const Tensor* const> operands);
  template <class Word>
  void pass(Arguments& arguments) const;

  int rank_ = 0;
  int64_t numel_;
  std::array<int64_t, kMaxRank> sizes_;
  std::vector<std::array<int64_t, kMaxRank>> strides_;  // in elements
  bool dense_ = true;                                   // one dimension, all strides 1
  bool wide_;                                           // an offset needs more than 31 bits
  bool fits_ = true;
};

}  // namespace lazuli::gpu
