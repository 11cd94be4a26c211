#include "lazuli/ops/pointwise/polynomial.h"

#include <cmath>
#include <limits>
#include <vector>

#include "lazuli/autograd/tape.h"
#include "lazuli/ops/base/elementwise_on_host.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::special {
namespace {

// From p(0) = 1 and p(1) by step(k, p(k), p(k-1)) = p(k+1).
template <class T, class F>
T by_recurrence(int64_t n, T first, F step) {
  if (n < 0) return 0;
  if (n == 0) return 1;
  T before = 1, at = first;
  for (int64_t k = 1; k < n && !std::isnan(at); ++k) {
    T next = step(T(k), at, before);
    before = at;
    at = next;
  }
  return at;
}

bool even(int64_t n) { return n % 2 == 0; }

// All four are p(k+1) = 2 x p(k) - p(k-1) and differ in p(1); at the ends of [-1, 1] the values are known, and inside, for higher degrees, the functions of angles are exact.
template <class T>
T chebyshev(char kind, T x, int64_t n) {
  if (n < 0) return 0;
  const T odd = T(n + n + 1), sign = even(n) ? 1 : -1;
  if (std::abs(x) == 1) {
    switch (kind) {
      case 't': return x > 0 ? 1 : sign;
      case 'u': return x > 0 ? T(n + 1) : sign * T(n + 1);
      case 'v': return x > 0 ? 1 : sign * odd;
      default: return x > 0 ? odd : sign;
    }
  }
  if (n > (kind == 't' ? 6 : 8) && std::abs(x) < 1) {
    const T a = std::acos(x);
    switch (kind) {
      case 't': return std::cos(T(n) * a);
      case 'u': return std::sin(a) != 0 ? std::sin(T(n + 1) * a) / std::sin(a) : T(n + 1) * std::cos(T(n + 1) * a) / x;
      case 'v': return std::sin(a / 2) != 1 ? std::cos((T(n) + T(0.5)) * a) / std::cos(a / 2) : sign * odd;
      default: return std::cos(a / 2) != 1 ? std::sin((T(n) + T(0.5)) * a) / std::sin(a / 2) : x > 0 ? odd : sign;
    }
  }
  const T first = kind == 't' ? x : kind == 'u' ? 2 * x : kind == 'v' ? 2 * x - 1 : 2 * x + 1;
  return by_recurrence(n, first, [x](T, T at, T before) { return 2 * x * at - before; });
}

// p(0) = 1, p(1) = slope x + start, p(k+1) = (a x + b) p(k) - c p(k-1): what the derivatives are computed by.
struct Step {
  double a, b, c;
};
struct Polynomial {
  const char* name;
  double slope, start;
  Step (*step)(double k);
  int64_t most = kMostOrder;  // beyond this degree NaN
};

// The derivative of an order of at least 1, by the derivative of the recurrence.
template <class T>
T derivative_at(const Polynomial& p, T x, int64_t n, size_t order) {
  if (n > p.most) return std::numeric_limits<T>::quiet_NaN();
  if (n < int64_t(order)) return 0;
  std::vector<T> before(order + 1, 0), at(order + 1, 0), next(order + 1, 0);
  before[0] = 1;
  at[0] = T(p.slope) * x + T(p.start), at[1] = T(p.slope);
  for (int64_t k = 1; k < n; ++k) {
    const Step s = p.step(double(k));
    const T factor = T(s.a) * x + T(s.b);
    for (size_t m = 0; m <= order; ++m) next[m] = factor * at[m] + (m ? T(m) * T(s.a) * at[m - 1] : T(0)) - T(s.c) * before[m];
    before.swap(at);
    at.swap(next);
  }
  return at[order];
}

Tensor derivative(const Polynomial& p, const Tensor& x, const Tensor& n, size_t order);

// The degree is a whole number, along which nothing is differentiated.
template <class F>
Tensor recorded(const Polynomial& p, const Tensor& x, const Tensor& n, size_t order, F value) {
  need_defined(p.name, x, "x", n, "n");
  Tensor out = elementwise_on_host(p.name, x.detach(), n.detach(), value);
  if (auto tape = Tape::recording(x))
    tape.record(p.name, out, [&p, order, x = tape.save(x), n = tape.save(n)](const Tensor& grad, Needs) {
      return Grads{grad * derivative(p, x.get(), n.get(), order + 1)};
    });
  return out;
}

Tensor derivative(const Polynomial& p, const Tensor& x, const Tensor& n, size_t order) {
  return recorded(p, x, n, order, [&p, order](auto v, int64_t degree) { return derivative_at(p, v, degree, order); });
}

constexpr Step chebyshev_step(double) { return {2, 0, 1}; }
constexpr Step shifted_step(double) { return {4, -2, 1}; }

template <class T>
bool too_high(int64_t n) {
  return n > (sizeof(T) == 4 ? 128 : 512);
}

Tensor chebyshev_of(const Polynomial& p, char kind, const Tensor& x, const Tensor& n) {
  return recorded(p, x, n, 0, [kind](auto v, int64_t degree) { return chebyshev(kind, v, degree); });
}
Tensor shifted_of(const Polynomial& p, char kind, const Tensor& x, const Tensor& n) {
  return recorded(p, x, n, 0, [kind](auto v, int64_t degree) { return chebyshev(kind, decltype(v)(v + v - 1), degree); });
}

}  // namespace

