#include "lazuli/nn/activation.h"

#include "lazuli/core/error.h"
#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn {

using detail::checked;

namespace {
// The in-place operator on the caller's tensor, or the other one.
template <class F, class G>
Tensor either(bool inplace, const Tensor& input, F&& in_place, G&& plain) {
  if (!inplace) return plain(input);
  Tensor same = input;
  in_place(same);
  return same;
}
int64_t implicit_dim(const Tensor& t) { return t.dim() == 0 || t.dim() == 1 || t.dim() == 3 ? 0 : 1; }
}  // namespace

Tensor ReLU::forward(const Tensor& x) {
  if (!options.inplace) [[likely]]
    return relu(x);
  Tensor same = x;
  return relu_(same);
}
Tensor ReLU6::forward(const Tensor& x) {
  return either(
      options.inplace, x, [](Tensor& t) { relu6_(t); }, [](const Tensor& t) { return relu6(t); });
}
Tensor SELU::forward(const Tensor& x) {
  return either(
      options.inplace, x, [](Tensor& t) { selu_(t); }, [](const Tensor& t) { return selu(t); });
}
Tensor SiLU::forward(const Tensor& x) {
  return either(
      options.inplace, x, [](Tensor& t) { silu_(t); }, [](const Tensor& t) { return silu(t); });
}
Tensor Mish::forward(const Tensor& x) {
  return either(
      options.inplace, x, [](Tensor& t) { mish_(t); }, [](const Tensor& t) { return mish(t); });
}
Tensor Hardsigmoid::forward(const Tensor& x) {
  return either(
      options.inplace, x, [](Tensor& t) { hardsigmoid_(t); }, [](const Tensor& t) { return hardsigmoid(t); });
}
Tensor Hardswish::forward(const Tensor& x) {
  return either(
      options.inplace, x, [](Tensor& t) { hardswish_(t); }, [](const Tensor& t) { return hardswish(t); });
}
Tensor ELU::forward(const Tensor& x) {
  return either(
      options.inplace, x, [&](Tensor& t) { elu_(t, options.alpha); }, [&](const Tensor& t) { return elu(t, options.alpha); });
}
Tensor CELU::forward(const Tensor& x) {
  return either(
      options.inplace, x, [&](Tensor& t) { celu_(t, options.alpha); }, [&](const Tensor& t) { return celu(t, options.alpha); });
}
Tensor LeakyReLU::forward(const Tensor& x) {
  return either(
      options.inplace, x, [&](Tensor& t) { leaky_relu_(t, options.negative_slope); },
      [&](const Tensor& t) { return leaky_relu(t, options.negative_slope); });
}
Tensor RReLU::forward(const Tensor& x) {
  return either(
      options.inplace, x, [&](Tensor& t) { rrelu_(t, options.lower, options.upper, is_training()); },
      [&](const Tensor& t) { return rrelu(t, options.lower, options.upper, is_training()); });
}

Hardtanh::Hardtanh(const HardtanhOptions& o) : WithOptions(o) {
  if (!(o.max_val > o.min_val)) fail("Hardtanh", "max_val", "more than min_val " + written(o.min_val), written(o.max_val));
}
Tensor Hardtanh::forward(const Tensor& x) {
  return either(
      options.inplace, x, [&](Tensor& t) { hardtanh_(t, options.min_val, options.max_val); },
      [&](const Tensor& t) { return hardtanh(t, options.min_val, options.max_val); });
}
Threshold::Threshold(double at, double other, const InplaceOptions& o) : WithOptions(o), threshold(at), value(other) {}
Tensor Threshold::forward(const Tensor& x) {
  return either(
      options.inplace, x, [&](Tensor& t) { threshold_(t, threshold, value); },
      [&](const Tensor& t) { return lazuli::threshold(t, threshold, value); });
}

Tensor Sigmoid::forward(const Tensor& x) { return sigmoid(x); }
Tensor Tanh::forward(const Tensor& x) { return tanh(x); }
Tensor LogSigmoid::forward(const Tensor& x) { return logsigmoid(x); }
Tensor Softsign::forward(const Tensor& x) { return softsign(x); }
Tensor Tanhshrink::forward(const Tensor& x) { return tanhshrink(x); }
Tensor GELU::forward(const Tensor& x) { return gelu(x, options.approximate); }
Tensor GLU::forward(const Tensor& x) { return glu(x, options.dim); }
Tensor Hardshrink::forward(const Tensor& x) { return hardshrink(x, options.lambd); }
std::string Hardshrink::extra_repr() const { return written(options.lambd); }
Tensor Softshrink::forward(const Tensor& x) { return softshrink(x, options.lambd); }
std::string Softshrink::extra_repr() const { return written(options.lambd); }
Tensor Softplus::forward(const Tensor& x) { return softplus(x, options.beta, options.threshold); }

PReLU::PReLU(const PReLUOptions& o)
    : WithOptions(checked("PReLU", o)), weight(this, "weight", detail::Factory("PReLU", o).full({o.num_parameters}, o.init)) {}
Tensor PReLU::forward(const Tensor& x) { return prelu(x, weight); }
std::string PReLU::extra_repr() const { return "num_parameters=" + written(options.num_parameters); }

Tensor Softmax::forward(const Tensor& x) { return softmax(x, options.dim ? *options.dim : implicit_dim(x)); }
Tensor LogSoftmax::forward(const Tensor& x) { return log_softmax(x, options.dim ? *options.dim : implicit_dim(x)); }
Tensor Softmin::forward(const Tensor& x) { return softmin(x, options.dim ? *options.dim : implicit_dim(x)); }
Tensor Softmax2d::forward(const Tensor& x) {
  if (x.dim() != 3 && x.dim() != 4)
    fail("Softmax2d", "input", "3D or 4D input", std::to_string(x.dim()) + "D input of sizes " + to_string(x.sizes()));
  return softmax(x, -3);
}

void list_activations(ModuleTable& table) {
  table.add<ReLU, ReLU6, SELU, SiLU, Mish, Hardsigmoid, Hardswish>();
  table.add<ELU, CELU, LeakyReLU, RReLU, Hardtanh, Threshold>();
  table.add<Sigmoid, Tanh, LogSigmoid, Softsign, Tanhshrink, GELU, GLU, Hardshrink, Softshrink, Softplus, PReLU>();
  table.add<Softmax, LogSoftmax, Softmin, Softmax2d>();
}

}  // namespace lazuli::nn
