#include <cmath>
#include <limits>

#include "lazuli/core/slots.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

const std::vector<DType> kIntegers{kUInt8, kInt8, kInt16, kInt32, kInt64};
const std::vector<DType> kReals{kFloat32, kFloat64, kFloat16, kBFloat16};
const std::vector<DType> kAll =
    gpu_types({kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128});

// Numbers on both sides of zero, small and large, and the special ones.
Tensor real_numbers(DType t, int64_t n, double scale = 1, int64_t shift = 0) {
  Tensor x = sin(arange(n).to(kFloat64) * 1.7) * (arange(n).to(kFloat64) % 7.0 + 0.1) * scale;
  const double inf = std::numeric_limits<double>::infinity();
  const double special[] = {0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 6.0, inf, -inf, std::nan("")};
  for (int64_t i = 0; i < int64_t(std::size(special)) && i * 5 < n; ++i) x.select(0, (i * 5 + shift * 6) % n).fill_(special[i]);
  return x.to(t);
}
Tensor numbers(DType t, int64_t n, int64_t seed = 0) {
  if (t == kBool) return (arange(n) + seed) % 3 == 0;
  Tensor k = (arange(n) * (37 + 2 * seed) + 11 * seed) % 251;
  if (t == kUInt8) return k.to(t);
  if (!is_floating_point(t) && !is_complex(t)) return (k - 125).to(t);
  if (is_complex(t)) return complex(real_numbers(real_dtype(t), n, 1 + double(seed)), real_numbers(real_dtype(t), n, 0.7, 1 + seed));
  return real_numbers(t, n, 1 + double(seed), seed);
}

Tensor line(double from, double to, int64_t n) { return linspace(from, to, n, {.dtype = kFloat64}); }

double tolerance(DType t) { return real_dtype(t) == kFloat64 ? 1e-12 : t == kFloat16 ? 2e-3 : t == kBFloat16 ? 1.6e-2 : is_integral(t) ? 0 : 4e-6; }

DType unary_result(UnaryOp op, DType t) { return about(op).result_dtype(t); }
DType binary_result(BinaryOp op, DType t) { return about(op).result_dtype(t); }
Params unary_parameters(UnaryOp op) {
  switch (op) {
    case UnaryOp::Softplus: return {1.5, 20};
    case UnaryOp::Elu: return {1.3, 1.1};
    case UnaryOp::Hardtanh: return {-1.5, 2.5};
    case UnaryOp::Threshold: return {0.3, -2.7};
    default: return {0.2, 0};
  }
}

// Same inputs, same refusals, same results.
void compare_unary(UnaryOp op, DType t, Device d, const Tensor& x, double rtol, double atol) {
  Tensor expected = empty_like(x).to(unary_result(op, t)), got = expected.to(d), on_device = x.to(d);
  INFO("unary " << int(op) << " " << name(t));
  const Params p = unary_parameters(op);
  const std::string refused = error_of([&] { unary_kernel(kCPU, op, expected, x, p); });
  if (refused != "no error") {
    CHECK(error_of([&] { unary_kernel(d, op, got, on_device, p); }) == refused);
    return;
  }
  require_on_device([&] { unary_kernel(d, op, got, on_device, p); });
  require_same(got, expected, rtol, atol);
}
void compare_binary(BinaryOp op, DType t, Device d, const Tensor& a, const Tensor& b, double rtol, double atol, Params p = {0.3, 0.9}) {
  Tensor expected = empty(a.sizes(), binary_result(op, t)), got = expected.to(d), x = a.to(d), y = b.to(d);
  INFO("binary " << int(op) << " " << name(t));
  const std::string refused = error_of([&] { binary_kernel(kCPU, op, expected, a, b, p); });
  if (refused != "no error") {
    CHECK(error_of([&] { binary_kernel(d, op, got, x, y, p); }) == refused);
    return;
  }
  require_on_device([&] { binary_kernel(d, op, got, x, y, p); });
  require_same(got, expected, rtol, atol);
}

bool is_special(UnaryOp op) { return op >= UnaryOp::Erfinv && op <= UnaryOp::LogNdtr; }
bool is_special(BinaryOp op) { return op >= BinaryOp::Igamma && op <= BinaryOp::Polygamma; }

}  // namespace

TEST_CASE("gpu: unary functions of bool and integers are the CPU's, and what it refuses is refused", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kBool, kUInt8, kInt32}))
      for (int op = 0; op < int(UnaryOp::Count_); ++op) compare_unary(UnaryOp(op), t, d, numbers(t, 131), 0, 0);
}

