#pragma once
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "lazuli/torch/functions.h"

/// What libtorch has beside its functions: types, constants, checks, options for files.
namespace torch {

using Dtype = lazuli::DType;
using ScalarType = lazuli::DType;
using IntArrayRef = lazuli::Shape;
using TensorList = std::vector<Tensor>;
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using std::optional;
/// A list that keeps its elements itself.
template <class T>
class ArrayRef : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  ArrayRef(const std::vector<T>& list) : std::vector<T>(list) {}
  ArrayRef(std::vector<T>&& list) : std::vector<T>(std::move(list)) {}
  ArrayRef(const T* data, size_t count) : std::vector<T>(data, data + count) {}
  ArrayRef(const Shape& sizes) requires std::is_same_v<T, int64_t> : std::vector<T>(sizes.begin(), sizes.end()) {}
  std::vector<T> vec() const { return *this; }
  ArrayRef slice(size_t first, size_t count) const { return ArrayRef(this->data() + first, count); }
  bool equals(const ArrayRef& other) const { return *this == other; }
};

inline constexpr DeviceType kCPU = DeviceType::CPU, kCUDA = DeviceType::CUDA, kMeta = DeviceType::Meta;

/// A word that options take: a reduction, a mode, a padding, an activation. It becomes whatever is asked for, an enum of that name or a text.
struct Word {
  const char* text;
  template <class T>
  requires(lazuli::NamedEnum<T> || std::is_constructible_v<T, const char*>) operator T() const {
    if constexpr (lazuli::NamedEnum<T>) {
      if (const auto value = lazuli::named<T>(text)) return *value;
      lazuli::fail("torch", "option", "a word that this option has", text);
    } else {
      return T(text);
    }
  }
};
inline constexpr Word kMean{"mean"}, kSum{"sum"}, kNone{"none"}, kBatchMean{"batchmean"}, kMax{"max"};
inline constexpr Word kZeros{"zeros"}, kConstant{"constant"}, kReflect{"reflect"}, kReplicate{"replicate"}, kCircular{"circular"}, kSame{"same"},
    kValid{"valid"};
inline constexpr Word kNearest{"nearest"}, kNearestExact{"nearest-exact"}, kLinear{"linear"}, kBilinear{"bilinear"}, kBicubic{"bicubic"},
    kTrilinear{"trilinear"}, kArea{"area"}, kBorder{"border"}, kReflection{"reflection"};
inline constexpr Word kReLU{"relu"}, kGELU{"gelu"}, kTanh{"tanh"}, kSigmoid{"sigmoid"}, kLeakyReLU{"leaky_relu"}, kConv1D{"conv1d"},
    kConv2D{"conv2d"}, kConv3D{"conv3d"};
using FanModeType = lazuli::nn::init::FanMode;
inline constexpr FanModeType kFanIn = FanModeType::In, kFanOut = FanModeType::Out;

namespace indexing {
using lazuli::indexing::Ellipsis, lazuli::indexing::None, lazuli::indexing::Slice;
using TensorIndex = lazuli::IndexItem;
}  // namespace indexing

namespace linalg = lazuli::linalg;
namespace fft = lazuli::fft;

namespace cuda {
inline size_t device_count() {
  size_t count = 0;
  for (const Device& device : lazuli::list_devices()) count += device.type == DeviceType::CUDA;
  return count;
}
inline bool is_available() { return device_count() > 0; }
inline void synchronize(int64_t index = 0) { lazuli::synchronize(Device(DeviceType::CUDA, index)); }
inline void manual_seed(uint64_t seed) { lazuli::manual_seed(seed); }
inline void manual_seed_all(uint64_t seed) { lazuli::manual_seed(seed); }
}  // namespace cuda

/// Memory of the caller's, which has to outlive the tensor; or which `deleter` frees.
inline Tensor from_blob(void* data, const Shape& sizes, const TensorOptions& options = {}) {
  return lazuli::from_blob(data, sizes, options.dtype(), lazuli::borrow).requires_grad_(options.requires_grad());
}
inline Tensor from_blob(void* data, const Shape& sizes, std::function<void(void*)> deleter, const TensorOptions& options = {}) {
  return lazuli::from_blob(data, sizes, options.dtype(), std::shared_ptr<void>(data, std::move(deleter)));
}

namespace detail {
template <class... T>
std::string joined(const T&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  return text.str();
}
}  // namespace detail

/// The parts as one text.
template <class... T>
std::string str(const T&... parts) {
  return detail::joined(parts...);
}

}  // namespace torch

namespace at = torch;
namespace c10 {
using lazuli::Error;
using std::nullopt;
using std::optional;
using torch::ArrayRef;
using torch::Device;
using torch::DeviceType;
using torch::InferenceMode;
using torch::IntArrayRef;
using torch::Scalar;
using torch::ScalarType;
}  // namespace c10

/// Throws lazuli::Error with the rest of the arguments as text.
#define TORCH_CHECK(condition, ...)                                                                                  \
  do {                                                                                                               \
    if (!(condition)) ::lazuli::fail("TORCH_CHECK", #condition, "it to hold", ::torch::detail::joined(__VA_ARGS__)); \
  } while (false)
#define TORCH_CHECK_EQ(a, b) TORCH_CHECK((a) == (b))
#define TORCH_CHECK_NE(a, b) TORCH_CHECK((a) != (b))
#define TORCH_CHECK_LT(a, b) TORCH_CHECK((a) < (b))
#define TORCH_CHECK_LE(a, b) TORCH_CHECK((a) <= (b))
#define TORCH_CHECK_GT(a, b) TORCH_CHECK((a) > (b))
#define TORCH_CHECK_GE(a, b) TORCH_CHECK((a) >= (b))
#define TORCH_INTERNAL_ASSERT(...) TORCH_CHECK(__VA_ARGS__)
