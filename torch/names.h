#pragma once
#include "lazuli/torch/linalg.h"

/// Functions under the names that ATen has for them: those of fft, special and linalg with these words in front, paddings and interpolations one for each number of dimensions, and results that
/// a plainer name gives.
namespace torch {

// One function of a namespace of the library's under its name with that namespace's in front.
#define LAZULI_TORCH_NAMED(space, name)                                                                 \
  template <class... A>                                                                                 \
  auto space##_##name(A&&... arguments)->decltype(lazuli::space::name(std::forward<A>(arguments)...)) { \
    return lazuli::space::name(std::forward<A>(arguments)...);                                          \
  }
LAZULI_TORCH_NAMED(fft, fft)
LAZULI_TORCH_NAMED(fft, fftfreq)
LAZULI_TORCH_NAMED(fft, fftshift)
LAZULI_TORCH_NAMED(fft, hfft)
LAZULI_TORCH_NAMED(fft, ifft)
LAZULI_TORCH_NAMED(fft, ifftshift)
LAZULI_TORCH_NAMED(fft, ihfft)
LAZULI_TORCH_NAMED(fft, irfft)
LAZULI_TORCH_NAMED(fft, rfft)
LAZULI_TORCH_NAMED(fft, rfftfreq)

LAZULI_TORCH_NAMED(special, airy_ai)
LAZULI_TORCH_NAMED(special, bessel_j0)
LAZULI_TORCH_NAMED(special, bessel_j1)
LAZULI_TORCH_NAMED(special, bessel_y0)
LAZULI_TORCH_NAMED(special, bessel_y1)
LAZULI_TORCH_NAMED(special, chebyshev_polynomial_t)
LAZULI_TORCH_NAMED(special, chebyshev_polynomial_u)
LAZULI_TORCH_NAMED(special, chebyshev_polynomial_v)
LAZULI_TORCH_NAMED(special, chebyshev_polynomial_w)
LAZULI_TORCH_NAMED(special, digamma)
LAZULI_TORCH_NAMED(special, entr)
LAZULI_TORCH_NAMED(special, erf)
LAZULI_TORCH_NAMED(special, erfc)
LAZULI_TORCH_NAMED(special, erfcx)
LAZULI_TORCH_NAMED(special, erfinv)
LAZULI_TORCH_NAMED(special, exp2)
LAZULI_TORCH_NAMED(special, expit)
LAZULI_TORCH_NAMED(special, expm1)
LAZULI_TORCH_NAMED(special, gammainc)
LAZULI_TORCH_NAMED(special, gammaincc)
LAZULI_TORCH_NAMED(special, gammaln)
LAZULI_TORCH_NAMED(special, hermite_polynomial_h)
LAZULI_TORCH_NAMED(special, hermite_polynomial_he)
LAZULI_TORCH_NAMED(special, i0)
LAZULI_TORCH_NAMED(special, i0e)
LAZULI_TORCH_NAMED(special, i1)
LAZULI_TORCH_NAMED(special, i1e)
LAZULI_TORCH_NAMED(special, laguerre_polynomial_l)
LAZULI_TORCH_NAMED(special, legendre_polynomial_p)
LAZULI_TORCH_NAMED(special, log1p)
LAZULI_TORCH_NAMED(special, log_ndtr)
LAZULI_TORCH_NAMED(special, logit)
LAZULI_TORCH_NAMED(special, modified_bessel_i0)
LAZULI_TORCH_NAMED(special, modified_bessel_i1)
LAZULI_TORCH_NAMED(special, modified_bessel_k0)
LAZULI_TORCH_NAMED(special, modified_bessel_k1)
LAZULI_TORCH_NAMED(special, multigammaln)
LAZULI_TORCH_NAMED(special, ndtr)
LAZULI_TORCH_NAMED(special, ndtri)
LAZULI_TORCH_NAMED(special, polygamma)
LAZULI_TORCH_NAMED(special, psi)
LAZULI_TORCH_NAMED(special, scaled_modified_bessel_k0)
LAZULI_TORCH_NAMED(special, scaled_modified_bessel_k1)
LAZULI_TORCH_NAMED(special, shifted_chebyshev_polynomial_t)
LAZULI_TORCH_NAMED(special, shifted_chebyshev_polynomial_u)
LAZULI_TORCH_NAMED(special, shifted_chebyshev_polynomial_v)
LAZULI_TORCH_NAMED(special, shifted_chebyshev_polynomial_w)
LAZULI_TORCH_NAMED(special, sinc)
LAZULI_TORCH_NAMED(special, spherical_bessel_j0)
LAZULI_TORCH_NAMED(special, xlog1py)
LAZULI_TORCH_NAMED(special, xlogy)
LAZULI_TORCH_NAMED(special, zeta)

