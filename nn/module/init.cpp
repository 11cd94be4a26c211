#include "lazuli/nn/module/init.h"

#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn::init {

double calculate_gain(std::string_view name, std::optional<double> param) {
  for (const char* one : {"linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid"})
    if (name == one) return 1;
  if (name == "tanh") return 5.0 / 3;
  if (name == "relu") return std::sqrt(2.0);
  if (name == "leaky_relu") {
    double slope = param.value_or(0.01);
    return std::sqrt(2 / (1 + slope * slope));
  }
  if (name == "selu") return 0.75;
  fail("calculate_gain", "nonlinearity", "linear, conv1d to conv_transpose3d, sigmoid, tanh, relu, leaky_relu or selu",
       "'" + std::string(name) + "'");
}

std::pair<int64_t, int64_t> calculate_fan_in_and_fan_out(const Tensor& t) {
  if (t.dim() < 2) fail("calculate_fan_in_and_fan_out", "tensor", "at least two dimensions", "sizes " + to_string(t.sizes()));
  int64_t kernel = 1;
  for (int64_t i = 2; i < t.dim(); ++i) kernel *= t.sizes()[i];
  return {t.sizes()[1] * kernel, t.sizes()[0] * kernel};
}

namespace {
double fan(const Tensor& t, FanMode mode) {
  auto [in, out] = calculate_fan_in_and_fan_out(t);
  return double(mode == FanMode::In ? in : out);
}
}  // namespace

Tensor uniform_(Tensor t, double a, double b, const std::optional<Generator>& generator) {
  no_grad guard;
  return lazuli::uniform_(t, a, b, generator);
}
Tensor normal_(Tensor t, double mean, double std, const std::optional<Generator>& generator) {
  no_grad guard;
  return lazuli::normal_(t, mean, std, generator);
}
Tensor trunc_normal_(Tensor t, double mean, double std, double a, double b, const std::optional<Generator>& generator) {
  no_grad guard;
  // The inverse of the distribution function, at uniform numbers between those of the ends.
  auto cdf = [&](double x) { return (1 + std::erf((x - mean) / std / std::sqrt(2.0))) / 2; };
  const bool half = t.dtype() == kFloat16 || t.dtype() == kBFloat16;  // whose steps near 1 are too wide for it
  Tensor u = half ? t.new_empty(t.sizes(), kFloat32) : t;
  lazuli::uniform_(u, 2 * cdf(a) - 1, 2 * cdf(b) - 1, generator);
  return t.copy_(clamp(erfinv(u) * (std * std::sqrt(2.0)) + mean, a, b));
}
Tensor constant_(Tensor t, const Scalar& value) {
  no_grad guard;
  return fill_(t, value);
}
Tensor ones_(Tensor t) { return constant_(t, 1); }
Tensor zeros_(Tensor t) { return constant_(t, 0); }

Tensor eye_(Tensor t) {
  if (t.dim() != 2) fail("eye_", "tensor", "two dimensions", "sizes " + to_string(t.sizes()));
  no_grad guard;
  return t.copy_(eye(t.size(0), t.size(1), {.dtype = t.dtype(), .device = t.device()}));
}

Tensor dirac_(Tensor t, int64_t groups) {
  if (t.dim() < 3 || t.dim() > 5) fail("dirac_", "tensor", "3, 4 or 5 dimensions", "sizes " + to_string(t.sizes()));
  if (groups < 1 || t.size(0) % groups) fail("dirac_", "groups", "a divisor of " + std::to_string(t.size(0)), std::to_string(groups));
  no_grad guard;
  zero_(t);
  int64_t out = t.size(0) / groups;
  for (int64_t g = 0; g < groups; ++g)
    for (int64_t d = 0; d < std::min(out, t.size(1)); ++d) {
      Tensor at = t.select(0, g * out + d).select(0, d);
      while (at.dim() > 0) at = at.select(0, at.size(0) / 2);
      fill_(at, 1);
    }
  return t;
}

Tensor xavier_uniform_(Tensor t, double gain, const std::optional<Generator>& generator) {
  auto [in, out] = calculate_fan_in_and_fan_out(t);
  double bound = gain * std::sqrt(6.0 / double(in + out));
  return init::uniform_(t, -bound, bound, generator);
}
Tensor xavier_normal_(Tensor t, double gain, const std::optional<Generator>& generator) {
  auto [in, out] = calculate_fan_in_and_fan_out(t);
  return init::normal_(t, 0, gain * std::sqrt(2.0 / double(in + out)), generator);
}
Tensor kaiming_uniform_(Tensor t, double a, Choice<FanMode> mode, std::string_view nonlinearity, const std::optional<Generator>& generator) {
  double gain = calculate_gain(nonlinearity, a);
  if (t.numel() == 0) return t;
  double bound = gain * std::sqrt(3.0 / fan(t, mode));
  return init::uniform_(t, -bound, bound, generator);
}
Tensor kaiming_normal_(Tensor t, double a, Choice<FanMode> mode, std::string_view nonlinearity, const std::optional<Generator>& generator) {
  double gain = calculate_gain(nonlinearity, a);
  if (t.numel() == 0) return t;
  return init::normal_(t, 0, gain / std::sqrt(fan(t, mode)), generator);
}

Tensor orthogonal_(Tensor t, double gain, const std::optional<Generator>& generator) {
  if (t.dim() < 2) fail("orthogonal_", "tensor", "at least two dimensions", "sizes " + to_string(t.sizes()));
  if (t.numel() == 0) return t;
  no_grad guard;
  int64_t rows = t.size(0), cols = t.numel() / rows;
  bool wide = cols > rows;
  // Gram-Schmidt, each row against those before it, twice ("twice is enough", Giraud and others 2005), in double.
  Tensor q = randn({std::min(rows, cols), std::max(rows, cols)}, {.dtype = kFloat64, .device = t.device()}, generator);
  for (int64_t i = 0; i < q.size(0); ++i) {
    Tensor row = q.select(0, i);
    for (int pass = 0; i > 0 && pass < 2; ++pass) {
      Tensor before = q.narrow(0, 0, i);
      row.sub_(mv(before.t(), mv(before, row)));
    }
    row.div_(sqrt(dot(row, row)));
  }
  return t.copy_((wide || rows == cols ? q : q.t().contiguous()).reshape(t.sizes()) * gain);
}

Tensor sparse_(Tensor t, double sparsity, double std, const std::optional<Generator>& generator) {
  if (t.dim() != 2) fail("sparse_", "tensor", "two dimensions", "sizes " + to_string(t.sizes()));
  if (!(sparsity >= 0 && sparsity <= 1)) fail("sparse_", "sparsity", "a share from 0 to 1", std::to_string(sparsity));
  no_grad guard;
  lazuli::normal_(t, 0, std, generator);
  int64_t zeros = int64_t(std::ceil(sparsity * double(t.size(0))));
  for (int64_t c = 0; c < t.size(1); ++c) {
    Tensor column = t.select(1, c);
    column.copy_(index_fill(column, 0, randperm(t.size(0), {.device = t.device()}, generator).narrow(0, 0, zeros), 0));
  }
  return t;
}

}  // namespace lazuli::nn::init
