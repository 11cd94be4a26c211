#include "lazuli/backends/gpu/reduce/fold.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli::gpu {

const char* const kTeamsText = R"gpu(
typedef struct { int teams_log2, members_log2, adjacent; } Teams;
DEVICE int team_of(Teams t, int id) { return t.adjacent ? id >> t.members_log2 : id & ((1 << t.teams_log2) - 1); }
DEVICE int member_of(Teams t, int id) { return t.adjacent ? id & ((1 << t.members_log2) - 1) : id >> t.teams_log2; }
DEVICE State fold_team(LOCAL State* shared, State s, Teams t, int id) {
  const int member = member_of(t, id), step = t.adjacent ? 1 : 1 << t.teams_log2;
  BARRIER();
  shared[id] = s;
  BARRIER();
  for (int reach = (1 << t.members_log2) >> 1; reach > 0; reach >>= 1) {
    if (member < reach) shared[id] = merge(shared[id], shared[id + reach * step]);
    BARRIER();
  }
  return shared[id - member * step];
}
)gpu";

const char* const kLogSumExpState = R"gpu(
typedef struct { ACCUMULATOR greatest, sum; } State;
DEVICE State state_of(ACCUMULATOR x) { State s; s.greatest = x; s.sum = 1; return s; }
DEVICE State start() { State s; s.greatest = -INFINITY; s.sum = 0; return s; }
DEVICE State merge(State s, State t) {
  const ACCUMULATOR d = t.greatest - s.greatest, e = s.greatest == t.greatest ? 1 : exp(-fabs(d));
  State both;
  both.greatest = e == 1 || d < 0 ? s.greatest : d > 0 ? t.greatest : d;
  both.sum = d < 0 ? s.sum + t.sum * e : s.sum * e + t.sum;
  return both;
}
)gpu";

const char* const kMomentState = R"gpu(
typedef struct { ACCUMULATOR count, shift, sum, square; } State;
DEVICE State start() { State s; s.count = 0; s.shift = 0; s.sum = 0; s.square = 0; return s; }
DEVICE State take(State s, int64 r, A_COMPUTE x) {
  if (s.count == 0) s.shift = x;
  const ACCUMULATOR d = x - s.shift;
  s.count += 1;
  s.sum += d;
  s.square += d * d;
  return s;
}
DEVICE State centred(State s) {
  const ACCUMULATOR d = s.sum / s.count, square = s.square - s.sum * d;
  s.shift += d;
  s.sum = 0;
  s.square = square < 0 ? 0 : square;
  return s;
}
DEVICE State merge(State s, State t) {
  if (t.count == 0) return s;
  t = centred(t);
  if (s.count == 0) return t;
  s = centred(s);
  const ACCUMULATOR count = s.count + t.count, share = t.count / count, d = t.shift - s.shift;
  s.shift += d * share;
  s.square += t.square + d * d * s.count * share;
  s.count = count;
  return s;
}
)gpu";

namespace {

constexpr const char* kAccumulatorText = R"gpu(
#if A_KIND < KIND_FLOAT
#define ACCUMULATOR int64
#define IS_NAN(x) 0
#elif A_DOUBLE || O_DOUBLE
#define ACCUMULATOR double
#else
#define ACCUMULATOR float
#endif
#ifndef IS_NAN
#define IS_NAN(x) ((x) != (x))
#endif
)gpu";

