#include "lazuli/nn/utils/prune.h"

#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/nn/module/computed.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn::utils::prune {

using nn::detail::Parts;

void Amount::check(const char* op) const {
  if (!is_count_ && !(share_ >= 0 && share_ <= 1)) fail(op, "amount", "a share from 0 to 1, or a whole number of elements", std::to_string(share_));
  if (is_count_ && count_ < 0) fail(op, "amount", "a number that is not negative", std::to_string(count_));
}
int64_t Amount::of(const char* op, int64_t size) const {
  check(op);
  if (!is_count_) return int64_t(std::nearbyint(share_ * double(size)));
  if (count_ > size) fail(op, "amount", "at most " + std::to_string(size) + ", what there is to prune", std::to_string(count_));
  return count_;
}

namespace {

struct Pruned {
  Tensor original, mask;  // no mask: of ones
};

Pruned look_up(const char* op, Module& module, const std::string& name) {
  for (const auto& [own, value] : module.named_parameters(false)) {
    if (own == name) return {value, {}};
    if (own == name + "_orig" && Parts::find(module, name + "_mask")) return {value, module.get_buffer(name + "_mask")};
  }
  fail(op, "name", "the name of a parameter of this " + module.class_name(), "'" + name + "'");
}

void set_mask(Module& module, const std::string& name, const Pruned& now, const Tensor& mask) {
  no_grad guard;
  if (now.mask.defined()) {
    Tensor there = now.mask;
    there.copy_(mask);
    nn::detail::find_computed(module, name)->refresh(module);
    return;
  }
  module.register_parameter(name + "_orig", now.original, now.original.requires_grad());
  module.register_buffer(name + "_mask", mask);
  nn::detail::compute_member(module, name, [name](Module& m) {
    const Tensor mask = m.get_buffer(name + "_mask"), original = m.get_parameter(name + "_orig");
    return original * mask.to(original.dtype());
  });
}

Tensor mask_of(const Pruned& now) { return now.mask.defined() ? now.mask.clone() : ones_like(now.original.detach()); }

void check_scores(const char* op, const Tensor& scores, const Tensor& original) {
  if (scores.defined() && !(scores.sizes() == original.sizes()))
    fail(op, "importance_scores", "the sizes of the parameter, " + to_string(original.sizes()), to_string(scores.sizes()));
}
// Zeros in a 1-d `mask` at the `count` places of least score, of those where it is not zero.
void mask_least(Tensor mask, const Tensor& score, int64_t count) {
  if (count == 0) return;
  const Tensor left = nonzero(mask).select(1, 0);
  const Tensor least = std::get<1>(topk(index_select(score, 0, left), count, {.dim = 0, .largest = false}));
  mask.copy_(index_fill(mask, 0, index_select(left, 0, least), 0));
}
void mask_random(Tensor mask, int64_t count) {
  if (count == 0) return;
  const Tensor left = nonzero(mask).select(1, 0);
  const Tensor some = randperm(left.size(0), {.device = mask.device()}).narrow(0, 0, count);
  mask.copy_(index_fill(mask, 0, index_select(left, 0, some), 0));
}
int64_t left_in(const Tensor& mask) { return count_nonzero(mask).item<int64_t>(); }

int64_t checked_dim(const char* op, const Tensor& t, int64_t dim) {
  if (t.dim() < 2) fail(op, "name", "a parameter of at least two dimensions", "sizes " + to_string(t.sizes()));
  if (dim < -t.dim() || dim >= t.dim()) fail(ErrorKind::Index, op, "dim", "a dimension of sizes " + to_string(t.sizes()), std::to_string(dim));
  return dim < 0 ? dim + t.dim() : dim;
}
DimList others(const Tensor& t, int64_t dim) {
  DimList dims;
  for (int64_t i = 0; i < t.dim(); ++i)
    if (i != dim) dims.push_back(i);
  return dims;
}
// Whole slices of `mask`: which are left is the vector `channels`, on which `prune` works.
template <class F>
void mask_channels(Tensor& mask, int64_t dim, F prune) {
  Tensor channels = (mask != 0).to(kInt64).sum(others(mask, dim)).ne(0).to(mask.dtype());
  prune(channels);
  Shape sizes;
  for (int64_t i = 0; i < mask.dim(); ++i) sizes.push_back(i == dim ? mask.size(i) : 1);
  mask = mask * channels.view(sizes);
}

}  // namespace

void identity(Module& module, std::string_view of) {
  const std::string name(of);
  const Pruned now = look_up("identity", module, name);
  set_mask(module, name, now, mask_of(now));
}