TEST_CASE("gpu: unary functions of floating point are the CPU's", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kFloat64, kBFloat16}))
      for (int op = 0; op < int(UnaryOp::Count_); ++op) {
        if (is_special(UnaryOp(op)) || (t == kBFloat16 && op % 8 != 5)) continue;
        compare_unary(UnaryOp(op), t, d, numbers(t, 257), tolerance(t), real_dtype(t) == kFloat64 ? 1e-15 : 1e-6);
      }
}

TEST_CASE("gpu: binary functions of bool and integers are the CPU's, and what it refuses is refused", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kBool, kUInt8, kInt16, kInt64}))
      for (int op = 0; op < int(BinaryOp::Count_); ++op) {
        if (t == kInt64 && op % 3 != 1) continue;
        Tensor b = numbers(t, 131, 1);
        if (t != kBool) b = where(b == 0, ones_like(b) * 3, b);
        compare_binary(BinaryOp(op), t, d, numbers(t, 131), b, 0, 0);
      }
}

TEST_CASE("gpu: binary functions of floating point are the CPU's", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kFloat64, kFloat16, kBFloat16}))
      for (int op = 0; op < int(BinaryOp::Count_); ++op) {
        const bool of_bits = BinaryOp(op) == BinaryOp::Nextafter || BinaryOp(op) == BinaryOp::DivTrunc, half = item_size(t) == 2;
        if (is_special(BinaryOp(op)) || (half && !of_bits && op % 8 != 1)) continue;  // halves run the float's text but for these two
        compare_binary(BinaryOp(op), t, d, numbers(t, 257), numbers(t, 257, 1), tolerance(t), real_dtype(t) == kFloat64 ? 1e-15 : 1e-6);
      }
}

TEST_CASE("gpu: a zero among integer divisors is an error at the next synchronisation", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices()) {
    Tensor a = arange(5).to(d), b = (arange(5) - 2).to(d);
    CHECK(says(error_of([&] { floor_divide(a, b).cpu(); }), "ZeroDivisionError"));
    require_same(floor_divide(a, b + 5).cpu(), floor_divide(arange(5), arange(5) + 3));
  }
}

TEST_CASE("gpu: elementwise functions of several sizes, strided, broadcast, in place, and of nothing", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices()) {
    for (int64_t n : {0, 1, 127, 128, 129, 1000, 4099}) {
      Tensor x = arange(n).to(kFloat32), y = x * 0.5f - 3;
      require_on_device([&] { require_same(x.to(d) * y.to(d) + 1, x * y + 1); });
    }
    Tensor x = arange(2 * 3 * 4 * 5).reshape({2, 3, 4, 5}).to(kFloat32), y = x.to(d), row = arange(5).to(kFloat32),
           column = arange(4).reshape({4, 1}).to(kFloat32);
    require_on_device([&] {
      require_same(y + row.to(d), x + row);
      require_same(y.transpose(1, 3) - row.to(d).reshape({5, 1, 1}), x.transpose(1, 3) - row.reshape({5, 1, 1}));
      require_same(y.slice(3, 0, 5, 2) / (column.to(d) + 1), x.slice(3, 0, 5, 2) / (column + 1));
      require_same(relu(y.select(2, 1) - 50), relu(x.select(2, 1) - 50));
      require_same(where(y > row.to(d) * 20, y, column.to(d)), where(x > row * 20, x, column));
      Tensor small = column.to(kInt32) + 2, integers = x.to(kInt32).transpose(0, 3);
      require_same(fmod(integers.to(d).transpose(1, 2), small.to(d).unsqueeze(2)), fmod(integers.transpose(1, 2), small.unsqueeze(2)));
      require_same(remainder(y.to(kInt32).transpose(0, 3), small.to(d)), remainder(integers, small));
      require_same(clamp(y, row.to(d) * 3, row.to(d) * 10), clamp(x, row * 3, row * 10));
    });
    Tensor host = x.clone(), there = y.clone();
    require_on_device([&] {
      there.transpose(0, 2).add_(there.transpose(0, 2));
      there.mul_(row.to(d)).mul_(row.to(d));
    });
    host.transpose(0, 2).add_(host.transpose(0, 2));
    host.mul_(row).mul_(row);
    require_same(there, host);
  }
}

