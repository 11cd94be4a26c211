#pragma once
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/options.h"
#include "lazuli/ops/network/convolution.h"

/// Convolutions and transposed ones as modules; ops/network/convolution.h has the formulas.
namespace lazuli::nn {

/// What lies around an image (ops/shape/padding.h).
enum class PaddingMode : uint8_t { Zeros, Reflect, Replicate, Circular };
constexpr auto names_of(PaddingMode) {
  return std::array{std::pair{PaddingMode::Zeros, "zeros"}, std::pair{PaddingMode::Reflect, "reflect"},
                    std::pair{PaddingMode::Replicate, "replicate"}, std::pair{PaddingMode::Circular, "circular"}};
}

struct ConvOptions {
  Shape stride = 1;
  ConvolutionPadding padding = 0;
  Shape dilation = 1;
  int64_t groups = 1;
  bool bias = true;
  Choice<PaddingMode> padding_mode = PaddingMode::Zeros;
  template <class O = ConvOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding), member("dilation", &O::dilation, {.least = 1}),
                   member("groups", &O::groups, {.least = 1}), member("bias", &O::bias),       member("padding_mode", &O::padding_mode)};
  }
};

struct ConvTransposeOptions {
  Shape stride = 1, padding = 0, output_padding = 0;
  int64_t groups = 1;
  bool bias = true;
  Shape dilation = 1;
  Choice<PaddingMode> padding_mode = PaddingMode::Zeros;  // no other
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
};
template <int rank>
class ConvOfRank : public Conv {
 public:
  ConvOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const ConvOptions& options = {})
      : Conv(kNames[rank - 1], rank, in_channels, out_channels, kernel_size, options) {}
  template <class... A>
  requires detail::ByPosition<ConvOptions, A...> ConvOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const A&... options)
      : ConvOfRank(in_channels, out_channels, kernel_size, detail::positional<ConvOptions>(options...)) {}
  /// Numbers in braces behind the kernel are strides. `rest`: `Conv2d(3, 8, 3, 1, 1, {.bias = false})`.
  ConvOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, std::initializer_list<int64_t> stride)
      : ConvOfRank(in_channels, out_channels, kernel_size, detail::first_in_braces<ConvOptions>(stride)) {}
  ConvOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Shape& stride, const ConvOptions& rest)
      : ConvOfRank(in_channels, out_channels, kernel_size, detail::positional_and(rest, stride)) {}
  ConvOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Shape& stride, std::initializer_list<int64_t> padding,
             const ConvOptions& rest = {})
      : ConvOfRank(in_channels, out_channels, kernel_size, detail::positional_and(rest, stride, Shape(padding))) {}
  template <std::convertible_to<ConvolutionPadding> P>
  ConvOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Shape& stride, const P& padding, const ConvOptions& rest = {})
      : ConvOfRank(in_channels, out_channels, kernel_size, detail::positional_and(rest, stride, padding)) {}

 protected:
  ConvOfRank(Lazy lazy, int64_t out, const Shape& kernel, const ConvOptions& o) : Conv(lazy, kLazyNames[rank - 1], rank, out, kernel, o) {}

 private:
  static constexpr const char *kNames[] = {"Conv1d", "Conv2d", "Conv3d"}, *kLazyNames[] = {"LazyConv1d", "LazyConv2d", "LazyConv3d"};
};
/// All of them throw Error for options out of range, channels that are no multiples of groups, and "same" with a stride.
class Conv1d : public ConvOfRank<1> {
 public:
  using ConvOfRank::ConvOfRank;
  explicit Conv1d(...) = delete;  // Conv1d(in_channels, out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
};
class Conv2d : public ConvOfRank<2> {
 public:
  using ConvOfRank::ConvOfRank;
  explicit Conv2d(...) = delete;  // Conv2d(in_channels, out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
};
class Conv3d : public ConvOfRank<3> {
 public:
  using ConvOfRank::ConvOfRank;
  explicit Conv3d(...) = delete;  // Conv3d(in_channels, out_channels, kernel_size, {.stride, .padding, .dilation, .groups, .bias, .padding_mode})
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
};
template <int rank>
class ConvTransposeOfRank : public ConvTranspose {
 public:
  ConvTransposeOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const ConvTransposeOptions& options = {})
      : ConvTranspose(kNames[rank - 1], rank, in_channels, out_channels, kernel_size, options) {}
  template <class... A>
  requires detail::ByPosition<ConvTransposeOptions, A...> ConvTransposeOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size,
                                                                              const A&... options)
      : ConvTransposeOfRank(in_channels, out_channels, kernel_size, detail::positional<ConvTransposeOptions>(options...)) {}
  /// Numbers in braces behind the kernel are strides. `rest`: `ConvTranspose2d(16, 8, 4, 2, 1, {.bias = false})`.
  ConvTransposeOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, std::initializer_list<int64_t> stride)
      : ConvTransposeOfRank(in_channels, out_channels, kernel_size, detail::first_in_braces<ConvTransposeOptions>(stride)) {}
  ConvTransposeOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Shape& stride, const ConvTransposeOptions& rest)
      : ConvTransposeOfRank(in_channels, out_channels, kernel_size, detail::positional_and(rest, stride)) {}
  ConvTransposeOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Shape& stride,
                      std::initializer_list<int64_t> padding, const ConvTransposeOptions& rest = {})
      : ConvTransposeOfRank(in_channels, out_channels, kernel_size, detail::positional_and(rest, stride, Shape(padding))) {}
  template <std::convertible_to<Shape> P>
  ConvTransposeOfRank(int64_t in_channels, int64_t out_channels, const Shape& kernel_size, const Shape& stride, const P& padding,
                      const ConvTransposeOptions& rest = {})
      : ConvTransposeOfRank(in_channels, out_channels, kernel_size, detail::positional_and(rest, stride, padding)) {}

 protected:
  ConvTransposeOfRank(Lazy lazy, int64_t out, const Shape& kernel, const Options& o)
      : ConvTranspose(lazy, kLazyNames[rank - 1], rank, out, kernel, o) {}

 private:
  static constexpr const char *kNames[] = {"ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"},
                              *kLazyNames[] = {"LazyConvTranspose1d", "LazyConvTranspose2d", "LazyConvTranspose3d"};
};
class ConvTranspose1d : public ConvTransposeOfRank<1> {
 public:
  using ConvTransposeOfRank::ConvTransposeOfRank;
  explicit ConvTranspose1d(...) = delete;  // (in_channels, out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, ..})
};
class ConvTranspose2d : public ConvTransposeOfRank<2> {
 public:
  using ConvTransposeOfRank::ConvTransposeOfRank;
  explicit ConvTranspose2d(...) = delete;  // (in_channels, out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, ..})
};
class ConvTranspose3d : public ConvTransposeOfRank<3> {
 public:
  using ConvTransposeOfRank::ConvTransposeOfRank;
  explicit ConvTranspose3d(...) = delete;  // (in_channels, out_channels, kernel_size, {.stride, .padding, .output_padding, .groups, .bias, ..})
};

/// One of them whose in_channels is that of its first input. From then on it is its Base, bit for bit, and is printed as such.
template <class Base>
class LazyConvolution : public Base, public LazyModule {
 public:
  using Options = typename Base::Options;
  explicit LazyConvolution(int64_t out_channels, const Shape& kernel_size, const Options& options = {})
      : Base(typename Base::Lazy(), out_channels, kernel_size, options) {}
  template <class... A>
  requires detail::ByPosition<Options, A...> LazyConvolution(int64_t out_channels, const Shape& kernel_size, const A&... options)
      : LazyConvolution(out_channels, kernel_size, detail::positional<Options>(options...)) {}
  LazyConvolution(int64_t out_channels, const Shape& kernel_size, std::initializer_list<int64_t> stride)
      : LazyConvolution(out_channels, kernel_size, detail::first_in_braces<Options>(stride)) {}
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
