#include "lazuli/nn/utils.h"

#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/sharded_state.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn::utils {

namespace {
std::vector<Tensor> gradients(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> all;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) all.push_back(p.grad());
  return all;
}
void scale_to(const std::vector<Tensor>& grads, double max_norm, const Tensor& total) {
  const Tensor factor = clamp_max(max_norm / (total + 1e-6), 1.0);  // a tensor: the device is not waited for
  for (const Tensor& g : grads) g.mul_(factor.to(g.device()));
}
}  // namespace

Tensor get_total_norm(const std::vector<Tensor>& tensors, double norm_type, bool error_if_nonfinite) {
  if (tensors.empty()) return zeros({});
  std::vector<Tensor> norms;
  for (const Tensor& t : tensors) norms.push_back(linalg::vector_norm(t, norm_type).to(tensors[0].device()));
  Tensor total = linalg::vector_norm(stack(norms), norm_type);
  if (error_if_nonfinite && !std::isfinite(total.item<double>()))
    fail(ErrorKind::State, "get_total_norm", "tensors", "a finite norm of order " + std::to_string(norm_type), std::to_string(total.item<double>()));
  return total;
}

Tensor clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type, bool error_if_nonfinite) {
  no_grad guard;
  for (const Tensor& p : parameters) check_whole("clip_grad_norm_", "parameters", p, "FullyShardedDataParallel has a clip_grad_norm_ of its own");
  std::vector<Tensor> grads = gradients(parameters);
  Tensor total = get_total_norm(grads, norm_type, error_if_nonfinite);
  scale_to(grads, max_norm, total);
  return total;
}

void clip_grads_with_norm_(const std::vector<Tensor>& parameters, double max_norm, const Tensor& total_norm) {
  no_grad guard;
  if (total_norm.numel() != 1) fail("clip_grads_with_norm_", "total_norm", "one number", "sizes " + to_string(total_norm.sizes()));
  scale_to(gradients(parameters), max_norm, total_norm);
}

void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value) {
  no_grad guard;
  for (Tensor& g : gradients(parameters)) clamp_(g, Scalar(-clip_value), Scalar(clip_value));
}

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> flat;
  for (const Tensor& p : parameters) flat.push_back(p.reshape({-1}));
  return cat(flat);
}

void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters) {
  int64_t count = 0;
  for (const Tensor& p : parameters) count += p.numel();
  if (vector.dim() != 1 || vector.numel() != count)
    fail("vector_to_parameters", "vector", "sizes [" + std::to_string(count) + "], the elements of all parameters", to_string(vector.sizes()));
  no_grad guard;
  int64_t at = 0;
  for (Tensor p : parameters) {
    p.copy_(vector.narrow(0, at, p.numel()).view(p.sizes()));
    at += p.numel();
  }
}

}  // namespace lazuli::nn::utils
