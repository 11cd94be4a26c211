// in: any strides. The loops over kept and over reduced dimensions are each sorted by stride and merged. A unit of work is a tile of the innermost kept loop
// (times one index of each outer kept loop, times one part of the longest reduced loop where units are few); parallel over units, parts combined in order.
#include "lazuli/backends/cpu/reduce/reduction_engine.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "lazuli/core/tensor.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kUnitElements = 32768;  // worth about 5 microseconds
constexpr int64_t kPackElements = 2048;
constexpr int kMaxRank = 64;  // loops of size 1 vanish

struct Loop {
  int64_t size, in, out[2];
};

struct Loops {
  Loop loop[kMaxRank];
  int count = 0;
  int64_t total = 1;

  // Keeps the largest strides outside.
  void insert(const Loop& l) {
    total *= l.size;
    int at = count++;
    for (; at > 0 && std::abs(loop[at - 1].in) < std::abs(l.in); --at) loop[at] = loop[at - 1];
    loop[at] = l;
  }
  void merge() {
    int kept = 0;
    for (int i = 1; i < count; ++i) {
      Loop &a = loop[kept], &b = loop[i];
      if (a.in == b.in * b.size && a.out[0] == b.out[0] * b.size && a.out[1] == b.out[1] * b.size) {
        b.size *= a.size;
        a = b;
      } else {
        loop[++kept] = b;
      }
    }
    if (count) count = kept + 1;
  }
  Loop innermost() const { return count ? loop[count - 1] : Loop{1, 1, {0, 0}}; }
};

enum class Access { Rows, Columns, PackedRows, PackedColumns };

class Reduction {
 public:
  Reduction(const Tensor& in, const Tensor& out, const Tensor* out2, const ReduceKernel& kernel, ReduceFinish finish)
      : kernel_(kernel), finish_(finish), data_(static_cast<const char*>(in.address())), item_(in.item_size()) {
    const Shape &sizes = in.sizes(), &strides = in.strides(), &out_sizes = out.sizes(), &out_strides = out.strides();
    for (int64_t d = 0; d < sizes.size(); ++d) {
      if (sizes[d] == 1) continue;
      if (out_sizes[d] == 1) reduced_.insert({sizes[d], strides[d], {0, 0}});
      else kept_.insert({sizes[d], strides[d], {out_strides[d], out2 ? out2->strides()[d] : 0}});
    }
    kept_.merge();
    reduced_.merge();
    inner_kept_ = kept_.innermost();
    inner_reduced_ = reduced_.innermost();
    if (reduced_.count == 0 && inner_kept_.in != 1) access_ = Access::PackedColumns;
    else if (reduced_.count > 0 && inner_reduced_.in == 1) access_ = Access::Rows;
    else if (kept_.count > 0 && inner_kept_.in == 1) access_ = Access::Columns;
    else access_ = kept_.count > 0 && std::abs(inner_kept_.in) < std::abs(inner_reduced_.in) ? Access::PackedColumns : Access::PackedRows;
  }

  void run() {
    if (kept_.total == 0) return;
    const int64_t total = kept_.total * reduced_.total;
    tile_ = std::min(inner_kept_.size, kMaxTile);
    if (access_ == Access::Rows || access_ == Access::PackedRows)
      tile_ = std::clamp<int64_t>(kUnitElements / std::max<int64_t>(reduced_.total, 1), 1, tile_);
    tiles_ = (inner_kept_.size + tile_ - 1) / tile_;
    const int64_t units = kept_.total / inner_kept_.size * tiles_;
    if (total <= kUnitElements) {  // also where total is 0
      run_units(0, units);
      return;
    }
    for (int i = 0; i < reduced_.count; ++i)
      if (split_ < 0 || reduced_.loop[i].size > reduced_.loop[split_].size) split_ = i;
    int64_t parts = 1;
    if (units < 32 && split_ >= 0) parts = std::clamp<int64_t>(std::min(total / (2 * kUnitElements), 64 / units), 1, reduced_.loop[split_].size);
    if (parts > 1) return run_parts(units, parts);
    parallel_for(0, units, std::max<int64_t>(1, kUnitElements * units / total), [&](int64_t from, int64_t to) { run_units(from, to); });
  }

