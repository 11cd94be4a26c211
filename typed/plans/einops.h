#pragma once
#include <concepts>

#include "lazuli/core/tensor.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/einops.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/typed/rules/einops.h"

/// What rearrange, reduce and repeat do to a tensor, found by the compiler: a reshape that splits, a reduction, a permute, an expand, a reshape that joins, each only where it is needed.
namespace lazuli::typed {

struct EinopsPlan {
  static constexpr int kMost = rules::EinopsPattern::kMost + Extents::kMost;
  bool known = false;             // false: the pattern has `...` and the rank is not known, or stands in parentheses before the arrow
  int axes = 0;                   // those of the pattern, then the dimensions that `...` stands for
  int64_t sizes[kMost] = {};      // 0: the tensor says it, or the caller
  char letters[kMost] = {};       // of names that typed::Axes can say
  int rank = 0, result_rank = 0;  // of the operand and the result
  int left[kMost] = {}, left_dims[kMost] = {}, lefts = 0;  // axes in the operand's order, each with the dimension that it is of
  int right[kMost] = {}, right_dims[kMost] = {}, rights = 0;
  bool splits = false, joins = false, permutes = false;
  int reduced[kMost] = {}, reduces = 0;  // places among `left`
  int order[kMost] = {}, kept = 0;       // of what is left, in the result's order
  int added[kMost] = {}, adds = 0;       // places among `right`
};

namespace detail {

constexpr bool splits_or_joins(const int* dims, int count, int rank) {
  for (int i = 0; i < count; ++i)
    if (dims[i] != i) return true;
  return count != rank;
}
constexpr int place_of(const int* list, int count, int value) {
  for (int i = 0; i < count; ++i)
    if (list[i] == value) return i;
  return -1;
}

}  // namespace detail

/// For a pattern that the rule allows; `rank` -1: any.
constexpr EinopsPlan einops_plan(rules::Purpose purpose, std::string_view text, rules::Lengths lengths, int rank) {
  using Pattern = rules::EinopsPattern;
  EinopsPlan plan;
  Pattern pattern;
  Writer quiet;
  rules::read_pattern(quiet, purpose, text, pattern);
  const bool dots = pattern.left.has(Pattern::kEllipsis);
  if (dots && (rank < 0 || pattern.left.joined_ellipsis)) return plan;
  const int more = dots ? rank - pattern.left.groups + 1 : 0;
  plan.known = true;
  plan.axes = pattern.axes + more;
  for (int i = 0; i < pattern.axes; ++i) {
    const int64_t length = lengths.of(pattern.names[i]);
    plan.sizes[i] = pattern.numbers[i] >= 0 ? pattern.numbers[i] : length > 0 ? length : 0;
    if (pattern.names[i].size() == 1) plan.letters[i] = pattern.names[i][0];
  }
  const auto read = [&](const Pattern::Side& side, int* axes, int* dims, int& count, int& result_rank) {
    for (int group = 0; group < side.groups; ++group) {
      const bool spread = group == side.ellipsis_group && !side.joined_ellipsis;
      for (int i = 0; i < side.elements; ++i) {
        if (side.group[i] != group) continue;
        for (int k = 0; k < (side.axis[i] == Pattern::kEllipsis ? more : 1); ++k) {
          axes[count] = side.axis[i] == Pattern::kEllipsis ? pattern.axes + k : side.axis[i];
          dims[count++] = spread ? result_rank + k : result_rank;
        }
      }
      result_rank += spread ? more : 1;
    }
  };
  read(pattern.left, plan.left, plan.left_dims, plan.lefts, plan.rank);
  read(pattern.right, plan.right, plan.right_dims, plan.rights, plan.result_rank);
  plan.splits = detail::splits_or_joins(plan.left_dims, plan.lefts, plan.rank);
  plan.joins = detail::splits_or_joins(plan.right_dims, plan.rights, plan.result_rank);
  int there[EinopsPlan::kMost] = {};
  for (int i = 0; i < plan.lefts; ++i) {
    if (detail::place_of(plan.right, plan.rights, plan.left[i]) < 0) plan.reduced[plan.reduces++] = i;
    else there[plan.kept++] = plan.left[i];
  }
  int next = 0;
  for (int i = 0; i < plan.rights; ++i) {
    const int place = detail::place_of(there, plan.kept, plan.right[i]);
    if (place < 0) {
      plan.added[plan.adds++] = i;
    } else {
      plan.permutes = plan.permutes || place != next;
      plan.order[next++] = place;
    }
  }
  return plan;
}

namespace detail {

// Templates, so that only those who call them have them compiled.
/// Sizes of all axes; false where the tensor does not fit the plan, which the untyped function explains.
template <std::same_as<EinopsPlan> Plan>
bool sizes_for(const Plan& plan, const Tensor& x, const Axes& axes, int64_t* sizes) {
  if (!plan.known || !x.defined() || x.dim() != plan.rank) return false;
  for (char c = 'a'; c <= 'z'; ++c) {
    bool used = axes.of(c) == 0;
    for (int i = 0; i < plan.axes; ++i) used = used || plan.letters[i] == c;
    if (!used) return false;
  }
  for (int i = 0; i < plan.axes; ++i) sizes[i] = plan.sizes[i] > 0 ? plan.sizes[i] : axes.of(plan.letters[i]);
  for (int i = 0; i < plan.lefts;) {
    const int dim = plan.left_dims[i];
    const int64_t extent = x.sizes().data()[dim];
    int64_t known = 1;
    int open = -1;
    for (; i < plan.lefts && plan.left_dims[i] == dim; ++i) {
      if (int64_t size = sizes[plan.left[i]]; size != 0) known *= size;
      else if (open >= 0) return false;
      else open = plan.left[i];
    }
    if (known <= 0 || (open < 0 ? extent != known : extent % known != 0)) return false;
    if (open >= 0) sizes[open] = extent / known;
  }
  for (int d = 0; d < plan.rank; ++d)  // a dimension that is written 1
    if (place_of(plan.left_dims, plan.lefts, d) < 0 && x.sizes().data()[d] != 1) return false;
  for (int i = 0; i < plan.adds; ++i)
    if (sizes[plan.right[plan.added[i]]] <= 0) return false;
  return true;
}
template <std::same_as<int> Place>
lazuli::Shape chosen(const Place* list, int count) {
  lazuli::Shape shape;
  for (int i = 0; i < count; ++i) shape.push_back(list[i]);
  return shape;
}
template <std::same_as<int> Place>
lazuli::Shape chosen(const Place* list, int count, const int64_t* sizes) {
  lazuli::Shape shape;
  for (int i = 0; i < count; ++i) shape.push_back(sizes[list[i]]);
  return shape;
}
using Reducer = Tensor (*)(const Tensor&, const lazuli::Shape& dims);
/// As the plan says; undefined where the tensor does not fit it.
template <std::same_as<EinopsPlan> Plan>
Tensor run(const Plan& plan, Tensor x, const Axes& axes, Reducer reduce = nullptr) {
  int64_t sizes[EinopsPlan::kMost] = {};
  if (!sizes_for(plan, x, axes, sizes)) return {};
  if (plan.splits) x = x.reshape(chosen(plan.left, plan.lefts, sizes));
  if (plan.reduces) x = reduce(x, chosen(plan.reduced, plan.reduces));
  if (plan.permutes) x = x.permute(chosen(plan.order, plan.kept));
  for (int i = 0; i < plan.adds; ++i) x = x.unsqueeze(plan.added[i]);
  if (plan.adds) x = x.expand(chosen(plan.right, plan.rights, sizes));
  if (!plan.joins) return x;
  lazuli::Shape joined = lazuli::Shape::filled(plan.result_rank, 1);
  for (int i = 0; i < plan.rights; ++i) joined.data()[plan.right_dims[i]] *= sizes[plan.right[i]];
  return x.reshape(joined);
}
/// The lengths as the untyped functions take them.
template <std::same_as<rules::Lengths> Lengths>
einops::Axes listed_axes(const Lengths& lengths, const Axes& axes) {
  einops::Axes list;
  for (char c = 'a'; c <= 'z'; ++c)
    if (axes.of(c)) list.emplace_back(std::string(1, c), axes.of(c));
  lengths.each([&](std::string_view name, int64_t length) { list.emplace_back(std::string(name), length); });
  return list;
}
template <einops::ReduceOp op>
Tensor reduced(const Tensor& x, const lazuli::Shape& dims) {
  using Op = einops::ReduceOp;
  if constexpr (op == Op::sum) return lazuli::sum(x, dims);
  else if constexpr (op == Op::mean) return lazuli::mean(x, dims);
  else if constexpr (op == Op::max) return lazuli::amax(x, dims);
  else if constexpr (op == Op::min) return lazuli::amin(x, dims);
  else if constexpr (op == Op::prod) return lazuli::prod(x, dims);
  else if constexpr (op == Op::any) return lazuli::any(x, dims);
  else return lazuli::all(x, dims);
}

}  // namespace detail

/// A pattern with its lengths, at work: `rank` is the operand's, or -1.
template <Text pattern, rules::Purpose purpose, class Lengths, int rank>
struct EinopsCall {
  static constexpr EinopsPlan plan = einops_plan(purpose, pattern.view(), Lengths::value, rank);
  template <einops::ReduceOp op = einops::ReduceOp::sum>
  static Tensor run(const Tensor& x, const Axes& axes = {}) {
    constexpr detail::Reducer reduce = purpose == rules::Purpose::reduce ? &detail::reduced<op> : nullptr;
    if (Tensor out = detail::run(plan, x, axes, reduce); out.defined()) return out;
    const einops::Axes all = detail::listed_axes(Lengths::value, axes);
    if constexpr (purpose == rules::Purpose::rearrange) return lazuli::rearrange(x, pattern.view(), all);
    else if constexpr (purpose == rules::Purpose::repeat) return lazuli::repeat(x, pattern.view(), all);
    else return lazuli::reduce(x, pattern.view(), op, all);
  }
};

}  // namespace lazuli::typed
