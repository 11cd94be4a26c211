#pragma once
#include <array>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <ostream>
#include <ranges>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "lazuli/core/print.h"
#include "lazuli/torch/c10.h"
#include "lazuli/torch/forms.h"

/// What libtorch has beside its functions: types, constants, checks, options for files.
namespace lazuli {
/// libtorch's name: "Float" for kFloat32; of a dtype that a program registered, its own.
inline std::string toString(DType dtype) {
  constexpr std::array names{"Bool", "Byte", "Char", "Short", "Int", "Long", "Half", "BFloat16", "Float", "Double", "ComplexFloat", "ComplexDouble"};
  return size_t(dtype) < names.size() ? names[size_t(dtype)] : std::string(name(dtype));
}
}  // namespace lazuli

namespace torch {

using Dtype = lazuli::DType;
inline constexpr Dtype kU8 = lazuli::kUInt8, kI8 = lazuli::kInt8, kI16 = lazuli::kInt16, kI32 = lazuli::kInt32, kI64 = lazuli::kInt64,
                       kF16 = lazuli::kFloat16, kF32 = lazuli::kFloat32, kF64 = lazuli::kFloat64;
using ScalarType = lazuli::DType;
using lazuli::BFloat16, lazuli::Half;
inline ScalarType typeMetaToScalarType(Dtype dtype) { return dtype; }
inline Dtype scalarTypeToTypeMeta(ScalarType dtype) { return dtype; }
inline ScalarType promoteTypes(ScalarType a, ScalarType b) { return lazuli::promote_types(a, b); }
using lazuli::toString;
using IntArrayRef = lazuli::Shape;
using IntList = IntArrayRef;
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
  template <size_t count>
  ArrayRef(const T (&data)[count]) : std::vector<T>(data, data + count) {}
  template <size_t count>
  ArrayRef(const std::array<T, count>& data) : std::vector<T>(data.begin(), data.end()) {}
  ArrayRef(const Shape& sizes) requires std::is_same_v<T, int64_t> : std::vector<T>(sizes.begin(), sizes.end()) {}
  std::vector<T> vec() const { return *this; }
  ArrayRef slice(size_t first, size_t count) const { return ArrayRef(this->data() + first, count); }
  bool equals(const ArrayRef& other) const { return *this == other; }
};

/// One number for each of `rank` dimensions, from as many or from one for all.
template <size_t rank, class T = int64_t>
requires std::is_same_v<T, int64_t>
class ExpandingArray : public Shape {
 public:
  ExpandingArray(int64_t all) : Shape(std::vector<int64_t>(rank, all)) {}
  template <lazuli::SizeNumber First, lazuli::SizeNumber Second, lazuli::SizeNumber... Rest>
  ExpandingArray(First first, Second second, Rest... rest) : ExpandingArray(Shape(first, second, rest...)) {}
  template <lazuli::SizeNumbers Numbers>
  ExpandingArray(const Numbers& values) : ExpandingArray(Shape(values)) {}
  template <std::derived_from<Shape> Sizes>  // no braces, which are the array itself
  ExpandingArray(const Sizes& values) : Shape(values) {
    if (values.size() != int64_t(rank)) lazuli::fail("torch::ExpandingArray", "values", std::to_string(rank) + " numbers", lazuli::to_string(values));
  }
};

using lazuli::DefaultPtrTraits, lazuli::RestrictPtrTraits;
template <class T, size_t N, template <class> class = DefaultPtrTraits, class = int64_t>
using PackedTensorAccessor = lazuli::PackedTensorAccessor<T, N>;
template <class T, size_t N, template <class> class = DefaultPtrTraits>
using PackedTensorAccessor32 = lazuli::PackedTensorAccessor<T, N>;
template <class T, size_t N, template <class> class = DefaultPtrTraits>
using PackedTensorAccessor64 = lazuli::PackedTensorAccessor<T, N>;

using lazuli::Layout;
inline constexpr Layout kStrided = Layout::Strided;
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

