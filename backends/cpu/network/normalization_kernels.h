#pragma once
#include <cstdint>

#include "lazuli/backends/cpu/element_types.h"

/// Loops of layer norm and batch norm over dense memory, one thread each; T: the elements, C: what is computed with.
namespace lazuli::cpu {

template <class T>
struct LayerNormLoops {
  using C = Compute<T>;
  // rows of n; mean null: RMS norm (rstd of the raw squares); weight and bias may be null
  void (*forward)(T* out, C* mean, C* rstd, const T* in, const C* weight, const C* bias, int64_t rows, int64_t n, double eps);
  // grad_in may be null; sum_weight and sum_bias [n] (double, may be null) take in these rows' sums of grad * xhat and of grad; scratch: 2 n of C
  void (*backward)(T* grad_in, double* sum_weight, double* sum_bias, const T* grad, const T* in, const C* mean, const C* rstd, const C* weight,
                   int64_t rows, int64_t n, C* scratch);
};

/// At most so many columns at once, so that their parameters stay on the stack.
inline constexpr int64_t kNormTile = 512;

/// "column": rows of `width` <= kNormTile channels, `stride` apart, a value per channel in each array.
/// "segment": `count` runs of `l` elements of one channel, `stride` apart.
template <class T>
struct BatchNormLoops {
  using C = Compute<T>;
  struct Pair {
    double first, second;
  };
  // mean and sum of squared deviations
  void (*column_stats)(const T* in, int64_t rows, int64_t stride, int64_t width, C* mean, C* m2);
  Pair (*segment_stats)(const T* in, int64_t count, int64_t stride, int64_t l);
  // out = (in - mean) * scale + shift
  void (*column_affine)(T* out, const T* in, int64_t rows, int64_t stride, int64_t width, const C* mean, const C* scale, const C* shift);
  void (*segment_affine)(T* out, const T* in, int64_t count, int64_t stride, int64_t l, C mean, C scale, C shift);
  // out = max(the same + residual, 0); residual may be null
  void (*column_affine_relu)(T* out, const T* in, const T* residual, int64_t rows, int64_t stride, int64_t width, const C* mean, const C* scale,
                             const C* shift);
  void (*segment_affine_relu)(T* out, const T* in, const T* residual, int64_t l, C mean, C scale, C shift);
  // sum(grad), sum(grad * (in - mean))
  void (*column_grad_sums)(const T* grad, const T* in, int64_t rows, int64_t stride, int64_t width, const C* mean, C* sum, C* sum_deviation);
  Pair (*segment_grad_sums)(const T* grad, const T* in, int64_t count, int64_t stride, int64_t l, C mean);
  // masked = grad where out > 0 or a NaN, else 0, and its sums as above
  void (*column_relu_sums)(T* masked, const T* grad, const T* out, const T* in, int64_t rows, int64_t stride, int64_t width, const C* mean, C* sum,
                           C* sum_deviation);
  Pair (*segment_relu_sums)(T* masked, const T* grad, const T* out, const T* in, int64_t count, int64_t stride, int64_t l, C mean);
  // grad_in = a * (grad - b - c * (in - mean)); grad_in may be grad
  void (*column_grad_in)(T* grad_in, const T* grad, const T* in, int64_t rows, int64_t stride, int64_t width, const C* mean, const C* a, const C* b,
                         const C* c);
  void (*segment_grad_in)(T* grad_in, const T* grad, const T* in, int64_t count, int64_t stride, int64_t l, C mean, C a, C b, C c);
  // grad_in = a * grad - b - c * (in - mean), of one run
  void (*segment_group_grad_in)(T* grad_in, const T* grad, const T* in, int64_t l, C mean, C a, C b, C c);
};

/// The loops for this machine's instruction set.
template <class T>
const LayerNormLoops<T>& layer_norm_loops();
template <class T>
const BatchNormLoops<T>& batch_norm_loops();

}  // namespace lazuli::cpu
