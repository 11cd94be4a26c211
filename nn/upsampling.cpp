#include "lazuli/nn/upsampling.h"

#include "lazuli/nn/module/registry.h"

namespace lazuli::nn {

namespace {
std::string described(const std::optional<Shape>& size, const std::optional<SizeRatio>& factor, const std::string& mode) {
  const std::string sizes = size && size->size() == 1 ? written((*size)[0]) : written(size);
  return (factor ? "scale_factor=" + written(*factor) : "size=" + sizes) + ", mode=" + written(mode);
}
}  // namespace

Upsample::Upsample(const UpsampleOptions& o) : WithOptions(detail::checked("Upsample", o)) {}
UpsamplingNearest2d::UpsamplingNearest2d(const UpsamplingOptions& o) : WithOptions(detail::checked("UpsamplingNearest2d", o)) {}
UpsamplingBilinear2d::UpsamplingBilinear2d(const UpsamplingOptions& o) : WithOptions(detail::checked("UpsamplingBilinear2d", o)) {}

Tensor Upsample::forward(const Tensor& input) {
  return interpolate(input, {.size = options.size,
                             .scale_factor = options.scale_factor,
                             .mode = options.mode,
                             .align_corners = options.align_corners,
                             .recompute_scale_factor = options.recompute_scale_factor});
}
std::string Upsample::extra_repr() const { return described(options.size, options.scale_factor, options.mode); }
Tensor UpsamplingNearest2d::forward(const Tensor& input) { return upsample_nearest(input, options.size, options.scale_factor); }
std::string UpsamplingNearest2d::extra_repr() const { return described(options.size, options.scale_factor, "nearest"); }
Tensor UpsamplingBilinear2d::forward(const Tensor& input) { return upsample_bilinear(input, options.size, options.scale_factor); }
std::string UpsamplingBilinear2d::extra_repr() const { return described(options.size, options.scale_factor, "bilinear"); }

void list_upsamplings(ModuleTable& table) { table.add<Upsample, UpsamplingNearest2d, UpsamplingBilinear2d>(); }

}  // namespace lazuli::nn