TEST_CASE("gpu: where, addcmul, addcdiv, lerp and clamp are the CPU's in every dtype, and refuse what it refuses", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : kAll)
      for (int k = 0; k < int(TernaryOp::Count_); ++k) {
        const TernaryOp op = TernaryOp(k);
        Tensor a = op == TernaryOp::Where ? numbers(kBool, 257) : numbers(t, 257), b = numbers(t, 257, 1), c = numbers(t, 257, 2);
        Tensor expected = empty({257}, t), got = expected.to(d), x = a.to(d), y = b.to(d), z = c.to(d);
        INFO("ternary " << k << " " << name(t));
        const std::string refused = error_of([&] { ternary_kernel(kCPU, op, expected, a, b, c, {2.5, 0}); });
        if (refused != "no error") {
          CHECK(error_of([&] { ternary_kernel(d, op, got, x, y, z, {2.5, 0}); }) == refused);
          continue;
        }
        require_on_device([&] { ternary_kernel(d, op, got, x, y, z, {2.5, 0}); });
        require_same(got, expected, tolerance(t), is_integral(t) ? 0 : tolerance(t));
      }
}

TEST_CASE("gpu: a number beside a tensor of the device is cast like on the CPU", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kInt32, kFloat32, kFloat16, kBFloat16, kFloat64})) {
      Tensor x = numbers(kInt8, 20).to(t);
      require_on_device([&] {
        require_same(x.to(d) * 3, x * 3);
        require_same(x.to(d) + 0.1, x + 0.1);
        require_same(x.to(d) > 7.5, x > 7.5);
        require_same(x.to(d) + full({}, 0.1, kFloat64), x + full({}, 0.1, kFloat64));
      });
    }
}

TEST_CASE("gpu: a number as an operand is an argument of the kernel, and counts as on the CPU", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kBool, kInt64, kBFloat16, kFloat32, kComplex64}))
      for (BinaryOp op : {BinaryOp::Sub, BinaryOp::Mul, BinaryOp::Div, BinaryOp::DivFloor, BinaryOp::Lt})
        for (bool first : {false, true}) {
          INFO(name(op) << " of " << name(t) << (first ? ", the number first" : ""));
          const Tensor x = numbers(t, 60).reshape({6, 10}) + (t == kInt64 ? 126 : 0), turned = x.to(d).t();
          const Scalar number = is_integral(t) ? Scalar(t == kBool ? 1 : 3) : is_complex(t) ? Scalar(complex64(0.3f, -1)) : Scalar(0.3);
          Tensor expected = empty({10, 6}, binary_result(op, t)), got = expected.to(d);
          const std::string refused = error_of([&] { binary_number_kernel(kCPU, op, expected, x.to(t).t(), number, first); });
          if (refused != "no error") {
            CHECK(error_of([&] { binary_number_kernel(d, op, got, turned.to(t), number, first); }) == refused);
            continue;
          }
          require_on_device([&] { binary_number_kernel(d, op, got, turned.to(t), number, first); });
          require_same(got, expected, tolerance(t), tolerance(t));
        }
}

namespace {
Tensor test_numbers(DType t) { return numbers(t, 60).reshape({6, 10}); }
}  // namespace

TEST_CASE("gpu: numbers among three operands are arguments of the kernel, and count as on the CPU", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : {kInt64, kBFloat16, kFloat32, kComplex64})
      for (TernaryOp op : {TernaryOp::Where, TernaryOp::Lerp, TernaryOp::Clamp})
        for (int which : {1, 2, 3}) {  // bit 0: b is a number, bit 1: c
          INFO(name(op) << " of " << name(t) << ", numbers " << which);
          const Tensor a = (op == TernaryOp::Where ? test_numbers(kBool) : test_numbers(t)).t(), other = test_numbers(t).t(), none;
          const Scalar low = is_complex(t) ? Scalar(complex64(0.3f, -1)) : Scalar(is_integral(t) ? -3.0 : 0.3),
                       high = is_complex(t) ? Scalar(complex64(2, 1)) : Scalar(9);
          Tensor expected = empty({10, 6}, t), got = expected.to(d);
          const Tensor b = which & 1 ? none : other, c = which & 2 ? none : other;
          const std::string refused = error_of([&] { ternary_number_kernel(kCPU, op, expected, a, b, c, low, high); });
          const Tensor x = a.to(d), y = b.defined() ? b.to(d) : none, z = c.defined() ? c.to(d) : none;
          if (refused != "no error") {
            CHECK(error_of([&] { ternary_number_kernel(d, op, got, x, y, z, low, high); }) == refused);
            continue;
          }
          if (is_complex(t) && which == 3)
            ternary_number_kernel(d, op, got, x, y, z, low, high);  // the kernel has arguments for one of them: the composite
          else require_on_device([&] { ternary_number_kernel(d, op, got, x, y, z, low, high); });
          require_same(got, expected, tolerance(t), tolerance(t));
        }
}

