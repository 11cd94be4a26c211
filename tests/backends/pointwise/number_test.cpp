#include <cmath>
#include <set>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/lazuli.h"
#include "lazuli/ops/composites.h"
#include "lazuli/tests/backends/pointwise/pointwise_helper.h"
#include "lazuli/tests/catch.h"
#include "lazuli/tests/errors.h"

using namespace pointwise_test;

namespace {

template <class Op, class Call>
void check_dtypes(Call call) {
  for (int op = 0; op < int(Op::Count_); ++op)
    for (int t = 0; t < kDTypeCount; ++t) {
      INFO(name(Op(op)) << " of " << name(DType(t)));
      const std::string text = error_of([&] { call(Op(op), DType(t)); });
      if (about(Op(op)).dtypes.has(DType(t))) CHECK(text == "no error");
      else CHECK(says(text, std::string(about(Op(op)).name) + ": argument 'input': expected one of "));
    }
}

Tensor everywhere(const Scalar& number, DType dtype, const Shape& sizes) {
  const Tensor one = new_tensor(Shape(), dtype);
  store_scalar(one.address(), dtype, number);
  return alias(one, sizes, Shape::filled(sizes.size(), 0), 0);
}

bool same(const Tensor& a, const Tensor& b) {
  const std::vector<complex128> x = a.to_vector<complex128>(), y = b.to_vector<complex128>();
  for (size_t i = 0; i < x.size(); ++i)
    if (!(x[i].re == y[i].re || (std::isnan(x[i].re) && std::isnan(y[i].re))) ||
        !(x[i].im == y[i].im || (std::isnan(x[i].im) && std::isnan(y[i].im))))
      return false;
  return true;
}

bool is_half(DType t) { return t == kFloat16 || t == kBFloat16; }
// About the bits of a half itself, so that the number is a half there too.
bool about_bits(BinaryOp op) { return op == BinaryOp::Nextafter || op == BinaryOp::DivTrunc; }

}  // namespace

TEST_CASE("the CPU takes the dtypes that the table of pointwise operators names", "[backends]") {
  cpu::register_kernels();
  check_dtypes<UnaryOp>([](UnaryOp op, DType t) {
    Tensor a = new_tensor({0}, t), out = new_tensor({0}, about(op).result_dtype(t));
    unary_kernel(kCPU, op, out, a, {});
  });
  check_dtypes<BinaryOp>([](BinaryOp op, DType t) {
    Tensor a = new_tensor({0}, t), out = new_tensor({0}, about(op).result_dtype(t));
    binary_kernel(kCPU, op, out, a, a, {});
  });
  check_dtypes<TernaryOp>([](TernaryOp op, DType t) {
    Tensor a = new_tensor({0}, t);
    ternary_kernel(kCPU, op, a, a, a, a, {});
  });
}

TEST_CASE("the table of pointwise operators", "[core]") {
  std::set<std::string_view> codes;
  for (int op = 0; op < int(UnaryOp::Count_); ++op) codes.insert(name(UnaryOp(op)));
  CHECK(codes.size() == size_t(UnaryOp::Count_));
  CHECK(name(BinaryOp::DivFloor) == "DivFloor");
  CHECK(std::string(about(BinaryOp::DivFloor).name) == "floor_divide");
  CHECK(about(UnaryOp::Abs).result_dtype(kComplex128) == kFloat64);
  CHECK(about(UnaryOp::IsNan).result_dtype(kInt32) == kBool);
  CHECK(about(BinaryOp::Polar).result_dtype(kFloat64) == kComplex128);
  CHECK(about(TernaryOp::Lerp).operands == 3);
}

