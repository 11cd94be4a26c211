#include "lazuli/ops/index/embedding.h"

#include <limits>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

Tensor filled(const Shape& sizes, DType dtype, Device device, const Scalar& value) {
  Tensor t = new_tensor(sizes, dtype, device);
  if (t.numel()) fill_kernel(device, t, value);
  return t;
}

// Sums the rows of grad [n, d] into a table of `count` rows by index [n], and the reverse; each is the other's gradient.
// Rows whose index is `padding` are left out; `by_frequency` divides by how often an index occurs.
Tensor pick_rows(const Tensor& table, const Tensor& index, int64_t padding, bool by_frequency);
Tensor sum_rows(const Tensor& grad, const Tensor& index, int64_t count, int64_t padding, bool by_frequency) {
  if (grad.dtype() == kFloat16 || grad.dtype() == kBFloat16)  // a sum of ones in half precision stops at 2048 or 256
    return to(sum_rows(to(grad, kFloat32), index, count, padding, by_frequency), grad.dtype());
  Tensor out = new_tensor({count, grad.sizes()[1]}, grad.dtype(), grad.device());
  if (out.numel()) embedding_backward_kernel(out.device(), out, grad, index, padding, by_frequency);
  if (auto tape = Tape::recording(grad))
    tape.record("embedding_backward", out, [index = tape.save(index), padding, by_frequency](const Tensor& g, Needs) {
      Tensor at = index.get(), rows = pick_rows(g, at, padding, false);
      if (padding >= 0) rows = masked_fill(rows, (at == Scalar(padding)).unsqueeze(1), Scalar(0));
      if (by_frequency) {
        Tensor ones = filled({at.numel(), 1}, rows.dtype(), rows.device(), 1);
        rows = rows / pick_rows(sum_rows(ones, at, g.sizes()[0], -1, false), at, -1, false);
      }
      return Grads{rows};
    });
  return out;
}

Tensor pick_rows(const Tensor& table, const Tensor& index, int64_t padding, bool by_frequency) {
  Tensor out = new_tensor({index.numel(), table.sizes()[1]}, table.dtype(), table.device());
  if (index.numel() && out.numel() == 0 && table.sizes()[0] == 0)
    fail(ErrorKind::Index, "embedding", "input", "no index into a table without rows", to_string(index.sizes()));
  if (out.numel()) index_select_kernel(out.device(), out, table, 0, index);
  if (auto tape = Tape::recording(table))
    tape.record("embedding", out, [index = tape.save(index), count = table.sizes()[0], padding, by_frequency](const Tensor& grad, Needs) {
      return Grads{sum_rows(grad, index.get(), count, padding, by_frequency)};
    });
  return out;
}

int64_t check_table(const char* op, const Tensor& index, const Tensor& weight, std::optional<int64_t> padding_idx) {
  if (weight.dim() != 2) fail(op, "weight", "two dimensions, [vocabulary, d]", "sizes " + to_string(weight.sizes()));
  if (index.dtype() != kInt64 && index.dtype() != kInt32) fail(ErrorKind::Type, op, "input", "int64 or int32 indices", name(index.dtype()));
  detail::check_device(op, "input", weight, index);
  if (!padding_idx) return -1;
  int64_t rows = weight.sizes()[0], padding = *padding_idx < 0 ? *padding_idx + rows : *padding_idx;
  if (padding < 0 || padding >= rows)
    fail(op, "padding_idx", "an index into the " + std::to_string(rows) + " rows of weight", std::to_string(*padding_idx));
  return padding;
}

// Rows that are used and longer than max_norm are scaled down to it.
void renormalize(const Tensor& weight, const Tensor& index, double max_norm, double norm_type) {
  no_grad unrecorded;
  Tensor table = weight.detach(), rows = pick_rows(table, index, -1, false);
  Tensor size = norm(rows, norm_type, 1, true);
  rows = rows * where(size > Scalar(max_norm), Scalar(max_norm) / (size + Scalar(1e-7)), Scalar(1));
  if (rows.numel()) index_add_kernel(table.device(), ScatterOp::Set, table, 0, index, casted(rows, table.dtype()), 1);
  weight.storage()->bump_version();
}

// An index that the kernel finds out of range, told as the operator's.
template <class F>
Tensor naming_rows(const char* op, const Tensor& input, const Tensor& weight, F&& pick) {
  try {
    return pick();
  } catch (const Error& error) {
    if (error.op() != "index_select") throw;
    const int64_t rows = weight.sizes()[0];
    need_values(ErrorKind::Index, op, "input", "indices into the " + std::to_string(rows) + " rows of weight", input,
                (input >= Scalar(0)) & (input < Scalar(rows)));
    throw;
  }
}

Tensor flat_index(const Tensor& input) { return input.dim() == 1 ? input : input.reshape(input.numel()); }

}  // namespace

