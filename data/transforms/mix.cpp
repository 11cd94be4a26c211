#include "lazuli/data/transforms/mix.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"

namespace lazuli::data::transforms {
namespace {

// Gamma of shape `alpha` and scale 1: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).
double draw_gamma(double alpha, const Generator& random) {
  const auto uniform = [&] { return 1 - rand(Shape(), CreationOptions{.dtype = kFloat64}, random).item<double>(); };  // in (0, 1]
  if (alpha < 1) return draw_gamma(alpha + 1, random) * std::pow(uniform(), 1 / alpha);
  const double d = alpha - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = randn(Shape(), CreationOptions{.dtype = kFloat64}, random).item<double>(), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(uniform()) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}
double draw_share(double alpha, const Generator& random) {
  const double a = draw_gamma(alpha, random), b = draw_gamma(alpha, random);
  return a + b > 0 ? a / (a + b) : 0.5;
}

double checked_alpha(const char* op, double alpha) {
  if (!(alpha > 0 && alpha < 1e6)) fail(op, "alpha", "above 0", std::to_string(alpha));
  return alpha;
}

void check_batch(const char* op, const Example& batch) {
  if (!batch.data.defined() || batch.data.dim() != 4)
    fail(op, "batch", "images [n, channels, height, width]", batch.data.defined() ? "sizes " + to_string(batch.data.sizes()) : "none");
  if (!batch.data.is_floating_point()) fail(ErrorKind::Type, op, "batch", "images of floating point", name(batch.data.dtype()));
  if (!batch.target.defined() || batch.target.dim() < 1 || batch.target.size(0) != batch.data.size(0))
    fail(op, "batch", "a label for each of " + std::to_string(batch.data.size(0)) + " images",
         batch.target.defined() ? "sizes " + to_string(batch.target.sizes()) : "none");
}

Tensor probabilities(const char* op, const Tensor& labels, const std::optional<int64_t>& classes) {
  if (labels.dim() == 2 && labels.is_floating_point()) return labels;
  if (!classes) fail(op, "num_classes", "a number where labels are no probabilities", "none");
  if (labels.dim() != 1) fail(op, "batch", "labels in one dimension", "sizes " + to_string(labels.sizes()));
  return one_hot(labels.to(kInt64), *classes).to(kFloat32);
}
Tensor mixed(const Tensor& own, double share) { return lerp(roll(own, 1, 0), own, share); }

}  // namespace

MixUp::MixUp(std::optional<int64_t> num_classes, const MixOptions& options)
    : num_classes_(num_classes), alpha_(checked_alpha("MixUp", options.alpha)) {}
Example MixUp::operator()(Example batch) const { return (*this)(std::move(batch), default_generator()); }
Example MixUp::operator()(Example batch, const Generator& random) const {
  no_grad guard;
  check_batch("MixUp", batch);
  const Tensor labels = probabilities("MixUp", batch.target, num_classes_);
  const double share = draw_share(alpha_, random);
  return {mixed(batch.data, share), mixed(labels, share)};
}

CutMix::CutMix(std::optional<int64_t> num_classes, const MixOptions& options)
    : num_classes_(num_classes), alpha_(checked_alpha("CutMix", options.alpha)) {}
Example CutMix::operator()(Example batch) const { return (*this)(std::move(batch), default_generator()); }
Example CutMix::operator()(Example batch, const Generator& random) const {
  no_grad guard;
  check_batch("CutMix", batch);
  const Tensor labels = probabilities("CutMix", batch.target, num_classes_);
  const double half = 0.5 * std::sqrt(1 - draw_share(alpha_, random));
  const int64_t h = batch.data.size(2), w = batch.data.size(3);
  const int64_t x = randint(w, Shape(), CreationOptions(), random).item<int64_t>(),
                y = randint(h, Shape(), CreationOptions(), random).item<int64_t>();
  const int64_t half_width = int64_t(half * double(w)), half_height = int64_t(half * double(h));
  const int64_t left = std::max<int64_t>(x - half_width, 0), right = std::min(x + half_width, w);
  const int64_t top = std::max<int64_t>(y - half_height, 0), bottom = std::min(y + half_height, h);
  Tensor images = batch.data.clone();
  const auto part = [&](const Tensor& t) { return t.narrow(2, top, bottom - top).narrow(3, left, right - left); };
  if (bottom > top && right > left) part(images).copy_(part(roll(batch.data, 1, 0)));
  const double share = 1 - double((bottom - top) * (right - left)) / double(h * w);
  return {images, mixed(labels, share)};
}

}  // namespace lazuli::data::transforms
