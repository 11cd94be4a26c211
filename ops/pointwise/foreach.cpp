#include "lazuli/ops/pointwise/foreach.h"

#include <array>
#include <string_view>
#include <unordered_set>

#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// Tensors of the same geometry, sharing memory as the real ones do, without data: what a function says to them, it says to those.
template <size_t N>
std::array<Tensor, N> stand_ins(const std::array<Tensor, N>& real) {
  std::array<Tensor, N> made;
  for (size_t k = 0; k < N; ++k) {
    Tensor memory;
    for (size_t j = 0; j < k && !memory.defined(); ++j)
      if (real[j].storage() == real[k].storage() && real[j].dtype() == real[k].dtype()) memory = made[j];
    if (!memory.defined()) memory = new_tensor({real[k].storage()->bytes() / real[k].item_size()}, real[k].dtype(), kMeta);
    made[k] = alias(memory, real[k].sizes(), real[k].strides(), real[k].storage_offset());
  }
  return made;
}

// Whose history changes when `t` is written in place: its own, or its base's.
const TensorBody* owner_of_history(const Tensor& t) { return t.body()->is_view ? autograd_meta(t)->base.body() : t.body(); }

// Stand-ins are all on one device: whether what is written and what is read go together is asked of the tensors themselves.
void check_device(const char* op, const char* name, const Tensor& self, const Tensor& other) {
  const bool number = other.device().is_cpu() && other.dim() == 0, copies = std::string_view(op) == "_foreach_copy_";
  if (other.device() == self.device() || (!other.device().is_meta() && (number || copies))) return;
  fail(op, name, "a tensor on self's device, " + to_string(self.device()), to_string(other.device()));
}

// f(of each list the i-th tensor, i). What is written in place is first tried on stand-ins, all of them.
template <class R, size_t N, class F>
ForeachResult<R> each(const char* op, const std::array<const TensorList*, N>& lists, const std::array<const char*, N>& names, F f) {
  const size_t count = lists[0]->size();
  for (size_t k = 0; k < N; ++k) {
    need_defined(op, *lists[k], names[k]);
    if (lists[k]->size() != count) fail(op, names[k], std::to_string(count) + " tensors, as many as self has", std::to_string(lists[k]->size()));
  }
  const auto tensors = [&](size_t i) {
    std::array<Tensor, N> t;
    for (size_t k = 0; k < N; ++k) t[k] = (*lists[k])[i];
    return t;
  };
  if constexpr (std::is_reference_v<R>) {
    std::unordered_set<const TensorBody*> with_history;  // those that the writes before will have given one
    for (size_t i = 0; i < count; ++i) {
      const std::array<Tensor, N> t = tensors(i);
      bool recorded = false;
      for (const Tensor& x : t) recorded |= modes.grad && (x.requires_grad() || with_history.contains(owner_of_history(x)));
      check_inplace(op, t[0], recorded);
      for (size_t k = 1; k < N; ++k) check_device(op, names[k], t[0], t[k]);
      if (recorded) with_history.insert(owner_of_history(t[0]));
      no_grad guard;
      f(stand_ins(t), i);
    }
    for (size_t i = 0; i < count; ++i) f(tensors(i), i);
  } else {
    TensorList out;
    out.reserve(count);
    for (size_t i = 0; i < count; ++i) out.push_back(f(tensors(i), i));
    return out;
  }
}
void check_count(const char* op, const TensorList& self, const std::vector<Scalar>& scalars) {
  need_defined(op, self, "self");
  if (scalars.size() != self.size())
    fail(op, "scalars", std::to_string(self.size()) + " numbers, as many as self has tensors", std::to_string(scalars.size()));
}

}  // namespace

template <class R>
ForeachResult<R> ForeachUnary<R>::operator()(const TensorList& self) const {
  return each<R, 1>(name, {&self}, {"self"}, [&](const auto& t, size_t) -> R { return function(t[0]); });
}