namespace cuda {
using lazuli::cuda::is_available;
inline size_t device_count() { return size_t(lazuli::cuda::device_count()); }
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

/// The same with strides, in elements, of none below 0.
inline Tensor from_blob(void* data, const Shape& sizes, const Shape& strides, const TensorOptions& options = {}) {
  int64_t last = 0;
  for (int64_t d = 0; d < std::min(sizes.size(), strides.size()); ++d) last += std::max<int64_t>(sizes[d] - 1, 0) * strides[d];
  return from_blob(data, {last + 1}, options).as_strided(sizes, strides);
}

inline int get_num_interop_threads() { return 1; }
inline void set_num_interop_threads(int) {}
inline void init_num_threads() {}

/// Whether this thread records, to be asked and set; AutoGradMode and NoGradGuard do so for a block.
struct GradMode {
  static bool is_enabled() { return lazuli::is_grad_enabled(); }
  static void set_enabled(bool enabled) { lazuli::modes.grad = enabled && !lazuli::modes.inference; }
};

inline size_t elementSize(Dtype dtype) { return size_t(lazuli::item_size(dtype)); }
inline bool isFloatingType(Dtype dtype) { return lazuli::is_floating_point(dtype); }
inline bool isComplexType(Dtype dtype) { return lazuli::is_complex(dtype); }
inline bool isIntegralType(Dtype dtype, bool include_bool) {
  return dtype == lazuli::kBool ? include_bool : !isFloatingType(dtype) && !isComplexType(dtype);
}
inline Tensor cross_entropy_loss(const Tensor& input, const Tensor& target, const lazuli::OptionalTensor& weight = {},
                                 Reduction reduction = Reduction::Mean, int64_t ignore_index = -100, double label_smoothing = 0) {
  return lazuli::cross_entropy(input, target,
                               {.weight = weight, .ignore_index = ignore_index, .label_smoothing = label_smoothing, .reduction = reduction});
}
using lazuli::get_thread_num, lazuli::in_parallel_region;
namespace internal {
inline constexpr int64_t GRAIN_SIZE = 32768;
inline void lazy_init_num_threads() {}
}  // namespace internal
/// `body(from, to)` over pieces of [begin, end), in all threads.
template <class F>
void parallel_for(int64_t begin, int64_t end, int64_t grain_size, F&& body) {
  lazuli::parallel_for(begin, end, std::max<int64_t>(grain_size, 1), std::forward<F>(body));
}
/// `body(from, to, start)` over pieces of grain_size, joined by `combine` in their order.
template <class T, class F, class C>
T parallel_reduce(int64_t begin, int64_t end, int64_t grain_size, const T& start, const F& body, const C& combine) {
  const int64_t count = std::max<int64_t>(end - begin, 0), grain = std::clamp<int64_t>(grain_size, 1, std::max<int64_t>(count, 1));
  const int64_t pieces = (count + grain - 1) / grain;
  struct Part {  // bools of a vector share their bytes
    T value;
  };
  std::vector<Part> parts(size_t(pieces), Part{start});
  lazuli::parallel_for(0, pieces, 1, [&](int64_t from, int64_t to) {
    for (int64_t p = from; p < to; ++p) parts[size_t(p)].value = body(begin + p * grain, std::min(begin + (p + 1) * grain, end), start);
  });
  T all = start;
  for (const Part& part : parts) all = combine(all, part.value);
  return all;
}

namespace detail {
inline Generator createCPUGenerator(uint64_t seed = 67280421310721) { return Generator(seed); }
}  // namespace detail

}  // namespace torch

namespace torch::detail {
/// The limits of a type of 16 bits, by their bits; of the rest, what a float has too.
template <class T, int precision, uint16_t least, uint16_t greatest, uint16_t step, uint16_t infinite, uint16_t not_a_number>
struct Limits : std::numeric_limits<float> {
  static constexpr int digits = precision;
  static constexpr T of(unsigned bits) {
    T value;
    value.bits = uint16_t(bits);
    return value;
  }
  static constexpr T min() { return of(least); }
  static constexpr T max() { return of(greatest); }
  static constexpr T lowest() { return of(greatest | 0x8000u); }
  static constexpr T epsilon() { return of(step); }
  static constexpr T infinity() { return of(infinite); }
  static constexpr T quiet_NaN() { return of(not_a_number); }
  static constexpr T denorm_min() { return of(1); }
};
}  // namespace torch::detail
template <>
struct std::numeric_limits<lazuli::Half> : torch::detail::Limits<lazuli::Half, 11, 0x0400, 0x7bff, 0x1400, 0x7c00, 0x7e00> {};
template <>
struct std::numeric_limits<lazuli::BFloat16> : torch::detail::Limits<lazuli::BFloat16, 8, 0x0080, 0x7f7f, 0x3c00, 0x7f80, 0x7fc0> {};

namespace caffe2 {
/// A dtype: here it is the DType itself.
struct TypeMeta {
  template <class T>
  static lazuli::DType Make() {
    return lazuli::dtype_of<T>();
  }
};
}  // namespace caffe2
namespace at = torch;
namespace c10 {
using lazuli::kBFloat16, lazuli::kBool, lazuli::kByte, lazuli::kChar, lazuli::kComplexDouble, lazuli::kComplexFloat, lazuli::kDouble, lazuli::kFloat,
    lazuli::kHalf, lazuli::kInt, lazuli::kLong, lazuli::kShort, torch::kCPU, torch::kCUDA, torch::kMeta, torch::kStrided;
using torch::ArrayRef;
using torch::BFloat16, torch::Half;
using torch::Device;
using torch::DeviceType;
using torch::elementSize, torch::isComplexType, torch::isFloatingType, torch::isIntegralType;
using torch::InferenceMode;
using torch::IntArrayRef;
using torch::Layout, torch::MemoryFormat, torch::promoteTypes, torch::TensorOptions;
using torch::Scalar;
using torch::ScalarType, torch::toString;
}  // namespace c10
