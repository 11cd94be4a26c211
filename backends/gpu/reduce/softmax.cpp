// softmax, log_softmax and their gradients: [outer, n, inner] in dense memory, a team for each of the outer * inner lines (reduction.h).
#include "lazuli/backends/gpu/dense.h"
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/reduce/fold.h"

namespace lazuli::gpu {
namespace {

// The greatest element of a line and the sum of exp(x - greatest), then the results.
const Source kForward{"softmax", R"gpu(
KERNEL(softmax)(BUFFER(O, out), INPUT(O, in), int64 lines, int64 n, int64 inner, Teams t) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN(O, out);
  OPEN_INPUT(O, in);
  const int id = LOCAL_ID, member = member_of(t, id), step = 1 << t.members_log2;
  const int64 line = (GROUP_ID << t.teams_log2) + team_of(t, id), first = line / inner * n * inner + line % inner;
  State s = start();
  if (line < lines)
    for (int64 r = member; r < n; r += step) s = merge(s, state_of(O_LOAD(in, first + r * inner)));
  s = fold_team(shared, s, t, id);
  if (s.greatest == INFINITY || s.greatest == -INFINITY) s.sum = NAN;
  if (line < lines) {
#if LOG
    const O_COMPUTE log_sum = log(s.sum);
    for (int64 r = member; r < n; r += step) O_STORE(out, first + r * inner, O_LOAD(in, first + r * inner) - s.greatest - log_sum);
#else
    const O_COMPUTE scale = 1 / s.sum;
    for (int64 r = member; r < n; r += step) O_STORE(out, first + r * inner, exp(O_LOAD(in, first + r * inner) - s.greatest) * scale);
#endif
  }
}
)gpu"};

// y (g - sum(g y)), or for log_softmax g - exp(y) sum(g).
const Source kBackward{"softmax_backward", R"gpu(
KERNEL(softmax_backward)(BUFFER(O, grad_in), INPUT(O, grad), INPUT(O, out), int64 lines, int64 n, int64 inner, Teams t) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN(O, grad_in);
  OPEN_INPUT(O, grad);
  OPEN_INPUT(O, out);
  const int id = LOCAL_ID, member = member_of(t, id), step = 1 << t.members_log2;
  const int64 line = (GROUP_ID << t.teams_log2) + team_of(t, id), first = line / inner * n * inner + line % inner;
  State s = 0;
  if (line < lines)
    for (int64 r = member; r < n; r += step) {
      const int64 i = first + r * inner;
#if LOG
      s += O_LOAD(grad, i);
#else
      s += O_LOAD(grad, i) * O_LOAD(out, i);
#endif
    }
  s = fold_team(shared, s, t, id);
  if (line < lines)
    for (int64 r = member; r < n; r += step) {
      const int64 i = first + r * inner;
#if LOG
      O_STORE(grad_in, i, O_LOAD(grad, i) - exp(O_LOAD(out, i)) * s);
#else
      O_STORE(grad_in, i, O_LOAD(out, i) * (O_LOAD(grad, i) - s));
#endif
    }
}
)gpu"};

constexpr const char* kSum = "typedef O_COMPUTE State;\nDEVICE State merge(State s, State t) { return s + t; }\n";

struct Lines {
  int64_t count, n, inner;
  Teams teams;
  Lines(const Shape& sizes, int64_t dim) : count(1), n(sizes[dim]), inner(1) {
    for (int64_t d = 0; d < sizes.size(); ++d) {
      if (d != dim) count *= sizes[d];
      if (d > dim) inner *= sizes[d];
    }
    teams = teams_for(count, n, inner == 1);
  }
};

void run(const Source& source, const char* kernel, const char* state, const Lines& lines, Tensor& out, Arguments& args, bool log) {
  args.value(lines.count).value(lines.n).value(lines.inner).value(lines.teams);
  Variant(source, kernel, out.device())
      .type("O", out.dtype())
      .define("LOG", log)
      .define("ACCUMULATOR", "O_COMPUTE")
      .code(state)
      .code(kTeamsText)
      .run({lines.teams.groups(lines.count), kGroupSize}, args);
}

void softmax(Tensor& out, const Tensor& in, int64_t dim, bool log) {
  if (out.numel() == 0) return;
  const Tensor x = dense(in, out.dtype());
  DenseOut y(out);
  Arguments args;
  args.buffer(y.tensor()).buffer(x);
  run(kForward, "softmax", kLogSumExpState, Lines(out.sizes(), dim), y.tensor(), args, log);
  y.commit();
}

void softmax_backward(Tensor& grad_in, const Tensor& grad, const Tensor& out, int64_t dim, bool log) {
  if (grad_in.numel() == 0) return;
  const Tensor g = dense(grad, grad_in.dtype()), y = dense(out, grad_in.dtype());
  DenseOut result(grad_in);
  Arguments args;
  args.buffer(result.tensor()).buffer(g).buffer(y);
  run(kBackward, "softmax_backward", kSum, Lines(grad_in.sizes(), dim), result.tensor(), args, log);
  result.commit();
}

}  // namespace

void register_softmax(DeviceType type) {
  const DTypeSet floats{kFloat16, kBFloat16, kFloat32, kFloat64};
  softmax_kernel.set(type, &softmax, floats);
  softmax_backward_kernel.set(type, &softmax_backward, floats);
}

}  // namespace lazuli::gpu
