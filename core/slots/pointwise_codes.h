#pragma once
#include "lazuli/core/dtype.h"
#include "lazuli/core/slots/codes.h"

/// What there is to know of a pointwise operator by its code, from core/slots/pointwise_codes.def.
namespace lazuli {

struct PointwiseCode {
  enum Result : uint8_t { Same, Bool, Real, Complex };
  std::string_view code;  // "DivFloor"
  const char* name;       // of the operator, for errors: "floor_divide"
  int operands;
  DTypeSet dtypes;  // of the operands, but for the condition of Where
  Result result;

  /// The dtype of the result for operands of dtype `t`.
  constexpr DType result_dtype(DType t) const {
    return result == Same ? t : result == Bool ? kBool : result == Real ? real_dtype(t) : complex_dtype(t);
  }
};

/// Throws Error (Type) naming the operator and the dtypes that it takes.
[[noreturn]] void refuse_dtype(const PointwiseCode& code, DType dtype);
/// The same unless it takes `dtype`.
inline void check_dtype(const PointwiseCode& code, DType dtype) {
  if (!code.dtypes.has(dtype)) refuse_dtype(code, dtype);
}

namespace detail {
struct PointwiseDTypes {
  static constexpr DTypeSet Bool{kBool}, Int{DTypeKind::Unsigned, DTypeKind::Signed}, Float{DTypeKind::Float}, Complex{DTypeKind::Complex},
      Any = Bool | Int | Float | Complex, WideFloat{kFloat32, kFloat64};
};
struct PointwiseCodes : PointwiseDTypes {
  using P = PointwiseCode;
  static constexpr P unary[] = {
#define LAZULI_UNARY(code, name, dtypes, result, ...) {#code, name, 1, dtypes, P::result},
#include "lazuli/core/slots/pointwise_codes.def"
  };
  static constexpr P binary[] = {
#define LAZULI_BINARY(code, name, dtypes, result, ...) {#code, name, 2, dtypes, P::result},
#include "lazuli/core/slots/pointwise_codes.def"
  };
  static constexpr P ternary[] = {
#define LAZULI_TERNARY(code, name, dtypes, result, ...) {#code, name, 3, dtypes, P::result},
#include "lazuli/core/slots/pointwise_codes.def"
  };
};
}  // namespace detail

constexpr const PointwiseCode& about(UnaryOp op) { return detail::PointwiseCodes::unary[int(op)]; }
constexpr const PointwiseCode& about(BinaryOp op) { return detail::PointwiseCodes::binary[int(op)]; }
constexpr const PointwiseCode& about(TernaryOp op) { return detail::PointwiseCodes::ternary[int(op)]; }

}  // namespace lazuli
