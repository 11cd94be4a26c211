// Interpolation, one dimension after the other: each output place is a weighted sum of some input places ("taps"), so that selections, products and sums give it its gradients.
#include "lazuli/ops/network/resampling.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/described.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/network/pooling.h"
#include "lazuli/ops/network/window.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// Output place o is the sum over the taps k of weight(k, o) times the input at place(k, o). In tensors, so that sizes beyond the memory are told.
struct Taps {
  int64_t count, out;
  Tensor places, weights;

  Taps(int64_t taps, int64_t size) : count(taps), out(size), places(new_tensor({taps, size}, kInt64)), weights(new_tensor({taps, size}, kFloat64)) {
    std::fill_n(&weight(0, 0), taps * size, 0.0);
  }
  int64_t& place(int64_t k, int64_t o) const { return static_cast<int64_t*>(places.address())[k * out + o]; }
  double& weight(int64_t k, int64_t o) const { return static_cast<double*>(weights.address())[k * out + o]; }
  bool is_identity(int64_t in) const {
    if (out != in) return false;
    for (int64_t o = 0; o < out; ++o) {
      double own = 0;
      for (int64_t k = 0; k < count; ++k) {
        if (place(k, o) == o) own += weight(k, o);
        else if (weight(k, o) != 0) return false;
      }
      if (own != 1) return false;
    }
    return true;
  }
  bool is_zero(int64_t k) const {
    const double* first = &weight(k, 0);
    return std::all_of(first, first + out, [](double w) { return w == 0; });
  }
};

// One dimension: its sizes, and input places for an output place.
struct Line {
  int64_t in, out;
  double scale;
  bool align_corners;

  Line(int64_t input, int64_t output, bool align, std::optional<double> factor) : in(input), out(output), align_corners(align) {
    if (align) scale = out > 1 ? double(in - 1) / double(out - 1) : 0;
    else scale = factor && *factor > 0 ? 1 / *factor : double(in) / double(out);
  }
  double source(int64_t o) const { return align_corners ? scale * double(o) : scale * (double(o) + 0.5) - 0.5; }
};

Taps nearest(const Line& line, bool exact, bool in_double) {
  Taps taps(1, line.out);
  for (int64_t o = 0; o < line.out; ++o) {
    const double at = double(o) + (exact ? 0.5 : 0);
    const double place = in_double ? at * line.scale : double(float(at) * float(line.scale));
    taps.place(0, o) = std::min(int64_t(std::floor(place)), line.in - 1);
    taps.weight(0, o) = 1;
  }
  return taps;
}
Taps linear(const Line& line) {
  Taps taps(2, line.out);
  for (int64_t o = 0; o < line.out; ++o) {
    const double at = std::max(line.source(o), 0.0);
    const int64_t first = std::min(int64_t(at), line.in - 1);
    const double rest = std::clamp(at - double(first), 0.0, 1.0);
    taps.place(0, o) = first, taps.place(1, o) = std::min(first + 1, line.in - 1);
    taps.weight(0, o) = 1 - rest, taps.weight(1, o) = rest;
  }
  return taps;
}
// Keys' cubic of the distance to a place.
double cubic_weight(double x, double a) {
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0;
}
Taps cubic(const Line& line) {
  Taps taps(4, line.out);
  for (int64_t o = 0; o < line.out; ++o) {
    const double at = line.source(o), first = std::floor(at);
    for (int64_t k = 0; k < 4; ++k) {
      taps.place(k, o) = std::clamp(int64_t(first) + k - 1, int64_t(0), line.in - 1);
      taps.weight(k, o) = cubic_weight(at - first - double(k - 1), -0.75);
    }
  }
  return taps;
}
// The same filters, as wide as the places of the output.
Taps antialiased(const Line& line, bool is_cubic) {
  const double wide = std::max(line.scale, 1.0), support = (is_cubic ? 2 : 1) * wide;
  const int64_t most = int64_t(std::ceil(support)) * 2 + 1;
  Taps taps(most, line.out);
  for (int64_t o = 0; o < line.out; ++o) {
    const double centre = line.scale * (double(o) + 0.5);
    const int64_t first = std::max(int64_t(centre - support + 0.5), int64_t(0)), last = std::min(int64_t(centre + support + 0.5), line.in);
    double total = 0;
    for (int64_t k = 0; k < most; ++k) {
      const int64_t place = first + k;
      taps.place(k, o) = std::clamp(place, int64_t(0), line.in - 1);
      if (place >= last) continue;
      const double x = (double(place) - centre + 0.5) / wide;
      taps.weight(k, o) = is_cubic ? cubic_weight(x, -0.5) : std::max(1 - std::abs(x), 0.0);
      total += taps.weight(k, o);
    }
    for (int64_t k = 0; k < most && total != 0; ++k) taps.weight(k, o) /= total;
  }
  return taps;
}

