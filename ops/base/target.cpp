#include "lazuli/ops/base/target.h"

#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli {
namespace detail {
namespace {

struct Range {  // of a storage, in bytes
  int64_t begin, end;
};
Range range_of(const Tensor& t) {
  int64_t last = t.storage_offset();
  for (int64_t i = 0; i < t.dim(); ++i) last += (t.sizes()[i] - 1) * t.strides()[i];
  return {t.storage_offset() * t.item_size(), (last + 1) * t.item_size()};
}
bool same_elements(const Tensor& a, const Tensor& b) {
  if (!(a.storage() == b.storage()) || a.storage_offset() != b.storage_offset() || a.dtype() != b.dtype() || !(a.sizes() == b.sizes())) return false;
  for (int64_t i = 0; i < a.dim(); ++i)
    if (a.strides()[i] != b.strides()[i] && a.sizes()[i] > 1) return false;
  return true;
}
bool overlap(const Tensor& a, const Tensor& b) {
  if (a.numel() == 0 || b.numel() == 0) return false;
  Range x = range_of(a), y = range_of(b);
  return x.begin < y.end && y.begin < x.end;
}

// Whether the memory may be written while these are read.
bool is_free(const Place& place, const Reads& reads) {
  const Tensor& memory = place.memory;
  auto apart = [&](const Tensor& t) {
    if (!t.defined() || !(t.storage() == memory.storage())) return true;
    // What a gradient keeps of it, it keeps at its version, which must be that of before the write.
    return !(place.recorded && !t.is_same(*place.old)) && !overlap(t, memory);
  };
  bool free = true;
  for (const Tensor* t : reads.in_step) {
    if (apart(*t) || (same_elements(*t, memory) && (!place.recorded || t->is_same(*place.old)))) continue;
    free = false;
    if (!same_elements(*t, memory) && overlap(*t, memory) && is_dense(*t) && is_dense(memory))
      fail(ErrorKind::State, place.op, "", "operands whose memory is that of the result or apart from it",
           "one that overlaps it in part; clone it first");
  }
  for (const Tensor* t : reads.anywhere) free = free && apart(*t);
  for (const Tensor& t : reads.all_of) free = free && apart(t);
  return free;
}

}  // namespace

Tensor take(Place& place, const Shape& sizes, DType dtype, Device device, const Reads& reads) {
  const Tensor& memory = place.memory;
  if (place.taken || memory.dtype() != dtype || !(memory.device() == device) || !(memory.sizes() == sizes) || !is_free(place, reads)) return Tensor();
  place.taken = true;
  memory.storage()->bump_version();
  return place.recorded ? alias(memory) : memory;
}

Tensor old_value(const Tensor& self, bool saved) {
  // The same history, in a body of its own, so that the history that self is about to get leads here and not to itself.
  Tensor old;
  if (saved) {
    old = new_strided(self.sizes(), self.strides(), self.dtype(), self.device());
    copy_kernel(self.device(), old, self);
  } else {
    old = alias(self);
  }
  share_history(old, self);
  return old;
}

void finish(const Place& place, Tensor& result) {
  Tensor& self = place.memory;
  if (!result.is_same(self) && !same_elements(result, self)) {
    if (!can_broadcast_to(result.sizes(), self.sizes()))
      fail(place.op, "self", "sizes " + to_string(result.sizes()) + ", those of the result", to_string(self.sizes()));
    if (!can_cast(result.dtype(), self.dtype()))
      fail(ErrorKind::Type, place.op, "self", "a dtype to which the result's " + std::string(name(result.dtype())) + " casts", name(self.dtype()));
    if (!(result.device() == self.device())) result = moved(result, self.device());
    if (place.recorded && result.requires_grad()) result = to(result, self.dtype());  // whose gradient has self's dtype
    Tensor source = result;
    if (source.storage() == self.storage() && overlap(source, self)) {
      source = new_tensor(result.sizes(), result.dtype(), result.device());
      copy_kernel(result.device(), source, result);
    }
    copy_kernel(self.device(), self, expanded(source, self.sizes()));
    self.storage()->bump_version();
  } else if (!place.taken) {
    self.storage()->bump_version();
  }
  if (place.recorded && result.requires_grad() && is_differentiable(self.dtype())) rebase_history(self, result);
}

void check_out_sizes(const char* op, const Tensor& out, const Tensor& result) {
  if (!(out.sizes() == result.sizes()))
    fail(op, "out", "sizes " + to_string(result.sizes()) + ", those of the result, or no elements", to_string(out.sizes()));
}

// An `out` without elements gets the result's sizes and memory.
void take_over(const char* op, Tensor& out, const Tensor& result) {
  if (!can_cast(result.dtype(), out.dtype()))
    fail(ErrorKind::Type, op, "out", "a dtype to which the result's " + std::string(name(result.dtype())) + " casts", name(out.dtype()));
  if (!(result.device() == out.device())) fail(op, "out", "the result's device, " + to_string(result.device()), to_string(out.device()));
  Tensor from = casted(result, out.dtype());
  TensorBody& body = *out.body();
  body.storage = from.storage();
  set_geometry(body, from.sizes(), from.strides(), from.storage_offset(), op);
}

}  // namespace detail

Tensor new_like(const Tensor& like, DType dtype) {
  if (!like.is_contiguous() && is_dense(like)) return new_strided(like.sizes(), like.strides(), dtype, like.device());
  return new_tensor(like.sizes(), dtype, like.device());
}

Tensor Target::copy_of(const Tensor& self, const Reads& reads) const {
  Tensor out = output_like(self, self.dtype(), {{&self}, reads.anywhere, reads.all_of});
  if (out.numel() && !detail::same_elements(out, self)) copy_kernel(out.device(), out, self);
  return out;
}

}  // namespace lazuli
