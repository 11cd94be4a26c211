// Cross entropy of logits [n, c] with classes [n], a team for each row (reduction.h). With s = smoothing, w the weights, l = log(sum(exp(x))):
//   loss = (1 - s) w[t] (l - x[t]) + s / c * sum_j w[j] (l - x[j])
//   d loss / d x[j] = exp(x[j] - l) ((1 - s) w[t] + s / c * sum(w)) - s / c * w[j] - [j = t] (1 - s) w[t]
#include "lazuli/backends/gpu/dense.h"
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/reduce/fold.h"

namespace lazuli::gpu {
namespace {

// Classes out of range are reported, and count as ignored ones.
constexpr const char* kRows = R"gpu(
typedef struct { int64 n, c, row, column, target, weight, ignored; } Rows;
#define WEIGHT(j) (HAS(weight) ? (ACCUMULATOR)W_LOAD(weight, (j) * rows.weight) : (ACCUMULATOR)1)
#define OPEN_ROW \
  OPEN_INPUT(A, logits); \
  OPEN_INPUT(int64, target); \
  OPEN_INPUT(W, weight); \
  const int id = LOCAL_ID, member = member_of(t, id), step = 1 << t.members_log2; \
  const int64 i = (GROUP_ID << t.teams_log2) + team_of(t, id); \
  const int inside = i < rows.n; \
  int64 hit = inside ? target[i * rows.target] : rows.ignored; \
  if (hit != rows.ignored && (hit < 0 || hit >= rows.c)) { \
    if (member == 0) REPORT_INDEX(errors, hit, rows.c); \
    hit = rows.ignored; \
  } \
  logits += i * rows.row
)gpu";

const Source kForward{"cross_entropy", R"gpu(
KERNEL(cross_entropy)(BUFFER(O, losses), BUFFER(L, log_sums), INPUT(A, logits), INPUT(int64, target), INPUT(W, weight), Rows rows, ACCUMULATOR smoothing, Teams t, ERRORS(errors)) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN(O, losses);
  OPEN(L, log_sums);
  OPEN_ROW;
  State s = start();
  if (inside)
    for (int64 j = member; j < rows.c; j += step) s = merge(s, state_of(A_LOAD(logits, j * rows.column)));
  s = fold_team(shared, s, t, id);
  const ACCUMULATOR log_sum = s.greatest == INFINITY || s.greatest == -INFINITY ? s.greatest : s.greatest + log(s.sum);
  ACCUMULATOR loss = 0;
  if (hit != rows.ignored) loss = (1 - smoothing) * WEIGHT(hit) * (log_sum - A_LOAD(logits, hit * rows.column));
#if SMOOTH
  // a sum in the other kind of state: its `greatest` is the same everywhere
  s.greatest = 0;
  s.sum = 0;
  if (inside)
    for (int64 j = member; j < rows.c; j += step) s.sum += WEIGHT(j) * (log_sum - A_LOAD(logits, j * rows.column));
  s = fold_team(shared, s, t, id);
  if (hit != rows.ignored) loss += smoothing / (ACCUMULATOR)rows.c * s.sum;
#endif
  if (inside && member == 0) {
    O_STORE(losses, i, loss);
    L_STORE(log_sums, i, log_sum);
  }
}
)gpu"};

const Source kBackward{"cross_entropy_backward", R"gpu(
typedef struct { int64 grad, log_sum, row, column; } Strides;
KERNEL(cross_entropy_backward)(BUFFER(O, grad_logits), INPUT(G, grad), INPUT(L, log_sums), INPUT(A, logits), INPUT(int64, target), INPUT(W, weight), Rows rows, Strides strides,
                               ACCUMULATOR smoothing, Teams t, ERRORS(errors)) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN(O, grad_logits);
  OPEN_INPUT(G, grad);
  OPEN_INPUT(L, log_sums);
  OPEN_ROW;
  ACCUMULATOR weights = (ACCUMULATOR)rows.c;
#if SMOOTH
  State s = start();
  s.greatest = 0;
  if (HAS(weight))
    for (int64 j = member; j < rows.c; j += step) s.sum += WEIGHT(j);
  s = fold_team(shared, s, t, id);
  if (HAS(weight)) weights = s.sum;
#endif
  if (inside) {
    grad_logits += i * strides.row;
    const int counts = hit != rows.ignored;
    const ACCUMULATOR scale = counts ? (ACCUMULATOR)G_LOAD(grad, i * strides.grad) : 0, l = L_LOAD(log_sums, i * strides.log_sum);
    const ACCUMULATOR at_hit = counts ? scale * (1 - smoothing) * WEIGHT(hit) : 0, spread = scale * smoothing / (ACCUMULATOR)rows.c, a = at_hit + spread * weights;
    for (int64 j = member; j < rows.c; j += step) {
      const ACCUMULATOR p = counts ? a * exp(A_LOAD(logits, j * rows.column) - l) : 0;
      O_STORE(grad_logits, j * strides.column, p - (SMOOTH ? spread * WEIGHT(j) : 0) - (j == hit ? at_hit : 0));
    }
  }
}
)gpu"};