// The weights of bytes: whole multiples of the power of two with which the greatest has 15 bits, as in PyTorch, so that a half is rounded the same way.
// What several taps take from one place at the border is one weight.
Taps in_bits(Taps taps) {
  for (int64_t o = 0; o < taps.out; ++o)
    for (int64_t k = 1; k < taps.count; ++k)
      if (taps.place(k, o) == taps.place(k - 1, o)) taps.weight(k, o) += std::exchange(taps.weight(k - 1, o), 0.0);
  double* const first = &taps.weight(0, 0);
  double* const last = first + taps.count * taps.out;
  const double greatest = *std::max_element(first, last);
  double unit = 1;
  for (int bits = 0; bits < 22 && std::floor(0.5 + greatest * unit * 2) < 0x1p15; ++bits) unit *= 2;
  std::transform(first, last, first, [&](double w) { return std::trunc(w * unit + (w < 0 ? -0.5 : 0.5)) / unit; });
  return taps;
}

Tensor row(const Tensor& rows, int64_t k, const Shape& sizes) { return alias(rows, sizes, contiguous_strides(sizes), k * rows.sizes()[1]); }

Tensor resampled(const Tensor& x, int64_t dim, const Taps& taps) {
  if (taps.is_identity(x.sizes()[dim])) return x;
  // A processor reads elements side by side one by one, but rows whole: where many of them make one, a large image is turned for the while.
  constexpr int64_t kTurnFrom = 4096;
  if (dim > 0 && dim == x.dim() - 1 && taps.count > 2 && taps.out < x.sizes()[dim] && x.device().is_cpu() && x.numel() >= kTurnFrom) {
    Shape sizes = x.sizes();
    sizes[dim] = taps.out;
    return reshape(resampled(reshape(x, {-1, x.sizes()[dim]}).t().contiguous(), 0, taps).t(), sizes);
  }
  const auto read = [&](int64_t k) { return index_select(x, dim, moved(row(taps.places, k, taps.out), x.device())); };
  if (taps.count == 1) return read(0);
  Shape along = Shape::filled(x.dim(), 1);
  along[dim] = taps.out;
  Tensor out;
  for (int64_t k = 0; k < taps.count; ++k) {
    if (taps.is_zero(k)) continue;
    const Tensor weights = moved(casted(row(taps.weights, k, along), x.dtype()), x.device());
    out = out.defined() ? addcmul(out, read(k), weights) : read(k) * weights;
  }
  return out;
}

enum class Mode { Nearest, NearestExact, Linear, Cubic, Area };
Mode mode_of(const std::string& name, int64_t rank) {
  if (name == "nearest") return Mode::Nearest;
  if (name == "nearest-exact") return Mode::NearestExact;
  if (name == "area") return Mode::Area;
  const int64_t wanted = name == "linear" ? 1 : name == "bilinear" || name == "bicubic" ? 2 : name == "trilinear" ? 3 : 0;
  if (!wanted) fail("interpolate", "mode", "'nearest', 'nearest-exact', 'linear', 'bilinear', 'trilinear', 'bicubic' or 'area'", "'" + name + "'");
  if (wanted != rank) fail("interpolate", "mode", "one for " + std::to_string(rank) + " spatial dimensions", "'" + name + "'");
  return name == "bicubic" ? Mode::Cubic : Mode::Linear;
}

}  // namespace