TEST_CASE("a number as an operand gives what a tensor of it gives", "[backends]") {
  cpu::register_kernels();
  for (int k = 0; k < int(BinaryOp::Count_); ++k)
    for (int t = 0; t < kDTypeCount; ++t) {
      const BinaryOp op = BinaryOp(k);
      const DType dtype = DType(t);
      if (!about(op).dtypes.has(dtype) || op == BinaryOp::Complex || op == BinaryOp::Polar) continue;
      INFO(name(op) << " of " << name(dtype));
      const bool widens = is_half(dtype) && !about_bits(op);
      const DType wide = widens ? kFloat32 : dtype;
      for (const int64_t n : {1, 7, 300, 20000}) {
        if (n > 300 && op != BinaryOp::Sub) continue;
        for (const bool turned : {false, true}) {
          Tensor a = new_tensor({n, 2}, dtype);
          for (int64_t i = 0; i < 2 * n; ++i) store_scalar(static_cast<char*>(a.address()) + i * a.item_size(), dtype, 1 + i % 5);
          if (turned) a = alias(a, {2, n}, {1, 2}, 0);
          const Tensor x = widens ? a.to(wide) : a;
          for (const bool first : {false, true}) {
            const Scalar number = op == BinaryOp::Polygamma && first ? Scalar(1) : is_integral(dtype) ? Scalar(dtype == kBool ? 1 : 3) : Scalar(1.3);
            Tensor got = new_tensor(a.sizes(), about(op).result_dtype(dtype)), expected = new_tensor(a.sizes(), about(op).result_dtype(wide)),
                   composed = new_tensor(a.sizes(), got.dtype());
            const Tensor other = everywhere(number, wide, a.sizes());
            binary_kernel(kCPU, op, expected, first ? other : x, first ? x : other, {});
            binary_number_kernel(kCPU, op, got, a, number, first);
            CHECK(same(got, expected.to(got.dtype())));
            composites::binary_number(op, composed, a, number, first);
            CHECK(same(composed, got));
          }
        }
      }
    }
}

TEST_CASE("a number beside halves is used at float32, and may be written in place", "[backends]") {
  cpu::register_kernels();
  Tensor a = full({3}, 6e4, {.dtype = kFloat16});
  binary_number_kernel(kCPU, BinaryOp::Div, a, a, 1e5, false);
  CHECK(a.to_vector<float>()[2] == float(Half(0.6f)));
  Tensor b = full({3}, 100, {.dtype = kBFloat16});
  binary_number_kernel(kCPU, BinaryOp::Mul, b, b, 0.3, true);
  CHECK(b.to_vector<float>()[1] == 30);
  Tensor none = new_tensor({0}, kComplex64);
  CHECK(says(error_of([&] { binary_number_kernel(kCPU, BinaryOp::Lt, none, none, 1, false); }), "lt: argument 'input': expected one of bool, uint8"));
}

TEST_CASE("numbers among three operands give what tensors of them give", "[backends]") {
  cpu::register_kernels();
  for (const TernaryOp op : {TernaryOp::Where, TernaryOp::Lerp, TernaryOp::Clamp})
    for (int t = 0; t < kDTypeCount; ++t) {
      const DType dtype = DType(t);
      if (!about(op).dtypes.has(dtype)) continue;
      INFO(name(op) << " of " << name(dtype));
      const bool widens = is_half(dtype) && op != TernaryOp::Where;
      const DType wide = widens ? kFloat32 : dtype;
      for (const int64_t n : {0, 7, 600, 40000})
        for (const int numbers : {1, 2, 3}) {  // bit 0: b is a number, bit 1: c
          Tensor a = new_tensor({n}, op == TernaryOp::Where ? kBool : dtype), other = new_tensor({n}, dtype);
          for (int64_t i = 0; i < n; ++i) {
            store_scalar(static_cast<char*>(a.address()) + i * a.item_size(), a.dtype(), op == TernaryOp::Where ? i % 2 : i % 5);
            store_scalar(static_cast<char*>(other.address()) + i * other.item_size(), dtype, i % 3);
          }
          const Scalar low = is_integral(dtype) ? Scalar(1) : Scalar(1.25), high = is_integral(dtype) ? Scalar(dtype == kBool ? 1 : 3) : Scalar(0.7);
          const Tensor none, x = op == TernaryOp::Where ? a : a.to(wide), y = other.to(wide);
          Tensor got = new_tensor({n}, dtype), expected = new_tensor({n}, wide), composed = new_tensor({n}, dtype);
          ternary_kernel(kCPU, op, expected, x, numbers & 1 ? everywhere(low, wide, {n}) : y, numbers & 2 ? everywhere(high, wide, {n}) : y, {});
          ternary_number_kernel(kCPU, op, got, a, numbers & 1 ? none : other, numbers & 2 ? none : other, low, high);
          CHECK(same(got, expected.to(dtype)));
          composites::ternary_number(op, composed, a, numbers & 1 ? none : other, numbers & 2 ? none : other, low, high);
          CHECK(same(composed, got));
        }
    }
  Tensor none = new_tensor({0}, kBool);
  CHECK(says(error_of([&] { ternary_number_kernel(kCPU, TernaryOp::Clamp, none, none, none, Tensor(), 0, 1); }), "clamp: argument 'input'"));
}
