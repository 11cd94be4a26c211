#include "lazuli/nn/utils/weight_norm.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/nn/module/computed.h"
#include "lazuli/nn/utils/norms.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn::utils {

using nn::detail::Parts;

namespace {
Tensor parameter_of(const char* op, Module& module, const std::string& name) {
  for (const auto& [own, value] : module.named_parameters(false))
    if (own == name) return value;
  fail(op, "name", "the name of a parameter of this " + module.class_name(), "'" + name + "'");
}
bool has(Module& module, const std::string& name) { return Parts::find(module, name) != nullptr; }
void check_there(const char* op, Module& module, const std::string& name, const std::string& first, const std::string& second) {
  if (!nn::detail::find_computed(module, name) || !has(module, first) || !has(module, second))
    fail(op, "name", "the name of a tensor of this " + module.class_name() + " that has such a norm", "'" + name + "'");
}
// The plain parameter again.
void put_back(Module& module, const std::string& name, std::initializer_list<std::string> parts) {
  Tensor value;
  {
    no_grad guard;
    value = nn::detail::find_computed(module, name)->show(module).detach().clone();
  }
  value.requires_grad_(parameter_of("remove", module, *parts.begin()).requires_grad());
  for (const std::string& part : parts) Parts::erase(module, part);
  nn::detail::stop_computing(module, name, value);
}
}  // namespace

void weight_norm(Module& module, std::string_view of, std::optional<int64_t> dim) {
  const std::string name(of);
  if (dim == -1) dim.reset();  // as PyTorch has it
  const Tensor weight = parameter_of("weight_norm", module, name), v = weight.detach().clone(), g = detail::norm_except(v, dim).clone();
  module.register_parameter(name + "_g", g, weight.requires_grad());
  module.register_parameter(name + "_v", v, weight.requires_grad());
  nn::detail::compute_member(module, name,
                             [name, dim](Module& m) { return detail::weight_of(m.get_parameter(name + "_g"), m.get_parameter(name + "_v"), dim); });
}
void remove_weight_norm(Module& module, std::string_view of) {
  const std::string name(of);
  check_there("remove_weight_norm", module, name, name + "_g", name + "_v");
  put_back(module, name, {name + "_g", name + "_v"});
}

void spectral_norm(Module& module, std::string_view of, int64_t n_power_iterations, double eps, std::optional<int64_t> dim) {
  const std::string name(of);
  const Tensor weight = parameter_of("spectral_norm", module, name);
  const int64_t rows = detail::spectral_rows(module, weight, dim, n_power_iterations);
  Tensor u, v;
  {
    no_grad guard;
    const Tensor matrix = detail::rows_of(weight, rows);
    u = normalize(randn({matrix.size(0)}, {.dtype = matrix.dtype(), .device = matrix.device()}), {.dim = 0, .eps = eps});
    v = normalize(randn({matrix.size(1)}, {.dtype = matrix.dtype(), .device = matrix.device()}), {.dim = 0, .eps = eps});
  }
  module.register_parameter(name + "_orig", weight, weight.requires_grad());
  module.register_buffer(name + "_u", u);
  module.register_buffer(name + "_v", v);
  nn::detail::compute_member(module, name, [=](Module& m) {
    const Tensor original = m.get_parameter(name + "_orig"), now_u = m.get_buffer(name + "_u"), now_v = m.get_buffer(name + "_v");
    const Tensor matrix = detail::rows_of(original, rows);
    if (m.is_training()) detail::power_method(matrix.detach(), now_u, now_v, n_power_iterations, eps);
    return original / detail::sigma_of(matrix, now_u.clone(), now_v.clone());  // clones: the next forward writes to u and v
  });
}
void remove_spectral_norm(Module& module, std::string_view of) {
  const std::string name(of);
  check_there("remove_spectral_norm", module, name, name + "_orig", name + "_u");
  put_back(module, name, {name + "_orig", name + "_u", name + "_v"});
}

}  // namespace lazuli::nn::utils
