#pragma once
#include "lazuli/nn/module/options.h"
#include "lazuli/ops/network/folding.h"

/// Images as columns and back, channels as places and back; ops/network/folding.h has the shapes.
namespace lazuli::nn {

using lazuli::FoldOptions, lazuli::UnfoldOptions;

class Fold : public WithOptions<FoldOptions> {
 public:
  template <size_t K>
  using At = detail::Position<FoldOptions, K>;
  Fold(const Shape& size, const Shape& kernel, const FoldOptions& o = {});
  template <class A>
  requires detail::ByPosition<FoldOptions, A> Fold(const Shape& size, const Shape& kernel, const A& dilation)
      : Fold(size, kernel, detail::positional<FoldOptions>(dilation)) {}
  Fold(const Shape& size, const Shape& kernel, const At<0>& dilation, const At<1>& padding, const At<2>& stride = {})
      : Fold(size, kernel, detail::from_positions(dilation, padding, stride)) {}
  explicit Fold(...) = delete;  // Fold(size, kernel, {.dilation, .padding, .stride})
  template <class M = Fold>
  static constexpr auto arguments() {
    return Members{member("output_size", &M::output_size, {.least = 1}), member("kernel_size", &M::kernel_size, {.least = 1})};
  }
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  Shape output_size, kernel_size;
};
class Unfold : public WithOptions<FoldOptions> {
 public:
  template <size_t K>
  using At = detail::Position<FoldOptions, K>;
  explicit Unfold(const Shape& kernel, const FoldOptions& o = {});
  template <size_t N>
  explicit Unfold(const int64_t (&kernel)[N], const FoldOptions& o = {}) : Unfold(Shape(kernel), o) {}
  template <class A>
  requires detail::ByPosition<FoldOptions, A> Unfold(const Shape& kernel, const A& dilation)
      : Unfold(kernel, detail::positional<FoldOptions>(dilation)) {}
  Unfold(const Shape& kernel, const At<0>& dilation, const At<1>& padding, const At<2>& stride = {})
      : Unfold(kernel, detail::from_positions(dilation, padding, stride)) {}
  template <class = void>
  explicit Unfold(const Shape&, ...) = delete;                     // Unfold(kernel, {.dilation, .padding, .stride})
  explicit Unfold(const detail::NotA<Shape> auto&, ...) = delete;  // Unfold(kernel, {.dilation, .padding, .stride})
  template <class M = Unfold>
  static constexpr auto arguments() {
    return Members{member("kernel_size", &M::kernel_size, {.least = 1})};
  }
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  Shape kernel_size;
};

class PixelShuffle : public TensorModule {
 public:
  explicit PixelShuffle(int64_t factor) : upscale_factor(factor) {}
  explicit PixelShuffle(...) = delete;  // PixelShuffle(factor)
  template <class M = PixelShuffle>
  static constexpr auto arguments() {
    return Members{member("upscale_factor", &M::upscale_factor, {.least = 1})};
  }
  Tensor forward(const Tensor& input) override;
  int64_t upscale_factor;
};
class PixelUnshuffle : public TensorModule {
 public:
  explicit PixelUnshuffle(int64_t factor) : downscale_factor(factor) {}
  explicit PixelUnshuffle(...) = delete;  // PixelUnshuffle(factor)
  template <class M = PixelUnshuffle>
  static constexpr auto arguments() {
    return Members{member("downscale_factor", &M::downscale_factor, {.least = 1})};
  }
  Tensor forward(const Tensor& input) override;
  int64_t downscale_factor;
};
class ChannelShuffle : public TensorModule {
 public:
  explicit ChannelShuffle(int64_t count) : groups(count) {}
  explicit ChannelShuffle(...) = delete;  // ChannelShuffle(count)
  template <class M = ChannelShuffle>
  static constexpr auto arguments() {
    return Members{member("groups", &M::groups, {.least = 1})};
  }
  Tensor forward(const Tensor& input) override;
  int64_t groups;
};

}  // namespace lazuli::nn
