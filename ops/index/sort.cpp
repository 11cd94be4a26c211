#include "lazuli/ops/index/sort.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// The gradient of picking values[..] = self[.. indices ..] along `at`, each element at most once.
void record_picking(const char* name, const Tensor& self, Tensor& values, Tensor& indices, int64_t at) {
  if (auto tape = Tape::recording(self))
    tape.record(name, {&values, &indices}, [sizes = self.sizes(), at, where = tape.save(indices)](Grads& grads, Needs) {
      const Tensor& grad = grads[0];
      return Grads{grad.defined() ? scatter(zeros(sizes, grad.dtype(), grad.device()), at, where.get(), grad) : Tensor()};
    });
}

}  // namespace

ValuesIndices with_options::sort(const Tensor& self, SortOptions options) {
  refuse_complex("sort", self);
  int64_t at = wrap_dim(options.dim, self.dim(), "sort");
  Tensor values = new_like(self, self.dtype()), indices = empty_like(values, {.dtype = kInt64});
  if (self.dim() == 0) {
    copy_kernel(self.device(), values, self);
    fill_kernel(self.device(), indices, 0);
  } else if (self.numel()) {
    sort_kernel(self.device(), values, indices, self, at, options.descending);
  }
  record_picking("sort", self, values, indices, at);
  return {values, indices};
}
Tensor with_options::argsort(const Tensor& self, SortOptions options) {
  need_defined("argsort", self);
  no_grad guard;
  return std::get<1>(sort(self, options));
}
Tensor msort(const Tensor& self) {
  need_defined("msort", self);
  return std::get<0>(sort(self, 0));
}

ValuesIndices with_options::topk(const Tensor& self, int64_t k, TopkOptions options) {
  refuse_complex("topk", self);
  int64_t at = wrap_dim(options.dim, self.dim(), "topk"), size = self.dim() ? self.sizes()[at] : 1;
  if (k < 0 || k > size) fail("topk", "k", "a number in [0, " + std::to_string(size) + "], the size of the dimension", std::to_string(k));
  Shape sizes = self.sizes();
  if (self.dim()) sizes[at] = k;
  Tensor values = new_tensor(sizes, self.dtype(), self.device()), indices = new_tensor(sizes, kInt64, self.device());
  if (self.dim() == 0) {
    copy_kernel(self.device(), values, self);
    fill_kernel(self.device(), indices, 0);
  } else if (values.numel()) {
    topk_kernel(self.device(), values, indices, self, at, options.largest);
  }
  record_picking("topk", self, values, indices, at);
  return {values, indices};
}

ValuesIndices kthvalue(const Tensor& self, int64_t k, int64_t dim, bool keepdim) {
  need_defined("kthvalue", self);
  int64_t at = wrap_dim(dim, self.dim(), "kthvalue"), size = self.dim() ? self.sizes()[at] : 1;
  if (k < 1 || k > size) fail("kthvalue", "k", "a number in [1, " + std::to_string(size) + "], the size of the dimension", std::to_string(k));
  auto [values, indices] = topk(self, k, at, false);
  if (self.dim() == 0) return {values, indices};
  if (keepdim) return {narrow(values, at, k - 1, 1), narrow(indices, at, k - 1, 1)};
  return {select(values, at, k - 1), select(indices, at, k - 1)};
}

