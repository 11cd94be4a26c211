#include "lazuli/nn/utils/parametrizations.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/nn/utils/norms.h"
#include "lazuli/nn/utils/orthogonal_maps.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn::utils::parametrizations {

namespace {

// The tensor that is to be parametrized, or is.
Tensor tensor_of(const char* op, Module& module, std::string_view name) {
  if (parametrize::is_parametrized(module, name)) return parametrize::parametrized(module, name);
  for (const auto& list : {module.named_parameters(false), module.named_buffers(false)})
    for (const auto& entry : list)
      if (entry.first == name) return entry.second;
  fail(op, "name", "the name of a parameter or buffer of this " + module.class_name(), "'" + std::string(name) + "'");
}

class WeightNorm : public Module {
 public:
  explicit WeightNorm(std::optional<int64_t> dim) : dim_(dim) {}
  std::string class_name() const override { return "_WeightNorm"; }  // as PyTorch prints it
  WeightNorm remade() const { return WeightNorm(dim_); }
  Tensor forward(const Tensor& g, const Tensor& v) { return detail::weight_of(g, v, dim_); }
  std::vector<Tensor> right_inverse(const Tensor& weight) { return {detail::norm_except(weight, dim_), weight}; }

 private:
  std::optional<int64_t> dim_;
};

class SpectralNorm : public Module {
 public:
  SpectralNorm(const Tensor& weight, int64_t steps, double eps, int64_t dim) : steps_(steps), eps_(eps), dim_(dim) {
    if (weight.dim() == 1) return;
    no_grad guard;
    const Tensor matrix = detail::rows_of(weight, dim);
    Tensor u = normalize(randn({matrix.size(0)}, {.dtype = matrix.dtype(), .device = matrix.device()}), {.dim = 0, .eps = eps});
    Tensor v = normalize(randn({matrix.size(1)}, {.dtype = matrix.dtype(), .device = matrix.device()}), {.dim = 0, .eps = eps});
    register_buffer("_u", u);
    register_buffer("_v", v);
    detail::power_method(matrix, u, v, 15, eps);
  }
  std::string class_name() const override { return "_SpectralNorm"; }  // as PyTorch prints it
  SpectralNorm remade() const { return SpectralNorm(steps_, eps_, dim_); }
  Tensor forward(const Tensor& weight) {
    if (weight.dim() == 1) return normalize(weight, {.dim = 0, .eps = eps_});
    const Tensor matrix = detail::rows_of(weight, dim_), u = get_buffer("_u"), v = get_buffer("_v");
    if (is_training()) detail::power_method(matrix.detach(), u, v, steps_, eps_);
    return weight /
           detail::sigma_of(matrix, u.clone(), v.clone());  // clones: the next step writes to u and v, before the backward of this one perhaps
  }
  Tensor right_inverse(const Tensor& value) { return value; }  // so that a value can be assigned; it need not have that norm

 private:
  SpectralNorm(int64_t steps, double eps, int64_t dim) : steps_(steps), eps_(eps), dim_(dim) {}
  int64_t steps_;
  double eps_;
  int64_t dim_;
};

class Orthogonal : public Module {
 public:
  Orthogonal(OrthogonalMap map, bool trivialized, const Shape& sizes) : map_(map), trivialized_(trivialized), sizes_(sizes) {}
  std::string class_name() const override { return "_Orthogonal"; }  // as PyTorch prints it
  Orthogonal remade() const { return Orthogonal(map_, trivialized_, sizes_); }

