#include "tests/conformance/transforms.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/func.h"
#include "lazuli/lazuli.h"
#include "lazuli/record/record.h"

namespace conformance {

using namespace lazuli;

namespace {

// The floating tensors of the arguments, replaced one by one by f.
template <class F>
Value mapped(const Value& v, F& f) {
  if (v.is_tensor()) {
    const Tensor t = v.to_tensor();
    return t.defined() && is_differentiable(t.dtype()) ? Value(f(t)) : v;
  }
  if (v.kind() != Value::Kind::List) return v;
  std::vector<Value> items;
  for (const Value& item : v.to_list()) items.push_back(mapped(item, f));
  return items;
}

struct Arguments {
  const Call& call;
  const std::vector<Value>& args;
  const Kwargs& kwargs;

  std::vector<Tensor> tensors() const {
    std::vector<Tensor> all;
    auto collect = [&](const Tensor& t) { return all.push_back(t), t; };
    for (const Value& v : args) mapped(v, collect);
    for (const auto& [name, v] : kwargs) mapped(v, collect);
    return all;
  }
  std::vector<Tensor> with(const std::vector<Tensor>& others) const {
    size_t at = 0;
    auto replace = [&](const Tensor&) { return others.at(at++); };
    std::vector<Value> a = args;
    Kwargs k = kwargs;
    for (Value& v : a) v = mapped(v, replace);
    for (auto& [name, v] : k) v = mapped(v, replace);
    return call(std::move(a), std::move(k));
  }
};

// Numbers that differ from place to place, the same each time.
Tensor pattern(const Tensor& like, double shift) {
  if (!like.defined() || !is_differentiable(like.dtype())) return Tensor();
  const DType wide = like.is_complex() ? kComplex128 : kFloat64;
  Tensor t = cos(arange(like.numel(), {.dtype = kFloat64}) * 1.7 + shift).reshape(like.sizes());
  return t.to(wide).to(like.dtype());
}

bool differentiable(const Tensor& t) { return t.defined() && is_differentiable(t.dtype()); }

// Gradients of the outputs' weighted sum; undefined where there is none.
std::vector<Tensor> gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, bool batched) {
  std::vector<Tensor> some, weights;
  for (size_t i = 0; i < outputs.size(); ++i)
    if (differentiable(outputs[i]) && outputs[i].requires_grad()) {
      some.push_back(outputs[i]);
      Tensor one = pattern(batched ? outputs[i].select(0, 0) : outputs[i], double(i));
      weights.push_back(batched ? one.unsqueeze(0).expand(outputs[i].sizes()).contiguous() : one);
    }
  if (some.empty()) return std::vector<Tensor>(inputs.size());
  return autograd::grad(some, inputs, {.grad_outputs = weights, .allow_unused = true});
}

struct Single {
  std::vector<Tensor> outputs, gradients;
  bool differentiable = true;  // else the sum that is differentiated is refused, as one that depends on the phase of eigenvectors is
};
Single single(const Arguments& a, const std::vector<Tensor>& at, bool with_gradients) {
  std::vector<Tensor> leaves;
  for (const Tensor& t : at) leaves.push_back(t.detach().clone().requires_grad_(with_gradients));
  Single s;
  s.outputs = a.with(leaves);
  s.differentiable = with_gradients;
  if (with_gradients) try {
      s.gradients = gradients(s.outputs, leaves, false);
    } catch (const Error& e) {
      if (e.kind() != ErrorKind::State) throw;
      s.differentiable = false;
    }
  for (Tensor& t : s.outputs)
    if (t.defined()) t = t.detach();
  return s;
}

std::string compare(const char* what, size_t k, const Tensor& first, const Tensor& second, const Tensor& got, Tolerance tolerance) {
  if (!got.defined()) return first.defined() && !all_zero(first) ? fmt::format("{} {}: none", what, k) : "";
  const Tensor one = first.defined() ? first : zeros_like(got.select(0, 0)), two = second.defined() ? second : zeros_like(got.select(0, 0));
  if (!(one.sizes() == two.sizes())) return "";
  const std::string complaint = difference(stack({one, two}), got.detach(), tolerance);
  return complaint.empty() ? "" : fmt::format("vmap, {} {}: {}", what, k, complaint);
}

// Two vmaps around each other, of the samples in both orders.
std::string nested_difference(const Arguments& a, const std::vector<Tensor>& first, const std::vector<Tensor>& second, const Single& one,
                              const Single& two, Tolerance tolerance) {
  const batching::LevelGuard outer(2, batching::Randomness::Error), inner(2, batching::Randomness::Error);
  std::vector<Tensor> entered;
  for (size_t i = 0; i < first.size(); ++i) {
    const Tensor all = stack({stack({first[i], second[i]}), stack({second[i], first[i]})}).detach();
    entered.push_back(detail::vmap_enter({detail::vmap_enter({all, 0}, outer.id(), 0, 2), 0}, inner.id(), 0, 2));
  }
  const std::vector<Tensor> outputs = a.with(entered);
  for (size_t k = 0; k < outputs.size(); ++k) {
    const Tensor all = detail::vmap_leave(detail::vmap_leave(outputs[k], inner.id(), 2, 0), outer.id(), 2, 0);
    if (!all.defined()) continue;
    std::string complaint = compare("output", k, one.outputs[k], two.outputs[k], all[0], tolerance);
    if (complaint.empty()) complaint = compare("output", k, two.outputs[k], one.outputs[k], all[1], tolerance);
    if (!complaint.empty()) return "nested " + complaint;
  }
  return "";
}

// The gradients of each sample, taken inside of the vmap.
std::string inner_gradients_difference(const Arguments& a, const std::vector<Tensor>& first, const std::vector<Tensor>& second, size_t batched,
                                       const Single& one, const Single& two, Tolerance tolerance) {
  std::vector<Tensor> all;
  {
    const batching::LevelGuard level(2, batching::Randomness::Error);
    std::vector<Tensor> entered, weights;
    for (size_t i = 0; i < first.size(); ++i)
      entered.push_back(i < batched ? detail::vmap_enter({stack({first[i], second[i]}).detach(), 0}, level.id(), 0, 2) : first[i].detach());
    const func::detail::Derivative derivative("grad", entered);
    const std::vector<Tensor> outputs = a.with(derivative.inputs());
    for (size_t i = 0; i < outputs.size(); ++i) weights.push_back(pattern(outputs[i], double(i)));
    for (const Tensor& t : derivative.pull(outputs, weights, false)) all.push_back(detail::vmap_leave(t, level.id(), 2, 0));
  }
  for (size_t i = 0; i < all.size(); ++i)
    if (std::string complaint = compare("gradient inside", i, one.gradients[i], two.gradients[i], all[i], tolerance); !complaint.empty())
      return complaint;
  return "";
}

// Two directions at once, by vmap over the derivative alone.
std::string directions_difference(const func::detail::Derivative& derivative, const std::vector<Tensor>& outputs,
                                  const std::vector<Tensor>& directions, const std::vector<Tensor>& along) {
  std::vector<Tensor> all;
  {
    const batching::LevelGuard level(2, batching::Randomness::Error);
    std::vector<Tensor> entered;
    for (const Tensor& v : directions) entered.push_back(detail::vmap_enter({stack({v, v * 2}), 0}, level.id(), 0, 2));
    for (const Tensor& t : derivative.push(outputs, entered)) all.push_back(detail::vmap_leave(t, level.id(), 2, 0));
  }
  for (size_t k = 0; k < all.size(); ++k)
    if (all[k].defined() && differentiable(all[k]))
      if (std::string complaint = compare("tangent", k, along[k], along[k] * 2, all[k], {1e-7, 1e-8}); !complaint.empty()) return complaint;
  return "";
}

Outcome two_samples(const Arguments& a, size_t number, Tolerance tolerance, bool with_gradients) {
  const std::vector<Tensor> first = a.tensors();
  if (first.empty()) return pass();
  const size_t count = number % 3 == 2 ? 1 : first.size();  // batched ones
  std::vector<Tensor> second = first;
  for (size_t i = 0; i < count; ++i) second[i] = first[i] * 0.5;
  Single one, two;
  try {
    one = single(a, first, with_gradients);
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::Type) return pass();  // numbers that the pack has as tensors
    throw;
  }
  try {
    two = single(a, second, with_gradients);
  } catch (const Error&) {
    second = first;
    two = single(a, second, with_gradients);
  }
  for (size_t k = 0; k < one.outputs.size(); ++k)
    if (k >= two.outputs.size() || (one.outputs[k].defined() && !(one.outputs[k].sizes() == two.outputs[k].sizes())))
      return pass();  // sizes that values decide

