#include "lazuli/ops/pointwise/comparison.h"

#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

Tensor compare(Target target, const char* name, BinaryOp op, const Tensor& self, const Tensor& other) {
  need_defined(name, self, other);
  if (op != BinaryOp::Eq && op != BinaryOp::Ne) refuse_complex(name, self, other);
  return pointwise(target, name, op, self, other, DTypeRule::Bool);
}

Tensor compare(const char* name, BinaryOp op, const Tensor& self, const Scalar& other) {
  need_defined(name, self);
  if (self.is_complex() || other.is_complex()) return compare(Target(), name, op, self, wrapped(other, self));
  return pointwise(Target(), name, op, self, other, DTypeRule::Bool);
}

Tensor& compare_(const char* name, BinaryOp op, const Tensor& self, const Tensor& other) {
  return in_place(name, self, {&other}, SelfIs::NotSaved, [&](Target target, const Tensor& x) {
    Tensor out = to(compare(target, name, op, x, other), x.dtype());
    if (auto tape = Tape::recording(x, other); tape && is_differentiable(out.dtype()))
      tape.record(name, out, [](const Tensor& grad, Needs needs) {
        const Tensor none = zero_like(grad);
        return Grads{needs[0] ? none : Tensor(), needs[1] ? none : Tensor()};
      });
    return out;
  });
}

// One bool of a bool tensor.
bool all_true(const char* op, const Tensor& t) {
  if (t.device().is_meta()) fail(ErrorKind::NotSupported, op, "self", "a tensor with data", "a meta tensor");
  Tensor out = new_tensor(Shape::filled(t.dim(), 1), kBool, t.device());
  reduce_kernel(t.device(), ReduceOp::All, out, t);
  return out.item<bool>();
}

Tensor constant(const Tensor& like, bool value) {
  Tensor out = empty_like(like, {.dtype = kBool});
  if (out.numel()) fill_kernel(out.device(), out, value);
  return out;
}

}  // namespace

Tensor eq(const Tensor& self, const Tensor& other) { return compare(Target(), "eq", BinaryOp::Eq, self, other); }
Tensor ne(const Tensor& self, const Tensor& other) { return compare(Target(), "ne", BinaryOp::Ne, self, other); }
Tensor lt(const Tensor& self, const Tensor& other) { return compare(Target(), "lt", BinaryOp::Lt, self, other); }
Tensor le(const Tensor& self, const Tensor& other) { return compare(Target(), "le", BinaryOp::Le, self, other); }
Tensor gt(const Tensor& self, const Tensor& other) { return compare(Target(), "gt", BinaryOp::Gt, self, other); }
Tensor ge(const Tensor& self, const Tensor& other) { return compare(Target(), "ge", BinaryOp::Ge, self, other); }

Tensor eq(const Tensor& self, const Scalar& other) { return compare("eq", BinaryOp::Eq, self, other); }
Tensor ne(const Tensor& self, const Scalar& other) { return compare("ne", BinaryOp::Ne, self, other); }
Tensor lt(const Tensor& self, const Scalar& other) { return compare("lt", BinaryOp::Lt, self, other); }
Tensor le(const Tensor& self, const Scalar& other) { return compare("le", BinaryOp::Le, self, other); }
Tensor gt(const Tensor& self, const Scalar& other) { return compare("gt", BinaryOp::Gt, self, other); }
Tensor ge(const Tensor& self, const Scalar& other) { return compare("ge", BinaryOp::Ge, self, other); }

Tensor& eq_(const Tensor& self, const Tensor& other) { return compare_("eq_", BinaryOp::Eq, self, other); }
Tensor& ne_(const Tensor& self, const Tensor& other) { return compare_("ne_", BinaryOp::Ne, self, other); }
Tensor& lt_(const Tensor& self, const Tensor& other) { return compare_("lt_", BinaryOp::Lt, self, other); }
Tensor& le_(const Tensor& self, const Tensor& other) { return compare_("le_", BinaryOp::Le, self, other); }
Tensor& gt_(const Tensor& self, const Tensor& other) { return compare_("gt_", BinaryOp::Gt, self, other); }
Tensor& ge_(const Tensor& self, const Tensor& other) { return compare_("ge_", BinaryOp::Ge, self, other); }

Tensor& eq_(const Tensor& self, const Scalar& other) { return eq_(self, wrapped(other, self)); }
Tensor& ne_(const Tensor& self, const Scalar& other) { return ne_(self, wrapped(other, self)); }
Tensor& lt_(const Tensor& self, const Scalar& other) { return lt_(self, wrapped(other, self)); }
Tensor& le_(const Tensor& self, const Scalar& other) { return le_(self, wrapped(other, self)); }
Tensor& gt_(const Tensor& self, const Scalar& other) { return gt_(self, wrapped(other, self)); }
Tensor& ge_(const Tensor& self, const Scalar& other) { return ge_(self, wrapped(other, self)); }

