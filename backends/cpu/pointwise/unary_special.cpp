#include <cmath>

#include "lazuli/backends/cpu/pointwise/special_functions.h"
#include "lazuli/backends/cpu/pointwise/unary.h"

namespace lazuli::cpu {
namespace {

template <class T, class F>
void add(UnaryTable& t, UnaryOp op, F f) {
  t.at(op, dtype_of<T>()) = make_loop<T, T>(Cost::Scalar, f);
}

template <class T>
void fill(UnaryTable& t) {
  add<T>(t, UnaryOp::Erfc, [](T x, const Params&) { return std::erfc(x); });
  add<T>(t, UnaryOp::Erfinv, [](T x, const Params&) { return erfinv(x); });
  add<T>(t, UnaryOp::Lgamma, [](T x, const Params&) { return log_gamma(x); });
  add<T>(t, UnaryOp::Digamma, [](T x, const Params&) { return digamma(x); });
  add<T>(t, UnaryOp::Sinc, [](T x, const Params&) { return sinc(x); });
  add<T>(t, UnaryOp::I0, [](T x, const Params&) { return bessel_i0(x); });
  add<T>(t, UnaryOp::I0e, [](T x, const Params&) { return bessel_i0e(x); });
  add<T>(t, UnaryOp::I1, [](T x, const Params&) { return bessel_i1(x); });
  add<T>(t, UnaryOp::I1e, [](T x, const Params&) { return bessel_i1e(x); });
  add<T>(t, UnaryOp::Erfcx, [](T x, const Params&) { return erfcx(x); });
  add<T>(t, UnaryOp::Ndtri, [](T x, const Params&) { return ndtri(x); });
  add<T>(t, UnaryOp::LogNdtr, [](T x, const Params&) { return log_ndtr(x); });
}

}  // namespace

void fill_unary_special(UnaryTable& table) {
  fill<float>(table);
  fill<double>(table);
}

}  // namespace lazuli::cpu
