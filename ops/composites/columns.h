#pragma once
#include <algorithm>

#include "lazuli/ops/composites/support.h"
#include "lazuli/ops/network/window.h"

/// Images as the columns of all their windows, and back, by copies and sums of views.
namespace lazuli::composites {

inline constexpr int64_t kColumns = 1 << 24;  // elements at a time, at most, where one sample does not have more

// Of `in` [n, c, from..] with windows to `places`.
struct Columns {
  Shape stride, padding, dilation, kernel, places, from, padded;
  int64_t n, c, groups, rank, reads = 1, spots = 1, samples;

  Columns(const Tensor& in, const Shape& kernel_sizes, const Shape& out_places, const Shape& s, const Shape& p, const Shape& d, int64_t g)
      : stride(s),
        padding(p),
        dilation(d),
        kernel(kernel_sizes),
        places(out_places),
        from(window::spatial(in.sizes(), places.size())),
        padded(from),
        n(in.sizes()[0]),
        c(in.sizes()[1]),
        groups(g),
        rank(places.size()) {
    for (int64_t i = 0; i < rank; ++i) {
      padded[i] = (places[i] - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1;
      reads *= kernel[i], spots *= places[i];
    }
    samples = std::clamp(kColumns / std::max<int64_t>(c * reads * spots, 1), int64_t(1), std::max<int64_t>(n, 1));
  }

  int64_t rows() const { return c / groups * reads; }
  Shape sizes(int64_t count) const { return {groups, rows(), count * spots}; }
  // All windows as a view of padded images: [c, kernel.., count, places..].
  Tensor windows(const Tensor& images) const {
    Shape sizes{c}, strides{images.strides()[1]};
    for (int64_t i = 0; i < rank; ++i) sizes.push_back(kernel[i]), strides.push_back(images.strides()[i + 2] * dilation[i]);
    sizes.push_back(images.sizes()[0]), strides.push_back(images.strides()[0]);
    for (int64_t i = 0; i < rank; ++i) sizes.push_back(places[i]), strides.push_back(images.strides()[i + 2] * stride[i]);
    return alias(images, sizes, strides, images.storage_offset());
  }
  Shape window_sizes(int64_t count) const {
    Shape sizes{c};
    for (int64_t k : kernel) sizes.push_back(k);
    sizes.push_back(count);
    for (int64_t p : places) sizes.push_back(p);
    return sizes;
  }
  Shape full(int64_t count) const {
    Shape all{count, c};
    for (int64_t v : padded) all.push_back(v);
    return all;
  }
  bool is_padded() const {
    return !(padded == from) || std::any_of(padding.begin(), padding.end(), [](int64_t p) { return p != 0; });
  }
  // The parts of padded and of given images that are the same elements.
  std::pair<Tensor, Tensor> common(const Tensor& padded_images, const Tensor& images) const {
    Tensor a = padded_images, b = images;
    for (int64_t i = 0; i < rank; ++i) {
      const int64_t length = std::clamp(padded[i] - padding[i], int64_t(0), from[i]);
      a = narrowed(a, i + 2, std::min(padding[i], padded[i]), length), b = narrowed(b, i + 2, 0, length);
    }
    return {a, b};
  }
  Tensor with_padding(const Tensor& images) const {
    const int64_t count = images.sizes()[0];
    Tensor source = images;
    if (is_padded()) {
      source = filled(full(count), 0, images.dtype(), images.device());
      auto [to, part] = common(source, images);
      write(to, part);
    }
    return source;
  }
  // Their columns.
  Tensor gathered(const Tensor& images) const {
    const Tensor view = windows(with_padding(images));
    Tensor columns = new_tensor(view.sizes(), images.dtype(), images.device());
    write(columns, view);
    return reshaped(columns, sizes(images.sizes()[0]));
  }
  // Adds each column [c, kernel.., count, places..] where it came from.
  void scatter(const Tensor& columns, Tensor& images) const {
    const int64_t count = images.sizes()[0];
    Tensor sums = filled(full(count), 0, columns.dtype(), images.device());
    const Tensor view = windows(sums);
    for (int64_t k = 0; k < reads; ++k) {
      Tensor to = view, part = columns;
      for (int64_t i = rank - 1, rest = k; i >= 0; --i) {
        const int64_t at = rest % kernel[i];
        rest /= kernel[i];
        to = narrowed(to, i + 1, at, 1), part = narrowed(part, i + 1, at, 1);
      }
      if (to.numel()) binary_kernel(to.device(), BinaryOp::Add, to, to, part, Params());
    }
    auto [part, to] = common(sums, images);
    if (to.numel() != images.numel()) fill_kernel(images.device(), images, 0);
    write(to, part);
  }
};

}  // namespace lazuli::composites
