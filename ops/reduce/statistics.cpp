#include "lazuli/ops/reduce/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/selection_slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using namespace reduction;

void need_floats(const char* op, const Tensor& self) {
  if (!is_differentiable(self.dtype())) fail(ErrorKind::Type, op, "self", "a floating point or complex dtype", name(self.dtype()));
}

// d var / d x = 2 (x - mean) / (count - correction), with the division by 0 that PyTorch has, too.
Tensor var_backward(const Tensor& grad, const Tensor& x, uint64_t mask, bool keepdim, double correction) {
  double freedom = std::max(0.0, double(count_of(x.sizes(), mask)) - correction);
  Tensor centred = x - mean(x, list_of(mask, x.dim()), true);
  return kept(grad, mask, keepdim) * Scalar(2.0 / freedom) * centred;
}

struct Moments {
  Tensor in, var, mean;
  uint64_t mask;
};
Moments moments(const char* op, const Tensor& self, const DimList& dims, double correction, bool keepdim) {
  need_floats(op, self);
  Moments m{self, {}, {}, mask_of(dims, self.dim(), op)};
  m.var = new_kept(self, m.mask, real_dtype(self.dtype())), m.mean = new_kept(self, m.mask, self.dtype());
  if (m.var.numel()) var_mean_kernel(self.device(), m.var, m.mean, self, correction);
  drop(m.var, m.mask, keepdim);
  drop(m.mean, m.mask, keepdim);
  return m;
}

std::tuple<Tensor, Tensor> spread(const char* name, bool root, const Tensor& self, const DimList& dims, double correction, bool keepdim) {
  const bool half =
      root && (self.dtype() == kFloat16 || self.dtype() == kBFloat16);  // whose variance may be beyond their range where its root is not
  Moments m = moments(name, half ? casted(self.detach(), kFloat32) : self, dims, correction, keepdim);
  Tensor out = m.var;
  if (root) {
    out = new_tensor(m.var.sizes(), m.var.dtype(), m.var.device());
    unary_kernel(out.device(), UnaryOp::Sqrt, out, m.var, Params());
  }
  if (half) out = casted(out, self.dtype()), m.mean = casted(m.mean, self.dtype());
  if (auto tape = Tape::recording(self))
    tape.record(
        name, out,
        [in = tape.save(self), out = root ? tape.save_output(out) : SavedTensor(), root, mask = m.mask, keepdim, correction](const Tensor& grad,
                                                                                                                             Needs) {
          if (!root) return Grads{var_backward(grad, in.get(), mask, keepdim, correction)};
          Tensor y = out.get();
          return Grads{var_backward(masked_fill(grad / (y * Scalar(2)), y.detach() == Scalar(0), Scalar(0)), in.get(), mask, keepdim, correction)};
        });
  if (auto tape = Tape::recording(self))
    tape.record("mean", m.mean, [sizes = self.sizes(), mask = m.mask, keepdim](const Tensor& grad, Needs) {
      return Grads{restored(grad / Scalar(count_of(sizes, mask)), sizes, mask, keepdim)};
    });
  return {out, m.mean};
}

struct Sorted {
  Tensor values, indices;
};
Sorted sorted(const Tensor& self, int64_t dim) {
  Sorted s{new_tensor(self.sizes(), self.dtype(), self.device()), new_tensor(self.sizes(), kInt64, self.device())};
  if (self.dim() == 0) {
    copy_kernel(self.device(), s.values, self);
    fill_kernel(self.device(), s.indices, 0);
  } else if (self.numel()) {
    sort_kernel(self.device(), s.values, s.indices, self.detach(), dim, false);
  }
  return s;
}

// How many along dim are not NaN, keepdim, int64.
Tensor count_numbers(const Tensor& values, uint64_t mask) { return run(ReduceOp::Sum, logical_not(isnan(values)), mask, true, kInt64); }

