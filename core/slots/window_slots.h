#pragma once
#include "lazuli/core/kernel.h"
#include "lazuli/core/slots/codes.h"

/// The slots of windows that slide over images: convolution and pooling. core/slots.h tells what holds for all slots.
///
/// Images are [n, channels, spatial..] of one to three spatial dimensions, and kernel, stride, padding and dilation have one entry for each of these. The window of
/// output place o reads the input places o * stride - padding + k * dilation for k in [0, kernel). Padding is that before the first place; how far the windows reach
/// behind the last one follows from the sizes.
namespace [[gnu::visibility("default")]] lazuli {

// out[n, o, ..] = bias[o] + sum over c and k of in[n, c, window] weight[o, c, k..], 0 where there is no input; in each group of channels by itself. weight
// [o, c / groups, k..], bias [o] or undefined. All of one dtype, any but bool.
inline constinit Kernel<void(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups)>
    convolution_kernel{"convolution"};
// The same with what follows it in a network that is not trained: out = activation(convolution + residual), residual of out's sizes, perhaps out itself, or undefined; activation
// any operator that keeps the dtype, with its parameters, Positive for none. Floating point; halves may be rounded in between. A NaN may come out of Relu and Relu6 as 0.
inline constinit Kernel<void(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Tensor& residual, UnaryOp activation,
                             Params p, const Shape& stride, const Shape& padding, const Shape& dilation, int64_t groups)>
    convolution_fused_kernel{"convolution_fused"};
// Its gradients, without complex conjugation. The first is also the transposed convolution of `grad`.
inline constinit Kernel<void(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups)>
    convolution_backward_input_kernel{"convolution_backward_input"};
inline constinit Kernel<void(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups)>
    convolution_backward_weight_kernel{"convolution_backward_weight"};

// The greatest element of each window, and (int64, or undefined) its place in the input's flattened spatial dimensions: of equal ones the first, of several NaN the last.
// kernel empty: adaptive, the window of place o of n is [floor(o * size / n), ceil((o + 1) * size / n)). Any real dtype.
inline constinit Kernel<void(Tensor& out, Tensor& indices, const Tensor& in, const Shape& kernel, const Shape& stride, const Shape& padding,
                             const Shape& dilation)>
    max_pool_kernel{"max_pool"};
// grad_in [n, channels, spatial..] is 0 but for the sums of the elements of grad at those places; floating point.
inline constinit Kernel<void(Tensor& grad_in, const Tensor& grad, const Tensor& indices)> max_pool_backward_kernel{"max_pool_backward"};
// The mean of each window: the sum of what lies in the input, divided by `divisor`, or where that is 0 by the number of places, with those in the padding where they are to
// be counted (of either side, not beyond). Adaptive as above. Any real dtype but bool; integers are divided towards 0.
inline constinit Kernel<void(Tensor& out, const Tensor& in, const Shape& kernel, const Shape& stride, const Shape& padding, bool count_padding,
                             int64_t divisor)>
    average_pool_kernel{"average_pool"};
// Its gradient; floating point.
inline constinit Kernel<void(Tensor& grad_in, const Tensor& grad, const Shape& kernel, const Shape& stride, const Shape& padding, bool count_padding,
                             int64_t divisor)>
    average_pool_backward_kernel{"average_pool_backward"};

}  // namespace lazuli
