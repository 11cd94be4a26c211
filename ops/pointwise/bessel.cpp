#include "lazuli/ops/pointwise/bessel.h"

#include <math.h>  // j0, j1, y0, y1

#include <cmath>
#include <limits>

#include "lazuli/autograd/tape.h"
#include "lazuli/ops/base/elementwise_on_host.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::special {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN(), kPi = 3.14159265358979323846;

template <class F, class G>
Tensor recorded(const char* name, const Tensor& self, F f, G formula) {
  need_defined(name, self);
  Tensor out = elementwise_on_host(name, self, f);
  if (auto tape = Tape::recording(self))
    tape.record(name, out, [x = tape.save(self), formula](const Tensor& grad, Needs) { return Grads{grad * formula(x.get())}; });
  return out;
}

// K(x) for 0 < x < 60. Below 1e-8 by what is left of its series, -log(x / 2) - gamma or 1 / x; there std::cyl_bessel_k finds no end.
double middle_k(int order, double x) {
  constexpr double gamma = 0.57721566490153286061;
  if (x >= 1e-8) return std::cyl_bessel_k(double(order), x);
  return order == 0 ? -std::log(x / 2) - gamma : 1 / x;
}
// e^x K(x); from x = 60 on by sqrt(pi / 2x) (1 + (m - 1) / 8x + (m - 1)(m - 9) / (2! (8x)^2) + ..), m = 4 order^2.
double scaled_k(int order, double x) {
  if (x < 0 || std::isnan(x)) return kNaN;
  if (x == 0) return kInf;
  if (x < 60) return std::exp(x) * middle_k(order, x);
  double sum = 1, term = 1;
  for (int k = 1; k < 15; ++k) {
    term *= (4.0 * order * order - (2 * k - 1) * (2 * k - 1)) / (8 * k * x);
    sum += term;
  }
  return std::sqrt(kPi / (2 * x)) * sum;
}
double modified_k(int order, double x) { return x > 0 && x < 60 ? middle_k(order, x) : scaled_k(order, x) * (x > 0 ? std::exp(-x) : 1); }

// Through Bessel functions of order 1/3 and 2/3 at z = 2/3 |x|^(3/2): https://dlmf.nist.gov/9.6
struct AiryAt {
  double root, z;
  explicit AiryAt(double x) : root(std::sqrt(std::abs(x))), z(2.0 / 3 * root * std::abs(x)) {}
};
double airy(double x) {
  if (std::isnan(x) || std::isinf(x)) return kNaN;
  if (x > 103.892) return 0;
  if (std::abs(x) < 1e-8) return 0.35502805388781723926 - 0.25881940379280679841 * x;
  const AiryAt at(x);
  const double third = 1.0 / 3;
  if (x > 0) return at.root / (kPi * std::sqrt(3.0)) * std::cyl_bessel_k(third, at.z);
  // J of order -1/3 is cos(pi/3) J - sin(pi/3) Y
  return at.root / 3 * (1.5 * std::cyl_bessel_j(third, at.z) - 0.5 * std::sqrt(3.0) * std::cyl_neumann(third, at.z));
}
double airy_slope(double x) {
  if (std::isnan(x) || std::isinf(x)) return kNaN;
  if (x > 103.892) return 0;
  if (std::abs(x) < 1e-8) return -0.25881940379280679841;
  const AiryAt at(x);
  const double order = 2.0 / 3;
  if (x > 0) return -x / (kPi * std::sqrt(3.0)) * std::cyl_bessel_k(order, at.z);
  // J of order -2/3 is cos(2 pi/3) J - sin(2 pi/3) Y
  return -x / 3 * (1.5 * std::cyl_bessel_j(order, at.z) + 0.5 * std::sqrt(3.0) * std::cyl_neumann(order, at.z));
}

double spherical(double x) {
  if (std::isinf(x)) return 0;
  if (std::abs(x) >= 0.5) return std::sin(x) / x;
  const double s = x * x;
  return 1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110))));
}

// f(x) / x in the derivative of the functions of order 1, which is 1/2 at 0 in all.
template <class F, class G>
Tensor derivative_of_first(const Tensor& x, F zeroth, G first) {
  Tensor at_zero = x == 0, safe = where(at_zero, 1, x);
  return where(at_zero, 0.5, zeroth(safe) - first(safe) / safe);
}

}  // namespace