// A result is folded by a team, each member a comb of the elements in blocks of 32 (so that a long sum is a sum of short ones). Long reductions with few results are cut into
// parts (GROUP_Y), whose states go to memory and are merged by a second kernel.
const Source kSource{"reduction", R"gpu(
typedef struct {
  Index results, n, part;
  Index kept[KEPT], reduced[REDUCED];
  Index out_kept[OUTPUTS][KEPT], in_kept[INPUTS][KEPT], in_reduced[INPUTS][REDUCED];
} Geometry;

#if OUTPUTS == 1
#define OUTPUT_PARAMETERS BUFFER(O, out0)
#define OPEN_OUTPUTS OPEN(O, out0)
#elif OUTPUTS == 2
#define OUTPUT_PARAMETERS BUFFER(O, out0), BUFFER(P, out1)
#define OPEN_OUTPUTS OPEN(O, out0); OPEN(P, out1)
#elif OUTPUTS == 3
#define OUTPUT_PARAMETERS BUFFER(O, out0), BUFFER(P, out1), BUFFER(Q, out2)
#define OPEN_OUTPUTS OPEN(O, out0); OPEN(P, out1); OPEN(Q, out2)
#else
#define OUTPUT_PARAMETERS BUFFER(O, out0), BUFFER(P, out1), BUFFER(Q, out2), BUFFER(R, out3)
#define OPEN_OUTPUTS OPEN(O, out0); OPEN(P, out1); OPEN(Q, out2); OPEN(R, out3)
#endif
#define PLACE(at, count, strides) \
  Index at[count]; \
  for (int k = 0; k < count; ++k) at[k] = 0; \
  { \
    Index rest = result; \
    for (int d = 0; d < KEPT; ++d) { \
      const Index next = d + 1 < KEPT ? rest / g.kept[d] : 0, here = rest - next * g.kept[d]; \
      rest = next; \
      for (int k = 0; k < count; ++k) at[k] += here * g.strides[k][d]; \
    } \
  }

#if !MERGING
KERNEL(fold)(OUTPUT_PARAMETERS, BUFFER(int64, parts), INPUT(A, in0)
#if INPUTS > 1
    , INPUT(B, in1)
#endif
#if INPUTS > 2
    , INPUT(C, in2)
#endif
#if INPUTS > 3
    , INPUT(D, in3)
#endif
    , Geometry g, Teams t, N_ACCUMULATE p0, N_ACCUMULATE p1) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN_OUTPUTS;
  OPEN_INPUT(A, in0);
#if INPUTS > 1
  OPEN_INPUT(B, in1);
#endif
#if INPUTS > 2
  OPEN_INPUT(C, in2);
#endif
#if INPUTS > 3
  OPEN_INPUT(D, in3);
#endif
  const int id = LOCAL_ID;
  const Index result = (Index)(GROUP_ID << t.teams_log2) + team_of(t, id), n = g.n;
  State s = start();
  if (result < g.results) {
    PLACE(from, INPUTS, in_kept)
    const Index begin = (Index)GROUP_Y * g.part, end = n - begin < g.part ? n : begin + g.part, step = (Index)1 << t.members_log2;
    for (Index block = begin + member_of(t, id); block < end; block += 32 * step) {
      const Index stop = block + 32 * step < end ? block + 32 * step : end;
      State b = start();
      for (Index r = block; r < stop; r += step) {
        Index i[INPUTS];
        for (int k = 0; k < INPUTS; ++k) i[k] = from[k];
#if REDUCED == 1
        for (int k = 0; k < INPUTS; ++k) i[k] += r * g.in_reduced[k][0];
#else
        Index rest = r;
        for (int d = 0; d < REDUCED; ++d) {
          const Index next = d + 1 < REDUCED ? rest / g.reduced[d] : 0, here = rest - next * g.reduced[d];
          rest = next;
          for (int k = 0; k < INPUTS; ++k) i[k] += here * g.in_reduced[k][d];
        }
#endif
#if INPUTS == 1
        b = take(b, r, A_LOAD(in0, i[0]));
#elif INPUTS == 2
        b = take(b, r, A_LOAD(in0, i[0]), B_LOAD(in1, i[1]));
#elif INPUTS == 3
        b = take(b, r, A_LOAD(in0, i[0]), B_LOAD(in1, i[1]), C_LOAD(in2, i[2]));
#else
        b = take(b, r, A_LOAD(in0, i[0]), B_LOAD(in1, i[1]), C_LOAD(in2, i[2]), D_LOAD(in3, i[3]));
#endif
      }
      s = merge(s, b);
    }
  }
  s = fold_team(shared, s, t, id);
  if (result < g.results && member_of(t, id) == 0) {
    if (HAS(parts)) {
      OPEN(int64, parts);
      ((GLOBAL State*)parts)[GROUP_Y * g.results + result] = s;
    } else {
      PLACE(at, OUTPUTS, out_kept)
      FINISH;
    }
  }
}

