#pragma once
#include <span>

#include "lazuli/core/kernel.h"
#include "lazuli/core/slots/codes.h"

/// The kernel slots: all that a backend may implement. Each comment is the contract. Common to all: outputs are allocated, of the stated shape and dtype,
/// inputs may have any strides (0 where broadcast) unless "contiguous" is said; `n`-d shapes agree as stated; an output never overlaps an input except
/// where it is exactly the same elements (in place).
/// Visible whatever a plugin is compiled with: program and plugin share each slot.
namespace [[gnu::visibility("default")]] lazuli {

// out (any strides) = value, cast. Bytes are set whatever was there.
inline constinit Kernel<void(Tensor& out, const Scalar& value)> fill_kernel{"fill"};
// out = in, same sizes, any strides, any two dtypes of the same device (complex to real drops the imaginary part).
inline constinit Kernel<void(Tensor& out, const Tensor& in)> copy_kernel{"copy"};

// out = op(a), elementwise; a has out's sizes and the compute dtype (out differs only where the list of ops says so).
inline constinit Kernel<void(UnaryOp op, Tensor& out, const Tensor& a, Params p)> unary_kernel{"unary"};
// out = a op b; a and b have out's sizes (stride 0 where broadcast) and one dtype; out the same, or bool.
inline constinit Kernel<void(BinaryOp op, Tensor& out, const Tensor& a, const Tensor& b, Params p)> binary_kernel{"binary"};
// The same with a number at every place of one operand: number op a where `number_first`, else a op number. It is used in a's dtype, beside halves in float32, and so is what comes
// out until it is stored. The operators of the table that have no parameters.
inline constinit Kernel<void(BinaryOp op, Tensor& out, const Tensor& a, const Scalar& number, bool number_first)> binary_number_kernel{
    "binary_number"};
// The same as binary for three inputs (a of Where: bool).
inline constinit Kernel<void(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, Params p)> ternary_kernel{"ternary"};
// The same with numbers, at every place, for the undefined one or two of b and c, in out's dtype; beside halves a number counts as float32, but for Where. The operators of the
// table that have no parameters.
inline constinit Kernel<void(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& number_b,
                             const Scalar& number_c)>
    ternary_number_kernel{"ternary_number"};

// Reduces the dimensions where out has size 1 and `in` need not (out keeps the rank); Mean divides by the count; accumulates in float32 or wider
// (float64 for float64, int64 for integers). An empty reduction gives the identity (0, 1, false, true, NaN for Mean, -inf for LogSumExp).
inline constinit Kernel<void(ReduceOp op, Tensor& out, const Tensor& in)> reduce_kernel{"reduce"};
// out (int64, size 1 at dim): index of the first extreme along dim; a NaN is the extreme of all. `values`, where defined, gets the element.
inline constinit Kernel<void(ArgReduceOp op, Tensor& out, Tensor& values, const Tensor& in, int64_t dim)> arg_reduce_kernel{"arg_reduce"};
// Mean and sum of squared deviations (two passes or Welford) over the dimensions where `mean` has size 1; var = m2 / max(0, count - correction).
inline constinit Kernel<void(Tensor& var, Tensor& mean, const Tensor& in, double correction)> var_mean_kernel{"var_mean"};
// Running op along dim; `indices` (int64) for Max and Min only, else undefined.
inline constinit Kernel<void(ScanOp op, Tensor& out, Tensor& indices, const Tensor& in, int64_t dim)> scan_kernel{"scan"};

// out = beta * out + alpha * a @ b (+ bias, 1-d over n, where defined). a [batch.., m, k], b [batch.., k, n], out [batch.., m, n], at most one batch dimension
// (rank 2 or 3, equal batch; strides arbitrary: transposed operands come as strides). All of one dtype, any dtype but bool.
inline constinit Kernel<void(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha)> matmul_kernel{"matmul"};
// The same with what follows it in a network: out = activation(a @ b + bias), any operator that keeps the dtype, Positive for none; or, where `other` (of out's sizes) is defined,
// (a @ b + bias) op other, as the gradients of activations are. Bit for bit what the slots by themselves give. out is none of the inputs.
inline constinit Kernel<void(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, UnaryOp activation, const Tensor& other, BinaryOp op,
                             Params p)>
    matmul_fused_kernel{"matmul_fused"};

// Softmax over `dim` (log: log_softmax), floating point; and its gradient from the result.
inline constinit Kernel<void(Tensor& out, const Tensor& in, int64_t dim, bool log)> softmax_kernel{"softmax"};
inline constinit Kernel<void(Tensor& grad_in, const Tensor& grad, const Tensor& out, int64_t dim, bool log)> softmax_backward_kernel{
    "softmax_backward"};

// Normalises the last dimension of the contiguous `in` [rows, n]; weight and bias [n] or undefined; mean and rstd [rows] in float32 (float64 for float64). rms: no mean.
inline constinit Kernel<void(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, double eps)>
    layer_norm_kernel{"layer_norm"};
// Any of the three outputs may be undefined.
inline constinit Kernel<void(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                             const Tensor& rstd, const Tensor& weight)>
    layer_norm_backward_kernel{"layer_norm_backward"};

// Batch norm over channels (dim 1) of in [n, c, spatial..] seen as [n, c, l]. Training: mean and rstd [c] of the batch are written, running ones updated where
// defined (unbiased variance). Evaluation (training false): the running ones are used. weight and bias may be undefined.
inline constinit Kernel<void(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias,
                             Tensor& running_mean, Tensor& running_var, bool training, double momentum, double eps)>
    batch_norm_kernel{"batch_norm"};
// Any of the three outputs may be undefined. Evaluation: mean and rstd are those of the running statistics.
inline constinit Kernel<void(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                             const Tensor& rstd, const Tensor& weight, bool training)>
    batch_norm_backward_kernel{"batch_norm_backward"};

// out[i.., j, k..] = in[i.., index[j], k..] along dim; index 1-d int64 or int32, checked by the kernel: throws Error (Index).
inline constinit Kernel<void(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index)> index_select_kernel{"index_select"};
// self[i.., index[j], k..] op= source[i.., j, k..]; in order of j, so that the result does not depend on threads.
inline constinit Kernel<void(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, double alpha)> index_add_kernel{
    "index_add"};
// out[i][j][k] = in[i][index[i][j][k]][k] for dim 1 and so on; index int64 of out's sizes.
inline constinit Kernel<void(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index)> gather_kernel{"gather"};
// The reverse: self[i][index[i][j][k]][k] op= source[i][j][k], in index order.
inline constinit Kernel<void(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source)> scatter_kernel{"scatter"};
// Advanced indexing: out has the sizes [index sizes.., rest..]; `in` has its indexed dimensions first, as many as there are indices; indices are int64, broadcast to one shape,
// negative values count from the end; checked: throws Error (Index).
inline constinit Kernel<void(Tensor& out, const Tensor& in, std::span<const Tensor> indices)> index_kernel{"index"};
// The reverse: self[indices] = or += values; repeated indices: the last wins, or all are added in order.
inline constinit Kernel<void(Tensor& self, std::span<const Tensor> indices, const Tensor& values, bool accumulate)> index_put_kernel{"index_put"};
// Adds `grad` (the sizes of a strided view of out with the given strides and offset) into the contiguous out; the view may overlap itself.
inline constinit Kernel<void(Tensor& out, const Tensor& grad, const Shape& strides, int64_t offset)> as_strided_backward_kernel{
    "as_strided_backward"};
// Number of elements that are not zero (count: 0-d int64), then their indices (out [count, rank] int64), row-major order.
inline constinit Kernel<void(Tensor& count, const Tensor& in)> count_nonzero_kernel{"count_nonzero"};
inline constinit Kernel<void(Tensor& out, const Tensor& in)> nonzero_kernel{"nonzero"};
// Sorted copies along dim, stable; NaN is the greatest. indices int64.
inline constinit Kernel<void(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool descending)> sort_kernel{"sort"};
// The k (= values' size at dim) greatest or least along dim, sorted, ties in any order that is the same each time.
inline constinit Kernel<void(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool largest)> topk_kernel{"topk"};
// out (int64 or int32) = first position in the sorted last dimension of `sorted` (1-d, or with the leading sizes of values) that keeps it sorted; right: the last such.
inline constinit Kernel<void(Tensor& out, const Tensor& sorted, const Tensor& values, bool right)> searchsorted_kernel{"searchsorted"};
// out [bins] += weights (or 1) at each of the non-negative integers of `in`; 1-d.
inline constinit Kernel<void(Tensor& out, const Tensor& in, const Tensor& weights)> bincount_kernel{"bincount"};
// Keeps the elements with column - row <= diagonal (lower) or >= diagonal (upper) of the last two dimensions; zeros elsewhere.
inline constinit Kernel<void(Tensor& out, const Tensor& in, int64_t diagonal, bool upper)> triangle_kernel{"triangle"};
// out[i] = start + i * step, in double (int64 for integers); contiguous 1-d.
inline constinit Kernel<void(Tensor& out, const Scalar& start, const Scalar& step)> arange_kernel{"arange"};

// Random numbers into the contiguous out.
inline constinit Kernel<void(RandomOp op, Tensor& out, double p0, double p1, const PhiloxState& state)> random_kernel{"random"};
// out (int64, 1-d): a random permutation of 0..n-1.
inline constinit Kernel<void(Tensor& out, const PhiloxState& state)> randperm_kernel{"randperm"};
// mask (bool) = uniform >= p; out = in * mask / (1 - p). All contiguous and of one size.
inline constinit Kernel<void(Tensor& out, Tensor& mask, const Tensor& in, double p, const PhiloxState& state)> dropout_kernel{"dropout"};

// grad_weight [vocabulary, d] (zeroed here) += grad [n, d] at rows index [n]; padding_index < 0: none; scale_by_frequency divides by the count of each index.
inline constinit Kernel<void(Tensor& grad_weight, const Tensor& grad, const Tensor& index, int64_t padding_index, bool scale_by_frequency)>
    embedding_backward_kernel{"embedding_backward"};

// Cross entropy of logits [n, c] with class targets [n] (int64): losses [n] = -weight[t] * (log_softmax(logits)[t] mixed with smoothing), 0 where t == ignore_index;
// log_sum [n] keeps log(sum(exp(row))) for the gradient. weight [c] or undefined.
inline constinit Kernel<void(Tensor& losses, Tensor& log_sum, const Tensor& logits, const Tensor& target, const Tensor& weight, int64_t ignore_index,
                             double smoothing)>
    cross_entropy_kernel{"cross_entropy"};
// grad_logits from the gradients [n] of the losses.
inline constinit Kernel<void(Tensor& grad_logits, const Tensor& grad, const Tensor& log_sum, const Tensor& logits, const Tensor& target,
                             const Tensor& weight, int64_t ignore_index, double smoothing)>
    cross_entropy_backward_kernel{"cross_entropy_backward"};

// One pass over parameter, gradient and state, all of one size and contiguous (momentum_buffer undefined without momentum; max_square without amsgrad).
inline constinit Kernel<void(Tensor& parameter, const Tensor& grad, Tensor& momentum_buffer, const SgdOptions& options)> sgd_kernel{"sgd"};
inline constinit Kernel<void(Tensor& parameter, const Tensor& grad, Tensor& average, Tensor& average_square, Tensor& max_square,
                             const AdamOptions& options)>
    adam_kernel{"adam"};

}  // namespace lazuli
