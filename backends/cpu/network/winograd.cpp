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

constexpr int64_t kPanel = 32;           // columns of a product that lie together
constexpr int64_t kChannels = 16;        // of which either side has a multiple
constexpr int64_t kCached = 96 * 1024;   // floats of both sides' transforms of a block
constexpr int64_t kGathered = 1 << 20;   // and of one whose weights' gradient is summed
constexpr int64_t kMuch = 256 * 512;     // weights whose transforms are beyond the caches of a core
constexpr int64_t kTurned = 4096;        // floats of an image that change their layout at once, in the first-level cache
constexpr int64_t kStaged = 512 * 1024;  // floats of images at most that do in the other caches

constexpr int64_t kFewTiles = 32, kFewTilesOfGroup = 16;

// With few tiles, the transformed weights are more to read than there is to gain.
bool pays(int64_t tiles, int64_t weights, int64_t few) { return tiles >= (weights < kMuch ? few : 128); }

/// Images of `from` channels with channels last, and those of `to` channels that 3 x 3 windows make of them.
struct Geometry {
  int64_t n, from, to, height, width, out_height, out_width, top, left;
  int64_t m = 2;  // results of a tile along each side
  int64_t side() const { return m + 2; }
  int64_t planes() const { return side() * side(); }
  int64_t rows() const { return (out_height + m - 1) / m; }
  int64_t columns() const { return (out_width + m - 1) / m; }
  int64_t tiles() const { return n * rows() * columns(); }
  int64_t products() const { return planes() * tiles(); }
  // Of one image.
  int64_t image_tiles() const { return rows() * columns(); }
  int64_t places() const { return height * width; }
  int64_t out_places() const { return out_height * out_width; }

  struct Place {
    int64_t image, y, x;  // of the tile's first output
  };
  Place place(int64_t tile) const { return {tile / (rows() * columns()), tile / columns() % rows() * m, tile % columns() * m}; }
};

/// `image` is the input's side, whose window at place o begins at o - padding. `few`: tiles with which it pays already.
std::optional<Geometry> geometry(const Tensor& image, const Tensor& result, const Tensor& weight, const Shape& stride, const Shape& padding,
                                 const Shape& dilation, int64_t groups, int64_t few = kFewTiles) {
  if (image.dim() != 4 || image.dtype() != kFloat32 || groups != 1) return {};
  for (int64_t d = 0; d < 2; ++d)
    if (weight.size(d + 2) != 3 || stride[d] != 1 || dilation[d] != 1 || padding[d] > 2) return {};
  Geometry g{image.size(0), image.size(1), result.size(1), image.size(2), image.size(3), result.size(2), result.size(3), padding[0], padding[1]};
  if (g.from % kChannels || g.to % kChannels || g.from == 0 || g.to == 0 || !pays(g.tiles(), g.from * g.to, few)) return {};
  Geometry large = g;
  large.m = 4;
  const bool less_work = 5 * large.products() < 4 * g.products();  // whatever of the last tiles lies outside
  if (less_work && g.from * g.to < kMuch && pays(large.tiles(), g.from * g.to, few)) return large;
  return g;
}

Tensor with_channels_last(const Tensor& t) {
  if (is_channels_last(t)) return t;
  Tensor copy = new_strided(t.sizes(), channels_last_strides(t.sizes()), t.dtype());
  copy_kernel(kCPU, copy, t);
  return copy;
}

// ---- layouts ----

bool is_row_major(const Tensor& t) { return t.is_contiguous() && !is_channels_last(t); }

// Images between the layouts, which follow each other.
void to_channels_last(float* out, const float* in, int64_t images, int64_t channels, int64_t places) {
  const int64_t piece = std::max<int64_t>(16, kTurned / channels), pieces = (places + piece - 1) / piece;
  parallel_for(0, images * pieces, 4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t image = i / pieces * channels * places, place = i % pieces * piece;
      transpose_f32(out + image + place * channels, channels, in + image + place, places, channels, std::min(piece, places - place));
    }
  });
}
void to_row_major(float* out, const float* in, int64_t images, int64_t channels, int64_t places) {
  const int64_t piece = std::max<int64_t>(16, kTurned / channels);
  for (int64_t image = 0; image < images * channels * places; image += channels * places)
    for (int64_t place = 0; place < places; place += piece)
      for (int64_t c = 0; c < channels; c += 4)  // few at once: at distances of powers of two their lines collide in the cache
        transpose_f32(out + image + c * places + place, places, in + image + place * channels + c, channels, std::min(piece, places - place), 4);
}

// ---- weights: U[k][panel][from][columns of the panel] = (G w G^T)[k] ----

