#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

namespace lazuli {

/// What transforms along one dimension take: how many values (none: those that are there; else the input is cut or filled with zeros), along which dimension, and `norm`, which
/// direction divides by n: "backward" (as when there is none), "forward", or "ortho", both by its root.
struct FFTOptions {
  std::optional<int64_t> n = {};
  int64_t dim = -1;
  std::optional<std::string> norm = {};
  template <class O = FFTOptions>
  static constexpr auto members() {
    return Members{member("n", &O::n), member("dim", &O::dim), member("norm", &O::norm)};
  }
};
/// Along several: `s` has a number of values for each (-1: those that are there), `dim` none: the last ones, as many as `s` has, or all.
struct FFTNOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  OptionalShape s = {}, dim = {};
  std::optional<std::string> norm = {};
  template <class O = FFTNOptions>
  static constexpr auto members() {
    return Members{member("s", &O::s), member("dim", &O::dim), member("norm", &O::norm)};
  }
};
struct FFT2Options {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  OptionalShape s = {};
  Shape dim = {-2, -1};
  std::optional<std::string> norm = {};
  template <class O = FFT2Options>
  static constexpr auto members() {
    return Members{member("s", &O::s), member("dim", &O::dim), member("norm", &O::norm)};
  }
};

/// Discrete Fourier transforms, for any length: y[k] = sum over j of x[j] exp(-2 pi i j k / n). float32, float64 and their complex counterparts; integers and bool are taken in the default
/// dtype. All throw Error for half precision, fewer than one value, a dim out of range or named twice, and an unknown norm.
namespace fft {

namespace with_options {
Tensor fft(const Tensor& self, FFTOptions options);
Tensor ifft(const Tensor& self, FFTOptions options);
Tensor rfft(const Tensor& self, FFTOptions options);
Tensor irfft(const Tensor& self, FFTOptions options);
Tensor hfft(const Tensor& self, FFTOptions options);
Tensor ihfft(const Tensor& self, FFTOptions options);
}
template <class N = FFTOptions>
Tensor fft(const Tensor& self, N n = {}, int64_t dim = -1, const std::optional<std::string>& norm = {}) {
  return with_options::fft(self, by_position<FFTOptions>(std::move(n), dim, norm));
}
template <class N = FFTOptions>
Tensor ifft(const Tensor& self, N n = {}, int64_t dim = -1, const std::optional<std::string>& norm = {}) {
  return with_options::ifft(self, by_position<FFTOptions>(std::move(n), dim, norm));
}
/// Of real numbers: the first n / 2 + 1 values, whose conjugates are the others. irfft goes back, to 2 (size - 1) values unless n says otherwise.
template <class N = FFTOptions>
Tensor rfft(const Tensor& self, N n = {}, int64_t dim = -1, const std::optional<std::string>& norm = {}) {
  return with_options::rfft(self, by_position<FFTOptions>(std::move(n), dim, norm));
}
template <class N = FFTOptions>
Tensor irfft(const Tensor& self, N n = {}, int64_t dim = -1, const std::optional<std::string>& norm = {}) {
  return with_options::irfft(self, by_position<FFTOptions>(std::move(n), dim, norm));
}
/// Of a Hermitian signal, given by its first n / 2 + 1 values: the result is real. ihfft goes back.
template <class N = FFTOptions>
Tensor hfft(const Tensor& self, N n = {}, int64_t dim = -1, const std::optional<std::string>& norm = {}) {
  return with_options::hfft(self, by_position<FFTOptions>(std::move(n), dim, norm));
}
template <class N = FFTOptions>
Tensor ihfft(const Tensor& self, N n = {}, int64_t dim = -1, const std::optional<std::string>& norm = {}) {
  return with_options::ihfft(self, by_position<FFTOptions>(std::move(n), dim, norm));
}

Tensor fftn(const Tensor& self, FFTNOptions options = {});
Tensor ifftn(const Tensor& self, FFTNOptions options = {});
/// The last of the dimensions is the one of which half is there.
Tensor rfftn(const Tensor& self, FFTNOptions options = {});
Tensor irfftn(const Tensor& self, FFTNOptions options = {});
Tensor hfftn(const Tensor& self, FFTNOptions options = {});
Tensor ihfftn(const Tensor& self, FFTNOptions options = {});

Tensor fft2(const Tensor& self, FFT2Options options = {});
Tensor ifft2(const Tensor& self, FFT2Options options = {});
Tensor rfft2(const Tensor& self, FFT2Options options = {});
Tensor irfft2(const Tensor& self, FFT2Options options = {});
Tensor hfft2(const Tensor& self, FFT2Options options = {});
Tensor ihfft2(const Tensor& self, FFT2Options options = {});

/// The frequencies of fft's values for samples `d` apart: 0, 1, .., -2, -1 over n d; and of rfft's: 0 to n / 2 over n d.
Tensor fftfreq(int64_t n, double d = 1.0, const CreationOptions& options = {});
Tensor rfftfreq(int64_t n, double d = 1.0, const CreationOptions& options = {});
/// Brings frequency 0 to the middle of the dimensions (none: all; one named twice is shifted twice), and back. Any dtype.
Tensor fftshift(const Tensor& self, const DimList& dim = {});
Tensor ifftshift(const Tensor& self, const DimList& dim = {});

}  // namespace fft

// Short forms of those whose names are free beside the namespace.
using fft::ifft;
using fft::irfft;
using fft::rfft;

}  // namespace lazuli
