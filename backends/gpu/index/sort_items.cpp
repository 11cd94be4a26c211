// A group sorts chunks of a line in its own memory (Batcher's bitonic sort); then neighbouring runs are merged, pass by pass, each group making a chunk of the result:
// where the chunk begins in both runs is found by bisection (merge path, Green, McColl and Bader 2012), and an item's place in it from its rank in the other run.
#include "lazuli/backends/gpu/index/sort_items.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "lazuli/core/factory.h"

namespace lazuli::gpu {
namespace {

constexpr int64_t kChunk = 1024;
constexpr int kWidth = 256;

constexpr const char* kPacked = R"gpu(
typedef uint64 Item;
#define BEFORE(a, b) ((a) < (b))
#define item_position(x) ((int64)((x) & 0xffffffffu))
DEVICE Item make_item(uint64 key, int64 position) { return key << 32 | (uint64)position; }
DEVICE Item last_item(void) { return ~(uint64)0; }
)gpu";
constexpr const char* kWide = R"gpu(
typedef struct { uint64 key, at; } Item;
#define BEFORE(a, b) ((a).key < (b).key || ((a).key == (b).key && (a).at < (b).at))
#define item_position(x) ((int64)(x).at)
DEVICE Item make_item(uint64 key, int64 position) { Item x; x.key = key; x.at = (uint64)position; return x; }
DEVICE Item last_item(void) { return make_item(~(uint64)0, 9223372036854775807L); }
)gpu";

