// reduce, var_mean: chooses the folding kernel for the operator and dtype, and writes accumulators as the output's dtype.
#include <cmath>
#include <limits>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/reduce/float_reduction.h"
#include "lazuli/backends/cpu/reduce/reduction_arg.h"
#include "lazuli/core/slots.h"

namespace lazuli::cpu {
namespace {

const char* name_of(ReduceOp op) {
  constexpr const char* names[] = {"sum",    "prod",          "mean",      "amax",        "amin",    "any",     "all",
                                   "nansum", "count_nonzero", "logsumexp", "sum_squares", "sum_abs", "abs_max", "abs_min"};
  static_assert(std::size(names) == size_t(ReduceOp::Count_));
  return names[int(op)];
}

}  // namespace

Fold fold_of(ReduceOp op) {
  switch (op) {
    case ReduceOp::Prod: return Fold::Prod;
    case ReduceOp::Amax: return Fold::Max;
    case ReduceOp::Amin: return Fold::Min;
    case ReduceOp::Any:
    case ReduceOp::All:
    case ReduceOp::CountNonzero: return Fold::CountNonzero;
    case ReduceOp::NanSum: return Fold::NanSum;
    case ReduceOp::SumSquares: return Fold::SumSquares;
    case ReduceOp::SumAbs: return Fold::SumAbs;
    case ReduceOp::AbsMax: return Fold::AbsMax;
    case ReduceOp::AbsMin: return Fold::AbsMin;
    default: return Fold::Sum;
  }
}

namespace {

struct Writer {
  ReduceOp op;
  int64_t count;
  char *out, *out2;
  double correction;
};

template <class To, class From, class F>
void write_all(const Writer& w, const From* accumulators, int64_t n, int64_t offset, int64_t stride, F&& f) {
  To* out = reinterpret_cast<To*>(w.out) + offset;
  for (int64_t i = 0; i < n; ++i) out[i * stride] = convert<To>(f(accumulators[i]));
}

// From: the accumulator; To: the element type of the output
template <class From, class To>
void write(void* context, const void* accumulators, int64_t n, const int64_t* offset, const int64_t* stride) {
  const Writer& w = *static_cast<Writer*>(context);
  const From* acc = static_cast<const From*>(accumulators);
  switch (w.op) {
    case ReduceOp::Mean: {
      if constexpr (is_complex_type<From>) {
        return write_all<To>(w, acc, n, offset[0], stride[0], [c = double(w.count)](From a) { return From(a.re / c, a.im / c); });
      } else {
        return write_all<To>(w, acc, n, offset[0], stride[0], [c = double(w.count)](From a) { return double(a) / c; });
      }
    }
    case ReduceOp::All: return write_all<To>(w, acc, n, offset[0], stride[0], [c = From(w.count)](From a) { return a == c; });
    case ReduceOp::Any: return write_all<To>(w, acc, n, offset[0], stride[0], [](From a) { return a != From(0); });
    default: return write_all<To>(w, acc, n, offset[0], stride[0], [](From a) { return a; });
  }
}

template <class To>
void write_log_sum_exp(void* context, const void* accumulators, int64_t n, const int64_t* offset, const int64_t* stride) {
  write_all<To>(*static_cast<Writer*>(context), static_cast<const LogSumExpState*>(accumulators), n, offset[0], stride[0],
                [](const LogSumExpState& s) { return s.result(); });
}

template <class From>
void fold_into(Tensor& out, const Tensor& in, const ReduceKernel& kernel, Writer& writer) {
  auto finish = dispatch(out.dtype(), [](auto to) { return &write<From, decltype(to)>; });
  run_reduction(in, out, nullptr, kernel, {finish, &writer});
}

void reduce(ReduceOp op, Tensor& out, const Tensor& in) {
  if (out.numel() == 0) return;
  const DType dtype = in.dtype();
  Writer writer{op, in.numel() / out.numel(), static_cast<char*>(out.address()), nullptr, 0};
  if (op == ReduceOp::LogSumExp) {
    if (!is_floating_point(dtype)) refuse_dtype(name_of(op), dtype);
    auto finish = dispatch(out.dtype(), [](auto to) { return &write_log_sum_exp<decltype(to)>; });
    return run_reduction(in, out, nullptr, log_sum_exp_kernel(dtype), {finish, &writer});
  }
  if (is_floating_point(dtype)) return fold_into<double>(out, in, float_reduce_kernel(fold_of(op), dtype), writer);
  const ReduceKernel* kernel = is_complex(dtype) ? complex_reduce_kernel(fold_of(op), dtype) : integer_reduce_kernel(fold_of(op), dtype);
  if (!kernel) refuse_dtype(name_of(op), dtype);
  if (is_complex(dtype)) fold_into<complex128>(out, in, *kernel, writer);
  else fold_into<int64_t>(out, in, *kernel, writer);
}

// var = m2 / max(0, count - correction); no elements give NaN
double variance(double m2, double count, double correction) {
  const double divisor = count - correction;
  return count == 0 ? std::numeric_limits<double>::quiet_NaN() : m2 / (divisor > 0 ? divisor : 0.0);
}

template <class T>
void write_moments(void* context, const void* accumulators, int64_t n, const int64_t* offset, const int64_t* stride) {
  const Writer& w = *static_cast<Writer*>(context);
  for (int64_t i = 0; i < n; ++i) {
    if constexpr (is_complex_type<T>) {
      const auto& s = static_cast<const ComplexMomentState*>(accumulators)[i];
      using Real = decltype(T().re);
      reinterpret_cast<Real*>(w.out)[offset[0] + i * stride[0]] = Real(variance(s.m2, s.count, w.correction));
      if (w.out2) reinterpret_cast<T*>(w.out2)[offset[1] + i * stride[1]] = s.count ? T(Real(s.mean_re), Real(s.mean_im)) : T(Real(NAN), Real(NAN));
    } else {
      const auto& s = static_cast<const MomentState*>(accumulators)[i];
      reinterpret_cast<T*>(w.out)[offset[0] + i * stride[0]] = convert<T>(variance(s.m2, s.count, w.correction));
      if (w.out2) reinterpret_cast<T*>(w.out2)[offset[1] + i * stride[1]] = convert<T>(s.count ? s.mean : NAN);
    }
  }
}

void var_mean(Tensor& var, Tensor& mean, const Tensor& in, double correction) {
  if (is_integral(in.dtype())) refuse_dtype("var_mean", in.dtype());
  if (var.numel() == 0) return;
  Writer writer{ReduceOp::Mean, 0, static_cast<char*>(var.address()), mean.defined() ? static_cast<char*>(mean.address()) : nullptr, correction};
  auto finish = dispatch(in.dtype(), [](auto t) -> decltype(ReduceFinish::write) {
    using T = decltype(t);
    if constexpr (is_float_type<T> || is_complex_type<T>) return &write_moments<T>;
    else return nullptr;
  });
  run_reduction(in, var, mean.defined() ? &mean : nullptr, is_complex(in.dtype()) ? complex_moment_kernel(in.dtype()) : moment_kernel(in.dtype()),
                {finish, &writer});
}

}  // namespace

void write_folded(ReduceOp op, int64_t count, Tensor& out, int64_t first, const double* accumulators, int64_t n) {
  Writer writer{op, count, static_cast<char*>(out.address()), nullptr, 0};
  const int64_t stride = 1;
  dispatch(out.dtype(), [&](auto to) { write<double, decltype(to)>(&writer, accumulators, n, &first, &stride); });
}

void register_reduce() {
  reduce_kernel.set(DeviceType::CPU, reduce);
  var_mean_kernel.set(DeviceType::CPU, var_mean);
  arg_reduce_kernel.set(DeviceType::CPU, arg_reduce);
}

}  // namespace lazuli::cpu
