// Reads through indices (gather, index_select, index): one work item for each element of the result, or for up to 16 bytes of it where rows are contiguous.
// nonzero: groups count their tiles, one group sums the counts up, and each group then writes its tile's places from there.
#include "lazuli/backends/gpu/index/indexing.h"

#include "lazuli/backends/gpu/dense.h"
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/geometry.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

// An index is in [low, size); low is -size where negative ones count from the end. UNCHECKED: indices are offsets, and negative where something was wrong already.
const Source kRead{"indexing", R"gpu(
#define UNCHECKED 9223372036854775807L

KERNEL(read)(BUFFER(T, out), INPUT(T, in), INPUT(X, index), ERRORS(errors), int64 n, int64 low, int64 size, int64 scale, Geometry g) {
  OPEN(T, out);
  OPEN_INPUT(T, in);
  OPEN_INPUT(X, index);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  Index at[3];
  place((Index)i, g, at);
  const int64 v = (int64)index[at[2]];
  if (v < low || v >= size) {
    if (size != UNCHECKED) REPORT_INDEX(errors, v, size);
    return;
  }
  out[at[0]] = in[at[1] + (v < 0 ? v + size : v) * scale];
}

KERNEL(offsets)(BUFFER(int64, sum), INPUT(X, index), ERRORS(errors), int64 n, int64 size, int64 scale, int first, Geometry g) {
  OPEN(int64, sum);
  OPEN_INPUT(X, index);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  Index at[3];
  place((Index)i, g, at);
  const int64 v = (int64)index[at[2]], before = first ? 0 : sum[i];
  if (v < -size || v >= size) {
    REPORT_INDEX(errors, v, size);
    sum[i] = -1;
  } else {
    sum[i] = before < 0 ? -1 : before + (v < 0 ? v + size : v) * scale;
  }
}
)gpu"};

// TILE elements a group, in turns of its width.
const Source kNonzero{"nonzero", R"gpu(
#define WIDTH 256
#define TILE 4096
typedef struct { int64 size[16]; } Sizes;
#if T_KIND == KIND_COMPLEX
#define IS_NONZERO(x) ((x).re != 0 || (x).im != 0)
#else
#define IS_NONZERO(x) ((x) != 0)
#endif

KERNEL(count)(BUFFER(int64, counts), INPUT(T, in), int64 n) {
  LOCAL_ARRAY(int, sums, WIDTH);
  OPEN(int64, counts);
  OPEN_INPUT(T, in);
  int mine = 0;
  for (int k = 0; k < TILE / WIDTH; ++k) {
    const int64 i = GROUP_ID * TILE + k * WIDTH + LOCAL_ID;
    if (i < n) {
      const T_COMPUTE x = T_LOAD(in, i);
      mine += IS_NONZERO(x) ? 1 : 0;
    }
  }
  sums[LOCAL_ID] = mine;
  BARRIER();
  for (int step = WIDTH / 2; step > 0; step /= 2) {
    if (LOCAL_ID < step) sums[LOCAL_ID] += sums[LOCAL_ID + step];
    BARRIER();
  }
  if (LOCAL_ID == 0) counts[GROUP_ID] = sums[0];
}

KERNEL(write)(BUFFER(int64, out), INPUT(T, in), INPUT(int64, starts), int64 n, int rank, int64 row_step, int64 column_step, Sizes sizes) {
  LOCAL_ARRAY(int, sums, 2 * WIDTH);
  OPEN(int64, out);
  OPEN_INPUT(T, in);
  OPEN_INPUT(int64, starts);
  int64 row = starts[GROUP_ID];
  for (int k = 0; k < TILE / WIDTH; ++k) {
    const int64 i = GROUP_ID * TILE + k * WIDTH + LOCAL_ID;
    int mine = 0;
    if (i < n) {
      const T_COMPUTE x = T_LOAD(in, i);
      mine = IS_NONZERO(x) ? 1 : 0;
    }
    int from = 0;
    sums[LOCAL_ID] = mine;
    BARRIER();
    for (int step = 1; step < WIDTH; step *= 2) {
      sums[WIDTH - from + LOCAL_ID] = sums[from + LOCAL_ID] + (LOCAL_ID >= step ? sums[from + LOCAL_ID - step] : 0);
      from = WIDTH - from;
      BARRIER();
    }
    if (mine) {
      GLOBAL int64* to = out + (row + sums[from + LOCAL_ID] - 1) * row_step;
      int64 rest = i;
      for (int d = rank - 1; d >= 0; --d) {
        const int64 next = rest / sizes.size[d];
        to[d * column_step] = rest - next * sizes.size[d];
        rest = next;
      }
    }
    row += sums[from + WIDTH - 1];
    BARRIER();
  }
}
)gpu"};

