#pragma once
#include <initializer_list>
#include <string>

#include "lazuli/autograd/transforms/pytree.h"
#include "lazuli/core/error.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/core/vmap/report.h"

namespace lazuli {

/// Which dimension of the tensors of one argument (or result) are the samples: one for all of them, none, or one for each.
struct VmapDim {
  VmapDim(int dim) : VmapDim(int64_t(dim)) {}
  VmapDim(int64_t dim) : dims{dim} {}
  VmapDim(std::nullopt_t) : dims{std::nullopt} {}
  VmapDim(std::optional<int64_t> dim) : dims{dim} {}
  VmapDim(std::initializer_list<std::optional<int64_t>> each) : dims(each), of_each(true) {}
  const std::optional<int64_t>& at(size_t tensor) const { return of_each ? dims.at(tensor) : dims[0]; }
  std::vector<std::optional<int64_t>> dims;
  bool of_each = false;
};
/// One for all arguments, or one for each: `0`, `{0, none}`, `{0, {1, none}}`.
struct VmapDims {
  VmapDims(int dim) : all{VmapDim(dim)} {}
  VmapDims(int64_t dim) : all{VmapDim(dim)} {}
  VmapDims(std::nullopt_t) : all{VmapDim(std::nullopt)} {}
  VmapDims(std::initializer_list<VmapDim> each) : all(each), of_each(true) {}
  VmapDims(std::vector<VmapDim> each) : all(std::move(each)), of_each(true) {}
  std::vector<VmapDim> all;
  bool of_each = false;
};
/// "error", "same" or "different".
struct VmapRandomness {
  VmapRandomness(batching::Randomness which) : mode(which) {}
  VmapRandomness(const char* name) : VmapRandomness(std::string(name)) {}
  VmapRandomness(const std::string& name);
  batching::Randomness mode;
};

struct VmapOptions {
  /// Takes what stands in braces without a name: `{0, none}` are dimensions, never the first options one by one.
  struct ByName {
    explicit ByName() = default;
  };
  ByName by_name = ByName();
  VmapDims in_dims = 0;
  VmapDims out_dims = 0;
  VmapRandomness randomness = batching::Randomness::Error;
  int64_t chunk_size = 0;  // samples at once; 0: all
};

namespace detail {

/// A tensor of an argument, and where its samples are.
struct VmapInput {
  Tensor tensor;
  std::optional<int64_t> dim;
};
/// How many samples there are. Throws Error where the tensors do not agree, or none has any.
int64_t vmap_size(const std::vector<VmapInput>& inputs);
/// Samples `from` to `to` of it, without the dimension.
Tensor vmap_enter(const VmapInput& input, uint64_t level, int64_t from, int64_t to);
/// The samples of a result at dimension `dim`; none: it has to be the same for all.
Tensor vmap_leave(const Tensor& result, uint64_t level, int64_t size, const std::optional<int64_t>& dim);
Tensor vmap_join(const std::vector<Tensor>& chunks, const std::optional<int64_t>& dim);
void check_vmap_dims(const char* argument, const VmapDim& dim, size_t tensors);
[[noreturn]] void fail_vmap_dims(const char* argument, size_t expected, size_t got);

template <class F>
class Vmapped {
 public:
  Vmapped(F f, VmapOptions options) : f_(std::move(f)), options_(std::move(options)) {}

  template <class... A>
  auto operator()(A&&... args) const {
    std::tuple<pytree::Kept<A>...> own(std::forward<A>(args)...);
    if (options_.in_dims.of_each && options_.in_dims.all.size() != sizeof...(A)) fail_vmap_dims("in_dims", sizeof...(A), options_.in_dims.all.size());
    std::vector<VmapInput> inputs;
    size_t argument = 0;
    std::apply([&](auto&... each) { (collect(each, of(options_.in_dims, argument++), inputs), ...); }, own);
    const int64_t size = vmap_size(inputs), step = options_.chunk_size > 0 ? options_.chunk_size : size;
    if (step >= size) return one(own, inputs, 0, size);
    std::vector<decltype(one(own, inputs, 0, size))> chunks;
    for (int64_t from = 0; from < size; from += step) chunks.push_back(one(own, inputs, from, from + step < size ? from + step : size));
    std::vector<std::vector<Tensor>> parts;
    for (auto& chunk : chunks) parts.push_back(pytree::leaves(chunk));
    std::vector<Tensor> joined;
    for (size_t k = 0; k < parts[0].size(); ++k) {
      std::vector<Tensor> column;
      for (const auto& part : parts) column.push_back(part[k]);
      joined.push_back(vmap_join(column, out_dim(chunks[0], k)));
    }
    return pytree::rebuild(chunks[0], joined);
  }

