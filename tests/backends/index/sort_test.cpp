#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "lazuli/core/error.h"
#include "lazuli/core/slots/selection_slots.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/tests/backends/kernel_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

std::vector<std::vector<int64_t>> lines_of(const Shape& sizes, int64_t dim) {
  if (sizes.empty()) return {{0}};
  std::vector<std::vector<int64_t>> lines;
  int64_t inner = 1, n = sizes[dim];
  for (int64_t d = dim + 1; d < sizes.size(); ++d) inner *= sizes[d];
  for (int64_t i = 0; i < sizes.numel(); ++i) {
    if (i / inner % n) continue;
    std::vector<int64_t> line;
    for (int64_t k = 0; k < n; ++k) line.push_back(i + k * inner);
    lines.push_back(line);
  }
  return lines;
}

/// NaN is the greatest.
bool less(double a, double b) { return b != b ? a == a : a < b; }

}  // namespace

TEST_CASE("sort: stable, NaN greatest, every dtype and layout", "[backends]") {
  for (DType t : kAllDTypes) {
    if (is_complex(t)) {
      Tensor in = random({3}, t), out = make({3}, t), at = make({3}, kInt64);
      CHECK_THROWS_AS(sort_kernel(kCPU, out, at, in, 0, false), Error);
      continue;
    }
    for (const Shape& sizes : std::vector<Shape>{{}, {9}, {4, 50}, {3, 7, 20}, {2, 3000}})
      for (Spacing layout : kSpacings) {
        Tensor in = random(sizes, t, layout);
        if (is_floating_point(t) && in.numel() > 8) {
          put(in, 2, NAN);
          put(in, in.numel() - 2, NAN);
          put(in, 1, -0.0);
          put(in, 3, 0.0);
          put(in, 4, -0.0);
          put(in, 5, -INFINITY);
          put(in, 6, INFINITY);
        }
        for (int64_t dim = 0; dim < std::max<int64_t>(sizes.size(), 1); ++dim)
          for (bool descending : {false, true}) {
            Tensor out = make(sizes, t, Spacing((int(layout) + dim) % 3)), at = make(sizes, kInt64, layout);
            sort_kernel(kCPU, out, at, in, dim, descending);
            for (const auto& line : lines_of(sizes, dim)) {
              std::vector<int64_t> order(line.size());
              for (size_t k = 0; k < line.size(); ++k) order[k] = int64_t(k);
              std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
                const double x = real(in, line[a]), y = real(in, line[b]);
                return descending ? less(y, x) : less(x, y);
              });
              for (size_t k = 0; k < line.size(); ++k)
                if (real(at, line[k]) != double(order[k]) || !close(get(out, line[k]), get(in, line[order[k]]), 0, 0))
                  FAIL(name(t) << " " << to_string(sizes) << " dim " << dim << " descending " << descending << " at " << k);
            }
          }
      }
  }
}

