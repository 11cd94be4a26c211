#include "lazuli/ops/network/folding.h"

#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/geometry.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/composites/columns.h"
#include "lazuli/ops/network/window.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

struct Windows {
  Shape kernel, dilation, padding, stride;

  Windows(const char* op, const Shape& k, const FoldOptions& o)
      : kernel(window::entries(op, "kernel_size", k, 2, 1)),
        dilation(window::entries(op, "dilation", o.dilation, 2, 1)),
        padding(window::entries(op, "padding", o.padding, 2, 0)),
        stride(window::entries(op, "stride", o.stride, 2, 1)) {}
  Shape places(const char* op, const Shape& image) const {
    Shape places = image;
    for (int64_t d = 0; d < 2; ++d) {
      const int64_t room = image[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1;
      if (room < 0) fail(op, "kernel_size", "a kernel that fits the padded image " + to_string(image), to_string(kernel));
      places[d] = room / stride[d] + 1;
    }
    return places;
  }
  composites::Columns columns(const Tensor& images, const Shape& places) const {
    return composites::Columns(images, kernel, places, stride, padding, dilation, 1);
  }
};

// Columns [n, c * kernel, windows] seen as [c, kernel.., n, windows..].
Tensor as_windows(const Tensor& columns, const composites::Columns& c) {
  const Shape& s = columns.strides();
  const int64_t reads = s[1], spots = s[2];
  return alias(columns, c.window_sizes(columns.sizes()[0]), {c.reads * reads, c.kernel[1] * reads, reads, s[0], c.places[1] * spots, spots},
               columns.storage_offset());
}

// Linear both, and each other's derivative.
Tensor folded(const Tensor& columns, const Windows& w, const Shape& image);
Tensor unfolded(const Tensor& x, const Windows& w) {
  const Shape image = window::spatial(x.sizes(), 2);
  const composites::Columns c = w.columns(x, w.places("unfold", image));
  Tensor out = new_tensor({c.n, c.c * c.reads, c.spots}, x.dtype(), x.device());
  if (out.numel()) {
    Tensor to = as_windows(out, c);
    copy_kernel(out.device(), to, c.windows(c.with_padding(x)));
  }
  if (auto tape = Tape::recording(x))
    tape.record("unfold", out, [w, image](const Tensor& grad, Needs needs) {
      if (linearizing()) return linear_map(grad, needs, [w](const Grads& tangents) { return Grads{unfolded(tangents[0], w)}; });
      return Grads{folded(grad, w, image)};
    });
  return out;
}
Tensor folded(const Tensor& columns, const Windows& w, const Shape& image) {
  Tensor out = new_tensor({columns.sizes()[0], columns.sizes()[1] / w.kernel.numel(), image[0], image[1]}, columns.dtype(), columns.device());
  const composites::Columns c = w.columns(out, w.places("fold", image));
  if (out.numel()) {
    if (columns.dtype() == kFloat16 || columns.dtype() == kBFloat16) {
      Tensor wide = new_tensor(out.sizes(), kFloat32, out.device());
      c.scatter(as_windows(casted(columns, kFloat32), c), wide);
      copy_kernel(out.device(), out, wide);
    } else {
      c.scatter(as_windows(columns, c), out);
    }
  }
  if (auto tape = Tape::recording(columns))
    tape.record("fold", out, [w, image](const Tensor& grad, Needs needs) {
      if (linearizing()) return linear_map(grad, needs, [w, image](const Grads& tangents) { return Grads{folded(tangents[0], w, image)}; });
      return Grads{unfolded(grad, w)};
    });
  return out;
}

void check_factor(const char* op, const char* argument, const Tensor& self, int64_t factor) {
  need_defined(op, self);
  if (factor < 1) fail(op, argument, "at least 1", std::to_string(factor));
  if (self.dim() < 3) fail(op, "self", "at least three dimensions, [.., channels, height, width]", "sizes " + to_string(self.sizes()));
}
// Dimensions split and moved: [.., a, b, c] as `split` of the last three, in the order `order` of these, as `sizes`.
Tensor rearranged(const Tensor& self, const Shape& split, std::initializer_list<int64_t> order, const Shape& joined) {
  const int64_t lead = self.dim() - 3;
  Shape sizes(self.sizes().data(), lead), dims, out = sizes;
  for (int64_t d = 0; d < lead; ++d) dims.push_back(d);
  for (int64_t s : split) sizes.push_back(s);
  for (int64_t o : order) dims.push_back(lead + o);
  for (int64_t s : joined) out.push_back(s);
  return reshape(permute(reshape(self, sizes), dims), out);
}

}  // namespace