Tensor chebyshev_polynomial_t(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.chebyshev_polynomial_t", 1, 0, chebyshev_step};
  return chebyshev_of(p, 't', x, n);
}
Tensor chebyshev_polynomial_u(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.chebyshev_polynomial_u", 2, 0, chebyshev_step};
  return chebyshev_of(p, 'u', x, n);
}
Tensor chebyshev_polynomial_v(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.chebyshev_polynomial_v", 2, -1, chebyshev_step};
  return chebyshev_of(p, 'v', x, n);
}
Tensor chebyshev_polynomial_w(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.chebyshev_polynomial_w", 2, 1, chebyshev_step};
  return chebyshev_of(p, 'w', x, n);
}
Tensor shifted_chebyshev_polynomial_t(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.shifted_chebyshev_polynomial_t", 2, -1, shifted_step};
  return shifted_of(p, 't', x, n);
}
Tensor shifted_chebyshev_polynomial_u(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.shifted_chebyshev_polynomial_u", 4, -2, shifted_step};
  return shifted_of(p, 'u', x, n);
}
Tensor shifted_chebyshev_polynomial_v(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.shifted_chebyshev_polynomial_v", 4, -3, shifted_step};
  return shifted_of(p, 'v', x, n);
}
Tensor shifted_chebyshev_polynomial_w(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.shifted_chebyshev_polynomial_w", 4, -1, shifted_step};
  return shifted_of(p, 'w', x, n);
}

Tensor hermite_polynomial_h(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.hermite_polynomial_h", 2, 0, [](double k) { return Step{2, 0, 2 * k}; }, 512};
  return recorded(p, x, n, 0, [](auto v, int64_t degree) {
    using T = decltype(v);
    if (too_high<T>(degree)) return std::numeric_limits<T>::quiet_NaN();
    return by_recurrence(degree, T(2 * v), [v](T k, T at, T before) { return 2 * v * at - 2 * k * before; });
  });
}
Tensor hermite_polynomial_he(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.hermite_polynomial_he", 1, 0, [](double k) { return Step{1, 0, k}; }, 512};
  return recorded(p, x, n, 0, [](auto v, int64_t degree) {
    using T = decltype(v);
    if (too_high<T>(degree)) return std::numeric_limits<T>::quiet_NaN();
    return by_recurrence(degree, v, [v](T k, T at, T before) { return v * at - k * before; });
  });
}
Tensor laguerre_polynomial_l(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.laguerre_polynomial_l", -1, 1, [](double k) {
                                  return Step{-1 / (k + 1), (2 * k + 1) / (k + 1), k / (k + 1)};
                                }};
  return recorded(p, x, n, 0, [](auto v, int64_t degree) {
    using T = decltype(v);
    if (v == 0) return T(degree < 0 ? 0 : 1);
    return by_recurrence(degree, T(1 - v), [v](T k, T at, T before) { return ((k + k + (1 - v)) * at - k * before) / (k + 1); });
  });
}
Tensor legendre_polynomial_p(const Tensor& x, const Tensor& n) {
  static constexpr Polynomial p{"special.legendre_polynomial_p", 1, 0, [](double k) { return Step{(2 * k + 1) / (k + 1), 0, k / (k + 1)}; }};
  return recorded(p, x, n, 0, [](auto v, int64_t degree) {
    using T = decltype(v);
    if (degree >= 0 && std::abs(v) == 1) return T(v > 0 || even(degree) ? 1 : -1);
    return by_recurrence(degree, v, [v](T k, T at, T before) { return ((k + k + 1) * v * at - k * before) / (k + 1); });
  });
}

