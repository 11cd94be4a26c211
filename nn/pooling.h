#pragma once
#include "lazuli/nn/linear.h"
#include "lazuli/nn/module/options.h"
#include "lazuli/ops/network/pooling.h"

/// Pooling as modules; ops/network/pooling.h has the windows and formulas.
namespace lazuli::nn {

using lazuli::AvgPool1dOptions, lazuli::AvgPoolOptions, lazuli::LPPoolOptions;

struct MaxPoolOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = {};                                                                     // none: the kernel's
  Shape padding = 0, dilation = 1;
  bool return_indices = false;
  bool ceil_mode = false;
  template <class O = MaxPoolOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding, {.least = 0}),
                   member("dilation", &O::dilation, {.least = 1}), member("return_indices", &O::return_indices), member("ceil_mode", &O::ceil_mode)};
  }
};
struct AdaptiveMaxPoolOptions {
  bool return_indices = false;
  template <class O = AdaptiveMaxPoolOptions>
  static constexpr auto members() {
    return Members{member("return_indices", &O::return_indices)};
  }
};
struct FractionalMaxPoolOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  OptionalShape output_size = {};
  std::optional<SizeRatio> output_ratio = {};
  bool return_indices = false;
  OptionalTensor _random_samples = {};
  template <class O = FractionalMaxPoolOptions>
  static constexpr auto members() {
    return Members{member("output_size", &O::output_size, {.least = 1}), member("output_ratio", &O::output_ratio),
                   member("return_indices", &O::return_indices), member("_random_samples", &O::_random_samples)};
  }
};
struct MaxUnpoolOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = {};
  Shape padding = 0;
  template <class O = MaxUnpoolOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding, {.least = 0})};
  }
};

/// A layer with a kernel and options.
template <class O>
class KernelLayer : public WithOptions<O> {
 public:
  template <size_t K>
  using At = detail::Position<O, K>;
  explicit KernelLayer(const Shape& kernel, const O& o = {}) : WithOptions<O>(detail::checked("pooling", o)), kernel_size(kernel) {}
  /// Numbers in braces in brackets, `MaxPool2d({3, 2})`, are sizes of a kernel; `MaxPool2d{3, 2}` is a kernel of 3 and a stride of 2.
  template <size_t N>
  explicit KernelLayer(const int64_t (&kernel)[N], const O& o = {}) : KernelLayer(Shape(kernel), o) {}
  template <class A>
  requires detail::ByPosition<O, A> KernelLayer(const Shape& kernel, const A& stride) : KernelLayer(kernel, detail::positional<O>(stride)) {}
  KernelLayer(const Shape& kernel, const At<0>& stride, const At<1>& second, const At<2>& third = {}, const At<3>& fourth = {},
              const At<4>& fifth = {})
      : KernelLayer(kernel, detail::from_positions(stride, second, third, fourth, fifth)) {}
  template <class = void>
  KernelLayer(const Shape& kernel, const Shape& stride, const O& rest) : KernelLayer(kernel, detail::positional_and(rest, stride)) {}
  template <class = void>
  KernelLayer(const Shape& kernel, const At<0>& stride, const At<1>& second, const O& rest)
      : KernelLayer(kernel, detail::positions_and(rest, stride, second)) {}
  template <class M = KernelLayer>
  static constexpr auto arguments() {
    return Members{member("kernel_size", &M::kernel_size, {.least = 1})};
  }
  Shape kernel_size;
};

/// Those that can also tell where what they return was. `forward` gives the output alone.
class PoolingWithIndices {
 public:
  virtual ~PoolingWithIndices() = default;
  virtual std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input) = 0;
  virtual bool returns_indices() const = 0;
};

