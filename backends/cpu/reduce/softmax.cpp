// softmax, log_softmax and their gradients: [outer, n, inner] in dense memory. inner 1: parallel over rows, or over the pieces of a long one; otherwise over tiles of up to 512 columns of each outer index.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/network/cross_entropy.h"
#include "lazuli/backends/cpu/reduce/softmax_kernels.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 16384, kPiece = 16384;

struct Extent {
  int64_t outer = 1, n = 1, inner = 1;
};
Extent extent_of(const Shape& sizes, int64_t dim) {
  Extent e;
  for (int64_t d = 0; d < sizes.size(); ++d) (d < dim ? e.outer : d == dim ? e.n : e.inner) *= sizes[d];
  return e;
}

// rows(first, count) for whole rows, or columns(first element, width) for tiles
template <class Rows, class Columns>
void for_extent(const Extent& e, Rows&& rows, Columns&& columns) {
  if (e.outer * e.n * e.inner == 0) return;
  if (e.inner == 1)
    return parallel_for(0, e.outer, std::max<int64_t>(1, kGrain / e.n), [&](int64_t from, int64_t to) { rows(from * e.n, to - from); });
  const int64_t tile = std::clamp<int64_t>(65536 / e.n / 64 * 64, 64, kSoftmaxTile), tiles = (e.inner + tile - 1) / tile;
  parallel_for(0, e.outer * tiles, std::max<int64_t>(1, kGrain / (e.n * std::min(tile, e.inner))), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) {
      const int64_t first = i % tiles * tile;
      columns(i / tiles * e.n * e.inner + first, std::min(tile, e.inner - first));
    }
  });
}

// Maximum and sum of each piece first, then all by those of the row. Pieces do not depend on the number of threads.
void softmax_long_row(DType dtype, char* out, const char* in, int64_t n, bool log) {
  const int64_t item = item_size(dtype), pieces = (n + kPiece - 1) / kPiece;
  std::vector<double> maxima(size_t(pieces), 0), sums(size_t(pieces), 0);
  const auto for_pieces = [&](auto f) {
    parallel_for(0, pieces, 1, [&](int64_t from, int64_t to) {
      for (int64_t p = from; p < to; ++p) f(p, p * kPiece * item, std::min(kPiece, n - p * kPiece));
    });
  };
  for_pieces([&](int64_t p, int64_t at, int64_t count) { exp_sum_row(dtype, in + at, count, &maxima[size_t(p)], &sums[size_t(p)]); });
  double max = maxima[0], sum = 0;
  for (double m : maxima) max = m > max || m != m ? m : max;
  for (size_t p = 0; p < maxima.size(); ++p) sum += sums[p] * std::exp(maxima[p] - max);
  if (!std::isfinite(max)) sum = std::numeric_limits<double>::quiet_NaN();
  for_pieces([&](int64_t, int64_t at, int64_t count) { finish_softmax_row(dtype, out + at, in + at, count, max, sum, log); });
}

void softmax(Tensor& out, const Tensor& in, int64_t dim, bool log) {
  const DType dtype = out.dtype();
  if (!is_floating_point(dtype)) refuse_dtype(log ? "log_softmax" : "softmax", dtype);
  const Tensor x = dense(in, dtype);
  DenseOut y(out);
  char* to = pointer<char>(y.tensor());
  const char* from = pointer<char>(x);
  const int64_t item = item_size(dtype);
  const Extent e = extent_of(out.sizes(), dim);
  if (e.inner == 1 && e.n >= 8 * kPiece) {
    for (int64_t row = 0; row < e.outer; ++row) softmax_long_row(dtype, to + row * e.n * item, from + row * e.n * item, e.n, log);
    return y.commit();
  }
  for_extent(
      e, [&](int64_t at, int64_t rows) { softmax_rows(dtype, to + at * item, from + at * item, rows, e.n, log); },
      [&](int64_t at, int64_t width) { softmax_columns(dtype, to + at * item, from + at * item, e.n, e.inner, width, log); });
  y.commit();
}

void softmax_backward(Tensor& grad_in, const Tensor& grad, const Tensor& out, int64_t dim, bool log) {
  const DType dtype = grad_in.dtype();
  if (!is_floating_point(dtype)) refuse_dtype(log ? "log_softmax_backward" : "softmax_backward", dtype);
  const Tensor g = dense(grad, dtype), y = dense(out, dtype);
  DenseOut result(grad_in);
  char* to = pointer<char>(result.tensor());
  const char *gp = pointer<char>(g), *yp = pointer<char>(y);
  const int64_t item = item_size(dtype);
  const Extent e = extent_of(grad_in.sizes(), dim);
  for_extent(
      e, [&](int64_t at, int64_t rows) { softmax_backward_rows(dtype, to + at * item, gp + at * item, yp + at * item, rows, e.n, log); },
      [&](int64_t at, int64_t width) { softmax_backward_columns(dtype, to + at * item, gp + at * item, yp + at * item, e.n, e.inner, width, log); });
  result.commit();
}

}  // namespace

void register_softmax() {
  softmax_kernel.set(DeviceType::CPU, softmax);
  softmax_backward_kernel.set(DeviceType::CPU, softmax_backward);
  cross_entropy_kernel.set(DeviceType::CPU, cross_entropy);
  cross_entropy_backward_kernel.set(DeviceType::CPU, cross_entropy_backward);
}

}  // namespace lazuli::cpu
