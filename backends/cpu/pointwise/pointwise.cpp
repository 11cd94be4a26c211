#include "lazuli/backends/cpu/pointwise/pointwise.h"

#include <algorithm>

#include "lazuli/backends/cpu/pointwise/staging.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kChunk = 512;  // elements that are staged at a time

// One thread's share of a loop over tensors that are not all dense, or not of the loop's dtypes.
class Worker {
 public:
  Worker(const PointwiseLoop& loop, const PointwisePlan& plan, const Params& p) : loop_(loop), plan_(plan), params_(p) {
    by_rows_ = plan.size[0] >= kShortRow || plan.rank == 1;
    limit_ = by_rows_ ? kChunk : kChunk / plan.size[0] * plan.size[0];
    for (int k = 0; k < plan.count; k++) {
      const PlannedOperand& o = plan.operand[k];
      const DType wanted = k == 0 ? loop.out : loop.in[k - 1];
      if (o.dtype != wanted && !(wanted == kFloat32 && (o.dtype == kFloat16 || o.dtype == kBFloat16)))
        fail(ErrorKind::Type, "pointwise", k == 0 ? "out" : "input", name(wanted), name(o.dtype));  // a mistake in the operator that called
      convert_[k] = o.dtype == wanted ? nullptr : k == 0 ? conversion(wanted, o.dtype) : conversion(o.dtype, wanted);
      direct_[k] = o.dense || (by_rows_ && o.stride[0] == o.item);
      if (convert_[k] || !direct_[k]) staged_ = true;
      constant_[k] = k > 0 && !direct_[k] && (o.scalar || !by_rows_);
      for (int d = 1; d < plan.rank; d++) constant_[k] = constant_[k] && o.stride[d] == 0;
    }
  }

  void run(int64_t begin, int64_t end) {
    PlanCursor at(plan_, begin);
    const void* in[kMaxOperands];
    for (int k = 1; k < plan_.count; k++)
      if (constant_[k]) constant_at_[k] = fetch(k, at, begin, std::min(end - begin, limit_));
    for (int64_t position = begin; position < end;) {
      int64_t n = end - position;
      if (staged_) n = std::min(n, limit_);
      if (by_rows_) n = std::min(n, plan_.size[0] - at.index[0]);
      for (int k = 1; k < plan_.count; k++) in[k - 1] = constant_[k] ? constant_at_[k] : fetch(k, at, position, n);
      store(at, position, n, in);
      position += n;
      if (by_rows_) at.advance(n);
      else
        for (int64_t left = n; left > 0;) {
          const int64_t step = std::min(left, plan_.size[0] - at.index[0]);
          at.advance(step);
          left -= step;
        }
    }
  }

 private:
  // The next n elements as the loop wants them: where they lie, or gathered and converted in this operand's buffers.
  const void* fetch(int k, const PlanCursor& at, int64_t position, int64_t n) {
    const PlannedOperand& o = plan_.operand[k];
    const void* from = raw_[k];
    if (o.dense) {
      from = o.data + position * o.item;
    } else if (direct_[k]) {
      from = o.data + at.offset[k] + at.index[0] * o.item;
    } else {
      with_item_type(o.item, [&](auto u) {
        using U = decltype(u);
        if (by_rows_) return load_strided(reinterpret_cast<U*>(raw_[k]), o.data + at.offset[k] + at.index[0] * o.stride[0], o.stride[0], n);
        for_each_row_piece(at, k, n, [&](const char* place, int64_t stride, int64_t done, int64_t length) {
          load_strided(reinterpret_cast<U*>(raw_[k]) + done, place, stride, length);
        });
      });
    }
    if (!convert_[k]) return from;
    convert_[k](converted_[k], &from, n, params_);
    return converted_[k];
  }

  void store(const PlanCursor& at, int64_t position, int64_t n, const void* const* in) {
    const PlannedOperand& o = plan_.operand[0];
    char* place = o.dense ? o.data + position * o.item : direct_[0] ? o.data + at.offset[0] + at.index[0] * o.item : raw_[0];
    if (!convert_[0]) {
      loop_.run(place, in, n, params_);
    } else {
      loop_.run(converted_[0], in, n, params_);
      const void* from = converted_[0];
      convert_[0](place, &from, n, params_);
    }
    if (direct_[0]) return;
    with_item_type(o.item, [&](auto u) {
      using U = decltype(u);
      if (by_rows_) return store_strided(o.data + at.offset[0] + at.index[0] * o.stride[0], o.stride[0], reinterpret_cast<const U*>(raw_[0]), n);
      for_each_row_piece(at, 0, n, [&](char* to, int64_t stride, int64_t done, int64_t length) {
        store_strided(to, stride, reinterpret_cast<const U*>(raw_[0]) + done, length);
      });
    });
  }

