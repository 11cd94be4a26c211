#pragma once
#include "lazuli/ops/fft/fft.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/fft.h"

/// Fourier transforms of typed tensors.
namespace lazuli {

namespace typed {
constexpr DType complexes(DType t) { return complex_dtype(floating(t)); }
constexpr DType reals(DType t) { return real_dtype(floating(t)); }
template <rules::Spectrum spectrum>
using SpectrumType = std::integral_constant<rules::Spectrum, spectrum>;
template <Text op, DType dtype, AnyTyped A, int64_t n, int64_t dim, rules::Spectrum spectrum>
struct Transformed : Unary<op, dtype, &rules::fft, A, Number<n>, Number<dim>, SpectrumType<spectrum>> {};
template <Text op, DType dtype, AnyTyped A, class Sizes, class Over, rules::Spectrum spectrum>
struct TransformedAll : Unary<op, dtype, &rules::fftn, A, Sizes, Over, SpectrumType<spectrum>> {};
template <int64_t n>
std::optional<int64_t> optional_size() {
  return n > 0 ? std::optional<int64_t>(n) : std::nullopt;
}
template <class List>
std::optional<lazuli::Shape> optional_list() {
  return List::rank ? std::optional<lazuli::Shape>(list_of<List>()) : std::nullopt;
}
}  // namespace typed

namespace fft {

/// rfft<n, dim>(x, norm): n 0, those that are there.
#define LAZULI_TYPED_FFT(name, dtype, spectrum)                                                                                                   \
  LAZULI_TYPED_FUNCTION(name, (int64_t n = 0, int64_t dim = -1, typed::AnyTyped A),                                                               \
                        (typed::Transformed<"fft." #name, typed::dtype(typed::dtype_of_tensor<A>), A, n, dim, typed::rules::Spectrum::spectrum>), \
                        (const A& a, const std::optional<std::string>& norm = {}),                                                                \
                        fft::name(typed::untyped(a), {typed::optional_size<n>(), dim, norm}))
LAZULI_TYPED_FFT(fft, complexes, whole);
LAZULI_TYPED_FFT(ifft, complexes, whole);
LAZULI_TYPED_FFT(rfft, complexes, half);
LAZULI_TYPED_FFT(irfft, reals, back);
LAZULI_TYPED_FFT(hfft, reals, back);
LAZULI_TYPED_FFT(ihfft, complexes, half);
#undef LAZULI_TYPED_FFT

/// fftn<typed::Ints<sizes..>, typed::Ints<dims..>>(x, norm), both perhaps empty.
#define LAZULI_TYPED_FFT(name, dtype, spectrum)                                                                                         \
  LAZULI_TYPED_FUNCTION(                                                                                                                \
      name, (class Sizes = typed::Ints<>, class Over = typed::Ints<>, typed::AnyTyped A),                                               \
      (typed::TransformedAll<"fft." #name, typed::dtype(typed::dtype_of_tensor<A>), A, Sizes, Over, typed::rules::Spectrum::spectrum>), \
      (const A& a, const std::optional<std::string>& norm = {}),                                                                        \
      fft::name(typed::untyped(a), {.s = typed::optional_list<Sizes>(), .dim = typed::optional_list<Over>(), .norm = norm}))
LAZULI_TYPED_FFT(fftn, complexes, whole);
LAZULI_TYPED_FFT(ifftn, complexes, whole);
LAZULI_TYPED_FFT(rfftn, complexes, half);
LAZULI_TYPED_FFT(irfftn, reals, back);
LAZULI_TYPED_FFT(hfftn, reals, back);
LAZULI_TYPED_FFT(ihfftn, complexes, half);
#undef LAZULI_TYPED_FFT
#define LAZULI_TYPED_FFT(name, dtype, spectrum)                                                                                         \
  LAZULI_TYPED_FUNCTION(                                                                                                                \
      name, (class Sizes = typed::Ints<>, class Over = typed::Ints<-2, -1>, typed::AnyTyped A),                                         \
      (typed::TransformedAll<"fft." #name, typed::dtype(typed::dtype_of_tensor<A>), A, Sizes, Over, typed::rules::Spectrum::spectrum>), \
      (const A& a, const std::optional<std::string>& norm = {}),                                                                        \
      fft::name(typed::untyped(a), {.s = typed::optional_list<Sizes>(), .dim = typed::list_of<Over>(), .norm = norm}))
LAZULI_TYPED_FFT(fft2, complexes, whole);
LAZULI_TYPED_FFT(ifft2, complexes, whole);
LAZULI_TYPED_FFT(rfft2, complexes, half);
LAZULI_TYPED_FFT(irfft2, reals, back);
LAZULI_TYPED_FFT(hfft2, reals, back);
LAZULI_TYPED_FFT(ihfft2, complexes, half);
#undef LAZULI_TYPED_FFT

/// fftshift<dims..>(x); no dims: all.
#define LAZULI_TYPED_SHIFT(name)                                                                                                                  \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A),                                                                               \
                        (typed::Unary<"fft." #name, typed::dtype_of_tensor<A>, &typed::rules::along_all, A, typed::Ints<dims...>>), (const A& a), \
                        fft::name(typed::untyped(a), typed::dims_list<dims...>()))
LAZULI_TYPED_SHIFT(fftshift);
LAZULI_TYPED_SHIFT(ifftshift);
#undef LAZULI_TYPED_SHIFT

}  // namespace fft

// Once more, for the typed forms.
using fft::ifft;
using fft::irfft;
using fft::rfft;

// How they are called.
namespace fft {
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.fft", fft, "fft<n = 0, dim = -1>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.ifft", ifft, "ifft<n = 0, dim = -1>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.rfft", rfft, "rfft<n = 0, dim = -1>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.irfft", irfft, "irfft<n = 0, dim = -1>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.hfft", hfft, "hfft<n = 0, dim = -1>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.ihfft", ihfft, "ihfft<n = 0, dim = -1>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.fftn", fftn, "fftn<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.ifftn", ifftn, "ifftn<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.rfftn", rfftn, "rfftn<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.irfftn", irfftn, "irfftn<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.hfftn", hfftn, "hfftn<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.ihfftn", ihfftn, "ihfftn<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.fft2", fft2, "fft2<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.ifft2", ifft2, "ifft2<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.rfft2", rfft2, "rfft2<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.irfft2", irfft2, "irfft2<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.hfft2", hfft2, "hfft2<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.ihfft2", ihfft2, "ihfft2<Sizes, Over>(x, norm = {})", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.fftshift", fftshift, "fftshift<dims..>(x)", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(fft, "fft.ifftshift", ifftshift, "ifftshift<dims..>(x)", auto);
}  // namespace fft

}  // namespace lazuli
