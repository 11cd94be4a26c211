#pragma once
#include <array>
#include <initializer_list>
#include <vector>

#include "lazuli/backends/gpu/program.h"

namespace lazuli::gpu {

/// An iteration space whose three operands step through their memory in their own ways, for kernels that read or write through indices. In the kernel's text:
///   Index (an integer), Geometry (a parameter), place(i, geometry, at): the operands' offsets of iteration i (row-major) in the array `Index at[3]`
class Geometry {
 public:
  static constexpr int kMaxRank = 12;
  /// Dimensions from the outermost; neighbours merge where all operands allow it.
  void add(int64_t size, std::array<int64_t, 3> strides);
  int64_t numel() const { return numel_; }
  /// How far operand k reaches, in elements.
  int64_t reach(int k) const;
  bool has_stride(int k) const;
  /// Makes `factor` elements of the innermost dimension one, where it is contiguous in the operands 0 and 1 and unindexed in 2, and all else is a multiple.
  bool widen(int64_t factor);

  struct Form {
    int rank;
    bool wide;
  };
  /// Specialises a kernel for some geometries (throws Error above kMaxRank dimensions that do not merge) ...
  static Form describe(Variant& variant, std::initializer_list<const Geometry*> geometries);
  /// ... of which each is then passed in that form.
  void pass(Arguments& args, Form form) const;

 private:
  struct Dim {
    int64_t size;
    std::array<int64_t, 3> strides;
  };
  std::vector<Dim> dims_;
  int64_t numel_ = 1;
};

/// The smallest unsigned type that holds one element of so many bytes (1, 2, 4, 8 or 16), for kernels that only move elements.
const char* moved_type(int64_t bytes);

}  // namespace lazuli::gpu
