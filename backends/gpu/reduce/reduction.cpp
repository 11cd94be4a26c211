// reduce, var_mean, arg_reduce: the folds; how they are run is reduction.cpp's.
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/reduce/fold.h"

namespace lazuli::gpu {
namespace {

// In the texts: s the state, t another, x an element.

// A state of one number (or complex number), and one result. NaN wins in extremes.
constexpr const char* kNumber = R"gpu(
typedef STATE State;
DEVICE ACCUMULATOR greater_of(ACCUMULATOR s, ACCUMULATOR x) { return (x > s || IS_NAN(x)) ? x : s; }
DEVICE ACCUMULATOR less_of(ACCUMULATOR s, ACCUMULATOR x) { return (x < s || IS_NAN(x)) ? x : s; }
DEVICE State start() { State s = START; return s; }
DEVICE State take(State s, int64 r, A_COMPUTE x) { return TAKE; }
DEVICE State merge(State s, State t) { return MERGE; }
#if O_KIND == KIND_COMPLEX
#define FINISH O_STORE(out0, at[0], RESULT)
#elif O_KIND == KIND_BOOL
#define FINISH O_STORE(out0, at[0], (RESULT) != 0)
#else
#define FINISH O_STORE(out0, at[0], (O_COMPUTE)(RESULT))
#endif
)gpu";

constexpr const char* kLogSumExp = R"gpu(
DEVICE State take(State s, int64 r, A_COMPUTE x) { return merge(s, state_of(x)); }
#define FINISH O_STORE(out0, at[0], (O_COMPUTE)(s.greatest == INFINITY || s.greatest == -INFINITY ? s.greatest : s.greatest + log(s.sum)))
)gpu";

// p0: correction.
constexpr const char* kMoments = R"gpu(
#define FINISH \
  const ACCUMULATOR freedom = (ACCUMULATOR)n - (ACCUMULATOR)p0; \
  s = n == 0 ? s : centred(s); \
  O_STORE(out0, at[0], n == 0 ? (ACCUMULATOR)NAN : s.square / (freedom > 0 ? freedom : 0)); \
  if (HAS(out1)) P_STORE(out1, at[1], n == 0 ? (ACCUMULATOR)NAN : s.shift)
)gpu";

// The first extreme; a NaN is the extreme of all. BETTER: > or <; WORST: what all are better than.
constexpr const char* kFirstExtreme = R"gpu(
typedef struct { ACCUMULATOR value; int64 index; } State;
DEVICE State start() { State s; s.value = WORST; s.index = 0x7fffffffffffffffL; return s; }
DEVICE State merge(State s, State t) {
  const int s_nan = IS_NAN(s.value), t_nan = IS_NAN(t.value);
  const int take_t = s_nan != t_nan ? t_nan : s_nan || s.value == t.value ? t.index < s.index : t.value BETTER s.value;
  return take_t ? t : s;
}
DEVICE State take(State s, int64 r, A_COMPUTE x) { State t; t.value = x; t.index = r; return merge(s, t); }
#define FINISH \
  O_STORE(out0, at[0], s.index); \
  if (HAS(out1)) P_STORE(out1, at[1], (P_COMPUTE)s.value)
)gpu";

