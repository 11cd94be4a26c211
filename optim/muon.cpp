#include "lazuli/optim/muon.h"

#include <algorithm>
#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"

namespace lazuli::optim {
namespace {

// The nearest matrix with orthogonal rows or columns, roughly: singular values come out between 0.7 and 1.2.
Tensor orthogonalized(const Tensor& matrix, const MuonOptions& o) {
  const bool tall = matrix.size(0) > matrix.size(1);
  Tensor x = (tall ? matrix.t() : matrix).to(kBFloat16);
  x = x / x.norm().clamp_min(o.eps);
  for (int64_t i = 0; i < o.ns_steps; ++i) {
    const Tensor gram = matmul(x, x.t());
    x = addmm(x, addmm(gram, gram, gram, o.ns_b, o.ns_c), x, o.ns_a);
  }
  return tall ? x.t() : x;
}

double rate_of(const MuonOptions& o, const Tensor& param) {
  const double rows = double(param.size(0)), columns = double(param.size(1));
  if (o.adjust_lr_fn == "match_rms_adamw") return o.lr * 0.2 * std::sqrt(std::max(rows, columns));
  const double ratio = rows / columns;
  return o.lr * std::sqrt(o.adjust_lr_fn == "spectral_unclamped" ? ratio : std::max(1.0, ratio));
}

}  // namespace

void MuonOptions::check(const char* optimizer) const {
  if (adjust_lr_fn && adjust_lr_fn != "original" && adjust_lr_fn != "match_rms_adamw" && adjust_lr_fn != "spectral_unclamped")
    fail(optimizer, "adjust_lr_fn", "original, match_rms_adamw or spectral_unclamped", *adjust_lr_fn);
}

void Muon::check_parameter(const Tensor& param) {
  if (param.dim() != 2) fail(class_name, "params", "matrices", "sizes " + to_string(param.sizes()));
  if (is_complex(param.dtype())) fail(ErrorKind::Type, class_name, "params", "parameters of floating dtypes", lazuli::name(param.dtype()));
}

void Muon::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  check_parameter(param);
  if (param.numel() == 0) return;
  const MuonOptions& o = options(group);
  Tensor& buffer = state.zeros("momentum_buffer", param);
  const Tensor g = grad.to(buffer.dtype());
  buffer.lerp_(g, 1 - o.momentum);
  const Tensor direction = orthogonalized(o.nesterov ? lerp(g, buffer, o.momentum) : buffer, o).to(buffer.dtype());
  param.copy_(param.to(buffer.dtype()) * (1 - o.lr * o.weight_decay) - direction * rate_of(o, param));
}

}  // namespace lazuli::optim
