#include "lazuli/core/error.h"

#include <cmath>

#include "lazuli/tests/backends/kernel_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

/// For each result of a reduction over the masked dimensions, the elements that go into it.
std::vector<std::vector<Wide>> groups(const Tensor& in, const Shape& out_sizes) {
  std::vector<std::vector<Wide>> result(out_sizes.numel());
  for (int64_t i = 0; i < in.numel(); ++i) {
    int64_t rest = i, at = 0, step = 1;
    for (int64_t d = in.dim() - 1; d >= 0; --d) {
      if (out_sizes[d] != 1) {
        at += rest % in.sizes()[d] * step;
        step *= in.sizes()[d];
      }
      rest /= in.sizes()[d];
    }
    result[at].push_back(get(in, i));
  }
  return result;
}

Wide expected(ReduceOp op, const std::vector<Wide>& v) {
  Wide sum = 0, prod = 1;
  double high = -INFINITY, low = INFINITY, high_abs = -INFINITY, low_abs = INFINITY, squares = 0, absolute = 0, nansum = 0, count = 0, exps = 0;
  for (Wide x : v) {
    sum += x, prod *= x;
    high = x.real() != x.real() || high != high ? NAN : std::max(high, x.real());
    low = x.real() != x.real() || low != low ? NAN : std::min(low, x.real());
    high_abs = std::max(high_abs, std::abs(x)), low_abs = std::min(low_abs, std::abs(x));
    squares += std::norm(x), absolute += std::abs(x), exps += std::exp(x.real());
    if (x.real() == x.real()) nansum += x.real();
    count += x != Wide(0);
  }
  switch (op) {
    case ReduceOp::Sum: return sum;
    case ReduceOp::Prod: return prod;
    case ReduceOp::Mean: return sum / double(v.size());
    case ReduceOp::Amax: return high;
    case ReduceOp::Amin: return low;
    case ReduceOp::Any: return count > 0;
    case ReduceOp::All: return count == double(v.size());
    case ReduceOp::NanSum: return nansum;
    case ReduceOp::CountNonzero: return count;
    case ReduceOp::LogSumExp: return std::log(exps);
    case ReduceOp::SumSquares: return squares;
    case ReduceOp::SumAbs: return absolute;
    case ReduceOp::AbsMax: return high_abs;
    default: return low_abs;
  }
}

bool supported(ReduceOp op, DType t) {
  switch (op) {
    case ReduceOp::Amax:
    case ReduceOp::Amin: return !is_complex(t);
    case ReduceOp::NanSum: return !is_complex(t);
    case ReduceOp::LogSumExp: return is_floating_point(t);
    case ReduceOp::SumSquares:
    case ReduceOp::SumAbs:
    case ReduceOp::AbsMax:
    case ReduceOp::AbsMin: return !is_integral(t);
    default: return true;
  }
}
DType result_dtype(ReduceOp op, DType t) {
  switch (op) {
    case ReduceOp::Any:
    case ReduceOp::All: return kBool;
    case ReduceOp::CountNonzero: return kInt64;
    case ReduceOp::Amax:
    case ReduceOp::Amin: return t;
    case ReduceOp::Mean: return is_integral(t) ? kFloat32 : t;
    case ReduceOp::Sum:
    case ReduceOp::NanSum:
    case ReduceOp::Prod: return is_integral(t) ? kInt64 : t;
    default: return real_dtype(t);
  }
}

void check(ReduceOp op, const Tensor& in, uint64_t mask, Spacing out_layout = Spacing::Contiguous) {
  Shape sizes = in.sizes();
  for (int64_t d = 0; d < sizes.size(); ++d)
    if (mask >> d & 1) sizes[d] = 1;
  Tensor out = make(sizes, result_dtype(op, in.dtype()), out_layout);
  reduce_kernel(kCPU, op, out, in);
  const auto wanted = groups(in, sizes);
  for (int64_t i = 0; i < out.numel(); ++i) {
    const Wide e = expected(op, wanted[i]);
    double scale = 0;
    for (Wide x : wanted[i]) scale += std::abs(x);
    const double t = std::max(tolerance(in.dtype()), tolerance(out.dtype()));
    if (!close(get(out, i), e, 2 * t, op == ReduceOp::Prod ? 10 * t : t * (1 + 0.1 * scale)))
      FAIL("op " << int(op) << " " << name(in.dtype()) << " " << to_string(in.sizes()) << " mask " << mask << " at " << i << " got " << get(out, i)
                 << " expected " << e);
  }
}

}  // namespace

TEST_CASE("reduce: every operator and dtype over any dimensions and strides", "[backends]") {
  const std::vector<Shape> shapes{{}, {7}, {3, 5}, {2, 33, 3}, {3, 4, 2, 5}, {40, 17}, {1, 6, 1}};
  for (DType t : kAllDTypes)
    for (int op = 0; op < int(ReduceOp::Count_); ++op) {
      if (!supported(ReduceOp(op), t)) {
        Tensor in = random({3}, t), out = make({1}, result_dtype(ReduceOp(op), t));
        CHECK_THROWS_AS(reduce_kernel(kCPU, ReduceOp(op), out, in), Error);
        continue;
      }
      for (const Shape& sizes : shapes)
        for (Spacing layout : kSpacings) {
          const Tensor in = random(sizes, t, layout);
          for (uint64_t mask = 0; mask < (uint64_t(1) << sizes.size()); ++mask)
            if (op < 3 || (mask + op) % 3 == 0 || mask + 1 == (uint64_t(1) << sizes.size())) check(ReduceOp(op), in, mask, Spacing((mask + op) % 3));
        }
    }
}

