#include <cmath>
#include <limits>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

Tensor sample(const Shape& sizes, DType t) {
  manual_seed(7);
  return is_integral(t) ? randint(t == kBool ? 0 : t == kUInt8 ? 0 : -4, t == kBool ? 2 : 5, sizes).to(t) : randn(sizes).to(t);
}

DType result_dtype(ReduceOp op, DType t) {
  switch (op) {
    case ReduceOp::Any:
    case ReduceOp::All: return kBool;
    case ReduceOp::CountNonzero: return kInt64;
    case ReduceOp::Sum:
    case ReduceOp::Prod: return is_integral(t) ? kInt64 : t;
    case ReduceOp::SumSquares:
    case ReduceOp::SumAbs:
    case ReduceOp::AbsMax:
    case ReduceOp::AbsMin: return real_dtype(t);
    default: return t;
  }
}

double tolerance(DType t) { return t == kFloat16 ? 2e-3 : t == kBFloat16 ? 1.6e-2 : t == kFloat64 || t == kComplex128 ? 1e-12 : 2e-6; }

// The slot on the device against the slot on the CPU, over the dimensions of `mask`.
void check(Device d, ReduceOp op, const Tensor& x, uint64_t mask) {
  Shape sizes = x.sizes();
  for (int64_t i = 0; i < sizes.size(); ++i)
    if (mask >> i & 1) sizes[i] = 1;
  INFO("op " << int(op) << ", " << name(x.dtype()) << ", sizes " << to_string(x.sizes()) << ", strides " << to_string(x.strides()) << ", mask "
             << mask);
  const DType t = result_dtype(op, x.dtype());
  Tensor expected = new_tensor(sizes, t), got = new_tensor(sizes, t, d);
  Tensor whole = alias(x, {int64_t(x.storage()->bytes()) / x.item_size()}, {1}, 0),
         there = alias(whole.to(d), x.sizes(), x.strides(), x.storage_offset());
  reduce_kernel(kCPU, op, expected, x);
  require_on_device([&] { reduce_kernel(d, op, got, there); });
  const double rtol = is_integral(t) ? 0 : tolerance(x.dtype());
  require_same(got, expected, rtol, rtol * std::sqrt(double(x.numel() + 8) / double(expected.numel())));
}

}  // namespace

TEST_CASE("gpu: reductions are the CPU's", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128}))
      for (int op = 0; op < int(ReduceOp::Count_); ++op) {
        const ReduceOp o = ReduceOp(op);
        const bool absolute = o == ReduceOp::SumSquares || o == ReduceOp::SumAbs || o == ReduceOp::AbsMax || o == ReduceOp::AbsMin;
        if (t != kFloat32 && t != kInt32 && t != kComplex64 && o != ReduceOp::Sum && o != ReduceOp::Amax && o != ReduceOp::All &&
            o != ReduceOp::LogSumExp)
          continue;
        if (is_integral(t) && (absolute || o == ReduceOp::Mean || o == ReduceOp::LogSumExp)) continue;
        if (is_complex(t) && (o == ReduceOp::Amax || o == ReduceOp::Amin || o == ReduceOp::NanSum || o == ReduceOp::LogSumExp)) continue;
        Tensor x = sample({5, 37}, t);
        check(d, o, x, 2);
        check(d, o, x, 1);
        check(d, o, x, 3);
      }
}

TEST_CASE("gpu: reductions of rows and columns of all lengths", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (int64_t n : {1, 2, 7, 8, 31, 127, 128, 129, 1000, 4099}) {
      for (int64_t others : {1, 3, 130}) {
        check(d, ReduceOp::Sum, sample({others, n}, kFloat32), 2);
        check(d, ReduceOp::Sum, sample({n, others}, kFloat32), 1);
        check(d, ReduceOp::Amax, sample({others, n}, kInt32), 2);
        check(d, ReduceOp::LogSumExp, sample({n, others}, kFloat32), 1);
      }
    }
}

TEST_CASE("gpu: reductions in parts, of a million elements and over many results", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = sample({1000, 1003}, kFloat32);
    for (ReduceOp op : {ReduceOp::Sum, ReduceOp::Mean, ReduceOp::Amin, ReduceOp::LogSumExp, ReduceOp::CountNonzero, ReduceOp::SumSquares}) {
      check(d, op, x, 3);
      check(d, op, x, 1);
      check(d, op, x, 2);
    }
    check(d, ReduceOp::Sum, sample({4, 70000}, kFloat32), 1);
    check(d, ReduceOp::Sum, sample({70000, 4}, kFloat32), 1);
    check(d, ReduceOp::Sum, sample({70000, 4}, kFloat32), 2);
  }
}

