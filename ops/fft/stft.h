#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

namespace lazuli {

struct STFTOptions {
  std::optional<int64_t> hop_length = {}, win_length = {};  // none: n_fft / 4, n_fft
  OptionalTensor window = {};                               // of win_length values; none: ones
  bool center = true;
  std::string pad_mode = "reflect";
  bool normalized = false;
  std::optional<bool> onesided = {};        // none: where signal and window are real
  std::optional<bool> return_complex = {};  // must be said of a real signal; false: real and imaginary part as a last dimension
  std::optional<bool> align_to_window = {};
  template <class O = STFTOptions>
  static constexpr auto members() {
    return Members{member("hop_length", &O::hop_length),
                   member("win_length", &O::win_length),
                   member("window", &O::window),
                   member("center", &O::center),
                   member("pad_mode", &O::pad_mode),
                   member("normalized", &O::normalized),
                   member("onesided", &O::onesided),
                   member("return_complex", &O::return_complex),
                   member("align_to_window", &O::align_to_window)};
  }
};
/// Transforms of pieces of a signal [.., time], n_fft values each and hop_length apart, weighted by the window (in their middle, where it is shorter): [.., frequency, piece].
///   out[f, m] = sum over k of window[k] self[m hop_length + k] exp(-2 pi i f k / n_fft)
/// `center`: the signal is padded by n_fft / 2 places at both ends (see pad), so that piece m is around place m hop_length. `align_to_window`, for center = false: pieces begin where the
/// shorter window does. `normalized` divides by the root of n_fft; `onesided` gives the first n_fft / 2 + 1 frequencies. Throws Error for a signal of other than one or two dimensions or
/// shorter than a piece, a window of another length, and `onesided` of complex numbers.
Tensor stft(const Tensor& self, int64_t n_fft, STFTOptions options = {});

struct ISTFTOptions {
  std::optional<int64_t> hop_length = {}, win_length = {};
  OptionalTensor window = {};
  bool center = true, normalized = false;
  std::optional<bool> onesided = {};  // none: as the number of frequencies tells
  std::optional<int64_t> length = {};
  bool return_complex = false;
  template <class O = ISTFTOptions>
  static constexpr auto members() {
    return Members{member("hop_length", &O::hop_length), member("win_length", &O::win_length),        member("window", &O::window),
                   member("center", &O::center),         member("normalized", &O::normalized),        member("onesided", &O::onesided),
                   member("length", &O::length),         member("return_complex", &O::return_complex)};
  }
};
/// The signal of which these are the pieces' transforms [.., frequency, piece]: the least squares estimate, pieces weighted by the window and added, over the sum of its squares
/// (Griffin and Lim, Signal estimation from modified short-time Fourier transform, 1984). `length` cuts it, or fills it with zeros. Throws Error where that sum is 0.
Tensor istft(const Tensor& self, int64_t n_fft, ISTFTOptions options = {});

}  // namespace lazuli