  Tensor forward(const Tensor& given) {
    Tensor x = given;
    const bool wide = x.size(-2) < x.size(-1);
    if (wide) x = x.mT();
    const int64_t n = x.size(-2), k = x.size(-1);
    Tensor q;
    if (map_ == OrthogonalMap::Householder) {
      const Tensor a = x.tril(-1), tau = 2.0 / (1.0 + (a * a).sum(-2));
      q = detail::householder_product(a, tau) * x.detach().diagonal(0, -2, -1).sign().unsqueeze(-2);  // signs are not trained
    } else {
      x = x.tril();
      if (n != k) {
        Shape rest = x.sizes();
        rest[rest.size() - 1] = n - k;
        x = cat({x, zeros(rest, {.dtype = x.dtype(), .device = x.device()})}, -1);
      }
      const Tensor a = x - x.mH();
      q = map_ == OrthogonalMap::MatrixExp ? detail::exponential(a) : detail::cayley(a);
      if (n != k) q = q.narrow(-1, 0, k);
    }
    if (has_base()) q = matmul(get_buffer("base"), q);
    return wide ? q.mT() : q;
  }

  Tensor right_inverse(const Tensor& value) {
    no_grad guard;
    if (!(value.sizes() == sizes_)) fail("orthogonal", "value", "sizes " + to_string(sizes_), to_string(value.sizes()));
    const bool wide = value.size(-2) < value.size(-1);
    Tensor q = wide ? value.mT() : value;
    const int64_t n = q.size(-2), k = q.size(-1);
    if (!trivialized_) {
      if (map_ != OrthogonalMap::Householder)
        fail(ErrorKind::NotSupported, "orthogonal", "value", "the Householder map, or use_trivialization, as a value is assigned",
             "another map without it");
      const Tensor reflections = detail::reflections_of(q);
      return wide ? reflections.mT() : reflections;
    }
    if (n != k) {  // completed to a basis
      Shape rest = q.sizes();
      rest[rest.size() - 1] = n - k;
      q = cat({q, randn(rest, {.dtype = q.dtype(), .device = q.device()})}, -1);
    }
    q = n == k && detail::is_orthogonal(q) ? q.clone() : detail::orthogonalized(q);
    if (has_base()) get_buffer("base").copy_(q);
    else register_buffer("base", q);
    Tensor start = zeros_like(value);
    start.diagonal(0, -2, -1).fill_(-1);  // the Householder map of which is the identity, as are the others' of any diagonal
    return start;
  }

 private:
  bool has_base() const { return !buffers(false).empty(); }
  OrthogonalMap map_;
  bool trivialized_;
  Shape sizes_;
};

}  // namespace

void weight_norm(Module& module, std::string_view name, std::optional<int64_t> dim) {
  if (dim == -1) dim.reset();  // as PyTorch has it
  tensor_of("weight_norm", module, name);
  parametrize::register_parametrization(module, name, WeightNorm(dim), true);
}

void spectral_norm(Module& module, std::string_view name, int64_t n_power_iterations, double eps, std::optional<int64_t> dim) {
  const Tensor weight = tensor_of("spectral_norm", module, name);
  const int64_t rows = detail::spectral_rows(module, weight, dim, n_power_iterations);
  parametrize::register_parametrization(module, name, SpectralNorm(weight, n_power_iterations, eps, rows));
}

void orthogonal(Module& module, std::string_view name, std::optional<OrthogonalMap> orthogonal_map, bool use_trivialization) {
  const Tensor weight = tensor_of("orthogonal", module, name);
  if (weight.dim() < 2)
    fail("orthogonal", "name", "a tensor of at least two dimensions", "'" + std::string(name) + "' of sizes " + to_string(weight.sizes()));
  const bool square = weight.size(-2) == weight.size(-1), is_complex = lazuli::is_complex(weight.dtype());
  const OrthogonalMap map = orthogonal_map.value_or(square || is_complex ? OrthogonalMap::MatrixExp : OrthogonalMap::Householder);
  if (is_complex && map == OrthogonalMap::Householder)
    fail(ErrorKind::NotSupported, "orthogonal", "orthogonal_map", "MatrixExp or Cayley for a complex tensor", "Householder");
  parametrize::register_parametrization(module, name, Orthogonal(map, use_trivialization, weight.sizes()), true);
}

}  // namespace lazuli::nn::utils::parametrizations