TEST_CASE("gpu: a float32 sum of a million equal numbers is near the true one", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = full({1 << 20}, 0.1f).to(d);
    CHECK(std::abs(sum(x).item<double>() / (0.1f * double(1 << 20)) - 1) < 1e-6);
  }
}

TEST_CASE("gpu: reductions follow strides and merge what they can", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = sample({3, 4, 5, 6}, kFloat32);
    for (uint64_t mask = 0; mask < 16; ++mask) {
      check(d, ReduceOp::Sum, x, mask);
      check(d, ReduceOp::Sum, x.permute({2, 0, 3, 1}), mask);
      check(d, ReduceOp::Amax, x.slice(3, 1, 6, 2).slice(1, 0, 4, 3), mask);
      check(d, ReduceOp::Sum, x.select(2, 1).unsqueeze(1).expand({3, 2, 4, 6}), mask);
    }
  }
}

TEST_CASE("gpu: reductions of nothing give the identity", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = zeros({3, 0}), b = zeros({3, 0}, kBool);
    for (ReduceOp op : {ReduceOp::Sum, ReduceOp::Prod, ReduceOp::Mean, ReduceOp::LogSumExp, ReduceOp::SumSquares}) check(d, op, x, 2);
    check(d, ReduceOp::Any, b, 2);
    check(d, ReduceOp::All, b, 2);
    check(d, ReduceOp::Sum, x, 1);
  }
}

TEST_CASE("gpu: NaN and infinities go through reductions like on the CPU", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (std::vector<double> values : {std::vector<double>{1, kNan, 3, kInf},
                                       {kInf, 1, -kInf},
                                       {-kInf, -kInf},
                                       {kInf, kInf, 2},
                                       {-kInf, 3, 2},
                                       {kNan, -kInf},
                                       {-0.0, 0.0},
                                       {3, 2, kInf}}) {
      Tensor x = tensor(values).to(kFloat32);
      for (int op = 0; op < int(ReduceOp::Count_); ++op) check(d, ReduceOp(op), x, 1);
      check(d, ReduceOp::LogSumExp, x.unsqueeze(1).expand({x.numel(), 3}), 1);
    }
}

TEST_CASE("gpu: argmax and argmin find the first extreme, and NaN before all", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    for (DType t : gpu_types({kUInt8, kInt64, kBFloat16, kFloat32, kFloat64})) {
      Tensor x = sample({6, 9, 40}, t), y = x.to(d);
      INFO(name(t));
      require_on_device([&] {
        for (int64_t dim : {t == kFloat32 ? 1 : 0, 2}) {
          require_same(argmax(y, dim), argmax(x, dim));
          require_same(argmin(y, dim, true), argmin(x, dim, true));
          auto [gv, gi] = max(y, dim);
          auto [ev, ei] = max(x, dim);
          require_same(gv, ev);
          require_same(gi, ei);
        }
        require_same(argmax(y), argmax(x));
      });
    }
    Tensor x = sample({300, 1001}, kFloat32);
    x.select(0, 3).fill_(-kInf);
    x.select(1, 700).fill_(kNan);
    x.slice(0, 0, 100).select(1, 650).fill_(kNan);
    x.slice(0, 200, 300).fill_(1);
    require_same(argmax(x.to(d), 1), argmax(x, 1));
    require_same(argmin(x.to(d), 1), argmin(x, 1));
    require_same(argmin(x.to(d), 0), argmin(x, 0));
    require_same(argmax(x.to(d)), argmax(x));
    CHECK_THROWS_AS(argmax(zeros({3}, kBool, d)), Error);
  }
}

TEST_CASE("gpu: var_mean, also of numbers far from zero", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat16, kBFloat16, kFloat32, kFloat64})) {
      INFO(name(t));
      Tensor x = sample({30, 1, 257, 5}, t), y = x.to(d);
      const double rtol = t == kFloat32 ? 1e-5 : tolerance(t);
      require_on_device([&] {
        for (DimList dims : {DimList{0}, DimList{2, 3}, DimList{0, 3}, DimList{0, 2, 3}, DimList{1}})
          for (int64_t correction : {0, 1}) {
            auto [gv, gm] = var_mean(y, dims, correction);
            auto [ev, em] = var_mean(x, dims, correction);
            require_same(gv, ev, rtol, rtol);
            require_same(gm, em, rtol, rtol);
          }
      });
    }
  for (Device d : gpu_devices()) {
    Tensor x = sample({100000}, kFloat32) + 10000, y = x.to(d);
    require_same(var(y, DimList{0}), var(x, DimList{0}), 1e-4);
    require_same(var(full({1000, 3}, 0.1f).to(d), DimList{0}), zeros({3}));
  }
}
