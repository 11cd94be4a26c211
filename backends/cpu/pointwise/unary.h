#pragma once
#include "lazuli/backends/cpu/pointwise/loops.h"

/// The table behind the unary slot and the functions that fill parts of it.
namespace lazuli::cpu {

struct UnaryTable {
  PointwiseLoop loops[int(UnaryOp::Count_)][kDTypeCount];
  PointwiseLoop& at(UnaryOp op, DType dtype) { return loops[int(op)][int(dtype)]; }
};

void fill_unary_integer(UnaryTable& table);
void fill_unary_complex(UnaryTable& table);
void fill_unary_complex_vectors(UnaryTable& table);  // arithmetic and the commonest functions of these in vectors
void fill_unary_special(UnaryTable& table);          // float64 and float32, element by element
void fill_unary_simple(UnaryTable& table);           // float32 and float64 in vectors: rounding, tests, signs
void fill_unary_math(UnaryTable& table);             // exponentials, logarithms, trigonometry
void fill_unary_activation(UnaryTable& table);

}  // namespace lazuli::cpu
