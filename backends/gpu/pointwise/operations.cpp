#include "lazuli/backends/gpu/pointwise/operations.h"

#include <iterator>

#include "lazuli/backends/gpu/pointwise/activation_text.h"
#include "lazuli/backends/gpu/pointwise/arithmetic_text.h"
#include "lazuli/backends/gpu/pointwise/special_text.h"

namespace lazuli::gpu {
namespace {

constexpr OperationsByKind kUnary[] = {
#define LAZULI_UNARY(code, name, dtypes, result, ...) {__VA_ARGS__},
#include "lazuli/core/slots/pointwise_codes.def"
};
constexpr OperationsByKind kBinary[] = {
#define LAZULI_BINARY(code, name, dtypes, result, ...) {__VA_ARGS__},
#include "lazuli/core/slots/pointwise_codes.def"
};
constexpr OperationsByKind kTernary[] = {
#define LAZULI_TERNARY(code, name, dtypes, result, ...) {__VA_ARGS__},
#include "lazuli/core/slots/pointwise_codes.def"
};

// An expression for each dtype that an operator takes.
template <class Op, size_t N>
constexpr bool complete(const OperationsByKind (&operations)[N]) {
  for (size_t op = 0; op < N; ++op)
    for (int t = 0; t < kDTypeCount; ++t)
      if (about(Op(op)).dtypes.has(DType(t)) && !operations[op].of(DType(t)).expression) return false;
  return true;
}
static_assert(complete<UnaryOp>(kUnary) && complete<BinaryOp>(kBinary) && complete<TernaryOp>(kTernary));

}  // namespace

const Operation& operation(UnaryOp op, DType t) {
  check_dtype(about(op), t);
  return kUnary[int(op)].of(t);
}
const Operation& operation(BinaryOp op, DType t) {
  check_dtype(about(op), t);
  return kBinary[int(op)].of(t);
}
const Operation& operation(TernaryOp op, DType t) {
  check_dtype(about(op), t);
  return kTernary[int(op)].of(t);
}

}  // namespace lazuli::gpu