Tensor bessel_j0(const Tensor& self) {
  return recorded(
      "special.bessel_j0", self, [](double x) { return ::j0(x); }, [](const Tensor& x) { return -bessel_j1(x); });
}
Tensor bessel_j1(const Tensor& self) {
  return recorded(
      "special.bessel_j1", self, [](double x) { return ::j1(x); }, [](const Tensor& x) { return derivative_of_first(x, bessel_j0, bessel_j1); });
}
Tensor bessel_y0(const Tensor& self) {
  return recorded(
      "special.bessel_y0", self, [](double x) { return x > 0    ? ::y0(x)
                                                       : x == 0 ? -kInf
                                                                : kNaN; }, [](const Tensor& x) { return -bessel_y1(x); });
}
Tensor bessel_y1(const Tensor& self) {
  return recorded(
      "special.bessel_y1", self, [](double x) { return x > 0    ? ::y1(x)
                                                       : x == 0 ? -kInf
                                                                : kNaN; },
      [](const Tensor& x) { return bessel_y0(x) - bessel_y1(x) / x; });
}
Tensor modified_bessel_i0(const Tensor& self) {
  need_defined("special.modified_bessel_i0", self);
  return i0(self);
}
Tensor modified_bessel_i1(const Tensor& self) {
  need_defined("special.modified_bessel_i1", self);
  return i1(self);
}
Tensor modified_bessel_k0(const Tensor& self) {
  return recorded(
      "special.modified_bessel_k0", self, [](double x) { return modified_k(0, x); }, [](const Tensor& x) { return -modified_bessel_k1(x); });
}
Tensor modified_bessel_k1(const Tensor& self) {
  return recorded(
      "special.modified_bessel_k1", self, [](double x) { return modified_k(1, x); },
      [](const Tensor& x) { return -modified_bessel_k0(x) - modified_bessel_k1(x) / x; });
}
Tensor scaled_modified_bessel_k0(const Tensor& self) {
  return recorded(
      "special.scaled_modified_bessel_k0", self, [](double x) { return scaled_k(0, x); },
      [](const Tensor& x) { return scaled_modified_bessel_k0(x) - scaled_modified_bessel_k1(x); });
}
Tensor scaled_modified_bessel_k1(const Tensor& self) {
  return recorded(
      "special.scaled_modified_bessel_k1", self, [](double x) { return scaled_k(1, x); },
      [](const Tensor& x) { return scaled_modified_bessel_k1(x) * (1 - 1 / x) - scaled_modified_bessel_k0(x); });
}
Tensor spherical_bessel_j0(const Tensor& self) {
  return recorded(
      "special.spherical_bessel_j0", self, [](double x) { return spherical(x); },
      [](const Tensor& x) {  // (cos x - sin x / x) / x, of which nothing is left near 0
        const Tensor small = abs(x) < 1e-2, away = where(small, ones_like(x), x);
        return where(small, x * (x * x / 30 - 1.0 / 3), (cos(away) - spherical_bessel_j0(away)) / away);
      });
}
Tensor airy_ai(const Tensor& self) {
  return recorded("special.airy_ai", self, airy, [](const Tensor& x) {  // Ai'' = x Ai
    return recorded("special.airy_ai", x, airy_slope, [](const Tensor& y) { return y * airy_ai(y); });
  });
}

}  // namespace lazuli::special

namespace lazuli {

void register_bessel(OpTable& table) {
  table.add("special.bessel_j0(Tensor self) -> Tensor", &special::bessel_j0);
  table.add("special.bessel_j1(Tensor self) -> Tensor", &special::bessel_j1);
  table.add("special.bessel_y0(Tensor self) -> Tensor", &special::bessel_y0);
  table.add("special.bessel_y1(Tensor self) -> Tensor", &special::bessel_y1);
  table.add("special.modified_bessel_i0(Tensor self) -> Tensor", &special::modified_bessel_i0);
  table.add("special.modified_bessel_i1(Tensor self) -> Tensor", &special::modified_bessel_i1);
  table.add("special.modified_bessel_k0(Tensor self) -> Tensor", &special::modified_bessel_k0);
  table.add("special.modified_bessel_k1(Tensor self) -> Tensor", &special::modified_bessel_k1);
  table.add("special.scaled_modified_bessel_k0(Tensor self) -> Tensor", &special::scaled_modified_bessel_k0);
  table.add("special.scaled_modified_bessel_k1(Tensor self) -> Tensor", &special::scaled_modified_bessel_k1);
  table.add("special.spherical_bessel_j0(Tensor self) -> Tensor", &special::spherical_bessel_j0);
  table.add("special.airy_ai(Tensor self) -> Tensor", &special::airy_ai);
}

}  // namespace lazuli