Tensor with_options::searchsorted(const Tensor& sequence, const Tensor& values, SearchsortedOptions options) {
  need_defined("searchsorted", sequence, "sorted_sequence", values, "self");
  const auto& [out_int32, right, side, sorter] = options;
  if (side && *side != "left" && *side != "right") fail("searchsorted", "side", "'left' or 'right'", "'" + std::string(*side) + "'");
  if (side && *side == "left" && right) fail("searchsorted", "side", "'right' where right is true", "'left'");
  if (sequence.dim() == 0) fail("searchsorted", "sorted_sequence", "at least 1 dimension", "a 0-d tensor");
  refuse_complex("searchsorted", sequence, "sorted_sequence");
  refuse_complex("searchsorted", values, "self");
  if (!(sequence.device() == values.device()))
    fail("searchsorted", "values", "the device of sorted_sequence, " + to_string(sequence.device()), to_string(values.device()));
  bool fits = sequence.dim() == 1;
  if (!fits && values.dim() == sequence.dim()) fits = std::equal(sequence.sizes().begin(), sequence.sizes().end() - 1, values.sizes().begin());
  if (!fits)
    fail("searchsorted", "values", "a 1-d sorted_sequence, or the sizes of its first dimensions: " + to_string(sequence.sizes()),
         to_string(values.sizes()));
  if (out_int32 && sequence.sizes().back() > std::numeric_limits<int32_t>::max())
    fail("searchsorted", "sorted_sequence", "a size that fits int32", std::to_string(sequence.sizes().back()));
  Tensor ordered = sequence.detach();
  if (sorter && sorter->defined()) {
    if (!(sorter->sizes() == sequence.sizes()))
      fail("searchsorted", "sorter", "the sizes of sorted_sequence, " + to_string(sequence.sizes()), to_string(sorter->sizes()));
    if (sorter->dtype() != kInt64) fail(ErrorKind::Type, "searchsorted", "sorter", "an int64 tensor", name(sorter->dtype()));
    ordered = gather(ordered, -1, *sorter);
  }
  Tensor out = new_tensor(values.sizes(), out_int32 ? kInt32 : kInt64, values.device());
  if (out.numel() == 0) return out;
  const DType common = result_type(sequence, values);
  if (sequence.numel() == 0) fill_kernel(out.device(), out, 0);
  else searchsorted_kernel(out.device(), out, casted(ordered, common), casted(values.detach(), common), right || (side && *side == "right"));
  return out;
}
Tensor with_options::searchsorted(const Tensor& sequence, const Scalar& value, SearchsortedOptions options) {
  need_defined("searchsorted", sequence, "sorted_sequence");
  if (sequence.dim() != 1) fail("searchsorted", "sorted_sequence", "a 1-d tensor for a single value", to_string(sequence.sizes()));
  return searchsorted(sequence, full({}, value, result_type(sequence, value), sequence.device()), options);
}
Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32, bool right) {
  need_defined("bucketize", self, "self", boundaries, "boundaries");
  if (boundaries.dim() != 1) fail("bucketize", "boundaries", "a 1-d tensor", to_string(boundaries.sizes()));
  return searchsorted(boundaries, self, {.out_int32 = out_int32, .right = right});
}
Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32, bool right) {
  need_defined("bucketize", boundaries, "boundaries");
  if (boundaries.dim() != 1) fail("bucketize", "boundaries", "a 1-d tensor", to_string(boundaries.sizes()));
  return searchsorted(boundaries, self, {.out_int32 = out_int32, .right = right});
}