bool is_complex(const Tensor& self) {
  need_defined("is_complex", self);
  return self.is_complex();
}
bool is_floating_point(const Tensor& self) {
  need_defined("is_floating_point", self);
  return self.is_floating_point();
}
bool is_signed(const Tensor& self) {
  need_defined("is_signed", self);
  return self.dtype() != kBool && self.dtype() != kUInt8;
}
bool is_conj(const Tensor& self) {
  need_defined("is_conj", self);
  return false;
}
bool is_neg(const Tensor& self) {
  need_defined("is_neg", self);
  return false;
}
bool is_same_size(const Tensor& self, const Tensor& other) {
  need_defined("is_same_size", self, other);
  return self.sizes() == other.sizes();
}

Tensor isnan(const Tensor& self) {
  need_defined("isnan", self);
  return is_integral(self.dtype()) ? constant(self, false) : pointwise("isnan", UnaryOp::IsNan, self, DTypeRule::Bool);
}
Tensor isinf(const Tensor& self) {
  need_defined("isinf", self);
  return is_integral(self.dtype()) ? constant(self, false) : pointwise("isinf", UnaryOp::IsInf, self, DTypeRule::Bool);
}
Tensor isfinite(const Tensor& self) {
  need_defined("isfinite", self);
  return is_integral(self.dtype()) ? constant(self, true) : pointwise("isfinite", UnaryOp::IsFinite, self, DTypeRule::Bool);
}
Tensor isposinf(const Tensor& self) {
  refuse_complex("isposinf", self);
  return is_integral(self.dtype()) ? constant(self, false) : pointwise("isposinf", UnaryOp::IsPosInf, self, DTypeRule::Bool);
}
Tensor isneginf(const Tensor& self) {
  refuse_complex("isneginf", self);
  return is_integral(self.dtype()) ? constant(self, false) : pointwise("isneginf", UnaryOp::IsNegInf, self, DTypeRule::Bool);
}
Tensor isreal(const Tensor& self) {
  need_defined("isreal", self);
  return self.is_complex() ? imag(self.detach()) == 0 : constant(self, true);
}

Tensor with_options::isclose(const Tensor& self, const Tensor& other, IsCloseOptions options) {
  need_defined("isclose", self, "self", other, "other");
  if (self.dtype() != other.dtype())
    fail(ErrorKind::Type, "isclose", "other", "the dtype of self, " + std::string(name(self.dtype())), name(other.dtype()));
  check_members("isclose", options);
  const auto& [rtol, atol, equal_nan] = options;
  no_grad guard;
  Tensor close = self == other;
  if (is_differentiable(self.dtype()) && equal_nan) close = close | (isnan(self) & isnan(other));
  if (rtol == 0 && atol == 0) return close;
  Tensor a = is_integral(self.dtype()) ? to(self, get_default_dtype()) : self, b = is_integral(self.dtype()) ? to(other, get_default_dtype()) : other;
  Tensor allowed = abs(b * rtol) + atol, difference = abs(a - b);
  return close | (isfinite(difference) & (difference <= allowed));
}
bool with_options::allclose(const Tensor& self, const Tensor& other, IsCloseOptions options) {
  need_defined("allclose", self, "self", other, "other");
  return all_true("allclose", isclose(self, other, options));
}

bool equal(const Tensor& self, const Tensor& other) {
  need_defined("equal", self, "self", other, "other");
  if (!(self.device() == other.device())) fail("equal", "other", "the device of self, " + to_string(self.device()), to_string(other.device()));
  return self.sizes() == other.sizes() && all_true("equal", eq(self, other));
}

