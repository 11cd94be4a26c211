#include <array>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/network/resampling.h"
#include "lazuli/ops/network/window.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli {
namespace {

enum class Outside { Zeros, Border, Reflection };

Tensor filled_like(const Tensor& t, double value) { return full(t.sizes(), value, CreationOptions{.dtype = t.dtype(), .device = t.device()}); }

// From -1..1 to places of `size`.
Tensor unnormalized(const Tensor& x, int64_t size, bool align_corners) {
  if (align_corners) return (x + Scalar(1)) * Scalar(double(size - 1) / 2);
  return ((x + Scalar(1)) * Scalar(double(size)) - Scalar(1)) * Scalar(0.5);
}
// Into [0, size - 1]; no gradient at or beyond the ends.
Tensor clipped(const Tensor& x, int64_t size) {
  const Tensor inside = logical_and(gt(x.detach(), Scalar(0)), lt(x.detach(), Scalar(double(size - 1))));
  return where(inside, x, where(gt(x.detach(), Scalar(0)), filled_like(x, double(size - 1)), filled_like(x, 0)));
}
// Back and forth between the edges.
Tensor reflected(const Tensor& x, int64_t size, bool align_corners) {
  const double low = align_corners ? 0 : -0.5, span = align_corners ? double(size - 1) : double(size);
  if (span == 0) return x * Scalar(0);
  const Tensor from_low = x - Scalar(low), distance = where(lt(from_low.detach(), Scalar(0)), -from_low, from_low);
  const Tensor flips = floor(distance.detach() / Scalar(span)), half = floor(flips * Scalar(0.5)), even = eq(half * Scalar(2), flips);
  return where(even, distance - flips * Scalar(span), (flips + Scalar(1)) * Scalar(span) - distance) + Scalar(low);
}
Tensor brought_inside(const Tensor& x, int64_t size, Outside outside, bool align_corners) {
  if (outside == Outside::Zeros) return x;
  return clipped(outside == Outside::Border ? x : reflected(x, size, align_corners), size);
}

// `out` with a gradient of zeros for `grid`.
Tensor constant_in(const Tensor& out, const Tensor& grid) {
  Tensor same = alias(out);
  if (auto tape = Tape::recording(out, grid))
    tape.record("grid_sample", same, [sizes = grid.sizes(), dtype = grid.dtype(), device = grid.device()](const Tensor& grad, Needs needs) {
      return Grads{grad, needs[1] ? zeros(sizes, CreationOptions{.dtype = dtype, .device = device}) : Tensor()};
    });
  return same;
}

// One read in each dimension: the place (whole numbers, as floats) and its weight; no weight: 1.
struct Read {
  Tensor place, weight;
};

// The images [n, c, size] at reads of all dimensions, [n, 1, places]; what lies outside counts for nothing.
Tensor read(const Tensor& flat, const Shape& sizes, const std::vector<Read>& reads) {
  Tensor index, inside, weight;
  {
    no_grad unrecorded;
    for (size_t d = 0; d < reads.size(); ++d) {
      const int64_t size = sizes[int64_t(d)];
      const Tensor& place = reads[d].place;
      const Tensor valid = logical_and(ge(place, Scalar(0)), lt(place, Scalar(double(size))));
      const Tensor at = to(where(valid, place, filled_like(place, 0)), kInt64);
      index = index.defined() ? index * Scalar(size) + at : at;
      inside = inside.defined() ? logical_and(inside, valid) : valid;
    }
    index = expand(index, {flat.size(0), flat.size(1), index.size(2)}).contiguous();
  }
  for (const Read& r : reads)
    if (r.weight.defined()) weight = weight.defined() ? weight * r.weight : r.weight;
  Tensor values = reduction::take_along(flat, 2, index);
  values = where(inside, values, filled_like(values, 0));
  return weight.defined() ? values * weight : values;
}

// Sum over all choices of one read in each dimension.
Tensor read_all(const Tensor& flat, const Shape& sizes, const std::vector<std::vector<Read>>& reads) {
  Tensor out;
  std::vector<size_t> choice(reads.size(), 0);
  while (true) {
    std::vector<Read> chosen;
    for (size_t d = 0; d < reads.size(); ++d) chosen.push_back(reads[d][choice[d]]);
    const Tensor part = read(flat, sizes, chosen);
    out = out.defined() ? out + part : part;
    size_t d = 0;
    while (d < reads.size() && ++choice[d] == reads[d].size()) choice[d++] = 0;
    if (d == reads.size()) return out;
  }
}

std::vector<Read> linear_reads(const Tensor& x) {
  const Tensor first = floor(x.detach()), rest = x - first;
  return {{first, Scalar(1) - rest}, {first + Scalar(1), rest}};
}
// Keys' cubic with a = -3/4 of t in [0, 1): weights of the places -1, 0, 1 and 2.
std::vector<Read> cubic_reads(const Tensor& x, int64_t size, Outside outside, bool align_corners) {
  constexpr double a = -0.75;
  const auto near = [](const Tensor& t) { return (t * Scalar(a + 2) - Scalar(a + 3)) * t * t + Scalar(1); };
  const auto far = [](const Tensor& t) { return ((t - Scalar(5)) * t + Scalar(8)) * t * Scalar(a) - Scalar(4 * a); };
  const Tensor first = floor(x.detach()), t = x - first, u = Scalar(1) - t;
  std::vector<Read> reads{
      {first - Scalar(1), far(t + Scalar(1))}, {first, near(t)}, {first + Scalar(1), near(u)}, {first + Scalar(2), far(u + Scalar(1))}};
  for (Read& r : reads) r.place = brought_inside(r.place, size, outside, align_corners);
  return reads;
}

}  // namespace

