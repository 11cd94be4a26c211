#include "lazuli/backends/cpu/random/random.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/pointwise/pointwise.h"
#include "lazuli/backends/cpu/random/random_normal.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kWords = 1024, kGrainWords = 16384;

// Calls f(words, first, n) with the words of the stream from element `first` on, `per_element` (1 or 2) for each of n elements, in pieces on threads.
// A piece holds whole blocks; the words beyond n in the last one are there too, up to a multiple of kWordBatch.
template <class F>
void for_each_draw(int64_t count, int per_element, const PhiloxState& state, F&& f) {
  const int64_t per_block = 4 / per_element, blocks = (count + per_block - 1) / per_block;
  parallel_for(0, blocks, kGrainWords / 4, [&](int64_t begin, int64_t end) {
    alignas(64) uint32_t words[kWords];
    for (int64_t block = begin; block < end; block += kWords / 4) {
      const int64_t some = std::min(end - block, kWords / 4), rounded = (some * 4 + kWordBatch - 1) / kWordBatch * kWordBatch;
      random_loops().words(state.seed, state.offset + uint64_t(block), words, rounded);
      f(static_cast<const uint32_t*>(words), block * per_block, std::min(some * per_block, count - block * per_block));
    }
  });
}

uint64_t pair_at(const uint32_t* words, int64_t k) { return words[2 * k] | uint64_t(words[2 * k + 1]) << 32; }

// 32-bit draws computed in float: `loop` makes kWords floats at a time, which are converted to the tensor's dtype.
template <class F>
void fill_float(Tensor& out, int64_t count, DType dtype, const PhiloxState& state, F&& loop) {
  char* data = static_cast<char*>(out.address());
  const Loop convert = conversion(kFloat32, dtype);
  const int64_t item = item_size(dtype);
  for_each_draw(count, 1, state, [&](const uint32_t* words, int64_t first, int64_t n) {
    alignas(64) float values[kWords];
    const int64_t rounded = (n + kWordBatch - 1) / kWordBatch * kWordBatch;
    const bool direct = dtype == kFloat32 && rounded == n;
    loop(words, direct ? reinterpret_cast<float*>(data) + first : values, rounded);
    if (direct) return;
    const void* from = values;
    convert(data + first * item, &from, n, {});
  });
}

// 64-bit draws: out[i] = f(pair i); `f` also gets the other pair of the block and whether it is the first.
template <class F>
void fill_double(Tensor& out, int64_t count, const PhiloxState& state, F&& f) {
  double* data = static_cast<double*>(out.address());
  for_each_draw(count, 2, state, [&](const uint32_t* words, int64_t first, int64_t n) {
    for (int64_t k = 0; k < n; k++) data[first + k] = f(pair_at(words, k), pair_at(words, k ^ 1), k % 2 == 0);
  });
}

double normal_of(uint64_t pair, uint64_t other, bool is_first, double mean, double std) {
  const double u = philox_uniform(is_first ? pair : other), v = philox_uniform(is_first ? other : pair);
  const double r = std::sqrt(random_log(1 - u) * -2) * std;
  const SineCosine at = random_sine_cosine(v);
  return r * (is_first ? at.cosine : at.sine) + mean;
}

// log(u) / log(1 - p) rounded up, u in (0, 1]: the number of trials to the first success.
double geometric_of(double u, double p) { return std::max(1.0, std::ceil(std::log1p(-u) / std::log1p(-p))); }