#else
KERNEL(merge_parts)(OUTPUT_PARAMETERS, INPUT(int64, parts), int64 count, Geometry g, Teams t, N_ACCUMULATE p0, N_ACCUMULATE p1) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN_OUTPUTS;
  OPEN_INPUT(int64, parts);
  const int id = LOCAL_ID;
  const Index result = (Index)GROUP_ID, n = g.n;
  State s = start();
  for (int64 p = id; p < count; p += GROUP_SIZE) s = merge(s, ((GLOBAL const State*)parts)[p * g.results + result]);
  s = fold_team(shared, s, t, id);
  if (id == 0) {
    PLACE(at, OUTPUTS, out_kept)
    FINISH;
  }
}
#endif
)gpu"};

constexpr int kMaxLoops = 12, kMaxTensors = 4, kStateBytes = 32;
constexpr const char* kOutputNames[kMaxTensors] = {"O", "P", "Q", "R"};
constexpr const char* kInputNames[kMaxTensors] = {"A", "B", "C", "D"};

int log2_up(int64_t n) { return n <= 1 ? 0 : 64 - std::countl_zero(uint64_t(n - 1)); }

/// A loop and its strides in all tensors, the outputs first.
struct Loop {
  int64_t size, strides[2 * kMaxTensors];
};

/// Loops that are sorted by the first input's stride, the smallest first, and merged.
struct Loops {
  Loop loop[64];
  int count = 0, by, tensors;
  int64_t total = 1;
  Loops(int sorted_by, int tensor_count) : by(sorted_by), tensors(tensor_count) {}

  void insert(const Loop& l) {
    total *= l.size;
    int at = count++;
    for (; at > 0 && std::abs(loop[at - 1].strides[by]) > std::abs(l.strides[by]); --at) loop[at] = loop[at - 1];
    loop[at] = l;
  }
  void merge() {
    int kept = 0;
    for (int i = 1; i < count; ++i) {
      Loop &inner = loop[kept], &outer = loop[i];
      bool merges = true;
      for (int k = 0; k < tensors; ++k) merges &= outer.strides[k] == inner.strides[k] * inner.size;
      if (merges) inner.size *= outer.size;
      else loop[++kept] = outer;
    }
    if (count) count = kept + 1;
    else loop[count++] = {1, {}};
  }
};

template <class Index>
void add_geometry(Arguments& args, const Loops& kept, const Loops& reduced, int outputs, int inputs, int64_t part) {
  Index words[3 + kMaxLoops * (1 + 2 * kMaxTensors)];
  int at = 0;
  auto add = [&](int64_t word) { words[at++] = Index(word); };
  auto add_strides = [&](const Loops& loops, int first, int count) {
    for (int k = first; k < first + count; ++k)
      for (int d = 0; d < loops.count; ++d) add(loops.loop[d].strides[k]);
  };
  add(kept.total), add(reduced.total), add(part);
  for (int d = 0; d < kept.count; ++d) add(kept.loop[d].size);
  for (int d = 0; d < reduced.count; ++d) add(reduced.loop[d].size);
  add_strides(kept, 0, outputs), add_strides(kept, outputs, inputs), add_strides(reduced, outputs, inputs);
  args.bytes(words, uint32_t(at) * uint32_t(sizeof(Index)));
}

}  // namespace

Teams teams_for(int64_t results, int64_t n, bool adjacent) {
  const int most = log2_up(kGroupSize), by_length = log2_up((n + 3) / 4);
  int members = std::min(by_length, most);
  if (!adjacent) members = results >= 65536 ? 0 : std::min(members, most - std::min(5, log2_up(results)));
  return {most - members, members, adjacent};
}

