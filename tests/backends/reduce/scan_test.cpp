#include "lazuli/core/error.h"

#include <cmath>

#include "lazuli/tests/backends/kernel_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

/// Positions, in row-major order, of the lines along dim.
std::vector<std::vector<int64_t>> lines_of(const Shape& sizes, int64_t dim) {
  std::vector<std::vector<int64_t>> lines;
  if (sizes.empty()) return {{0}};
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

const std::vector<Shape> kShapes{{}, {9}, {4, 50}, {50, 4}, {3, 40, 20}, {2, 700}};

}  // namespace

TEST_CASE("scan: running sums and products of every dtype", "[backends]") {
  for (DType t : kAllDTypes)
    for (ScanOp op : {ScanOp::Sum, ScanOp::Prod, ScanOp::LogSumExp}) {
      Tensor none;
      if (t == kBool || (op == ScanOp::LogSumExp && is_integral(t))) {
        Tensor in = random({3}, t), out = make({3}, t);
        CHECK_THROWS_AS(scan_kernel(kCPU, op, out, none, in, 0), Error);
        continue;
      }
      for (const Shape& sizes : kShapes)
        for (Spacing layout : kSpacings) {
          const Tensor in = random(sizes, t, layout);
          for (int64_t dim = 0; dim < std::max<int64_t>(sizes.size(), 1); ++dim) {
            Tensor out = make(sizes, t, Spacing((int(layout) + dim) % 3));
            scan_kernel(kCPU, op, out, none, in, dim);
            for (const auto& line : lines_of(sizes, dim)) {
              Wide sum = 0, prod = 1, exps = 0;
              double scale = 1;
              for (int64_t i : line) {
                const Wide x = get(in, i);
                sum += x, prod *= x, exps += std::exp(x), scale += std::abs(x);
                if (is_integral(t) && op == ScanOp::Prod && std::abs(prod) > 30) break;  // wraps around
                if (t == kInt8 && std::abs(sum) > 100) break;
                const Wide e = op == ScanOp::Sum ? sum : op == ScanOp::Prod ? prod : std::log(exps);
                if (t == kUInt8 && sum.real() > 250) break;
                if (t == kFloat16 && std::abs(e) > 6e4) break;
                if (op == ScanOp::LogSumExp && is_complex(t)) {
                  if (!close(std::exp(get(out, i)), exps, t, 50))
                    FAIL(name(t) << " op " << int(op) << " sizes " << to_string(sizes) << " dim " << dim << " got " << get(out, i) << " expected "
                                 << e);
                } else {
                  if (!close(get(out, i), e, t, op == ScanOp::Sum ? 1 : 10))
                    FAIL(name(t) << " op " << int(op) << " sizes " << to_string(sizes) << " dim " << dim << " got " << get(out, i) << " expected "
                                 << e);
                }
              }
            }
          }
        }
    }
}

TEST_CASE("scan: running extremes and their places", "[backends]") {
  for (DType t : kAllDTypes) {
    if (is_complex(t)) continue;
    for (const Shape& sizes : kShapes)
      for (Spacing layout : kSpacings) {
        const Tensor in = random(sizes, t, layout);
        if (is_floating_point(t) && in.numel() > 8) put(in, in.numel() * 3 / 4, NAN);
        for (int64_t dim = 0; dim < std::max<int64_t>(sizes.size(), 1); ++dim)
          for (ScanOp op : {ScanOp::Max, ScanOp::Min}) {
            Tensor out = make(sizes, t, Spacing((int(layout) + dim) % 3)), at = make(sizes, kInt64, layout);
            scan_kernel(kCPU, op, out, at, in, dim);
            for (const auto& line : lines_of(sizes, dim)) {
              double best = real(in, line[0]);
              size_t where = 0;
              for (size_t k = 0; k < line.size(); ++k) {
                const double x = real(in, line[k]);
                if (x != x || (op == ScanOp::Max ? x >= best : x <= best)) best = x, where = k;
                if (!close(get(out, line[k]), best, 0, 0)) FAIL(name(t) << " op " << int(op) << " sizes " << to_string(sizes) << " dim " << dim);
                if (real(at, line[k]) != double(where)) FAIL(name(t) << " op " << int(op) << " sizes " << to_string(sizes) << " dim " << dim);
              }
            }
          }
      }
  }
}

TEST_CASE("scan: logcumsumexp at infinities", "[backends]") {
  Tensor in = filled({4}, kFloat32, {-INFINITY, -INFINITY, 1, INFINITY}), out = make({4}, kFloat32), none;
  scan_kernel(kCPU, ScanOp::LogSumExp, out, none, in, 0);
  CHECK(reals(out) == std::vector<double>{-INFINITY, -INFINITY, 1, INFINITY});
}