struct Weights {
  Shape sizes, strides;
  Ref<Storage> bytes;
  const float* data() const { return reinterpret_cast<const float*>(bytes->data()); }
};

/// `turned`: for the gradient of the input, from the result's channels to the input's, with windows turned by half.
std::shared_ptr<const Weights> transformed(const Tensor& weight, const Geometry& g, bool turned) {
  const uint64_t key = uint64_t(weight.storage_offset()) * 4 + (g.m == 4 ? 2 : 0) + turned;
  const uint32_t version = weight.version();
  auto kept = weight.storage()->attachment<Weights>(key);
  if (kept && kept->sizes == weight.sizes() && kept->strides == weight.strides()) return kept;
  const Tensor plain = dense(weight);
  auto made = std::make_shared<Weights>(
      Weights{weight.sizes(), weight.strides(), Storage::allocate(g.planes() * g.from * g.to * int64_t(sizeof(float)), kCPU)});
  float* out = reinterpret_cast<float*>(made->bytes->data());
  const float* w = pointer<const float>(plain);
  const int64_t from_step = turned ? g.to * 9 : 9, to_step = turned ? 9 : g.from * 9;
  parallel_for(0, g.from, std::max<int64_t>(1, 1024 / g.to), [&](int64_t begin, int64_t end) {
    float windows[9 * kPanel];
    for (int64_t i = begin; i < end; ++i)
      for (int64_t panel = 0; panel < g.to; panel += kPanel) {
        const int64_t width = std::min(kPanel, g.to - panel);
        for (int64_t o = 0; o < width; ++o)
          for (int64_t k = 0; k < 9; ++k) windows[k * width + o] = w[i * from_step + (panel + o) * to_step + (turned ? 8 - k : k)];
        winograd_loops(g.m).weight(out + panel * g.from + i * width, g.to * g.from, windows, width);
      }
  });
  if (weight.storage()->allocator()) weight.storage()->attach<Weights>(made, version, key);  // others may write to memory that is not ours
  return made;
}

// ---- tiles ----

struct Transforms {
  const Geometry& g;
  const float* nothing;  // zeros of a place's channels
  const WinogradLoops& loops = winograd_loops(g.m);

  /// The tile's places of `in`, zeros outside of it.
  void input(float* to, int64_t plane, const float* in, int64_t tile) const {
    const auto [image, oy, ox] = g.place(tile);
    const float* from[kMostPlaces];
    for (int64_t i = 0; i < g.side(); ++i)
      for (int64_t j = 0; j < g.side(); ++j) {
        const int64_t y = oy - g.top + i, x = ox - g.left + j;
        const bool inside = y >= 0 && y < g.height && x >= 0 && x < g.width;
        from[g.side() * i + j] = inside ? in + ((image * g.height + y) * g.width + x) * g.from : nothing;
      }
    loops.input(to, plane, from, g.from);
  }
  /// The tile's places of the result; `outside` where there is none.
  template <class T>
  void results(T* (&places)[kMostResults], T* out, T* outside, int64_t tile) const {
    const auto [image, oy, ox] = g.place(tile);
    for (int64_t i = 0; i < g.m; ++i)
      for (int64_t j = 0; j < g.m; ++j) {
        const int64_t y = oy + i, x = ox + j;
        const bool inside = y < g.out_height && x < g.out_width;
        places[g.m * i + j] = inside ? out + ((image * g.out_height + y) * g.out_width + x) * g.to : outside;
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

/// What is done with blocks of tiles of images with channels last.
struct Convolution {
  const Geometry& g;
  const Weights& weights;
  const float *bias, *residual;
  bool relu;
  std::vector<float> nothing = std::vector<float>(static_cast<size_t>(std::max(g.from, g.to)), 0.0f);
  int64_t block = std::clamp<int64_t>(kCached / (g.planes() * (g.from + g.to)) / 12 * 12, g.from* g.to < kMuch ? 12 : 48, 96);  // tiles
  int64_t plane = block * g.from + 16, out_plane = block * g.to + 16;  // not a multiple of a page: all planes are written at once

  int64_t room() const { return g.planes() * (plane + out_plane); }
  void run(float* out, const float* in, int64_t first, int64_t count, float* x) const {
    const Transforms transforms{.g = g, .nothing = nothing.data()};
    float* m = x + g.planes() * plane;
    for (int64_t t = 0; t < count; ++t) transforms.input(x + t * g.from, plane, in, first + t);
    for (int64_t k = 0; k < g.planes(); ++k)
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
      float* places[kMostResults];
      WinogradEpilogue epilogue{.bias = bias, .relu = relu};
      transforms.results<float>(places, out, nullptr, first + t);
      if (residual) transforms.results<const float>(epilogue.residual, residual, nullptr, first + t);
      transforms.loops.output(places, m + t * g.to, out_plane, epilogue, g.to);
    }
  }
};

void convolve(const Convolution& c, float* out, const float* in) {
  const int64_t tiles = c.g.tiles(), blocks = (tiles + c.block - 1) / c.block;
  parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
    float* room = room_of_thread(size_t(c.room()));
    for (int64_t b = begin; b < end; ++b) c.run(out, in, b * c.block, std::min(c.block, tiles - b * c.block), room);
  });
}