struct Rows {
  int64_t n, c, row, column, target, weight, ignored;
  Rows(const Tensor& logits, const Tensor& targets, const Tensor& weights, int64_t ignore_index)
      : n(logits.sizes()[0]),
        c(logits.sizes()[1]),
        row(logits.strides()[0]),
        column(logits.strides()[1]),
        target(targets.strides()[0]),
        weight(weights.defined() ? weights.strides()[0] : 0),
        ignored(ignore_index) {}
  Teams teams() const { return teams_for(n, c, column <= row); }
};

Variant variant_of(const Source& source, const char* kernel, const Tensor& losses, const Tensor& log_sum, const Tensor& logits, const Tensor& weight,
                   double smoothing) {
  Variant v(source, kernel, logits.device());
  v.type("A", logits.dtype())
      .type("O", losses.dtype())
      .type("L", log_sum.dtype())
      .type("W", (weight.defined() ? weight : logits).dtype())
      .define("SMOOTH", smoothing > 0);
  v.define("ACCUMULATOR", "A_COMPUTE").code(kLogSumExpState).code(kTeamsText).code(kRows);
  return v;
}

void cross_entropy(Tensor& losses, Tensor& log_sum, const Tensor& logits, const Tensor& target, const Tensor& weight, int64_t ignore_index,
                   double smoothing) {
  if (!is_floating_point(logits.dtype()))
    return cross_entropy_kernel.without_kernel(logits.device(), losses, log_sum, logits, target, weight, ignore_index, smoothing);
  if (losses.numel() == 0) return;
  const Tensor classes = target.dtype() == kInt64 ? target : dense(target, kInt64);
  DenseOut out(losses), sums(log_sum);
  const Rows rows(logits, classes, weight, ignore_index);
  const Teams teams = rows.teams();
  const Device device = logits.device();
  Arguments args;
  args.buffer(out.tensor())
      .buffer(sums.tensor())
      .buffer(logits)
      .buffer(classes)
      .buffer(weight)
      .value(rows)
      .number(logits.dtype(), smoothing)
      .value(teams);
  driver_of(device).add_error_buffer(args, "cross_entropy", device.index);
  variant_of(kForward, "cross_entropy", losses, log_sum, logits, weight, smoothing).run({teams.groups(rows.n), kGroupSize}, args);
  out.commit();
  sums.commit();
}

void cross_entropy_backward(Tensor& grad_logits, const Tensor& grad, const Tensor& log_sum, const Tensor& logits, const Tensor& target,
                            const Tensor& weight, int64_t ignore_index, double smoothing) {
  if (!is_floating_point(logits.dtype()))
    return cross_entropy_backward_kernel.without_kernel(logits.device(), grad_logits, grad, log_sum, logits, target, weight, ignore_index, smoothing);
  if (grad_logits.numel() == 0) return;
  const Tensor classes = target.dtype() == kInt64 ? target : dense(target, kInt64);
  const Rows rows(logits, classes, weight, ignore_index);
  const Teams teams = rows.teams();
  const Device device = logits.device();
  const struct {
    int64_t grad, log_sum, row, column;
  } strides{grad.strides()[0], log_sum.strides()[0], grad_logits.strides()[0], grad_logits.strides()[1]};
  Arguments args;
  args.buffer(grad_logits)
      .buffer(grad)
      .buffer(log_sum)
      .buffer(logits)
      .buffer(classes)
      .buffer(weight)
      .value(rows)
      .value(strides)
      .number(logits.dtype(), smoothing)
      .value(teams);
  driver_of(device).add_error_buffer(args, "cross_entropy", device.index);
  variant_of(kBackward, "cross_entropy_backward", grad_logits, log_sum, logits, weight, smoothing)
      .type("G", grad.dtype())
      .run({teams.groups(rows.n), kGroupSize}, args);
}

}  // namespace

void register_cross_entropy(DeviceType type) {
  const DTypeSet types{kFloat16, kBFloat16, kFloat32, kFloat64, kInt32, kInt64};  // integers: the targets
  cross_entropy_kernel.set(type, &cross_entropy, types);
  cross_entropy_backward_kernel.set(type, &cross_entropy_backward, types);
}

}  // namespace lazuli::gpu
