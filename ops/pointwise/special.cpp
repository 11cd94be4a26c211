#include "lazuli/ops/pointwise/special.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

constexpr double kRootPi = 1.77245385090551602730, kRootTwoPi = 2.50662827463100050242, kRootHalf = 0.70710678118654752440,
                 kRootTwoOverPi = 0.79788456080286535588;
constexpr DTypeRule kFloat = DTypeRule::Float;

[[noreturn]] void no_derivative(const char* op, const char* argument) {
  fail(ErrorKind::NotSupported, op, argument, "an argument that does not require grad: this operator has no derivative with respect to it");
}

}  // namespace

Tensor erf(Target target, const Tensor& self) {
  refuse_complex("erf", self);
  return unary_of_input(target, "erf", UnaryOp::Erf, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad * exp(-(x * x)) * (2 / kRootPi); });
}
Tensor erf(const Tensor& self) { return erf(Target(), self); }
Tensor& erf_(const Tensor& self) { return in_place("erf_", self, SelfIs::Saved, erf); }
Tensor erfc(Target target, const Tensor& self) {
  refuse_complex("erfc", self);
  return unary_of_input(target, "erfc", UnaryOp::Erfc, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad * exp(-(x * x)) * (-2 / kRootPi); });
}
Tensor erfc(const Tensor& self) { return erfc(Target(), self); }
Tensor& erfc_(const Tensor& self) { return in_place("erfc_", self, SelfIs::Saved, erfc); }
Tensor erfinv(Target target, const Tensor& self) {
  refuse_complex("erfinv", self);
  return unary_of_output(target, "erfinv", UnaryOp::Erfinv, self, kFloat,
                         [](const Tensor& grad, const Tensor& y) { return grad * exp(y * y) * (kRootPi / 2); });
}
Tensor erfinv(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return erfinv(cast(self));
  return erfinv(Target(), self);
}
Tensor& erfinv_(const Tensor& self) { return in_place("erfinv_", self, SelfIs::NotSaved, erfinv); }

Tensor lgamma(Target target, const Tensor& self) {
  refuse_complex("lgamma", self);
  return unary_of_input(target, "lgamma", UnaryOp::Lgamma, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad * digamma(x); });
}
Tensor lgamma(const Tensor& self) { return lgamma(Target(), self); }
Tensor& lgamma_(const Tensor& self) { return in_place("lgamma_", self, SelfIs::Saved, lgamma); }
Tensor digamma(Target target, const Tensor& self) {
  refuse_complex("digamma", self);
  return unary_of_input(target, "digamma", UnaryOp::Digamma, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad * polygamma(1, x); });
}
Tensor digamma(const Tensor& self) { return digamma(Target(), self); }
Tensor& digamma_(const Tensor& self) { return in_place("digamma_", self, SelfIs::Saved, digamma); }
Tensor polygamma(Target target, int64_t n, const Tensor& self) {
  if (n < 0) fail("polygamma", "n", "an order that is not negative", std::to_string(n));
  refuse_complex("polygamma", self);
  if (n == 0) return digamma(target, self);
  Tensor out = pointwise(target, "polygamma", BinaryOp::Polygamma, wrapped(n, self), self, kFloat);
  if (auto tape = Tape::recording(self))
    tape.record("polygamma", out,
                [n, x = tape.save(self)](const Tensor& grad, Needs) { return Grads{grad * polygamma(n < INT64_MAX ? n + 1 : n, x.get())}; });
  return out;
}
Tensor polygamma(int64_t n, const Tensor& self) { return polygamma(Target(), n, self); }
Tensor& polygamma_(const Tensor& self, int64_t n) {
  return in_place("polygamma_", self, {}, SelfIs::Saved, [&](Target target, const Tensor& x) { return polygamma(target, n, x); });
}
Tensor mvlgamma(const Tensor& self, int64_t p) {
  need_defined("mvlgamma", self);
  constexpr int64_t kMost = 4096;  // one lgamma each
  if (p < 1 || p > kMost) fail("mvlgamma", "p", "a dimension from 1 to " + std::to_string(kMost), std::to_string(p));
  if (self.dtype() == kBool) fail_dtype("mvlgamma", "self", "a tensor of numbers", kBool);
  Tensor sum = lgamma(self);
  for (int64_t j = 1; j < p; ++j) sum = sum + lgamma(self - double(j) / 2);
  return sum + double(p * (p - 1)) / 4 * 1.14472988584940017414;  // log(pi)
}
Tensor& mvlgamma_(const Tensor& self, int64_t p) {
  return in_place_aside("mvlgamma_", self, {}, [&](const Tensor& x) { return mvlgamma(x, p); });
}

