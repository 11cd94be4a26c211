#pragma once
#include "lazuli/optim/betas.h"
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct SparseAdamOptions {
  double lr = 1e-3;
  Betas betas = {0.9, 0.999};
  double beta1 = betas.first(), beta2 = betas.second(), eps = 1e-8;
  bool maximize = false;
  template <class O = SparseAdamOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.above = 0}), member("beta1", &O::beta1, {.least = 0, .below = 1}),
                   member("beta2", &O::beta2, {.least = 0, .below = 1}), member("eps", &O::eps, {.above = 0}), member("maximize", &O::maximize)};
  }
};

/// Adam for gradients of which most is 0 (embeddings): elements whose gradient is 0 keep their value and their moments. Gradients are dense here, so that 0 stands for what a sparse
/// gradient leaves out; one that PyTorch's sparse gradient holds as a 0 would still have moved by its moments there.
///   where g != 0:  m, v as in Adam;  p -= lr sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + eps)
class SparseAdam : public OptimizerOf<SparseAdam, SparseAdamOptions> {
 public:
  static constexpr const char* class_name = "SparseAdam";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit SparseAdam(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .beta1, .beta2, .eps, .maximize}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
