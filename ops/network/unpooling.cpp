// Max unpooling and fractional max pooling, both written with scatter and gather.
#include "lazuli/autograd/modes.h"

#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/described.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/network/pooling.h"
#include "lazuli/ops/network/pooling_support.h"
#include "lazuli/ops/network/window.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/table/value.h"

namespace lazuli {
namespace {

Tensor unpooled(const char* op, int64_t rank, const Tensor& self, const Tensor& indices, const Shape& given_kernel,
                const MaxUnpoolFunctionOptions& o) {
  need_defined(op, self, "self", indices, "indices");
  const Shape kernel = window::entries(op, "kernel_size", given_kernel, rank, 1), padding = window::entries(op, "padding", o.padding, rank, 0);
  const Shape stride = o.stride.empty() ? kernel : window::entries(op, "stride", o.stride, rank, 1);
  const std::optional<Shape>& output_size = o.output_size;
  pooling::check_input(op, self, rank);
  detail::check_device(op, "indices", self, indices);
  if (indices.dtype() != kInt64) fail(ErrorKind::Type, op, "indices", "int64", name(indices.dtype()));
  if (!(indices.sizes() == self.sizes())) fail(op, "indices", "the sizes of self, " + to_string(self.sizes()), to_string(indices.sizes()));
  if (output_size && output_size->size() != rank && output_size->size() != rank + 2 && output_size->size() != self.dim())
    fail(op, "output_size", std::to_string(rank) + " sizes, or those of the whole output", to_string(*output_size));
  Shape places = window::spatial(self.sizes(), rank);
  for (int64_t d = 0; d < rank; ++d) {
    const int64_t usual = size_sum(size_product(places[d] - 1, stride[d], op), kernel[d] - 2 * padding[d], op);
    places[d] = output_size ? window::spatial(*output_size, rank)[d] : usual;
    if (output_size && (places[d] <= size_sum(usual, -stride[d], op) || places[d] >= size_sum(usual, stride[d], op)))
      fail(op, "output_size", "a size less than a stride from " + std::to_string(usual) + " in spatial dimension " + std::to_string(d),
           to_string(*output_size));
    if (places[d] < 1) fail(op, "self", "sizes that give an output of at least 1 in every dimension", to_string(self.sizes()));
  }
  const Shape sizes = window::with_spatial(self.sizes(), places);
  if (self.numel() == 0) return self.reshape(sizes);
  const int64_t planes = self.numel() / window::spatial(self.sizes(), rank).numel();
  int64_t each = 1;
  for (int64_t p : places) each = size_product(each, p, op);
  const Tensor into = zeros({planes, each}, CreationOptions{.dtype = self.dtype(), .device = self.device()});
  return reshape(scatter(into, 1, reshape(indices, {planes, -1}), reshape(self, {planes, -1})), sizes);
}

// Windows that begin at floor((o + u) a) - floor(u a), a = (size - kernel) / (places - 1), and the last one at size - kernel. samples [planes] -> [planes, places].
Tensor fractional_starts(const Tensor& samples, int64_t size, int64_t kernel, int64_t places) {
  Tensor last = full({samples.sizes()[0], 1}, size - kernel, CreationOptions{.dtype = kInt64, .device = samples.device()});
  if (places == 1) return last;
  const double alpha = double(size - kernel) / double(places - 1);
  Tensor u = unsqueeze(samples, 1), o = arange(0, places - 1, 1, CreationOptions{.dtype = samples.dtype(), .device = samples.device()});
  return cat({to(trunc((o + u) * Scalar(alpha)), kInt64) - to(trunc(u * Scalar(alpha)), kInt64), last}, 1);
}

// The place of the greatest element of each window: of equal ones the first, of several NaN the last.
Tensor fractional_indices(const Tensor& x, const Shape& kernel, const Shape& places, const Tensor& samples) {
  const int64_t rank = kernel.size(), planes = x.sizes()[0] * x.sizes()[1];
  const Tensor flat = reshape(x, {planes, -1}), u = reshape(samples, {planes, rank});
  Shape sizes{planes};
  for (int64_t p : places) sizes.push_back(p);
  // Samples are for depth, height and width, but those of images for width and height.
  Tensor corner = zeros(sizes, CreationOptions{.dtype = kInt64, .device = x.device()});
  std::vector<int64_t> scale(size_t(rank), 1);
  for (int64_t d = rank - 1, step = 1; d >= 0; --d) {
    const int64_t size = x.sizes()[d + 2];
    Shape along = Shape::filled(rank + 1, 1);
    along[0] = planes, along[d + 1] = places[d];
    corner = corner + reshape(fractional_starts(select(u, 1, rank == 2 ? 1 - d : d), size, kernel[d], places[d]), along) * Scalar(step);
    scale[size_t(d)] = step;
    step *= size;
  }
  corner = reshape(corner, {planes, -1});
  Tensor best, best_at;
  for (int64_t k = 0; k < kernel.numel(); ++k) {
    int64_t offset = 0;
    for (int64_t d = rank - 1, rest = k; d >= 0; rest /= kernel[d], --d) offset += rest % kernel[d] * scale[size_t(d)];
    const Tensor at = corner + Scalar(offset), value = gather(flat, 1, at);
    if (k == 0) {
      best = value, best_at = at;
      continue;
    }
    const Tensor greater = logical_or(gt(value, best), isnan(value));
    best = where(greater, value, best), best_at = where(greater, at, best_at);
  }
  return reshape(best_at, window::with_spatial(x.sizes(), places));
}

std::tuple<Tensor, Tensor> fractional(const char* op, int64_t rank, const Tensor& self, const Shape& given_kernel,
                                      FractionalMaxPoolFunctionOptions o) {
  take_braces(o);
  const Shape kernel = window::entries(op, "kernel_size", given_kernel, rank, 1);
  pooling::check_input(op, self, rank);
  if (o.output_size.has_value() == o.output_ratio.has_value())
    fail(op, "output_size", "either it or output_ratio", o.output_size ? "both" : "neither");
  const Shape from = window::spatial(self.sizes(), rank);
  Shape places = from;
  if (o.output_size) {
    places = window::entries(op, "output_size", *o.output_size, rank, 1);
  } else {
    const SizeRatio& ratio = *o.output_ratio;
    if (ratio.size() != 1 && int64_t(ratio.size()) != rank) fail(op, "output_ratio", "one ratio, or " + std::to_string(rank), written(ratio));
    for (int64_t d = 0; d < rank; ++d) {
      const double r = ratio[ratio.size() == 1 ? 0 : size_t(d)];
      if (!(r > 0 && r < 1)) fail(op, "output_ratio", "ratios in (0, 1)", written(ratio));
      places[d] = int64_t(double(from[d]) * r);
    }
  }
  for (int64_t d = 0; d < rank; ++d)
    if (places[d] < 1 || places[d] + kernel[d] - 1 > from[d])
      fail(op, "self", "sizes of at least output_size + kernel_size - 1 and an output_size of at least 1", to_string(self.sizes()));
  const Tensor x = self.dim() == rank + 2 ? self : unsqueeze(self, 0);
  const Shape wanted{x.sizes()[0], x.sizes()[1], rank};
  Tensor samples = o._random_samples.value_or(Tensor());
  if (samples.defined()) detail::check_device(op, "_random_samples", self, samples);
  else samples = rand(wanted, CreationOptions{.dtype = self.is_floating_point() ? self.dtype() : kFloat32, .device = self.device()});
  if (samples.dim() == 3 && samples.sizes()[0] > wanted[0]) samples = samples.slice(0, 0, wanted[0]);  // those for more images serve, too
  if (!samples.is_floating_point() || !(samples.sizes() == wanted))
    fail(op, "_random_samples", "floating point of sizes " + to_string(wanted), to_string(samples.sizes()));
  Tensor indices;
  {
    no_grad unrecorded;
    if (x.numel()) indices = fractional_indices(x, kernel, places, samples.to(samples.dtype() == kFloat64 ? kFloat64 : kFloat32));
    else indices = zeros(window::with_spatial(x.sizes(), places), CreationOptions{.dtype = kInt64, .device = x.device()});
  }
  Tensor values = pooling::picked(x, indices);
  if (self.dim() == rank + 2) return {values, indices};
  return {squeeze(values, Shape(0)), squeeze(indices, Shape(0))};
}

}  // namespace

Tensor with_options::max_unpool1d(const Tensor& self, const Tensor& indices, const Shape& k, MaxUnpoolFunctionOptions o) {
  return unpooled("max_unpool1d", 1, self, indices, k, o);
}
Tensor with_options::max_unpool2d(const Tensor& self, const Tensor& indices, const Shape& k, MaxUnpoolFunctionOptions o) {
  if (const Casting cast{Cast::Float32, self, indices}) return max_unpool2d(cast(self), cast(indices), k, o);
  return unpooled("max_unpool2d", 2, self, indices, k, o);
}
Tensor with_options::max_unpool3d(const Tensor& self, const Tensor& indices, const Shape& k, MaxUnpoolFunctionOptions o) {
  if (const Casting cast{Cast::Float32, self, indices}) return max_unpool3d(cast(self), cast(indices), k, o);
  return unpooled("max_unpool3d", 3, self, indices, k, o);
}
Tensor fractional_max_pool2d(const Tensor& self, const Shape& k, FractionalMaxPoolFunctionOptions o) {
  return std::get<0>(fractional("fractional_max_pool2d", 2, self, k, o));
}
Tensor fractional_max_pool3d(const Tensor& self, const Shape& k, FractionalMaxPoolFunctionOptions o) {
  return std::get<0>(fractional("fractional_max_pool3d", 3, self, k, o));
}
std::tuple<Tensor, Tensor> fractional_max_pool2d_with_indices(const Tensor& self, const Shape& k, FractionalMaxPoolFunctionOptions o) {
  return fractional("fractional_max_pool2d_with_indices", 2, self, k, o);
}
std::tuple<Tensor, Tensor> fractional_max_pool3d_with_indices(const Tensor& self, const Shape& k, FractionalMaxPoolFunctionOptions o) {
  return fractional("fractional_max_pool3d_with_indices", 3, self, k, o);
}

}  // namespace lazuli
