// The usual mistakes with typed tensors: no line with a mark compiles, and the compiler's first line about it has the named error and the text behind the mark (mistakes.sh).
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>
// clang-format off
namespace app {
using namespace lazuli;
using typed::Dims, typed::dim, typed::keepdim, typed::Ints, typed::Sizes, typed::Window, typed::Sublist;
template <int64_t... e> using F = Typed<float, Dims<e...>>;
template <int64_t... e> using D = Typed<double, Dims<e...>>;
template <int64_t... e> using I = Typed<int64_t, Dims<e...>>;
constexpr int64_t batch = dim("batch"), tokens = dim("tokens");

void products(F<32, 784> x, F<512, 10> w, F<784> v, F<4, 2, 3> b, F<5, 3, 2> c, D<784, 10> d) {
  matmul(x, w);  // <- matmul_error_inner_dimensions_do_not_match: matmul: inner dimensions do not match: [32, 784] x [512, 10]
  matmul(b, c);  // <- batch_dimensions_do_not_match_error: matmul: batch dimensions do not broadcast: [4, 2, 3] x [5, 3, 2]
  mm(x, v);  // <- linalg_error_requires_2d: mm: needs two matrices, got [32, 784] x [784]
  bmm(b, c);  // <- batch_dimensions_do_not_match_error: bmm: batch dimensions do not match: [4, 2, 3] x [5, 3, 2]
  mv(w, v);  // <- matmul_error_inner_dimensions_do_not_match: mv: inner dimensions do not match: [512, 10] x [784]
  dot(v, F<10>());  // <- matmul_error_inner_dimensions_do_not_match: dot: inner dimensions do not match: [784] x [10]
  matmul(x, d);  // <- dtype_error_requires: matmul: operands are of one dtype, got float32 and float64
  addmm(F<7>(), x, F<784, 10>());  // <- broadcast_error_incompatible_dimensions: addmm: [7] does not broadcast to [32, 10]
  linear(x, w);  // <- matmul_error_inner_dimensions_do_not_match: linear: inner dimensions do not match: input [32, 784] and weight [512, 10] [out, in]
  linear(x, F<10, 784>(), F<11>());  // <- shape_error_mismatch: linear: a bias of [10] for the weight [10, 784], got [11]
  outer(x, v);  // <- linalg_error_requires_2d: outer: needs two vectors, got [32, 784] x [784]
  tensordot<1>(x, w);  // <- matmul_error_inner_dimensions_do_not_match: tensordot: the last 1 dimensions of [32, 784] are not the first of [512, 10]
  inverse(w);  // <- linalg_error_not_square_matrix: inverse: needs square matrices, got [512, 10]
  det(v);  // <- linalg_error_requires_at_least_2d: det: needs a matrix or a batch of them, got [784]
  trace(b);  // <- linalg_error_requires_2d: trace: needs a matrix, got [4, 2, 3]
  linalg::cholesky(w);  // <- linalg_error_not_square_matrix: linalg.cholesky: needs square matrices, got [512, 10]
  linalg::svd(v);  // <- linalg_error_requires_at_least_2d: linalg.svd: needs a matrix or a batch of them, got [784]
  linalg::solve(F<3, 3>(), F<4, 2>());  // <- matmul_error_inner_dimensions_do_not_match: linalg.solve: inner dimensions do not match: [3, 3] X = [4, 2]
}
void elements_and_reductions(F<32, 784> x, F<batch, 3> b, F<tokens, 3> t, I<32> i) {
  auto a0 = x + b;  // <- broadcast_error_incompatible_dimensions: add: shapes do not broadcast: [32, 784] and [batch, 3] (784 against 3 in dimension 1)
  auto a1 = b * t;  // <- broadcast_error_incompatible_dimensions: mul: shapes do not broadcast: [batch, 3] and [tokens, 3] (batch against tokens in dimension 0)
  where(x, x, x);  // <- dtype_error_requires: where: needs bool, got float32
  sum<2>(x);  // <- dimension_error_out_of_range: sum: dimension 2 is out of range for [32, 784]
  mean<0, -2>(x);  // <- dimension_error_out_of_range: mean: dimension -2 is given twice for [32, 784]
  max<5>(x);  // <- dimension_error_out_of_range: max: dimension 5 is out of range for [32, 784]
  argmax<-3>(x);  // <- dimension_error_out_of_range: argmax: dimension -3 is out of range for [32, 784]
  item(x);  // <- item_error_not_scalar: item: needs one element, got [32, 784] with 25088
  softmax<2>(x);  // <- softmax_error_dim_out_of_range: softmax: dimension 2 is out of range for [32, 784]
  cumsum<3>(x);  // <- dimension_error_out_of_range: cumsum: dimension 3 is out of range for [32, 784]
  topk<33, 0>(x);  // <- dimension_error_out_of_range: topk: dimension 0 of [32, 784] has no 33 elements
  masked_fill(x, i, 0);  // <- dtype_error_requires: masked_fill: needs bool, got int64
}
void shapes(F<32, 784> x, F<4, 5, 6> c, F<batch, 3, 4> n) {
  reshape<7, -1>(x);
  reshape<-1, -1>(x);  // <- reshape_error_incompatible: reshape: only one size may be -1, got (-1, -1)
  reshape<batch, 13>(n);  // <- reshape_error_incompatible: reshape: [batch, 3, 4] does not have the elements of [batch, 13]
  flatten<3>(x);  // <- dimension_error_out_of_range: flatten: dimension 3 is out of range for [32, 784]
  permute<0, 1>(c);  // <- permute_error_dimension_count_mismatch: permute: the dimensions (0, 1) are not those of [4, 5, 6], each once
  transpose<0, 3>(c);  // <- transpose_dims_error_out_of_range: transpose: dimension 3 is out of range for [4, 5, 6]
  t(c);  // <- transpose_error_requires_2d_tensor: t: needs a matrix, got [4, 5, 6]
  mT(F<4>());  // <- linalg_error_requires_at_least_2d: mT: needs a matrix or a batch of them, got [4]
  squeeze<4>(c);  // <- dimension_error_out_of_range: squeeze: dimension 4 is out of range for [4, 5, 6]
  unsqueeze<5>(c);  // <- dimension_error_out_of_range: unsqueeze: dimension 5 is out of range for [4, 5, 6] with one more dimension
  expand<4, 7, 6>(c);  // <- expand_error_incompatible: expand: [4, 5, 6] does not expand to [4, 7, 6]
  select<1, 5>(c);  // <- select_error_index_out_of_bounds: select: index 5 is out of bounds for dimension 1 of [4, 5, 6]
  slice<3>(c);  // <- slice_error_out_of_bounds: slice: dimension 3 is out of range for [4, 5, 6]
  narrow<1, 6, 1>(c);  // <- narrow_error_start_out_of_bounds: narrow: start 6 is out of bounds for dimension 1 of [4, 5, 6]
  narrow<1, 3, 4>(c);  // <- narrow_error_length_exceeds_bounds: narrow: start 3 and length 4 exceed dimension 1 of [4, 5, 6]
  at<1, 7>(c);  // <- at_error_index_out_of_bounds: at: index (1, 7) is out of bounds for [4, 5, 6]
  flip<3>(c);  // <- flip_error_dim_out_of_range: flip: dimension 3 is out of range for [4, 5, 6]
  cat<0>(x, c);  // <- shape_error_mismatch: cat: operand 1 [4, 5, 6] differs from [32, 784] beyond dimension 0
  cat<1>(x, F<31, 4>());  // <- shape_error_mismatch: cat: operand 1 [31, 4] differs from [32, 784] beyond dimension 1
  stack(x, F<32, 783>());  // <- shape_error_mismatch: stack: shapes differ: [32, 784] and [32, 783]
  split<2, 3>(c);  // <- split_error_dim_out_of_range: split: dimension 3 is out of range for [4, 5, 6]
  chunk<2, 4>(c);  // <- chunk_error_dim_out_of_range: chunk: dimension 4 is out of range for [4, 5, 6]
  unbind<-4>(c);  // <- unbind_error_dim_out_of_range: unbind: dimension -4 is out of range for [4, 5, 6]
  auto [only] = unbind<0>(n);  // <- unbind_error_dim_out_of_range: unbind: the parts along dimension 0 of [batch, 3, 4] cannot be counted
}
void indices(F<5, 3> x, I<5, 2> i, I<7> v, F<100, 8> w) {
  gather<2>(x, i);  // <- gather_error_dim_out_of_range: gather: dimension 2 is out of range for [5, 3]
  gather<1>(x, I<6, 2>());  // <- shape_error_mismatch: gather: index [6, 2] is greater than [5, 3] beside dimension 1
  scatter<-3>(x, i, x);  // <- scatter_error_dim_out_of_range: scatter: dimension -3 is out of range for [5, 3]
  index_select<2>(x, v);  // <- index_select_error_dim_out_of_range: index_select: dimension 2 is out of range for [5, 3]
  embedding(x, w);  // <- dtype_error_requires: embedding: needs indices (int64 or int32), got float32
  embedding_bag(v, w);  // <- embedding_bag_error_requires_2d_input: embedding_bag: needs indices [bags, length] and a weight [rows, features], got [7] and [100, 8]
}
void networks(F<batch, 3, 32, 32> x, F<batch, 10> scores, I<batch> labels, I<batch, 10> wrong) {
  conv2d(x, F<8, 4, 3, 3>());  // <- matmul_error_inner_dimensions_do_not_match: conv2d: channels do not match: input [batch, 3, 32, 32] and weight [8, 4, 3, 3]
  conv2d(F<1, 3, 2, 2>(), F<8, 3, 3, 3>());  // <- window_error_no_output: conv2d: a window of 3 does not fit [1, 3, 2, 2] with padding 0
  max_pool2d<40>(x);  // <- window_error_no_output: max_pool2d: a window of 40 does not fit [batch, 3, 32, 32] with padding 0
  layer_norm<31>(x);  // <- layer_error_wrong_input: layer_norm: needs an input that ends with [31], got [batch, 3, 32, 32]
  scaled_dot_product_attention(F<2, 4, 5, 8>(), F<2, 4, 7, 9>(), F<2, 4, 7, 8>());  // <- matmul_error_inner_dimensions_do_not_match: scaled_dot_product_attention: needs query [.., l, e], key [.., s, e] and value [.., s, ev], got [2, 4, 5, 8], [2, 4, 7, 9] and [2, 4, 7, 8]
  cross_entropy(scores, wrong);  // <- shape_error_mismatch: cross_entropy: an input [batch, 10] [n, classes, ..] needs a target [batch], got [batch, 10]
  cross_entropy(scores, Typed<int32_t, Dims<batch>>());  // <- dtype_error_requires: cross_entropy: the target is of class indices (int64), got int32 [batch]
  mse_loss(scores, F<batch>());  // <- shape_error_mismatch: mse_loss: input and target are of one shape, got [batch, 10] and [batch]
  mse_loss(scores, wrong);  // <- dtype_error_requires: mse_loss: the target is of floating point numbers, got int64 [batch, 10]
  nll_loss(scores, scores);  // <- dtype_error_requires: nll_loss: the target is of class indices (int64), got float32 [batch, 10]
  (void)labels;
}
void modules(F<batch, 784> x, F<batch, 3, 32, 32> image, typed::Linear<512, 10>& linear, typed::Conv2d<4, 8, 3>& conv, typed::BatchNorm2d<4>& norm,
             typed::Sequential<typed::Linear<784, 512>, typed::ReLU, typed::Linear<500, 10>>& chain, typed::MultiheadAttention<64, 4>& attention, typed::Child<typed::Linear<512, 10>>& child,
             typed::Embedding<10, 4>& embedding, typed::LayerNorm<10>& layer_norm) {
  linear(x);  // <- matmul_error_inner_dimensions_do_not_match: Linear: inner dimensions do not match: input [batch, 784] and weight [10, 512] [out, in]
  conv(image);  // <- matmul_error_inner_dimensions_do_not_match: Conv2d: channels do not match: input [batch, 3, 32, 32] and weight [8, 4, 3, 3]
  norm(image);  // <- layer_error_wrong_input: BatchNorm2d: needs [batch, 4, ..] of 4 dimensions, got [batch, 3, 32, 32]
  chain(x);  // <- matmul_error_inner_dimensions_do_not_match: Linear: inner dimensions do not match: input [batch, 512] and weight [10, 500] [out, in]
  attention(F<5, batch, 64>(), F<7, batch, 64>(), F<8, batch, 64>());  // <- shape_error_mismatch: MultiheadAttention: shapes differ: [7, batch, 64] and [8, batch, 64]
  child(x);  // <- matmul_error_inner_dimensions_do_not_match: Linear: inner dimensions do not match: input [batch, 784] and weight [10, 512] [out, in]
  embedding(x);  // <- dtype_error_requires: Embedding: needs indices (int64 or int32), got float32
  layer_norm(x);  // <- layer_error_wrong_input: LayerNorm: needs an input that ends with [10], got [batch, 784]
}
void equations(F<2, 3> a, F<3, 4> b, F<4, 5> c) {
  einsum<"ij,jk->il">(a, b);  // <- einsum_error_unknown_output_index: einsum: index `l` of the result is in no operand: `ij,jk->i^l`, did you mean `k`?
  einsum<"ij,jk->ik">(a);  // <- einsum_error_operand_count_mismatch: einsum: `ij,jk->ik` is for 2 operands, got 1
  einsum<"ijk,jk->ik">(a, b);  // <- einsum_error_subscript_rank_mismatch: einsum: operand 0 of `ijk,jk->ik` has 3 letters for the 2 dimensions of [2, 3]
  einsum<"ij,jk->ik">(a, c);  // <- einsum_error_dimension_mismatch: einsum: index `j` is 3 in operand 0 and 4 in operand 1: `ij,^jk->ik`
  einsum<"ij;jk->ik">(a, b);  // <- einsum_error_invalid_equation: einsum: letters, commas, `...` and one `->` are allowed: `ij^;jk->ik`
  einsum<"ij,jk->ii">(a, b);  // <- einsum_error_invalid_equation: einsum: an index stands twice in the result: `ij,jk->i^i`
  einsum<Sublist<0, -1>, Sublist<0>>(a);  // <- einsum_error_invalid_sublist_element: einsum: an element of a sublist is a number from 0 to 51 or ellipsis, got -1
  einsum<Sublist<0, 52>, Sublist<0>>(a);  // <- einsum_error_index_out_of_range: einsum: subscripts are 0 to 51, got 52
  einsum<"ij,jk->ix">(a.untyped(), b.untyped());  // <- einsum_error_unknown_output_index: einsum: index `x` of the result is in no operand: `ij,jk->i^x`, did you mean `k`?
}
void patterns(F<batch, 32, 48, 3> x) {
  rearrange<"b (h p) w c -> b h p w c">(x);  // <- einops_error_ambiguous_decomposition: rearrange: the axes of a group need all lengths but one, or given ones: `b (h ^p) w c -> b h p w c`
  rearrange<"b h w c -> b h w c 2">(x);  // <- einops_error_anonymous_in_output: rearrange: a number in the result has no axis: `b h w c -> b h w c ^2`
  rearrange<"b (h p) w c -> b h p w c", "p=5">(x);  // <- einops_error_dimension_mismatch: rearrange: dimension 1 of [batch, 32, 48, 3] is not a multiple of 5: `b (h ^p) w c -> b h p w c`
  rearrange<"b h w c - b c h w">(x);  // <- einops_error_invalid_pattern: rearrange: needs `->` between two sides: `b h w c - b c h w^`
  rearrange<"b (h w c -> b c h w">(x);  // <- einops_error_invalid_pattern: rearrange: a parenthesis that is not closed: `b ^(h w c -> b c h w`
  reduce<"b h w chan -> b chann", einops::ReduceOp::mean>(x);  // <- einops_error_reduce_undefined_output: reduce: axis `chann` of the result is not in the operand: `b h w chan -> b ^chann`, did you mean `chan`?
  repeat<"b h w c -> b h w c copies">(x);  // <- einops_error_repeat_missing_size: repeat: the new axis `copies` needs a length: `b h w c -> b h w c ^copies`
  rearrange<"b height w c -> b heigth w c">(x);  // <- einops_error_undefined_axis: rearrange: axis `height` of the operand is not in the result: `b ^height w c -> b heigth w c`, did you mean `heigth`?
  rearrange<"b h w -> b w h">(x);  // <- einops_error_dimension_mismatch: rearrange: `b h w -> b w h` is for 3 dimensions, got [batch, 32, 48, 3]
  rearrange<"b h w c -> b c h w", "k=3">(x);  // <- einops_error_undefined_axis: rearrange: a length is given for axis `k`, which `b h w c -> b c h w` does not have, did you mean `b`?
  pack<"b w">(x);  // <- einops_error_invalid_pattern: pack: a pattern of pack has a `*`: `b w^`
  unpack<"b * c", Dims<30>, Dims<4>>(F<batch, 32, 3>());  // <- einops_error_dimension_mismatch: unpack: the parts have 34 elements in dimension 1 of [batch, 32, 3]
}
void more_shapes(F<4, 5, 6> c, F<batch, 3, 4, 4> image, F<3> v, I<7> i) {
  split_with_sizes<Ints<2, 2>, 1>(c);  // <- shape_error_mismatch: split_with_sizes: the sizes (2, 2) are not those of dimension 1 of [4, 5, 6]
  tensor_split<3>(image);  // <- split_error_dim_out_of_range: tensor_split: the parts along dimension 0 of [batch, 3, 4, 4] cannot be counted
  hsplit<2>(c);  // <- split_error_dim_out_of_range: hsplit: needs 1 dimension or more, and equal parts: 2 of dimension 1 of [4, 5, 6]
  unfold<1, 6, 1>(c);  // <- window_error_no_output: unfold: windows of 6, 1 apart, do not fit dimension 1 of [4, 5, 6]
  diagonal<0, 1, 1>(c);  // <- dimension_error_out_of_range: diagonal: dimension 1 is out of range for [4, 5, 6]
  meshgrid(v, c);  // <- shape_error_mismatch: meshgrid: needs vectors or numbers, got [4, 5, 6]
  fft::rfft<0, 3>(c);  // <- dimension_error_out_of_range: fft.rfft: dimension 3 is out of range for [4, 5, 6]
  interpolate<Sizes{8, 8, 8}>(image);  // <- shape_error_mismatch: interpolate: needs [n, channels, one to three spatial dimensions] and a size for each of these, got [batch, 3, 4, 4]
  pixel_shuffle<2>(image);  // <- shape_error_mismatch: pixel_shuffle: needs [.., channels, height, width] with channels divisible by 4, got [batch, 3, 4, 4]
  grid_sample(image, c);  // <- shape_error_mismatch: grid_sample: needs an input [n, c, height, width] and a grid [n, places, places, 2], or one dimension more, got [batch, 3, 4, 4] and [4, 5, 6]
  gru(c, F<1, 4, 8>(), {});  // <- shape_error_mismatch: gru: needs an input [t, n, in] and a state [layers, n, features], got [4, 5, 6] and [1, 4, 8]
  gru_cell(F<2, 3>(), F<2, 4>(), F<12, 3>(), F<8, 4>());  // <- matmul_error_inner_dimensions_do_not_match: gru_cell: needs an input [n, in], a state [n, features] and weights [3 features, in] and [3 features, features], got [2, 3], [2, 4], [12, 3] and [8, 4]
  linalg::multi_dot(F<2, 3>(), F<4, 5>());  // <- matmul_error_inner_dimensions_do_not_match: linalg.multi_dot: inner dimensions do not match: [2, 3] x [4, 5]
  linalg::cross(F<5>(), F<5>());  // <- shape_error_mismatch: linalg.cross: needs two tensors with 3 along dimension -1, got [5] and [5]
  take(c, v);  // <- dtype_error_requires: take: needs indices (int64 or int32), got float32
  margin_ranking_loss(v, F<4>(), v);  // <- broadcast_error_incompatible_dimensions: margin_ranking_loss: shapes do not broadcast: [3] and [4] (3 against 4 in dimension 0)
  pack<"b c">({c.untyped()});  // <- einops_error_invalid_pattern: pack: a pattern of pack has a `*`: `b c^`
  einsum<Sublist<0, 1>, Sublist<2>>(c.untyped());  // <- einsum_error_unknown_output_index: einsum: index `C` of the result is in no operand: `AB->^C`, did you mean `B`?
  (void)i;
}
// As users make them: arguments in the wrong order, dimensions swapped, steps left out.
void habits(F<batch, 784> x, F<784, batch> swapped, F<batch, 3, 32, 32> image, F<batch, 32, 32, 3> last, I<batch> labels, F<batch, 10> scores, Typed<bool, Dims<batch>> mask, I<3, 3> counts,
            typed::Linear<784, 10>& linear, typed::Conv2d<3, 8, 3>& conv, typed::BatchNorm1d<784>& norm, typed::TransformerEncoderLayer<64, 4>& encoder) {
  linear(swapped);  // <- matmul_error_inner_dimensions_do_not_match: Linear: inner dimensions do not match: input [784, batch] and weight [10, 784] [out, in]
  conv(last);  // <- matmul_error_inner_dimensions_do_not_match: Conv2d: channels do not match: input [batch, 32, 32, 3] and weight [8, 3, 3, 3]
  linear(conv(image));  // <- matmul_error_inner_dimensions_do_not_match: Linear: inner dimensions do not match: input [batch, 8, 30, 30] and weight [10, 784] [out, in]
  norm(image);  // <- layer_error_wrong_input: BatchNorm1d: needs [batch, 784, ..] of 2 to 3 dimensions, got [batch, 3, 32, 32]
  encoder(F<5, batch, 32>());  // <- layer_error_wrong_input: TransformerEncoderLayer: needs [length, 64] or [.., .., 64], got [5, batch, 32]
  cross_entropy(labels, scores);  // <- dtype_error_requires: cross_entropy: needs floating point numbers, got int64
  binary_cross_entropy_with_logits(scores, mask);  // <- dtype_error_requires: binary_cross_entropy_with_logits: the target is of floating point numbers, got bool [batch]
  cross_entropy(scores, argmax<1>(scores, keepdim));  // <- shape_error_mismatch: cross_entropy: an input [batch, 10] [n, classes, ..] needs a target [batch], got [batch, 1]
  where(scores, mask, scores);  // <- dtype_error_requires: where: needs bool, got float32
  masked_fill(scores, mask, 0);  // <- broadcast_error_incompatible_dimensions: masked_fill: shapes do not broadcast: [batch, 10] and [batch] (10 against batch in dimension 1)
  embedding(F<100, 8>(), labels);  // <- dtype_error_requires: embedding: needs indices (int64 or int32), got float32
  gather<1>(scores, labels);  // <- shape_error_mismatch: gather: index [batch] is greater than [batch, 10] beside dimension 1
  one_hot<10>(scores);  // <- dtype_error_requires: one_hot: needs indices (int64 or int32), got float32
  index_select<0>(x, scores);  // <- dtype_error_requires: index_select: needs indices (int64 or int32), got float32
  matmul(x, x);  // <- matmul_error_inner_dimensions_do_not_match: matmul: inner dimensions do not match: [batch, 784] x [batch, 784]
  scaled_dot_product_attention(F<2, 4, 5, 8>(), F<2, 4, 8, 5>(), F<2, 4, 5, 8>());  // <- matmul_error_inner_dimensions_do_not_match: scaled_dot_product_attention: needs query [.., l, e], key [.., s, e] and value [.., s, ev], got [2, 4, 5, 8], [2, 4, 8, 5] and [2, 4, 5, 8]
  max_pool2d<2>(x);  // <- shape_error_mismatch: max_pool2d: needs [batch, channels, 2 spatial dimensions] or the same without batch, got [batch, 784]
  conv2d(F<8, 3, 3, 3>(), image);  // <- window_error_no_output: conv2d: a window of 32 does not fit [8, 3, 3, 3] with padding 0
  reshape<batch, 28, 27>(x);  // <- reshape_error_incompatible: reshape: [batch, 784] does not have the elements of [batch, 28, 27]
  permute<0, 2, 3, 2>(image);  // <- permute_error_dimension_count_mismatch: permute: the dimensions (0, 2, 3, 2) are not those of [batch, 3, 32, 32], each once
  sum<1>(x, true);  // <- shape_error_mismatch: sum: keepdim belongs to the result: typed::keepdim in place of a bool
  max<1>(x, true);  // <- shape_error_mismatch: max: keepdim belongs to the result: typed::keepdim in place of a bool
  linalg::det(counts);  // <- dtype_error_requires: linalg.det: needs floating point or complex numbers, got int64
  linalg::qr(counts);  // <- dtype_error_requires: linalg.qr: needs floating point or complex numbers, got int64
  bitwise_and(scores, scores);  // <- dtype_error_requires: bitwise_and: needs integers or bool, got float32
  auto both = scores | scores;  // <- dtype_error_requires: bitwise_or: needs integers or bool, got float32
  topk<11>(scores);  // <- dimension_error_out_of_range: topk: dimension -1 of [batch, 10] has no 11 elements
  einsum<"ij,jk-ik">(F<2, 3>(), F<3, 2>());  // <- einsum_error_invalid_equation: einsum: letters, commas, `...` and one `->` are allowed: `ij,jk^-ik`
  rearrange<"b c (h p) w -> b c h p w", "q=4">(image);  // <- einops_error_undefined_axis: rearrange: a length is given for axis `q`, which `b c (h p) w -> b c h p w` does not have, did you mean `b`?
  rearrange<"batch c h w -> batch (c h w d)">(image);  // <- einops_error_undefined_axis: rearrange: axis `d` of the result is not in the operand: `batch c h w -> batch (c h w ^d)`, did you mean `c`?
  layer_norm<3, 32>(image);  // <- layer_error_wrong_input: layer_norm: needs an input that ends with [3, 32], got [batch, 3, 32, 32]
}
void chains() {
  typed::Sequential<typed::Input<F<batch, 3, 32, 32>>, typed::Conv2d<3, 8, 3>, typed::ReLU, typed::Linear<7200, 10>> unflattened;  // <- matmul_error_inner_dimensions_do_not_match: Linear: inner dimensions do not match: input [batch, 8, 30, 30] and weight [10, 7200] [out, in]
  typed::MultiheadAttention<64, 5> heads;  // <- MultiheadAttention: features are a multiple of heads
  typed::Conv2d<3, 8, 3, Window{.groups = 2}> grouped;
  grouped(F<batch, 3, 32, 32>());  // <- matmul_error_inner_dimensions_do_not_match: Conv2d: channels do not match: input [batch, 3, 32, 32] and weight [8, 1, 3, 3] in 2 groups
  conv2d<Window{.groups = 3}>(F<batch, 3, 32, 32>(), F<8, 1, 3, 3>());  // <- matmul_error_inner_dimensions_do_not_match: conv2d: channels do not match: input [batch, 3, 32, 32] and weight [8, 1, 3, 3] in 3 groups
  typed::GroupNorm<3, 8> norm;  // <- GroupNorm: channels are a multiple of groups
  Typed<float, Dims<2, -5>> counted;  // <- Typed: an extent is a number from 0, a name (dim) or dynamic
}
// Calls that no form takes: an argument left out, one too many, one of another kind, a value that belongs between < and >.
void calls(F<32, 784> x, F<784, 10> w, Tensor untyped, typed::Linear<784, 10>& linear, typed::MultiheadAttention<64, 4>& attention) {
  softmax(x);  // <- call_error_no_such_form: softmax: no form takes (float32[32, 784]); its typed forms: softmax<dim>(x)
  softmax<1>(untyped);  // <- call_error_no_such_form: softmax: no form takes <1>(Tensor); its typed forms: softmax<dim>(x)
  reshape<32>(x, 1);  // <- call_error_no_such_form: reshape: no form takes <32>(float32[32, 784], integer); its typed forms: reshape<sizes..>(x)
  permute(x, 1, 0);  // <- call_error_no_such_form: permute: no form takes (float32[32, 784], integer, integer); its typed forms: permute<dims..>(x)
  transpose(x);  // <- call_error_no_such_form: transpose: no form takes (float32[32, 784]); its typed forms: transpose<dim0, dim1>(x)
  topk(x);  // <- call_error_no_such_form: topk: no form takes (float32[32, 784]); its typed forms: topk<k, dim = -1>(x, largest = true, sorted = true)
  matmul(x);  // <- call_error_no_such_form: matmul: no form takes (float32[32, 784]); its typed forms: matmul(a, b)
  matmul(x, w, x);  // <- call_error_no_such_form: matmul: no form takes (float32[32, 784], float32[784, 10], float32[32, 784]); its typed forms: matmul(a, b)
  matmul(x, "w");  // <- call_error_no_such_form: matmul: no form takes (float32[32, 784], text); its typed forms: matmul(a, b)
  matmul(untyped);  // <- call_error_no_such_form: matmul: no form takes (Tensor); its typed forms: matmul(a, b)
  relu(x, 3);  // <- call_error_no_such_form: relu: no form takes (float32[32, 784], integer)
  add(x, x, "alpha");  // <- call_error_no_such_form: add: no form takes (float32[32, 784], float32[32, 784], text)
  x + "a";  // <- call_error_no_such_form: add: no form takes (float32[32, 784], text); its typed forms: tensor + tensor or number
  std::vector<float>() * x;  // <- call_error_no_such_form: mul: no form takes (std::vector<float>, float32[32, 784])
  cat<0>(x, untyped);  // <- call_error_no_such_form: cat: no form takes <0>(float32[32, 784], Tensor); its typed forms: cat<dim = 0>(a, b..)
  cross_entropy(x);  // <- call_error_no_such_form: cross_entropy: no form takes (float32[32, 784])
  linalg::qr(x, x);  // <- call_error_no_such_form: linalg.qr: no form takes (float32[32, 784], float32[32, 784])
  fft::rfft<1>(untyped);  // <- call_error_no_such_form: fft.rfft: no form takes <1>(Tensor)
  special::i1(x, 2);  // <- call_error_no_such_form: special.i1: no form takes (float32[32, 784], integer)
  einsum<"ij,jk->ik">(x, 3);  // <- call_error_no_such_form: einsum: no form takes <`ij,jk->ik`>(float32[32, 784], integer)
  einsum<"ij,jk->ik">();  // <- einsum_error_operand_count_mismatch: einsum: `ij,jk->ik` is for 2 operands, got 0
  rearrange(x);  // <- call_error_no_such_form: rearrange: no form takes (float32[32, 784])
  typed_cast<F<3>>(3);  // <- call_error_no_such_form: typed_cast: no form takes (integer); its typed forms: typed_cast<Typed<..>..>(tensor..)
  typed_cast<F<3>, F<3>>(untyped);  // <- call_error_no_such_form: typed_cast: no form takes (Tensor)
  linear(x, x);  // <- call_error_no_such_form: Linear: no form takes (float32[32, 784], float32[32, 784]); its typed forms: (input)
  linear();  // <- call_error_no_such_form: Linear: no form takes (); its typed forms: (input)
  linear("x");  // <- call_error_no_such_form: Linear: no form takes (text); its typed forms: (input)
  attention(x);  // <- call_error_no_such_form: MultiheadAttention: no form takes (float32[32, 784]); its typed forms: (query, key, value, options = {})
}
void devices(Typed<float, Dims<3>, typed::OnCPU> here, Typed<float, Dims<3>, typed::OnCUDA> there) {
  auto sum = here + there;  // <- device_error_requires: add: needs its operands on one device, got cpu and cuda
  typed::elements(there);  // <- device_error_requires: elements: needs a tensor on cpu, got one on cuda
}
}  // namespace app
