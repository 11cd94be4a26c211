#pragma once
#include <concepts>

#include "lazuli/core/tensor.h"
#include "lazuli/ops/linalg/einsum.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/typed/plans/einsum_plan.h"

/// An equation at work.
namespace lazuli::typed {

namespace detail {

// Templates, so that only those who call them have them compiled.
/// The size of each label; false where a tensor does not fit, or sizes of 1 broadcast: the untyped function's.
template <std::same_as<EinsumPlan> Plan>
bool sizes_for(const Plan& plan, const Tensor* const* operands, int64_t* sizes) {
  for (int i = 0; i < 64; ++i) sizes[i] = -1;
  for (int k = 0; k < plan.count; ++k) {
    const Labels& labels = plan.operands[k].labels;
    const Tensor& x = *operands[k];
    if (!x.defined() || x.dim() != labels.count) return false;
    for (int i = 0; i < labels.count; ++i) {
      int64_t& known = sizes[labels.at[i]];
      if (known >= 0 && known != x.sizes().data()[i]) return false;
      known = x.sizes().data()[i];
    }
  }
  return true;
}
template <std::same_as<EinsumPlan::Factor> Factor>
Tensor prepared(const Factor& factor, Tensor x) {
  for (int i = 0; i < factor.sums; ++i) x = lazuli::sum(x, factor.summed[i]);
  if (factor.permutes) {
    lazuli::Shape order;
    for (int i = 0; i < factor.ordered; ++i) order.push_back(factor.order[i]);
    x = x.permute(order);
  }
  for (int i = 0; i < factor.missings; ++i) x = x.unsqueeze(factor.missing[i]);
  return x;
}
/// a b as one product of matrices or of batches of them, each of batch, left, inner and right one dimension or, if there is none, one of size 1.
template <std::same_as<EinsumPlan::Product> Product>
Tensor multiplied(const Product& p, const Tensor& first, const Tensor& second, const int64_t* sizes) {
  const Tensor a = prepared(p.a, first), b = prepared(p.b, second);
  if (!p.inner) return lazuli::mul(a, b);
  if (p.batch <= 1 && p.left == 1 && p.inner == 1 && p.right == 1) return p.batch ? lazuli::bmm(a, b) : lazuli::mm(a, b);
  const auto joined = [](const Tensor& x, int from, int count) {
    int64_t n = 1;
    for (int i = 0; i < count; ++i) n *= x.sizes().data()[from + i];
    return n;
  };
  const int64_t batch = joined(a, 0, p.batch), rows = joined(a, p.batch, p.left), inner = joined(a, p.batch + p.left, p.inner),
                columns = joined(b, p.batch + p.inner, p.right);
  lazuli::Shape out;
  for (int i = 0; i < p.out.count; ++i) out.push_back(sizes[p.out.at[i]]);
  return lazuli::bmm(a.reshape({batch, rows, inner}), b.reshape({batch, inner, columns})).reshape(out);
}
template <std::same_as<EinsumPlan> Plan>
Tensor run_in_order(const Plan& plan, const Tensor* const* operands, const int64_t* sizes) {
  Tensor live[EinsumPlan::kOperands];
  for (int k = 0; k < plan.count; ++k) {
    live[k] = *operands[k];
    for (int i = 0; i < plan.operands[k].diagonals; ++i)
      live[k] = lazuli::diagonal(live[k], 0, plan.operands[k].pairs[i][0], plan.operands[k].pairs[i][1]);
  }
  for (int p = 0, lives = plan.count; p + 1 < plan.count; ++p) {
    const EinsumPlan::Product& product = plan.products[p];
    Tensor out = multiplied(product, live[product.first], live[product.second], sizes);
    for (int gone : {product.second, product.first}) {
      for (int i = gone; i + 1 < lives; ++i) live[i] = std::move(live[i + 1]);
      --lives;
    }
    live[lives++] = std::move(out);
  }
  return prepared(plan.last, std::move(live[0]));
}
/// As the plan says; undefined where the operands do not fit it.
template <std::same_as<EinsumPlan> Plan>
Tensor run(const Plan& plan, const Tensor* const* operands) {
  int64_t sizes[64];
  if (!plan.known || !sizes_for(plan, operands, sizes)) return {};
  if (plan.ordered) return run_in_order(plan, operands, sizes);
  Plan ordered = plan;
  order_products(ordered, sizes);
  return run_in_order(ordered, operands, sizes);
}
}  // namespace detail

/// An equation at work, for operands of those shapes.
template <Text equation, class Shapes>
struct EinsumCall {
  static constexpr EinsumPlan plan = einsum_plan(equation.view(), Shapes::value);
  template <class... A>
  static Tensor run(const A&... operands) {
    const Tensor* all[] = {&static_cast<const Tensor&>(operands)...};
    if (Tensor out = detail::run(plan, all); out.defined()) return out;
    return lazuli::einsum(equation.view(), std::vector<Tensor>{static_cast<const Tensor&>(operands)...});
  }
};
/// The shapes of untyped operands as far as the equation says them: a dynamic extent for each letter, and none for `...`.
template <Text equation, int operands>
struct ShapesOfLetters {
  struct List {
    Extents at[operands + 1];
  };
  static constexpr List shapes = [] {
    List list;
    rules::Equation read;
    Writer quiet;
    rules::read_equation(quiet, equation.view(), read);
    for (int k = 0; k < operands; ++k)
      for (int i = 0; i < read.operands[k].count && i < Extents::kMost; ++i) list.at[k].push(dynamic);
    return list;
  }();
  static constexpr Operands value{shapes.at, operands};
};

}  // namespace lazuli::typed
