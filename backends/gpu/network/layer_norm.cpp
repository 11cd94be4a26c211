// Layer norm and RMS norm (mean undefined) of dense rows [rows, n], a team for each row (reduction.h). The gradients of weight and bias are a reduction over the rows.
#include "lazuli/backends/gpu/dense.h"
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/network/normalization.h"

namespace lazuli::gpu {
namespace {

// RMS: `square` is the sum of squares, of deviations from 0.
const Source kForward{"layer_norm", R"gpu(
KERNEL(layer_norm)(BUFFER(O, out), BUFFER(S, mean), BUFFER(S, rstd), INPUT(A, in), INPUT(W, weight), INPUT(B, bias), int64 rows, int64 n, ACCUMULATOR eps, Teams t) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN(O, out);
  OPEN(S, mean);
  OPEN(S, rstd);
  OPEN_INPUT(A, in);
  OPEN_INPUT(W, weight);
  OPEN_INPUT(B, bias);
  const int id = LOCAL_ID, member = member_of(t, id), step = 1 << t.members_log2;
  const int64 row = (GROUP_ID << t.teams_log2) + team_of(t, id), first = row * n;
  State s = start();
  if (row < rows)
    for (int64 block = member; block < n; block += 32 * step) {
      const int64 stop = block + 32 * step < n ? block + 32 * step : n;
      State b = start();
      for (int64 j = block; j < stop; j += step) b = take(b, j, A_LOAD(in, first + j));
      s = merge(s, b);
    }
  s = fold_team(shared, s, t, id);
  if (row < rows) {
    s = finished(s);
    const ACCUMULATOR scale = 1 / sqrt(s.square / (ACCUMULATOR)n + eps);
    for (int64 j = member; j < n; j += step) {
      ACCUMULATOR y = (A_LOAD(in, first + j) - s.shift) * scale;
      if (HAS(weight)) y = y * W_LOAD(weight, j);
      if (HAS(bias)) y = y + B_LOAD(bias, j);
      O_STORE(out, first + j, y);
    }
    if (member == 0) {
      if (HAS(mean)) S_STORE(mean, row, s.shift);
      S_STORE(rstd, row, scale);
    }
  }
}
)gpu"};
constexpr const char* kCentred = "DEVICE State finished(State s) { return centred(s); }\n";
constexpr const char* kSquares = R"gpu(
typedef struct { ACCUMULATOR shift, square; } State;
DEVICE State start() { State s; s.shift = 0; s.square = 0; return s; }
DEVICE State take(State s, int64 r, A_COMPUTE x) { s.square += (ACCUMULATOR)x * x; return s; }
DEVICE State merge(State s, State t) { s.square += t.square; return s; }
DEVICE State finished(State s) { return s; }
)gpu";

// With h = g w and x^ = (x - mean) rstd: grad_in = rstd (h - [mean: sum(h) / n] - x^ sum(h x^) / n).
const Source kBackward{"layer_norm_backward", R"gpu(
KERNEL(layer_norm_backward)(BUFFER(O, grad_in), INPUT(G, grad), INPUT(A, in), INPUT(S, mean), INPUT(S, rstd), INPUT(W, weight), int64 rows, int64 n, Teams t) {
  LOCAL_ARRAY(State, shared, 128);
  OPEN(O, grad_in);
  OPEN_INPUT(G, grad);
  OPEN_INPUT(A, in);
  OPEN_INPUT(S, mean);
  OPEN_INPUT(S, rstd);
  OPEN_INPUT(W, weight);
  const int id = LOCAL_ID, member = member_of(t, id), step = 1 << t.members_log2;
  const int64 row = (GROUP_ID << t.teams_log2) + team_of(t, id), first = row * n;
  ACCUMULATOR shift = 0, scale = 0;
  State s;
  s.h = 0;
  s.h_hat = 0;
  if (row < rows) {
    if (HAS(mean)) shift = S_LOAD(mean, row);
    scale = S_LOAD(rstd, row);
    for (int64 j = member; j < n; j += step) {
      const ACCUMULATOR h = G_LOAD(grad, first + j) * (HAS(weight) ? (ACCUMULATOR)W_LOAD(weight, j) : 1);
      s.h += h;
      s.h_hat += h * (A_LOAD(in, first + j) - shift) * scale;
    }
  }
  s = fold_team(shared, s, t, id);
  if (row < rows) {
    const ACCUMULATOR a = HAS(mean) ? s.h / (ACCUMULATOR)n : 0, b = s.h_hat / (ACCUMULATOR)n;
    for (int64 j = member; j < n; j += step) {
      const ACCUMULATOR h = G_LOAD(grad, first + j) * (HAS(weight) ? (ACCUMULATOR)W_LOAD(weight, j) : 1), hat = (A_LOAD(in, first + j) - shift) * scale;
      O_STORE(grad_in, first + j, scale * (h - a - hat * b));
    }
  }
}
)gpu"};
constexpr const char* kTwoSums = R"gpu(
typedef struct { ACCUMULATOR h, h_hat; } State;
DEVICE State merge(State s, State t) { s.h += t.h; s.h_hat += t.h_hat; return s; }
)gpu";

