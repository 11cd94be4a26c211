// cumsum, cumprod, logcumsumexp, cummax, cummin: [outer, n, inner] in dense memory. Many or short lines: one item each. Else a group walks along
// a line in tiles of 512, and long lines are cut into parts, whose totals a kernel before finds.
#include <algorithm>

#include "lazuli/backends/gpu/dense.h"
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/reduce/fold.h"

namespace lazuli::gpu {
namespace {

constexpr int64_t kTile = 512;

// STATE_OF(x, r): the state of element r; PUT(i, s): the result. States merge in any order.
const Source kSource{"scan", R"gpu(
#define PARAMETERS BUFFER(A, out), BUFFER(int64, indices), INPUT(A, in), BUFFER(int64, totals), int64 lines, int64 n, int64 inner, int64 part
#define OPEN_LINE(number) \
  OPEN(A, out); \
  OPEN(int64, indices); \
  OPEN_INPUT(A, in); \
  const int64 line = number, first = line / inner * n * inner + line % inner

#if STAGE == 0
KERNEL(scan_lines)(PARAMETERS) {
  OPEN_LINE(GLOBAL_ID);
  if (line >= lines) return;
  State s = start();
  for (int64 r = 0; r < n; ++r) {
    const int64 i = first + r * inner;
    s = merge(s, STATE_OF(A_LOAD(in, i), r));
    PUT(i, s);
  }
}

#elif STAGE == 1
KERNEL(part_totals)(PARAMETERS) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN_LINE(GROUP_ID);
  OPEN(int64, totals);
  const Teams t = {0, 7, 1};
  const int id = LOCAL_ID;
  const int64 begin = GROUP_Y * part, end = begin + part < n ? begin + part : n;
  State s = start();
  for (int64 r = begin + id; r < end; r += GROUP_SIZE) s = merge(s, STATE_OF(A_LOAD(in, first + r * inner), r));
  s = fold_team(shared, s, t, id);
  if (id == 0) ((GLOBAL State*)totals)[GROUP_Y * lines + line] = s;
}

#else
KERNEL(scan_parts)(PARAMETERS) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN_LINE(GROUP_ID);
  OPEN(int64, totals);
  const Teams t = {0, 7, 1};
  const int id = LOCAL_ID;
  const int64 begin = GROUP_Y * part, end = begin + part < n ? begin + part : n;
  State before = start();
  if (begin > 0) {
    for (int64 p = id; p < GROUP_Y; p += GROUP_SIZE) before = merge(before, ((GLOBAL State*)totals)[p * lines + line]);
    before = fold_team(shared, before, t, id);
  }
  for (int64 tile = begin; tile < end; tile += 4 * GROUP_SIZE) {
    const int64 mine = tile + 4 * id;
    State s = start();
    for (int64 r = mine; r < mine + 4 && r < end; ++r) s = merge(s, STATE_OF(A_LOAD(in, first + r * inner), r));
    BARRIER();
    shared[id] = s;
    BARRIER();
    for (int reach = 1; reach < 128; reach <<= 1) {
      s = shared[id];
      if (id >= reach) s = merge(shared[id - reach], s);
      BARRIER();
      shared[id] = s;
      BARRIER();
    }
    s = before;
    if (id > 0) s = merge(s, shared[id - 1]);
    for (int64 r = mine; r < mine + 4 && r < end; ++r) {
      const int64 i = first + r * inner;
      s = merge(s, STATE_OF(A_LOAD(in, i), r));
      PUT(i, s);
    }
    before = merge(before, shared[127]);
  }
}
#endif
)gpu"};

constexpr const char* kNumber = R"gpu(
#if A_KIND == KIND_COMPLEX
typedef COMPLEX State;
#define PUT(i, s) A_STORE(out, i, s)
#else
typedef A_ACCUMULATE State;
#define PUT(i, s) A_STORE(out, i, (A_COMPUTE)(s))
#endif
DEVICE State start() { State s = START; return s; }
DEVICE State merge(State s, State t) { return MERGE; }
#define STATE_OF(x, r) (x)
)gpu";