  std::vector<Tensor> leaves;
  std::vector<detail::VmapInput> inputs;
  for (size_t i = 0; i < first.size(); ++i) {
    const bool batched = i < count;
    const int64_t dim = number % 2 && batched ? first[i].dim() : 0;
    leaves.push_back((batched ? stack({first[i].detach(), second[i].detach()}, dim) : first[i].detach().clone()).requires_grad_(with_gradients));
    inputs.push_back({leaves.back(), batched ? std::optional<int64_t>(dim) : std::nullopt});
  }
  std::vector<Tensor> outputs;
  try {
    const batching::LevelGuard level(2, batching::Randomness::Error);
    std::vector<Tensor> entered;
    for (const auto& in : inputs) entered.push_back(detail::vmap_enter(in, level.id(), 0, 2));
    for (const Tensor& t : a.with(entered)) outputs.push_back(detail::vmap_leave(t, level.id(), 2, 0));
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::NotSupported || std::string(e.what()).find("vmap") != std::string::npos) return skip(e.what());
    throw;
  }
  if (outputs.size() != one.outputs.size()) return failed(fmt::format("vmap: {} outputs, expected {}", outputs.size(), one.outputs.size()));
  for (size_t k = 0; k < outputs.size(); ++k)
    if (std::string complaint = compare("output", k, one.outputs[k], two.outputs[k], outputs[k], tolerance); !complaint.empty())
      return failed(complaint);
  if (number % 4 == 0 && count == first.size())
    if (std::string complaint = nested_difference(a, first, second, one, two, tolerance); !complaint.empty()) return failed(complaint);
  if (!one.differentiable || !two.differentiable) return pass();
  std::vector<Tensor> all;
  try {
    all = gradients(outputs, leaves, true);
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::NotSupported) return skip(std::string("gradient: ") + e.what());
    throw;
  }
  for (const Tensor& t : first)
    if (t.dtype() == kFloat16 || t.dtype() == kBFloat16) return pass();  // rounded in another order
  for (size_t i = 0; i < all.size(); ++i) {
    std::string complaint;
    if (i < count) {
      const Tensor got = all[i].defined() && inputs[i].dim != 0 ? all[i].movedim(-1, 0) : all[i];
      complaint = compare("gradient", i, one.gradients[i], two.gradients[i], got, tolerance);
    } else if (all[i].defined() && one.gradients[i].defined() && two.gradients[i].defined()) {
      complaint = difference(one.gradients[i] + two.gradients[i], all[i], {tolerance.rtol * 10, tolerance.atol * 10});
      if (!complaint.empty()) complaint = fmt::format("vmap, summed gradient {}: {}", i, complaint);
    }
    if (!complaint.empty()) return failed(complaint);
  }
  if (number % 4 == 1) try {
      return verdict(inner_gradients_difference(a, first, second, count, one, two, tolerance));
    } catch (const Error& e) {
      if (e.kind() == ErrorKind::NotSupported) return skip(std::string("gradient inside: ") + e.what());
      throw;
    }
  return pass();
}

}  // namespace