Tensor with_options::embedding(const Tensor& input, const Tensor& weight, EmbeddingFunctionOptions options) {
  need_defined("embedding", input, "input", weight, "weight");
  int64_t padding = check_table("embedding", input, weight, options.padding_idx);
  Tensor index = flat_index(input);
  Tensor out = naming_rows("embedding", input, weight, [&] {
    if (options.max_norm) renormalize(weight, index, *options.max_norm, options.norm_type);
    return pick_rows(weight, index, padding, options.scale_grad_by_freq);
  });
  if (input.dim() == 1) return out;
  Shape sizes = input.sizes();
  sizes.push_back(weight.sizes()[1]);
  return out.reshape(sizes);
}

Tensor with_options::embedding_bag(const Tensor& input, const Tensor& weight, EmbeddingBagFunctionOptions options) {
  const auto& [offsets, max_norm, norm_type, scale_grad_by_freq, mode, per_sample_weights, include_last_offset, padding_idx] = options;
  const char* op = "embedding_bag";
  need_defined(op, input, "input", weight, "weight");
  int64_t padding = check_table(op, input, weight, padding_idx), n = input.numel(), bags;
  bool weighted = per_sample_weights && per_sample_weights->defined(), bounded = offsets && offsets->defined();
  if (mode != "sum" && mode != "mean" && mode != "max") fail(op, "mode", "'sum', 'mean' or 'max'", "'" + std::string(mode) + "'");
  if (weighted && mode != "sum") fail(ErrorKind::NotSupported, op, "per_sample_weights", "none, unless mode is 'sum'", "weights");
  if (weighted && !(per_sample_weights->sizes() == input.sizes()))
    fail(op, "per_sample_weights", "the sizes of input, " + to_string(input.sizes()), to_string(per_sample_weights->sizes()));
  if (input.dim() != 1 && input.dim() != 2)
    fail(errors::embedding_bag_error_requires_2d_input, op, "input", "one or two dimensions", "sizes " + to_string(input.sizes()));
  if (bounded != (input.dim() == 1))
    fail(op, "offsets", input.dim() == 1 ? "the beginnings of the bags of a 1-d input" : "none for a 2-d input", bounded ? "some" : "none");
  Tensor index = casted(flat_index(input), kInt64), bag = new_tensor({n}, kInt64, input.device());
  if (weighted) detail::check_device(op, "per_sample_weights", weight, *per_sample_weights);
  if (bounded) {
    detail::check_device(op, "offsets", input, *offsets);
    if (offsets->dim() != 1) fail(op, "offsets", "one dimension", "sizes " + to_string(offsets->sizes()));
    if (include_last_offset && offsets->numel() == 0) fail(op, "offsets", "at least the end of the last bag", "none");
    Tensor begin = casted(*offsets, kInt64), place = new_tensor({n}, kInt64, input.device());
    bags = begin.numel() - include_last_offset;
    if (begin.numel() && !begin.device().is_meta()) {
      host_function(op, {}, {begin.select(0, 0)}, [op](std::span<Tensor>, std::span<const Tensor> in) {
        if (const auto first = in[0].item<int64_t>(); first != 0) fail(op, "offsets", "0 as the first", std::to_string(first));
      });
      const Tensor before = begin.narrow(0, 0, begin.numel() - 1), after = begin.narrow(0, 1, begin.numel() - 1);
      need_values(ErrorKind::Argument, op, "offsets", "numbers that do not fall", begin,
                  cat({filled({1}, kBool, begin.device(), true), after >= before}));
      need_values(ErrorKind::Argument, op, "offsets", "none beyond the " + std::to_string(n) + " indices", begin, begin <= Scalar(n));
    }
    begin = begin.narrow(0, 0, bags);  // as PyTorch, the last bag goes on to the last index, whatever end is given
    if (n) {
      arange_kernel(place.device(), place, 0, 1);
      searchsorted_kernel(bag.device(), bag, begin, place, true);
      bag = bag - Scalar(1);
    }
  } else {
    bags = input.sizes()[0];
    Tensor each = new_tensor({bags}, kInt64, input.device());
    if (bags) arange_kernel(each.device(), each, 0, 1);
    bag = each.unsqueeze(1).expand(input.sizes()).reshape(n);
  }
  Tensor rows = naming_rows(op, input, weight, [&] {
    if (options.max_norm) renormalize(weight, index, *options.max_norm, options.norm_type);
    return pick_rows(weight, index, padding, options.scale_grad_by_freq);
  });
  Tensor counts = padding >= 0 ? index != Scalar(padding) : filled({n}, kBool, index.device(), true);
  if (mode == "max") {
    // The first row of each bag that has the maximum, column by column.
    Tensor values = masked_fill(rows.detach(), logical_not(counts).unsqueeze(1), Scalar(-std::numeric_limits<double>::infinity()));
    Shape sizes{bags, weight.sizes()[1]};
    Tensor best = filled(sizes, rows.dtype(), rows.device(), -std::numeric_limits<double>::infinity()),
           place = new_tensor({n}, kInt64, rows.device());
    if (rows.numel() == 0 || bags == 0) return filled(sizes, rows.dtype(), rows.device(), 0);
    index_add_kernel(best.device(), ScatterOp::Amax, best, 0, bag, values, 1);
    arange_kernel(place.device(), place, 0, 1);
    Tensor at = where(values == pick_rows(best, bag, -1, false), place.unsqueeze(1), Scalar(n)), first = filled(sizes, kInt64, rows.device(), n);
    index_add_kernel(first.device(), ScatterOp::Amin, first, 0, bag, at, 1);
    Tensor empty = best == Scalar(-std::numeric_limits<double>::infinity());
    return masked_fill(reduction::take_along(rows, 0, masked_fill(first, empty, Scalar(0))), empty, Scalar(0));
  }
  if (padding >= 0) rows = masked_fill(rows, logical_not(counts).unsqueeze(1), Scalar(0));
  const bool narrow = weight.dtype() == kFloat16 || weight.dtype() == kBFloat16;
  if (weighted) rows = (narrow ? to(rows, kFloat32) : rows) * per_sample_weights->reshape({n, 1});
  Tensor out = sum_rows(rows, bag, bags, -1, false);
  if (mode == "sum") return to(out, weight.dtype());
  return out / clamp_min(sum_rows(casted(counts, rows.dtype()).unsqueeze(1), bag, bags, -1, false), Scalar(1));
}

