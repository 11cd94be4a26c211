// Reads through indices (gather, index_select, index) and the check of indices; rows of contiguous memory are copied whole, parallel over the output.
#include "lazuli/backends/cpu/index/indexing.h"

#include <cstring>
#include <string>
#include <vector>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/index/index_loops.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrainBytes = 32768;

struct Bits128 {
  uint64_t low, high;
};

template <class T>
void read_elements(const IndexedRead& r, T* out, const T* in, const int64_t* index, int64_t from, int64_t to) {
  const int64_t so = r.loops.inner_stride(0), si = r.loops.inner_stride(1), sx = r.loops.inner_stride(2), scale = r.scale;
  r.loops.run(from, to, [&](std::array<int64_t, 3> at, int64_t count) {
    T* o = out + at[0];
    const T* x = in + at[1];
    const int64_t* k = index + at[2];
    if (so == 1 && sx == 1 && si == 0 && scale == 1) {
      for (int64_t i = 0; i < count; ++i) o[i] = x[k[i]];
    } else if (so == 1 && sx == 1) {
      for (int64_t i = 0; i < count; ++i) o[i] = x[i * si + k[i] * scale];
    } else {
      for (int64_t i = 0; i < count; ++i) o[i * so] = x[i * si + k[i * sx] * scale];
    }
  });
}

void read_blocks(const IndexedRead& r, char* out, const char* in, const int64_t* index, int64_t from, int64_t to) {
  const int64_t bytes = r.block * r.item;
  r.loops.run(from, to, [&](std::array<int64_t, 3> at, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      std::memcpy(out + at[0] * r.item, in + (at[1] + index[at[2]] * r.scale) * r.item, bytes);
      for (int k = 0; k < 3; ++k) at[k] += r.loops.inner_stride(k);
    }
  });
}

// The elements of the last dimensions that are contiguous in both, and the number of those dimensions.
int64_t contiguous_block(const Tensor& a, const Tensor& b, int64_t& last, int64_t first_dim, int64_t b_shift) {
  int64_t block = 1;
  while (last > first_dim) {
    const int64_t d = last - 1, size = a.sizes()[d];
    if (size != 1 && (a.strides()[d] != block || b.strides()[d + b_shift] != block)) break;
    block *= size;
    --last;
  }
  return block;
}

}  // namespace

void IndexedRead::run(char* out, const char* in, const int64_t* index) const {
  const int64_t grain = std::max<int64_t>(1, kGrainBytes / std::max<int64_t>(block * item, 1));
  parallel_for(0, loops.numel(), grain, [&](int64_t from, int64_t to) {
    if (block != 1) return read_blocks(*this, out, in, index, from, to);
    switch (item) {
      case 1: return read_elements(*this, reinterpret_cast<uint8_t*>(out), reinterpret_cast<const uint8_t*>(in), index, from, to);
      case 2: return read_elements(*this, reinterpret_cast<uint16_t*>(out), reinterpret_cast<const uint16_t*>(in), index, from, to);
      case 4: return read_elements(*this, reinterpret_cast<uint32_t*>(out), reinterpret_cast<const uint32_t*>(in), index, from, to);
      case 8: return read_elements(*this, reinterpret_cast<uint64_t*>(out), reinterpret_cast<const uint64_t*>(in), index, from, to);
      default: return read_elements(*this, reinterpret_cast<Bits128*>(out), reinterpret_cast<const Bits128*>(in), index, from, to);
    }
  });
}

void fail_index(const char* op, int64_t value, int64_t position, int64_t low, int64_t size) {
  fail(ErrorKind::Index, op, "index",
       "values in [" + std::to_string(low) + ", " + std::to_string(size) + ") for a dimension of size " + std::to_string(size),
       std::to_string(value) + " at position " + std::to_string(position));
}

Tensor checked_index(const char* op, const Tensor& index, int64_t size) {
  Tensor dense_index = dense(index, kInt64);
  const int64_t* p = pointer<int64_t>(dense_index);
  parallel_for(0, dense_index.numel(), 32768, [&](int64_t from, int64_t to) {
    if (all_below(p + from, to - from, size)) return;
    for (int64_t i = from; i < to; ++i)
      if (uint64_t(p[i]) >= uint64_t(size)) fail_index(op, p[i], i, 0, size);
  });
  return dense_index;
}

namespace {

// Places that follow each other at one distance, backwards too: a copy of a strided view then.
bool evenly_spaced(const int64_t* places, int64_t n) {
  if (n < 4) return false;
  const int64_t step = places[1] - places[0];
  for (int64_t i = 2; i < n; ++i)
    if (places[i] - places[i - 1] != step) return false;
  return true;
}

}  // namespace

