#pragma once
#include "lazuli/backends/cpu/pointwise/loops.h"

/// The table behind the binary slot and the functions that fill parts of it.
namespace lazuli::cpu {

struct BinaryTable {
  PointwiseLoop loops[int(BinaryOp::Count_)][kDTypeCount];
  PointwiseLoop& at(BinaryOp op, DType dtype) { return loops[int(op)][int(dtype)]; }
};

void fill_binary_integer(BinaryTable& table);   // in vectors, and those of the next
void fill_binary_division(BinaryTable& table);  // quotients, powers and common divisors of integers, element by element
void fill_binary_complex(BinaryTable& table);
void fill_binary_complex_vectors(BinaryTable& table);  // arithmetic and the commonest functions of these in vectors
void fill_binary_special(BinaryTable& table);          // float64 and float32, element by element
void fill_binary_arithmetic(BinaryTable& table);       // float32 and float64 in vectors
void fill_binary_math(BinaryTable& table);             // powers, remainders and angles of these, where vectors gain
void fill_binary_gradient(BinaryTable& table);         // the gradients of activations

}  // namespace lazuli::cpu
