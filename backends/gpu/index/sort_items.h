#pragma once
#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/tensor.h"

/// The sort under sort, topk and the writes through indices. What is sorted are items, a key with the position it came from, so that no two of a line are equal and any
/// sort of them is a stable sort of the elements. Packed items are one word, key << 32 | position; wide ones two, key and position.
namespace lazuli::gpu {

/// Defines Item, BEFORE(a, b), make_item(key, position), item_position(item) for a kernel.
Variant& define_items(Variant& variant, bool wide);
/// Memory for `count` items.
Tensor new_items(int64_t count, bool wide, Device device);
inline uint32_t item_bytes(bool wide) { return wide ? 16 : 8; }

/// Sorts each of `lines` lines of `n` items; the result is in `items` or in memory of its own.
Tensor sort_items(Tensor items, int64_t lines, int64_t n, bool wide);
/// The first k of each line, sorted, as the first ones of lines of `n_out` items.
Tensor first_items(Tensor items, int64_t lines, int64_t n, int64_t k, bool wide, int64_t& n_out);

}  // namespace lazuli::gpu