/// The same of images one of which or both lie row-major: a few at a time change their layout, in the cache. False: they are too large or too few for that.
bool convolve_in_stages(const Convolution& c, float* out, bool out_last, const float* in, bool in_last) {
  const Geometry& g = c.g;
  const int64_t size = g.places() * g.from, out_size = g.out_places() * g.to;
  const int64_t group = std::clamp<int64_t>(c.block / g.image_tiles(), 1, g.n), groups = (g.n + group - 1) / group;
  if (group * (size + out_size) > kStaged || groups < get_num_threads() || c.residual) return false;
  parallel_for(0, groups, 1, [&](int64_t begin, int64_t end) {
    float *room = room_of_thread(size_t(c.room() + group * (size + out_size))), *turned = room + c.room(), *turned_out = turned + group * size;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t image = i * group, images = std::min(group, g.n - image), tiles = images * g.image_tiles();
      const float* from = in + image * size;
      float* to = out + image * out_size;
      if (!in_last) to_channels_last(turned, from, images, g.from, g.places()), from = turned;
      for (int64_t t = 0; t < tiles; t += c.block) c.run(out_last ? to : turned_out, from, t, std::min(c.block, tiles - t), room);
      if (!out_last) to_row_major(to, turned_out, images, g.to, g.out_places());
    }
  });
  return true;
}

/// Of images that lie anyhow.
void convolve(const Convolution& c, Tensor& out, const Tensor& in) {
  const bool last = is_channels_last(in), out_last = is_channels_last(out);
  if (!(last && out_last) && (last || is_row_major(in)) && (out_last || is_row_major(out)) &&
      convolve_in_stages(c, pointer<float>(out), out_last, pointer<const float>(in), last))
    return;
  const Tensor images = with_channels_last(in);
  Tensor target = out_last ? out : new_strided(out.sizes(), channels_last_strides(out.sizes()), out.dtype());
  convolve(c, pointer<float>(target), pointer<const float>(images));
  if (!out_last) copy_kernel(kCPU, out, target);
}

// The products sum over all tiles, which are transformed as many at a time as the cache of all processors holds; threads share them out, then the sums' elements.
// Images that lie row-major change their layout a block at a time.
void correlate(const Geometry& g, float* grad_weight, const float* grad, bool grad_last, const float* in, bool in_last, int64_t block) {
  const std::vector<float> nothing(static_cast<size_t>(std::max(g.from, g.to)), 0.0f);
  const Transforms transforms{.g = g, .nothing = nothing.data()};
  const int64_t tiles = g.tiles(), size = in_last ? 0 : g.places() * g.from, grad_size = grad_last ? 0 : g.out_places() * g.to;
  const int64_t images = size + grad_size ? std::min(block / g.image_tiles(), g.n) : 0;
  const int64_t plane = std::min(block, tiles) * g.from + 16, grad_plane = std::min(block, tiles) * g.to + 16, sum_plane = g.from * g.to + 16,
                sums = g.planes() * sum_plane;
  float *x = room_of_thread(size_t(g.planes() * (plane + grad_plane) + sums + images * (size + grad_size))), *y = x + g.planes() * plane,
        *u = y + g.planes() * grad_plane, *turned = u + sums, *turned_grad = turned + images * size;
  const int64_t part = g.from <= 64 ? g.from : 3 * kChannels, parts = (g.from + part - 1) / part;
  for (int64_t first = 0; first < tiles; first += block) {
    const int64_t count = std::min(block, tiles - first), image = first / g.image_tiles(), here = count / g.image_tiles();
    if (!in_last) to_channels_last(turned, in + image * size, here, g.from, g.places());
    if (!grad_last) to_channels_last(turned_grad, grad + image * grad_size, here, g.to, g.out_places());
    parallel_for(0, count, std::max<int64_t>(1, 4096 / (g.from + g.to)), [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; ++t) {
        transforms.input(x + t * g.from, plane, in_last ? in : turned, in_last ? first + t : t);
        const float* places[kMostResults];
        transforms.results<const float>(places, grad_last ? grad : turned_grad, nothing.data(), grad_last ? first + t : t);
        transforms.loops.gradient(y + t * g.to, grad_plane, places, g.to);
      }
    });
    parallel_for(0, g.planes() * parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t k = i / parts, row = i % parts * part;
        GemmF32 product;
        product.m = std::min(part, g.from - row), product.n = g.to, product.k = count;
        product.a = x + k * plane + row, product.a_row = 1, product.a_col = g.from;
        product.b = y + k * grad_plane, product.b_row = g.to, product.b_col = 1;
        product.c = u + k * sum_plane + row * g.to, product.c_row = g.to;
        product.beta = first == 0 ? 0.0f : 1.0f;
        product.way = GemmWay::Tiles;
        small_gemm_f32(product);
      }
    });
  }
  parallel_for(0, g.to / kChannels, std::max<int64_t>(1, 64 / g.from), [&](int64_t begin, int64_t end) {
    float windows[9 * kChannels];
    for (int64_t channels = begin * kChannels; channels < end * kChannels; channels += kChannels)  // lines of u are read whole
      for (int64_t i = 0; i < g.from; ++i) {
        transforms.loops.weight_gradient(windows, u + i * g.to + channels, sum_plane, kChannels);
        transpose_f32(grad_weight + (channels * g.from + i) * 9, g.from * 9, windows, kChannels, 9, kChannels);
      }
  });
}