template <class R>
ForeachResult<R> ForeachBinary<R>::operator()(const TensorList& self, const TensorList& other) const {
  return each<R, 2>(name, {&self, &other}, {"self", "other"}, [&](const auto& t, size_t) -> R { return of_tensors(t[0], t[1]); });
}
template <class R>
ForeachResult<R> ForeachBinary<R>::operator()(const TensorList& self, const std::vector<Scalar>& scalars) const {
  check_count(name, self, scalars);
  return each<R, 1>(name, {&self}, {"self"}, [&](const auto& t, size_t i) -> R { return with_number(t[0], scalars[i]); });
}
template <class R>
ForeachResult<R> ForeachBinary<R>::operator()(const TensorList& self, const Scalar& scalar) const {
  return each<R, 1>(name, {&self}, {"self"}, [&](const auto& t, size_t) -> R { return with_number(t[0], scalar); });
}

template <class R>
ForeachResult<R> ForeachSum<R>::operator()(const TensorList& self, const TensorList& other, const Scalar& alpha) const {
  return each<R, 2>(name, {&self, &other}, {"self", "other"}, [&](const auto& t, size_t) -> R { return of_tensors(t[0], t[1], alpha); });
}
template <class R>
ForeachResult<R> ForeachSum<R>::operator()(const TensorList& self, const std::vector<Scalar>& scalars) const {
  check_count(name, self, scalars);
  return each<R, 1>(name, {&self}, {"self"}, [&](const auto& t, size_t i) -> R { return with_number(t[0], scalars[i], 1); });
}
template <class R>
ForeachResult<R> ForeachSum<R>::operator()(const TensorList& self, const Scalar& scalar) const {
  return each<R, 1>(name, {&self}, {"self"}, [&](const auto& t, size_t) -> R { return with_number(t[0], scalar, 1); });
}

template <class R>
ForeachResult<R> ForeachProduct<R>::operator()(const TensorList& self, const TensorList& tensor1, const TensorList& tensor2,
                                               const Scalar& value) const {
  return each<R, 3>(name, {&self, &tensor1, &tensor2}, {"self", "tensor1", "tensor2"},
                    [&](const auto& t, size_t) -> R { return function(t[0], t[1], t[2], value); });
}
template <class R>
ForeachResult<R> ForeachProduct<R>::operator()(const TensorList& self, const TensorList& tensor1, const TensorList& tensor2,
                                               const std::vector<Scalar>& scalars) const {
  need_defined(name, tensor1, "tensor1");
  need_defined(name, tensor2, "tensor2");
  check_count(name, self, scalars);
  return each<R, 3>(name, {&self, &tensor1, &tensor2}, {"self", "tensor1", "tensor2"},
                    [&](const auto& t, size_t i) -> R { return function(t[0], t[1], t[2], scalars[i]); });
}

template <class R>
ForeachResult<R> ForeachLerp<R>::operator()(const TensorList& self, const TensorList& tensors1, const TensorList& weights) const {
  return each<R, 3>(name, {&self, &tensors1, &weights}, {"self", "tensors1", "weights"},
                    [&](const auto& t, size_t) -> R { return of_tensors(t[0], t[1], t[2]); });
}
template <class R>
ForeachResult<R> ForeachLerp<R>::operator()(const TensorList& self, const TensorList& tensors1, const Scalar& weight) const {
  return each<R, 2>(name, {&self, &tensors1}, {"self", "tensors1"}, [&](const auto& t, size_t) -> R { return with_number(t[0], t[1], weight); });
}

template struct ForeachUnary<Tensor>;
template struct ForeachUnary<Tensor&>;
template struct ForeachBinary<Tensor>;
template struct ForeachBinary<Tensor&>;
template struct ForeachSum<Tensor>;
template struct ForeachSum<Tensor&>;
template struct ForeachProduct<Tensor>;
template struct ForeachProduct<Tensor&>;
template struct ForeachLerp<Tensor>;
template struct ForeachLerp<Tensor&>;

