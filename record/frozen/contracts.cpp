#include "lazuli/record/frozen/contracts.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/attention_slots.h"
#include "lazuli/core/slots/fft_slots.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/core/slots/selection_slots.h"
#include "lazuli/core/slots/window_slots.h"

namespace lazuli::recording {
namespace {

/// A call whose arguments are of the slot's kinds, and what its contract is written with.
struct Checked {
  const ListedCall& call;
  const std::string& where;

  void need(bool met, const char* what) const {
    if (!met) fail(ErrorKind::File, "load_frozen", "path", where + ": " + what, name_of(call));
  }
  const BufferView& view(size_t i) const { return call.arguments[i].views[0]; }
  bool has(size_t i) const { return view(i).defined(); }
  const Shape& sizes(size_t i) const { return view(i).sizes; }
  int64_t rank(size_t i) const { return sizes(i).size(); }
  DType dtype(size_t i) const { return view(i).dtype; }
  template <class T>
  const T& value(size_t i) const {
    return *static_cast<const T*>(call.arguments[i].value.get());
  }

  void need_all(std::initializer_list<size_t> arguments) const {
    for (size_t i : arguments) need(has(i), "a tensor");
  }
  // Of those that are there.
  void same_sizes(std::initializer_list<size_t> arguments) const {
    for (size_t i : arguments) need(!has(i) || sizes(i) == sizes(*arguments.begin()), "tensors of one size");
  }
  void same_dtype(std::initializer_list<size_t> arguments) const {
    for (size_t i : arguments) need(!has(i) || dtype(i) == dtype(*arguments.begin()), "tensors of one dtype");
  }
  void floating(size_t i) const { need(is_floating_point(dtype(i)), "a floating point dtype"); }
  void vector(size_t i, int64_t length) const { need(!has(i) || sizes(i) == Shape(length), "a vector of as many elements as there are channels"); }
  void contiguous(std::initializer_list<size_t> arguments) const {
    for (size_t i : arguments) need(!has(i) || view(i).strides == contiguous_strides(sizes(i)), "contiguous tensors");
  }
  void dim_of(int64_t dim, size_t i) const { need(dim >= 0 && dim < rank(i), "a dimension that is there"); }
  /// sizes(a) is sizes(b) but for `dim`, where it is `size`.
  void equal_but(size_t a, size_t b, int64_t dim, int64_t size) const {
    Shape expected = sizes(b);
    expected[dim] = size;
    need(sizes(a) == expected, "sizes that differ in one dimension only");
  }
};

// ---- memory and pointwise ----

void fill_contract(const Checked& c) { c.need_all({0}); }
void copy_contract(const Checked& c) {
  c.need_all({0, 1});
  c.same_sizes({0, 1});
}
void arange_contract(const Checked& c) {
  c.need_all({0});
  c.need(c.rank(0) == 1, "one dimension");
  c.contiguous({0});
}
void triangle_contract(const Checked& c) {
  c.need_all({0, 1});
  c.same_sizes({0, 1});
  c.same_dtype({0, 1});
  c.need(c.rank(0) >= 2, "matrices");
}
void pointwise_contract(const Checked& c, const PointwiseCode& code, std::initializer_list<size_t> operands) {
  c.need_all({1});
  c.need_all(operands);
  const DType t = c.dtype(*operands.begin());
  c.same_dtype(operands);
  for (size_t i : operands) c.need(c.sizes(i) == c.sizes(1), "operands of the size of the result");
  c.need(code.dtypes.has(t) && c.dtype(1) == code.result_dtype(t), "dtypes that the operator has");
}
void unary_contract(const Checked& c) { pointwise_contract(c, about(c.value<UnaryOp>(0)), {2}); }
void binary_contract(const Checked& c) { pointwise_contract(c, about(c.value<BinaryOp>(0)), {2, 3}); }
void binary_number_contract(const Checked& c) { pointwise_contract(c, about(c.value<BinaryOp>(0)), {2}); }
void ternary_contract(const Checked& c) {
  c.need_all({1, 2});
  c.same_sizes({1, 2, 3, 4});
  const TernaryOp op = c.value<TernaryOp>(0);
  c.need(op != TernaryOp::Where || c.dtype(2) == kBool, "a condition of bools");
  if (op == TernaryOp::Where) c.same_dtype({1, 3, 4});
  else c.same_dtype({1, 2, 3, 4});
  c.need(about(op).dtypes.has(c.dtype(1)), "dtypes that the operator has");
  if (c.call.slot == &ternary_kernel) c.need_all({3, 4});
}

// ---- reductions, products, normalization ----

void reduced_sizes(const Checked& c, size_t out, size_t in) {
  c.need(c.rank(out) == c.rank(in), "a result of as many dimensions");
  for (int64_t d = 0; d < c.rank(in); ++d)
    c.need(c.sizes(out)[d] == c.sizes(in)[d] || c.sizes(out)[d] == 1, "a result of size 1 where it is reduced");
}
void reduce_contract(const Checked& c) {
  c.need_all({1, 2});
  reduced_sizes(c, 1, 2);
  const DType in = c.dtype(2), out = c.dtype(1);
  c.need(!is_complex(in) && (out == in || out == kBool || out == kInt64 || out == kFloat32 || out == kFloat64), "dtypes that the operator has");
  c.need(c.value<ReduceOp>(0) != ReduceOp::LogSumExp || (is_floating_point(in) && out == in), "dtypes that the operator has");
}
void arg_reduce_contract(const Checked& c) {
  c.need_all({1, 3});
  c.dim_of(c.value<int64_t>(4), 3);
  c.equal_but(1, 3, c.value<int64_t>(4), 1);
  c.same_sizes({1, 2});
  c.same_dtype({3, 2});
  c.need(c.dtype(1) == kInt64 && !is_complex(c.dtype(3)), "int64 for the places of real numbers");
}
void var_mean_contract(const Checked& c) {
  c.need_all({0, 1, 2});
  c.same_sizes({0, 1});
  c.same_dtype({0, 1, 2});
  c.floating(2);
  reduced_sizes(c, 0, 2);
}
void matmul_contract(const Checked& c) {
  c.need_all({0, 1, 2});
  c.same_dtype({0, 1, 2, 3});
  const int64_t rank = c.rank(0), d = rank - 2;
  c.need((rank == 2 || rank == 3) && c.rank(1) == rank && c.rank(2) == rank && c.dtype(0) != kBool, "matrices, or as many of each");
  const Shape &out = c.sizes(0), &a = c.sizes(1), &b = c.sizes(2);
  c.need(out[d] == a[d] && out[d + 1] == b[d + 1] && a[d + 1] == b[d] && (d == 0 || (out[0] == a[0] && out[0] == b[0])), "matrices that fit");
  c.vector(3, out[d + 1]);
}
void matmul_fused_contract(const Checked& c) {
  matmul_contract(c);
  c.floating(0);
  const bool with_other = c.has(5);
  c.same_sizes({0, 5});
  c.same_dtype({0, 5});
  const PointwiseCode& end = with_other ? about(c.value<BinaryOp>(6)) : about(c.value<UnaryOp>(4));
  c.need(end.dtypes.has(c.dtype(0)) && end.result == PointwiseCode::Same, "an operator that keeps the dtype");
}
void softmax_contract(const Checked& c) {
  c.need_all({0, 1});
  c.same_sizes({0, 1});
  c.same_dtype({0, 1});
  c.floating(0);
  c.dim_of(c.value<int64_t>(2), 0);
}
DType statistics_dtype(DType t) { return t == kFloat64 ? kFloat64 : kFloat32; }
void layer_norm_contract(const Checked& c) {
  c.need_all({0, 2, 3});
  c.same_sizes({0, 3});
  c.same_dtype({0, 3});
  c.floating(3);
  c.need(c.rank(3) == 2, "rows");
  c.contiguous({3});
  for (size_t i : {1, 2}) {
    c.vector(i, c.sizes(3)[0]);
    c.need(!c.has(i) || c.dtype(i) == statistics_dtype(c.dtype(3)), "statistics of float32, or float64");
  }
  for (size_t i : {4, 5}) {
    c.vector(i, c.sizes(3)[1]);
    if (c.has(i)) c.floating(i);
  }
}
void batch_norm_contract(const Checked& c) {
  const bool relu = c.call.slot == &batch_norm_relu_kernel;
  const size_t weight = relu ? 5 : 4;
  c.need_all({0, 1, 2, 3, weight + 2, weight + 3});
  c.same_sizes({0, 3});
  c.same_dtype({0, 3});
  if (relu) {
    c.same_sizes({0, 4});
    c.same_dtype({0, 4});
  }
  c.floating(3);
  c.need(c.rank(3) >= 2 && !c.value<bool>(weight + 4), "the running statistics of channels");
  for (size_t i : {size_t(1), size_t(2), weight, weight + 1, weight + 2, weight + 3}) {
    c.vector(i, c.sizes(3)[1]);
    if (c.has(i)) c.floating(i);
  }
}
void group_norm_contract(const Checked& c) {
  c.need_all({0, 1, 2, 3});
  c.same_sizes({0, 3});
  c.same_dtype({0, 3});
  c.floating(3);
  const int64_t groups = c.value<int64_t>(6);
  c.need(c.rank(3) >= 2 && groups > 0 && c.sizes(3)[1] > 0 && c.sizes(3)[1] % groups == 0, "groups of channels");
  for (size_t i : {1, 2}) {
    c.vector(i, c.sizes(3)[0] * groups);
    c.need(c.dtype(i) == statistics_dtype(c.dtype(3)), "statistics of float32, or float64");
  }
  for (size_t i : {4, 5}) {
    c.vector(i, c.sizes(3)[1]);
    if (c.has(i)) c.floating(i);
  }
}

// ---- windows ----

constexpr int64_t kFarthest = 1 << 20;

// Stride, padding and dilation of as many entries as there are spatial dimensions, in range.
void window_numbers(const Checked& c, int64_t rank, const Shape& stride, const Shape& padding, const Shape& dilation) {
  c.need(rank >= 1 && rank <= 3 && stride.size() == rank && padding.size() == rank && dilation.size() == rank, "windows of one to three dimensions");
  for (int64_t d = 0; d < rank; ++d)
    c.need(stride[d] >= 1 && stride[d] <= kFarthest && padding[d] >= 0 && padding[d] <= kFarthest && dilation[d] >= 1 && dilation[d] <= kFarthest,
           "steps and paddings in range");
}
// The windows at the places of `result` begin with the padding and end near that behind the image.
void windows_fit(const Checked& c, const Shape& image, const Shape& result, const Shape& kernel, int64_t first, const Shape& stride,
                 const Shape& padding, const Shape& dilation) {
  for (int64_t d = 0; d < stride.size(); ++d) {
    const int64_t in = image[d + 2], out = result[d + 2], k = kernel[d + first];
    c.need(in <= INT32_MAX && out <= INT32_MAX && k >= 1 && k <= kFarthest, "images and windows in range");
    const int64_t behind = (out - 1) * stride[d] + (k - 1) * dilation[d] + 1 - in - padding[d];
    c.need(behind - padding[d] <= 1 && behind - padding[d] > -std::max(stride[d], dilation[d]), "as many places as there are windows");
  }
}
// `weight` and what stands behind it; `stride` is the number of the argument.
void convolution_sizes(const Checked& c, size_t image, size_t result, size_t weight, size_t stride) {
  const int64_t rank = c.rank(weight) - 2, groups = c.value<int64_t>(stride + 3);
  const Shape &s = c.value<Shape>(stride), &p = c.value<Shape>(stride + 1), &d = c.value<Shape>(stride + 2);
  window_numbers(c, rank, s, p, d);
  c.need(c.rank(image) == rank + 2 && c.rank(result) == rank + 2, "images of the dimensions of the windows");
  const Shape &x = c.sizes(image), &y = c.sizes(result), &w = c.sizes(weight);
  c.need(x[0] == y[0] && y[1] == w[0] && groups >= 1 && groups <= w[0] && w[0] % groups == 0 && x[1] % groups == 0 && x[1] / groups == w[1],
         "channels that fit the weight");
  windows_fit(c, x, y, w, 2, s, p, d);
  c.same_dtype({image, result, weight});
  c.need(c.dtype(image) != kBool, "numbers");
}
void convolution_contract(const Checked& c) {
  c.need_all({0, 1, 2});
  convolution_sizes(c, 1, 0, 2, 4);
  c.vector(3, c.sizes(0)[1]);
  c.same_dtype({0, 3});
}
void convolution_fused_contract(const Checked& c) {
  c.need_all({0, 1, 2});
  convolution_sizes(c, 1, 0, 2, 7);
  c.vector(3, c.sizes(0)[1]);
  c.same_sizes({0, 4});
  c.same_dtype({0, 3, 4});
  c.floating(0);
  const PointwiseCode& activation = about(c.value<UnaryOp>(5));
  c.need(activation.dtypes.has(c.dtype(0)) && activation.result == PointwiseCode::Same, "an activation that keeps the dtype");
}
void transposed_convolution_contract(const Checked& c) {
  c.need_all({0, 1, 2});
  convolution_sizes(c, 0, 1, 2, 3);
}
void pool_sizes(const Checked& c, size_t out, size_t in, const Shape& kernel, const Shape& stride, const Shape& padding, const Shape& dilation) {
  const int64_t rank = c.rank(in) - 2;
  c.need(rank >= 1 && rank <= 3 && c.rank(out) == rank + 2 && c.sizes(out)[0] == c.sizes(in)[0] && c.sizes(out)[1] == c.sizes(in)[1],
         "images of one to three dimensions");
  for (int64_t d = 0; d < rank; ++d) c.need(c.sizes(in)[d + 2] <= INT32_MAX && c.sizes(out)[d + 2] <= INT32_MAX, "images in range");
  if (kernel.empty()) return;
  window_numbers(c, rank, stride, padding, dilation);
  c.need(kernel.size() == rank, "a window of as many dimensions");
  for (int64_t d = 0; d < rank; ++d) {
    c.need(kernel[d] >= 1 && kernel[d] <= kFarthest && 2 * padding[d] <= (kernel[d] - 1) * dilation[d] + 1,
           "a window that reaches beyond its padding");
    c.need((c.sizes(out)[d + 2] - 1) * stride[d] - padding[d] < c.sizes(in)[d + 2], "windows that begin in the image");
  }
}
void max_pool_contract(const Checked& c) {
  c.need_all({0, 2});
  pool_sizes(c, 0, 2, c.value<Shape>(3), c.value<Shape>(4), c.value<Shape>(5), c.value<Shape>(6));
  c.same_sizes({0, 1});
  c.same_dtype({0, 2});
  c.need(!is_complex(c.dtype(0)) && (!c.has(1) || c.dtype(1) == kInt64), "int64 for the places of real numbers");
}
void average_pool_contract(const Checked& c) {
  c.need_all({0, 1});
  const Shape& kernel = c.value<Shape>(2);
  pool_sizes(c, 0, 1, kernel, c.value<Shape>(3), c.value<Shape>(4), Shape::filled(kernel.size(), 1));
  c.same_dtype({0, 1});
  c.need(!is_complex(c.dtype(0)) && c.dtype(0) != kBool, "real numbers");
}

// ---- indices; the kernels look at their values ----

bool is_index(DType t) { return t == kInt64 || t == kInt32; }
void index_select_contract(const Checked& c) {
  c.need_all({0, 1, 3});
  c.same_dtype({0, 1});
  c.need(c.rank(3) == 1 && is_index(c.dtype(3)), "one dimension of indices");
  c.dim_of(c.value<int64_t>(2), 1);
  c.equal_but(0, 1, c.value<int64_t>(2), c.sizes(3)[0]);
}
void gather_contract(const Checked& c) {
  c.need_all({0, 1, 3});
  c.same_dtype({0, 1});
  c.same_sizes({0, 3});
  const int64_t dim = c.value<int64_t>(2);
  c.dim_of(dim, 1);
  c.need(c.rank(0) == c.rank(1) && c.dtype(3) == kInt64, "int64 indices");
  for (int64_t d = 0; d < c.rank(0); ++d) c.need(d == dim || c.sizes(0)[d] <= c.sizes(1)[d], "indices within the sizes");
}
// Of what argument `list`, indices, picks of tensor i.
Shape indexed_sizes(const Checked& c, size_t list, size_t i) {
  const std::vector<BufferView>& indices = c.call.arguments[list].views;
  c.need(!indices.empty() && int64_t(indices.size()) <= c.rank(i), "at most an index for each dimension");
  Shape picked = indices[0].sizes;
  for (const BufferView& v : indices) c.need(v.defined() && v.dtype == kInt64 && v.sizes == indices[0].sizes, "int64 indices of one size");
  for (int64_t d = int64_t(indices.size()); d < c.rank(i); ++d) picked.push_back(c.sizes(i)[d]);
  return picked;
}
void index_contract(const Checked& c) {
  c.need_all({0, 1});
  c.same_dtype({0, 1});
  c.need(c.sizes(0) == indexed_sizes(c, 2, 1), "a result of the sizes of the indices");
}

// ---- recurrence and attention ----

void gates_contract(const Checked& c, int64_t count, std::initializer_list<size_t> gates, std::initializer_list<size_t> states) {
  c.need_all(gates);
  c.need_all(states);
  const size_t state = *states.begin();
  c.need(c.rank(state) == 2, "states [n, h]");
  const int64_t h = c.sizes(state)[1];
  c.need(h <= INT32_MAX, "states in range");
  c.same_sizes(states);
  for (size_t i : gates) c.need(c.sizes(i) == Shape({c.sizes(state)[0], count * h}), "gates of the sizes of the states");
  for (std::initializer_list<size_t> all : {gates, states})
    for (size_t i : all) c.need(c.dtype(i) == c.dtype(state), "tensors of one dtype");
  c.floating(state);
  c.contiguous(gates);
  c.contiguous(states);
}
void lstm_contract(const Checked& c) { gates_contract(c, 4, {0}, {1, 2, 3, 4}); }
void gru_contract(const Checked& c) { gates_contract(c, 3, {0, 2, 3}, {1, 4}); }
// `gates` and `out` have rows for all steps; `per_step`, of `width` times as many columns as there are features, for all or for one. What is no `projection` is -1.
struct StepsArguments {
  size_t gates, out, weight, before, batch_sizes;
  int projection = -1;
};
void steps_contract(const Checked& c, int64_t count, const StepsArguments& at, std::initializer_list<size_t> per_step, int64_t width) {
  const auto alike = [&](std::initializer_list<size_t> all) {
    c.need_all(all);
    c.contiguous(all);
    for (size_t i : all) c.need(c.dtype(i) == c.dtype(at.out), "tensors of one dtype");
  };
  alike({at.gates, at.out, at.weight, at.before});
  alike(per_step);
  c.floating(at.out);
  c.need(c.rank(at.before) == 2 && c.rank(at.out) == 2 && c.rank(at.gates) == 2, "states [n, h]");
  const bool projects = at.projection >= 0 && c.has(size_t(at.projection));
  const int64_t n = c.sizes(at.before)[0], p = c.sizes(at.before)[1], rows = c.sizes(at.out)[0], h = projects ? c.sizes(at.gates)[1] / count : p;
  c.need(n > 0 && h > 0 && p > 0 && h <= INT32_MAX && p <= INT32_MAX && rows > 0 && c.sizes(at.out)[1] == p, "states of all steps");
  if (projects) {
    alike({size_t(at.projection)});
    c.need(c.sizes(size_t(at.projection)) == Shape({p, h}), "a projection of the size of the states");
  }
  const Shape& batch_sizes = c.value<Shape>(at.batch_sizes);
  int64_t left = rows, before = n;
  for (int64_t size : batch_sizes) {
    c.need(size > 0 && size <= before && size <= left && (left != rows || size == n), "batch sizes that do not grow");
    left -= size, before = size;
  }
  c.need(batch_sizes.empty() ? rows % n == 0 : left == 0, "rows for all steps");
  c.need(c.sizes(at.gates) == Shape({rows, count * h}) && c.sizes(at.weight) == Shape({count * h, p}), "gates of the sizes of the states");
  for (size_t i : per_step) c.need(c.sizes(i) == Shape({rows, width * h}) || c.sizes(i) == Shape({n, width * h}), "rows of steps");
}
void lstm_steps_contract(const Checked& c) {
  steps_contract(c, 4, {.gates = 0, .out = 3, .weight = 4, .before = 6, .batch_sizes = 8, .projection = 5}, {1, 2}, 1);
  c.need_all({7});
  c.need(c.sizes(7) == Shape({c.sizes(6)[0], c.sizes(0)[1] / 4}), "states c of the sizes of the gates");
  c.same_dtype({6, 7});
  c.contiguous({7});
}
void gru_steps_contract(const Checked& c) {
  steps_contract(c, 3, {.gates = 0, .out = 2, .weight = 3, .before = 5, .batch_sizes = 6}, {1}, 3);
  c.vector(4, c.sizes(3)[0]);
  c.same_dtype({2, 4});
  c.contiguous({4});
}
void rnn_steps_contract(const Checked& c) { steps_contract(c, 1, {.gates = 0, .out = 0, .weight = 1, .before = 2, .batch_sizes = 4}, {}, 1); }
void attention_contract(const Checked& c) {
  c.need_all({0, 1, 2, 3, 4});
  c.same_dtype({0, 1, 2, 3, 4});
  c.floating(0);
  for (size_t i : {0, 2, 3, 4}) c.need(c.rank(i) == 4, "[batch, heads, rows, features]");
  const Shape &out = c.sizes(0), &query = c.sizes(2), &key = c.sizes(3), &value = c.sizes(4);
  const int64_t batch = out[0], heads = out[1], l = out[2], s = key[2];
  c.need(out == Shape({batch, heads, l, value[3]}) && query == Shape({batch, heads, l, key[3]}) && key[0] == batch && key[1] == heads &&
             value == Shape({batch, heads, s, value[3]}) && c.sizes(1) == Shape({batch, heads, l}),
         "queries, keys and values that fit");
  c.need(!c.has(5) || (c.sizes(5) == Shape({batch, heads, l, s}) && (c.dtype(5) == kBool || c.dtype(5) == c.dtype(0))), "a mask that fits");
}

// ---- order, running values, transforms ----

void sort_contract(const Checked& c) {  // topk and median, too
  c.need_all({0, 1, 2});
  c.same_sizes({0, 1});
  c.same_dtype({0, 2});
  c.need(c.dtype(1) == kInt64 && !is_complex(c.dtype(0)), "int64 for the places of real numbers");
  const int64_t dim = c.value<int64_t>(3);
  c.dim_of(dim, 2);
  c.need(c.rank(0) == c.rank(2), "a result of as many dimensions");
  const int64_t kept = c.sizes(0)[dim], all = c.sizes(2)[dim];
  if (c.call.slot == &median_kernel) c.need(kept == 1 && all > 0, "one value of each line");
  else c.need(c.call.slot == &topk_kernel ? kept <= all : kept == all, "as many values as there are");
  c.equal_but(0, 2, dim, kept);
}
void searchsorted_contract(const Checked& c) {
  c.need_all({0, 1, 2});
  c.same_sizes({0, 2});
  c.same_dtype({1, 2});
  c.contiguous({0, 1, 2});
  c.need(is_index(c.dtype(0)) && !is_complex(c.dtype(1)), "places of real numbers");
  c.need(c.rank(1) == 1 || (c.rank(1) > 1 && c.rank(1) == c.rank(2)), "numbers in rows");
  if (c.rank(1) > 1) c.equal_but(1, 2, c.rank(1) - 1, c.sizes(1)[c.rank(1) - 1]);
}
void scan_contract(const Checked& c) {
  const ScanOp op = c.value<ScanOp>(0);
  const bool extreme = op == ScanOp::Max || op == ScanOp::Min;
  c.need_all({1, 3});
  c.same_sizes({1, 2, 3});
  c.same_dtype({1, 3});
  c.dim_of(c.value<int64_t>(4), 3);
  c.need(c.has(2) == extreme && (!extreme || (c.dtype(2) == kInt64 && !is_complex(c.dtype(3)))), "int64 for the places of extremes");
  c.need(extreme || c.dtype(3) != kBool, "numbers");
  if (op == ScanOp::LogSumExp) c.floating(3);
}
void fft_contract(const Checked& c) {
  c.need_all({0, 1});
  const int64_t dim = c.value<int64_t>(2);
  c.dim_of(dim, 1);
  c.need(c.rank(0) == c.rank(1), "a result of as many dimensions");
  const DType out = c.dtype(0), in = c.dtype(1);
  for (DType t : {out, in}) c.need(real_dtype(t) == kFloat32 || real_dtype(t) == kFloat64, "float32, float64 and their complex counterparts");
  c.need(real_dtype(out) == real_dtype(in) && (is_complex(out) || is_complex(in)), "one precision");
  if (is_complex(out) && is_complex(in)) c.same_sizes({0, 1});
  else if (is_complex(out)) c.equal_but(0, 1, dim, c.sizes(1)[dim] / 2 + 1);
  else c.equal_but(1, 0, dim, c.sizes(0)[dim] / 2 + 1);
}

// ---- writing by index; the kernels look at the values ----

void needs_numbers(const Checked& c, size_t i, bool computes) { c.need(!computes || c.dtype(i) != kBool, "numbers"); }
void index_add_contract(const Checked& c) {
  c.need_all({1, 3, 4});
  c.same_dtype({1, 4});
  needs_numbers(c, 1, c.value<ScatterOp>(0) != ScatterOp::Set);
  c.need(c.rank(3) == 1 && is_index(c.dtype(3)), "one dimension of indices");
  c.dim_of(c.value<int64_t>(2), 1);
  c.equal_but(4, 1, c.value<int64_t>(2), c.sizes(3)[0]);
}
void scatter_contract(const Checked& c) {
  c.need_all({1, 3, 4});
  c.same_dtype({1, 4});
  c.same_sizes({3, 4});
  needs_numbers(c, 1, c.value<ScatterOp>(0) != ScatterOp::Set);
  const int64_t dim = c.value<int64_t>(2);
  c.dim_of(dim, 1);
  c.need(c.rank(1) == c.rank(3) && c.dtype(3) == kInt64, "int64 indices");
  for (int64_t d = 0; d < c.rank(1); ++d) c.need(d == dim || c.sizes(3)[d] <= c.sizes(1)[d], "indices within the sizes");
}
void index_put_contract(const Checked& c) {
  c.need_all({0, 2});
  c.same_dtype({0, 2});
  needs_numbers(c, 0, c.value<bool>(3));
  c.need(c.sizes(2) == indexed_sizes(c, 1, 0), "values of the sizes of the indices");
}

// ---- matrices ----

// [batch, m, n] by columns, or vectors [batch, k].
void matrices(const Checked& c, std::initializer_list<size_t> arguments) {
  for (size_t i : arguments) {
    c.need(c.has(i) && c.rank(i) == 3, "a batch of matrices");
    const Shape& s = c.sizes(i);
    c.need(s[1] <= INT32_MAX && s[2] <= INT32_MAX && c.view(i).strides == Shape({s[1] * s[2], 1, s[1]}), "matrices by columns");
    c.need(real_dtype(c.dtype(i)) == kFloat32 || real_dtype(c.dtype(i)) == kFloat64, "float32, float64 and their complex counterparts");
  }
  c.same_dtype(arguments);
  for (size_t i : arguments) c.need(c.sizes(i)[0] == c.sizes(*arguments.begin())[0], "as many matrices of each");
}
void vectors(const Checked& c, size_t i, const Shape& sizes, DType dtype) {
  c.need(c.has(i) && c.sizes(i) == sizes && c.dtype(i) == dtype, "vectors that fit the matrices");
  c.contiguous({i});
}
void square(const Checked& c, size_t i) { c.need(c.sizes(i)[1] == c.sizes(i)[2], "square matrices"); }
int64_t least_side(const Checked& c, size_t i) { return std::min(c.sizes(i)[1], c.sizes(i)[2]); }

void cholesky_contract(const Checked& c) {
  matrices(c, {0});
  square(c, 0);
  vectors(c, 1, {c.sizes(0)[0]}, kInt32);
}
void pivoted_contract(const Checked& c) {  // lu and ldl
  matrices(c, {0});
  if (c.call.slot == &ldl_kernel) square(c, 0);
  vectors(c, 1, {c.sizes(0)[0], least_side(c, 0)}, kInt32);
  vectors(c, 2, {c.sizes(0)[0]}, kInt32);
}
void triangular_solve_contract(const Checked& c) {
  matrices(c, {0, 1});
  square(c, 1);
  c.need(c.sizes(0)[c.value<bool>(3) ? 1 : 2] == c.sizes(1)[1], "matrices that fit");
}
void qr_contract(const Checked& c) {
  matrices(c, {0});
  vectors(c, 1, {c.sizes(0)[0], least_side(c, 0)}, c.dtype(0));
}
void householder_contract(const Checked& c) {
  matrices(c, {0});
  c.need(c.has(1) && c.rank(1) == 2 && c.sizes(0)[1] >= c.sizes(0)[2] && c.sizes(1)[1] <= c.sizes(0)[2], "at most as many reflections as columns");
  vectors(c, 1, {c.sizes(0)[0], c.sizes(1)[1]}, c.dtype(0));
}
using Contract = void (*)(const Checked&);
struct Entry {
  const KernelBase* slot;
  Contract contract;
};
// Sorted by nothing: a list asks once for each of its calls.
constexpr Entry kContracts[] = {{&fill_kernel, fill_contract},
                                {&copy_kernel, copy_contract},
                                {&arange_kernel, arange_contract},
                                {&triangle_kernel, triangle_contract},
                                {&unary_kernel, unary_contract},
                                {&binary_kernel, binary_contract},
                                {&binary_number_kernel, binary_number_contract},
                                {&ternary_kernel, ternary_contract},
                                {&ternary_number_kernel, ternary_contract},
                                {&reduce_kernel, reduce_contract},
                                {&arg_reduce_kernel, arg_reduce_contract},
                                {&var_mean_kernel, var_mean_contract},
                                {&matmul_kernel, matmul_contract},
                                {&matmul_fused_kernel, matmul_fused_contract},
                                {&softmax_kernel, softmax_contract},
                                {&layer_norm_kernel, layer_norm_contract},
                                {&batch_norm_kernel, batch_norm_contract},
                                {&batch_norm_relu_kernel, batch_norm_contract},
                                {&group_norm_kernel, group_norm_contract},
                                {&convolution_kernel, convolution_contract},
                                {&convolution_fused_kernel, convolution_fused_contract},
                                {&convolution_backward_input_kernel, transposed_convolution_contract},
                                {&max_pool_kernel, max_pool_contract},
                                {&average_pool_kernel, average_pool_contract},
                                {&index_select_kernel, index_select_contract},
                                {&gather_kernel, gather_contract},
                                {&index_kernel, index_contract},
                                {&lstm_gates_kernel, lstm_contract},
                                {&gru_gates_kernel, gru_contract},
                                {&lstm_steps_kernel, lstm_steps_contract},
                                {&gru_steps_kernel, gru_steps_contract},
                                {&rnn_steps_kernel, rnn_steps_contract},
                                {&attention_kernel, attention_contract},
                                {&sort_kernel, sort_contract},
                                {&topk_kernel, sort_contract},
                                {&median_kernel, sort_contract},
                                {&searchsorted_kernel, searchsorted_contract},
                                {&scan_kernel, scan_contract},
                                {&fft_kernel, fft_contract},
                                {&index_add_kernel, index_add_contract},
                                {&scatter_kernel, scatter_contract},
                                {&index_put_kernel, index_put_contract},
                                {&cholesky_kernel, cholesky_contract},
                                {&lu_kernel, pivoted_contract},
                                {&ldl_kernel, pivoted_contract},
                                {&triangular_solve_kernel, triangular_solve_contract},
                                {&qr_kernel, qr_contract},
                                {&householder_product_kernel, householder_contract}};

Contract contract_of(const KernelBase* slot) {
  for (const Entry& e : kContracts)
    if (e.slot == slot) return e.contract;
  return nullptr;
}

}  // namespace

bool has_contract(const KernelBase& slot) { return contract_of(&slot); }

void check_contract(const ListedCall& call, const std::string& where) {
  const Contract contract = contract_of(call.slot);
  if (!contract) fail(ErrorKind::File, "load_frozen", "path", where + ": a slot that files have", call.slot->name);
  contract({call, where});
}

bool only_reads_output(const ListedCall& call, size_t argument) {  // a batch norm in evaluation
  const bool plain = call.slot == &batch_norm_kernel, relu = call.slot == &batch_norm_relu_kernel;
  if (!plain && !relu) return false;
  const size_t running = plain ? 6 : 7;
  return (argument == running || argument == running + 1) && !*call.arguments[running + 2].as<bool>();
}

bool reads_output(const ListedCall& call, size_t argument) {
  static constexpr const KernelBase* in_place[] = {&index_put_kernel,
                                                   &cholesky_kernel,
                                                   &lu_kernel,
                                                   &lu_solve_kernel,
                                                   &ldl_kernel,
                                                   &ldl_solve_kernel,
                                                   &triangular_solve_kernel,
                                                   &qr_kernel,
                                                   &reflect_kernel,
                                                   &eigh_kernel,
                                                   &eig_kernel,
                                                   &svd_kernel,
                                                   &lstsq_kernel,
                                                   &bincount_kernel,
                                                   &householder_product_kernel,
                                                   &as_strided_backward_kernel};
  if (call.slot == &matmul_kernel) return *call.arguments[4].as<double>() != 0;
  for (const KernelBase* slot : {static_cast<const KernelBase*>(&lstm_gates_kernel), static_cast<const KernelBase*>(&lstm_steps_kernel),
                                 static_cast<const KernelBase*>(&gru_steps_kernel), static_cast<const KernelBase*>(&rnn_steps_kernel)})
    if (call.slot == slot) return argument == 0;
  // What is only written in part, and what becomes something else in its place.
  for (const KernelBase* slot : {static_cast<const KernelBase*>(&index_add_kernel), static_cast<const KernelBase*>(&scatter_kernel)})
    if (call.slot == slot) return argument == 1;
  for (const KernelBase* slot : in_place)
    if (call.slot == slot) return argument == 0;
  return only_reads_output(call, argument);
}

}  // namespace lazuli::recording
