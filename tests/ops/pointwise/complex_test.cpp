#include "lazuli/ops/pointwise/complex.h"

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/shape/copy.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor sample() {
  return leaf({{Scalar(complex128(1, 2)), Scalar(complex128(-3, 0.5))}, {Scalar(complex128(0.2, -1)), Scalar(complex128(2, 2))}}, kComplex128);
}
}  // namespace

TEST_CASE("parts of complex tensors are views", "[ops]") {
  Tensor z = sample().detach();
  CHECK(values(real(z)) == std::vector<double>{1, -3, 0.2, 2});
  CHECK(values(imag(z)) == std::vector<double>{2, 0.5, -1, 2});
  CHECK(real(z).storage() == z.storage());
  CHECK(real(z).strides() == Shape{4, 2});
  imag(z).fill_(0);
  CHECK(values(imag(z)) == std::vector<double>{0, 0, 0, 0});
  CHECK(values(real(z))[3] == 2);
  Tensor pairs = view_as_real(z);
  CHECK(pairs.sizes() == Shape{2, 2, 2});
  CHECK(pairs.is_contiguous());
  CHECK(equal(view_as_complex(pairs), z));
  CHECK(values(real(z.transpose(0, 1))) == std::vector<double>{1, 0.2, -3, 2});
  Tensor x = ones({2});
  CHECK(real(x).is_same(x));
  CHECK(conj(x).is_same(x));
  CHECK_THROWS_AS(imag(x), Error);
  CHECK_THROWS_AS(view_as_real(x), Error);
  CHECK_THROWS_AS(view_as_complex(ones({3})), Error);
  CHECK_THROWS_AS(view_as_complex(ones({2, 2}).transpose(0, 1)), Error);
  CHECK_THROWS_AS(view_as_complex(ones({2}, kInt64)), Error);
}

TEST_CASE("gradients through complex views and constructors", "[ops]") {
  Tensor z = sample(), a = leaf({1.5, -0.7}), b = leaf({0.4, 2.0});
  check_gradients([](const Tensor& x) { return real(x * x); }, {z});
  check_gradients([](const Tensor& x) { return imag(x * x); }, {z});
  check_gradients([](const Tensor& x) { return view_as_real(x * x); }, {z});
  check_gradients([](const Tensor& x) { return conj(x) * x; }, {z});
  check_gradients([](const Tensor& x) { return angle(x); }, {z});
  check_gradients([](const Tensor& x, const Tensor& y) { return complex(x, y); }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& y) { return polar(x * x, y); }, {a, b});
  check_gradients([](const Tensor& x) { return view_as_complex(x * 2); }, {leaf({{1.0, 2.0}, {3.0, -1.0}})});
}

TEST_CASE("complex and polar need two floating point tensors of one dtype", "[ops]") {
  CHECK(complex(ones({2}), ones({2})).dtype() == kComplex64);
  CHECK_THROWS_AS(complex(ones({2}), ones({2}, kFloat64)), Error);
  CHECK_THROWS_AS(complex(ones({2}, kInt32), ones({2}, kInt32)), Error);
  CHECK_THROWS_AS(polar(ones({2}), ones({2}, kInt32)), Error);
  CHECK(values(angle(tensor({-1.0, 1.0})))[0] == Approx(3.14159265));
}

TEST_CASE("parts are members, too", "[ops]") {
  const Tensor z = sample();
  CHECK(values(z.real()) == values(real(z)));
  CHECK(values(z.imag()) == values(imag(z)));
}

TEST_CASE("the size of a complex number is finite where it is, near either end of the range", "[ops]") {
  for (DType dtype : {kComplex64, kComplex128}) {
    const double most = dtype == kComplex64 ? 3e38 : 1.7e308, least = dtype == kComplex64 ? 1e-44 : 1e-322;
    for (double x : {most, most / 3, least, 1.0, 1e20, 1e-20}) {
      const Tensor z = tensor({complex128(0, x), complex128(x, 0), complex128(0.5 * x, -0.5 * x)}).to(dtype);
      const std::vector<double> size = abs(z).to(kFloat64).to_vector<double>();
      const double exact = imag(z)[0].item<double>();
      CHECK(size[0] == exact);
      CHECK(size[1] == exact);
      CHECK(size[2] == Approx(exact * std::sqrt(0.5)).epsilon(x == least ? 0.3 : 1e-6));
    }
  }
}