Tensor i0(Target target, const Tensor& self) {
  refuse_complex("i0", self);
  return unary_of_input(target, "i0", UnaryOp::I0, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad * special::i1(x); });
}
Tensor i0(const Tensor& self) { return i0(Target(), self); }
Tensor& i0_(const Tensor& self) { return in_place("i0_", self, SelfIs::Saved, i0); }

Tensor logit(const Tensor& self, std::optional<double> eps) {
  refuse_complex("logit", self);
  Tensor x = is_integral(self.dtype()) ? to(self, get_default_dtype()) : self;
  if (eps && *eps >= 0) {
    Tensor inside = where(x < *eps, *eps, where(x > 1 - *eps, 1 - *eps, x));
    return log(inside / (1 - inside));
  }
  Tensor out;
  {
    no_grad guard;
    out = log(x / (1 - x));
  }
  if (auto tape = Tape::recording(x))
    tape.record("logit", out, [x = tape.save(x)](const Tensor& grad, Needs) {
      Tensor p = x.get();
      return Grads{where((p < 0) | (p > 1), Scalar(__builtin_nan("")), grad / (p * (1 - p)))};
    });
  return out;
}
Tensor& logit_(const Tensor& self, std::optional<double> eps) {
  return in_place_aside("logit_", self, {}, [&](const Tensor& x) { return logit(x, eps); });
}

namespace {
// d/dx of the lower one: x^(a-1) e^-x / gamma(a).
Tensor incomplete_gamma(Target target, const char* name, BinaryOp op, const Tensor& self, const Tensor& other, double sign) {
  refuse_complex(name, self, other);
  Tensor out = pointwise(target, name, op, self, other, kFloat);
  if (auto tape = Tape::recording(self, other))
    tape.record(name, out, [name, sign, a = tape.save(self), x = tape.save(other)](const Tensor& grad, Needs needs) {
      if (needs[0]) no_derivative(name, "self");
      Tensor order = a.get(), at = x.get();
      return Grads{Tensor(), grad * exp(xlogy(order - 1, at) - at - lgamma(order)) * sign};
    });
  return out;
}
}  // namespace
Tensor igamma(const Tensor& self, const Tensor& other) { return incomplete_gamma(Target(), "igamma", BinaryOp::Igamma, self, other, 1); }
Tensor igammac(const Tensor& self, const Tensor& other) { return incomplete_gamma(Target(), "igammac", BinaryOp::Igammac, self, other, -1); }

Tensor& igamma_(const Tensor& self, const Tensor& other) {
  return in_place("igamma_", self, {&other}, SelfIs::Saved,
                  [&](Target target, const Tensor& x) { return incomplete_gamma(target, "igamma", BinaryOp::Igamma, x, other, 1); });
}
Tensor& igammac_(const Tensor& self, const Tensor& other) {
  return in_place("igammac_", self, {&other}, SelfIs::Saved,
                  [&](Target target, const Tensor& x) { return incomplete_gamma(target, "igammac", BinaryOp::Igammac, x, other, -1); });
}