const Source kSource{"sort", R"gpu(
#define CHUNK 1024
#define WIDTH 256

// Chunks of `width` items, a power of two up to CHUNK, `chunks` in a line of n; of each the first `keep` go to the lines of n_out items.
KERNEL(sort_chunks)(INPUT(Item, in), BUFFER(Item, out), int64 lines, int64 n, int64 n_out, int64 chunks, int width, int keep) {
  LOCAL_ARRAY(Item, items, CHUNK);
  OPEN_INPUT(Item, in);
  OPEN(Item, out);
  const int64 first = GROUP_ID * (CHUNK / width);
  for (int k = LOCAL_ID; k < CHUNK; k += WIDTH) {
    const int64 chunk = first + k / width, line = chunk / chunks, i = (chunk - line * chunks) * width + k % width;
    items[k] = line < lines && i < n ? in[line * n + i] : last_item();
  }
  BARRIER();
  for (int size = 2; size <= width; size *= 2) {
    for (int step = size / 2; step > 0; step /= 2) {
      for (int k = LOCAL_ID; k < CHUNK / 2; k += WIDTH) {
        const int a = 2 * k - (k & (step - 1)), b = a + step;
        const int up = (a & (width - 1) & size) == 0;
        const Item x = items[a], y = items[b];
        if ((BEFORE(y, x) ? 1 : 0) == up) {
          items[a] = y;
          items[b] = x;
        }
      }
      BARRIER();
    }
  }
  for (int k = LOCAL_ID; k < CHUNK; k += WIDTH) {
    const int64 chunk = first + k / width, line = chunk / chunks, i = (chunk - line * chunks) * keep + k % width;
    if (line < lines && k % width < keep && i < n_out) out[line * n_out + i] = items[k];
  }
}

// Of the first `d` items of a and b merged, how many are a's.
DEVICE int64 split(GLOBAL const Item* a, int64 a_count, GLOBAL const Item* b, int64 b_count, int64 d) {
  int64 low = d > b_count ? d - b_count : 0, high = d < a_count ? d : a_count;
  while (low < high) {
    const int64 middle = (low + high) / 2;
    const Item x = a[middle], y = b[d - 1 - middle];
    if (BEFORE(y, x)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// Sorted runs of `run` items, a multiple of CHUNK, become runs of twice that; `tiles` chunks in a line of n.
KERNEL(merge)(INPUT(Item, in), BUFFER(Item, out), int64 n, int64 run, int64 tiles) {
  LOCAL_ARRAY(Item, items, CHUNK);
  LOCAL_ARRAY(int64, splits, 2);
  OPEN_INPUT(Item, in);
  OPEN(Item, out);
  const int64 line = GROUP_ID / tiles, first = (GROUP_ID - line * tiles) * CHUNK, start = first - first % (2 * run);
  const int64 a_count = n - start < run ? n - start : run, left = n - start - a_count, b_count = left < run ? left : run;
  GLOBAL const Item* a = in + line * n + start;
  GLOBAL const Item* b = a + a_count;
  const int64 d0 = first - start, d1 = d0 + CHUNK < a_count + b_count ? d0 + CHUNK : a_count + b_count;
  if (LOCAL_ID < 2) splits[LOCAL_ID] = split(a, a_count, b, b_count, LOCAL_ID == 0 ? d0 : d1);
  BARRIER();
  const int64 a0 = splits[0], b0 = d0 - a0;
  const int count = (int)(d1 - d0), of_a = (int)(splits[1] - a0);
  for (int k = LOCAL_ID; k < count; k += WIDTH) items[k] = k < of_a ? a[a0 + k] : b[b0 + k - of_a];
  BARRIER();
  for (int k = LOCAL_ID; k < count; k += WIDTH) {
    const Item x = items[k];
    int low = k < of_a ? of_a : 0, high = k < of_a ? count : of_a;
    const int base = low;
    while (low < high) {
      const int middle = (low + high) / 2;
      const Item y = items[middle];
      if (BEFORE(y, x)) low = middle + 1;
      else high = middle;
    }
    out[line * n + first + (k < of_a ? k : k - of_a) + low - base] = x;
  }
}
)gpu"};

void sort_chunks(const Tensor& in, Tensor& out, int64_t lines, int64_t n, int64_t n_out, int64_t width, int64_t keep, bool wide) {
  const int64_t chunks = (n + width - 1) / width, per_group = kChunk / width;
  Variant v(kSource, "sort_chunks", in.device());
  Arguments args;
  args.buffer(in.address(), item_bytes(wide))
      .buffer(out.address(), item_bytes(wide))
      .value(lines)
      .value(n)
      .value(n_out)
      .value(chunks)
      .value(int32_t(width))
      .value(int32_t(keep));
  define_items(v, wide).run({(lines * chunks + per_group - 1) / per_group, kWidth}, args);
}

int64_t chunk_width(int64_t n) { return std::min<int64_t>(kChunk, std::max<int64_t>(2, int64_t(std::bit_ceil(uint64_t(n))))); }

}  // namespace

Variant& define_items(Variant& variant, bool wide) { return variant.code(wide ? kWide : kPacked); }

Tensor new_items(int64_t count, bool wide, Device device) { return new_tensor({count * (wide ? 2 : 1)}, kInt64, device); }

Tensor sort_items(Tensor items, int64_t lines, int64_t n, bool wide) {
  if (lines == 0 || n < 2) return items;
  const int64_t width = chunk_width(n), tiles = (n + kChunk - 1) / kChunk;
  sort_chunks(items, items, lines, n, n, width, width, wide);
  if (n <= width) return items;
  Tensor other = new_items(lines * n, wide, items.device());
  for (int64_t run = width; run < n; run *= 2) {
    Variant v(kSource, "merge", items.device());
    Arguments args;
    args.buffer(items.address(), item_bytes(wide)).buffer(other.address(), item_bytes(wide)).value(n).value(run).value(tiles);
    define_items(v, wide).run({lines * tiles, kWidth}, args);
    std::swap(items, other);
  }
  return items;
}

Tensor first_items(Tensor items, int64_t lines, int64_t n, int64_t k, bool wide, int64_t& n_out) {
  while (n > kChunk && k <= kChunk / 4) {  // the first k of a line are among the first k of its chunks
    const int64_t rest = (n + kChunk - 1) / kChunk * k;
    Tensor kept = new_items(lines * rest, wide, items.device());
    sort_chunks(items, kept, lines, n, rest, kChunk, k, wide);
    items = kept;
    n = rest;
  }
  n_out = n;
  return sort_items(items, lines, n, wide);
}

}  // namespace lazuli::gpu
