#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

/// PyTorch's ns_coefficients are (ns_a, ns_b, ns_c). `adjust_lr_fn`: "original" (the default), "match_rms_adamw" or "spectral_unclamped".
struct MuonOptions {
  double lr = 1e-3, weight_decay = 0.1, momentum = 0.95;
  bool nesterov = true;
  double ns_a = 3.4445, ns_b = -4.7750, ns_c = 2.0315, eps = 1e-7;
  int64_t ns_steps = 5;
  std::optional<std::string> adjust_lr_fn = {};
  template <class O = MuonOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("momentum", &O::momentum, {.least = 0}),
                   member("nesterov", &O::nesterov),
                   member("ns_a", &O::ns_a),
                   member("ns_b", &O::ns_b),
                   member("ns_c", &O::ns_c),
                   member("eps", &O::eps, {.least = 0}),
                   member("ns_steps", &O::ns_steps, {.least = 0, .below = 100}),
                   member("adjust_lr_fn", &O::adjust_lr_fn)};
  }
  void check(const char* optimizer) const;
};

/// Muon (Jordan et al., 2024, https://kellerjordan.github.io/posts/muon/) for matrices, such as the weights of hidden linear layers; biases and embeddings are left to AdamW:
///   b += (1 - momentum) (g - b);  u = nesterov ? g + momentum (b - g) : b;  p *= 1 - lr weight_decay;  p -= rate * orthogonalized(u)
/// with ns_steps iterations of Newton and Schulz in bfloat16, X = ns_a X + (ns_b A + ns_c A^2) X, A = X X^T, X = u / max(|u|, eps) at first. For a [rows, columns] matrix the rate is
/// lr sqrt(max(1, rows / columns)), or 0.2 lr sqrt(max(rows, columns)) (match_rms_adamw), or lr sqrt(rows / columns) (spectral_unclamped).
/// Throws Error for parameters that are no matrices or complex.
class Muon : public OptimizerOf<Muon, MuonOptions> {
 public:
  static constexpr const char* class_name = "Muon";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit Muon(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .weight_decay, .momentum, .nesterov, ..}), (params, lr) or (groups)
  static void check_parameter(const Tensor& param);

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
