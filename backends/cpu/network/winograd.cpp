// Blocks of tiles whose transforms stay in the cache, in parallel; an element's sum runs in the same order however the tiles are cut.
#include "lazuli/backends/cpu/network/winograd.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/linalg/small_gemm.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/memory/storage.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kPanel = 32;          // columns of a product that lie together
constexpr int64_t kChannels = 16;       // of which either side has a multiple
constexpr int64_t kCached = 96 * 1024;  // floats of both sides' transforms of a block
constexpr int64_t kGathered = 1 << 20;  // and of one whose weights' gradient is summed
constexpr int64_t kMuch = 256 * 512;    // weights whose transforms are beyond the caches of a core

// With few tiles, the transformed weights are more to read than there is to gain.
bool pays(int64_t tiles, int64_t weights) { return tiles >= (weights < kMuch ? 32 : 128); }

/// Images of `from` channels with channels last, and those of `to` channels that 3 x 3 windows make of them.
struct Geometry {
  int64_t n, from, to, height, width, out_height, out_width, top, left;
  int64_t rows() const { return (out_height + 1) / 2; }
  int64_t columns() const { return (out_width + 1) / 2; }
  int64_t tiles() const { return n * rows() * columns(); }

  struct Place {
    int64_t image, y, x;  // of the tile's first output
  };
  Place place(int64_t tile) const { return {tile / (rows() * columns()), tile / columns() % rows() * 2, tile % columns() * 2}; }
};

/// `image` is the input's side, whose window at place o begins at o - padding.
std::optional<Geometry> geometry(const Tensor& image, const Tensor& result, const Tensor& weight, const Shape& stride, const Shape& padding,
                                 const Shape& dilation, int64_t groups) {
  if (image.dim() != 4 || image.dtype() != kFloat32 || groups != 1) return {};
  for (int64_t d = 0; d < 2; ++d)
    if (weight.size(d + 2) != 3 || stride[d] != 1 || dilation[d] != 1 || padding[d] > 2) return {};
  const Geometry g{image.size(0),  image.size(1),  result.size(1), image.size(2), image.size(3),
                   result.size(2), result.size(3), padding[0],     padding[1]};
  if (g.from % kChannels || g.to % kChannels || g.from == 0 || g.to == 0 || !pays(g.tiles(), g.from * g.to)) return {};
  return g;
}

Tensor with_channels_last(const Tensor& t) {
  if (is_channels_last(t)) return t;
  Tensor copy = new_strided(t.sizes(), channels_last_strides(t.sizes()), t.dtype());
  copy_kernel(kCPU, copy, t);
  return copy;
}

// ---- weights: U[k][panel][from][columns of the panel] = (G w G^T)[k] ----

// G (w0, w1, w2) = (w0, (w0 + w1 + w2) / 2, (w0 - w1 + w2) / 2, w2)
void transform_weight(float* u, const float* w) {
  float rows[12];
  for (int j = 0; j < 3; ++j) {
    const float w0 = w[j], w1 = w[3 + j], w2 = w[6 + j];
    rows[j] = w0, rows[3 + j] = 0.5f * (w0 + w1 + w2), rows[6 + j] = 0.5f * (w0 - w1 + w2), rows[9 + j] = w2;
  }
  for (int i = 0; i < 4; ++i) {
    const float w0 = rows[3 * i], w1 = rows[3 * i + 1], w2 = rows[3 * i + 2];
    u[4 * i] = w0, u[4 * i + 1] = 0.5f * (w0 + w1 + w2), u[4 * i + 2] = 0.5f * (w0 - w1 + w2), u[4 * i + 3] = w2;
  }
}
// The transpose: G^T u G.
void transform_back(float* w, const float* u) {
  float rows[12];
  for (int j = 0; j < 4; ++j) {
    const float half_sum = 0.5f * (u[4 + j] + u[8 + j]);
    rows[j] = u[j] + half_sum, rows[4 + j] = 0.5f * (u[4 + j] - u[8 + j]), rows[8 + j] = half_sum + u[12 + j];
  }
  for (int i = 0; i < 3; ++i) {
    const float *r = rows + 4 * i, half_sum = 0.5f * (r[1] + r[2]);
    w[3 * i] = r[0] + half_sum, w[3 * i + 1] = 0.5f * (r[1] - r[2]), w[3 * i + 2] = half_sum + r[3];
  }
}

struct Weights {
  Shape sizes, strides;
  Ref<Storage> bytes;
  const float* data() const { return reinterpret_cast<const float*>(bytes->data()); }
};

