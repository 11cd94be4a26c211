#include <limits>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
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

// scatter_reduce and index_reduce: one algorithm over two ways of placing.
namespace lazuli {
namespace {

enum class Reduction : uint8_t { Sum, Prod, Mean, Amax, Amin };

// Where the entries of a source go: collect adds them to those of self (or fills), spread reads back what lies there.
struct Placing {
  bool by_entry;  // gather and scatter; else index_select and index_add
  int64_t dim;
  Tensor index;
  Tensor spread(const Tensor& t) const { return by_entry ? gather(t, dim, index) : index_select(t, dim, index); }
  Tensor add(const Tensor& self, const Tensor& source) const {
    return by_entry ? scatter_add(self, dim, index, source) : index_add(self, dim, index, source);
  }
  Tensor fill(const Tensor& self, const Scalar& value) const {
    return by_entry ? scatter(self, dim, index, value) : index_fill(self, dim, index, value);
  }
  void run(ScatterOp op, Tensor& self, const Tensor& source) const {
    auto with_dims = [](const Tensor& t) { return t.dim() ? t : alias(t, {1}, {1}, t.storage_offset()); };
    if (source.numel() == 0) return;
    Tensor to = with_dims(self), where = with_dims(by_entry ? casted(index, kInt64) : index);
    if (by_entry) scatter_kernel(self.device(), op, to, dim, where, with_dims(source));
    else index_add_kernel(self.device(), op, to, dim, where, with_dims(source), 1);
  }
};

Scalar lowest(DType t, bool highest) {
  double sign = highest ? 1 : -1;
  switch (t) {
    case kBool: return highest;
    case kUInt8: return highest ? 255 : 0;
    case kInt8: return highest ? 127 : -128;
    case kInt16: return highest ? 32767 : -32768;
    case kInt32: return highest ? std::numeric_limits<int32_t>::max() : std::numeric_limits<int32_t>::min();
    case kInt64: return highest ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
    default: return sign * std::numeric_limits<double>::infinity();
  }
}

Tensor reduced(const char* op, const Placing& p, const Tensor& self, const Tensor& source, Reduction r, bool include_self);

// The gradients of self and source.
Grads gradients(const char* op, const Placing& p, const Tensor& grad, const Tensor& self, const Tensor& source, const Tensor& result, Reduction r,
                bool include_self, Needs needs) {
  Tensor of_self, of_source;
  switch (r) {
    case Reduction::Sum:
      of_self = grad;
      if (needs[1]) of_source = p.spread(grad);
      break;
    case Reduction::Mean: {
      Tensor count = p.add(include_self ? ones_like(grad) : zeros_like(grad), ones_like(source));
      count = masked_fill(count, count == 0, 1);
      of_self = grad / count;
      if (needs[1]) of_source = p.spread(grad) / p.spread(count);
      break;
    }
    case Reduction::Prod: {
      if (needs[0]) {
        Tensor safe = masked_fill(self, self == 0, 1);
        of_self = grad * reduced(op, p, safe, source, r, include_self) / safe;
      }
      if (needs[1]) {
        // An entry that is the only zero of its product gets the product of the others; with more zeros, or none, the usual quotient holds.
        Tensor zero = source == 0, zeros_there = p.spread(p.add(zeros_like(self.detach()), to(zero, self.dtype())));
        Tensor only_zero = logical_and(zero, zeros_there == 1);
        Tensor others = p.spread(grad * reduced(op, p, self, masked_fill(source, only_zero, 1), r, include_self));
        of_source = where(only_zero, others, p.spread(grad * result) / masked_fill(source, zero, 1));
      }
      break;
    }
    case Reduction::Amax:
    case Reduction::Amin: {
      Tensor self_is = to(self == result, self.dtype()), source_is = to(source == p.spread(result), self.dtype());
      Tensor share = grad / p.add(self_is, source_is);
      of_self = self_is * share;
      of_source = source_is * p.spread(share);
      break;
    }
  }
  if (needs[0] && !include_self) of_self = p.fill(of_self, 0);
  return Grads{needs[0] ? of_self : Tensor(), needs[1] ? of_source : Tensor()};
}

Tensor reduced(const char* op, const Placing& p, const Tensor& self, const Tensor& source, Reduction r, bool include_self) {
  DType dtype = self.dtype();
  Tensor out;
  {
    no_grad guard;
    if (include_self) out = clone(self);
    else
      out = p.fill(self, r == Reduction::Prod   ? Scalar(1)
                         : r == Reduction::Amax ? lowest(dtype, false)
                         : r == Reduction::Amin ? lowest(dtype, true)
                                                : Scalar(0));
    constexpr ScatterOp ops[] = {ScatterOp::Add, ScatterOp::Mul, ScatterOp::Add, ScatterOp::Amax, ScatterOp::Amin};
    p.run(ops[int(r)], out, source);
    if (r == Reduction::Mean) {
      Tensor count = p.add(full_like(self, include_self ? 1 : 0), ones_like(source));
      count = masked_fill(count, count == 0, 1);
      out = div(out, count, is_integral(dtype) ? std::optional<std::string>("floor") : std::nullopt);
    }
  }
  if (auto tape = Tape::recording(self, source)) {
    bool values = r != Reduction::Sum && r != Reduction::Mean;
    Placing place = p;
    place.index = Tensor();  // saved for the tape: a handle of it might hold this very node, where it is a view of what is written
    tape.record(
        op, out,
        [op, place, r, include_self, index = tape.save(p.index), self = tape.save(self, values), source = tape.save(source, r != Reduction::Sum),
         result = values ? tape.save_output(out) : SavedTensor()](const Tensor& grad, Needs needs) {
          Placing at = place;
          at.index = index.get();
          return gradients(op, at, grad, self.get(), source.get(), result.get(), r, include_self, needs);
        });
  }
  return out;
}

Reduction parse(const char* op, std::string_view text, bool sum) {
  constexpr std::string_view names[] = {"sum", "prod", "mean", "amax", "amin"};
  for (int i = sum ? 0 : 1; i < 5; ++i)
    if (text == names[i]) return Reduction(i);
  fail(op, "reduce", sum ? "one of 'sum', 'prod', 'mean', 'amax', 'amin'" : "one of 'prod', 'mean', 'amax', 'amin'", "'" + std::string(text) + "'");
}

}  // namespace

Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) {
  need_defined("scatter_reduce", self, "self", index, "index", src, "src");
  Reduction r = parse("scatter_reduce", reduce, true);
  int64_t at = detail::check_index("scatter_reduce", self, dim, index);
  detail::check_source("scatter_reduce", self, index, src);
  if (self.is_complex() && (r == Reduction::Amax || r == Reduction::Amin))
    fail(ErrorKind::NotSupported, "scatter_reduce", "self", "real numbers", name(self.dtype()));
  Tensor part = src.sizes() == index.sizes() ? src : detail::corner(src, index.sizes());
  return reduced("scatter_reduce", Placing{true, at, index}, self, part, r, include_self);
}

Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) {
  need_defined("index_reduce", self, "self", index, "index", source, "source");
  Reduction r = parse("index_reduce", reduce, false);
  int64_t at = detail::check_index_list("index_reduce", self, dim, index);
  detail::check_index_source("index_reduce", self, at, index, source);
  return reduced("index_reduce", Placing{false, at, index}, self, source, r, include_self);
}

Tensor& scatter_reduce_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) {
  need_defined("scatter_reduce_", self, "self", index, "index", src, "src");
  return in_place_aside("scatter_reduce_", self, {&src},
                        [&](const Tensor& old) { return scatter_reduce(old, dim, index, src, reduce, include_self); });
}
Tensor& index_reduce_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) {
  need_defined("index_reduce_", self, "self", index, "index", source, "source");
  return in_place_aside("index_reduce_", self, {&source},
                        [&](const Tensor& old) { return index_reduce(old, dim, index, source, reduce, include_self); });
}

void register_scatter_reduce(OpTable& table) {
  table.add("scatter_reduce(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor", &scatter_reduce);
  table.add("scatter_reduce_(Tensor(a!) self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor(a!)",
            &scatter_reduce_);
  table.add("index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor", &index_reduce);
  table.add("index_reduce_(Tensor(a!) self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor(a!)",
            &index_reduce_);
}

}  // namespace lazuli