Outcome replay_vmap(const Call& call, const std::vector<Value>& args, const Kwargs& kwargs, size_t number, Tolerance tolerance) {
  const Arguments a{call, args, kwargs};
  try {
    if (Outcome outcome = two_samples(a, number, tolerance, true); outcome.kind != Outcome::Kind::Skip) return outcome;
  } catch (const Error& e) {
    if (e.kind() != ErrorKind::NotSupported) throw;
  }
  return two_samples(a, number, tolerance, false);  // of an operator without a gradient the results
}

Outcome replay_jvp(const Call& call, const std::vector<Value>& args, const Kwargs& kwargs, Tolerance) {
  const Arguments a{call, args, kwargs};
  const std::vector<Tensor> at = a.tensors();
  if (at.empty()) return pass();
  for (const Tensor& t : at)
    if (t.dtype() != kFloat64 && t.dtype() != kComplex128) return pass();
  func::detail::Derivative derivative("jvp", at);
  const std::vector<Tensor> outputs = a.with(derivative.inputs());
  std::vector<Tensor> u, v;
  bool any = false;
  for (size_t i = 0; i < outputs.size(); ++i) {
    u.push_back(pattern(outputs[i], double(i)));
    any |= outputs[i].defined() && outputs[i].requires_grad();
  }
  if (!any) return pass();
  for (size_t i = 0; i < at.size(); ++i) v.push_back(pattern(at[i], 0.3 + double(i)));
  std::vector<Tensor> back, along;
  try {
    back = derivative.pull(outputs, u, true);
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::State) return pass();  // a sum that depends on the phase of eigenvectors
    throw;
  }
  try {
    along = derivative.push(outputs, v);
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::NotSupported || e.kind() == ErrorKind::State) return skip(e.what());
    throw;
  }
  try {
    if (std::string complaint = directions_difference(derivative, outputs, v, along); !complaint.empty()) return failed(complaint);
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::NotSupported) return skip(e.what());
    throw;
  }
  auto inner = [](const Tensor& x, const Tensor& y) {
    if (!x.defined() || !y.defined() || x.numel() == 0) return 0.0;
    return sum(real((x.is_complex() ? conj(x) : x) * y)).item<double>();
  };
  double left = 0, right = 0, scale = 1;
  for (size_t i = 0; i < outputs.size(); ++i)
    if (differentiable(outputs[i]) && outputs[i].requires_grad()) {
      left += inner(u[i], along[i]);
      scale += std::abs(inner(u[i], along[i]));
    }
  for (size_t i = 0; i < at.size(); ++i) {
    right += inner(v[i], back[i]);
    scale += std::abs(inner(v[i], back[i]));
  }
  if (std::isnan(left) || std::isnan(right) || std::isinf(left) || std::isinf(right)) return pass();
  return std::abs(left - right) <= 1e-8 * scale ? pass() : failed(fmt::format("jvp: <u, J v> = {}, <J^T u, v> = {}", left, right));
}