ValuesIndices middle(const char* name, const Tensor& self, int64_t dim, bool pass_nan) {
  if (self.is_complex() || self.dtype() == kBool) fail(ErrorKind::Type, name, "self", "real numbers", lazuli::name(self.dtype()));
  no_grad unrecorded;
  int64_t size = self.dim() ? self.sizes()[dim] : 1;
  uint64_t mask = self.dim() ? uint64_t(1) << dim : 0;
  if (size == 0) fail(ErrorKind::Index, name, "dim", "a dimension with elements", "size 0 at dimension " + std::to_string(dim));
  if (self.dim() && median_kernel.supports(self.device(), self.dtype())) {
    Tensor value = new_kept(self, mask, self.dtype()), index = new_kept(self, mask, kInt64);
    if (value.numel()) median_kernel(self.device(), value, index, self.detach(), dim, pass_nan);
    return {value, index};
  }
  Sorted s = sorted(self, dim);
  Tensor place, index;
  if (self.is_floating_point()) {
    Tensor numbers = count_numbers(s.values, mask);  // NaN come last
    if (pass_nan) place = clamp_min(div(numbers - Scalar(1), Scalar(2), std::string("floor")), Scalar(0));
    else place = where(numbers == Scalar(size), Scalar((size - 1) / 2), numbers);
  } else {
    place = new_kept(self, mask, kInt64);
    if (place.numel()) fill_kernel(place.device(), place, (size - 1) / 2);
  }
  index = take_along(s.indices, dim, place);
  return {take_along(s.values, dim, place), index};
}

ValuesIndices middle_along(const char* name, const Tensor& self, int64_t given, bool keepdim, bool pass_nan) {
  int64_t dim = wrap_dim(given, self.dim(), name);
  auto [values, indices] = middle(name, self, dim, pass_nan);
  uint64_t mask = self.dim() ? uint64_t(1) << dim : 0;
  Tensor index = alias(indices);
  drop(values, mask, keepdim);
  drop(indices, mask, keepdim);
  if (auto tape = Tape::recording(self))
    tape.record(name, values, [index = tape.save(index), dim, mask, keepdim, size = self.dim() ? self.sizes()[dim] : 1](const Tensor& grad, Needs) {
      return Grads{put_along(kept(grad, mask, keepdim), dim, index.get(), size)};
    });
  return {values, indices};
}

Tensor middle_of_all(const char* name, const Tensor& self, bool pass_nan) {
  if (self.numel() == 0) {  // PyTorch's answer: NaN, which is true, and as an integer the least one, or 0 of narrow dtypes
    Tensor out = new_tensor({}, self.dtype(), self.device());
    fill_kernel(out.device(), out,
                self.is_floating_point() || self.is_complex() ? Scalar(std::numeric_limits<double>::quiet_NaN())
                : self.dtype() == kBool                       ? Scalar(true)
                                                              : Scalar(self.item_size() < 4 ? 0 : int64_t(-1) << (8 * self.item_size() - 1)));
    if (auto tape = Tape::recording(self))
      tape.record(name, out, [sizes = self.sizes()](const Tensor& grad, Needs) { return Grads{new_tensor(sizes, grad.dtype(), grad.device())}; });
    return out;
  }
  Tensor x = self.reshape(self.numel()), out = std::get<0>(middle(name, x.detach(), 0, pass_nan));
  drop(out, 1, false);
  if (auto tape = Tape::recording(x))  // no element is the one, as along a dimension: equal ones share the gradient
    tape.record(name, out, [x = tape.save(x), out = tape.save_output(out)](const Tensor& grad, Needs) {
      return Grads{shared_among(kept(grad, 1, false), x.get().detach(), kept(out.get().detach(), 1, false), 1, true)};
    });
  return out;
}

enum class Between : uint8_t { Linear, Lower, Higher, Midpoint, Nearest };
Between parse_interpolation(const char* op, std::string_view text) {
  const char* names[] = {"linear", "lower", "higher", "midpoint", "nearest"};
  for (int i = 0; i < 5; ++i)
    if (text == names[i]) return Between(i);
  fail(op, "interpolation", "'linear', 'lower', 'higher', 'midpoint' or 'nearest'", "'" + std::string(text) + "'");
}

