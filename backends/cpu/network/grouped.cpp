// For each group and place of the window a product [channels, places] x [places, channels of the result]. The image is copied once, with its padding and, where steps are taken, with
// the places of each remainder of the step by themselves: then what lies under one place of the window is a run of that copy, and no columns are gathered.
#include "lazuli/backends/cpu/network/grouped.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/linalg/small_gemm.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kLeastGroups = 8;     // they are what threads share
constexpr int64_t kGrain = 32768;       // products of a thread, at least
constexpr int64_t kCached = 24 * 1024;  // floats of both sides' copies, where a row does not need more
constexpr int64_t kVector = 16;         // of which a copy of the result's channels has a multiple
constexpr int64_t kOneDnn = 8;          // with multiples of so many channels on both sides oneDNN has kernels of its own, else it gathers columns

struct Geometry {
  int64_t n, groups, from, to;  // channels of a group
  int64_t in[2] = {1, 1}, out[2] = {1, 1}, kernel[2] = {1, 1}, stride[2] = {1, 1}, padding[2] = {0, 0}, dilation[2] = {1, 1};

  int64_t span(int d) const { return (kernel[d] - 1) * dilation[d]; }
  int64_t remainders(int d) const { return std::min(stride[d], span(d) + 1); }
  int64_t beyond(int d) const { return span(d) / stride[d]; }  // places of a copy that are no places of the result
  int64_t row() const { return out[1] + beyond(1); }
  int64_t taps() const { return kernel[0] * kernel[1]; }
  int64_t width() const { return (to + kVector - 1) / kVector * kVector; }

  // Rows of the result that are done at a time.
  int64_t rows() const {
    const int64_t images = from * remainders(0) * remainders(1) * row(), results = row() * width();
    return std::clamp<int64_t>((kCached - images * beyond(0)) / (images + results), std::min<int64_t>(out[0], 4), out[0]);
  }
  int64_t plane() const { return (rows() + beyond(0)) * row(); }
  int64_t channel() const { return remainders(0) * remainders(1) * plane(); }
};

std::optional<Geometry> geometry(const Tensor& image, const Tensor& result, const Tensor& weight, const Shape& stride, const Shape& padding,
                                 const Shape& dilation, int64_t groups) {
  const int64_t rank = image.dim() - 2;
  if (rank > 2 || image.dtype() != kFloat32 || groups < kLeastGroups || image.numel() == 0 || result.numel() == 0) return {};
  Geometry g{image.sizes()[0], groups, image.sizes()[1] / groups, result.sizes()[1] / groups};
  for (int64_t d = 0; d < rank; ++d) {
    const int64_t to = 2 - rank + d;
    g.in[to] = image.sizes()[d + 2], g.out[to] = result.sizes()[d + 2], g.kernel[to] = weight.sizes()[d + 2];
    g.stride[to] = stride[d], g.padding[to] = padding[d], g.dilation[to] = dilation[d];
  }
  if (g.from % kOneDnn == 0 && g.to % kOneDnn == 0) return {};
  return g;
}

/// The copies of one thread.
class Room {
 public:
  explicit Room(const Geometry& geometry)
      : g(geometry),
        images_(size_t(g.from * g.channel()), 0.0f),
        results_(size_t(g.rows() * g.row() * g.width()), 0.0f),
        sums_(size_t(g.from * g.taps() * g.width())) {}