void random_unstructured(Module& module, std::string_view of, const Amount& amount) {
  no_grad guard;
  const std::string name(of);
  const Pruned now = look_up("random_unstructured", module, name);
  Tensor mask = mask_of(now);
  mask_random(mask.view({-1}), amount.of("random_unstructured", left_in(mask)));
  set_mask(module, name, now, mask);
}

void l1_unstructured(Module& module, std::string_view of, const Amount& amount, const Tensor& scores) {
  no_grad guard;
  const std::string name(of);
  const Pruned now = look_up("l1_unstructured", module, name);
  check_scores("l1_unstructured", scores, now.original);
  Tensor mask = mask_of(now);
  const Tensor importance = (scores.defined() ? scores : now.original).detach().abs();
  mask_least(mask.view({-1}), importance.reshape({-1}), amount.of("l1_unstructured", left_in(mask)));
  set_mask(module, name, now, mask);
}

void random_structured(Module& module, std::string_view of, const Amount& amount, int64_t dim) {
  no_grad guard;
  const char* op = "random_structured";
  const std::string name(of);
  const Pruned now = look_up(op, module, name);
  const int64_t along = checked_dim(op, now.original, dim);
  Tensor mask = mask_of(now);
  mask_channels(mask, along, [&](Tensor& channels) { mask_random(channels, amount.of(op, left_in(channels))); });
  set_mask(module, name, now, mask);
}

void ln_structured(Module& module, std::string_view of, const Amount& amount, double n, int64_t dim, const Tensor& scores) {
  no_grad guard;
  const char* op = "ln_structured";
  const std::string name(of);
  const Pruned now = look_up(op, module, name);
  check_scores(op, scores, now.original);
  const int64_t along = checked_dim(op, now.original, dim);
  Tensor mask = mask_of(now);
  const Tensor of_what = scores.defined() ? scores : now.original.detach() * mask;  // what is pruned already does not count
  const Tensor norms = linalg::vector_norm(of_what, n, others(mask, along));
  mask_channels(mask, along, [&](Tensor& channels) { mask_least(channels, norms, amount.of(op, left_in(channels))); });
  set_mask(module, name, now, mask);
}

void custom_from_mask(Module& module, std::string_view of, const Tensor& mask) {
  no_grad guard;
  const std::string name(of);
  const Pruned now = look_up("custom_from_mask", module, name);
  if (!(mask.sizes() == now.original.sizes()))
    fail("custom_from_mask", "mask", "the sizes of the parameter, " + to_string(now.original.sizes()), to_string(mask.sizes()));
  const Tensor before = mask_of(now);
  set_mask(module, name, now, before * mask.to(before.dtype()));
}

void global_unstructured(const std::vector<ModuleParameter>& parameters, Method method, const Amount& amount) {
  no_grad guard;
  const char* op = "global_unstructured";
  if (parameters.empty()) fail(op, "parameters", "at least one", "none");
  std::vector<Pruned> all;
  std::vector<Tensor> masks, importance;
  for (const ModuleParameter& p : parameters) {
    all.push_back(look_up(op, p.module, p.name));
    masks.push_back(mask_of(all.back()).reshape({-1}));
    importance.push_back(all.back().original.detach().abs().reshape({-1}));
  }
  Tensor mask = cat(masks);
  const int64_t count = amount.of(op, left_in(mask));
  if (method == Method::L1Unstructured) mask_least(mask, cat(importance), count);
  else mask_random(mask, count);
  int64_t at = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const Tensor& original = all[i].original;
    set_mask(parameters[i].module, parameters[i].name, all[i],
             mask.narrow(0, at, original.numel()).to(original.dtype()).view(original.sizes()).clone());
    at += original.numel();
  }
}

void remove(Module& module, std::string_view of) {
  const std::string name(of);
  Pruned now;
  if (Parts::find(module, name + "_mask") && nn::detail::find_computed(module, name)) now = look_up("remove", module, name);
  if (!now.mask.defined()) fail("remove", "name", "the name of a pruned parameter of this " + module.class_name(), "'" + name + "'");
  {
    no_grad guard;
    nn::detail::set_data(now.original, nn::detail::find_computed(module, name)->show(module).detach().clone());
  }
  Parts::erase(module, name + "_orig");
  Parts::erase(module, name + "_mask");
  nn::detail::stop_computing(module, name, now.original);
}

bool is_pruned(const Module& module) {
  for (Module* m : module.modules())
    for (const auto& computed : nn::detail::ComputedMember::of(*m))
      if (Parts::find(*m, computed.name() + "_mask")) return true;
  return false;
}

}  // namespace lazuli::nn::utils::prune