namespace {

// All tensors, replaced one by one by f.
template <class F>
Value with_all(const Value& v, F& f) {
  if (v.is_tensor()) return v.to_tensor().defined() ? Value(f(v.to_tensor())) : v;
  if (v.kind() != Value::Kind::List) return v;
  std::vector<Value> items;
  for (const Value& item : v.to_list()) items.push_back(with_all(item, f));
  return items;
}

std::vector<Tensor> copies(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> all;
  for (const Tensor& t : tensors) all.push_back(t.detach().clone());
  return all;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.defined() != b.defined()) return false;
  if (!a.defined()) return true;
  if (!(a.sizes() == b.sizes()) || a.dtype() != b.dtype()) return false;
  const Tensor x = a.detach().cpu().contiguous(), y = b.detach().cpu().contiguous();
  return x.nbytes() == 0 || std::memcmp(x.const_data_ptr(), y.const_data_ptr(), size_t(x.nbytes())) == 0;
}

}  // namespace

Outcome replay_recorded(const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& step, const std::vector<Tensor>& inputs) {
  std::vector<Tensor> expected;
  try {
    manual_seed(9);
    expected = step(copies(inputs));
  } catch (const Error&) { return pass(); }  // held against what it has to throw elsewhere
  const auto recorded = record(step);
  for (int i = 0; i < 5; ++i) {
    manual_seed(9);
    std::vector<Tensor> got;
    try {
      got = recorded(copies(inputs));
    } catch (const Error& e) {
      if (e.op() == "record" && e.kind() == ErrorKind::NotSupported) return skip(e.what());
      return failed(fmt::format("call {}: {}", i, e.what()));
    }
    if (got.size() != expected.size()) return failed(fmt::format("call {}: {} results, expected {}", i, got.size(), expected.size()));
    for (size_t k = 0; k < got.size(); ++k)
      if (!same_bits(got[k], expected[k])) return failed(fmt::format("call {}, result {}: other bits", i, k));
  }
  return recorded.replays() ? pass() : failed("it was never replayed: " + recorded.why());
}

Outcome replay_recorded(const Call& call, const std::vector<Value>& args, const Kwargs& kwargs) {
  std::vector<Tensor> inputs;
  auto collect = [&](const Tensor& t) { return inputs.push_back(t), t; };
  for (const Value& v : args) with_all(v, collect);
  for (const auto& [name, v] : kwargs) with_all(v, collect);
  const auto step = [&](const std::vector<Tensor>& given) {
    std::vector<Tensor> leaves, all;
    for (const Tensor& t : given) {
      leaves.push_back(t.clone());
      if (differentiable(t)) leaves.back().requires_grad_();
      all.push_back(leaves.back().clone());
    }
    size_t at = 0;
    auto replace = [&](const Tensor&) { return all.at(at++); };
    std::vector<Value> a = args;
    Kwargs k = kwargs;
    for (Value& v : a) v = with_all(v, replace);
    for (auto& [name, v] : k) v = with_all(v, replace);
    std::vector<Tensor> outputs = call(std::move(a), std::move(k)), of;
    for (const Tensor& t : leaves)
      if (differentiable(t)) of.push_back(t);
    std::vector<Tensor> results = gradients(outputs, of, false);
    for (const Tensor& t : outputs) results.push_back(t.defined() ? t.detach() : t);
    return results;
  };
  return replay_recorded(step, inputs);
}

}  // namespace conformance