// Sums of what comes before each element (in place), by one group; the sum of all goes to `total` where there is one.
const Source kSumUp{"sum_up", R"gpu(
#define WIDTH 256
KERNEL(sum_up)(BUFFER(int64, counts), BUFFER(int64, total), int64 n) {
  LOCAL_ARRAY(int64, sums, 2 * WIDTH);
  OPEN(int64, counts);
  OPEN(int64, total);
  int64 before = 0;
  for (int64 start = 0; start < n; start += WIDTH) {
    const int64 i = start + LOCAL_ID;
    const int64 mine = i < n ? counts[i] : 0;
    int from = 0;
    sums[LOCAL_ID] = mine;
    BARRIER();
    for (int step = 1; step < WIDTH; step *= 2) {
      sums[WIDTH - from + LOCAL_ID] = sums[from + LOCAL_ID] + (LOCAL_ID >= step ? sums[from + LOCAL_ID - step] : 0);
      from = WIDTH - from;
      BARRIER();
    }
    if (i < n) counts[i] = before + sums[from + LOCAL_ID] - mine;
    before += sums[from + WIDTH - 1];
    BARRIER();
  }
  if (LOCAL_ID == 0 && HAS(total)) total[0] = before;
}
)gpu"};

constexpr int64_t kUnchecked = INT64_MAX;

/// out[i] = in[i with index[i] at the indexed place]; operands of the geometry: out, in, index.
void read(const char* op, Tensor& out, const Tensor& in, const Tensor& index, Geometry g, int64_t low, int64_t size, int64_t scale) {
  int64_t item = out.item_size();
  for (int64_t wider = 16; wider > item; wider /= 2)
    if (scale % (wider / item) == 0 && uintptr_t(out.address()) % uintptr_t(wider) == 0 && uintptr_t(in.address()) % uintptr_t(wider) == 0 &&
        g.widen(wider / item)) {
      scale /= wider / item;
      item = wider;
      break;
    }
  Device device = out.device();
  Variant v(kRead, "read", device);
  v.define("T", moved_type(item)).type("X", index.dtype());
  const Geometry::Form form = Geometry::describe(v, {&g});
  Arguments args;
  args.buffer(out.address(), uint32_t(item)).buffer(in.address(), uint32_t(item)).buffer(index);
  driver_of(device).add_error_buffer(args, op, device.index);
  args.value(g.numel()).value(low).value(size).value(scale);
  g.pass(args, form);
  v.run(Grid::items(g.numel()), args);
}

void index_select(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index) {
  if (out.numel() == 0) return;
  const int64_t rank = in.dim(), index_step = index.dim() ? index.strides()[0] : 0;
  Geometry g;
  for (int64_t d = 0; d < rank; ++d) g.add(out.sizes()[d], {out.strides()[d], d == dim ? 0 : in.strides()[d], d == dim ? index_step : 0});
  read("index_select", out, in, index, g, 0, rank ? in.sizes()[dim] : 1, rank ? in.strides()[dim] : 0);
}

void gather(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index) {
  if (out.numel() == 0) return;
  const int64_t rank = in.dim();
  Geometry g;
  for (int64_t d = 0; d < rank; ++d) g.add(out.sizes()[d], {out.strides()[d], d == dim ? 0 : in.strides()[d], index.strides()[d]});
  read("gather", out, in, index, g, 0, rank ? in.sizes()[dim] : 1, rank ? in.strides()[dim] : 0);
}