void fill_real(RandomOp op, Tensor& out, int64_t count, DType dtype, double p0, double p1, const PhiloxState& state) {
  const RandomLoops& loops = random_loops();
  const bool wide = dtype == kFloat64;
  switch (op) {
    case RandomOp::Uniform:
      if (wide) return fill_double(out, count, state, [=](uint64_t u, uint64_t, bool) { return p0 + (p1 - p0) * philox_uniform(u); });
      // Half types take as many bits as they hold, so that nothing rounds up to 1.
      return fill_float(out, count, dtype, state,
                        [&, keep = dtype == kFloat16    ? 0xffe00000u
                                   : dtype == kBFloat16 ? 0xff000000u
                                                        : ~0u](const uint32_t* w, float* o, int64_t n) {
                          if (keep == ~0u) return loops.uniform(w, o, n, float(p0), float(p1 - p0));
                          for (int64_t k = 0; k < n; k++) o[k] = float(p0) + float(p1 - p0) * philox_uniform(w[k] & keep);
                        });
    case RandomOp::Normal:
      if (wide) return fill_double(out, count, state, [=](uint64_t u, uint64_t v, bool first) { return normal_of(u, v, first, p0, p1); });
      return fill_float(out, count, dtype, state, [&](const uint32_t* w, float* o, int64_t n) { loops.normal(w, o, n, float(p0), float(p1)); });
    case RandomOp::LogNormal:
      if (wide) return fill_double(out, count, state, [=](uint64_t u, uint64_t v, bool first) { return std::exp(normal_of(u, v, first, p0, p1)); });
      return fill_float(out, count, dtype, state, [&](const uint32_t* w, float* o, int64_t n) {
        loops.normal(w, o, n, float(p0), float(p1));
        for (int64_t k = 0; k < n; k++) o[k] = std::exp(o[k]);
      });
    case RandomOp::Exponential:
      if (wide) return fill_double(out, count, state, [=](uint64_t u, uint64_t, bool) { return -random_log(1 - philox_uniform(u)) / p0; });
      return fill_float(out, count, dtype, state, [&](const uint32_t* w, float* o, int64_t n) { loops.exponential(w, o, n, float(p0)); });
    case RandomOp::Cauchy:
      if (wide)
        return fill_double(out, count, state,
                           [=](uint64_t u, uint64_t, bool) { return p0 + p1 * std::tan(3.14159265358979323846 * (philox_uniform(u) - 0.5)); });
      return fill_float(out, count, dtype, state, [&](const uint32_t* w, float* o, int64_t n) {
        for (int64_t k = 0; k < n; k++) o[k] = float(p0 + p1 * std::tan(3.14159265358979323846 * (double(philox_uniform(w[k])) - 0.5)));
      });
    default: refuse_dtype("random", dtype);
  }
}

// Draws of whole numbers are cast to any dtype: out[i] = f(u) with 32 or 64 bits.
template <class F>
void fill_words(Tensor& out, const PhiloxState& state, F&& f) {
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* data = static_cast<T*>(out.address());
    for_each_draw(out.numel(), 1, state, [&](const uint32_t* words, int64_t first, int64_t n) {
      for (int64_t k = 0; k < n; k++) data[first + k] = convert<T>(f(words[k]));
    });
  });
}
template <class F>
void fill_pairs(Tensor& out, const PhiloxState& state, F&& f) {
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* data = static_cast<T*>(out.address());
    for_each_draw(out.numel(), 2, state, [&](const uint32_t* words, int64_t first, int64_t n) {
      for (int64_t k = 0; k < n; k++) data[first + k] = convert<T>(f(pair_at(words, k)));
    });
  });
}

uint64_t multiply_high(uint64_t a, uint64_t b) { return uint64_t((unsigned __int128)(a)*b >> 64); }

// u * range / 2^bits; the bias is below 2^-4 of a draw's share for 32 bits, as the range is then at most 2^28, and far less beyond.
void fill_integers(Tensor& out, double low, double high, const PhiloxState& state) {
  const int64_t from = low <= -0x1p63 ? INT64_MIN : int64_t(low);
  const double width = high - low;
  if (width <= 0x1p28) {
    const uint64_t range = uint64_t(width);
    return fill_words(out, state, [=](uint32_t u) { return from + int64_t(u * range >> 32); });
  }
  const uint64_t range = width >= 0x1p64 ? 0 : uint64_t(width);
  fill_pairs(out, state, [=](uint64_t u) { return int64_t(uint64_t(from) + (range == 0 ? u : multiply_high(u, range))); });
}

