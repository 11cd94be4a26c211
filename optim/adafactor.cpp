#include "lazuli/optim/adafactor.h"

#include <algorithm>
#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/core/sharded_state.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {
namespace {

Tensor root_mean_square(const Tensor& t, DType dtype) { return linalg::vector_norm(t).to(dtype) / std::sqrt(double(t.numel())); }
Tensor mean_of_squares(const Tensor& t, int64_t dim) { return linalg::vector_norm(t, {}, {dim}, true).square_() / t.size(dim); }

// NaN is less than any number.
Tensor at_least(const Tensor& t, double least) { return fmax(t, full(Shape(), least, {.dtype = t.dtype(), .device = t.device()})); }

double machine_epsilon(DType dtype) { return dtype == kFloat64 ? 0x1p-52 : dtype == kFloat32 ? 0x1p-23 : dtype == kFloat16 ? 0x1p-10 : 0x1p-7; }

}  // namespace

void Adafactor::check_parameter(const Tensor& param) {
  check_whole(class_name, "params", param, "distributed::ZeroRedundancyOptimizer steps those");
  if (is_complex(param.dtype())) fail(ErrorKind::Type, class_name, "params", "parameters of floating dtypes", lazuli::name(param.dtype()));
}

void Adafactor::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  check_parameter(param);
  if (param.numel() == 0) return;
  const AdafactorOptions& o = options(group);
  while_it_holds([this, group, was = o] {
    const AdafactorOptions& now = options(group);
    return now.eps1 == was.eps1 && now.eps2 == was.eps2 && now.d == was.d && now.maximize == was.maximize &&
           (now.weight_decay == 0) == (was.weight_decay == 0);
  });
  const double eps1 = o.eps1.value_or(machine_epsilon(param.dtype()));
  const Device device = param.device();
  const DType dtype = state_dtype(param.dtype()), wide = device.is_cpu() ? kFloat64 : dtype;
  const Tensor fresh = number_of_step(dtype, device, [this, group, &state] { return std::pow(state.number("step"), options(group).beta2_decay); });
  const Tensor rate =
      number_of_step(wide, device, [this, group, &state] { return std::min(options(group).lr, 1 / std::sqrt(state.number("step"))); });
  const Tensor kept = number_of_step(dtype, device, [this, group] { return 1 - options(group).lr * options(group).weight_decay; });
  const Tensor p = param.to(dtype), g = o.maximize ? -grad.to(dtype) : grad.to(dtype);
  const Tensor size = at_least(root_mean_square(p, wide), o.eps2) * rate;
  // In place as far as it goes: each pass over memory that is new costs another one.
  Tensor direction;
  if (g.dim() > 1) {
    const Tensor row_mean = mean_of_squares(g, -1), column_mean = mean_of_squares(g, -2);
    Tensor &row = state.zeros("row_var", row_mean), &column = state.zeros("col_var", column_mean);
    row.lerp_(row_mean, fresh);
    column.lerp_(column_mean, fresh);
    direction = (row / row.mean(-2, true).clamp_min(eps1)).rsqrt_() * column.rsqrt();  // the roots of few numbers, not of all products
  } else {
    direction = state.zeros("variance", param).lerp_(g.square(), fresh).rsqrt();
  }
  direction.clamp_max_(1 / eps1).mul_(g);
  const Tensor scale = (size / at_least(root_mean_square(direction, wide) / o.d, 1)).to(dtype);
  if (!p.is_same(param)) return void(param.copy_((p * kept).addcmul_(direction, scale, -1)));
  if (o.weight_decay != 0) param.mul_(kept);
  param.addcmul_(direction, scale, -1);
}

auto Adafactor::state_names() const -> std::vector<StateName> { return {{"row_var", false}, {"col_var", false}, {"variance"}}; }

}  // namespace lazuli::optim