/// Base of MaxPool1d, 2d and 3d.
template <int rank>
class MaxPool : public KernelLayer<MaxPoolOptions>, public PoolingWithIndices {
 public:
  using KernelLayer::KernelLayer;
  Tensor forward(const Tensor& input) override;
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input) override;
  bool returns_indices() const override { return options.return_indices; }
  std::string extra_repr() const override;
};
struct MaxPool1d : MaxPool<1> {
  using MaxPool::MaxPool;
  template <class = void>
  explicit MaxPool1d(const Shape&, ...) = delete;  // MaxPool1d(kernel_size, {.stride, .padding, .dilation, .return_indices, .ceil_mode})
  explicit MaxPool1d(const detail::NotA<Shape> auto&, ...) = delete;  // MaxPool1d(kernel_size, {.stride, .padding, .dilation, ..})
};
struct MaxPool2d : MaxPool<2> {
  using MaxPool::MaxPool;
  template <class = void>
  explicit MaxPool2d(const Shape&, ...) = delete;  // MaxPool2d(kernel_size, {.stride, .padding, .dilation, .return_indices, .ceil_mode})
  explicit MaxPool2d(const detail::NotA<Shape> auto&, ...) = delete;  // MaxPool2d(kernel_size, {.stride, .padding, .dilation, ..})
};
struct MaxPool3d : MaxPool<3> {
  using MaxPool::MaxPool;
  template <class = void>
  explicit MaxPool3d(const Shape&, ...) = delete;  // MaxPool3d(kernel_size, {.stride, .padding, .dilation, .return_indices, .ceil_mode})
  explicit MaxPool3d(const detail::NotA<Shape> auto&, ...) = delete;  // MaxPool3d(kernel_size, {.stride, .padding, .dilation, ..})
};

/// The reverse of max pooling, `unpool(output, indices)`.
template <int rank>
class MaxUnpool : public BinaryModule {
 public:
  using Options = MaxUnpoolOptions;
  explicit MaxUnpool(const Shape& kernel, const MaxUnpoolOptions& o = {}) : kernel_size(kernel), options(detail::checked("MaxUnpool", o)) {}
  template <size_t N>
  explicit MaxUnpool(const int64_t (&kernel)[N], const MaxUnpoolOptions& o = {}) : MaxUnpool(Shape(kernel), o) {}
  template <class A>
  requires detail::ByPosition<MaxUnpoolOptions, A> MaxUnpool(const Shape& kernel, const A& stride)
      : MaxUnpool(kernel, detail::positional<MaxUnpoolOptions>(stride)) {}
  MaxUnpool(const Shape& kernel, const detail::Position<MaxUnpoolOptions, 0>& stride, const detail::Position<MaxUnpoolOptions, 1>& padding)
      : MaxUnpool(kernel, detail::from_positions(stride, padding)) {}
  template <class M = MaxUnpool>
  static constexpr auto arguments() {
    return Members{member("kernel_size", &M::kernel_size, {.least = 1})};
  }
  Tensor forward(const Tensor& input, const Tensor& indices) override { return forward(input, indices, none); }
  Tensor forward(const Tensor& input, const Tensor& indices, const std::optional<Shape>& output_size);
  using BinaryModule::operator();
  Tensor operator()(const Tensor& input, const Tensor& indices, const std::optional<Shape>& output_size) {
    return call(*this, input, indices, output_size);
  }
  std::string extra_repr() const override;
  Shape kernel_size;
  MaxUnpoolOptions options;
};
struct MaxUnpool1d : MaxUnpool<1> {
  using MaxUnpool::MaxUnpool;
  template <class = void>
  explicit MaxUnpool1d(const Shape&, ...) = delete;                     // MaxUnpool1d(kernel_size, {.stride, .padding})
  explicit MaxUnpool1d(const detail::NotA<Shape> auto&, ...) = delete;  // MaxUnpool1d(kernel_size, {.stride, .padding})
};
struct MaxUnpool2d : MaxUnpool<2> {
  using MaxUnpool::MaxUnpool;
  template <class = void>
  explicit MaxUnpool2d(const Shape&, ...) = delete;                     // MaxUnpool2d(kernel_size, {.stride, .padding})
  explicit MaxUnpool2d(const detail::NotA<Shape> auto&, ...) = delete;  // MaxUnpool2d(kernel_size, {.stride, .padding})
};
struct MaxUnpool3d : MaxUnpool<3> {
  using MaxUnpool::MaxUnpool;
  template <class = void>
  explicit MaxUnpool3d(const Shape&, ...) = delete;                     // MaxUnpool3d(kernel_size, {.stride, .padding})
  explicit MaxUnpool3d(const detail::NotA<Shape> auto&, ...) = delete;  // MaxUnpool3d(kernel_size, {.stride, .padding})
};