namespace {

struct Distinct {
  Tensor first, inverse, counts;  // rows that differ from the one before; for each row the number of its group; rows of each group
};
// `rows` [n, m]: groups of equal neighbours. A NaN is equal to nothing. `inverse` and `counts` where they are asked for.
Distinct groups(const Tensor& rows, bool inverse, bool counts) {
  int64_t n = rows.sizes()[0];
  Device device = rows.device();
  Distinct d;
  if (n == 0) {
    d.first = d.inverse = d.counts = new_tensor({0}, kInt64, device);
    return d;
  }
  Tensor changes = new_tensor({n}, kBool, device);
  fill_kernel(device, changes, true);
  if (n > 1) {
    Tensor into = alias(changes, {n - 1, 1}, {1, 1}, 1), next = slice(rows, 0, 1), before = slice(rows, 0, 0, n - 1);
    if (rows.sizes()[1] == 1) binary_kernel(device, BinaryOp::Ne, into, next, before, Params());
    else reduce_kernel(device, ReduceOp::Any, into, ne(next, before));
  }
  if (inverse) {
    Tensor steps = casted(changes, kInt64), sums = new_tensor({n}, kInt64, device), unused;
    scan_kernel(device, ScanOp::Sum, sums, unused, steps, 0);
    d.inverse = sub(sums, 1);
  }
  d.first = reshape(nonzero(changes), {-1});
  if (!counts) return d;
  int64_t count = d.first.numel();
  Tensor ends = new_tensor({count}, kInt64, device), last = alias(ends, {1}, {1}, count - 1);
  fill_kernel(device, last, n);
  if (count > 1) {
    Tensor most = alias(ends, {count - 1}, {1}, 0);
    copy_kernel(device, most, slice(d.first, 0, 1));
  }
  d.counts = sub(ends, d.first);
  return d;
}

// Row numbers in lexicographic order: sorted by each column, the last one first; equal ones stay in order. On the CPU one sort that compares rows is faster.
Tensor row_order(const Tensor& rows) {
  if (!rows.device().is_cpu()) {
    const Device device = rows.device();
    const int64_t count = rows.sizes()[0], columns = rows.sizes()[1];
    const Tensor keys = rows.is_floating_point() ? add(rows, Scalar(0)) : rows;  // -0 and 0 are one
    Tensor order = new_tensor({count}, kInt64, device);
    if (count) arange_kernel(device, order, 0, 1);
    for (int64_t j = columns; count && j-- > 0;) {
      Tensor key = new_tensor({count}, rows.dtype(), device), sorted = new_tensor({count}, rows.dtype(), device),
             step = new_tensor({count}, kInt64, device), next = new_tensor({count}, kInt64, device);
      index_select_kernel(device, key, alias(keys, {count}, {keys.strides()[0]}, keys.storage_offset() + j * keys.strides()[1]), 0, order);
      sort_kernel(device, sorted, step, key, 0, false);
      index_select_kernel(device, next, order, 0, step);
      order = next;
    }
    return order;
  }
  Tensor host = dense(rows);
  int64_t n = rows.sizes()[0], m = rows.sizes()[1];
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t(0));
  dispatch(host.dtype(), [&](auto t) {
    using T = decltype(t);
    if constexpr (requires { t < t; }) {
      const T* p = static_cast<const T*>(host.address());
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        for (int64_t j = 0; j < m; ++j) {
          T x = p[a * m + j], y = p[b * m + j];
          if (x < y || (x == x && y != y)) return true;
          if (y < x || (y == y && x != x)) return false;
        }
        return false;
      });
    }
  });
  return from_vector(std::move(order), {n});
}

void need_data(const char* op, const Tensor& self) {
  if (self.device().is_meta())
    fail(ErrorKind::NotSupported, op, "self", "a tensor with data, on which the result's sizes depend", "one on the meta device");
}

std::tuple<Tensor, Tensor, Tensor> unique_of(const char* op, const Tensor& self, bool consecutive, bool return_inverse, bool return_counts,
                                             std::optional<int64_t> dim) {
  refuse_complex(op, self);
  need_data(op, self);
  no_grad guard;
  Tensor x = self.detach(), entries = dim ? x : reshape(x, {-1});
  int64_t at = wrap_dim(dim.value_or(0), entries.dim(), op);
  if (entries.dim() == 0) entries = reshape(entries, {1});
  int64_t n = entries.sizes()[at];
  if (dim && self.numel() == 0)
    for (int64_t i = 0; i < self.dim(); ++i)
      if (i != at && self.sizes()[i] == 0) fail(op, "self", "no size of 0 except in dimension dim", to_string(self.sizes()));
  Tensor rows = n == 0 ? zeros({0, 1}, self.dtype(), self.device()) : reshape(movedim(entries, Shape(at), {0}), {n, -1}), order;
  bool single = rows.sizes()[1] == 1;
  if (!consecutive && n) {
    if (single) {
      std::tie(rows, order) = sort(reshape(rows, {-1}));
      rows = reshape(rows, {n, 1});
    } else {
      order = row_order(rows);
      rows = index_select(rows, 0, order);
    }
  }
  Distinct d = groups(rows, return_inverse, return_counts);
  Tensor out, inverse;
  if (single && !dim) out = reshape(index_select(rows, 0, d.first), {-1});
  else out = index_select(entries, at, order.defined() ? index_select(order, 0, d.first) : d.first);
  if (return_inverse) {
    inverse = order.defined() ? scatter(d.inverse, 0, order, d.inverse) : d.inverse;
    if (!dim) inverse = reshape(inverse, self.sizes());
  }
  return {out, inverse, return_counts ? d.counts : Tensor()};
}