Tensor with_options::grid_sample(const Tensor& input, const Tensor& grid, GridSampleOptions options) {
  if (const Casting cast{Cast::Float32, input, grid}) return grid_sample(cast(input), cast(grid), options);
  const auto& [mode, padding_mode, align_corners] = options;
  need_floating_point("grid_sample", input, "input");
  need_defined("grid_sample", grid, "grid");
  detail::check_device("grid_sample", "grid", input, grid);
  const int64_t rank = input.dim() - 2;
  if (rank != 2 && rank != 3)
    fail("grid_sample", "input", "images [n, channels, spatial..] of two or three spatial dimensions", "sizes " + to_string(input.sizes()));
  if (grid.dtype() != input.dtype())
    fail(ErrorKind::Type, "grid_sample", "grid", "the dtype of input, " + std::string(name(input.dtype())), name(grid.dtype()));
  if (grid.dim() != rank + 2 || grid.size(0) != input.size(0) || grid.size(-1) != rank)
    fail("grid_sample", "grid", "sizes [" + std::to_string(input.size(0)) + ", places.., " + std::to_string(rank) + "]", to_string(grid.sizes()));
  const Shape sizes = window::spatial(input.sizes(), rank);
  for (int64_t s : sizes)
    if (s < 1) fail("grid_sample", "input", "spatial sizes above 0", "sizes " + to_string(input.sizes()));
  if (mode != "bilinear" && mode != "nearest" && mode != "bicubic")
    fail("grid_sample", "mode", "'bilinear', 'nearest' or 'bicubic'", "'" + mode + "'");
  if (padding_mode != "zeros" && padding_mode != "border" && padding_mode != "reflection")
    fail("grid_sample", "padding_mode", "'zeros', 'border' or 'reflection'", "'" + padding_mode + "'");
  const Outside outside = padding_mode == "zeros" ? Outside::Zeros : padding_mode == "border" ? Outside::Border : Outside::Reflection;
  const int64_t n = input.size(0), c = input.size(1);
  Shape out_sizes{n, c};
  for (int64_t d = 1; d <= rank; ++d) out_sizes.push_back(grid.size(d));
  if (out_sizes.numel() == 0) return constant_in(reshape(input.slice(0, 0, 0), {0, c, -1}).new_empty(out_sizes), grid);

  // Halves are sampled in float32.
  const DType dtype = input.dtype(), wide = dtype == kFloat64 ? kFloat64 : kFloat32;
  const Tensor flat = reshape(to(input, wide), {n, c, -1}), places = reshape(to(grid, wide), {n, 1, -1, rank});
  std::vector<std::vector<Read>> reads;
  for (int64_t d = 0; d < rank; ++d) {
    const int64_t size = sizes[d];
    const Tensor x = unnormalized(select(places, 3, rank - 1 - d), size, align_corners);
    if (mode == "bicubic") reads.push_back(cubic_reads(x, size, outside, align_corners));
    else if (mode == "bilinear") reads.push_back(linear_reads(brought_inside(x, size, outside, align_corners)));
    else reads.push_back({{round(brought_inside(x, size, outside, align_corners).detach()), Tensor()}});
  }
  Tensor out = to(reshape(read_all(flat, sizes, reads), out_sizes), dtype);
  return mode == "nearest" ? constant_in(out, grid) : out;
}

Tensor affine_grid(const Tensor& theta, const Shape& size, bool align_corners) {
  need_floating_point("affine_grid", theta, "theta");
  const int64_t rank = size.size() - 2;
  if (rank != 2 && rank != 3) fail("affine_grid", "size", "[n, channels, height, width] or [n, channels, depth, height, width]", to_string(size));
  for (int64_t s : size)
    if (s < 1) fail("affine_grid", "size", "sizes above 0", to_string(size));
  const Shape wanted{size[0], rank, rank + 1};
  if (!(theta.sizes() == wanted)) fail("affine_grid", "theta", "sizes " + to_string(wanted), to_string(theta.sizes()));
  const CreationOptions like{.dtype = theta.dtype(), .device = theta.device()};
  const Shape places = window::spatial(size, rank);
  std::vector<Tensor> coordinates;  // x, y, (z,) 1
  for (int64_t d = rank - 1; d >= 0; --d) {
    const int64_t s = places[d];
    Tensor line = s > 1 ? linspace(-1, 1, s, like) * Scalar(align_corners ? 1 : double(s - 1) / double(s)) : zeros({s}, like);
    Shape along = Shape::filled(rank, 1);
    along[d] = s;
    coordinates.push_back(reshape(line, along).expand(places));
  }
  coordinates.push_back(ones(places, like));
  const Tensor base = reshape(stack(coordinates, rank), {1, places.numel(), rank + 1});
  Shape out{size[0]};
  for (int64_t p : places) out.push_back(p);
  out.push_back(rank);
  return reshape(matmul(base, transpose(theta, 1, 2)), out);
}

}  // namespace lazuli