LAZULI_TORCH_NAMED(linalg, householder_product)
LAZULI_TORCH_NAMED(linalg, ldl_factor)
LAZULI_TORCH_NAMED(linalg, ldl_factor_ex)
LAZULI_TORCH_NAMED(linalg, ldl_solve)
LAZULI_TORCH_NAMED(linalg, lu_factor_ex)
LAZULI_TORCH_NAMED(linalg, lu_solve)
LAZULI_TORCH_NAMED(linalg, solve_ex)
LAZULI_TORCH_NAMED(linalg, tensorinv)
LAZULI_TORCH_NAMED(linalg, tensorsolve)
LAZULI_TORCH_NAMED(linalg, vander)

#undef LAZULI_TORCH_NAMED
/// The library's, but with results in tuples and tolerances by position.
namespace linalg {
using namespace lazuli::linalg;
#define LAZULI_TORCH_LINALG(name)                              \
  template <class... A>                                        \
  auto name(const Tensor& self, A&&... arguments) {            \
    return linalg_##name(self, std::forward<A>(arguments)...); \
  }
LAZULI_TORCH_LINALG(inv_ex)
LAZULI_TORCH_LINALG(pinv)
LAZULI_TORCH_LINALG(matrix_rank)
LAZULI_TORCH_LINALG(slogdet)
LAZULI_TORCH_LINALG(lstsq)
LAZULI_TORCH_LINALG(lu)
LAZULI_TORCH_LINALG(lu_factor)
LAZULI_TORCH_LINALG(qr)
LAZULI_TORCH_LINALG(eig)
LAZULI_TORCH_LINALG(eigh)
LAZULI_TORCH_LINALG(svd)
#undef LAZULI_TORCH_LINALG
inline Tensor norm(const Tensor& A, const NormOrder& ord = {}, const lazuli::DimList& dim = {}, bool keepdim = false,
                   std::optional<DType> dtype = {}) {
  return linalg_norm(A, ord, dim, keepdim, dtype);
}
}  // namespace linalg
namespace special {
using namespace lazuli::special;
}
inline Tensor special_softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype = {}) { return lazuli::softmax(self, dim, dtype); }
inline Tensor special_log_softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype = {}) { return lazuli::log_softmax(self, dim, dtype); }
inline Tensor special_logsumexp(const Tensor& self, const lazuli::DimList& dim, bool keepdim = false) {
  return lazuli::logsumexp(self, dim, keepdim);
}
inline Tensor linalg_diagonal(const Tensor& A, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) {
  return lazuli::diagonal(A, offset, dim1, dim2);
}

#define LAZULI_TORCH_PADS(rank)                                                                                                  \
  inline Tensor reflection_pad##rank(const Tensor& self, const Shape& padding) { return lazuli::pad(self, padding, "reflect"); } \
  inline Tensor replication_pad##rank(const Tensor& self, const Shape& padding) { return lazuli::pad(self, padding, "replicate"); }
LAZULI_TORCH_PADS(1d)
LAZULI_TORCH_PADS(2d)
LAZULI_TORCH_PADS(3d)
#undef LAZULI_TORCH_PADS

#define LAZULI_TORCH_NEAREST(rank)                                                      \
  inline Tensor upsample_nearest##rank(const Tensor& input, const Shape& output_size) { \
    return lazuli::interpolate(input, {.size = output_size, .mode = "nearest"});        \
  }
LAZULI_TORCH_NEAREST(1d)
LAZULI_TORCH_NEAREST(2d)
LAZULI_TORCH_NEAREST(3d)
#undef LAZULI_TORCH_NEAREST
#define LAZULI_TORCH_UPSAMPLE(name, kind)                                                                   \
  inline Tensor upsample_##name(const Tensor& input, const Shape& output_size, bool align_corners) {        \
    return lazuli::interpolate(input, {.size = output_size, .mode = kind, .align_corners = align_corners}); \
  }
LAZULI_TORCH_UPSAMPLE(linear1d, "linear")
LAZULI_TORCH_UPSAMPLE(bilinear2d, "bilinear")
LAZULI_TORCH_UPSAMPLE(bicubic2d, "bicubic")
LAZULI_TORCH_UPSAMPLE(trilinear3d, "trilinear")
#undef LAZULI_TORCH_UPSAMPLE
inline Tensor im2col(const Tensor& self, const Shape& kernel_size, const Shape& dilation, const Shape& padding, const Shape& stride) {
  return lazuli::unfold(self, kernel_size, dilation, padding, stride);
}
inline Tensor col2im(const Tensor& self, const Shape& output_size, const Shape& kernel_size, const Shape& dilation, const Shape& padding,
                     const Shape& stride) {
  return lazuli::fold(self, output_size, kernel_size, dilation, padding, stride);
}