// An entry of the result counts as the mean of those equal to it, so that they share its gradient.
std::tuple<Tensor, Tensor, Tensor> recorded_unique(const char* op, const Tensor& self, bool consecutive, bool return_inverse, bool return_counts,
                                                   std::optional<int64_t> dim) {
  need_defined(op, self);
  auto tape = Tape::recording(self);
  const bool recorded = bool(tape);
  auto [out, inverse, counts] = unique_of(op, self, consecutive, return_inverse || recorded, return_counts || recorded, dim);
  if (recorded)
    tape.record(op, out,
                [inverse = inverse, counts = counts, sizes = self.sizes(), at = dim ? wrap_dim(*dim, self.dim(), op) : 0](const Tensor& grad, Needs) {
                  Shape along = Shape::filled(grad.dim(), 1);
                  along[at] = counts.numel();
                  return Grads{reshape(index_select(div(grad, reshape(counts, along)), at, reshape(inverse, {-1})), sizes)};
                });
  return {out, return_inverse ? inverse : Tensor(), return_counts ? counts : Tensor()};
}

Value asked(const std::tuple<Tensor, Tensor, Tensor>& results) {
  const auto& [out, inverse, counts] = results;
  if (!inverse.defined() && !counts.defined()) return out;
  std::vector<Tensor> list{out};
  for (const Tensor& t : {inverse, counts})
    if (t.defined()) list.push_back(t);
  return list;
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> with_options::unique(const Tensor& self, UniqueOptions options) {
  return recorded_unique("unique", self, false, options.return_inverse, options.return_counts, options.dim);
}
std::tuple<Tensor, Tensor, Tensor> with_options::unique_consecutive(const Tensor& self, UniqueConsecutiveOptions options) {
  return recorded_unique("unique_consecutive", self, true, options.return_inverse, options.return_counts, options.dim);
}

Tensor bincount(const Tensor& self, const OptionalTensor& weights, int64_t minlength) {
  need_defined("bincount", self);
  if (self.dim() != 1) fail("bincount", "self", "a 1-d tensor", to_string(self.sizes()));
  if (!is_integral(self.dtype()) || self.dtype() == kBool) fail(ErrorKind::Type, "bincount", "self", "an integer tensor", name(self.dtype()));
  if (minlength < 0) fail("bincount", "minlength", "a number that is not negative", std::to_string(minlength));
  need_data("bincount", self);
  bool weighted = weights && weights->defined();
  if (weighted && !(weights->sizes() == self.sizes()))
    fail("bincount", "weights", "the sizes of self, " + to_string(self.sizes()), to_string(weights->sizes()));
  DType dtype = weighted ? (weights->dtype() == kFloat32 ? kFloat32 : kFloat64) : kInt64;
  if (weighted) detail::check_device("bincount", "weights", self, *weights);
  int64_t bins = minlength;
  if (self.numel()) {
    Tensor least = new_tensor({1}, self.dtype(), self.device()), most = new_tensor({1}, self.dtype(), self.device());
    reduce_kernel(self.device(), ReduceOp::Amin, least, self);
    reduce_kernel(self.device(), ReduceOp::Amax, most, self);
    if (least.item<int64_t>() < 0) fail("bincount", "self", "integers that are not negative", std::to_string(least.item<int64_t>()));
    if (most.item<int64_t>() == INT64_MAX) fail(ErrorKind::Memory, "bincount", "self", "integers whose counts fit memory", "2^63 - 1");
    bins = std::max(bins, most.item<int64_t>() + 1);
  }
  Tensor out = zeros({bins}, dtype, self.device());
  if (self.numel()) bincount_kernel(self.device(), out, self, weighted ? *weights : Tensor());
  return out;
}

Tensor with_options::histc(const Tensor& self, HistcOptions options) {
  const auto& [bins, min, max] = options;
  need_floating_point("histc", self);
  if (bins < 1) fail("histc", "bins", "a positive number", std::to_string(bins));
  if (self.device().is_meta()) return zeros({bins}, self.dtype(), kMeta);
  no_grad guard;
  double low = min.to<double>(), high = max.to<double>();
  Tensor x = reshape(self.detach(), {-1});
  if (low == high && x.numel()) {
    Tensor least = new_tensor({1}, x.dtype(), x.device()), most = new_tensor({1}, x.dtype(), x.device());
    reduce_kernel(x.device(), ReduceOp::Amin, least, x);
    reduce_kernel(x.device(), ReduceOp::Amax, most, x);
    low = least.item<double>();
    high = most.item<double>();
  }
  if (low == high) low -= 1, high += 1;
  if (!std::isfinite(low) || !std::isfinite(high))
    fail("histc", "min and max", "a finite range", std::to_string(low) + " to " + std::to_string(high));
  if (low > high) fail("histc", "max", "a bound not below min = " + std::to_string(low), std::to_string(high));
  x = masked_select(x, logical_and(x >= low, x <= high));
  Tensor places = clamp_max(to((x - low) * double(bins) / (high - low), kInt64), bins - 1);
  return to(bincount(places, none, bins), self.dtype());
}

void register_sort(OpTable& table) {
  table.add("sort(Tensor self, int dim=-1, bool descending=False, *, bool stable=False) -> (Tensor values, Tensor indices)", &with_options::sort);
  table.add("argsort(Tensor self, int dim=-1, bool descending=False, *, bool stable=False) -> Tensor", &with_options::argsort);
  table.add("msort(Tensor self) -> Tensor", &msort);
  table.add("topk(Tensor self, int k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)", &with_options::topk);
  table.add("kthvalue(Tensor self, int k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)", &kthvalue);
  table.add(
      "searchsorted(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor",
      static_cast<Tensor (*)(const Tensor&, const Tensor&, SearchsortedOptions)>(&with_options::searchsorted));
  table.add(
      "searchsorted(Tensor sorted_sequence, Scalar self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor",
      static_cast<Tensor (*)(const Tensor&, const Scalar&, SearchsortedOptions)>(&with_options::searchsorted));
  table.add("bucketize(Tensor self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, const Tensor&, bool, bool)>(&bucketize));
  table.add("bucketize(Scalar self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor",
            static_cast<Tensor (*)(const Scalar&, const Tensor&, bool, bool)>(&bucketize));
  table.add("unique(Tensor self, bool sorted=True, bool return_inverse=False, bool return_counts=False, int? dim=None) -> Tensor[]",
            [](const Tensor& x, UniqueOptions options) { return asked(unique(x, options)); });
  table.add("unique_consecutive(Tensor self, bool return_inverse=False, bool return_counts=False, int? dim=None) -> Tensor[]",
            [](const Tensor& x, UniqueConsecutiveOptions options) { return asked(unique_consecutive(x, options)); });
  table.add("bincount(Tensor self, Tensor? weights=None, int minlength=0) -> Tensor", &bincount);
  table.add("histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor", &with_options::histc);
}

}  // namespace lazuli
