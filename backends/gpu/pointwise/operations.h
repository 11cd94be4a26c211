#pragma once
#include "lazuli/backends/gpu/pointwise/pointwise.h"

/// What the elementwise operators compute on a GPU, as text: the CPU's formulas, branch for branch (backends/cpu/unary_*.cpp and so on).
namespace lazuli::gpu {

const OperationsByKind& unary_operation(UnaryOp op);
const OperationsByKind& binary_operation(BinaryOp op);

struct UnaryOperations {
  OperationsByKind of[int(UnaryOp::Count_)];
  OperationsByKind& operator[](UnaryOp op) { return of[int(op)]; }
};
struct BinaryOperations {
  OperationsByKind of[int(BinaryOp::Count_)];
  OperationsByKind& operator[](BinaryOp op) { return of[int(op)]; }
};
/// The part of the tables for complex numbers.
void add_complex(UnaryOperations& t);
void add_complex(BinaryOperations& t);

}  // namespace lazuli::gpu