Tensor quantiles(const char* op, const Tensor& given, const Tensor& q, QuantileOptions options, bool pass_nan) {
  const auto& [dim, keepdim, interpolation] = options;
  Between between = parse_interpolation(op, interpolation);
  if (given.dtype() != kFloat32 && given.dtype() != kFloat64) fail(ErrorKind::Type, op, "self", "float32 or float64", name(given.dtype()));
  if (q.dtype() != given.dtype()) fail(ErrorKind::Type, op, "q", "the dtype of self, " + std::string(name(given.dtype())), name(q.dtype()));
  if (q.dim() > 1) fail(op, "q", "a number or a 1-d tensor", "sizes " + to_string(q.sizes()));
  if (given.numel() == 0) fail(op, "self", "a tensor with elements", to_string(given.sizes()));
  need_values(ErrorKind::Argument, op, "q", "values in [0, 1]", q, (q.detach() >= Scalar(0)) & (q.detach() <= Scalar(1)));

  // The chosen dimension last, as rows [.., n].
  Tensor self = given;
  Shape rest;
  if (!dim) {
    self = self.reshape(self.numel());
    if (keepdim) rest = Shape::filled(given.dim(), 1);
  } else {
    int64_t d = wrap_dim(*dim, self.dim(), op);
    Shape order;
    for (int64_t i = 0; i < self.dim(); ++i)
      if (i != d) order.push_back(i);
    order.push_back(d);
    self = self.dim() ? self.permute(order) : self.reshape(1);
    rest = given.sizes();
    if (given.dim()) {
      if (keepdim) rest[d] = 1;
      else rest.erase(d);
    }
  }
  int64_t last = self.dim() - 1, n = self.sizes()[last];
  uint64_t mask = uint64_t(1) << last;
  Sorted s = sorted(self, last);
  Tensor values = take_along(self, last, s.indices);
  Tensor numbers = casted(count_numbers(s.values, mask), q.dtype());
  Tensor ranks = pass_nan ? q * clamp_min(numbers - Scalar(1), Scalar(0))
                          : where(numbers == Scalar(n), q * Scalar(n - 1), Scalar(double(n - 1)));  // [.., number of q]
  if (between == Between::Lower) ranks = floor(ranks);
  else if (between == Between::Higher) ranks = ceil(ranks);
  else if (between == Between::Nearest) ranks = round(ranks);
  Tensor below = casted(ranks.detach(), kInt64), out = take_along(values, last, below);
  if (between == Between::Linear || between == Between::Midpoint) {
    Tensor above = take_along(values, last, casted(ceil(ranks.detach()), kInt64));
    out = between == Between::Midpoint ? lerp(out, above, Scalar(0.5)) : lerp(out, above, ranks - casted(below, ranks.dtype()));
  }
  // [.., number of q] to [number of q, ..]
  if (q.dim() == 0) return out.reshape(rest);
  Shape order{last};
  for (int64_t i = 0; i < last; ++i) order.push_back(i);
  rest.insert(0, q.numel());
  return out.permute(order).reshape(rest);
}

Tensor number_like(const Tensor& self, double q) {
  Tensor t = new_tensor({}, self.dtype(), self.device());
  fill_kernel(t.device(), t, q);
  return t;
}

}  // namespace

Tensor var(const Tensor& self, const DimList& dims, double correction, bool keepdim) {
  need_defined("var", self);
  return std::get<0>(spread("var", false, self, dims, correction, keepdim));
}
Tensor std(const Tensor& self, const DimList& dims, double correction, bool keepdim) {
  need_defined("std", self);
  return std::get<0>(spread("std", true, self, dims, correction, keepdim));
}
VarMeanResult var_mean(const Tensor& self, const DimList& dims, double correction, bool keepdim) {
  need_defined("var_mean", self);
  auto [var, mean] = spread("var_mean", false, self, dims, correction, keepdim);
  return {std::move(var), std::move(mean)};
}
StdMeanResult std_mean(const Tensor& self, const DimList& dims, double correction, bool keepdim) {
  need_defined("std_mean", self);
  auto [root, mean] = spread("std_mean", true, self, dims, correction, keepdim);
  return {std::move(root), std::move(mean)};
}