/// No code: the operator has no fold for this kind of element.
Fold fold_of(ReduceOp op, DType t) {
  auto fold = [](const char* state, const char* start, const char* take, const char* merge, const char* result = "s") {
    return Fold{"", kNumber, {{"STATE", state}, {"START", start}, {"TAKE", take}, {"MERGE", merge}, {"RESULT", result}}};
  };
  const bool complex = is_complex(t), integer = is_integral(t);
  const char *number = "ACCUMULATOR", *plus = "s + t";
  switch (op) {
    case ReduceOp::Any:
      return complex ? fold("int", "0", "(s | (x.re != 0 || x.im != 0))", "(s | t)") : fold("int", "0", "(s | (x != 0))", "(s | t)");
    case ReduceOp::All:
      return complex ? fold("int", "1", "(s & (x.re != 0 || x.im != 0))", "(s & t)") : fold("int", "1", "(s & (x != 0))", "(s & t)");
    case ReduceOp::CountNonzero: return complex ? fold("int64", "0", "s + (x.re != 0 || x.im != 0)", plus) : fold("int64", "0", "s + (x != 0)", plus);
    case ReduceOp::Sum:
      return complex ? fold("COMPLEX", "complex_of(0, 0)", "complex_add(s, x)", "complex_add(s, t)") : fold(number, "0", "s + x", plus);
    case ReduceOp::Prod:
      return complex ? fold("COMPLEX", "complex_of(1, 0)", "complex_mul(s, x)", "complex_mul(s, t)") : fold(number, "1", "s * x", "s * t");
    case ReduceOp::Mean:
      if (integer) break;
      return complex ? fold("COMPLEX", "complex_of(0, 0)", "complex_add(s, x)", "complex_add(s, t)", "complex_of(s.re / (REAL)n, s.im / (REAL)n)")
                     : fold(number, "0", "s + x", plus, "s / (ACCUMULATOR)n");
    case ReduceOp::NanSum:
      if (complex) break;
      return fold(number, "0", "(IS_NAN(x) ? s : s + x)", plus);
    case ReduceOp::Amax:
      if (complex) break;
      return fold(number, "A_LOWEST", "greater_of(s, x)", "greater_of(s, t)");
    case ReduceOp::Amin:
      if (complex) break;
      return fold(number, "A_HIGHEST", "less_of(s, x)", "less_of(s, t)");
    case ReduceOp::SumSquares:
      if (integer) break;
      return fold(number, "0", complex ? "s + (x.re * x.re + x.im * x.im)" : "s + (ACCUMULATOR)x * x", plus);
    case ReduceOp::SumAbs:
      if (integer) break;
      return fold(number, "0", complex ? "s + hypot(x.re, x.im)" : "s + fabs(x)", plus);
    case ReduceOp::AbsMax:
      if (integer) break;
      return fold(number, "-INFINITY", complex ? "greater_of(s, hypot(x.re, x.im))" : "greater_of(s, fabs(x))", "greater_of(s, t)");
    case ReduceOp::AbsMin:
      if (integer) break;
      return fold(number, "INFINITY", complex ? "less_of(s, hypot(x.re, x.im))" : "less_of(s, fabs(x))", "less_of(s, t)");
    case ReduceOp::LogSumExp:
      if (integer || complex) break;
      return {kLogSumExpState, kLogSumExp};
    case ReduceOp::Count_: break;
  }
  return {};
}

void reduce(ReduceOp op, Tensor& out, const Tensor& in) {
  const Fold fold = fold_of(op, in.dtype());
  if (!fold.code || (is_complex(out.dtype()) && in.dtype() != out.dtype())) return reduce_kernel.without_kernel(out.device(), op, out, in);
  reduction(fold, {&out}, {&in}, 0, 0, kFloat32);
}

void var_mean(Tensor& var, Tensor& mean, const Tensor& in, double correction) {
  reduction({kMomentState, kMoments}, {&var, &mean}, {&in}, correction, 0, in.dtype() == kFloat64 ? kFloat64 : kFloat32);
}

void arg_reduce(ArgReduceOp op, Tensor& out, Tensor& values, const Tensor& in, int64_t dim) {
  if (in.dtype() == kBool && !values.defined()) return arg_reduce_kernel.without_kernel(out.device(), op, out, values, in, dim);  // refused there
  if (in.numel() == 0) return;
  const bool greatest = op == ArgReduceOp::Argmax;
  reduction({"", kFirstExtreme, {{"BETTER", greatest ? ">" : "<"}, {"WORST", greatest ? "A_LOWEST" : "A_HIGHEST"}}}, {&out, &values}, {&in}, 0, 0,
            kFloat32);
}

}  // namespace

void register_reduce(DeviceType type) {
  reduce_kernel.set(type, &reduce);
  arg_reduce_kernel.set(type, &arg_reduce, DTypeSet{kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64});
  var_mean_kernel.set(type, &var_mean, DTypeSet{kFloat16, kBFloat16, kFloat32, kFloat64});
}

}  // namespace lazuli::gpu