Tensor with_options::unfold(const Tensor& input, const Shape& kernel_size, UnfoldOptions options) {
  need_defined("unfold", input, "input");
  const Windows w("unfold", kernel_size, options);
  const int64_t rank = input.dim();
  bool fits = rank == 3 || rank == 4;
  for (int64_t d = rank - 3; fits && d < rank; ++d) fits = input.sizes()[d] > 0;
  if (!fits) fail("unfold", "input", "images [n, channels, height, width], or without n, that are not empty", "sizes " + to_string(input.sizes()));
  w.places("unfold", window::spatial(input.sizes(), 2));
  return rank == 4 ? unfolded(input, w) : squeeze(unfolded(unsqueeze(input, 0), w), Shape(0));
}

Tensor with_options::fold(const Tensor& input, const Shape& output_size, const Shape& kernel_size, FoldOptions options) {
  need_defined("fold", input, "input");
  const Windows w("fold", kernel_size, options);
  const Shape image = window::entries("fold", "output_size", output_size, 2, 1), places = w.places("fold", image);
  const int64_t rank = input.dim(), reads = size_product(w.kernel[0], w.kernel[1], "fold"), spots = size_product(places[0], places[1], "fold");
  if ((rank != 2 && rank != 3) || input.sizes()[-2] == 0 || input.sizes()[-2] % reads || input.sizes()[-1] != spots)
    fail("fold", "input", "columns [n, channels * " + std::to_string(reads) + ", " + std::to_string(spots) + "], or without n",
         "sizes " + to_string(input.sizes()));
  return rank == 3 ? folded(input, w, image) : squeeze(folded(unsqueeze(input, 0), w, image), Shape(0));
}

Tensor pixel_shuffle(const Tensor& self, int64_t r) {
  check_factor("pixel_shuffle", "upscale_factor", self, r);
  const Shape s = window::spatial(self.sizes(), 3);
  const int64_t square = size_product(r, r, "pixel_shuffle");
  if (s[0] % square)
    fail("pixel_shuffle", "self", "a number of channels that " + std::to_string(square) + " divides", "sizes " + to_string(self.sizes()));
  const int64_t c = s[0] / square, height = size_product(s[1], r, "pixel_shuffle"), width = size_product(s[2], r, "pixel_shuffle");
  return rearranged(self, {c, r, r, s[1], s[2]}, {0, 3, 1, 4, 2}, {c, height, width});
}
Tensor pixel_unshuffle(const Tensor& self, int64_t r) {
  check_factor("pixel_unshuffle", "downscale_factor", self, r);
  const Shape s = window::spatial(self.sizes(), 3);
  if (s[1] % r || s[2] % r)
    fail("pixel_unshuffle", "self", "height and width that " + std::to_string(r) + " divides", "sizes " + to_string(self.sizes()));
  const int64_t channels = size_product(s[0], size_product(r, r, "pixel_unshuffle"), "pixel_unshuffle");
  return rearranged(self, {s[0], s[1] / r, r, s[2] / r, r}, {0, 2, 4, 1, 3}, {channels, s[1] / r, s[2] / r});
}
Tensor channel_shuffle(const Tensor& self, int64_t groups) {
  need_defined("channel_shuffle", self);
  if (groups < 1) fail("channel_shuffle", "groups", "at least 1", std::to_string(groups));
  if (self.dim() < 3) fail("channel_shuffle", "self", "at least three dimensions, [n, channels, ..]", "sizes " + to_string(self.sizes()));
  const int64_t c = self.sizes()[1];
  if (c % groups)
    fail("channel_shuffle", "self", "a number of channels that groups, " + std::to_string(groups) + ", divides", "sizes " + to_string(self.sizes()));
  Shape split = self.sizes();
  split[1] = c / groups;
  split.insert(1, groups);
  return reshape(transpose(reshape(self, split), 1, 2), self.sizes());
}

void register_folding(OpTable& table) {
  table.add("unfold(Tensor input, int[2] kernel_size, int[2] dilation=1, int[2] padding=0, int[2] stride=1) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, const Shape&, UnfoldOptions)>(&with_options::unfold));
  table.add("fold(Tensor input, int[2] output_size, int[2] kernel_size, int[2] dilation=1, int[2] padding=0, int[2] stride=1) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, const Shape&, const Shape&, FoldOptions)>(&with_options::fold));
  table.add("pixel_shuffle(Tensor self, int upscale_factor) -> Tensor", &pixel_shuffle);
  table.add("pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor", &pixel_unshuffle);
  table.add("channel_shuffle(Tensor self, int groups) -> Tensor", &channel_shuffle);
}

}  // namespace lazuli