Tensor median(const Tensor& self) {
  need_defined("median", self);
  return middle_of_all("median", self, false);
}
Tensor nanmedian(const Tensor& self) {
  need_defined("nanmedian", self);
  return middle_of_all("nanmedian", self, true);
}
ValuesIndices median(const Tensor& self, int64_t dim, bool keepdim) {
  need_defined("median", self);
  return middle_along("median", self, dim, keepdim, false);
}
ValuesIndices nanmedian(const Tensor& self, int64_t dim, bool keepdim) {
  need_defined("nanmedian", self);
  return middle_along("nanmedian", self, dim, keepdim, true);
}

ValuesIndices mode(const Tensor& self, int64_t dim, bool keepdim) {
  need_defined("mode", self);
  if (self.is_complex()) fail(ErrorKind::Type, "mode", "self", "real numbers", name(self.dtype()));
  dim = wrap_dim(dim, self.dim(), "mode");
  int64_t size = self.dim() ? self.sizes()[dim] : 1;
  uint64_t mask = self.dim() ? uint64_t(1) << dim : 0;
  if (size == 0) fail(ErrorKind::Index, "mode", "dim", "a dimension with elements", "size 0 at dimension " + std::to_string(dim));
  Tensor values, indices;
  {
    no_grad unrecorded;
    Sorted s = sorted(self, dim);
    Tensor place = new_kept(self, mask, kInt64);
    if (self.dim() == 0) {
      fill_kernel(place.device(), place, 0);
    } else if (place.numel()) {
      // Runs of equal values: where each begins, how long it is at its end; the first of the longest wins.
      Tensor at = new_tensor({size}, kInt64, self.device()), begin = new_tensor(self.sizes(), kInt64, self.device()),
             unused = new_tensor(self.sizes(), kInt64, self.device());
      arange_kernel(at.device(), at, 0, 1);
      Shape sizes = Shape::filled(self.dim(), 1);
      sizes[dim] = size;
      at = at.reshape(sizes);
      Tensor starts = expanded(at, self.sizes()).clone();
      if (size > 1) {
        Tensor same = s.values.narrow(dim, 1, size - 1) == s.values.narrow(dim, 0, size - 1), later = starts.narrow(dim, 1, size - 1);
        later.mul_(logical_not(same));
      }
      scan_kernel(begin.device(), ScanOp::Max, begin, unused, starts, dim);
      Tensor length = at - begin, none_kept;
      arg_reduce_kernel(place.device(), ArgReduceOp::Argmax, place, none_kept, length, dim);
    }
    values = take_along(s.values, dim, place), indices = take_along(s.indices, dim, place);
  }
  Tensor index = alias(indices);
  drop(values, mask, keepdim);
  drop(indices, mask, keepdim);
  if (auto tape = Tape::recording(self))
    tape.record("mode", values, [index = tape.save(index), dim, mask, keepdim, size](const Tensor& grad, Needs) {
      return Grads{put_along(kept(grad, mask, keepdim), dim, index.get(), size)};
    });
  return {values, indices};
}