/// `turned`: for the gradient of the input, from the result's channels to the input's, with windows turned by half.
std::shared_ptr<const Weights> transformed(const Tensor& weight, bool turned) {
  const uint64_t key = uint64_t(weight.storage_offset()) * 2 + turned;
  const uint32_t version = weight.version();
  auto kept = weight.storage()->attachment<Weights>(key);
  if (kept && kept->sizes == weight.sizes() && kept->strides == weight.strides()) return kept;
  const Tensor plain = dense(weight);
  const int64_t from = weight.size(turned ? 0 : 1), to = weight.size(turned ? 1 : 0);
  auto made = std::make_shared<Weights>(Weights{weight.sizes(), weight.strides(), Storage::allocate(16 * from * to * int64_t(sizeof(float)), kCPU)});
  float* out = reinterpret_cast<float*>(made->bytes->data());
  const float* w = pointer<const float>(plain);
  parallel_for(0, from, std::max<int64_t>(1, 1024 / to), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      for (int64_t o = 0; o < to; ++o) {
        const float* given = w + (turned ? i * to + o : o * from + i) * 9;
        float window[9], u[16];
        for (int k = 0; k < 9; ++k) window[k] = given[turned ? 8 - k : k];
        transform_weight(u, window);
        const int64_t panel = o / kPanel * kPanel, width = std::min(kPanel, to - panel);
        for (int64_t k = 0; k < 16; ++k) out[(k * to + panel) * from + i * width + o - panel] = u[k];
      }
  });
  if (weight.storage()->allocator()) weight.storage()->attach<Weights>(made, version, key);  // others may write to memory that is not ours
  return made;
}

// ---- tiles ----

struct Transforms {
  const WinogradLoops& loops = winograd_loops();
  const Geometry& g;
  const float* nothing;  // zeros of a place's channels

  /// The tile's 4 x 4 places of `in`, zeros outside of it.
  void input(float* to, int64_t plane, const float* in, int64_t tile) const {
    const auto [image, oy, ox] = g.place(tile);
    const float* from[16];
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t j = 0; j < 4; ++j) {
        const int64_t y = oy - g.top + i, x = ox - g.left + j;
        const bool inside = y >= 0 && y < g.height && x >= 0 && x < g.width;
        from[4 * i + j] = inside ? in + ((image * g.height + y) * g.width + x) * g.from : nothing;
      }
    loops.input(to, plane, from, g.from);
  }
  /// The tile's 2 x 2 places of the result; `outside` where there is none.
  template <class T>
  void results(T* (&places)[4], T* out, T* outside, int64_t tile) const {
    const auto [image, y, x] = g.place(tile);
    for (int64_t i = 0; i < 4; ++i) {
      const bool inside = y + i / 2 < g.out_height && x + i % 2 < g.out_width;
      places[i] = inside ? out + ((image * g.out_height + y + i / 2) * g.out_width + x + i % 2) * g.to : outside;
    }
  }
};

// Room for `count` floats, this thread's until it asks again. It is kept: the system would take it back and clear it anew for each call.
float* room_of_thread(size_t count) {
  thread_local std::unique_ptr<float[]> room;
  thread_local size_t floats = 0;
  if (floats < count) {
    floats = 0;
    room.reset();
    room.reset(new float[count]);
    floats = count;
  }
  return room.get();
}

void convolve(const Geometry& g, float* out, const float* in, const Weights& weights, const float* bias, const float* residual = nullptr,
              bool relu = false) {
  const std::vector<float> nothing(static_cast<size_t>(std::max(g.from, g.to)), 0.0f);
  const Transforms transforms{.g = g, .nothing = nothing.data()};
  const int64_t tiles = g.tiles(), least = g.from * g.to < kMuch ? 12 : 48,
                block = std::clamp<int64_t>(kCached / (16 * (g.from + g.to)) / 12 * 12, least, 96), blocks = (tiles + block - 1) / block;
  parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
    const int64_t plane = block * g.from + 16, out_plane = block * g.to + 16;  // not a multiple of a page: 16 planes are written at once
    float *x = room_of_thread(size_t(16 * (plane + out_plane))), *m = x + 16 * plane;
    for (int64_t b = begin; b < end; ++b) {
      const int64_t first = b * block, count = std::min(block, tiles - first);
      for (int64_t t = 0; t < count; ++t) transforms.input(x + t * g.from, plane, in, first + t);
      for (int64_t k = 0; k < 16; ++k)
        for (int64_t panel = 0; panel < g.to; panel += kPanel) {
          GemmF32 product;
          product.m = count, product.n = std::min(kPanel, g.to - panel), product.k = g.from;
          product.a = x + k * plane, product.a_row = g.from, product.a_col = 1;
          product.b = weights.data() + (k * g.to + panel) * g.from, product.b_row = product.n, product.b_col = 1;
          product.c = m + k * out_plane + panel, product.c_row = g.to;
          product.way = GemmWay::Tiles;
          small_gemm_f32(product);
        }
      for (int64_t t = 0; t < count; ++t) {
        float* places[4];
        WinogradEpilogue epilogue{.bias = bias, .relu = relu};
        transforms.results<float>(places, out, nullptr, first + t);
        if (residual) transforms.results<const float>(epilogue.residual, residual, nullptr, first + t);
        transforms.loops.output(places, m + t * g.to, out_plane, epilogue, g.to);
      }
    }
  });
}

