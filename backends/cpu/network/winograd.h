#pragma once
#include <cstdint>

#include "lazuli/core/tensor.h"

/// Convolutions of 3 x 3 windows, one place apart, of float32 images, which are taken with channels last, by Winograd's minimal filtering F(m x m, 3 x 3), m = 2 or 4
/// (Lavin and Gray, 2015, https://arxiv.org/abs/1509.09308): with n = m + 2, n^2 products of matrices over tiles of n x n, which take 2.25 (m = 2) or 4 (m = 4) times fewer
/// multiplications than the convolution itself.
///   y = A^T [(G w G^T) (B^T x B)] A elementwise over the n^2 places of a tile, summed over channels in between
/// For m = 4 the polynomials are taken at 0, +-sqrt(1/2), +-sqrt(2) and infinity, which keeps the rounding errors at about twice those of the sum itself.
namespace lazuli::cpu {

// Each says whether the convolution is one of these, of enough channels and places to gain by it, and then has done it; the arguments are those of the slots in core/slots/window_slots.h.
// `residual` (perhaps `out` itself, or undefined) is added, then what is negative becomes 0 where `relu`.
bool winograd(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Tensor& residual, bool relu, const Shape& stride,
              const Shape& padding, const Shape& dilation, int64_t groups);
bool winograd_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups);
bool winograd_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                              const Shape& dilation, int64_t groups);

constexpr int kMostResults = 16, kMostPlaces = 36;  // of a tile

/// What happens to a tile's results before they are stored.
struct WinogradEpilogue {
  const float* bias = nullptr;               // of the channels, or null
  const float* residual[kMostResults] = {};  // for each place, or null
  bool relu = false;
};
/// Transforms of one tile with m x m results, each of its places a row of `channels`; the n^2 results are `plane` apart. Lanes across the channels, which are a multiple of 16.
struct WinogradLoops {
  void (*input)(float* to, int64_t plane, const float* const* from, int64_t channels);  // B^T x B of n^2 places
  void (*output)(float* const* to, const float* from, int64_t plane, const WinogradEpilogue& epilogue,
                 int64_t channels);                                                        // A^T u A to m^2 places; null: not wanted
  void (*gradient)(float* to, int64_t plane, const float* const* from, int64_t channels);  // A g A^T of m^2 places, the transpose of that
  // Windows of 3 x 3 places, each a row of `channels`, which follow each other: G w G^T, and G^T u G.
  void (*weight)(float* to, int64_t plane, const float* windows, int64_t channels);
  void (*weight_gradient)(float* windows, const float* from, int64_t plane, int64_t channels);
};
const WinogradLoops& winograd_loops(int64_t m);

}  // namespace lazuli::cpu