constexpr const char* kLogSumExp = R"gpu(
#define STATE_OF(x, r) state_of(x)
#define PUT(i, s) A_STORE(out, i, (s).greatest == INFINITY || (s).greatest == -INFINITY ? (s).greatest : (s).greatest + log((s).sum))
)gpu";

// The extreme and where it stands: the latest of equals, and of NaNs once there is one. BETTER: > or <; WORST: what all are better than.
constexpr const char* kExtreme = R"gpu(
typedef struct { A_COMPUTE value; int64 index; } State;
DEVICE State state_at(A_COMPUTE x, int64 r) { State s; s.value = x; s.index = r; return s; }
DEVICE State start() { return state_at(WORST, -1); }
DEVICE State merge(State s, State t) {
  const int s_nan = A_ISNAN(s.value), t_nan = A_ISNAN(t.value);
  const int take_t = s_nan != t_nan ? t_nan : s_nan || s.value == t.value ? t.index > s.index : t.value BETTER s.value;
  return take_t ? t : s;
}
#define STATE_OF(x, r) state_at(x, r)
#define PUT(i, s) A_STORE(out, i, (s).value); if (HAS(indices)) indices[i] = (s).index
)gpu";

void describe(Variant& v, ScanOp op, bool complex) {
  switch (op) {
    case ScanOp::Sum:
      v.define("START", complex ? "complex_of(0, 0)" : "0").define("MERGE", complex ? "complex_add(s, t)" : "s + t").code(kNumber);
      return;
    case ScanOp::Prod:
      v.define("START", complex ? "complex_of(1, 0)" : "1").define("MERGE", complex ? "complex_mul(s, t)" : "s * t").code(kNumber);
      return;
    case ScanOp::LogSumExp: v.define("ACCUMULATOR", "A_COMPUTE").code(kLogSumExpState).code(kLogSumExp); return;
    case ScanOp::Max: v.define("BETTER", ">").define("WORST", "A_LOWEST").code(kExtreme); return;
    case ScanOp::Min: v.define("BETTER", "<").define("WORST", "A_HIGHEST").code(kExtreme); return;
  }
}

void scan(ScanOp op, Tensor& out, Tensor& indices, const Tensor& in, int64_t dim) {
  const DType dtype = out.dtype();
  const bool extreme = op == ScanOp::Max || op == ScanOp::Min;
  if (extreme ? is_complex(dtype) : dtype == kBool || (op == ScanOp::LogSumExp && !is_floating_point(dtype)))
    return scan_kernel.without_kernel(out.device(), op, out, indices, in, dim);
  if (out.numel() == 0) return;
  const Device device = out.device();
  const Tensor x = dense(in, dtype);
  DenseOut y(out), where(indices);
  int64_t n = 1, inner = 1;
  for (int64_t d = dim; d < out.dim(); ++d) (d == dim ? n : inner) *= out.sizes()[d];
  const int64_t lines = out.numel() / n;

  const bool by_line = n <= 64 || lines >= 65536 || (inner > 1 && lines >= 4096);
  int64_t part = n, parts = 1;
  if (!by_line && lines < 256 && n >= 8 * kTile) {
    const int64_t tiles = (n + kTile - 1) / kTile, most = std::min<int64_t>(1024, 1024 / lines);
    part = (tiles + most - 1) / most * kTile;
    parts = (n + part - 1) / part;
  }
  Tensor totals;
  if (parts > 1) totals = new_tensor({parts * lines * 4}, kInt64, device);
  Arguments args;
  args.buffer(y.tensor()).buffer(where.tensor()).buffer(x).buffer(totals).value(lines).value(n).value(inner).value(part);
  auto run = [&](const char* kernel, int stage, const Grid& grid) {
    Variant v(kSource, kernel, device);
    v.type("A", dtype).define("STAGE", stage);
    describe(v, op, is_complex(dtype));
    v.code(kTeamsText).run(grid, args);
  };
  if (by_line) {
    run("scan_lines", 0, Grid::items(lines, kGroupSize));
  } else {
    if (parts > 1) run("part_totals", 1, {lines, kGroupSize, parts});
    run("scan_parts", 2, {lines, kGroupSize, parts});
  }
  y.commit(), where.commit();
}

}  // namespace

void register_scan(DeviceType type) { scan_kernel.set(type, &scan); }

}  // namespace lazuli::gpu