TensorList ForeachPow::operator()(const Scalar& self, const TensorList& exponent) const {
  return each<Tensor, 1>(name, {&exponent}, {"exponent"}, [&](const auto& t, size_t) { return pow(self, t[0]); });
}
TensorList _foreach_norm(const TensorList& self, double ord, std::optional<DType> dtype) {
  return each<Tensor, 1>("_foreach_norm", {&self}, {"self"}, [&](const auto& t, size_t) { return linalg::vector_norm(t[0], ord, {}, false, dtype); });
}
TensorList _foreach_max(const TensorList& self) {
  return each<Tensor, 1>("_foreach_max", {&self}, {"self"}, [](const auto& t, size_t) { return max(t[0]); });
}

namespace {
// What the table binds: one function for each object and kind of arguments.
template <const auto& f>
auto unary(const TensorList& self) {
  return f(self);
}
template <const auto& f>
auto lists(const TensorList& self, const TensorList& other) {
  return f(self, other);
}
template <const auto& f>
auto sum_of_lists(const TensorList& self, const TensorList& other, const Scalar& alpha) {
  return f(self, other, alpha);
}
template <const auto& f>
auto with_numbers(const TensorList& self, const std::vector<Scalar>& scalars) {
  return f(self, scalars);
}
template <const auto& f>
auto with_number(const TensorList& self, const Scalar& scalar) {
  return f(self, scalar);
}
template <const auto& f>
auto product(const TensorList& self, const TensorList& tensor1, const TensorList& tensor2, const Scalar& value) {
  return f(self, tensor1, tensor2, value);
}
template <const auto& f>
auto product_with_numbers(const TensorList& self, const TensorList& tensor1, const TensorList& tensor2, const std::vector<Scalar>& scalars) {
  return f(self, tensor1, tensor2, scalars);
}
template <const auto& f>
auto blend(const TensorList& self, const TensorList& tensors1, const TensorList& weights) {
  return f(self, tensors1, weights);
}
template <const auto& f>
auto blend_with_number(const TensorList& self, const TensorList& tensors1, const Scalar& weight) {
  return f(self, tensors1, weight);
}
}  // namespace

