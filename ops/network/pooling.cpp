#include "lazuli/ops/network/pooling.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/described.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/network/pooling_support.h"
#include "lazuli/ops/network/window.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/value.h"

namespace lazuli {
namespace {

using pooling::batched;
using pooling::check_input;

struct Window {
  Shape kernel, stride, padding, dilation;  // no kernel: adaptive
};

// ---- max pooling: the gradient goes to the places of the greatest, and comes back from there ----

Tensor spread(const char* name, const Tensor& grad, const Tensor& indices, const Shape& sizes) {
  Tensor out = is_channels_last(grad) ? new_strided(sizes, channels_last_strides(sizes), grad.dtype(), grad.device())
                                      : new_tensor(sizes, grad.dtype(), grad.device());
  if (out.numel()) max_pool_backward_kernel(out.device(), out, grad, indices);
  if (auto tape = Tape::recording(grad)) tape.record(name, out, [indices](const Tensor& g, Needs) { return Grads{pooling::picked(g, indices)}; });
  return out;
}

struct MaxPooled {
  Tensor values, indices;
};
// `indices` are there where they are wanted or a gradient needs them.
MaxPooled max_pool(const char* name, const Tensor& x, const Window& w, const Shape& places, bool with_indices) {
  const Shape sizes = window::with_spatial(x.sizes(), places);
  MaxPooled out{window::new_image(sizes, x.dtype(), x), Tensor()};
  auto tape = Tape::recording(x);
  if (with_indices || tape) out.indices = window::new_image(sizes, kInt64, x);
  if (out.values.numel()) max_pool_kernel(x.device(), out.values, out.indices, x, w.kernel, w.stride, w.padding, w.dilation);
  if (tape)
    tape.record(name, out.values,
                [name, indices = out.indices, from = x.sizes()](const Tensor& grad, Needs) { return Grads{spread(name, grad, indices, from)}; });
  return out;
}

// ---- mean pooling: it and its gradient are linear, and each other's derivative ----

struct Mean {
  Window window;
  bool count_padding;
  int64_t divisor;
};

Tensor average(const char* name, const Tensor& x, const Mean& m, const Shape& places);
Tensor average_backward(const char* name, const Tensor& grad, const Mean& m, const Shape& places) {
  Tensor out = window::new_image(window::with_spatial(grad.sizes(), places), grad.dtype(), grad);
  const Window& w = m.window;
  if (out.numel()) average_pool_backward_kernel(out.device(), out, grad, w.kernel, w.stride, w.padding, m.count_padding, m.divisor);
  if (auto tape = Tape::recording(grad))
    tape.record(name, out,
                [name, m, from = window::spatial(grad.sizes(), places.size())](const Tensor& g, Needs) { return Grads{average(name, g, m, from)}; });
  return out;
}
Tensor average(const char* name, const Tensor& x, const Mean& m, const Shape& places) {
  Tensor out = window::new_image(window::with_spatial(x.sizes(), places), x.dtype(), x);
  const Window& w = m.window;
  if (out.numel()) average_pool_kernel(out.device(), out, x, w.kernel, w.stride, w.padding, m.count_padding, m.divisor);
  if (auto tape = Tape::recording(x))
    tape.record(name, out, [name, m, from = window::spatial(x.sizes(), places.size())](const Tensor& grad, Needs) {
      return Grads{average_backward(name, grad, m, from)};
    });
  return out;
}

// ---- windows from what users say ----

Window window_of(const char* op, int64_t rank, const Shape& kernel, const Shape& stride, const Shape& padding, const Shape& dilation) {
  Window w{window::entries(op, "kernel_size", kernel, rank, 1),
           {},
           window::entries(op, "padding", padding, rank, 0),
           window::entries(op, "dilation", dilation, rank, 1)};
  w.stride = stride.empty() ? w.kernel : window::entries(op, "stride", stride, rank, 1);
  return w;
}

Shape places_of(const char* op, const Tensor& self, const Window& w, bool ceil_mode) {
  const int64_t rank = w.kernel.size();
  Shape places = window::spatial(self.sizes(), rank);
  for (int64_t d = 0; d < rank; ++d) {
    const int64_t size = places[d], reach = size_sum(size_product(w.dilation[d], w.kernel[d] - 1, op), 1, op);
    if (w.padding[d] > reach / 2) fail(op, "padding", "at most half the kernel's reach, " + std::to_string(reach / 2), to_string(w.padding));
    const int64_t room = size_sum(size, 2 * w.padding[d], op) - reach;
    places[d] = room < 0 ? (ceil_mode && room + w.stride[d] > 0 ? 1 : 0) : room / w.stride[d] + 1;
    if (ceil_mode && room >= 0 && room % w.stride[d] && places[d] * w.stride[d] < size + w.padding[d]) ++places[d];
    if (places[d] < 1)
      fail(op, "self", "sizes that hold a window of " + std::to_string(reach) + " in spatial dimension " + std::to_string(d),
           to_string(self.sizes()));
  }
  return places;
}

std::tuple<Tensor, Tensor> max_pooled(const char* op, int64_t rank, const Tensor& self, const Shape& kernel, const MaxPoolFunctionOptions& o,
                                      bool with_indices) {
  const Window w = window_of(op, rank, kernel, o.stride, o.padding, o.dilation);
  check_input(op, self, rank);
  const Shape places = places_of(op, self, w, o.ceil_mode);
  Tensor indices;
  Tensor values = batched(self, rank, [&](const Tensor& x) {
    MaxPooled pooled = max_pool(op, x, w, places, with_indices);
    indices = pooled.indices;
    return pooled.values;
  });
  if (indices.defined() && indices.dim() != self.dim()) indices = squeeze(indices, Shape(0));
  return {values, indices};
}

Tensor averaged(const char* op, int64_t rank, const Tensor& self, const Shape& kernel, const AvgPoolOptions& o) {
  const Window w = window_of(op, rank, kernel, o.stride, o.padding, 1);
  if (o.divisor_override == 0) fail(op, "divisor_override", "a number other than 0", "0");
  check_input(op, self, rank);
  const Mean mean{w, o.count_include_pad, o.divisor_override.value_or(0)};
  const Shape places = places_of(op, self, w, o.ceil_mode);
  return batched(self, rank, [&](const Tensor& x) { return average(op, x, mean, places); });
}

Shape adaptive_places(const char* op, const Tensor& self, int64_t rank, const AdaptiveSize& size) {
  if (size.size() != 1 && int64_t(size.size()) != rank) fail(op, "output_size", "one size, or " + std::to_string(rank), written(size));
  check_input(op, self, rank);
  Shape places = window::spatial(self.sizes(), rank);
  for (int64_t d = 0; d < rank; ++d) {
    const std::optional<int64_t>& asked = size[size.size() == 1 ? 0 : size_t(d)];
    if (asked && *asked < 0) fail(op, "output_size", "sizes that are not negative", written(size));
    if (asked) places[d] = *asked;
  }
  return places;
}
std::tuple<Tensor, Tensor> adaptive_max(const char* op, int64_t rank, const Tensor& self, const AdaptiveSize& size, bool with_indices) {
  const Shape places = adaptive_places(op, self, rank, size);
  Tensor indices;
  Tensor values = batched(self, rank, [&](const Tensor& x) {
    MaxPooled pooled = max_pool(op, x, {}, places, with_indices);
    indices = pooled.indices;
    return pooled.values;
  });
  if (indices.defined() && indices.dim() != self.dim()) indices = squeeze(indices, Shape(0));
  return {values, indices};
}
Tensor adaptive_average(const char* op, int64_t rank, const Tensor& self, const AdaptiveSize& size) {
  const Shape places = adaptive_places(op, self, rank, size);
  need_floating_point(op, self);
  return batched(self, rank, [&](const Tensor& x) { return average(op, x, {{}, false, 0}, places); });
}

Tensor lp_pooled(const char* op, int64_t rank, const Tensor& self, double p, const Shape& kernel, const LPPoolOptions& o) {
  need_defined(op, self);
  double count = 1;
  for (int64_t k : window::entries(op, "kernel_size", kernel, rank, 1)) count *= double(k);
  const Tensor mean = averaged(op, rank, pow(self, p), kernel, {.stride = o.stride, .ceil_mode = o.ceil_mode});
  return pow(mul(mul(sign(mean), relu(abs(mean))), Scalar(count)), 1 / p);
}

}  // namespace

namespace pooling {

Tensor picked(const Tensor& x, const Tensor& indices) {
  if (indices.numel() == 0) return reshape(x, indices.sizes());
  const Shape flat{x.sizes()[0], x.sizes()[1], -1};
  return reshape(reduction::take_along(reshape(x, flat), 2, reshape(indices, flat)), indices.sizes());
}

void check_input(const char* op, const Tensor& self, int64_t rank) {
  refuse_bool(op, self);
  refuse_complex(op, self);
  bool fits = self.dim() == rank + 1 || self.dim() == rank + 2;
  for (int64_t d = self.dim() - rank - 1; fits && d < self.dim(); ++d) fits = self.sizes()[d] > 0;
  if (!fits)
    fail(op, "self",
         std::to_string(rank + 2) + " dimensions, or without the batch " + std::to_string(rank + 1) + ", of sizes above 0 but for the batch",
         "sizes " + to_string(self.sizes()));
}

}  // namespace pooling

AdaptiveSize::AdaptiveSize(const Shape& sizes) : vector(sizes.begin(), sizes.end()) {}
void from_value(const Value& value, AdaptiveSize& into) {
  if (value.kind() != Value::Kind::List) {
    into = AdaptiveSize(value.is_none() ? std::optional<int64_t>() : value.to_int());
    return;
  }
  into = AdaptiveSize();
  for (const Value& v : value.to_list()) into.push_back(v.is_none() ? std::optional<int64_t>() : v.to_int());
}
std::string written(const AdaptiveSize& size) {
  if (size.size() == 1) return written(size[0]);
  std::string text = "(";
  for (size_t i = 0; i < size.size(); ++i) text += (i ? ", " : "") + written(size[i]);
  return text + ")";
}

Tensor with_options::max_pool1d(const Tensor& self, const Shape& k, MaxPoolFunctionOptions o) {
  return std::get<0>(max_pooled("max_pool1d", 1, self, k, o, false));
}
Tensor with_options::max_pool2d(const Tensor& self, const Shape& k, MaxPoolFunctionOptions o) {
  return std::get<0>(max_pooled("max_pool2d", 2, self, k, o, false));
}
Tensor with_options::max_pool3d(const Tensor& self, const Shape& k, MaxPoolFunctionOptions o) {
  if (const Casting cast{Cast::Float32, self}) return max_pool3d(cast(self), k, o);
  return std::get<0>(max_pooled("max_pool3d", 3, self, k, o, false));
}
std::tuple<Tensor, Tensor> with_options::max_pool1d_with_indices(const Tensor& self, const Shape& k, MaxPoolFunctionOptions o) {
  return max_pooled("max_pool1d_with_indices", 1, self, k, o, true);
}
std::tuple<Tensor, Tensor> with_options::max_pool2d_with_indices(const Tensor& self, const Shape& k, MaxPoolFunctionOptions o) {
  return max_pooled("max_pool2d_with_indices", 2, self, k, o, true);
}
std::tuple<Tensor, Tensor> with_options::max_pool3d_with_indices(const Tensor& self, const Shape& k, MaxPoolFunctionOptions o) {
  return max_pooled("max_pool3d_with_indices", 3, self, k, o, true);
}

Tensor with_options::avg_pool1d(const Tensor& self, const Shape& k, AvgPool1dOptions o) {
  return averaged("avg_pool1d", 1, self, k,
                  {.stride = o.stride, .padding = o.padding, .ceil_mode = o.ceil_mode, .count_include_pad = o.count_include_pad});
}
Tensor with_options::avg_pool2d(const Tensor& self, const Shape& k, AvgPoolOptions o) { return averaged("avg_pool2d", 2, self, k, o); }
Tensor with_options::avg_pool3d(const Tensor& self, const Shape& k, AvgPoolOptions o) {
  if (const Casting cast{Cast::Float32, self}) return avg_pool3d(cast(self), k, o);
  return averaged("avg_pool3d", 3, self, k, o);
}

Tensor with_options::lp_pool1d(const Tensor& self, double p, const Shape& k, LPPoolOptions o) { return lp_pooled("lp_pool1d", 1, self, p, k, o); }
Tensor with_options::lp_pool2d(const Tensor& self, double p, const Shape& k, LPPoolOptions o) { return lp_pooled("lp_pool2d", 2, self, p, k, o); }
Tensor with_options::lp_pool3d(const Tensor& self, double p, const Shape& k, LPPoolOptions o) { return lp_pooled("lp_pool3d", 3, self, p, k, o); }

Tensor adaptive_max_pool1d(const Tensor& self, const AdaptiveSize& size) {
  return std::get<0>(adaptive_max("adaptive_max_pool1d", 1, self, size, false));
}
Tensor adaptive_max_pool2d(const Tensor& self, const AdaptiveSize& size) {
  return std::get<0>(adaptive_max("adaptive_max_pool2d", 2, self, size, false));
}
Tensor adaptive_max_pool3d(const Tensor& self, const AdaptiveSize& size) {
  return std::get<0>(adaptive_max("adaptive_max_pool3d", 3, self, size, false));
}
std::tuple<Tensor, Tensor> adaptive_max_pool1d_with_indices(const Tensor& self, const AdaptiveSize& size) {
  return adaptive_max("adaptive_max_pool1d_with_indices", 1, self, size, true);
}
std::tuple<Tensor, Tensor> adaptive_max_pool2d_with_indices(const Tensor& self, const AdaptiveSize& size) {
  return adaptive_max("adaptive_max_pool2d_with_indices", 2, self, size, true);
}
std::tuple<Tensor, Tensor> adaptive_max_pool3d_with_indices(const Tensor& self, const AdaptiveSize& size) {
  return adaptive_max("adaptive_max_pool3d_with_indices", 3, self, size, true);
}
Tensor adaptive_avg_pool1d(const Tensor& self, const AdaptiveSize& size) { return adaptive_average("adaptive_avg_pool1d", 1, self, size); }
Tensor adaptive_avg_pool2d(const Tensor& self, const AdaptiveSize& size) { return adaptive_average("adaptive_avg_pool2d", 2, self, size); }
Tensor adaptive_avg_pool3d(const Tensor& self, const AdaptiveSize& size) {
  if (const Casting cast{Cast::Float32, self}) return adaptive_avg_pool3d(cast(self), size);
  return adaptive_average("adaptive_avg_pool3d", 3, self, size);
}

}  // namespace lazuli
