// Complex arithmetic in vectors beside std::complex, for lengths that do and do not fill a vector, and at the edges.
#include <cmath>
#include <complex>
#include <functional>

#include "lazuli/core/random/generator.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

template <class T>
std::vector<std::complex<T>> elements(const Tensor& t) {
  const Tensor parts = view_as_real(t.resolve_conj().contiguous());
  const T* p = parts.const_data_ptr<T>();
  std::vector<std::complex<T>> out;
  for (int64_t i = 0; i < t.numel(); ++i) out.emplace_back(p[2 * i], p[2 * i + 1]);
  return out;
}
template <class T>
bool same(T a, T b, T tolerance) {
  return a == b || (a != a && b != b) || std::abs(a - b) <= tolerance * std::max({T(1), std::abs(a), std::abs(b)});
}

template <class T>
void check_functions() {
  using C = std::complex<T>;
  const DType dtype = sizeof(T) == 4 ? kComplex64 : kComplex128;
  const T close = sizeof(T) == 4 ? T(2e-6) : T(4e-15);
  const std::vector<std::pair<Tensor (*)(const Tensor&, const Tensor&), std::function<C(C, C)>>> binary = {
      {[](const Tensor& a, const Tensor& b) { return a + b; }, [](C a, C b) { return a + b; }},
      {[](const Tensor& a, const Tensor& b) { return a - b; }, [](C a, C b) { return a - b; }},
      {[](const Tensor& a, const Tensor& b) { return a * b; }, [](C a, C b) { return a * b; }},
      {[](const Tensor& a, const Tensor& b) { return a / b; }, [](C a, C b) { return a / b; }}};
  const std::vector<std::pair<Tensor (*)(const Tensor&), std::function<C(C)>>> unary = {
      {[](const Tensor& a) { return neg(a); }, [](C a) { return -a; }},
      {[](const Tensor& a) { return conj_physical(a); }, [](C a) { return std::conj(a); }},
      {[](const Tensor& a) { return square(a); }, [](C a) { return a * a; }},
      {[](const Tensor& a) { return reciprocal(a); }, [](C a) { return C(1) / a; }},
      {[](const Tensor& a) { return exp(a); }, [](C a) { return std::exp(a); }},
      {[](const Tensor& a) { return sqrt(a); }, [](C a) { return std::sqrt(a); }}};
  for (int64_t n : {1, 3, 4, 17, 64, 101}) {
    INFO(n);
    const Tensor x = (randn({n}, {.dtype = dtype}) * 3.0), y = randn({n}, {.dtype = dtype}) + 0.1;
    const auto a = elements<T>(x), b = elements<T>(y);
    for (size_t k = 0; k < binary.size(); ++k) {
      const auto got = elements<T>(binary[k].first(x, y));
      bool right = true;
      for (size_t i = 0; i < a.size(); ++i) {
        const C wanted = binary[k].second(a[i], b[i]);
        right &= std::abs(got[i] - wanted) <= close * (1 + std::abs(wanted));
      }
      INFO("binary " << k);
      CHECK(right);
    }
    for (size_t k = 0; k < unary.size(); ++k) {
      const auto got = elements<T>(unary[k].first(x));
      bool right = true;
      for (size_t i = 0; i < a.size(); ++i) {
        const C wanted = unary[k].second(a[i]);
        right &= std::abs(got[i] - wanted) <= close * (1 + std::abs(wanted));
      }
      INFO("unary " << k);
      CHECK(right);
    }
    const std::vector<double> sizes = abs(x).template to_vector<double>();
    for (size_t i = 0; i < a.size(); ++i) CHECK(sizes[i] == Approx(std::abs(a[i])).epsilon(close));
    const auto real = elements<T>(x * conj_physical(x));
    for (const C& z : real) CHECK(z.imag() == 0);
  }
}

}  // namespace

TEST_CASE("complex functions in vectors are std::complex's", "[backends][pointwise]") {
  manual_seed(2);
  check_functions<float>();
  check_functions<double>();
}

TEST_CASE("complex functions at the edges of the range", "[backends][pointwise]") {
  const double inf = INFINITY, nan = NAN, big = 1e300, tiny = 1e-300;
  const std::vector<std::complex<double>> edges = {{0, 0},      {-0.0, 0}, {3, 4},     {-5, 12},      {inf, 1},  {1, -inf},
                                                   {-inf, nan}, {nan, 1},  {big, big}, {tiny, -tiny}, {-4, 0.0}, {-4, -0.0},
                                                   {0, 2},      {800, 1},  {-800, 1},  {1, 1e8},      {inf, 0}};
  std::vector<double> re, im;
  for (const auto& z : edges) re.push_back(z.real()), im.push_back(z.imag());
  const Tensor x = complex(from_vector(re, {int64_t(re.size())}), from_vector(im, {int64_t(im.size())}));
  const std::vector<double> sizes = abs(x).to_vector<double>();
  const auto roots = elements<double>(sqrt(x)), powers = elements<double>(exp(x));
  for (size_t i = 0; i < edges.size(); ++i) {
    INFO(edges[i].real() << " " << edges[i].imag());
    CHECK(same(sizes[i], std::abs(edges[i]), 1e-15));
    const std::complex<double> root = std::sqrt(edges[i]), power = std::exp(edges[i]);
    CHECK(same(roots[i].real(), root.real(), 1e-15));
    CHECK(same(roots[i].imag(), root.imag(), 1e-15));
    CHECK(std::signbit(roots[i].imag()) == std::signbit(root.imag()));
    CHECK(same(powers[i].real(), power.real(), 1e-14));
    CHECK(same(powers[i].imag(), power.imag(), 1e-14));
  }
  CHECK(abs(complex(tensor(5.0f), tensor(12.0f))).item<float>() == 13);
  CHECK(abs(complex(tensor(3e30f), tensor(4e30f))).item<float>() == Approx(5e30f));
}