 private:
  struct Place {
    int64_t in = 0, out[2] = {0, 0}, n = 0;
  };
  Place place(int64_t unit) const {
    Place p;
    const int64_t first = unit % tiles_ * tile_;
    p.n = std::min(tile_, inner_kept_.size - first);
    int64_t rest = unit / tiles_, index = first;
    for (int d = kept_.count - 1; d >= 0; --d) {
      const Loop& l = kept_.loop[d];
      if (d < kept_.count - 1) {
        index = rest % l.size;
        rest /= l.size;
      }
      p.in += index * l.in;
      p.out[0] += index * l.out[0];
      p.out[1] += index * l.out[1];
    }
    return p;
  }

  void run_units(int64_t from, int64_t to) const {
    alignas(64) char accumulators[kMaxTile * 32];
    for (int64_t u = from; u < to; ++u) {
      const Place p = place(u);
      kernel_.init(accumulators, p.n);
      if (reduced_.total > 0) fold(accumulators, p, 0, split_ >= 0 ? reduced_.loop[split_].size : 0);
      finish_.write(finish_.context, accumulators, p.n, p.out, inner_kept_.out);
    }
  }

  void run_parts(int64_t units, int64_t parts) const {
    const int64_t size = reduced_.loop[split_].size, step = (size + parts - 1) / parts, bytes = tile_ * kernel_.accumulator_bytes;
    parts = (size + step - 1) / step;
    std::unique_ptr<char[]> partial(new char[units * parts * bytes]);
    parallel_for(0, units * parts, 1, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) {
        const Place p = place(i / parts);
        kernel_.init(partial.get() + i * bytes, p.n);
        fold(partial.get() + i * bytes, p, i % parts * step, std::min(i % parts * step + step, size));
      }
    });
    for (int64_t u = 0; u < units; ++u) {
      const Place p = place(u);
      char* first = partial.get() + u * parts * bytes;
      for (int64_t i = 1; i < parts; ++i) kernel_.combine(first, first + i * bytes, p.n);
      finish_.write(finish_.context, first, p.n, p.out, inner_kept_.out);
    }
  }

  // Folds the tile's elements, the split loop limited to [from, to), in memory order.
  void fold(char* accumulators, const Place& p, int64_t from, int64_t to) const {
    int64_t index[kMaxRank], offset = p.in;
    const int outer = std::max(reduced_.count - 1, 0);
    for (int d = 0; d < outer; ++d) {
      index[d] = d == split_ ? from : 0;
      offset += index[d] * reduced_.loop[d].in;
    }
    int64_t n = inner_reduced_.size;
    if (split_ >= 0 && split_ == outer) {
      offset += from * inner_reduced_.in;
      n = to - from;
    }
    while (true) {
      fold_plane(accumulators, data_ + offset * item_, p.n, n);
      int d = outer - 1;
      for (; d >= 0; --d) {
        const Loop& l = reduced_.loop[d];
        const int64_t first = d == split_ ? from : 0, end = d == split_ ? to : l.size;
        offset += l.in;
        if (++index[d] < end) break;
        offset -= (end - first) * l.in;
        index[d] = first;
      }
      if (d < 0) return;
    }
  }

  // The plane of `kept` by `n` elements at `in`.
  void fold_plane(char* accumulators, const char* in, int64_t kept, int64_t n) const {
    if (access_ == Access::Rows) return kernel_.rows(accumulators, in, kept, inner_kept_.in, n);
    if (access_ == Access::Columns) return kernel_.columns(accumulators, in, n, inner_reduced_.in, kept);
    alignas(64) char packed[kPackElements * 16];
    if (access_ == Access::PackedColumns) {
      const int64_t rows = kPackElements / kept;
      for (int64_t r = 0; r < n; r += rows) {
        const int64_t count = std::min(rows, n - r);
        for (int64_t i = 0; i < count; ++i) pack(packed + i * kept * item_, in + (r + i) * inner_reduced_.in * item_, inner_kept_.in, kept);
        kernel_.columns(accumulators, packed, count, kept, kept);
      }
      return;
    }
    for (int64_t k = 0; k < kept; ++k)
      for (int64_t i = 0; i < n; i += kPackElements) {
        const int64_t count = std::min(kPackElements, n - i);
        pack(packed, in + (k * inner_kept_.in + i * inner_reduced_.in) * item_, inner_reduced_.in, count);
        kernel_.rows(accumulators + k * kernel_.accumulator_bytes, packed, 1, 0, count);
      }
  }

  template <class T>
  static void pack_as(char* to, const char* from, int64_t stride, int64_t n) {
    for (int64_t i = 0; i < n; ++i) reinterpret_cast<T*>(to)[i] = reinterpret_cast<const T*>(from)[i * stride];
  }
  void pack(char* to, const char* from, int64_t stride, int64_t n) const {
    struct Pair {
      uint64_t a, b;
    };
    switch (item_) {
      case 1: return pack_as<uint8_t>(to, from, stride, n);
      case 2: return pack_as<uint16_t>(to, from, stride, n);
      case 4: return pack_as<uint32_t>(to, from, stride, n);
      case 8: return pack_as<uint64_t>(to, from, stride, n);
      default: return pack_as<Pair>(to, from, stride, n);
    }
  }

  const ReduceKernel& kernel_;
  const ReduceFinish finish_;
  const char* data_;
  const int64_t item_;
  Loops kept_, reduced_;
  Loop inner_kept_, inner_reduced_;
  Access access_;
  int split_ = -1;
  int64_t tile_ = 1, tiles_ = 1;
};

