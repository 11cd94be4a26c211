#include "lazuli/optim/muon.h"

#include <algorithm>
#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/sharded_state.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {
namespace {

// A matrix that is symmetric, [n, n], by strips of its lower half: `rows(from, to)` makes [to - from, to], and what is above the diagonal is turned over. On the CPU that is 5/8 of the arithmetic.
template <class F>
Tensor symmetric(const Tensor& like, int64_t n, F rows) {
  constexpr int64_t kStrips = 4, kLeast = 512;  // below, the products are too small for what they save
  if (!like.device().is_cpu() || n < kLeast) return rows(0, n);
  Tensor whole = new_tensor({n, n}, like.dtype());
  for (int64_t strip = 0; strip < kStrips; ++strip) {
    const int64_t from = n * strip / kStrips, to = n * (strip + 1) / kStrips;
    const Tensor made = rows(from, to);
    whole.narrow(0, from, to - from).narrow(1, 0, to).copy_(made);
    if (from > 0) whole.narrow(0, 0, from).narrow(1, from, to - from).copy_(made.narrow(1, 0, from).t());
  }
  return whole;
}

// The nearest matrix with orthogonal rows or columns, roughly: singular values come out between 0.7 and 1.2.
Tensor orthogonalized(const Tensor& matrix, const MuonOptions& o) {
  const bool tall = matrix.size(0) > matrix.size(1);
  Tensor x = (tall ? matrix.t() : matrix).to(kBFloat16);
  x = x / x.norm().clamp_min(o.eps);
  for (int64_t i = 0; i < o.ns_steps; ++i) {
    const int64_t n = x.size(0);
    const Tensor gram = symmetric(x, n, [&](int64_t from, int64_t to) { return matmul(x.narrow(0, from, to - from), x.narrow(0, 0, to).t()); });
    const Tensor update = symmetric(x, n, [&](int64_t from, int64_t to) {
      const Tensor some = gram.narrow(0, from, to - from);
      return addmm(some.narrow(1, 0, to).contiguous(), some, gram.narrow(0, 0, to).t(), o.ns_b, o.ns_c);
    });
    x = addmm(x, update, x, o.ns_a);
  }
  return tall ? x.t() : x;
}

double rate_of(const MuonOptions& o, const Shape& sizes) {
  const double rows = double(sizes[0]), columns = double(sizes[1]);
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
  check_whole(class_name, "params", param, "distributed::ZeroRedundancyOptimizer steps those");
  if (param.dim() != 2) fail(class_name, "params", "matrices", "sizes " + to_string(param.sizes()));
  if (is_complex(param.dtype())) fail(ErrorKind::Type, class_name, "params", "parameters of floating dtypes", lazuli::name(param.dtype()));
}

void Muon::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  check_parameter(param);
  if (param.numel() == 0) return;
  const MuonOptions& o = options(group);
  while_it_holds([this, group, was = o] {
    const MuonOptions& now = options(group);
    return now.nesterov == was.nesterov && now.ns_a == was.ns_a && now.ns_b == was.ns_b && now.ns_c == was.ns_c && now.eps == was.eps &&
           now.ns_steps == was.ns_steps;
  });
  Tensor& buffer = state.zeros("momentum_buffer", param);
  const auto number = [&](std::function<double()> f) { return number_of_step(buffer.dtype(), param.device(), std::move(f)); };
  const Tensor g = grad.to(buffer.dtype());
  buffer.lerp_(g, number([this, group] { return 1 - options(group).momentum; }));
  const Tensor ahead = o.nesterov ? lerp(g, buffer, number([this, group] { return options(group).momentum; })) : buffer;
  const Tensor direction = orthogonalized(ahead, o).to(buffer.dtype());
  const Tensor kept = number([this, group] { return 1 - options(group).lr * options(group).weight_decay; });
  const Tensor rate = number([this, group, sizes = param.sizes()] { return rate_of(options(group), sizes); });
  param.copy_(param.to(buffer.dtype()) * kept - direction * rate);
}

auto Muon::state_names() const -> std::vector<StateName> { return {{"momentum_buffer"}}; }

}  // namespace lazuli::optim
