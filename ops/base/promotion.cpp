#include "lazuli/ops/base/promotion.h"

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/base/dtype_checks.h"

namespace lazuli {
namespace {

struct Ranked {  // one dtype for each rank of operand; absent until seen
  std::optional<DType> dimensioned, zero_dim, number;
  void see(const Tensor& t) {
    if (!t.defined()) return;
    DType d = t.dtype();
    std::optional<DType>* slot = &dimensioned;
    if (t.body()->wrapped_number) {
      slot = &number;
      if (lazuli::is_complex(d)) d = complex_dtype(get_default_dtype());
      else if (lazuli::is_floating_point(d)) d = get_default_dtype();
    } else if (t.dim() == 0) {
      slot = &zero_dim;
    }
    *slot = *slot ? promote_types(**slot, d) : d;
  }
  static std::optional<DType> combine(std::optional<DType> higher, std::optional<DType> lower) {
    if (!higher || !lower) return higher ? higher : lower;
    if (is_complex(*higher)) return higher;
    if (is_floating_point(*higher)) return is_complex(*lower) ? complex_dtype(*higher) : *higher;
    if (*higher == kBool || !is_integral(*lower)) return promote_types(*higher, *lower);
    return higher;
  }
  DType result() const { return combine(dimensioned, combine(zero_dim, number)).value_or(get_default_dtype()); }
};

}  // namespace

DType result_type(std::initializer_list<const Tensor*> tensors) {
  Ranked r;
  for (const Tensor* t : tensors) r.see(*t);
  return r.result();
}
DType result_type(const std::vector<Tensor>& tensors) {
  Ranked r;
  for (const Tensor& t : tensors) r.see(t);
  return r.result();
}

DType result_type(const Tensor& self, const Tensor& other) { return result_type({&self, &other}); }
DType result_type(const Tensor& self, const Scalar& other) {
  need_defined("result_type", self, "tensor");
  if (self.body()->wrapped_number) return result_type(self, wrapped(other));
  return *Ranked::combine(self.dtype(), other.dtype());
}

DType float_type(DType t) { return is_integral(t) ? get_default_dtype() : t; }

Device common_device(const char* op, std::initializer_list<const Tensor*> tensors) {
  const Tensor* chosen = nullptr;
  for (const Tensor* t : tensors) {
    if (!t->defined()) continue;
    bool follows = t->dim() == 0 && t->device().is_cpu();
    if (!chosen || (chosen->dim() == 0 && chosen->device().is_cpu() && !(t->device() == chosen->device()))) chosen = t;
    else if (!follows && !(t->device() == chosen->device()))
      fail(errors::device_error_requires, op, "", "tensors on one device", to_string(chosen->device()) + " and " + to_string(t->device()));
  }
  return chosen ? chosen->device() : kCPU;
}

}  // namespace lazuli