  /// The products of rows `first` to `first + count` of the result, as sums or added to them.
  void add(const float* image, const float* result, int64_t first, int64_t count, bool add) {
    for (int64_t c = 0; c < g.from; ++c) copy_channel(images_.data() + c * g.channel(), image + c * g.in[0] * g.in[1], first, count);
    copy_result(result + first * g.out[1], count);
    GemmF32 product;
    product.n = g.width(), product.k = (count - 1) * g.row() + g.out[1];
    product.b = results_.data(), product.b_row = g.width(), product.b_col = 1;
    product.a_col = 1;
    product.beta = add ? 1.0f : 0.0f;
    product.way = GemmWay::Tiles;
    const bool by_columns = g.from < g.kernel[1] && g.stride[1] == 1;  // the window's columns are more rows of a product than the channels
    product.m = by_columns ? g.kernel[1] : g.from;
    product.a_row = by_columns ? g.dilation[1] : g.channel();
    product.c_row = by_columns ? g.width() : g.taps() * g.width();
    for (int64_t c = 0; c < (by_columns ? g.from : 1); ++c)
      for (int64_t y = 0; y < g.kernel[0]; ++y)
        for (int64_t x = 0; x < (by_columns ? 1 : g.kernel[1]); ++x) {
          product.a = images_.data() + c * g.channel() + under(y * g.dilation[0], x * g.dilation[1]);
          product.c = sums_.data() + ((c * g.kernel[0] + y) * g.kernel[1] + x) * g.width();
          small_gemm_f32(product);
        }
  }
  void store(float* grad_weight) const {
    const int64_t columns = g.from * g.taps();
    transpose_f32(grad_weight, columns, sums_.data(), g.width(), columns, g.to);
  }

 private:
  // Where in a channel's copy the run begins of what lies `y` and `x` places behind a window's first.
  int64_t under(int64_t y, int64_t x) const {
    return (y % g.stride[0] * g.remainders(1) + x % g.stride[1]) * g.plane() + y / g.stride[0] * g.row() + x / g.stride[1];
  }
  void copy_channel(float* to, const float* from, int64_t first, int64_t count) const {
    for (int64_t ry = 0; ry < g.remainders(0); ++ry)
      for (int64_t rx = 0; rx < g.remainders(1); ++rx, to += g.plane())
        for (int64_t r = 0; r < count + g.beyond(0); ++r) {
          const int64_t y = (first + r) * g.stride[0] + ry - g.padding[0];
          if (y < 0 || y >= g.in[0]) std::fill_n(to + r * g.row(), g.row(), 0.0f);
          else copy_row(to + r * g.row(), from + y * g.in[1], rx - g.padding[1]);
        }
  }
  // What is outside of the image is 0 from the beginning.
  void copy_row(float* to, const float* from, int64_t start) const {
    const int64_t step = g.stride[1], begin = start < 0 ? (-start + step - 1) / step : 0,
                  end = std::min(g.row(), g.in[1] > start ? (g.in[1] - start + step - 1) / step : 0);
    if (step == 1) {
      if (begin < end) std::copy(from + start + begin, from + start + end, to + begin);
    } else {
      for (int64_t i = begin; i < end; ++i) to[i] = from[start + i * step];
    }
  }
  // Places first, then channels; places that are none are 0 from the beginning.
  void copy_result(const float* from, int64_t count) {
    const int64_t at_once = g.beyond(1) ? 1 : count;
    for (int64_t r = 0; r < count; r += at_once)
      transpose_f32(results_.data() + r * g.row() * g.width(), g.width(), from + r * g.out[1], g.out[0] * g.out[1], g.to, at_once * g.out[1]);
  }

  const Geometry& g;
  std::vector<float> images_, results_, sums_;
};

}  // namespace

bool grouped_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups) {
  const auto g = geometry(in, grad, grad_weight, stride, padding, dilation, groups);
  if (!g) return false;
  const Tensor results = dense(grad), images = dense(in);
  const float *result = pointer<const float>(results), *image = pointer<const float>(images);
  DenseOut out(grad_weight);
  float* to = pointer<float>(out.tensor());
  const int64_t image_size = g->from * g->in[0] * g->in[1], result_size = g->to * g->out[0] * g->out[1], rows = g->rows();
  const int64_t work = std::max<int64_t>(1, g->n * result_size * g->from * g->taps());
  parallel_for(0, groups, std::max<int64_t>(1, kGrain / work), [&](int64_t begin, int64_t end) {
    Room room(*g);
    for (int64_t group = begin; group < end; ++group) {
      for (int64_t i = 0; i < g->n; ++i)
        for (int64_t y = 0; y < g->out[0]; y += rows)
          room.add(image + (i * groups + group) * image_size, result + (i * groups + group) * result_size, y, std::min(rows, g->out[0] - y),
                   i > 0 || y > 0);
      room.store(to + group * g->to * g->from * g->taps());
    }
  });
  out.commit();
  return true;
}

}  // namespace lazuli::cpu
