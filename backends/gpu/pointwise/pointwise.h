#pragma once
#include <initializer_list>

#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/slots.h"

/// The engine under every elementwise kernel: one text, specialised by the operation's expression, the dtypes, and how the tensors lie in memory.
namespace lazuli::gpu {

/// out[i] = EXPRESSION of a, b, c (the inputs' elements as A_COMPUTE, B_COMPUTE, C_COMPUTE) and the parameters p0, p1 (int64 where `parameters` is an integer dtype, float or double).
/// `functions`: helper functions that the expression needs, before the kernel, in this order. All texts live as long as the program.
/// Texts may say REAL for the type that real numbers are computed with, and NUM(0.5) for a literal of it.
struct Operation {
  const char* expression = nullptr;
  const char* functions[4] = {};
  bool divides = false;    // integers: b = 0 is an error
  bool in_double = false;  // REAL is double where the device has it, also for narrower types
};

/// An operator's operations by the kind of the elements it reads; null where that kind is refused. Halves: where it is not that of other floats.
struct OperationsByKind {
  Operation boolean = {}, integer = {}, real = {}, complex = {}, float16 = {}, bfloat16 = {};
  constexpr const Operation& of(DType t) const {
    if (t == kFloat16 && float16.expression) return float16;
    if (t == kBFloat16 && bfloat16.expression) return bfloat16;
    return t == kBool ? boolean : is_integral(t) ? integer : is_complex(t) ? complex : real;
  }
};

/// Which operands are no tensors but numbers: of a binary operation A or B, of a ternary one B, C or both. One is what p0 and p1 carry (the real and the imaginary part);
/// both are p0 and p1, and real.
enum class NumberOperand { None, A, B, C, BandC };

/// Runs an operation over tensors of equal sizes. `parameters`: the real dtype that p0 and p1 are passed as.
void pointwise(const Operation& operation, Tensor& out, std::initializer_list<const Tensor*> inputs, const Scalar& p0, const Scalar& p1,
               DType parameters, NumberOperand number = NumberOperand::None);

}  // namespace lazuli::gpu