DType or_of(const Tensor& t, DType other) { return t.defined() ? t.dtype() : other; }

void layer_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, double eps) {
  if (out.numel() == 0) return;
  const int64_t n = in.sizes().back(), rows = in.numel() / n;
  const DType dtype = in.dtype(), statistics = statistics_dtype(dtype);
  const Tensor x = dense(in), w = dense(weight), b = dense(bias);
  DenseOut y(out), m(mean, statistics), r(rstd, statistics);
  const Teams teams = teams_for(rows, n, true);
  Arguments args;
  args.buffer(y.tensor()).buffer(m.tensor()).buffer(r.tensor()).buffer(x).buffer(w).buffer(b).value(rows).value(n).number(dtype, eps).value(teams);
  Variant v(kForward, "layer_norm", out.device());
  v.type("O", out.dtype())
      .type("S", statistics)
      .type("A", dtype)
      .type("W", or_of(weight, dtype))
      .type("B", or_of(bias, dtype))
      .define("ACCUMULATOR", "A_COMPUTE");
  if (mean.defined()) v.code(kMomentState).code(kCentred);
  else v.code(kSquares);
  v.code(kTeamsText).run({teams.groups(rows), kGroupSize}, args);
  y.commit(), m.commit(), r.commit();
}

void layer_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight) {
  const int64_t n = in.sizes().back(), rows = n ? in.numel() / n : 0;
  const Device device = grad.device();
  const Tensor g = dense(grad), x = dense(in), m = dense(mean), r = dense(rstd);
  if (grad_in.defined() && grad_in.numel()) {
    const DType dtype = in.dtype();
    const Tensor w = dense(weight);
    DenseOut result(grad_in);
    const Teams teams = teams_for(rows, n, true);
    Arguments args;
    args.buffer(result.tensor()).buffer(g).buffer(x).buffer(m).buffer(r).buffer(w).value(rows).value(n).value(teams);
    Variant v(kBackward, "layer_norm_backward", device);
    v.type("O", grad_in.dtype())
        .type("G", grad.dtype())
        .type("S", rstd.dtype())
        .type("A", dtype)
        .type("W", or_of(weight, dtype))
        .define("ACCUMULATOR", "A_COMPUTE");
    v.code(kTwoSums).code(kTeamsText).run({teams.groups(rows), kGroupSize}, args);
    result.commit();
  }
  if (!grad_weight.defined() && !grad_bias.defined()) return;
  auto row = [n](const Tensor& t) { return t.defined() ? alias(t, {1, n}, {0, t.strides()[0]}, t.storage_offset()) : t; };
  auto column = [rows](const Tensor& t) { return alias(t, {rows, 1}, {1, 0}, t.storage_offset()); };
  const Tensor sum = row(grad_bias.defined() ? grad_bias : new_tensor({n}, rstd.dtype(), device)), sum_hat = row(grad_weight), scale = column(r),
               centre = mean.defined() ? column(m) : m;
  if (mean.defined()) reduction(kNormGradients, {&sum, &sum_hat}, {&g, &x, &scale, &centre}, 0, 0, kFloat32);
  else reduction(kNormGradients, {&sum, &sum_hat}, {&g, &x, &scale}, 0, 0, kFloat32);
}

}  // namespace

void register_layer_norm(DeviceType type) {
  const DTypeSet floats{kFloat16, kBFloat16, kFloat32, kFloat64};
  layer_norm_kernel.set(type, &layer_norm, floats);
  layer_norm_backward_kernel.set(type, &layer_norm_backward, floats);
}

}  // namespace lazuli::gpu