void reduction(const Fold& fold, std::initializer_list<const Tensor*> outputs, std::initializer_list<const Tensor*> inputs, double p0, double p1,
               DType parameters) {
  const Tensor &out = **outputs.begin(), &in = **inputs.begin();
  const int output_count = int(outputs.size()), input_count = int(inputs.size()), tensors = output_count + input_count;
  const Tensor* all[2 * kMaxTensors];
  std::copy(inputs.begin(), inputs.end(), std::copy(outputs.begin(), outputs.end(), all));
  Loops kept(output_count, tensors), reduced(output_count, tensors);
  int64_t reach[2 * kMaxTensors] = {}, widest = in.numel();
  for (int64_t d = 0; d < in.dim(); ++d) {
    if (in.sizes()[d] == 1) continue;
    Loop l{in.sizes()[d], {}};
    for (int k = 0; k < tensors; ++k) {
      if (all[k]->defined() && all[k]->sizes()[d] != 1) l.strides[k] = all[k]->strides()[d];
      widest = std::max(widest, reach[k] += std::abs(l.strides[k]) * (l.size - 1));
    }
    (out.sizes()[d] == 1 ? reduced : kept).insert(l);
  }
  if (kept.total == 0) return;
  const bool adjacent =
      reduced.count > 0 && (kept.count == 0 || std::abs(reduced.loop[0].strides[output_count]) < std::abs(kept.loop[0].strides[output_count]));
  kept.merge();
  reduced.merge();
  if (kept.count + reduced.count > kMaxLoops)
    fail(ErrorKind::NotSupported, "reduction", "self", "at most 12 dimensions that do not merge on " + to_string(out.device()),
         std::to_string(kept.count + reduced.count));

  const bool wide = widest > INT32_MAX - 65536;
  const int64_t results = kept.total, n = reduced.total;
  const Teams teams = teams_for(results, n, adjacent);
  const int64_t groups = teams.groups(results), each = (n >> teams.members_log2) + 1;
  int64_t parts = groups < 512 && each > 32 ? std::min(each / 16, (1024 + groups - 1) / groups) : 1;
  const int64_t part = (n + parts - 1) / parts;
  if (part > 0) parts = (n + part - 1) / part;
  const Device device = out.device();
  Tensor states;
  if (parts > 1) states = new_tensor({parts * results * (kStateBytes / 8)}, kInt64, device);

  auto variant = [&](const char* kernel, bool merging) {
    Variant v(kSource, kernel, device);
    for (int k = 0; k < tensors; ++k)
      v.type(k < output_count ? kOutputNames[k] : kInputNames[k - output_count], (all[k]->defined() ? *all[k] : in).dtype());
    v.type("N", parameters)
        .define("KEPT", kept.count)
        .define("REDUCED", reduced.count)
        .define("OUTPUTS", output_count)
        .define("INPUTS", input_count)
        .index(wide)
        .define("MERGING", merging);
    for (const auto& d : fold.definitions)
      if (d.name) v.define(d.name, d.text);
    v.code(kAccumulatorText).code(fold.state).code(fold.code).code(kTeamsText);
    return v;
  };
  auto add_rest = [&](Arguments& args, const Teams& t) {
    if (wide) add_geometry<int64_t>(args, kept, reduced, output_count, input_count, part);
    else add_geometry<int32_t>(args, kept, reduced, output_count, input_count, part);
    args.value(t).number(parameters, p0).number(parameters, p1);
  };
  Arguments args;
  for (int k = 0; k < output_count; ++k) args.buffer(*all[k]);
  args.buffer(states);
  for (int k = output_count; k < tensors; ++k) args.buffer(*all[k]);
  add_rest(args, teams);
  variant("fold", false).run({groups, kGroupSize, parts}, args);
  if (parts == 1) return;
  Arguments rest;
  for (int k = 0; k < output_count; ++k) rest.buffer(*all[k]);
  rest.buffer(states).value(parts);
  add_rest(rest, Teams());
  variant("merge_parts", true).run({results, kGroupSize}, rest);
}

}  // namespace lazuli::gpu