int64_t tiles_at_once(const Geometry& g) {
  const int64_t block = std::clamp<int64_t>(kGathered / (g.planes() * (g.from + g.to)), 64, 256);
  return block >= g.image_tiles() ? block - block % g.image_tiles() : block;  // whole images, however they lie: the order of the sums depends on it
}

void correlate(const Geometry& g, Tensor& grad_weight, const Tensor& grad, const Tensor& in) {
  const int64_t block = tiles_at_once(g);
  const bool staged = block % g.image_tiles() == 0 && block / g.image_tiles() * (g.places() * g.from + g.out_places() * g.to) <= 2 * kStaged;
  const Tensor images = staged && is_row_major(in) ? in : with_channels_last(in),
               results = staged && is_row_major(grad) ? grad : with_channels_last(grad);
  DenseOut out(grad_weight);
  correlate(g, pointer<float>(out.tensor()), pointer<const float>(results), is_channels_last(results), pointer<const float>(images),
            is_channels_last(images), block);
  out.commit();
}

// One image whose groups are those of many weights, as gradients for each sample are asked: threads share the groups.
bool correlate_groups(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding, const Shape& dilation,
                      int64_t groups) {
  if (in.dim() != 4 || in.size(0) != 1) return false;
  const Tensor images = dense(in), results = dense(grad);
  const auto of_group = [&](const Tensor& t) {
    const Shape sizes{1, t.size(1) / groups, t.size(2), t.size(3)};
    return alias(t, sizes, contiguous_strides(sizes), t.storage_offset());
  };
  const auto g = geometry(of_group(images), of_group(results), grad_weight, stride, padding, dilation, 1, kFewTilesOfGroup);
  if (!g || g->image_tiles() > tiles_at_once(*g)) return false;
  DenseOut out(grad_weight);
  parallel_for(0, groups, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      correlate(*g, pointer<float>(out.tensor()) + i * g->to * g->from * 9, pointer<const float>(results) + i * g->to * g->out_places(), false,
                pointer<const float>(images) + i * g->from * g->places(), false, tiles_at_once(*g));
  });
  out.commit();
  return true;
}

}  // namespace

bool winograd(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Tensor& residual, bool relu, const Shape& stride,
              const Shape& padding, const Shape& dilation, int64_t groups) {
  const auto g = geometry(in, out, weight, stride, padding, dilation, groups);
  if (!g) return false;
  const Tensor shift = dense(bias), added = residual.defined() ? with_channels_last(residual) : residual;
  const auto weights = transformed(weight, *g, false);
  convolve({*g, *weights, pointer<const float>(shift), pointer<const float>(added), relu}, out, in);
  return true;
}

// A convolution of the gradient with the windows turned by half, from 2 - padding places before its first.
bool winograd_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups) {
  if (grad.dim() != 4 || padding[0] > 2 || padding[1] > 2) return false;
  const auto g = geometry(grad, grad_in, weight, stride, Shape{2 - padding[0], 2 - padding[1]}, dilation, groups);
  if (!g) return false;
  const auto weights = transformed(weight, *g, true);
  convolve({*g, *weights, nullptr, nullptr, false}, grad_in, grad);
  return true;
}

bool winograd_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                              const Shape& dilation, int64_t groups) {
  if (groups > 1) return correlate_groups(grad_weight, grad, in, stride, padding, dilation, groups);
  const auto g = geometry(in, grad, grad_weight, stride, padding, dilation, groups);
  if (!g) return false;
  correlate(*g, grad_weight, grad, in);
  return true;
}

}  // namespace lazuli::cpu