Tensor interpolate(const Tensor& input, InterpolateOptions o) {
  take_braces(o);
  if (const Casting cast{Cast::Float32OnGpu, input}) return interpolate(cast(input), o);
  need_defined("interpolate", input, "input");
  const int64_t rank = input.dim() - 2;
  if (rank < 1 || rank > 3)
    fail("interpolate", "input", "images [n, channels, spatial..] of one to three spatial dimensions", "sizes " + to_string(input.sizes()));
  const Mode mode = mode_of(o.mode, rank);
  const bool weighted = mode == Mode::Linear || mode == Mode::Cubic;
  if (o.align_corners && !weighted)
    fail("interpolate", "align_corners", "none, because mode is '" + o.mode + "'", *o.align_corners ? "true" : "false");
  if (o.antialias && !(weighted && rank == 2)) fail("interpolate", "antialias", "false, because mode is '" + o.mode + "'", "true");
  if (o.size.has_value() == o.scale_factor.has_value()) fail("interpolate", "size", "either it or scale_factor", o.size ? "both" : "neither");
  if (o.recompute_scale_factor.value_or(false) && o.size) fail("interpolate", "recompute_scale_factor", "false, because size is given", "true");
  const DType dtype = input.dtype();
  if (weighted ? !input.is_floating_point() && dtype != kUInt8 : mode == Mode::Area && !input.is_floating_point())
    fail_dtype("interpolate", "input", "a floating point tensor", dtype);

  const Shape from = window::spatial(input.sizes(), rank);
  Shape to = from;
  std::vector<std::optional<double>> factors(size_t(rank), std::nullopt);
  if (o.size) {
    to = window::entries("interpolate", "size", *o.size, rank, 1);
  } else {
    const SizeRatio& f = *o.scale_factor;
    if (f.size() != 1 && int64_t(f.size()) != rank) fail("interpolate", "scale_factor", "one factor, or " + std::to_string(rank), written(f));
    for (int64_t d = 0; d < rank; ++d) {
      const double factor = f[f.size() == 1 ? 0 : size_t(d)];
      if (!(factor > 0) || !std::isfinite(factor)) fail("interpolate", "scale_factor", "factors above 0", written(f));
      const double size = std::floor(double(from[d]) * factor);
      if (size > double(window::kMost)) fail("interpolate", "scale_factor", "a size of at most " + std::to_string(window::kMost), written(f));
      to[d] = int64_t(size);
      if (!o.recompute_scale_factor.value_or(false)) factors[size_t(d)] = factor;
    }
  }
  for (int64_t d = 0; d < rank; ++d)
    if (from[d] < 1 || to[d] < 1) fail("interpolate", "input", "sizes above 0 before and after", to_string(from) + " to " + to_string(to));
  if (mode == Mode::Area)
    return rank == 1 ? adaptive_avg_pool1d(input, to) : rank == 2 ? adaptive_avg_pool2d(input, to) : adaptive_avg_pool3d(input, to);

  Tensor out = weighted && dtype != kFloat64 ? lazuli::to(input, kFloat32) : input;
  const bool bytes = dtype == kUInt8 && weighted;
  std::vector<int64_t> order;
  for (int64_t d = rank - 1; d >= 0; --d) order.push_back(d);
  // Rows that fall away first are not resampled themselves; bytes are rounded after each dimension, in PyTorch's order.
  if (!bytes) std::stable_partition(order.begin(), order.end(), [&](int64_t d) { return d != rank - 1 && to[d] < from[d]; });
  for (const int64_t d : order) {
    const Line line(from[d], to[d], weighted && o.align_corners.value_or(false), factors[size_t(d)]);
    const Taps taps = !weighted             ? nearest(line, mode == Mode::NearestExact, dtype == kFloat64)
                      : o.antialias         ? antialiased(line, mode == Mode::Cubic)
                      : mode == Mode::Cubic ? cubic(line)
                                            : linear(line);
    out = resampled(out, d + 2, bytes ? in_bits(taps) : taps);
    if (bytes) out = clamp(floor(out + Scalar(0.5)), Scalar(0), Scalar(255));  // whole numbers after each dimension, as PyTorch
  }
  out = lazuli::to(out, dtype);
  return out.is_same(input) ? input.clone() : out;
}
Tensor upsample(const Tensor& input, InterpolateOptions options) { return interpolate(input, options); }
Tensor upsample_nearest(const Tensor& input, const OptionalShape& size, const std::optional<SizeRatio>& factor) {
  need_defined("upsample_nearest", input, "input");
  return interpolate(input, {.size = size, .scale_factor = factor});
}
Tensor upsample_bilinear(const Tensor& input, const OptionalShape& size, const std::optional<SizeRatio>& factor) {
  need_defined("upsample_bilinear", input, "input");
  return interpolate(input, {.size = size, .scale_factor = factor, .mode = "bilinear", .align_corners = true});
}