// A small matrix over one of its dimensions, as gradients of biases are: one unit, which needs no plan either.
bool reduce_matrix(const Tensor& in, const Tensor& out, const Tensor* out2, const ReduceKernel& kernel, ReduceFinish finish) {
  if (in.dim() != 2 || in.numel() == 0 || in.numel() > kUnitElements || !in.is_contiguous() || !out.is_contiguous()) return false;
  const int64_t rows = in.sizes()[0], columns = in.sizes()[1], kept = out.numel();
  const bool over_rows = out.sizes()[0] == 1 && kept == columns, over_columns = out.sizes()[1] == 1 && kept == rows;
  if ((!over_rows && !over_columns) || kept > kMaxTile || (out2 && !out2->is_contiguous())) return false;
  alignas(64) char accumulators[kMaxTile * 32];
  kernel.init(accumulators, kept);
  (over_rows ? kernel.columns : kernel.rows)(accumulators, in.address(), rows, columns, columns);
  const int64_t first[2] = {0, 0}, step[2] = {1, 1};
  finish.write(finish.context, accumulators, kept, first, step);
  return true;
}

}  // namespace

void run_reduction(const Tensor& in, const Tensor& out, const Tensor* out2, const ReduceKernel& kernel, ReduceFinish finish) {
  const int64_t n = in.numel();
  if (out.numel() == 1 && n > 0 && n <= kUnitElements && in.is_contiguous()) {  // small and whole: nothing to plan
    alignas(64) char accumulator[32];
    const int64_t zero[2] = {0, 0};
    kernel.init(accumulator, 1);
    kernel.rows(accumulator, in.address(), 1, 0, n);
    return finish.write(finish.context, accumulator, 1, zero, zero);
  }
  if (reduce_matrix(in, out, out2, kernel, finish)) return;
  Reduction(in, out, out2, kernel, finish).run();
}

}  // namespace lazuli::cpu
