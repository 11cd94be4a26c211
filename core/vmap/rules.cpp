#include <mutex>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/random/philox.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/fft_slots.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/core/slots/selection_slots.h"
#include "lazuli/core/vmap/fold.h"
#include "lazuli/core/vmap/network_rules.h"

// The rules of the slots: most of them give a slot the samples as further dimensions, in front, or as more of what is the first dimension already.
namespace lazuli::batching {
namespace {

using Kind = SlotArgument::Kind;

// The levels become the first dimensions of every tensor, and dimensions that arguments number are counted from behind them. `overwritten`: see BatchedCall::out.
bool lead(BatchedCall& call, std::initializer_list<size_t> dims, bool overwritten = true) {
  std::vector<Tensor> tensors(call.arguments.size());
  std::vector<int64_t> numbers(call.arguments.size());
  std::vector<const void*> at(call.arguments.size());
  for (size_t i = 0; i < at.size(); ++i) {
    const Kind kind = call.arguments[i].kind();
    if (kind == Kind::Inputs) return false;
    if (kind == Kind::Output) tensors[i] = call.out(i, overwritten);
    else if (kind == Kind::Input) tensors[i] = call.in(i);
    else continue;
    at[i] = &tensors[i];
  }
  for (size_t d : dims) {
    numbers[d] = call.arguments[d].integer() + call.lead();
    at[d] = &numbers[d];
  }
  call.run(at);
  return true;
}

template <size_t... DimList>
bool lead_overwriting(BatchedCall& call) {
  return lead(call, {DimList...});
}
template <size_t... DimList>
bool lead_updating(BatchedCall& call) {
  return lead(call, {DimList...}, false);
}

// 0-d tensors have no dimension that a number could name; they count as of one element.
template <size_t Dim, size_t Self>
bool lead_along(BatchedCall& call) {
  return call.tensor(Self).dim() > 0 && lead(call, {Dim});
}

// Rows of one kind: every tensor's first dimension counts what is done each by itself, so that the levels go into it.
bool fold_all(BatchedCall& call) {
  std::vector<Tensor> read(call.arguments.size());
  std::vector<Written> written;
  written.reserve(call.arguments.size());
  std::vector<const void*> at(call.arguments.size());
  for (size_t i = 0; i < at.size(); ++i) {
    const Kind kind = call.arguments[i].kind();
    if (kind == Kind::Output) {
      written.emplace_back(call, i, false).fold(call.lead() + 1);
      at[i] = &written.back().form;
    } else if (kind == Kind::Input) {
      read[i] = call.in(i).defined() ? packed(call.in(i), call.lead() + 1) : Tensor();
      if (read[i].defined() && call.tensor(i).is_contiguous()) read[i] = contiguous(read[i]);
      at[i] = &read[i];
    }
  }
  call.run(at);
  for (const Written& w : written) w.finish();
  return true;
}

// ---- products ----

bool matmul_rule(BatchedCall& call) {
  const int64_t lead = call.lead(), rank = call.tensor(0).dim();
  const double beta = call.arguments[4].real();
  const bool left = call.batched(1), right = call.batched(2), with_bias = call.tensor(3).defined() && call.batched(3);
  Written out(call, 0, beta == 0);
  Tensor a, b, none;
  if (rank == 2 && left && !right) {  // all samples' rows
    out.fold(lead + 1);
    a = folded(call.in(1), lead + 1);
    b = whole(call.tensor(2), {});
  } else {
    const int64_t batch = lead + (rank - 2);
    out.fold(batch);
    a = folded(call.in(1), batch);
    b = folded(call.in(2), batch);
  }
  const Tensor bias = with_bias || !call.tensor(3).defined() ? none : whole(call.tensor(3), {});
  call.run({&out.form, &a, &b, &bias});
  out.finish();
  if (with_bias) {
    Tensor to = call.out(0, false), more = call.in(3);
    Shape strides = Shape::filled(to.dim(), 0);
    for (int64_t i = 0; i < lead; ++i) strides[i] = more.strides()[i];
    strides[-1] = more.strides()[-1];
    binary_kernel(call.device, BinaryOp::Add, to, to, alias(more, to.sizes(), strides, more.storage_offset()), Params());
  }
  return true;
}

// ---- places ----

// The places 0 .. n - 1 of the samples as [levels.., 1..] of that rank behind them.
Tensor sample_numbers(const BatchedCall& call, int64_t step, DType dtype, int64_t rank) {
  Shape sizes;
  for (const BatchLevel& level : call.levels) sizes.push_back(level.size);
  Tensor numbers = new_tensor({sizes.numel()}, dtype, call.device);
  arange_kernel(call.device, numbers, Scalar(int64_t(0)), Scalar(step));
  for (int64_t i = 0; i < rank; ++i) sizes.push_back(1);
  return alias(numbers, sizes, contiguous_strides(sizes), 0);
}

// Each sample's rows of a table behind those of the samples before it: index + sample * rows.
Tensor shifted(const BatchedCall& call, const Tensor& index, int64_t rows) {
  const Tensor all = call.in(index);
  const Tensor numbers = sample_numbers(call, rows, index.dtype(), index.dim());
  Shape strides = numbers.strides();
  for (int64_t i = call.lead(); i < strides.size(); ++i) strides[i] = 0;
  Tensor out = new_tensor(all.sizes(), all.dtype(), call.device);
  if (out.numel()) binary_kernel(call.device, BinaryOp::Add, out, all, alias(numbers, all.sizes(), strides, 0), Params());
  return out;
}

bool index_select_rule(BatchedCall& call) {  // out, in, dim, index
  const Tensor &in = call.tensor(1), &index = call.tensor(3);
  const int64_t dim = call.arguments[2].integer(), moved = dim + call.lead();
  if (!call.batched(3)) {
    if (in.dim() == 0) return false;
    Tensor out = call.out(0), from = call.in(1), places = whole(index, {});
    call.run({&out, &from, &moved, &places});
    return true;
  }
  if (dim != 0 || in.dim() == 0 || call.batched(1)) return false;  // an index out of range must be found: rows are not put behind each other
  Written out(call, 0, true);
  out.fold(call.lead() + 1);
  const Tensor from = whole(in, {}), places = contiguous(folded(call.in(3), call.lead() + 1));
  call.run({&out.form, &from, nullptr, &places});
  out.finish();
  return true;
}

bool index_add_rule(BatchedCall& call) {  // op, self, dim, index, source, alpha
  if (call.batched(3) || call.tensor(1).dim() == 0) return false;
  const int64_t moved = call.arguments[2].integer() + call.lead();
  Tensor self = call.out(1, false), places = whole(call.tensor(3), {}), source = call.in(4);
  call.run({nullptr, &self, &moved, &places, &source});
  return true;
}

// Indices in front of those given say which sample.
std::vector<Tensor> with_samples(const BatchedCall& call, std::span<const Tensor> indices, bool in_batched) {
  std::vector<Tensor> all;
  for (const Tensor& t : indices) all.push_back(call.in(t));
  if (!in_batched || all.empty()) return all;
  const Shape sizes = all[0].sizes();
  std::vector<Tensor> out;  // one index for each level, the sample's place in it, and those given
  for (int64_t l = 0; l < call.lead(); ++l) {
    Tensor places = new_tensor({call.levels[size_t(l)].size}, kInt64, call.device);
    arange_kernel(call.device, places, Scalar(int64_t(0)), Scalar(int64_t(1)));
    Shape strides = Shape::filled(sizes.size(), 0);
    strides[l] = 1;
    out.push_back(alias(places, sizes, strides, 0));
  }
  for (Tensor& t : all) out.push_back(std::move(t));
  return out;
}

bool index_rule(BatchedCall& call) {  // out, in, indices
  const bool own = call.batched(1);
  Tensor out = call.out(0), in = own ? call.in(1) : whole(call.tensor(1), {});
  const std::vector<Tensor> indices = with_samples(call, call.arguments[2].tensors(), own);
  const std::span<const Tensor> list = indices;
  if (indices.empty()) return false;
  call.run({&out, &in, &list});
  return true;
}

bool index_put_rule(BatchedCall& call) {  // self, indices, values, accumulate
  if (call.arguments[1].tensors().empty()) return false;
  Tensor self = call.out(0, false);
  const std::vector<Tensor> indices = with_samples(call, call.arguments[1].tensors(), true);
  const std::span<const Tensor> list = indices;
  const Tensor values = call.in(2);
  call.run({&self, &list, &values});
  return true;
}

bool embedding_backward_rule(BatchedCall& call) {  // grad_weight, grad, index, padding, scale
  const int64_t rows = call.tensor(0).sizes()[0];
  if (call.arguments[3].integer() >= 0 || call.arguments[4].flag()) return false;
  Written out(call, 0, true);
  out.fold(call.lead() + 1);
  const Tensor grad = contiguous(folded(call.in(1), call.lead() + 1)), index = folded(shifted(call, call.tensor(2), rows), call.lead() + 1);
  call.run({&out.form, &grad, &index});
  out.finish();
  return true;
}

bool searchsorted_rule(BatchedCall& call) {  // out, sorted, values, right
  const Tensor &one = call.tensor(1), &of_one = call.tensor(2);
  const bool for_all = one.dim() == 1 && !call.batched(1), rows = one.dim() == 1 && !for_all;
  if (!for_all && !rows && one.dim() != of_one.dim()) return false;
  Written out(call, 0, true);
  out.make_contiguous();
  const Tensor sorted = contiguous(for_all ? whole(one, {}) : call.in(1)), values = contiguous(call.in(2));
  // A row for each sample, in which all of its values are looked for.
  const auto as_row = [&](const Tensor& t) {
    Shape sizes(t.sizes().data(), call.lead());
    sizes.push_back(of_one.numel());
    return rows ? alias(t, sizes, contiguous_strides(sizes), t.storage_offset()) : t;
  };
  const Tensor form = as_row(out.form), looked_for = as_row(values);
  call.run({&form, &sorted, &looked_for});
  out.finish();
  return true;
}

bool as_strided_backward_rule(BatchedCall& call) {  // out, grad, strides, offset
  Written out(call, 0, false);
  out.make_contiguous();
  const Tensor grad = call.in(1);
  Shape strides = call.arguments[2].sizes();
  for (int64_t l = 0; l < call.lead(); ++l) strides.insert(l, out.form.strides()[l]);
  call.run({&out.form, &grad, &strides});
  out.finish();
  return true;
}

// No place is wrong where a slot is only told the places' dimension: rank 0 has none.
bool scatter_rule(BatchedCall& call) { return call.tensor(1).dim() > 0 && lead(call, {2}, false); }
bool gather_rule(BatchedCall& call) { return call.tensor(1).dim() > 0 && lead(call, {2}); }

void set(KernelBase& slot, BatchRule rule) { slot.batch_rule.store(reinterpret_cast<void*>(rule), std::memory_order_release); }

}  // namespace

// ---- random numbers ----

bool is_random(const KernelBase& slot) { return &slot == &random_kernel || &slot == &randperm_kernel || &slot == &dropout_kernel; }

namespace {

thread_local constinit bool drawing = false;  // the slot is called for all samples

Tensor for_all(const Tensor& one, const Tensor& all, int64_t lead) {
  Shape strides = Shape::filled(all.dim(), 0);
  for (int64_t i = lead; i < all.dim(); ++i) strides[i] = one.strides()[i - lead];
  return alias(one, all.sizes(), strides, one.storage_offset());
}
void write_for_all(BatchedCall& call, size_t argument, const Tensor& one) {
  Tensor all = call.out(argument);
  if (all.numel()) copy_kernel(call.device, all, for_all(one, all, call.lead()));
}

// Numbers of one sample, for all of them.
bool same_rule(BatchedCall& call) {
  if (call.levels.empty()) return false;
  if (&call.slot() != &dropout_kernel) {
    const size_t at = &call.slot() == &randperm_kernel ? 0 : 1;
    Tensor one = new_tensor(call.tensor(at).sizes(), call.tensor(at).dtype(), call.device);
    call.run(at ? std::vector<const void*>{nullptr, &one} : std::vector<const void*>{&one});
    write_for_all(call, at, one);
    return true;
  }
  const DType t = call.tensor(2).dtype(), computed = t == kFloat16 || t == kBFloat16 ? kFloat32 : t;
  const auto fresh = [&](const Shape& sizes, DType dtype) { return new_tensor(sizes, dtype, call.device); };
  const Shape& sizes = call.tensor(2).sizes();
  Tensor factors = fresh(sizes, computed), mask = fresh(sizes, kBool), ones = fresh(sizes, computed), in = call.in(2), out = call.out(0);
  fill_kernel(call.device, ones, 1);
  call.run({&factors, &mask, &ones});
  if (t == computed) {
    binary_kernel(call.device, BinaryOp::Mul, out, in, for_all(factors, in, call.lead()), Params());
  } else {
    Tensor product = fresh(in.sizes(), computed);
    copy_kernel(call.device, product, in);
    binary_kernel(call.device, BinaryOp::Mul, product, product, for_all(factors, product, call.lead()), Params());
    copy_kernel(call.device, out, product);
  }
  write_for_all(call, 1, mask);
  return true;
}

}  // namespace

bool random_rule(BatchedCall& call) {
  if (active_levels().empty() || drawing) return false;
  switch (randomness()) {
    case Randomness::Error:
      fail(ErrorKind::State, "vmap", "randomness", "\"same\" or \"different\" for a function that draws random numbers", "\"error\"");
    case Randomness::Same: return same_rule(call);
    case Randomness::Different: break;
  }
  for (BatchLevel level : random_levels()) {
    level.stride = 1;
    auto at = call.levels.begin();
    while (at != call.levels.end() && at->id < level.id) ++at;
    if (at == call.levels.end() || at->id != level.id) call.levels.insert(at, level);
  }
  struct Drawing {
    Drawing() { drawing = true; }
    ~Drawing() { drawing = false; }
  } guard;
  // A stream of its own: more numbers are drawn than the caller has reserved.
  const size_t last = call.arguments.size() - 1;
  const PhiloxState& given = *static_cast<const PhiloxState*>(call.arguments[last].address());
  const PhiloxState own{philox(given.seed ^ 0x766d6170, given.offset).pair(0), 0};
  if (&call.slot() == &randperm_kernel) {
    Tensor all = call.out(0);
    const Tensor rows = folded(all, call.lead());
    PhiloxState each = own;
    for (int64_t i = 0; i < rows.sizes()[0]; ++i) {
      Tensor row = alias(rows, Shape{rows.sizes()[1]}, Shape{rows.strides()[1]}, rows.storage_offset() + i * rows.strides()[0]);
      each.offset += uint64_t(rows.sizes()[1]) + 1;
      call.run({&row, &each});
    }
    return true;
  }
  const bool dropout = &call.slot() == &dropout_kernel;
  Written out(call, dropout ? 0 : 1, true);
  out.make_contiguous();
  if (!dropout) {
    call.run({nullptr, &out.form, nullptr, nullptr, &own});
  } else {
    Written mask(call, 1, true);
    mask.make_contiguous();
    const Tensor in = contiguous(call.in(2));
    call.run({&out.form, &mask.form, &in, nullptr, &own});
    mask.finish();
  }
  out.finish();
  return true;
}

void register_batch_rules() {
  static std::once_flag once;
  std::call_once(once, [] {
    for (KernelBase* slot : std::initializer_list<KernelBase*>{&fill_kernel, &copy_kernel, &unary_kernel, &binary_kernel, &binary_number_kernel,
                                                               &ternary_kernel, &ternary_number_kernel, &reduce_kernel, &var_mean_kernel})
      set(*slot, lead_overwriting<>);
    set(triangle_kernel, lead_overwriting<>);
    set(arg_reduce_kernel, lead_along<4, 3>);
    set(scan_kernel, lead_along<4, 3>);
    set(softmax_kernel, lead_along<2, 1>);
    set(softmax_backward_kernel, lead_along<3, 1>);
    set(sort_kernel, lead_along<3, 2>);
    set(topk_kernel, lead_along<3, 2>);
    set(median_kernel, lead_along<3, 2>);
    set(fft_kernel, lead_updating<2>);
    set(matmul_kernel, matmul_rule);
    set(index_select_kernel, composed<index_select_kernel, index_select_rule>);
    set(index_add_kernel, composed<index_add_kernel, index_add_rule>);
    set(gather_kernel, gather_rule);
    set(scatter_kernel, scatter_rule);
    set(index_kernel, index_rule);
    set(index_put_kernel, index_put_rule);
    set(embedding_backward_kernel, composed<embedding_backward_kernel, embedding_backward_rule>);
    set(searchsorted_kernel, searchsorted_rule);
    set(count_nonzero_kernel, composed<count_nonzero_kernel>);
    set(as_strided_backward_kernel, as_strided_backward_rule);
    for (KernelBase* slot : std::initializer_list<KernelBase*>{&cholesky_kernel, &lu_kernel, &lu_solve_kernel, &triangular_solve_kernel, &ldl_kernel,
                                                               &ldl_solve_kernel, &qr_kernel, &householder_product_kernel, &reflect_kernel,
                                                               &eigh_kernel, &eig_kernel, &svd_kernel, &lstsq_kernel, &lstm_gates_kernel,
                                                               &lstm_gates_backward_kernel, &gru_gates_kernel, &gru_gates_backward_kernel})
      set(*slot, fold_all);
    register_network_rules();
  });
}

}  // namespace lazuli::batching