Tensor one_hot(const Tensor& self, int64_t num_classes) {
  need_defined("one_hot", self);
  const char* op = "one_hot";
  if (self.dtype() != kInt64) fail(ErrorKind::Type, op, "self", "int64", name(self.dtype()));
  if (num_classes < -1 || num_classes == 0) {
    if (!(num_classes == 0 && self.numel() == 0)) fail(op, "num_classes", "-1 or a number above 0", std::to_string(num_classes));
  }
  if (num_classes <= 0 && self.numel() == 0) fail(op, "num_classes", "a number above 0 for a tensor without elements", std::to_string(num_classes));
  if (num_classes == -1 && self.device().is_meta()) fail(ErrorKind::NotSupported, op, "num_classes", "a number on the meta device", "-1");
  // with a given number, other devices leave the check to the kernel's own
  if (self.numel() && (self.device().is_cpu() || (num_classes == -1 && !self.device().is_meta()))) {
    auto [least, greatest] = aminmax(batching::all_samples(self));
    host_function(op, {}, {least, greatest}, [op, num_classes](std::span<Tensor>, std::span<const Tensor> in) {
      const auto first = in[0].item<int64_t>(), last = in[1].item<int64_t>();
      if (first < 0) fail(op, "self", "classes that are not negative", std::to_string(first));
      if (num_classes != -1 && last >= num_classes) fail(op, "self", "classes below " + std::to_string(num_classes), std::to_string(last));
    });
    if (num_classes == -1) num_classes = greatest.item<int64_t>() + 1;
  }
  return reduction::put_along(filled(self.unsqueeze(-1).sizes(), kInt64, self.device(), 1), self.dim(), self.unsqueeze(-1), num_classes);
}

void register_embedding(OpTable& table) {
  // The table and the indices in either order: F.embedding takes the indices first, torch.embedding the table.
  table.add(
      "embedding(Tensor input, Tensor weight, int? padding_idx=None, float? max_norm=None, float norm_type=2.0, bool scale_grad_by_freq=False, bool "
      "sparse=False) -> Tensor",
      +[](const Tensor& input, const Tensor& weight, std::optional<int64_t> padding_idx, std::optional<double> max_norm, double norm_type,
          bool by_frequency, bool) {
        need_defined("embedding", input, "input", weight, "weight");
        bool swapped = !is_integral(input.dtype()) && is_integral(weight.dtype());
        return embedding(swapped ? weight : input, swapped ? input : weight, {padding_idx, max_norm, norm_type, by_frequency});
      });
  table.add(
      "embedding_bag(Tensor input, Tensor weight, Tensor? offsets=None, float? max_norm=None, float norm_type=2.0, bool scale_grad_by_freq=False, "
      "str mode='mean', "
      "bool sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False, int? padding_idx=None) -> Tensor",
      +[](const Tensor& input, const Tensor& weight, const OptionalTensor& offsets, std::optional<double> max_norm, double norm_type,
          bool by_frequency, std::string_view mode, bool, const OptionalTensor& per_sample_weights, bool include_last_offset,
          std::optional<int64_t> padding_idx) {
        need_defined("embedding_bag", input, "input", weight, "weight");
        bool swapped = !is_integral(input.dtype()) && is_integral(weight.dtype());
        return embedding_bag(swapped ? weight : input, swapped ? input : weight,
                             {offsets, max_norm, norm_type, by_frequency, std::string(mode), per_sample_weights, include_last_offset, padding_idx});
      });
  table.add("one_hot(Tensor self, int num_classes=-1) -> Tensor", &one_hot);
}

}  // namespace lazuli
