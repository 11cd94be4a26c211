#pragma once
#include <cstdint>

#include "lazuli/core/tensor.h"

/// Convolutions of 3 x 3 windows, one place apart, of float32 images, which are taken with channels last, by Winograd's minimal filtering F(2 x 2, 3 x 3) (Lavin and Gray, 2015, https://arxiv.org/abs/1509.09308):
/// 16 products of matrices over tiles of 4 x 4, which take 2.25 times fewer multiplications than the convolution itself.
///   y = A^T [(G w G^T) (B^T x B)] A elementwise over the 16 places of a tile, summed over channels in between
namespace lazuli::cpu {

// Each says whether the convolution is one of these, of enough channels and places to gain by it, and then has done it; the arguments are those of the slots in core/slots/window_slots.h.
// `residual` (perhaps `out` itself, or undefined) is added, then what is negative becomes 0 where `relu`.
bool winograd(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Tensor& residual, bool relu, const Shape& stride,
              const Shape& padding, const Shape& dilation, int64_t groups);
bool winograd_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups);
bool winograd_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                              const Shape& dilation, int64_t groups);

/// What happens to a tile's results before they are stored.
struct WinogradEpilogue {
  const float* bias = nullptr;    // of the channels, or null
  const float* residual[4] = {};  // for each place, or null
  bool relu = false;
};
/// Transforms of one tile, each of its places a row of `channels`; the 16 results are `plane` apart. Lanes across the channels, which are a multiple of 16.
struct WinogradLoops {
  void (*input)(float* to, int64_t plane, const float* const from[16], int64_t channels);  // B^T x B
  void (*output)(float* const to[4], const float* from, int64_t plane, const WinogradEpilogue& epilogue,
                 int64_t channels);                                                          // A^T m A; null: not wanted
  void (*gradient)(float* to, int64_t plane, const float* const from[4], int64_t channels);  // A g A^T, the transpose of that
};
const WinogradLoops& winograd_loops();

}  // namespace lazuli::cpu
