#pragma once
#include <initializer_list>
#include <vector>

#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

/// Windows: weights that fade a signal's ends out. With K = length for a periodic window (that of a longer symmetric one without its last value) and length - 1 for a symmetric one,
/// and i = 0, 1, ..: all throw Error for a negative length and for a dtype that is not floating point; a window of length 1 is 1.
namespace lazuli {

/// 1 - |2 i / K - 1|
Tensor bartlett_window(int64_t window_length, bool periodic = true, const CreationOptions& options = {});
/// 0.42 - 0.5 cos(2 pi i / K) + 0.08 cos(4 pi i / K)
Tensor blackman_window(int64_t window_length, bool periodic = true, const CreationOptions& options = {});
/// (1 - cos(2 pi i / K)) / 2
Tensor hann_window(int64_t window_length, bool periodic = true, const CreationOptions& options = {});

struct HammingWindowOptions {
  bool periodic = true;
  double alpha = 0.54, beta = 0.46;
  template <class O = HammingWindowOptions>
  static constexpr auto members() {
    return Members{member("periodic", &O::periodic), member("alpha", &O::alpha), member("beta", &O::beta)};
  }
};
/// alpha - beta cos(2 pi i / K)
Tensor hamming_window(int64_t window_length, HammingWindowOptions window = {}, const CreationOptions& options = {});
struct KaiserWindowOptions {
  bool periodic = true;
  double beta = 12;
  template <class O = KaiserWindowOptions>
  static constexpr auto members() {
    return Members{member("periodic", &O::periodic), member("beta", &O::beta)};
  }
};
/// i0(beta sqrt(1 - (2 i / K - 1)^2)) / i0(beta)
Tensor kaiser_window(int64_t window_length, KaiserWindowOptions window = {}, const CreationOptions& options = {});

/// The same and more for design, PyTorch's signal.windows: symmetric unless `sym` is false, in float32 or float64. (A namespace `signal` would stand in the way of the C function of that name.)
namespace windows {

Tensor bartlett(int64_t M, bool sym = true, const CreationOptions& options = {});
Tensor blackman(int64_t M, bool sym = true, const CreationOptions& options = {});
/// sin(pi (i + 1/2) / (K + 1))
Tensor cosine(int64_t M, bool sym = true, const CreationOptions& options = {});
Tensor hamming(int64_t M, bool sym = true, const CreationOptions& options = {});
Tensor hann(int64_t M, bool sym = true, const CreationOptions& options = {});
/// The general cosine window of 0.3635819, 0.4891775, 0.1365995, 0.0106411.
Tensor nuttall(int64_t M, bool sym = true, const CreationOptions& options = {});
/// sum over k of (-1)^k a[k] cos(2 pi k i / K)
Tensor general_cosine(int64_t M, const std::vector<double>& a, bool sym = true, const CreationOptions& options = {});
/// alpha - (1 - alpha) cos(2 pi i / K)
Tensor general_hamming(int64_t M, double alpha = 0.54, bool sym = true, const CreationOptions& options = {});
/// exp(-((i - K / 2) / std)^2 / 2)
Tensor gaussian(int64_t M, double std = 1, bool sym = true, const CreationOptions& options = {});
/// As kaiser_window.
Tensor kaiser(int64_t M, double beta = 12, bool sym = true, const CreationOptions& options = {});

struct ExponentialOptions {
  std::optional<double> center = {};  // K / 2; not for a symmetric window
  double tau = 1;
  bool sym = true;
  template <class O = ExponentialOptions>
  static constexpr auto members() {
    return Members{member("center", &O::center), member("tau", &O::tau), member("sym", &O::sym)};
  }
};
/// exp(-|i - center| / tau)
Tensor exponential(int64_t M, ExponentialOptions window = {}, const CreationOptions& options = {});

}  // namespace windows
}  // namespace lazuli