 private:
  static const VmapDim& of(const VmapDims& dims, size_t i) { return dims.all[dims.of_each ? i : 0]; }
  template <class T>
  static void collect(T& tree, const VmapDim& dim, std::vector<VmapInput>& inputs) {
    const size_t before = inputs.size();
    pytree::visit(tree, [&](Tensor& t) {
      inputs.push_back({t, dim.of_each && inputs.size() - before >= dim.dims.size() ? std::nullopt : dim.at(inputs.size() - before)});
    });
    check_vmap_dims("in_dims", dim, inputs.size() - before);
  }
  // Which of the results a tensor of the k-th place is in decides.
  template <class R>
  std::optional<int64_t> out_dim(const R& result, size_t k) const {
    const VmapDims& dims = options_.out_dims;
    if (!dims.of_each) return dims.all[0].at(0);
    if constexpr (pytree::detail::TupleLike<R> && !std::is_base_of_v<Tensor, R>) {
      if (dims.all.size() != std::tuple_size_v<R>) fail_vmap_dims("out_dims", std::tuple_size_v<R>, dims.all.size());
      size_t i = 0, at = 0;
      std::optional<int64_t> found;
      std::apply([&](const auto&... each) { ((find_in(each, dims.all[i++], k, at, found)), ...); }, result);
      return found;
    } else {
      if (k >= dims.all.size()) fail_vmap_dims("out_dims", k + 1, dims.all.size());
      return dims.all[k].at(0);
    }
  }
  template <class T>
  static void find_in(const T& tree, const VmapDim& dim, size_t k, size_t& at, std::optional<int64_t>& found) {
    const size_t count = pytree::leaves(tree).size();
    if (k >= at && k < at + count) {
      check_vmap_dims("out_dims", dim, count);
      found = dim.at(k - at);
    }
    at += count;
  }
  template <class Args>
  auto one(const Args& own, const std::vector<VmapInput>& inputs, int64_t from, int64_t to) const {
    const batching::LevelGuard level(to - from, options_.randomness.mode);
    Args entered = own;
    size_t at = 0;
    std::apply([&](auto&... each) { (pytree::visit(each, [&](Tensor& t) { t = vmap_enter(inputs[at++], level.id(), from, to); }), ...); }, entered);
    using Result = std::remove_cvref_t<decltype(std::apply([&](auto&... each) { return f_(each...); }, entered))>;
    using Plain = std::conditional_t<pytree::is_tensor<Result>, Tensor, Result>;
    Plain result = std::apply([&](auto&... each) { return f_(each...); }, entered);
    size_t k = 0;
    const Plain form = result;
    pytree::visit(result, [&](Tensor& t) {
      const std::optional<int64_t> dim = out_dim(form, k++);
      t = vmap_leave(t, level.id(), to - from, dim);
    });
    return result;
  }

  F f_;
  VmapOptions options_;
};

}  // namespace detail

/// g = vmap(f): g(batches...) is f of each sample, computed at once: inside f tensors are those of one sample, without the dimension `in_dims` of the batch; their samples lie in a hidden
/// dimension, which every operator and every gradient works along. The results get the samples as dimension `out_dims`. Arguments and results are pytrees.
///
///   vmap(f)(x), vmap(f, {0, none})(x, w), vmap(f, {.chunk_size = 16})(x), vmap(vmap(f))(x), vmap(func::grad(loss), {none, 0, 0})(parameters, x, y)
///
/// Random numbers are an Error, the same for all samples, or different ones, as `randomness` says. An operator without a rule for all samples runs once per sample; `vmap_report()` lists these.
/// Throws Error for batches of different sizes, where f reads a value (`item`) of a batched tensor or decides by one, and where it writes values that differ into a tensor from outside.
template <class F>
auto vmap(F&& f, VmapOptions options) {
  return detail::Vmapped<pytree::CalleeOf<F>>({std::forward<F>(f)}, std::move(options));
}
// A default for Dims, which braces do not decide: GCC takes a list with names for one without where no aggregate is more special.
template <class F, class Dims = VmapDims>
auto vmap(F&& f, Dims in_dims = 0, VmapDims out_dims = 0, VmapRandomness randomness = "error", int64_t chunk_size = 0) {
  return vmap(
      std::forward<F>(f),
      VmapOptions{.in_dims = VmapDims(std::move(in_dims)), .out_dims = std::move(out_dims), .randomness = randomness, .chunk_size = chunk_size});
}

namespace func {
using lazuli::vmap;
}

}  // namespace lazuli