  const PointwiseLoop& loop_;
  const PointwisePlan& plan_;
  const Params& params_;
  bool by_rows_ = false, staged_ = false;
  int64_t limit_ = kChunk;       // elements of a chunk: whole rows where rows are short
  bool direct_[kMaxOperands];    // read or written where it lies
  bool constant_[kMaxOperands];  // every chunk has the same elements: one number, or one short row repeated
  const void* constant_at_[kMaxOperands];
  Loop convert_[kMaxOperands];
  alignas(64) char raw_[kMaxOperands][kChunk * kMaxItem];
  alignas(64) char converted_[kMaxOperands][kChunk * kMaxItem];
};

// Dense tensors of the loop's dtypes.
void run_dense(const PointwiseLoop& loop, const PointwisePlan& plan, const Params& p) {
  parallel_for(0, plan.numel, int64_t(loop.cost), [&](int64_t begin, int64_t end) {
    const void* in[kMaxOperands];
    for (int k = 1; k < plan.count; k++) in[k - 1] = plan.operand[k].data + begin * plan.operand[k].item;
    loop.run(plan.operand[0].data + begin * plan.operand[0].item, in, end - begin, p);
  });
}

// A short contiguous output of contiguous inputs and of single elements that are broadcast: most of what is added to or multiplied with a number.
bool run_short(const PointwiseLoop& loop, Tensor& out, const Tensor* const* inputs, int count, const Params& p) {
  const TensorBody& o = *out.body();
  if (!o.contiguous || o.dtype != loop.out || o.numel > kChunk) return false;
  alignas(64) char buffer[kMaxOperands][kChunk * kMaxItem];
  const void* in[kMaxOperands];
  for (int k = 0; k < count; k++) {
    const TensorBody& t = *inputs[k]->body();
    if (t.dtype != loop.in[k]) return false;
    in[k] = inputs[k]->address();
    if (t.contiguous) continue;
    for (const int64_t stride : t.strides)
      if (stride != 0) return false;
    with_item_type(item_size(t.dtype),
                   [&](auto u) { std::fill_n(reinterpret_cast<decltype(u)*>(buffer[k]), o.numel, *static_cast<const decltype(u)*>(in[k])); });
    in[k] = buffer[k];
  }
  loop.run(out.address(), in, o.numel, p);
  return true;
}

// Reading along one dimension and writing along another misses the cache at each element; a large input is turned around first, by a copy that goes in blocks.
bool reads_across(const PointwisePlan& plan, int k) {
  constexpr int64_t kLarge = 1 << 16;
  return plan.numel >= kLarge && plan.operand[k].stride[0] != 0 && transposed_along(plan, k) != 0;
}

}  // namespace

void run_pointwise(const PointwiseLoop& loop, Tensor& out, std::initializer_list<const Tensor*> inputs, const Params& p) {
  const int count = int(inputs.size());
  if (out.numel() == 0 || run_short(loop, out, inputs.begin(), count, p)) return;
  const PointwisePlan plan(out, inputs.begin(), count);
  bool dense = true, across = false;
  for (int k = 0; k < plan.count; k++) {
    dense &= plan.operand[k].dense && plan.operand[k].dtype == (k == 0 ? loop.out : loop.in[k - 1]);
    across |= k > 0 && reads_across(plan, k);
  }
  if (dense) return run_dense(loop, plan, p);
  if (across) {
    Tensor turned[kMaxOperands];
    const Tensor* use[kMaxOperands];
    for (int k = 0; k < count; k++) {
      use[k] = inputs.begin()[k];
      if (!reads_across(plan, k + 1)) continue;
      turned[k] = new_strided(out.sizes(), out.strides(), use[k]->dtype());
      copy_kernel(kCPU, turned[k], *use[k]);
      use[k] = &turned[k];
    }
    const PointwisePlan along(out, use, count);
    return parallel_for(0, along.numel, int64_t(loop.cost), [&](int64_t begin, int64_t end) { Worker(loop, along, p).run(begin, end); });
  }
  parallel_for(0, plan.numel, int64_t(loop.cost), [&](int64_t begin, int64_t end) { Worker(loop, plan, p).run(begin, end); });
}

}  // namespace lazuli::cpu
