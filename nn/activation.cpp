#include "lazuli/nn/activation.h"

#include "lazuli/core/error.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/print.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn {

using detail::py;

namespace {
// The in-place operator on the caller's tensor, or the other one.
template <class F, class G>
Tensor either(bool inplace, const Tensor& input, F&& in_place, G&& plain) {
  if (!inplace) return plain(input);
  Tensor same = input;
  in_place(same);
  return same;
}
std::string if_inplace(bool inplace) { return inplace ? ", inplace=True" : ""; }
int64_t implicit_dim(const Tensor& t) { return t.dim() == 0 || t.dim() == 1 || t.dim() == 3 ? 0 : 1; }
}  // namespace

Tensor ReLU::forward(const Tensor& x) {
  if (!inplace) [[likely]]
    return relu(x);
  Tensor same = x;
  return relu_(same);
}
Tensor ReLU6::forward(const Tensor& x) {
  return either(
      inplace, x, [](Tensor& t) { relu6_(t); }, [](const Tensor& t) { return relu6(t); });
}
std::string ReLU6::extra_repr() const { return inplace ? "inplace=True" : ""; }
Tensor SELU::forward(const Tensor& x) {
  return either(
      inplace, x, [](Tensor& t) { selu_(t); }, [](const Tensor& t) { return selu(t); });
}
Tensor SiLU::forward(const Tensor& x) {
  return either(
      inplace, x, [](Tensor& t) { silu_(t); }, [](const Tensor& t) { return silu(t); });
}
Tensor Mish::forward(const Tensor& x) {
  return either(
      inplace, x, [](Tensor& t) { mish_(t); }, [](const Tensor& t) { return mish(t); });
}
Tensor Hardsigmoid::forward(const Tensor& x) {
  return either(
      inplace, x, [](Tensor& t) { hardsigmoid_(t); }, [](const Tensor& t) { return hardsigmoid(t); });
}
Tensor Hardswish::forward(const Tensor& x) {
  return either(
      inplace, x, [](Tensor& t) { hardswish_(t); }, [](const Tensor& t) { return hardswish(t); });
}
Tensor ELU::forward(const Tensor& x) {
  return either(
      inplace, x, [&](Tensor& t) { elu_(t, alpha); }, [&](const Tensor& t) { return elu(t, alpha); });
}
std::string ELU::extra_repr() const { return "alpha=" + py(alpha) + if_inplace(inplace); }
Tensor CELU::forward(const Tensor& x) {
  return either(
      inplace, x, [&](Tensor& t) { celu_(t, alpha); }, [&](const Tensor& t) { return celu(t, alpha); });
}
std::string CELU::extra_repr() const { return "alpha=" + py(alpha) + if_inplace(inplace); }
Tensor LeakyReLU::forward(const Tensor& x) {
  return either(
      inplace, x, [&](Tensor& t) { leaky_relu_(t, negative_slope); }, [&](const Tensor& t) { return leaky_relu(t, negative_slope); });
}
std::string LeakyReLU::extra_repr() const { return "negative_slope=" + py(negative_slope) + if_inplace(inplace); }
Tensor RReLU::forward(const Tensor& x) {
  return either(
      inplace, x, [&](Tensor& t) { rrelu_(t, lower, upper, is_training()); }, [&](const Tensor& t) { return rrelu(t, lower, upper, is_training()); });
}
std::string RReLU::extra_repr() const { return "lower=" + py(lower) + ", upper=" + py(upper) + if_inplace(inplace); }

Hardtanh::Hardtanh(double min, double max, bool inplace) : InplaceActivation(inplace), min_val(min), max_val(max) {
  if (!(max > min)) fail("Hardtanh", "max_val", "more than min_val " + py(min), py(max));
}
Tensor Hardtanh::forward(const Tensor& x) {
  return either(
      inplace, x, [&](Tensor& t) { hardtanh_(t, min_val, max_val); }, [&](const Tensor& t) { return hardtanh(t, min_val, max_val); });
}
std::string Hardtanh::extra_repr() const { return "min_val=" + py(min_val) + ", max_val=" + py(max_val) + if_inplace(inplace); }
Tensor Threshold::forward(const Tensor& x) {
  return either(
      inplace, x, [&](Tensor& t) { threshold_(t, threshold, value); }, [&](const Tensor& t) { return lazuli::threshold(t, threshold, value); });
}
std::string Threshold::extra_repr() const { return "threshold=" + py(threshold) + ", value=" + py(value) + if_inplace(inplace); }

Tensor Sigmoid::forward(const Tensor& x) { return sigmoid(x); }
Tensor Tanh::forward(const Tensor& x) { return tanh(x); }
Tensor LogSigmoid::forward(const Tensor& x) { return logsigmoid(x); }
Tensor Softsign::forward(const Tensor& x) { return softsign(x); }
Tensor Tanhshrink::forward(const Tensor& x) { return tanhshrink(x); }
Tensor GELU::forward(const Tensor& x) { return gelu(x, approximate); }
std::string GELU::extra_repr() const { return "approximate='" + approximate + "'"; }
Tensor GLU::forward(const Tensor& x) { return glu(x, dim); }
std::string GLU::extra_repr() const { return "dim=" + py(dim); }
Tensor Hardshrink::forward(const Tensor& x) { return hardshrink(x, lambd); }
std::string Hardshrink::extra_repr() const { return py(lambd); }
Tensor Softshrink::forward(const Tensor& x) { return softshrink(x, lambd); }
std::string Softshrink::extra_repr() const { return py(lambd); }
Tensor Softplus::forward(const Tensor& x) { return softplus(x, beta, threshold); }
std::string Softplus::extra_repr() const { return "beta=" + py(beta) + ", threshold=" + py(threshold); }

PReLU::PReLU(int64_t num_parameters, double init) : num_slopes(num_parameters), weight(this, "weight", full({num_parameters}, init)) {}
Tensor PReLU::forward(const Tensor& x) { return prelu(x, weight); }
std::string PReLU::extra_repr() const { return "num_parameters=" + py(num_slopes); }

namespace {
std::string dim_repr(const std::optional<int64_t>& dim) { return "dim=" + (dim ? py(*dim) : std::string("None")); }
}  // namespace
Tensor Softmax::forward(const Tensor& x) { return softmax(x, dim ? *dim : implicit_dim(x)); }
std::string Softmax::extra_repr() const { return dim_repr(dim); }
Tensor LogSoftmax::forward(const Tensor& x) { return log_softmax(x, dim ? *dim : implicit_dim(x)); }
std::string LogSoftmax::extra_repr() const { return dim_repr(dim); }
Tensor Softmin::forward(const Tensor& x) { return softmin(x, dim ? *dim : implicit_dim(x)); }
std::string Softmin::extra_repr() const { return dim_repr(dim); }
Tensor Softmax2d::forward(const Tensor& x) {
  if (x.dim() != 3 && x.dim() != 4)
    fail("Softmax2d", "input", "3D or 4D input", std::to_string(x.dim()) + "D input of sizes " + to_string(x.sizes()));
  return softmax(x, -3);
}

}  // namespace lazuli::nn