TEST_CASE("reduce: larger tensors and expanded ones", "[backends]") {
  for (ReduceOp op : {ReduceOp::Sum, ReduceOp::Amax, ReduceOp::SumSquares}) {
    const Tensor in = random({70, 90, 21}, kFloat32), flat = random({100003}, kFloat64), rows = random({5000, 10}, kFloat32);
    for (uint64_t mask = 1; mask < 8; ++mask) check(op, in, mask);
    check(op, flat, 1);
    check(op, rows, 1);
    check(op, rows, 2);
    check(op, alias(flat, {50, 400}, {0, 3}, 5), 1);
    check(op, alias(flat, {50, 400}, {0, 3}, 5), 2);
    check(op, alias(flat, {50, 400}, {1, 0}, 5), 2);
  }
}

TEST_CASE("reduce: an empty reduction gives the identity", "[backends]") {
  Tensor in = make({3, 0}, kFloat32), out = make({3, 1}, kFloat32);
  const std::vector<std::pair<ReduceOp, double>> cases{
      {ReduceOp::Sum, 0}, {ReduceOp::Prod, 1}, {ReduceOp::Mean, NAN}, {ReduceOp::LogSumExp, -INFINITY}, {ReduceOp::NanSum, 0}};
  for (auto [op, value] : cases) {
    reduce_kernel(kCPU, op, out, in);
    CHECK(close(real(out, 2), value, 0, 0));
  }
  Tensor flag = make({3, 1}, kBool);
  reduce_kernel(kCPU, ReduceOp::All, flag, in);
  CHECK(real(flag, 0) == 1);
  reduce_kernel(kCPU, ReduceOp::Any, flag, in);
  CHECK(real(flag, 0) == 0);
}

TEST_CASE("reduce: NaN wins extremes, nansum skips it, infinities", "[backends]") {
  for (DType t : kFloatDTypes)
    for (int64_t n : {3, 16, 100, 5000})
      for (int64_t at : {int64_t(0), n / 2, n - 1})
        for (bool columns : {false, true}) {
          Tensor in = columns ? random({n, 3}, t) : random({1, n}, t), out = columns ? make({1, 3}, t) : make({1, 1}, t);
          put(in, columns ? at * 3 : at, NAN);
          for (ReduceOp op : {ReduceOp::Amax, ReduceOp::Amin, ReduceOp::AbsMax, ReduceOp::Sum}) {
            reduce_kernel(kCPU, op, out, in);
            CHECK(std::isnan(real(out, 0)));
            if (columns) CHECK_FALSE(std::isnan(real(out, 1)));
          }
          reduce_kernel(kCPU, ReduceOp::NanSum, out, in);
          CHECK_FALSE(std::isnan(real(out, 0)));
        }
  Tensor in = filled({3}, kFloat32, {-INFINITY, -INFINITY, -INFINITY}), out = make({1}, kFloat32);
  reduce_kernel(kCPU, ReduceOp::LogSumExp, out, in);
  CHECK(real(out, 0) == -INFINITY);
  put(in, 1, INFINITY);
  reduce_kernel(kCPU, ReduceOp::LogSumExp, out, in);
  CHECK(real(out, 0) == INFINITY);
}

TEST_CASE("reduce: the result does not depend on the number of threads, and is accurate", "[backends]") {
  const Tensor in = random({3000, 333}, kFloat32);
  for (uint64_t mask = 1; mask < 4; ++mask) {
    const Shape sizes{mask & 1 ? 1 : 3000, mask & 2 ? 1 : 333};
    std::vector<double> before;
    for (int threads : {1, 2, 3, 5}) {
      Threads scope(threads);
      Tensor out = make(sizes, kFloat32);
      reduce_kernel(kCPU, ReduceOp::Sum, out, in);
      if (!before.empty()) CHECK(reals(out) == before);
      before = reals(out);
    }
  }
  const Tensor tenth = filled({1000000}, kFloat32, {0.1});
  Tensor out = make({1}, kFloat32);
  reduce_kernel(kCPU, ReduceOp::Sum, out, tenth);
  CHECK(close(real(out, 0), 1000000 * double(0.1f), 5e-7, 0));
}