void register_foreach(OpTable& table) {
  table.add("_foreach_abs(Tensor[] self) -> Tensor[]", &unary<_foreach_abs>);
  table.add("_foreach_acos(Tensor[] self) -> Tensor[]", &unary<_foreach_acos>);
  table.add("_foreach_asin(Tensor[] self) -> Tensor[]", &unary<_foreach_asin>);
  table.add("_foreach_atan(Tensor[] self) -> Tensor[]", &unary<_foreach_atan>);
  table.add("_foreach_ceil(Tensor[] self) -> Tensor[]", &unary<_foreach_ceil>);
  table.add("_foreach_cos(Tensor[] self) -> Tensor[]", &unary<_foreach_cos>);
  table.add("_foreach_cosh(Tensor[] self) -> Tensor[]", &unary<_foreach_cosh>);
  table.add("_foreach_erf(Tensor[] self) -> Tensor[]", &unary<_foreach_erf>);
  table.add("_foreach_erfc(Tensor[] self) -> Tensor[]", &unary<_foreach_erfc>);
  table.add("_foreach_exp(Tensor[] self) -> Tensor[]", &unary<_foreach_exp>);
  table.add("_foreach_expm1(Tensor[] self) -> Tensor[]", &unary<_foreach_expm1>);
  table.add("_foreach_floor(Tensor[] self) -> Tensor[]", &unary<_foreach_floor>);
  table.add("_foreach_frac(Tensor[] self) -> Tensor[]", &unary<_foreach_frac>);
  table.add("_foreach_lgamma(Tensor[] self) -> Tensor[]", &unary<_foreach_lgamma>);
  table.add("_foreach_log(Tensor[] self) -> Tensor[]", &unary<_foreach_log>);
  table.add("_foreach_log10(Tensor[] self) -> Tensor[]", &unary<_foreach_log10>);
  table.add("_foreach_log1p(Tensor[] self) -> Tensor[]", &unary<_foreach_log1p>);
  table.add("_foreach_log2(Tensor[] self) -> Tensor[]", &unary<_foreach_log2>);
  table.add("_foreach_neg(Tensor[] self) -> Tensor[]", &unary<_foreach_neg>);
  table.add("_foreach_reciprocal(Tensor[] self) -> Tensor[]", &unary<_foreach_reciprocal>);
  table.add("_foreach_round(Tensor[] self) -> Tensor[]", &unary<_foreach_round>);
  table.add("_foreach_rsqrt(Tensor[] self) -> Tensor[]", &unary<_foreach_rsqrt>);
  table.add("_foreach_sigmoid(Tensor[] self) -> Tensor[]", &unary<_foreach_sigmoid>);
  table.add("_foreach_sign(Tensor[] self) -> Tensor[]", &unary<_foreach_sign>);
  table.add("_foreach_sin(Tensor[] self) -> Tensor[]", &unary<_foreach_sin>);
  table.add("_foreach_sinh(Tensor[] self) -> Tensor[]", &unary<_foreach_sinh>);
  table.add("_foreach_sqrt(Tensor[] self) -> Tensor[]", &unary<_foreach_sqrt>);
  table.add("_foreach_tan(Tensor[] self) -> Tensor[]", &unary<_foreach_tan>);
  table.add("_foreach_tanh(Tensor[] self) -> Tensor[]", &unary<_foreach_tanh>);
  table.add("_foreach_trunc(Tensor[] self) -> Tensor[]", &unary<_foreach_trunc>);
  table.add("_foreach_abs_(Tensor(a!)[] self) -> ()", &unary<_foreach_abs_>);
  table.add("_foreach_acos_(Tensor(a!)[] self) -> ()", &unary<_foreach_acos_>);
  table.add("_foreach_asin_(Tensor(a!)[] self) -> ()", &unary<_foreach_asin_>);
  table.add("_foreach_atan_(Tensor(a!)[] self) -> ()", &unary<_foreach_atan_>);
  table.add("_foreach_ceil_(Tensor(a!)[] self) -> ()", &unary<_foreach_ceil_>);
  table.add("_foreach_cos_(Tensor(a!)[] self) -> ()", &unary<_foreach_cos_>);
  table.add("_foreach_cosh_(Tensor(a!)[] self) -> ()", &unary<_foreach_cosh_>);
  table.add("_foreach_erf_(Tensor(a!)[] self) -> ()", &unary<_foreach_erf_>);
  table.add("_foreach_erfc_(Tensor(a!)[] self) -> ()", &unary<_foreach_erfc_>);
  table.add("_foreach_exp_(Tensor(a!)[] self) -> ()", &unary<_foreach_exp_>);
  table.add("_foreach_expm1_(Tensor(a!)[] self) -> ()", &unary<_foreach_expm1_>);
  table.add("_foreach_floor_(Tensor(a!)[] self) -> ()", &unary<_foreach_floor_>);
  table.add("_foreach_frac_(Tensor(a!)[] self) -> ()", &unary<_foreach_frac_>);
  table.add("_foreach_lgamma_(Tensor(a!)[] self) -> ()", &unary<_foreach_lgamma_>);
  table.add("_foreach_log_(Tensor(a!)[] self) -> ()", &unary<_foreach_log_>);
  table.add("_foreach_log10_(Tensor(a!)[] self) -> ()", &unary<_foreach_log10_>);
  table.add("_foreach_log1p_(Tensor(a!)[] self) -> ()", &unary<_foreach_log1p_>);
  table.add("_foreach_log2_(Tensor(a!)[] self) -> ()", &unary<_foreach_log2_>);
  table.add("_foreach_neg_(Tensor(a!)[] self) -> ()", &unary<_foreach_neg_>);
  table.add("_foreach_reciprocal_(Tensor(a!)[] self) -> ()", &unary<_foreach_reciprocal_>);
  table.add("_foreach_round_(Tensor(a!)[] self) -> ()", &unary<_foreach_round_>);
  table.add("_foreach_rsqrt_(Tensor(a!)[] self) -> ()", &unary<_foreach_rsqrt_>);
  table.add("_foreach_sigmoid_(Tensor(a!)[] self) -> ()", &unary<_foreach_sigmoid_>);
  table.add("_foreach_sign_(Tensor(a!)[] self) -> ()", &unary<_foreach_sign_>);
  table.add("_foreach_sin_(Tensor(a!)[] self) -> ()", &unary<_foreach_sin_>);
  table.add("_foreach_sinh_(Tensor(a!)[] self) -> ()", &unary<_foreach_sinh_>);
  table.add("_foreach_sqrt_(Tensor(a!)[] self) -> ()", &unary<_foreach_sqrt_>);
  table.add("_foreach_tan_(Tensor(a!)[] self) -> ()", &unary<_foreach_tan_>);
  table.add("_foreach_tanh_(Tensor(a!)[] self) -> ()", &unary<_foreach_tanh_>);
  table.add("_foreach_trunc_(Tensor(a!)[] self) -> ()", &unary<_foreach_trunc_>);
  table.add("_foreach_zero_(Tensor(a!)[] self) -> ()", &unary<_foreach_zero_>);
  table.add("_foreach_add(Tensor[] self, Tensor[] other, *, Scalar alpha=1) -> Tensor[]", &sum_of_lists<_foreach_add>);
  table.add("_foreach_add(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_add>);
  table.add("_foreach_add(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_add>);
  table.add("_foreach_sub(Tensor[] self, Tensor[] other, *, Scalar alpha=1) -> Tensor[]", &sum_of_lists<_foreach_sub>);
  table.add("_foreach_sub(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_sub>);
  table.add("_foreach_sub(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_sub>);
  table.add("_foreach_mul(Tensor[] self, Tensor[] other) -> Tensor[]", &lists<_foreach_mul>);
  table.add("_foreach_mul(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_mul>);
  table.add("_foreach_mul(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_mul>);
  table.add("_foreach_div(Tensor[] self, Tensor[] other) -> Tensor[]", &lists<_foreach_div>);
  table.add("_foreach_div(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_div>);
  table.add("_foreach_div(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_div>);
  table.add("_foreach_clamp_max(Tensor[] self, Tensor[] other) -> Tensor[]", &lists<_foreach_clamp_max>);
  table.add("_foreach_clamp_max(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_clamp_max>);
  table.add("_foreach_clamp_max(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_clamp_max>);
  table.add("_foreach_clamp_min(Tensor[] self, Tensor[] other) -> Tensor[]", &lists<_foreach_clamp_min>);
  table.add("_foreach_clamp_min(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_clamp_min>);
  table.add("_foreach_clamp_min(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_clamp_min>);
  table.add("_foreach_maximum(Tensor[] self, Tensor[] other) -> Tensor[]", &lists<_foreach_maximum>);
  table.add("_foreach_maximum(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_maximum>);
  table.add("_foreach_maximum(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_maximum>);
  table.add("_foreach_minimum(Tensor[] self, Tensor[] other) -> Tensor[]", &lists<_foreach_minimum>);
  table.add("_foreach_minimum(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_minimum>);
  table.add("_foreach_minimum(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_minimum>);
  table.add("_foreach_pow(Tensor[] self, Tensor[] other) -> Tensor[]", &lists<_foreach_pow>);
  table.add("_foreach_pow(Tensor[] self, Scalar scalar) -> Tensor[]", &with_number<_foreach_pow>);
  table.add("_foreach_pow(Tensor[] self, Scalar[] scalars) -> Tensor[]", &with_numbers<_foreach_pow>);
  table.add("_foreach_addcmul(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> Tensor[]", &product<_foreach_addcmul>);
  table.add("_foreach_addcmul(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> Tensor[]",
            &product_with_numbers<_foreach_addcmul>);
  table.add("_foreach_addcdiv(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> Tensor[]", &product<_foreach_addcdiv>);
  table.add("_foreach_addcdiv(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> Tensor[]",
            &product_with_numbers<_foreach_addcdiv>);
  table.add("_foreach_lerp(Tensor[] self, Tensor[] tensors1, Tensor[] weights) -> Tensor[]", &blend<_foreach_lerp>);
  table.add("_foreach_lerp(Tensor[] self, Tensor[] tensors1, Scalar weight) -> Tensor[]", &blend_with_number<_foreach_lerp>);
  table.add("_foreach_add_(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()", &sum_of_lists<_foreach_add_>);
  table.add("_foreach_add_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_add_>);
  table.add("_foreach_add_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_add_>);
  table.add("_foreach_sub_(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()", &sum_of_lists<_foreach_sub_>);
  table.add("_foreach_sub_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_sub_>);
  table.add("_foreach_sub_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_sub_>);
  table.add("_foreach_mul_(Tensor(a!)[] self, Tensor[] other) -> ()", &lists<_foreach_mul_>);
  table.add("_foreach_mul_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_mul_>);
  table.add("_foreach_mul_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_mul_>);
  table.add("_foreach_div_(Tensor(a!)[] self, Tensor[] other) -> ()", &lists<_foreach_div_>);
  table.add("_foreach_div_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_div_>);
  table.add("_foreach_div_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_div_>);
  table.add("_foreach_clamp_max_(Tensor(a!)[] self, Tensor[] other) -> ()", &lists<_foreach_clamp_max_>);
  table.add("_foreach_clamp_max_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_clamp_max_>);
  table.add("_foreach_clamp_max_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_clamp_max_>);
  table.add("_foreach_clamp_min_(Tensor(a!)[] self, Tensor[] other) -> ()", &lists<_foreach_clamp_min_>);
  table.add("_foreach_clamp_min_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_clamp_min_>);
  table.add("_foreach_clamp_min_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_clamp_min_>);
  table.add("_foreach_maximum_(Tensor(a!)[] self, Tensor[] other) -> ()", &lists<_foreach_maximum_>);
  table.add("_foreach_maximum_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_maximum_>);
  table.add("_foreach_maximum_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_maximum_>);
  table.add("_foreach_minimum_(Tensor(a!)[] self, Tensor[] other) -> ()", &lists<_foreach_minimum_>);
  table.add("_foreach_minimum_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_minimum_>);
  table.add("_foreach_minimum_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_minimum_>);
  table.add("_foreach_pow_(Tensor(a!)[] self, Tensor[] other) -> ()", &lists<_foreach_pow_>);
  table.add("_foreach_pow_(Tensor(a!)[] self, Scalar scalar) -> ()", &with_number<_foreach_pow_>);
  table.add("_foreach_pow_(Tensor(a!)[] self, Scalar[] scalars) -> ()", &with_numbers<_foreach_pow_>);
  table.add("_foreach_addcmul_(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()", &product<_foreach_addcmul_>);
  table.add("_foreach_addcmul_(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> ()",
            &product_with_numbers<_foreach_addcmul_>);
  table.add("_foreach_addcdiv_(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()", &product<_foreach_addcdiv_>);
  table.add("_foreach_addcdiv_(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> ()",
            &product_with_numbers<_foreach_addcdiv_>);
  table.add("_foreach_lerp_(Tensor(a!)[] self, Tensor[] tensors1, Tensor[] weights) -> ()", &blend<_foreach_lerp_>);
  table.add("_foreach_lerp_(Tensor(a!)[] self, Tensor[] tensors1, Scalar weight) -> ()", &blend_with_number<_foreach_lerp_>);
  table.add("_foreach_copy_(Tensor(a!)[] self, Tensor[] other) -> ()", &lists<_foreach_copy_>);
  table.add("_foreach_pow(Scalar self, Tensor[] exponent) -> Tensor[]",
            [](const Scalar& self, const TensorList& exponent) { return _foreach_pow(self, exponent); });
  table.add("_foreach_norm(Tensor[] self, float ord=2, dtype? dtype=None) -> Tensor[]", &_foreach_norm);
  table.add("_foreach_max(Tensor[] self) -> Tensor[]", &_foreach_max);
}

}  // namespace lazuli