namespace special {

Tensor entr(const Tensor& self) {
  refuse_complex("special.entr", self);
  Tensor x = is_integral(self.dtype()) ? to(self, get_default_dtype()) : self, out;
  {
    no_grad guard;
    out = where(x < 0, -Scalar(__builtin_inf()), -xlogy(x, x));
  }
  if (auto tape = Tape::recording(x))
    tape.record("special.entr", out, [x = tape.save(x)](const Tensor& grad, Needs) { return Grads{grad * (-1 - log(x.get()))}; });
  return out;
}
Tensor erfcx(const Tensor& self) {
  refuse_complex("special.erfcx", self);
  return unary_of_input("special.erfcx", UnaryOp::Erfcx, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad * (x * erfcx(x) * 2 - 2 / kRootPi); });
}
Tensor i0e(const Tensor& self) {
  refuse_complex("special.i0e", self);
  return unary_of_input("special.i0e", UnaryOp::I0e, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad * (i1e(x) - sgn(x) * i0e(x)); });
}
// The quotients are 0 / 0 at 0, where the derivative is 1/2, and lose their digits at the least numbers.
Tensor near_zero(const Tensor& x) {
  const bool narrow = x.dtype() == kFloat16 || x.dtype() == kBFloat16;
  return abs(x) <= Scalar(narrow ? 1e-4 : 1e-30);
}
Tensor i1(const Tensor& self) {
  refuse_complex("special.i1", self);
  return unary_of_input("special.i1", UnaryOp::I1, self, kFloat, [](const Tensor& grad, const Tensor& x) {
    Tensor at_zero = near_zero(x), safe = where(at_zero, 1, x);
    return grad * where(at_zero, 0.5, i0(safe) - i1(safe) / safe);
  });
}
Tensor i1e(const Tensor& self) {
  refuse_complex("special.i1e", self);
  return unary_of_input("special.i1e", UnaryOp::I1e, self, kFloat, [](const Tensor& grad, const Tensor& x) {
    Tensor at_zero = near_zero(x), safe = where(at_zero, 1, x);
    return grad * where(at_zero, 0.5, i0e(safe) - i1e(safe) * sgn(safe) - i1e(safe) / safe);
  });
}
Tensor ndtr(const Tensor& self) {
  refuse_complex("special.ndtr", self);
  return erfc(self * -kRootHalf) * 0.5;
}
Tensor ndtri(const Tensor& self) {
  refuse_complex("special.ndtri", self);
  return unary_of_output(Target(), "special.ndtri", UnaryOp::Ndtri, self, kFloat,
                         [](const Tensor& grad, const Tensor& y) { return grad * exp(y * y * 0.5) * kRootTwoPi; });
}
Tensor log_ndtr(const Tensor& self) {
  refuse_complex("special.log_ndtr", self);
  return unary_of_input("special.log_ndtr", UnaryOp::LogNdtr, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad / erfcx(x * -kRootHalf) * kRootTwoOverPi; });
}

Tensor xlog1py(const Tensor& self, const Tensor& other) {
  refuse_complex("special.xlog1py", self, other);
  Tensor out = pointwise("special.xlog1py", BinaryOp::Xlog1py, self, other, kFloat);
  if (auto tape = Tape::recording(self, other))
    tape.record("special.xlog1py", out, [a = tape.save(self), b = tape.save(other)](const Tensor& grad, Needs needs) {
      Tensor x = a.get(), y = b.get();
      return Grads{needs[0] ? masked_fill(grad * log1p(y), (x == 0) & (y <= -1), 0) : Tensor(), needs[1] ? grad * x / (y + 1) : Tensor()};
    });
  return out;
}
Tensor xlog1py(const Tensor& self, const Scalar& other) { return xlog1py(self, wrapped(other, self)); }
Tensor xlog1py(const Scalar& self, const Tensor& other) { return xlog1py(wrapped(self, other), other); }

