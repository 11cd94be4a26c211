#pragma once
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/options.h"
#include "lazuli/ops/network/convolution.h"

/// Convolutions and transposed ones as modules; ops/network/convolution.h has the formulas.
namespace lazuli::nn {

/// What lies around an image (ops/shape/padding.h).
enum class PaddingMode : uint8_t { Zeros, Reflect, Replicate, Circular };
constexpr auto names_of(PaddingMode) {
  return enum_names<PaddingMode>(
      {{PaddingMode::Zeros, "zeros"}, {PaddingMode::Reflect, "reflect"}, {PaddingMode::Replicate, "replicate"}, {PaddingMode::Circular, "circular"}});
}

struct ConvOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = 1;
  ConvolutionPadding padding = 0;
  Shape dilation = 1;
  int64_t groups = 1;
  bool bias = true;
  Choice<PaddingMode> padding_mode = PaddingMode::Zeros;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = ConvOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding), member("dilation", &O::dilation, {.least = 1}),
                   member("groups", &O::groups, {.least = 1}), member("bias", &O::bias),       member("padding_mode", &O::padding_mode)};
  }
};

struct ConvTransposeOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = 1, padding = 0, output_padding = 0;
  int64_t groups = 1;
  bool bias = true;
  Shape dilation = 1;
  Choice<PaddingMode> padding_mode = PaddingMode::Zeros;  // no other
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = ConvTransposeOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}),
                   member("padding", &O::padding, {.least = 0}),
                   member("output_padding", &O::output_padding, {.least = 0}),
                   member("groups", &O::groups, {.least = 1}),
                   member("bias", &O::bias),
                   member("dilation", &O::dilation, {.least = 1}),
                   member("padding_mode", &O::padding_mode)};
  }
};

/// What all of them share. Weight and bias begin uniform in +-1 / sqrt(channels / groups * kernel), of the channels that a weight sees.
class ConvolutionModule : public TensorModule {
 public:
  template <class M = ConvolutionModule>
  static constexpr auto arguments() {
    return Members{member("in_channels", &M::in_channels, {.least = 0}), member("out_channels", &M::out_channels, {.least = 0}),
                   member("kernel_size", &M::kernel_size, {.least = 1})};
  }
  /// New values from the default generator.
  void reset_parameters();

  int64_t in_channels, out_channels;
  Shape kernel_size;
  Parameter weight, bias;

 protected:
  struct Lazy {};
  struct Kind {
    const char* name;
    int64_t rank, groups;
    bool bias, transposed;
    std::optional<Device> device;
    std::optional<DType> dtype;
  };
  ConvolutionModule(const Kind& kind, int64_t in_channels, int64_t out_channels, const Shape& kernel_size);
  ConvolutionModule(Lazy, const Kind& kind, int64_t out_channels, const Shape& kernel_size);
  void fill(const Generator& for_weight, const Generator& for_bias);
  Shape weight_sizes() const;
  // Of lazy ones.
  void initialize(const Tensor& input);
  bool adopt_sizes();
  std::string expected(std::string_view name, const Shape& sizes) const;
  void take_streams(const ConvolutionModule& from);

  Kind kind_;
  InitStream weight_stream_, bias_stream_;
};

/// Base of Conv1d, 2d and 3d: input [n, in_channels, spatial..] (or without n), weight [out_channels, in_channels / groups, kernel..], bias [out_channels].
class Conv : public ConvolutionModule {
 public:
  using Options = ConvOptions;
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  Options options;

 protected:
  Conv(const char* name, int64_t rank, int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Options& options);
  Conv(Lazy, const char* name, int64_t rank, int64_t out_channels, const Shape& kernel_size, const Options& options);
  static constexpr const char *kNames[] = {"Conv1d", "Conv2d", "Conv3d"}, *kLazyNames[] = {"LazyConv1d", "LazyConv2d", "LazyConv3d"};
};
/// Base of ConvTranspose1d, 2d and 3d: weight [in_channels, out_channels / groups, kernel..].
class ConvTranspose : public ConvolutionModule {
 public:
  using Options = ConvTransposeOptions;
  Tensor forward(const Tensor& input) override { return forward(input, none); }
  /// With an output of `output_size` spatial places (or of these sizes); the options' output_padding is not used then. Throws Error where stride and kernel do not give that size.
  virtual Tensor forward(const Tensor& input, const std::optional<Shape>& output_size);
  using Module::operator();
  Tensor operator()(const Tensor& input, const std::optional<Shape>& output_size);
  std::string extra_repr() const override;
  Options options;