Tensor with_options::quantile(const Tensor& self, const Tensor& q, QuantileOptions options) {
  if (const Casting cast{Cast::Float32, self, q}) return quantile(cast(self), cast(q), options);
  need_defined("quantile", self, "self", q, "q");
  return quantiles("quantile", self, q, options, false);
}
Tensor with_options::quantile(const Tensor& self, double q, QuantileOptions options) {
  if (const Casting cast{Cast::Float32, self}) return quantile(cast(self), q, options);
  need_defined("quantile", self);
  return quantiles("quantile", self, number_like(self, q), options, false);
}
Tensor with_options::nanquantile(const Tensor& self, const Tensor& q, QuantileOptions options) {
  if (const Casting cast{Cast::Float32, self, q}) return nanquantile(cast(self), cast(q), options);
  need_defined("nanquantile", self, "self", q, "q");
  return quantiles("nanquantile", self, q, options, true);
}
Tensor with_options::nanquantile(const Tensor& self, double q, QuantileOptions options) {
  if (const Casting cast{Cast::Float32, self}) return nanquantile(cast(self), q, options);
  need_defined("nanquantile", self);
  return quantiles("nanquantile", self, number_like(self, q), options, true);
}

namespace {

using Spread = Tensor (*)(const Tensor&, const DimList&, double, bool);

// PyTorch's three forms: over all with `unbiased`, over dims with `unbiased`, and with a correction.
template <auto f, class R>
void add_spread(OpTable& table, const char* all, const char* dims, const char* corrected) {
  table.add(
      all, +[](const Tensor& self, bool unbiased) -> R { return f(self, {}, unbiased ? 1 : 0, false); });
  table.add(
      dims, +[](const Tensor& self, const DimList& dims, bool unbiased, bool keepdim) -> R { return f(self, dims, unbiased ? 1 : 0, keepdim); });
  table.add(
      corrected, +[](const Tensor& self, const DimList& dims, std::optional<double> correction, bool keepdim) -> R {
        return f(self, dims, correction.value_or(1), keepdim);
      });
}

}  // namespace

void register_statistics(OpTable& table) {
  add_spread<static_cast<Spread>(&var), Tensor>(table, "var(Tensor self, bool unbiased=True) -> Tensor",
                                                "var(Tensor self, int[]? dim, bool unbiased=True, bool keepdim=False) -> Tensor",
                                                "var(Tensor self, int[]? dim=None, *, float? correction=None, bool keepdim=False) -> Tensor");
  add_spread<static_cast<Spread>(&lazuli::std), Tensor>(table, "std(Tensor self, bool unbiased=True) -> Tensor",
                                                        "std(Tensor self, int[]? dim, bool unbiased=True, bool keepdim=False) -> Tensor",
                                                        "std(Tensor self, int[]? dim=None, *, float? correction=None, bool keepdim=False) -> Tensor");
  add_spread<&var_mean, VarMeanResult>(table, "var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)",
                                       "var_mean(Tensor self, int[]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)",
                                       "var_mean(Tensor self, int[]? dim=None, *, float? correction=None, bool keepdim=False) -> (Tensor, Tensor)");
  add_spread<&std_mean, StdMeanResult>(table, "std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)",
                                       "std_mean(Tensor self, int[]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)",
                                       "std_mean(Tensor self, int[]? dim=None, *, float? correction=None, bool keepdim=False) -> (Tensor, Tensor)");
  using Full = Tensor (*)(const Tensor&);
  using Along = ValuesIndices (*)(const Tensor&, int64_t, bool);
  table.add("median(Tensor self) -> Tensor", static_cast<Full>(&median));
  table.add("median(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", static_cast<Along>(&median));
  table.add("nanmedian(Tensor self) -> Tensor", static_cast<Full>(&nanmedian));
  table.add("nanmedian(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", static_cast<Along>(&nanmedian));
  table.add("mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)", &mode);
  using ByNumber = Tensor (*)(const Tensor&, double, QuantileOptions);
  using ByTensor = Tensor (*)(const Tensor&, const Tensor&, QuantileOptions);
  table.add("quantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation='linear') -> Tensor",
            static_cast<ByTensor>(&with_options::quantile));
  table.add("quantile(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation='linear') -> Tensor",
            static_cast<ByNumber>(&with_options::quantile));
  table.add("nanquantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation='linear') -> Tensor",
            static_cast<ByTensor>(&with_options::nanquantile));
  table.add("nanquantile(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation='linear') -> Tensor",
            static_cast<ByNumber>(&with_options::nanquantile));
}

}  // namespace lazuli
