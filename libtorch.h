#pragma once
#include "lazuli/autograd/modes.h"
#include "lazuli/ops/index/indexing.h"

/// libtorch's names for what is here under another one (docs/indexing.md and the headers tell the rest). Included by lazuli.h.
namespace lazuli {

inline constexpr DType kByte = kUInt8, kChar = kInt8, kShort = kInt16, kInt = kInt32, kLong = kInt64, kHalf = kFloat16, kFloat = kFloat32,
                       kDouble = kFloat64, kComplexFloat = kComplex64, kComplexDouble = kComplex128;
inline constexpr Device kCUDA{DeviceType::CUDA};

using NoGradGuard = no_grad;
using AutoGradMode = GradMode;
using InferenceMode = inference_mode;

/// The first link of a chain: `dtype(kFloat).device(kCUDA).requires_grad(true)`.
inline TensorOptions dtype(DType dtype) { return TensorOptions(dtype); }
inline TensorOptions device(Device device) { return TensorOptions(device); }
inline TensorOptions requires_grad(bool requires_grad = true) { return TensorOptions().requires_grad(requires_grad); }

namespace indexing {
using lazuli::Ellipsis;
using lazuli::Slice;
inline constexpr std::nullopt_t None = std::nullopt;
}  // namespace indexing
using indexing::None;

}  // namespace lazuli
