#include "lazuli/ops/fft/stft.h"

// The members of Tensor that are this family's functions.
namespace lazuli {

Tensor Tensor::stft(int64_t n_fft, const STFTOptions& options) const { return lazuli::stft(*this, n_fft, options); }
Tensor Tensor::istft(int64_t n_fft) const { return lazuli::istft(*this, n_fft); }
Tensor Tensor::istft(int64_t n_fft, const ISTFTOptions& options) const { return lazuli::istft(*this, n_fft, options); }

}  // namespace lazuli
