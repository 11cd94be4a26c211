#pragma once
#include "lazuli/nn/module/options.h"
#include "lazuli/ops/network/resampling.h"

/// Images at other sizes; ops/network/resampling.h has the modes.
namespace lazuli::nn {

struct UpsampleOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  OptionalShape size = {};
  std::optional<SizeRatio> scale_factor = {};
  std::string mode = "nearest";
  std::optional<bool> align_corners = {};
  std::optional<bool> recompute_scale_factor = {};
  template <class O = UpsampleOptions>
  static constexpr auto members() {
    return Members{member("size", &O::size, {.least = 1}), member("scale_factor", &O::scale_factor), member("mode", &O::mode),
                   member("align_corners", &O::align_corners), member("recompute_scale_factor", &O::recompute_scale_factor)};
  }
};
class Upsample : public WithOptions<UpsampleOptions> {
 public:
  explicit Upsample(const UpsampleOptions& o = {});
  explicit Upsample(const detail::NotA<UpsampleOptions> auto&) =
      delete;  // Upsample({.size, .scale_factor, .mode, .align_corners, .recompute_scale_factor})
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};

struct UpsamplingOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  OptionalShape size = {};
  std::optional<SizeRatio> scale_factor = {};
  template <class O = UpsamplingOptions>
  static constexpr auto members() {
    return Members{member("size", &O::size, {.least = 1}), member("scale_factor", &O::scale_factor)};
  }
};
/// Upsample of images with mode "nearest".
class UpsamplingNearest2d : public WithOptions<UpsamplingOptions> {
 public:
  explicit UpsamplingNearest2d(const UpsamplingOptions& o = {});
  explicit UpsamplingNearest2d(const detail::NotA<UpsamplingOptions> auto&) = delete;  // UpsamplingNearest2d({.size, .scale_factor})
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};
/// And with mode "bilinear" and align_corners.
class UpsamplingBilinear2d : public WithOptions<UpsamplingOptions> {
 public:
  explicit UpsamplingBilinear2d(const UpsamplingOptions& o = {});
  explicit UpsamplingBilinear2d(const detail::NotA<UpsamplingOptions> auto&) = delete;  // UpsamplingBilinear2d({.size, .scale_factor})
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};

}  // namespace lazuli::nn
