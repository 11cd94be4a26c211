#pragma once
#include <cstdint>

/// What the kernel slots compute, by code, with the numbers that go along (core/slots.h has the slots). It knows no tensors, so that what computes on plain memory need not either.
namespace lazuli {

enum class UnaryOp : uint8_t {
  // any dtype, result of the same dtype
  Neg,
  Abs,
  Sign,
  Square,
  Positive,
  // bool and integers
  BitwiseNot,
  // to bool
  LogicalNot,
  IsNan,
  IsInf,
  IsFinite,
  IsNegInf,
  IsPosInf,
  SignBit,
  // floating point (floor to trunc: integers too, unchanged)
  Floor,
  Ceil,
  Round,
  Trunc,
  Frac,
  // floating point and complex
  Reciprocal,
  Sqrt,
  Rsqrt,
  Exp,
  Exp2,
  Expm1,
  Log,
  Log2,
  Log10,
  Log1p,
  Sin,
  Cos,
  Tan,
  Asin,
  Acos,
  Atan,
  Sinh,
  Cosh,
  Tanh,
  Asinh,
  Acosh,
  Atanh,
  Sigmoid,
  // floating point
  Erf,
  Erfc,
  Erfinv,
  Lgamma,
  Digamma,
  Sinc,
  I0,
  I0e,
  I1,
  I1e,
  Erfcx,
  Ndtri,
  LogNdtr,
  // activations: floating point; p0, p1 are parameters
  Relu,
  Relu6,
  Gelu,
  GeluTanh,
  Silu,
  Mish,
  Softplus /*beta, threshold*/,
  LogSigmoid,
  Elu /*alpha, scale; input_scale 1*/,
  LeakyRelu /*slope*/,
  Hardtanh /*min, max*/,
  Hardsigmoid,
  Hardswish,
  Softsign,
  Hardshrink /*lambda*/,
  Softshrink /*lambda*/,
  Threshold /*threshold, value*/,
  // complex
  Conj,
  Angle /*complex: real result; real: 0 or pi*/,
  Real,
  Imag,
  Count_
};

enum class BinaryOp : uint8_t {
  Add,
  Sub,
  Mul,
  Div /*true division: floating point and complex*/,
  DivTrunc,
  DivFloor,
  Remainder /*sign of the divisor*/,
  Fmod /*sign of the dividend*/,
  Pow,
  Maximum,
  Minimum /*these two propagate NaN*/,
  Fmax,
  Fmin,
  Atan2,
  Hypot,
  Copysign,
  Nextafter,
  Heaviside,
  LogAddExp,
  LogAddExp2,
  Xlogy,
  Xlog1py,
  Gcd,
  Lcm,
  Igamma,
  Igammac,
  Zeta,
  Polygamma /*a = order*/,
  BitwiseAnd,
  BitwiseOr,
  BitwiseXor,
  LeftShift,
  RightShift,
  // out is bool
  Eq,
  Ne,
  Lt,
  Le,
  Gt,
  Ge,
  LogicalAnd,
  LogicalOr,
  LogicalXor,
  // gradients of activations: a = gradient of the result, b = the input or, where told, the result; p0, p1 as in UnaryOp
  ReluGrad /*b: result*/,
  SigmoidGrad /*b: result*/,
  TanhGrad /*b: result*/,
  GeluGrad,
  GeluTanhGrad,
  SiluGrad,
  MishGrad,
  SoftplusGrad,
  LogSigmoidGrad,
  EluGrad /*b: input*/,
  LeakyReluGrad,
  HardtanhGrad,
  HardsigmoidGrad,
  HardswishGrad,
  ShrinkGrad /*hard and soft: b input, p0 lambda*/,
  ThresholdGrad,
  Complex /*real and imaginary part to complex*/,
  Polar,
  Count_
};

enum class TernaryOp : uint8_t {
  Where /*a: bool condition*/,
  Addcmul /*a + p0*b*c*/,
  Addcdiv /*a + p0*b/c*/,
  Lerp /*a + c*(b-a), PyTorch's two branches*/,
  Clamp /*min(max(a,b),c), NaN stays*/,
  Count_
};

enum class ReduceOp : uint8_t {
  Sum,
  Prod,
  Mean,
  Amax,
  Amin /*NaN wins in these two*/,
  Any,
  All /*out bool*/,
  NanSum,
  CountNonzero /*out int64*/,
  LogSumExp,
  SumSquares /*of absolute values; complex in, real out*/,
  SumAbs /*likewise*/,
  AbsMax,
  AbsMin /*likewise*/,
  Count_
};
enum class ArgReduceOp : uint8_t { Argmax, Argmin };
enum class ScanOp : uint8_t { Sum, Prod, LogSumExp, Max, Min };
enum class ScatterOp : uint8_t { Set, Add, Mul, Amax, Amin };
enum class RandomOp : uint8_t {
  Uniform /*[p0, p1)*/,
  Normal /*mean p0, std p1*/,
  Bernoulli /*probability p0*/,
  Integers /*[p0, p1)*/,
  Exponential /*rate p0*/,
  Cauchy /*median p0, sigma p1*/,
  LogNormal /*mean p0, std p1*/,
  Geometric /*p0*/
};

/// Two parameters of an operator with parameters; unused ones are 0.
struct Params {
  double p0 = 0, p1 = 0;
};

/// Where a random operator's numbers lie in the generator's stream: element i of a contiguous output uses Philox-4x32-10 with key `seed` and counter
/// `offset + i / 4`, word i % 4 (64-bit draws: counter offset + i / 2, words 2*(i%2) and the next), whatever the device or thread count.
struct PhiloxState {
  uint64_t seed = 0, offset = 0;
};

/// Options of one fused optimizer step; `step` counts from 1.
struct SgdOptions {
  double lr = 0, momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false, maximize = false, first_step = false;
};
struct AdamOptions {
  double lr = 0, beta1 = 0, beta2 = 0, eps = 0, weight_decay = 0;
  bool decoupled_weight_decay = false, amsgrad = false, maximize = false;
  int64_t step = 1;
};

}  // namespace lazuli
