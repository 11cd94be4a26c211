#include "lazuli/optim/adafactor.h"

#include <algorithm>
#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/operators.h"

namespace lazuli::optim {
namespace {

double root_mean_square(const Tensor& t) { return std::sqrt(t.square().mean().item<double>()); }

double machine_epsilon(DType dtype) { return dtype == kFloat64 ? 0x1p-52 : dtype == kFloat32 ? 0x1p-23 : dtype == kFloat16 ? 0x1p-10 : 0x1p-7; }

}  // namespace

void Adafactor::check_parameter(const Tensor& param) {
  if (is_complex(param.dtype())) fail(ErrorKind::Type, class_name, "params", "parameters of floating dtypes", lazuli::name(param.dtype()));
}

void Adafactor::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  check_parameter(param);
  if (param.numel() == 0) return;
  const AdafactorOptions& o = options(group);
  const double step = state.number("step"), fresh = std::pow(step, o.beta2_decay), eps1 = o.eps1.value_or(machine_epsilon(param.dtype()));
  const DType dtype = state_dtype(param.dtype());
  const Tensor p = param.to(dtype), g = o.maximize ? -grad.to(dtype) : grad.to(dtype), square = g.square();
  const double rate = std::max(o.eps2, root_mean_square(p)) * std::min(o.lr, 1 / std::sqrt(step));
  Tensor estimate;
  if (g.dim() > 1) {
    const Tensor row_mean = square.mean(-1, true), column_mean = square.mean(-2, true);
    Tensor &row = state.zeros("row_var", row_mean), &column = state.zeros("col_var", column_mean);
    row.lerp_(row_mean, fresh);
    column.lerp_(column_mean, fresh);
    estimate = matmul(row, column) / row.mean(-2, true).clamp_min(eps1);
  } else {
    estimate = state.zeros("variance", param).lerp_(square, fresh);
  }
  const Tensor direction = estimate.clamp_min(eps1 * eps1).rsqrt() * g;
  param.copy_(p * (1 - o.lr * o.weight_decay) - direction * (rate / std::max(1.0, root_mean_square(direction) / o.d)));
}

}  // namespace lazuli::optim
