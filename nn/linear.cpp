#include "lazuli/nn/linear.h"

#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn {

namespace {
int64_t not_negative(const char* op, const char* argument, int64_t value) {
  if (value < 0) fail(op, argument, "a size that is not negative", std::to_string(value));
  return value;
}
}  // namespace

Tensor BinaryModule::operator()(const Tensor& input, const Tensor& other) { return call(*this, input, other); }
Tensor TernaryModule::operator()(const Tensor& a, const Tensor& b, const Tensor& c) { return call(*this, a, b, c); }

Linear::Linear(int64_t in, int64_t out, const LinearOptions& o)
    : WithOptions(o),
      in_features(not_negative("Linear", "in_features", in)),
      out_features(not_negative("Linear", "out_features", out)),
      weight(this, "weight", detail::Factory("Linear", o).empty({out, in})),
      bias(this, "bias", detail::Factory("Linear", o).empty(o.bias, {out})) {
  fill(weight_stream_.generator(), bias_stream_.generator());
}
Linear::Linear(Lazy, int64_t out, const LinearOptions& o)
    : WithOptions(o),
      in_features(0),
      out_features(not_negative("LazyLinear", "out_features", out)),
      weight(this, "weight", detail::Factory("LazyLinear", o).parameter()),
      bias(this, "bias", detail::Factory("LazyLinear", o).parameter(o.bias)) {}

void Linear::fill(const Generator& for_weight, const Generator& for_bias) {
  // He's bound with a = sqrt(5) is 1 / sqrt(fan_in), as is the bias's.
  double bound = in_features > 0 ? 1 / std::sqrt(double(in_features)) : 0;
  init::uniform_(weight, -bound, bound, for_weight);
  if (bias.defined()) init::uniform_(bias, -bound, bound, for_bias);
}
void Linear::reset_parameters() { fill(InitStream().generator(), InitStream().generator()); }

Tensor Linear::forward(const Tensor& input) { return linear(input, weight, given(bias)); }
std::string Linear::extra_repr() const {
  return "in_features=" + written(in_features) + ", out_features=" + written(out_features) + ", bias=" + written(bias.defined());
}

Tensor LazyLinear::forward(const Tensor& input) {
  ensure_initialized(input);
  return Linear::forward(input);
}
void LazyLinear::initialize_parameters(const Tensor& input) {
  if (input.dim() == 0) fail("LazyLinear", "input", "a tensor of at least one dimension", "sizes " + to_string(input.sizes()));
  in_features = input.size(-1);
  bool weight_is_new = is_uninitialized_parameter(weight), bias_is_new = is_uninitialized_parameter(bias);
  double bound = in_features > 0 ? 1 / std::sqrt(double(in_features)) : 0;
  if (weight_is_new) {
    materialize_uninitialized(weight, {out_features, in_features});
    init::uniform_(weight, -bound, bound, weight_stream_.generator());
  }
  if (bias_is_new) {
    materialize_uninitialized(bias, {out_features});
    init::uniform_(bias, -bound, bound, bias_stream_.generator());
  }
}
void LazyLinear::copy_streams(const LazyModule& original) {
  auto& from = static_cast<const LazyLinear&>(original);
  weight_stream_ = from.weight_stream_;
  bias_stream_ = from.bias_stream_;
}
std::string LazyLinear::expected_sizes(std::string_view name, const Shape& sizes) const {
  if (sizes.size() == (name == "weight" ? 2 : 1) && sizes[0] == out_features) return {};
  return "[" + written(out_features) + (name == "weight" ? ", in_features]" : "]");
}
void LazyLinear::state_loaded() {
  if (is_initialized() || is_uninitialized_parameter(weight) || is_uninitialized_parameter(bias)) return;
  in_features = weight.size(1);
  set_initialized();
}
std::string LazyLinear::class_name() const { return is_initialized() ? "Linear" : "LazyLinear"; }

Bilinear::Bilinear(int64_t in1, int64_t in2, int64_t out, const LinearOptions& o)
    : in1_features(not_negative("Bilinear", "in1_features", in1)),
      in2_features(not_negative("Bilinear", "in2_features", in2)),
      out_features(not_negative("Bilinear", "out_features", out)),
      options(o),
      weight(this, "weight", detail::Factory("Bilinear", o).empty({out, in1, in2})),
      bias(this, "bias", detail::Factory("Bilinear", o).empty(o.bias, {out})) {
  reset_parameters();
}
void Bilinear::reset_parameters() {
  double bound = in1_features > 0 ? 1 / std::sqrt(double(in1_features)) : 0;
  init::uniform_(weight, -bound, bound, InitStream().generator());
  InitStream for_bias;
  if (bias.defined()) init::uniform_(bias, -bound, bound, for_bias.generator());
}
Tensor Bilinear::forward(const Tensor& x1, const Tensor& x2) {
  if (x1.dim() == 0 || x1.size(-1) != in1_features) fail("Bilinear", "input1", "sizes [.., " + written(in1_features) + "]", to_string(x1.sizes()));
  if (x2.dim() == 0 || x2.size(-1) != in2_features) fail("Bilinear", "input2", "sizes [.., " + written(in2_features) + "]", to_string(x2.sizes()));
  Shape leading = x1.sizes();
  leading.erase(leading.size() - 1);
  Shape other = x2.sizes();
  other.erase(other.size() - 1);
  if (!(leading == other)) fail("Bilinear", "input2", "the leading sizes of input1, " + to_string(leading), to_string(other));
  // (x1 A[k]) for all k at once, then the product with x2.
  Tensor a = x1.reshape({-1, in1_features}), b = x2.reshape({-1, in2_features});
  Tensor left = matmul(a, weight.permute({1, 0, 2}).reshape({in1_features, out_features * in2_features}));
  Tensor y = matmul(left.view({-1, out_features, in2_features}), b.unsqueeze(-1)).squeeze(-1);
  if (bias.defined()) y = y + bias;
  leading.push_back(out_features);
  return y.reshape(leading);
}
std::string Bilinear::extra_repr() const { return print_arguments(*this); }

void list_linears(ModuleTable& table) { table.add<Linear, LazyLinear, Identity, Bilinear>(); }

}  // namespace lazuli::nn
