#include "lazuli/nn/folding.h"

#include "lazuli/nn/module/registry.h"

namespace lazuli::nn {

namespace {
// One number as such, several as Python writes them.
std::string number_or_all(const Shape& value) { return value.size() == 1 ? written(value[0]) : written(value); }
std::string rest(const Shape& kernel, const FoldOptions& o) {
  return "kernel_size=" + number_or_all(kernel) + ", dilation=" + number_or_all(o.dilation) + ", padding=" + number_or_all(o.padding) +
         ", stride=" + number_or_all(o.stride);
}
}  // namespace

Fold::Fold(const Shape& size, const Shape& kernel, const FoldOptions& o)
    : WithOptions(detail::checked("Fold", o)), output_size(size), kernel_size(kernel) {}
Unfold::Unfold(const Shape& kernel, const FoldOptions& o) : WithOptions(detail::checked("Unfold", o)), kernel_size(kernel) {}

Tensor Fold::forward(const Tensor& input) { return fold(input, output_size, kernel_size, options); }
std::string Fold::extra_repr() const { return "output_size=" + number_or_all(output_size) + ", " + rest(kernel_size, options); }
Tensor Unfold::forward(const Tensor& input) { return unfold(input, kernel_size, options); }
std::string Unfold::extra_repr() const { return rest(kernel_size, options); }
Tensor PixelShuffle::forward(const Tensor& input) { return pixel_shuffle(input, upscale_factor); }
Tensor PixelUnshuffle::forward(const Tensor& input) { return pixel_unshuffle(input, downscale_factor); }
Tensor ChannelShuffle::forward(const Tensor& input) { return channel_shuffle(input, groups); }

void list_foldings(ModuleTable& table) { table.add<Fold, Unfold, PixelShuffle, PixelUnshuffle, ChannelShuffle>(); }

}  // namespace lazuli::nn