void from_value(const Value& value, SizeRatio& into) {
  if (value.kind() != Value::Kind::List) {
    into = value.to_double();
    return;
  }
  into.clear();
  for (const Value& v : value.to_list()) into.push_back(v.to_double());
}
SizeRatio::SizeRatio(double ratio) : vector{ratio} {}
std::string written(const SizeRatio& ratio) {
  if (ratio.size() == 1) return written(ratio[0]);
  std::string text = "(";
  for (size_t i = 0; i < ratio.size(); ++i) text += (i ? ", " : "") + written(ratio[i]);
  return text + ")";
}

namespace {
std::optional<Shape> size_of(const Value& value) {
  if (value.is_none()) return {};
  return value.kind() == Value::Kind::List ? value.to_shape() : Shape(value.to_int());
}
std::optional<SizeRatio> ratio_of(const Value& value) {
  if (value.is_none()) return {};
  SizeRatio ratio;
  from_value(value, ratio);
  return ratio;
}
Tensor by_name(const Tensor& input, const Value& size, const Value& factor, const std::string& mode, std::optional<bool> align_corners,
               std::optional<bool> recompute, bool antialias) {
  return interpolate(input, {.size = size_of(size),
                             .scale_factor = ratio_of(factor),
                             .mode = mode,
                             .align_corners = align_corners,
                             .recompute_scale_factor = recompute,
                             .antialias = antialias});
}
template <int64_t rank>
Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t mode, int64_t padding_mode, bool align_corners) {
  constexpr const char* kOp = rank == 2 ? "grid_sampler_2d" : "grid_sampler_3d";
  constexpr const char* kModes[] = {"bilinear", "nearest", "bicubic"};
  constexpr const char* kPaddings[] = {"zeros", "border", "reflection"};
  need_defined(kOp, input, "input", grid, "grid");
  if (mode < 0 || mode > 2) fail(kOp, "interpolation_mode", "0, 1 or 2", std::to_string(mode));
  if (padding_mode < 0 || padding_mode > 2) fail(kOp, "padding_mode", "0, 1 or 2", std::to_string(padding_mode));
  if (input.dim() != rank + 2) fail(kOp, "input", std::to_string(rank + 2) + " dimensions", "sizes " + to_string(input.sizes()));
  return grid_sample(input, grid, kModes[mode], kPaddings[padding_mode], align_corners);
}
}  // namespace

void register_resampling(OpTable& table) {
  table.add(
      "interpolate(Tensor input, Any size=None, Any scale_factor=None, str mode='nearest', bool? align_corners=None, "
      "bool? recompute_scale_factor=None, bool antialias=False) -> Tensor",
      &by_name);
  table.alias("upsample", "interpolate");
  table.add(
      "upsample_nearest(Tensor input, Any size=None, Any scale_factor=None) -> Tensor",
      +[](const Tensor& input, const Value& size, const Value& factor) { return upsample_nearest(input, size_of(size), ratio_of(factor)); });
  table.add(
      "upsample_bilinear(Tensor input, Any size=None, Any scale_factor=None) -> Tensor",
      +[](const Tensor& input, const Value& size, const Value& factor) { return upsample_bilinear(input, size_of(size), ratio_of(factor)); });
  table.add(
      "grid_sample(Tensor input, Tensor grid, str mode='bilinear', str padding_mode='zeros', bool? align_corners=None) -> Tensor",
      +[](const Tensor& input, const Tensor& grid, const std::string& mode, const std::string& padding_mode, std::optional<bool> align_corners) {
        return grid_sample(input, grid, mode, padding_mode, align_corners.value_or(false));
      });
  table.add("grid_sampler_2d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor", &grid_sampler<2>);
  table.add("grid_sampler_3d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor", &grid_sampler<3>);
  table.add(
      "affine_grid(Tensor theta, int[] size, bool? align_corners=None) -> Tensor",
      +[](const Tensor& theta, const Shape& size, std::optional<bool> align_corners) {
        return affine_grid(theta, size, align_corners.value_or(false));
      });
}

}  // namespace lazuli