TEST_CASE("arg_reduce: first extreme, NaN above all", "[backends]") {
  for (DType t : kAllDTypes) {
    if (is_complex(t)) continue;
    for (const Shape& sizes : std::vector<Shape>{{}, {9}, {4, 50}, {50, 4}, {3, 40, 20}, {2, 3000}})
      for (Spacing layout : kSpacings)
        for (bool nan : {false, true}) {
          const Tensor in = random(sizes, t, layout);
          if (nan && is_floating_point(t) && in.numel() > 4) {
            put(in, in.numel() / 2, NAN);
            put(in, in.numel() - 1, NAN);
          }
          for (int64_t dim = 0; dim < std::max<int64_t>(sizes.size(), 1); ++dim)
            for (ArgReduceOp op : {ArgReduceOp::Argmax, ArgReduceOp::Argmin}) {
              Shape kept = sizes;
              if (!kept.empty()) kept[dim] = 1;
              Tensor out = make(kept, kInt64, layout), values = make(kept, t);
              arg_reduce_kernel(kCPU, op, out, values, in, dim);
              const auto lines = groups(in, kept);
              for (int64_t i = 0; i < out.numel(); ++i) {
                int64_t best = 0;
                auto better = [&](double x, double b) { return b == b && (x != x || (op == ArgReduceOp::Argmax ? x > b : x < b)); };
                for (size_t k = 1; k < lines[i].size(); ++k)
                  if (better(lines[i][k].real(), lines[i][best].real())) best = int64_t(k);
                if (int64_t(real(out, i)) != best || !close(get(values, i), lines[i][best], 0, 0))
                  FAIL(name(t) << " sizes " << to_string(sizes) << " dim " << dim << " layout " << int(layout));
              }
            }
        }
  }
  Tensor in = random({200000}, kFloat32), out = make({1}, kInt64), none;
  put(in, 150001, 100);
  put(in, 170001, 100);
  arg_reduce_kernel(kCPU, ArgReduceOp::Argmax, out, none, in, 0);
  CHECK(real(out, 0) == 150001);
}

TEST_CASE("var_mean: every floating point and complex dtype, exact far from zero", "[backends]") {
  for (DType t : {kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128})
    for (const Shape& sizes : std::vector<Shape>{{9}, {4, 50}, {300, 7}, {3, 40, 20}, {2, 3000}})
      for (Spacing layout : kSpacings) {
        const Tensor in = random(sizes, t, layout);
        for (uint64_t mask = 1; mask < (uint64_t(1) << sizes.size()); ++mask) {
          Shape kept = sizes;
          for (int64_t d = 0; d < sizes.size(); ++d)
            if (mask >> d & 1) kept[d] = 1;
          Tensor var = make(kept, real_dtype(t)), mean = make(kept, t, layout);
          var_mean_kernel(kCPU, var, mean, in, 1);
          const auto lines = groups(in, kept);
          for (int64_t i = 0; i < var.numel(); ++i) {
            Wide m = 0;
            double m2 = 0;
            for (Wide x : lines[i]) m += x / double(lines[i].size());
            for (Wide x : lines[i]) m2 += std::norm(x - m);
            if (!close(get(mean, i), m, t) || !close(get(var, i), m2 / double(lines[i].size() - 1), t))
              FAIL(name(t) << " sizes " << to_string(sizes) << " mask " << mask);
          }
        }
      }
  const Tensor far = filled({10000}, kFloat32, {10000, 10001, 10002, 10003});
  Tensor var = make({1}, kFloat32), mean = make({1}, kFloat32);
  var_mean_kernel(kCPU, var, mean, far, 0);
  CHECK(close(real(var, 0), 1.25, 1e-6, 0));
  CHECK(close(real(mean, 0), 10001.5, 1e-7, 0));
  var_mean_kernel(kCPU, var, mean, alias(far, {1}, {1}, 0), 1);
  CHECK(std::isnan(real(var, 0)));
}

TEST_CASE("reduce: long rows and columns of integers, every width", "[backends]") {
  const int64_t rows = 3, columns = 167;
  for (const DType dtype : {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64}) {
    std::vector<double> numbers;
    for (int64_t i = 0; i < rows * columns; ++i)
      numbers.push_back(dtype == kBool ? double(i % 3 == 0) : double(i * 37 % 101) - (dtype == kUInt8 ? 0 : 50));
    const Tensor in = filled({rows, columns}, dtype, numbers);
    for (const bool by_rows : {false, true})
      for (const ReduceOp op : {ReduceOp::Sum, ReduceOp::Amax, ReduceOp::Amin, ReduceOp::CountNonzero}) {
        const bool extreme = op == ReduceOp::Amax || op == ReduceOp::Amin;
        Tensor out = make(by_rows ? Shape{rows, 1} : Shape{1, columns}, extreme ? dtype : kInt64);
        reduce_kernel(kCPU, op, out, in);
        for (int64_t k = 0; k < out.numel(); ++k) {
          double sum = 0, count = 0, least = 1000, most = -1000;
          for (int64_t i = 0; i < (by_rows ? columns : rows); ++i) {
            const double x = numbers[size_t(by_rows ? k * columns + i : i * columns + k)];
            sum += x, count += x != 0, least = std::min(least, x), most = std::max(most, x);
          }
          CHECK(reals(out)[size_t(k)] == (op == ReduceOp::Sum ? sum : op == ReduceOp::CountNonzero ? count : op == ReduceOp::Amax ? most : least));
        }
      }
  }
}