Tensor isin(const Tensor& elements, const Tensor& test_elements, bool, bool invert) {
  constexpr int64_t kFewTests = 16;  // up to here each is compared with all
  need_defined("isin", elements, "elements", test_elements, "test_elements");
  refuse_complex("isin", elements, test_elements);
  if (elements.dtype() == kBool || test_elements.dtype() == kBool) fail_dtype("isin", "elements", "a tensor of numbers", kBool);
  no_grad guard;
  Device device = common_device("isin", {&elements, &test_elements});
  Tensor tests = dense(moved(test_elements, device)), there = moved(elements, device);
  Shape pairs = there.sizes(), strides = there.strides();
  pairs.push_back(1);
  strides.push_back(1);
  Tensor wide = alias(there, pairs, strides, there.storage_offset());
  Tensor flat = alias(tests, {tests.numel()}, {1}, tests.storage_offset());
  if (elements.dim() == 0) wide.body()->wrapped_number = elements.body()->wrapped_number;
  if (const DType dtype = result_type(elements, test_elements); flat.numel() > kFewTests && there.numel() > 1 && !there.device().is_meta()) {
    // Looked up among the sorted ones: what a value equals stands where it would go.
    const Tensor sorted = std::get<0>(sort(to(flat, dtype))), values = to(there, dtype);
    const Tensor place = clamp_max(searchsorted(sorted, values), Scalar(sorted.numel() - 1));
    const Tensor found = eq(take(sorted, place), values);
    return invert ? logical_not(found) : found;
  }
  Tensor same = eq(to(wide, result_type(elements, test_elements)), to(flat, result_type(elements, test_elements)));
  pairs[pairs.size() - 1] = 1;
  Tensor any = new_tensor(pairs, kBool, same.device());
  reduce_kernel(same.device(), ReduceOp::Any, any, same);
  Shape sizes = any.sizes(), steps = any.strides();
  sizes.erase(sizes.size() - 1);
  steps.erase(steps.size() - 1);
  Tensor found = alias(any, sizes, steps, 0);
  return invert ? logical_not(found) : found;
}
Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique, bool invert) {
  return isin(elements, wrapped(test_element, elements), assume_unique, invert);
}
Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique, bool invert) {
  return isin(wrapped(element, test_elements), test_elements, assume_unique, invert);
}

bool is_nonzero(const Tensor& self) {
  need_defined("is_nonzero", self);
  if (self.numel() != 1) fail("is_nonzero", "self", "exactly one element", std::to_string(self.numel()) + " elements");
  return self.item().to<bool>();
}

DType result_type(const Scalar& self, const Tensor& other) {
  need_defined("result_type", other, "tensor");
  return result_type(other, self);
}
DType result_type(const Scalar& self, const Scalar& other) { return result_type(wrapped(self), wrapped(other)); }

void register_comparison(OpTable& table) {
  using T = const Tensor&;
  using S = const Scalar&;
  table.add("eq(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&eq));
  table.add("eq_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&eq_));
  table.add("ne(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&ne));
  table.add("ne_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&ne_));
  table.add("lt(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&lt));
  table.add("lt_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&lt_));
  table.add("le(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&le));
  table.add("le_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&le_));
  table.add("gt(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&gt));
  table.add("gt_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&gt_));
  table.add("ge(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&ge));
  table.add("ge_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&ge_));
  table.add("isnan(Tensor self) -> Tensor", &isnan);
  table.add("isinf(Tensor self) -> Tensor", &isinf);
  table.add("isfinite(Tensor self) -> Tensor", &isfinite);
  table.add("isposinf(Tensor self) -> Tensor", &isposinf);
  table.add("isneginf(Tensor self) -> Tensor", &isneginf);
  table.add("isreal(Tensor self) -> Tensor", &isreal);
  table.add("isclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> Tensor", &with_options::isclose);
  table.add("allclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> bool", &with_options::allclose);
  table.add("equal(Tensor self, Tensor other) -> bool", &equal);
  table.add("isin(Tensor|Scalar elements, Tensor|Scalar test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor",
            static_cast<Tensor (*)(T, T, bool, bool)>(&isin));
  table.add("is_nonzero(Tensor self) -> bool", &is_nonzero);
  table.add("is_tensor(Tensor obj) -> bool", &is_tensor);
  table.add("is_complex(Tensor self) -> bool", static_cast<bool (*)(T)>(&is_complex));
  table.add("is_floating_point(Tensor self) -> bool", static_cast<bool (*)(T)>(&is_floating_point));
  table.add("is_conj(Tensor self) -> bool", &is_conj);
  table.add("is_neg(Tensor self) -> bool", &is_neg);
  table.add("is_signed(Tensor self) -> bool", &is_signed);
  table.add("is_same_size(Tensor self, Tensor other) -> bool", &is_same_size);
  table.add("result_type(Tensor tensor, Tensor other) -> dtype", static_cast<DType (*)(T, T)>(&result_type));
  table.add("result_type(Tensor tensor, Scalar other) -> dtype", static_cast<DType (*)(T, S)>(&result_type));
  table.add("result_type(Scalar scalar, Tensor tensor) -> dtype", static_cast<DType (*)(S, T)>(&result_type));
  table.add("result_type(Scalar scalar1, Scalar scalar2) -> dtype", static_cast<DType (*)(S, S)>(&result_type));
  table.add("promote_types(dtype type1, dtype type2) -> dtype", &promote_types);
  table.add("can_cast(dtype from_, dtype to) -> bool", &can_cast);
  for (auto [alias, of] : {std::pair("not_equal", "ne"), {"less", "lt"}, {"less_equal", "le"}, {"greater", "gt"}, {"greater_equal", "ge"}})
    table.alias(alias, of);
}

}  // namespace lazuli
