#pragma once
#include "lazuli/core/kernel.h"

/// The slot of discrete Fourier transforms. core/slots.h tells what holds for all slots.
namespace [[gnu::visibility("default")]] lazuli {

// Along `dim` of any strides, out[k] = scale * sum over j of in[j] exp(s 2 pi i j k / n) with s = -1 where `forward`, else 1. float32 and float64, and their complex counterparts:
//   complex to complex   n is the size of both; out may be in itself
//   real to complex      n is in's size; out has the first n / 2 + 1 values, the others being their conjugates
//   complex to real      n is out's size; in has the first n / 2 + 1 values of a sum whose others are their conjugates: imaginary parts of the first, and of the last of an even n,
//                        count for nothing
inline constinit Kernel<void(Tensor& out, const Tensor& in, int64_t dim, bool forward, double scale)> fft_kernel{"fft"};

}  // namespace lazuli