void random(RandomOp op, Tensor& out, double p0, double p1, const PhiloxState& state) {
  const DType dtype = out.dtype();
  if (op == RandomOp::Integers) return fill_integers(out, p0, p1, state);
  if (op == RandomOp::Bernoulli) {
    if (dtype == kFloat64) return fill_pairs(out, state, [=](uint64_t u) { return philox_uniform(u) < p0; });
    return fill_words(out, state, [=](uint32_t u) { return double(philox_uniform(u)) < p0; });
  }
  if (op == RandomOp::Geometric) {
    if (dtype == kFloat64) return fill_pairs(out, state, [=](uint64_t u) { return geometric_of(philox_uniform(u), p0); });
    return fill_words(out, state, [=](uint32_t u) { return geometric_of(philox_uniform(u), p0); });
  }
  if (is_integral(dtype)) refuse_dtype("random", dtype);
  // A complex element is two real ones; a complex normal number has the variance std^2 in all.
  const bool pairs = is_complex(dtype);
  if (pairs && op == RandomOp::Normal) p1 *= 0.70710678118654752440;
  fill_real(op, out, out.numel() * (pairs ? 2 : 1), real_dtype(dtype), p0, p1, state);
}

// Fisher and Yates from the front: place i takes one of the n - i numbers left, by the i-th 64-bit draw. The swaps go one after the other, each to a place far away: the draws of a
// chunk come first, on all threads, so that the places are known and on their way to the cache.
void randperm(Tensor& out, const PhiloxState& state) {
  constexpr int64_t kChunk = 1 << 18, kAhead = 48, kGrain = 8192;  // even, for a block of the generator has two draws
  int64_t* p = static_cast<int64_t*>(out.address());
  const int64_t n = out.numel();
  parallel_for(0, n, 4 * kGrain, [=](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; i++) p[i] = i;
  });
  std::vector<int64_t> places(size_t(std::min(n, kChunk)));
  for (int64_t first = 0; first < n; first += kChunk) {
    const int64_t count = std::min(kChunk, n - first);
    int64_t* place = places.data();
    parallel_for(0, (count + 1) / 2, kGrain, [=](int64_t from, int64_t to) {
      for (int64_t b = from; b < to; b++) {
        const PhiloxBlock block = philox(state.seed, state.offset + uint64_t(first / 2 + b));
        for (int64_t k = 0, i = 2 * b; k < 2 && i < count; k++, i++)
          place[i] = first + i + int64_t(multiply_high(block.pair(int(k)), uint64_t(n - first - i)));
      }
    });
    for (int64_t i = 0; i < count; i++) {
      if (i + kAhead < count) __builtin_prefetch(p + place[i + kAhead], 1);
      std::swap(p[first + i], p[place[i]]);
    }
  }
}

void dropout(Tensor& out, Tensor& mask, const Tensor& in, double p, const PhiloxState& state) {
  bool* keep = static_cast<bool*>(mask.address());
  // u >= p for u = k / 2^24
  const uint32_t threshold = uint32_t(std::ceil(p * 0x1p24));
  const double scale = p < 1 ? 1 / (1 - p) : 0;
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    if constexpr (is_float_type<T> || is_complex_type<T>) {
      T* to = static_cast<T*>(out.address());
      const T* from = static_cast<const T*>(in.address());
      for_each_draw(out.numel(), 1, state, [&](const uint32_t* words, int64_t first, int64_t n) {
        if constexpr (std::same_as<T, float>) {
          random_loops().dropout(words, from + first, to + first, keep + first, n, threshold, float(scale));
        } else {
          for (int64_t k = first; k < first + n; k++) {
            keep[k] = (words[k - first] >> 8) >= threshold;
            const auto factor = keep[k] ? scale : 0.0;
            if constexpr (is_complex_type<T>) to[k] = T(from[k].re * decltype(T().re)(factor), from[k].im * decltype(T().re)(factor));
            else to[k] = T(Compute<T>(from[k]) * Compute<T>(factor));
          }
        }
      });
    } else {
      refuse_dtype("dropout", out.dtype());
    }
  });
}

}  // namespace

void register_random() {
  random_kernel.set(DeviceType::CPU, &random);
  randperm_kernel.set(DeviceType::CPU, &randperm);
  dropout_kernel.set(DeviceType::CPU, &dropout);
}

}  // namespace lazuli::cpu