TEST_CASE("sort: large values of every width", "[backends]") {
  for (DType t : {kInt32, kInt64, kFloat32, kFloat64}) {
    Tensor in = make({5000}, t), out = make({5000}, t), at = make({5000}, kInt64);
    std::mt19937_64 bits(1);
    for (int64_t i = 0; i < 5000; ++i) {
      if (t == kInt64) static_cast<int64_t*>(in.address())[i] = int64_t(bits());
      else if (t == kInt32) static_cast<int32_t*>(in.address())[i] = int32_t(bits());
      else put(in, i, (double(bits() >> 11) * 0x1p-53 - 0.5) * std::pow(10.0, double(i % 60) - 30));
    }
    for (bool descending : {false, true}) {
      sort_kernel(kCPU, out, at, in, 0, descending);
      int64_t wrong = 0;
      for (int64_t i = 1; i < 5000; ++i) {
        if (t == kInt64) {
          const int64_t* p = static_cast<int64_t*>(out.address()) + i;
          wrong += descending ? p[-1] < p[0] : p[-1] > p[0];
        } else {
          wrong += descending ? real(out, i - 1) < real(out, i) : real(out, i - 1) > real(out, i);
        }
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("topk: the same values as a sort", "[backends]") {
  for (DType t : kAllDTypes) {
    if (is_complex(t)) continue;
    for (auto [n, k] : std::vector<std::pair<int64_t, int64_t>>{{1, 1}, {50, 3}, {50, 50}, {5000, 10}, {5000, 700}, {30, 0}})
      for (Spacing layout : kSpacings)
        for (bool largest : {false, true}) {
          Tensor in = random({3, n}, t, layout);
          if (is_floating_point(t) && n > 3) put(in, n + 2, NAN);
          Tensor values = make({3, k}, t, layout), at = make({3, k}, kInt64), sorted = make({3, n}, t), order = make({3, n}, kInt64);
          topk_kernel(kCPU, values, at, in, 1, largest);
          sort_kernel(kCPU, sorted, order, in, 1, largest);
          for (int64_t r = 0; r < 3; ++r)
            for (int64_t i = 0; i < k; ++i)
              if (!close(get(values, r * k + i), get(sorted, r * n + i), 0, 0) ||
                  !close(get(values, r * k + i), get(in, r * n + int64_t(real(at, r * k + i))), 0, 0))
                FAIL(name(t) << " n " << n << " k " << k << " at " << i);
        }
  }
}

TEST_CASE("topk: equal elements come in PyTorch's order", "[backends]") {
  const auto indices = [](int64_t n, int64_t k) {
    Tensor in = make({n}, kFloat32), values = make({k}, kFloat32), at = make({k}, kInt64);
    for (int64_t i = 0; i < n; ++i) put(in, i, 0);
    topk_kernel(kCPU, values, at, in, 0, true);
    std::vector<double> first = reals(at);
    first.resize(size_t(std::min<int64_t>(k, 6)));
    return first;
  };
  using List = std::vector<double>;
  CHECK(indices(128, 2) == List{0, 1});
  CHECK(indices(128, 5) == List{84, 87, 86, 85, 82});
  CHECK(indices(200, 3) == List{0, 1, 2});
  CHECK(indices(5000, 3) == List{0, 1, 2});
  CHECK(indices(5000, 100) == List{3342, 3354, 3353, 3352, 3351, 3350});
}

TEST_CASE("median: the middle of the sorted line, the first NaN, or the middle of the numbers", "[backends]") {
  for (DType t : kAllDTypes) {
    if (is_complex(t)) continue;
    for (const Shape& sizes : std::vector<Shape>{{1}, {9}, {4, 50}, {3, 7, 20}, {2, 3000}})
      for (Spacing layout : kSpacings)
        for (bool with_nan : {false, true}) {
          Tensor in = random(sizes, t, layout);
          if (with_nan && is_floating_point(t)) {
            put(in, in.numel() - 1, NAN);
            put(in, in.numel() / 2, NAN);
          }
          for (int64_t dim = 0; dim < sizes.size(); ++dim)
            for (bool pass_nan : {false, true}) {
              Shape one = sizes;
              one[dim] = 1;
              Tensor values = make(one, t, layout), at = make(one, kInt64), sorted = make(sizes, t), order = make(sizes, kInt64);
              median_kernel(kCPU, values, at, in, dim, pass_nan);
              sort_kernel(kCPU, sorted, order, in, dim, false);
              size_t row = 0;
              for (const auto& line : lines_of(sizes, dim)) {
                int64_t numbers = 0;
                for (int64_t i : line) numbers += real(sorted, i) == real(sorted, i);
                const int64_t n = int64_t(line.size()), middle = !pass_nan && numbers < n ? numbers : std::max<int64_t>(numbers - 1, 0) / 2;
                const int64_t place = line[size_t(middle)];
                if (real(at, int64_t(row)) != real(order, place) || !close(get(values, int64_t(row)), get(sorted, place), 0, 0))
                  FAIL(name(t) << " " << to_string(sizes) << " dim " << dim << " passing NaN " << pass_nan << " line " << row);
                ++row;
              }
            }
        }
  }
}

TEST_CASE("searchsorted and bincount", "[backends]") {
  for (DType t : {kInt32, kInt64, kFloat16, kFloat32, kFloat64}) {
    const Tensor sorted = filled({5}, t, {1, 3, 3, 5, 7}), values = filled({2, 3}, t, {0, 3, 4, 7, 8, 1});
    for (DType index : {kInt32, kInt64}) {
      Tensor out = make({2, 3}, index, Spacing::Permuted);
      searchsorted_kernel(kCPU, out, sorted, values, false);
      CHECK(reals(out) == std::vector<double>{0, 1, 3, 4, 5, 0});
      searchsorted_kernel(kCPU, out, sorted, values, true);
      CHECK(reals(out) == std::vector<double>{0, 3, 3, 5, 5, 1});
    }
  }
  const Tensor rows = filled({2, 3}, kFloat32, {1, 2, 3, 10, 20, 30}), wanted = filled({2, 2}, kFloat32, {2, NAN, 15, 0});
  Tensor out = make({2, 2}, kInt64);
  searchsorted_kernel(kCPU, out, rows, wanted, false);
  CHECK(reals(out) == std::vector<double>{1, 3, 1, 0});

  Tensor counts = filled({4}, kInt64, {0}), sums = filled({4}, kFloat64, {0}), none;
  const Tensor in = filled({5}, kInt32, {0, 2, 2, 3, 0}), weights = filled({5}, kFloat64, {0.5, 1, 2, 3, 4});
  bincount_kernel(kCPU, counts, in, none);
  bincount_kernel(kCPU, sums, in, weights);
  CHECK(reals(counts) == std::vector<double>{2, 0, 2, 1});
  CHECK(reals(sums) == std::vector<double>{4.5, 0, 3, 3});
  Tensor many = make({1003}, kInt64), few = filled({3}, kInt64, {1, 0, 0});
  for (int64_t i = 0; i < 1003; ++i) put(many, i, double(i % 3));
  bincount_kernel(kCPU, few, many, none);
  CHECK(reals(few) == std::vector<double>{336, 334, 334});
  CHECK_THROWS_AS(bincount_kernel(kCPU, counts, filled({1}, kInt64, {-1}), none), Error);
}

TEST_CASE("one long line is sorted by all threads as by one", "[backends]") {
  for (DType t : {kFloat32, kInt64, kBool}) {
    const Tensor in = random({70000}, t);
    for (bool descending : {false, true}) {
      Tensor out = make({70000}, t), at = make({70000}, kInt64), one = make({70000}, t), one_at = make({70000}, kInt64);
      sort_kernel(kCPU, out, at, in, 0, descending);
      {
        const ThreadLimit limit(1);
        sort_kernel(kCPU, one, one_at, in, 0, descending);
      }
      CHECK(std::memcmp(std::as_const(out).address(), std::as_const(one).address(), size_t(out.nbytes())) == 0);
      CHECK(std::memcmp(std::as_const(at).address(), std::as_const(one_at).address(), size_t(at.nbytes())) == 0);
    }
  }
}

TEST_CASE("searchsorted: every length, repeated elements, either side", "[backends]") {
  for (int64_t n = 1; n <= 40; ++n) {
    std::vector<double> sorted, wanted;
    for (int64_t i = 0; i < n; ++i) sorted.push_back(double(i / 3));
    for (double v = -1; v <= 15; v += 0.5) wanted.push_back(v);
    const Tensor s = filled({n}, kFloat32, sorted), v = filled({int64_t(wanted.size())}, kFloat32, wanted);
    for (const bool right : {false, true}) {
      Tensor out = make({int64_t(wanted.size())}, kInt64);
      searchsorted_kernel(kCPU, out, s, v, right);
      for (size_t i = 0; i < wanted.size(); ++i) {
        const auto at = right ? std::upper_bound(sorted.begin(), sorted.end(), wanted[i]) : std::lower_bound(sorted.begin(), sorted.end(), wanted[i]);
        CHECK(reals(out)[i] == double(at - sorted.begin()));
      }
    }
  }
}