class AvgPool1d : public KernelLayer<AvgPool1dOptions> {
 public:
  using KernelLayer::KernelLayer;
  template <class = void>
  explicit AvgPool1d(const Shape&, ...) = delete;                     // AvgPool1d(kernel_size, {.stride, .padding, .ceil_mode, .count_include_pad})
  explicit AvgPool1d(const detail::NotA<Shape> auto&, ...) = delete;  // AvgPool1d(kernel_size, {.stride, .padding, .ceil_mode, .count_include_pad})
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};
template <int rank>
class AvgPool : public KernelLayer<AvgPoolOptions> {
 public:
  using KernelLayer::KernelLayer;
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};
struct AvgPool2d : AvgPool<2> {
  using AvgPool::AvgPool;
  template <class = void>
  explicit AvgPool2d(const Shape&, ...) = delete;  // AvgPool2d(kernel_size, {.stride, .padding, .ceil_mode, .count_include_pad, .divisor_override})
  explicit AvgPool2d(const detail::NotA<Shape> auto&, ...) = delete;  // AvgPool2d(kernel_size, {.stride, .padding, .ceil_mode, ..})
};
struct AvgPool3d : AvgPool<3> {
  using AvgPool::AvgPool;
  template <class = void>
  explicit AvgPool3d(const Shape&, ...) = delete;  // AvgPool3d(kernel_size, {.stride, .padding, .ceil_mode, .count_include_pad, .divisor_override})
  explicit AvgPool3d(const detail::NotA<Shape> auto&, ...) = delete;  // AvgPool3d(kernel_size, {.stride, .padding, .ceil_mode, ..})
};

/// Base of LPPool1d, 2d and 3d: the norm_type-norm of each window.
template <int rank>
class LPPool : public KernelLayer<LPPoolOptions> {
 public:
  LPPool(double p, const Shape& kernel, const LPPoolOptions& o = {}) : KernelLayer(kernel, o), norm_type(p) {}
  template <class A>
  requires detail::ByPosition<LPPoolOptions, A> LPPool(double p, const Shape& kernel, const A& stride) : KernelLayer(kernel, stride), norm_type(p) {}
  LPPool(double p, const Shape& kernel, const At<0>& stride, const At<1>& ceil_mode) : KernelLayer(kernel, stride, ceil_mode), norm_type(p) {}
  template <class M = LPPool>
  static constexpr auto arguments() {
    return Members{member("norm_type", &M::norm_type), member("kernel_size", &M::kernel_size, {.least = 1})};
  }
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double norm_type;
};
struct LPPool1d : LPPool<1> {
  using LPPool::LPPool;
  explicit LPPool1d(...) = delete;  // LPPool1d(norm_type, kernel_size, {.stride, .ceil_mode})
};
struct LPPool2d : LPPool<2> {
  using LPPool::LPPool;
  explicit LPPool2d(...) = delete;  // LPPool2d(norm_type, kernel_size, {.stride, .ceil_mode})
};
struct LPPool3d : LPPool<3> {
  using LPPool::LPPool;
  explicit LPPool3d(...) = delete;  // LPPool3d(norm_type, kernel_size, {.stride, .ceil_mode})
};