void index_select(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index) {
  const int64_t rank = in.sizes().size();
  const Tensor positions = checked_index("index_select", index, rank ? in.sizes()[dim] : 1);
  if (out.numel() == 0) return;
  if (const int64_t* places = pointer<int64_t>(positions); rank && evenly_spaced(places, positions.numel())) {
    Shape strides = in.strides();
    strides[dim] *= places[1] - places[0];
    return copy_kernel(kCPU, out, alias(in, out.sizes(), strides, in.storage_offset() + places[0] * in.strides()[dim]));
  }
  IndexedRead read;
  read.item = in.item_size();
  read.scale = rank ? in.strides()[dim] : 0;
  int64_t last = rank;
  read.block = contiguous_block(out, in, last, dim + 1, 0);
  for (int64_t d = 0; d < last; ++d) read.loops.add(out.sizes()[d], {out.strides()[d], d == dim ? 0 : in.strides()[d], d == dim ? 1 : 0});
  read.run(pointer<char>(out), pointer<char>(in), pointer<int64_t>(positions));
}

void gather(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index) {
  const int64_t rank = in.sizes().size();
  const Tensor positions = checked_index("gather", index, rank ? in.sizes()[dim] : 1);
  if (out.numel() == 0) return;
  IndexedRead read;
  read.item = in.item_size();
  read.scale = rank ? in.strides()[dim] : 0;
  for (int64_t d = 0; d < rank; ++d) read.loops.add(out.sizes()[d], {out.strides()[d], d == dim ? 0 : in.strides()[d], positions.strides()[d]});
  read.run(pointer<char>(out), pointer<char>(in), pointer<int64_t>(positions));
}

namespace {

/// Offsets, in elements, of the indexed positions of advanced indexing; all indices are checked first.
std::vector<int64_t> offsets_of(const char* op, const Tensor& self, std::span<const Tensor> indices) {
  const Shape& sizes = indices[0].sizes();
  std::vector<int64_t> offsets(sizes.numel());
  for (size_t k = 0; k < indices.size(); ++k) {
    StridedLoops<1> loops;
    for (int64_t d = 0; d < sizes.size(); ++d) loops.add(sizes[d], {indices[k].strides()[d]});
    if (loops.numel() == 0) return offsets;
    const int64_t size = self.sizes()[k], stride = self.strides()[k];
    const int64_t* p = pointer<int64_t>(indices[k]);
    parallel_for(0, loops.numel(), 32768, [&](int64_t from, int64_t to) {
      int64_t position = from;
      loops.run(from, to, [&](std::array<int64_t, 1> at, int64_t count) {
        for (int64_t i = 0; i < count; ++i, ++position) {
          int64_t value = p[at[0] + i * loops.inner_stride(0)];
          if (value < -size || value >= size) fail_index(op, value, position, -size, size);
          if (value < 0) value += size;
          offsets[position] += value * stride;
        }
      });
    });
  }
  return offsets;
}

}  // namespace

void index(Tensor& out, const Tensor& in, std::span<const Tensor> indices) {
  const std::vector<int64_t> offsets = offsets_of("index", in, indices);
  if (out.numel() == 0) return;
  const int64_t indexed = indices[0].sizes().size(), shift = int64_t(indices.size()) - indexed;
  const Shape steps = contiguous_strides(indices[0].sizes());
  IndexedRead read;
  read.item = in.item_size();
  int64_t last = out.sizes().size();
  read.block = contiguous_block(out, in, last, indexed, shift);
  for (int64_t d = 0; d < last; ++d)
    read.loops.add(out.sizes()[d], {out.strides()[d], d < indexed ? 0 : in.strides()[d + shift], d < indexed ? steps[d] : 0});
  read.run(pointer<char>(out), pointer<char>(in), offsets.data());
}

void index_put(Tensor& self, std::span<const Tensor> indices, const Tensor& values, bool accumulate) {
  const std::vector<int64_t> offsets = offsets_of("index_put", self, indices);
  if (values.numel() == 0) return;
  const int64_t indexed = indices[0].sizes().size(), shift = int64_t(indices.size()) - indexed;
  const Shape steps = contiguous_strides(indices[0].sizes());
  IndexedWrite write;
  write.one_index = true;
  for (int64_t d = 0; d < values.sizes().size(); ++d) {
    if (d < indexed) write.lines.add(values.sizes()[d], {values.strides()[d], 0, steps[d]});
    else write.rest.add(values.sizes()[d], {values.strides()[d], self.strides()[d + shift], 0});
  }
  write.run("index_put", accumulate ? ScatterOp::Add : ScatterOp::Set, self.dtype(), self.address(), values.address(), offsets.data());
}

void register_indexing() {
  index_select_kernel.set(DeviceType::CPU, index_select);
  index_add_kernel.set(DeviceType::CPU, index_add);
  gather_kernel.set(DeviceType::CPU, gather);
  scatter_kernel.set(DeviceType::CPU, scatter);
  index_kernel.set(DeviceType::CPU, index);
  index_put_kernel.set(DeviceType::CPU, index_put);
  as_strided_backward_kernel.set(DeviceType::CPU, as_strided_backward);
  count_nonzero_kernel.set(DeviceType::CPU, count_nonzero);
  nonzero_kernel.set(DeviceType::CPU, nonzero);
  embedding_backward_kernel.set(DeviceType::CPU, embedding_backward);
}

}  // namespace lazuli::cpu