TEST_CASE("gpu: special functions are the CPU's", "[backends][gpu][pointwise]") {
  const double inf = std::numeric_limits<double>::infinity();
  Tensor everywhere =
      cat({line(-12, 12, 193), line(-95, 95, 77), tensor({inf, -inf, std::nan(""), 0.0, 1e-3, -1e-6, 1.0, 2.0, 171.0, 400.0}, kFloat64)});
  Tensor fractions = cat({line(-1, 1, 161), line(0, 1, 97), tensor({1e-10, 1e-30, 1 - 1e-6, 1.5, -1.5, std::nan(""), 0.04, 0.06}, kFloat64)});
  for (Device d : gpu_devices())
    for (DType t : {kFloat32, kFloat64}) {
      const double rtol = t == kFloat64 ? 1e-11 : 1e-5, atol = t == kFloat64 ? 1e-14 : 1e-6;
      for (int op = 0; op < int(UnaryOp::Count_); ++op)
        if (is_special(UnaryOp(op))) {
          const bool of_fractions = UnaryOp(op) == UnaryOp::Erfinv || UnaryOp(op) == UnaryOp::Ndtri;
          compare_unary(UnaryOp(op), t, d, (of_fractions ? fractions : everywhere).to(t), rtol, atol);
        }
      Tensor orders = cat({line(0, 40, 81), tensor({inf, std::nan(""), -1.0, 1.0, 1e-6, 410.0, 1e9}, kFloat64)}).to(t).unsqueeze(1);
      Tensor x = cat({line(0, 60, 41), tensor({inf, std::nan(""), -1.0, -0.5, 1e-4, 300.0, 400.0, 420.0, 1e9, -30.25, -1e5 - 0.25}, kFloat64)}).to(t);
      for (BinaryOp op : {BinaryOp::Igamma, BinaryOp::Igammac, BinaryOp::Zeta}) {
        auto [a, b] = std::pair(orders.expand({88, 52}).contiguous(), x.expand({88, 52}).contiguous());
        compare_binary(op, t, d, a, b, rtol, atol);
      }
      Tensor few = arange(5).to(t).unsqueeze(1), positive = cat({line(0.1, 20, 50), tensor({-0.3, -1.7}, kFloat64)}).to(t);
      compare_binary(BinaryOp::Polygamma, t, d, few.expand({5, 52}).contiguous(), positive.expand({5, 52}).contiguous(), t == kFloat64 ? 1e-10 : 1e-4,
                     atol);
    }
}

TEST_CASE("gpu: complex functions are the CPU's on the plane, and refuse what it refuses", "[backends][gpu][pointwise]") {
  for (Device d : gpu_devices())
    for (DType t : {kComplex64, kComplex128}) {
      const DType real = real_dtype(t);
      Tensor re = line(-3.3, 3.4, 23).to(real).unsqueeze(1), im = line(-2.9, 3.1, 19).to(real), small = re * 1e-3;
      Tensor z = cat({complex(re.expand({23, 19}).contiguous(), im.expand({23, 19}).contiguous()).flatten(),
                      complex(small.expand({23, 19}).contiguous(), (im * 1e-2).expand({23, 19}).contiguous()).flatten(),
                      complex(re.flatten(), zeros({23}, real)), complex(zeros({19}, real), im), complex(re.flatten() * 20, re.flatten() * 5),
                      complex(zeros({1}, real), zeros({1}, real))});
      const double rtol = t == kComplex128 ? 1e-11 : 2e-5, atol = t == kComplex128 ? 1e-14 : 2e-6;
      const int step = t == kComplex64 ? 1 : 3;  // one text for both
      for (int op = 0; op < int(UnaryOp::Count_); op += step) compare_unary(UnaryOp(op), t, d, z, rtol, atol);
      Tensor w = cat({z.slice(0, 100, z.numel(), 1), z.slice(0, 0, 100, 1)});
      for (int op = 0; op < int(BinaryOp::Count_); op += step) compare_binary(BinaryOp(op), t, d, z, w, rtol, atol);
    }
}