void index(Tensor& out, const Tensor& in, std::span<const Tensor> indices) {
  if (out.numel() == 0) return;
  const IndexedPlaces places = indexed_places("index", in, indices);
  const int64_t indexed = indices[0].dim(), shift = int64_t(indices.size()) - indexed;
  Geometry g;
  for (int64_t d = 0; d < out.dim(); ++d) {
    if (d < indexed) g.add(out.sizes()[d], {out.strides()[d], 0, places.index.strides()[d]});
    else g.add(out.sizes()[d], {out.strides()[d], in.strides()[d + shift], 0});
  }
  read("index", out, in, places.index, g, places.low, places.size, places.scale);
}

constexpr int64_t kTile = 4096;

/// For each tile the number of elements before it that are not zero; `total`, where defined, gets the number of all.
Tensor starts_of_tiles(const Tensor& x, const Tensor& total) {
  Device device = x.device();
  const int64_t tiles = (x.numel() + kTile - 1) / kTile;
  Tensor starts = new_tensor({tiles}, kInt64, device);
  Arguments args, sum_up;
  args.buffer(starts).buffer(x).value(x.numel());
  Variant(kNonzero, "count", device).type("T", x.dtype()).run({tiles, 256}, args);
  sum_up.buffer(starts).buffer(total).value(tiles);
  Variant(kSumUp, "sum_up", device).run({1, 256}, sum_up);
  return starts;
}

void count_nonzero(Tensor& count, const Tensor& in) {
  if (in.numel() == 0) return fill_kernel(count.device(), count, 0);
  starts_of_tiles(dense(in), count);
}

void nonzero(Tensor& out, const Tensor& in) {
  const int64_t rank = in.dim();
  if (rank == 0 || in.numel() == 0) return;
  Device device = in.device();
  if (rank > 16) return nonzero_kernel.without_kernel(device, out, in);
  const Tensor x = dense(in), starts = starts_of_tiles(x, Tensor());
  std::array<int64_t, 16> sizes{};
  for (int64_t d = 0; d < rank; ++d) sizes[size_t(d)] = x.sizes()[d];
  Arguments args;
  args.buffer(out).buffer(x).buffer(starts).value(x.numel()).value(int32_t(rank)).value(out.strides()[0]).value(out.strides()[1]).value(sizes);
  Variant(kNonzero, "write", device).type("T", x.dtype()).run({starts.numel(), 256}, args);
}

}  // namespace

IndexedPlaces indexed_places(const char* op, const Tensor& self, std::span<const Tensor> indices) {
  if (indices.size() == 1) return {indices[0], -self.sizes()[0], self.sizes()[0], self.strides()[0]};
  Device device = self.device();
  Tensor sum = new_tensor(indices[0].sizes(), kInt64, device);
  for (size_t k = 0; k < indices.size(); ++k) {
    Geometry g;
    for (int64_t d = 0; d < sum.dim(); ++d) g.add(sum.sizes()[d], {0, 0, indices[k].strides()[d]});
    Variant v(kRead, "offsets", device);
    v.define("T", "uchar").type("X", indices[k].dtype());
    const Geometry::Form form = Geometry::describe(v, {&g});
    Arguments args;
    args.buffer(sum).buffer(indices[k]);
    driver_of(device).add_error_buffer(args, op, device.index);
    args.value(g.numel()).value(self.sizes()[int64_t(k)]).value(self.strides()[int64_t(k)]).value(int32_t(k == 0));
    g.pass(args, form);
    v.run(Grid::items(g.numel()), args);
  }
  return {sum, 0, kUnchecked, 1};
}

void register_indexing(DeviceType type) {
  index_select_kernel.set(type, &index_select);
  gather_kernel.set(type, &gather);
  index_kernel.set(type, &index);
  count_nonzero_kernel.set(type, &count_nonzero);
  nonzero_kernel.set(type, &nonzero);
}

}  // namespace lazuli::gpu