// Numbers, which do not decide about the dtype.
Tensor chebyshev_polynomial_t(const Tensor& x, const Scalar& n) { return chebyshev_polynomial_t(x, wrapped(n, x)); }
Tensor chebyshev_polynomial_t(const Scalar& x, const Tensor& n) { return chebyshev_polynomial_t(wrapped(x, n), n); }
Tensor chebyshev_polynomial_u(const Tensor& x, const Scalar& n) { return chebyshev_polynomial_u(x, wrapped(n, x)); }
Tensor chebyshev_polynomial_u(const Scalar& x, const Tensor& n) { return chebyshev_polynomial_u(wrapped(x, n), n); }
Tensor chebyshev_polynomial_v(const Tensor& x, const Scalar& n) { return chebyshev_polynomial_v(x, wrapped(n, x)); }
Tensor chebyshev_polynomial_v(const Scalar& x, const Tensor& n) { return chebyshev_polynomial_v(wrapped(x, n), n); }
Tensor chebyshev_polynomial_w(const Tensor& x, const Scalar& n) { return chebyshev_polynomial_w(x, wrapped(n, x)); }
Tensor chebyshev_polynomial_w(const Scalar& x, const Tensor& n) { return chebyshev_polynomial_w(wrapped(x, n), n); }
Tensor shifted_chebyshev_polynomial_t(const Tensor& x, const Scalar& n) { return shifted_chebyshev_polynomial_t(x, wrapped(n, x)); }
Tensor shifted_chebyshev_polynomial_t(const Scalar& x, const Tensor& n) { return shifted_chebyshev_polynomial_t(wrapped(x, n), n); }
Tensor shifted_chebyshev_polynomial_u(const Tensor& x, const Scalar& n) { return shifted_chebyshev_polynomial_u(x, wrapped(n, x)); }
Tensor shifted_chebyshev_polynomial_u(const Scalar& x, const Tensor& n) { return shifted_chebyshev_polynomial_u(wrapped(x, n), n); }
Tensor shifted_chebyshev_polynomial_v(const Tensor& x, const Scalar& n) { return shifted_chebyshev_polynomial_v(x, wrapped(n, x)); }
Tensor shifted_chebyshev_polynomial_v(const Scalar& x, const Tensor& n) { return shifted_chebyshev_polynomial_v(wrapped(x, n), n); }
Tensor shifted_chebyshev_polynomial_w(const Tensor& x, const Scalar& n) { return shifted_chebyshev_polynomial_w(x, wrapped(n, x)); }
Tensor shifted_chebyshev_polynomial_w(const Scalar& x, const Tensor& n) { return shifted_chebyshev_polynomial_w(wrapped(x, n), n); }
Tensor hermite_polynomial_h(const Tensor& x, const Scalar& n) { return hermite_polynomial_h(x, wrapped(n, x)); }
Tensor hermite_polynomial_h(const Scalar& x, const Tensor& n) { return hermite_polynomial_h(wrapped(x, n), n); }
Tensor hermite_polynomial_he(const Tensor& x, const Scalar& n) { return hermite_polynomial_he(x, wrapped(n, x)); }
Tensor hermite_polynomial_he(const Scalar& x, const Tensor& n) { return hermite_polynomial_he(wrapped(x, n), n); }
Tensor laguerre_polynomial_l(const Tensor& x, const Scalar& n) { return laguerre_polynomial_l(x, wrapped(n, x)); }
Tensor laguerre_polynomial_l(const Scalar& x, const Tensor& n) { return laguerre_polynomial_l(wrapped(x, n), n); }
Tensor legendre_polynomial_p(const Tensor& x, const Scalar& n) { return legendre_polynomial_p(x, wrapped(n, x)); }
Tensor legendre_polynomial_p(const Scalar& x, const Tensor& n) { return legendre_polynomial_p(wrapped(x, n), n); }

}  // namespace lazuli::special

namespace lazuli {

void register_polynomial(OpTable& table) {
  using TT = Tensor (*)(const Tensor&, const Tensor&);
  table.add("special.chebyshev_polynomial_t(Tensor|Scalar x, Tensor|Scalar n) -> Tensor", static_cast<TT>(&special::chebyshev_polynomial_t));
  table.add("special.chebyshev_polynomial_u(Tensor|Scalar x, Tensor|Scalar n) -> Tensor", static_cast<TT>(&special::chebyshev_polynomial_u));
  table.add("special.chebyshev_polynomial_v(Tensor|Scalar x, Tensor|Scalar n) -> Tensor", static_cast<TT>(&special::chebyshev_polynomial_v));
  table.add("special.chebyshev_polynomial_w(Tensor|Scalar x, Tensor|Scalar n) -> Tensor", static_cast<TT>(&special::chebyshev_polynomial_w));
  table.add("special.shifted_chebyshev_polynomial_t(Tensor|Scalar x, Tensor|Scalar n) -> Tensor",
            static_cast<TT>(&special::shifted_chebyshev_polynomial_t));
  table.add("special.shifted_chebyshev_polynomial_u(Tensor|Scalar x, Tensor|Scalar n) -> Tensor",
            static_cast<TT>(&special::shifted_chebyshev_polynomial_u));
  table.add("special.shifted_chebyshev_polynomial_v(Tensor|Scalar x, Tensor|Scalar n) -> Tensor",
            static_cast<TT>(&special::shifted_chebyshev_polynomial_v));
  table.add("special.shifted_chebyshev_polynomial_w(Tensor|Scalar x, Tensor|Scalar n) -> Tensor",
            static_cast<TT>(&special::shifted_chebyshev_polynomial_w));
  table.add("special.hermite_polynomial_h(Tensor|Scalar x, Tensor|Scalar n) -> Tensor", static_cast<TT>(&special::hermite_polynomial_h));
  table.add("special.hermite_polynomial_he(Tensor|Scalar x, Tensor|Scalar n) -> Tensor", static_cast<TT>(&special::hermite_polynomial_he));
  table.add("special.laguerre_polynomial_l(Tensor|Scalar x, Tensor|Scalar n) -> Tensor", static_cast<TT>(&special::laguerre_polynomial_l));
  table.add("special.legendre_polynomial_p(Tensor|Scalar x, Tensor|Scalar n) -> Tensor", static_cast<TT>(&special::legendre_polynomial_p));
}

}  // namespace lazuli