 protected:
  ConvTranspose(const char* name, int64_t rank, int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Options& options);
  ConvTranspose(Lazy, const char* name, int64_t rank, int64_t out_channels, const Shape& kernel_size, const Options& options);
  static constexpr const char *kNames[] = {"ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"},
                              *kLazyNames[] = {"LazyConvTranspose1d", "LazyConvTranspose2d", "LazyConvTranspose3d"};
};
/// Either of them for images of `rank` dimensions.
template <class Base, int rank>
class OfRank : public Base {
 public:
  using Options = typename Base::Options;
  template <size_t K>
  using At = detail::Position<Options, K>;
  OfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Options& options = {})
      : Base(Base::kNames[rank - 1], rank, in_channels, out_channels, kernel_size, options) {}
  template <class A>
  requires detail::ByPosition<Options, A> OfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const A& stride)
      : OfRank(in_channels, out_channels, kernel_size, detail::positional<Options>(stride)) {}
  OfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const At<0>& stride, const At<1>& padding, const At<2>& third = {},
         const At<3>& fourth = {}, const At<4>& fifth = {}, const At<5>& sixth = {}, const At<6>& seventh = {})
      : OfRank(in_channels, out_channels, kernel_size, detail::from_positions(stride, padding, third, fourth, fifth, sixth, seventh)) {}
  template <class = void>
  OfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Shape& stride, const Options& rest)
      : OfRank(in_channels, out_channels, kernel_size, detail::positional_and(rest, stride)) {}
  template <class = void>
  OfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const At<0>& stride, const At<1>& padding, const Options& rest)
      : OfRank(in_channels, out_channels, kernel_size, detail::positions_and(rest, stride, padding)) {}

 protected:
  OfRank(typename Base::Lazy lazy, int64_t out, const Shape& kernel, const Options& o)
      : Base(lazy, Base::kLazyNames[rank - 1], rank, out, kernel, o) {}
};
/// All of them throw Error for options out of range, channels that are no multiples of groups, and "same" with a stride.
class Conv1d : public OfRank<Conv, 1> {
 public:
  using OfRank::OfRank;
  explicit Conv1d(...) = delete;  // Conv1d(in_channels, out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
};
class Conv2d : public OfRank<Conv, 2> {
 public:
  using OfRank::OfRank;
  explicit Conv2d(...) = delete;  // Conv2d(in_channels, out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
};
class Conv3d : public OfRank<Conv, 3> {
 public:
  using OfRank::OfRank;
  explicit Conv3d(...) = delete;  // Conv3d(in_channels, out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
};
class ConvTranspose1d : public OfRank<ConvTranspose, 1> {
 public:
  using OfRank::OfRank;
  explicit ConvTranspose1d(...) = delete;  // (in_channels, out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, ..})
};
class ConvTranspose2d : public OfRank<ConvTranspose, 2> {
 public:
  using OfRank::OfRank;
  explicit ConvTranspose2d(...) = delete;  // (in_channels, out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, ..})
};
class ConvTranspose3d : public OfRank<ConvTranspose, 3> {
 public:
  using OfRank::OfRank;
  explicit ConvTranspose3d(...) = delete;  // (in_channels, out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, ..})
};