Tensor zeta(const Tensor& self, const Tensor& other) {
  refuse_complex("special.zeta", self, other);
  Tensor out = pointwise("special.zeta", BinaryOp::Zeta, self, other, kFloat);
  if (auto tape = Tape::recording(self, other))
    tape.record("special.zeta", out, [s = tape.save(self), q = tape.save(other)](const Tensor& grad, Needs needs) {
      if (needs[0]) no_derivative("special.zeta", "self");
      Tensor power = s.get();
      return Grads{Tensor(), grad * -power * zeta(power + 1, q.get())};
    });
  return out;
}
Tensor zeta(const Tensor& self, const Scalar& other) { return zeta(self, wrapped(other, self)); }
Tensor zeta(const Scalar& self, const Tensor& other) { return zeta(wrapped(self, other), other); }

}  // namespace special

void register_special(OpTable& table) {
  using TT = Tensor (*)(const Tensor&, const Tensor&);
  table.add("erf(Tensor self) -> Tensor", &erf);
  table.add("erf_(Tensor(a!) self) -> Tensor(a!)", &erf_);
  table.add("erfc(Tensor self) -> Tensor", &erfc);
  table.add("erfc_(Tensor(a!) self) -> Tensor(a!)", &erfc_);
  table.add("erfinv(Tensor self) -> Tensor", &erfinv);
  table.add("erfinv_(Tensor(a!) self) -> Tensor(a!)", &erfinv_);
  table.add("lgamma(Tensor self) -> Tensor", &lgamma);
  table.add("lgamma_(Tensor(a!) self) -> Tensor(a!)", &lgamma_);
  table.add("digamma(Tensor self) -> Tensor", &digamma);
  table.add("digamma_(Tensor(a!) self) -> Tensor(a!)", &digamma_);
  table.add("polygamma(int n, Tensor self) -> Tensor", static_cast<Tensor (*)(int64_t, const Tensor&)>(&polygamma));
  table.add("polygamma_(Tensor(a!) self, int n) -> Tensor(a!)", &polygamma_);
  table.add("mvlgamma(Tensor self, int p) -> Tensor", &mvlgamma);
  table.add("mvlgamma_(Tensor(a!) self, int p) -> Tensor(a!)", &mvlgamma_);
  table.add("i0(Tensor self) -> Tensor", &i0);
  table.add("i0_(Tensor(a!) self) -> Tensor(a!)", &i0_);
  table.add("logit(Tensor self, float? eps=None) -> Tensor", &logit);
  table.add("logit_(Tensor(a!) self, float? eps=None) -> Tensor(a!)", &logit_);
  table.add("igamma(Tensor self, Tensor other) -> Tensor", &igamma);
  table.add("igamma_(Tensor(a!) self, Tensor other) -> Tensor(a!)", &igamma_);
  table.add("igammac(Tensor self, Tensor other) -> Tensor", &igammac);
  table.add("igammac_(Tensor(a!) self, Tensor other) -> Tensor(a!)", &igammac_);
  table.add("special.entr(Tensor self) -> Tensor", &special::entr);
  table.add("special.erfcx(Tensor self) -> Tensor", &special::erfcx);
  table.add("special.i0e(Tensor self) -> Tensor", &special::i0e);
  table.add("special.i1(Tensor self) -> Tensor", &special::i1);
  table.add("special.i1e(Tensor self) -> Tensor", &special::i1e);
  table.add("special.ndtr(Tensor self) -> Tensor", &special::ndtr);
  table.add("special.ndtri(Tensor self) -> Tensor", &special::ndtri);
  table.add("special.log_ndtr(Tensor self) -> Tensor", &special::log_ndtr);
  table.add("special.xlog1py(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&special::xlog1py));
  table.add("special.zeta(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&special::zeta));
  for (auto [alias, of] : {std::pair("special.erf", "erf"),
                           {"special.erfc", "erfc"},
                           {"special.erfinv", "erfinv"},
                           {"special.gammaln", "lgamma"},
                           {"special.psi", "digamma"},
                           {"special.digamma", "digamma"},
                           {"special.polygamma", "polygamma"},
                           {"special.multigammaln", "mvlgamma"},
                           {"special.i0", "i0"},
                           {"special.logit", "logit"},
                           {"special.gammainc", "igamma"},
                           {"special.gammaincc", "igammac"}})
    table.alias(alias, of);
}

}  // namespace lazuli