// The 16 products sum over all tiles, which are transformed as many at a time as the cache of all processors holds; threads share them out, then the sums' elements.
void correlate(const Geometry& g, float* grad_weight, const float* grad, const float* in) {
  const std::vector<float> nothing(static_cast<size_t>(std::max(g.from, g.to)), 0.0f);
  const Transforms transforms{.g = g, .nothing = nothing.data()};
  const int64_t tiles = g.tiles(), block = std::clamp<int64_t>(kGathered / (16 * (g.from + g.to)), 64, 256);
  const int64_t plane = std::min(block, tiles) * g.from + 16, grad_plane = std::min(block, tiles) * g.to + 16, sums = 16 * g.from * g.to;
  float *x = room_of_thread(size_t(16 * (plane + grad_plane) + sums)), *y = x + 16 * plane, *u = y + 16 * grad_plane;
  const int64_t part = g.from <= 64 ? g.from : 3 * kChannels, parts = (g.from + part - 1) / part;
  for (int64_t first = 0; first < tiles; first += block) {
    const int64_t count = std::min(block, tiles - first);
    parallel_for(0, count, std::max<int64_t>(1, 4096 / (g.from + g.to)), [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; ++t) {
        transforms.input(x + t * g.from, plane, in, first + t);
        const float* places[4];
        transforms.results<const float>(places, grad, nothing.data(), first + t);
        transforms.loops.gradient(y + t * g.to, grad_plane, places, g.to);
      }
    });
    parallel_for(0, 16 * parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t k = i / parts, row = i % parts * part;
        GemmF32 product;
        product.m = std::min(part, g.from - row), product.n = g.to, product.k = count;
        product.a = x + k * plane + row, product.a_row = 1, product.a_col = g.from;
        product.b = y + k * grad_plane, product.b_row = g.to, product.b_col = 1;
        product.c = u + (k * g.from + row) * g.to, product.c_row = g.to;
        product.beta = first == 0 ? 0.0f : 1.0f;
        product.way = GemmWay::Tiles;
        small_gemm_f32(product);
      }
    });
  }
  parallel_for(0, g.to / kChannels, std::max<int64_t>(1, 64 / g.from), [&](int64_t begin, int64_t end) {
    for (int64_t channels = begin * kChannels; channels < end * kChannels; channels += kChannels)  // lines of u are read whole
      for (int64_t i = 0; i < g.from; ++i)
        for (int64_t o = channels; o < channels + kChannels; ++o) {
          float all[16];
          for (int64_t k = 0; k < 16; ++k) all[k] = u[(k * g.from + i) * g.to + o];
          transform_back(grad_weight + (o * g.from + i) * 9, all);
        }
  });
}

/// Runs f(data of an output with channels last) and copies it to `out` where that lies otherwise.
template <class F>
void into(Tensor& out, F&& f) {
  Tensor target = is_channels_last(out) ? out : new_strided(out.sizes(), channels_last_strides(out.sizes()), out.dtype());
  f(pointer<float>(target));
  if (!target.is_same(out)) copy_kernel(kCPU, out, target);
}

}  // namespace

bool winograd(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Tensor& residual, bool relu, const Shape& stride,
              const Shape& padding, const Shape& dilation, int64_t groups) {
  const auto g = geometry(in, out, weight, stride, padding, dilation, groups);
  if (!g) return false;
  const Tensor shift = dense(bias), images = with_channels_last(in), added = residual.defined() ? with_channels_last(residual) : residual;
  const auto weights = transformed(weight, false);
  into(out,
       [&](float* to) { convolve(*g, to, pointer<const float>(images), *weights, pointer<const float>(shift), pointer<const float>(added), relu); });
  return true;
}

// A convolution of the gradient with the windows turned by half, from 2 - padding places before its first.
bool winograd_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups) {
  if (grad.dim() != 4 || padding[0] > 2 || padding[1] > 2) return false;
  const auto g = geometry(grad, grad_in, weight, stride, Shape{2 - padding[0], 2 - padding[1]}, dilation, groups);
  if (!g) return false;
  const Tensor images = with_channels_last(grad);
  const auto weights = transformed(weight, true);
  into(grad_in, [&](float* to) { convolve(*g, to, pointer<const float>(images), *weights, nullptr); });
  return true;
}

bool winograd_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                              const Shape& dilation, int64_t groups) {
  const auto g = geometry(in, grad, grad_weight, stride, padding, dilation, groups);
  if (!g) return false;
  const Tensor results = with_channels_last(grad), images = with_channels_last(in);
  DenseOut out(grad_weight);
  correlate(*g, pointer<float>(out.tensor()), pointer<const float>(results), pointer<const float>(images));
  out.commit();
  return true;
}

}  // namespace lazuli::cpu