template <int rank>
class AdaptiveMaxPool : public WithOptions<AdaptiveMaxPoolOptions>, public PoolingWithIndices {
 public:
  explicit AdaptiveMaxPool(const AdaptiveSize& size, const AdaptiveMaxPoolOptions& o = {}) : WithOptions(o), output_size(size) {}
  template <class M = AdaptiveMaxPool>
  static constexpr auto arguments() {
    return Members{member("output_size", &M::output_size)};
  }
  Tensor forward(const Tensor& input) override;
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input) override;
  bool returns_indices() const override { return options.return_indices; }
  std::string extra_repr() const override;
  AdaptiveSize output_size;
};
struct AdaptiveMaxPool1d : AdaptiveMaxPool<1> {
  using AdaptiveMaxPool::AdaptiveMaxPool;
  explicit AdaptiveMaxPool1d(const detail::NotA<AdaptiveSize> auto&) = delete;  // AdaptiveMaxPool1d(output_size, {.return_indices})
};
struct AdaptiveMaxPool2d : AdaptiveMaxPool<2> {
  using AdaptiveMaxPool::AdaptiveMaxPool;
  explicit AdaptiveMaxPool2d(const detail::NotA<AdaptiveSize> auto&) = delete;  // AdaptiveMaxPool2d(output_size, {.return_indices})
};
struct AdaptiveMaxPool3d : AdaptiveMaxPool<3> {
  using AdaptiveMaxPool::AdaptiveMaxPool;
  explicit AdaptiveMaxPool3d(const detail::NotA<AdaptiveSize> auto&) = delete;  // AdaptiveMaxPool3d(output_size, {.return_indices})
};

template <int rank>
class AdaptiveAvgPool : public TensorModule {
 public:
  explicit AdaptiveAvgPool(const AdaptiveSize& size) : output_size(size) {}
  template <class M = AdaptiveAvgPool>
  static constexpr auto arguments() {
    return Members{member("output_size", &M::output_size)};
  }
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  AdaptiveSize output_size;
};
struct AdaptiveAvgPool1d : AdaptiveAvgPool<1> {
  using AdaptiveAvgPool::AdaptiveAvgPool;
  explicit AdaptiveAvgPool1d(const detail::NotA<AdaptiveSize> auto&) = delete;  // AdaptiveAvgPool1d(output_size)
};
struct AdaptiveAvgPool2d : AdaptiveAvgPool<2> {
  using AdaptiveAvgPool::AdaptiveAvgPool;
  explicit AdaptiveAvgPool2d(const detail::NotA<AdaptiveSize> auto&) = delete;  // AdaptiveAvgPool2d(output_size)
};
struct AdaptiveAvgPool3d : AdaptiveAvgPool<3> {
  using AdaptiveAvgPool::AdaptiveAvgPool;
  explicit AdaptiveAvgPool3d(const detail::NotA<AdaptiveSize> auto&) = delete;  // AdaptiveAvgPool3d(output_size)
};

/// Base of FractionalMaxPool2d and 3d. `_random_samples`, where they are given, take the place of new ones for each call.
template <int rank>
class FractionalMaxPool : public KernelLayer<FractionalMaxPoolOptions>, public PoolingWithIndices {
 public:
  /// Throws Error unless one of output_size and output_ratio is given.
  FractionalMaxPool(const Shape& kernel, const FractionalMaxPoolOptions& options);
  Tensor forward(const Tensor& input) override;
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input) override;
  bool returns_indices() const override { return options.return_indices; }
  std::string extra_repr() const override { return {}; }
  Buffer _random_samples;
};
struct FractionalMaxPool2d : FractionalMaxPool<2> {
  using FractionalMaxPool::FractionalMaxPool;
  explicit FractionalMaxPool2d(...) = delete;  // FractionalMaxPool2d(kernel_size, {.output_size, .output_ratio, .return_indices})
};
struct FractionalMaxPool3d : FractionalMaxPool<3> {
  using FractionalMaxPool::FractionalMaxPool;
  explicit FractionalMaxPool3d(...) = delete;  // FractionalMaxPool3d(kernel_size, {.output_size, .output_ratio, .return_indices})
};

}  // namespace lazuli::nn