/// One of them whose in_channels is that of its first input. From then on it is its Base, bit for bit, and is printed as such.
template <class Base>
class LazyConvolution : public Base, public LazyModule {
 public:
  using Options = typename Base::Options;
  template <size_t K>
  using At = detail::Position<Options, K>;
  explicit LazyConvolution(int64_t out_channels, const Shape& kernel_size, const Options& options = {})
      : Base(typename Base::Lazy(), out_channels, kernel_size, options) {}
  template <class A>
  requires detail::ByPosition<Options, A> LazyConvolution(int64_t out_channels, const Shape& kernel_size, const A& stride)
      : LazyConvolution(out_channels, kernel_size, detail::positional<Options>(stride)) {}
  LazyConvolution(int64_t out_channels, const Shape& kernel_size, const At<0>& stride, const At<1>& padding, const At<2>& third = {},
                  const At<3>& fourth = {}, const At<4>& fifth = {}, const At<5>& sixth = {}, const At<6>& seventh = {})
      : LazyConvolution(out_channels, kernel_size, detail::from_positions(stride, padding, third, fourth, fifth, sixth, seventh)) {}
  template <class = void>
  LazyConvolution(int64_t out_channels, const Shape& kernel_size, const Shape& stride, const Options& rest)
      : LazyConvolution(out_channels, kernel_size, detail::positional_and(rest, stride)) {}
  template <class = void>
  LazyConvolution(int64_t out_channels, const Shape& kernel_size, const At<0>& stride, const At<1>& padding, const Options& rest)
      : LazyConvolution(out_channels, kernel_size, detail::positions_and(rest, stride, padding)) {}
  template <class M = LazyConvolution>
  static constexpr auto arguments() {
    return Members{member("out_channels", &M::out_channels, {.least = 0}), member("kernel_size", &M::kernel_size, {.least = 1})};
  }
  template <class M = LazyConvolution>
  static constexpr auto members() {
    return Members{member("in_channels", &M::in_channels)};
  }
  Tensor forward(const Tensor& input) override {
    ensure_initialized(input);
    return Base::forward(input);
  }
  void initialize_parameters(const Tensor& input) override { this->initialize(input); }
  std::string class_name() const override {
    std::string name = Module::class_name();
    return is_initialized() && name.starts_with("Lazy") ? name.substr(4) : name;
  }

 protected:
  void forget_sizes() override { this->in_channels = 0; }
  void copy_streams(const LazyModule& original) override { this->take_streams(static_cast<const LazyConvolution&>(original)); }
  void state_loaded() override {
    if (!is_initialized() && this->adopt_sizes()) set_initialized();
  }
  std::string expected_sizes(std::string_view name, const Shape& sizes) const override { return this->expected(name, sizes); }
};
template <class Base>
class LazyTransposed : public LazyConvolution<Base> {
 public:
  using LazyConvolution<Base>::LazyConvolution;
  using LazyConvolution<Base>::forward;
  Tensor forward(const Tensor& input, const std::optional<Shape>& output_size) override {
    this->ensure_initialized(input);
    return Base::forward(input, output_size);
  }
};
struct LazyConv1d : LazyConvolution<Conv1d> {
  using LazyConvolution::LazyConvolution;
  explicit LazyConv1d(...) = delete;  // LazyConv1d(out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
};
struct LazyConv2d : LazyConvolution<Conv2d> {
  using LazyConvolution::LazyConvolution;
  explicit LazyConv2d(...) = delete;  // LazyConv2d(out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
};
struct LazyConv3d : LazyConvolution<Conv3d> {
  using LazyConvolution::LazyConvolution;
  explicit LazyConv3d(...) = delete;  // LazyConv3d(out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
};
struct LazyConvTranspose1d : LazyTransposed<ConvTranspose1d> {
  using LazyTransposed::LazyTransposed;
  explicit LazyConvTranspose1d(...) = delete;  // (out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, .dilation, ..})
};
struct LazyConvTranspose2d : LazyTransposed<ConvTranspose2d> {
  using LazyTransposed::LazyTransposed;
  explicit LazyConvTranspose2d(...) = delete;  // (out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, .dilation, ..})
};
struct LazyConvTranspose3d : LazyTransposed<ConvTranspose3d> {
  using LazyTransposed::LazyTransposed;
  explicit LazyConvTranspose3d(...) = delete;  // (out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, .dilation, ..})
};

}  // namespace lazuli::nn