inline Tensor empty(const Shape& sizes, const TensorOptions& options, std::optional<MemoryFormat> memory_format) {
  return lazuli::empty(sizes, options).contiguous(memory_format.value_or(MemoryFormat::Contiguous));
}
inline Tensor log_sigmoid(const Tensor& self) { return lazuli::logsigmoid(self); }
inline int64_t numel(const Tensor& self) { return self.numel(); }
inline std::vector<Tensor> nonzero_numpy(const Tensor& self) { return lazuli::where(self); }
inline std::vector<Tensor> unsafe_chunk(const Tensor& self, int64_t chunks, int64_t dim = 0) { return lazuli::chunk(self, chunks, dim); }
inline std::vector<Tensor> unsafe_split(const Tensor& self, int64_t size, int64_t dim = 0) { return lazuli::split(self, size, dim); }
inline Tensor pad_sequence(const std::vector<Tensor>& sequences, bool batch_first = false, double padding_value = 0) {
  return lazuli::nn::utils::rnn::pad_sequence(sequences, batch_first, padding_value);
}
/// The distinct elements, or slices along `dim`; where each element is among them, and how often each is there, where asked for.
inline std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool sorted = true, bool return_inverse = false) {
  auto [distinct, inverse, counts] = lazuli::unique(self, {.sorted = sorted, .return_inverse = return_inverse});
  return {distinct, inverse};
}
inline std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool sorted = true, bool return_inverse = false, bool return_counts = false) {
  auto [distinct, inverse, counts] = lazuli::unique(self, {.sorted = sorted, .return_inverse = return_inverse, .return_counts = return_counts});
  return {distinct, inverse, counts};
}
inline std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& self, int64_t dim, bool sorted = true, bool return_inverse = false,
                                                     bool return_counts = false) {
  auto [distinct, inverse, counts] =
      lazuli::unique(self, {.sorted = sorted, .return_inverse = return_inverse, .return_counts = return_counts, .dim = dim});
  return {distinct, inverse, counts};
}
inline Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin, double p = 2,
                                  double eps = 1e-6, bool swap = false, Reduction reduction = Reduction::Mean) {
  return lazuli::triplet_margin_loss(anchor, positive, negative, {.margin = margin, .p = p, .eps = eps, .swap = swap, .reduction = reduction});
}
using lazuli::add_out, lazuli::div_out, lazuli::mul_out, lazuli::sub_out;
namespace detail {
/// `result` in `out`, which takes its sizes.
inline Tensor& put_into(Tensor& out, const Tensor& result) {
  if (out.sizes() != result.sizes()) out.resize_(result.sizes());
  return out.copy_(result), out;
}
}  // namespace detail
// NAME_out(out, arguments of NAME...)
#define LAZULI_TORCH_OUT(name)                                                 \
  template <class... A>                                                        \
  Tensor& name##_out(Tensor& out, A&&... arguments) {                          \
    return detail::put_into(out, lazuli::name(std::forward<A>(arguments)...)); \
  }
LAZULI_TORCH_OUT(abs)
LAZULI_TORCH_OUT(exp)
LAZULI_TORCH_OUT(sqrt)
LAZULI_TORCH_OUT(sin)
LAZULI_TORCH_OUT(cos)
LAZULI_TORCH_OUT(log)
LAZULI_TORCH_OUT(tanh)
LAZULI_TORCH_OUT(sigmoid)
LAZULI_TORCH_OUT(neg)
LAZULI_TORCH_OUT(pow)
LAZULI_TORCH_OUT(clamp)
LAZULI_TORCH_OUT(mm)
LAZULI_TORCH_OUT(bmm)
LAZULI_TORCH_OUT(mv)
LAZULI_TORCH_OUT(matmul)
LAZULI_TORCH_OUT(addmm)
LAZULI_TORCH_OUT(baddbmm)
LAZULI_TORCH_OUT(sum)
LAZULI_TORCH_OUT(mean)
LAZULI_TORCH_OUT(index_select)
LAZULI_TORCH_OUT(gather)
LAZULI_TORCH_OUT(minimum)
LAZULI_TORCH_OUT(maximum)
#undef LAZULI_TORCH_OUT
inline Tensor& cat_out(Tensor& out, const std::vector<Tensor>& tensors, int64_t dim = 0) { return detail::put_into(out, lazuli::cat(tensors, dim)); }
inline Tensor& stack_out(Tensor& out, const std::vector<Tensor>& tensors, int64_t dim = 0) {
  return detail::put_into(out, lazuli::stack(tensors, dim));
}
/// libtorch's order: `stable` first.
template <std::same_as<bool> Stable>
std::tuple<Tensor, Tensor> sort(const Tensor& self, Stable stable, int64_t dim = -1, bool descending = false) {
  return self.sort(stable, dim, descending);
}
template <std::same_as<bool> Stable>
Tensor argsort(const Tensor& self, Stable stable, int64_t dim = -1, bool descending = false) {
  return self.argsort(stable, dim, descending);
}

}  // namespace torch
