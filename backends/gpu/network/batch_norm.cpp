// Batch norm of [n, c, spatial..]: the statistics and their gradients are reductions, the rest is elementwise over dense memory, row-major or channels-last.
#include "lazuli/backends/gpu/dense.h"
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/network/normalization.h"

namespace lazuli::gpu {
namespace {

// Mean, 1 / sqrt(variance + eps) and the running statistics, of which the variance is the unbiased one. p0: momentum, p1: eps.
constexpr Fold kStatistics{nullptr, R"gpu(
#define FINISH \
  s = centred(s); \
  O_STORE(out0, at[0], s.shift); \
  P_STORE(out1, at[1], 1 / sqrt(s.square / (ACCUMULATOR)n + p1)); \
  if (HAS(out2)) Q_STORE(out2, at[2], (1 - p0) * Q_LOAD(out2, at[2]) + p0 * s.shift); \
  if (HAS(out3)) R_STORE(out3, at[3], (1 - p0) * R_LOAD(out3, at[3]) + p0 * (s.square / (ACCUMULATOR)(n - 1)))
)gpu"};

// In evaluation mean and rstd are made here from the running statistics, and left for the gradient.
const Source kForward{"batch_norm", R"gpu(
KERNEL(batch_norm)(BUFFER(O, out), BUFFER(S, mean), BUFFER(S, rstd), INPUT(A, in), INPUT(W, weight), INPUT(B, bias), INPUT(M, running_mean), INPUT(V, running_var),
                   Index count, Index c, Index l, A_ACCUMULATE eps) {
  OPEN(O, out);
  OPEN(S, mean);
  OPEN(S, rstd);
  OPEN_INPUT(A, in);
  OPEN_INPUT(W, weight);
  OPEN_INPUT(B, bias);
  const Index i = (Index)GLOBAL_ID;
  if (i >= count) return;
#if TRAINING
#define MEAN(j) S_LOAD(mean, j)
#define RSTD(j) S_LOAD(rstd, j)
#else
  OPEN_INPUT(M, running_mean);
  OPEN_INPUT(V, running_var);
#define MEAN(j) (A_ACCUMULATE)M_LOAD(running_mean, j)
#define RSTD(j) (1 / sqrt((A_ACCUMULATE)V_LOAD(running_var, j) + eps))
  if (i < c) {
    if (HAS(mean)) S_STORE(mean, i, MEAN(i));
    if (HAS(rstd)) S_STORE(rstd, i, RSTD(i));
  }
#endif
  const Index j = (l == 1 ? i : i / l) % c;
  A_ACCUMULATE scale = RSTD(j);
  if (HAS(weight)) scale *= W_LOAD(weight, j);
  const A_ACCUMULATE y = (A_LOAD(in, i) - MEAN(j)) * scale;
  O_STORE(out, i, HAS(bias) ? y + B_LOAD(bias, j) : y);
}
)gpu"};

// grad_in = w rstd (g - [training: sum(g) / n + x^ sum(g x^) / n]); n: elements of a channel.
const Source kBackward{"batch_norm_backward", R"gpu(
KERNEL(batch_norm_backward)(BUFFER(O, grad_in), INPUT(G, grad), INPUT(A, in), INPUT(S, mean), INPUT(S, rstd), INPUT(W, weight), INPUT(S, sum), INPUT(S, sum_hat),
                            Index count, Index c, Index l) {
  OPEN(O, grad_in);
  OPEN_INPUT(G, grad);
  OPEN_INPUT(A, in);
  OPEN_INPUT(S, mean);
  OPEN_INPUT(S, rstd);
  OPEN_INPUT(W, weight);
  OPEN_INPUT(S, sum);
  OPEN_INPUT(S, sum_hat);
  const Index i = (Index)GLOBAL_ID;
  if (i >= count) return;
  const Index j = (l == 1 ? i : i / l) % c;
  const A_ACCUMULATE scale = S_LOAD(rstd, j), share = 1 / (A_ACCUMULATE)(count / c);
  A_ACCUMULATE g = G_LOAD(grad, i);
#if TRAINING
  g -= S_LOAD(sum, j) * share + (A_LOAD(in, i) - S_LOAD(mean, j)) * scale * S_LOAD(sum_hat, j) * share;
#endif
  O_STORE(grad_in, i, g * (HAS(weight) ? scale * W_LOAD(weight, j) : scale));
}
)gpu"};

bool channels_last(const Tensor& t) {
  const Shape &sizes = t.sizes(), &strides = t.strides();
  int64_t expected = sizes[1];
  if (sizes.size() < 3 || strides[1] != 1) return false;
  for (int64_t d = sizes.size() - 1; d >= 0; --d) {
    if (d == 1) continue;
    if (sizes[d] != 1 && strides[d] != expected) return false;
    expected *= sizes[d];
  }
  return true;
}

/// Dense memory in which element i is of channel i / l % c.
struct Elements {
  int64_t count, c, l = 1;
  bool last, wide;
  Elements(const Tensor& in, bool channels_are_last) : count(in.numel()), c(in.sizes()[1]), last(channels_are_last), wide(count > INT32_MAX - 65536) {
    for (int64_t d = 2; d < in.dim() && !last; ++d) l *= in.sizes()[d];
  }
  void run(Variant& v, const Arguments& args) const { v.index(wide).run(Grid::items(count, kGroupSize), args); }
  void pass(Arguments& args) const {
    if (wide) args.value(count).value(c).value(l);
    else args.value(int32_t(count)).value(int32_t(c)).value(int32_t(l));
  }
};

/// An output in the memory order that was chosen: itself or a contiguous stand-in.
struct Result {
  Tensor& out;
  Tensor tensor;
  Result(Tensor& o, bool last) : out(o), tensor(last || o.is_contiguous() ? o : new_tensor(o.sizes(), o.dtype(), o.device())) {}
  void commit() {
    if (!tensor.is_same(out)) copy_kernel(out.device(), out, tensor);
  }
};

// A vector of channels as [1, c, 1, ..].
Tensor channels(const Tensor& t, int64_t rank) {
  if (!t.defined()) return t;
  Shape sizes = Shape::filled(rank, 1), strides = Shape::filled(rank, 0);
  sizes[1] = t.sizes()[0], strides[1] = t.strides()[0];
  return alias(t, sizes, strides, t.storage_offset());
}

DType or_of(const Tensor& t, DType other) { return t.defined() ? t.dtype() : other; }

void batch_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, Tensor& running_mean,
                Tensor& running_var, bool training, double momentum, double eps) {
  if (in.numel() == 0) return;
  const DType dtype = in.dtype(), statistics = statistics_dtype(dtype);
  const int64_t rank = in.dim();
  DenseOut m(mean, statistics), r(rstd, statistics);
  if (training) {
    const Tensor to_mean = channels(m.tensor(), rank), to_rstd = channels(r.tensor(), rank), to_running_mean = channels(running_mean, rank),
                 to_running_var = channels(running_var, rank);
    Fold fold = kStatistics;
    fold.state = kMomentState;
    reduction(fold, {&to_mean, &to_rstd, &to_running_mean, &to_running_var}, {&in}, momentum, eps, statistics);
  }
  const Elements elements(in, channels_last(in) && channels_last(out));
  const Tensor x = elements.last ? in : dense(in), w = dense(weight), b = dense(bias), then_mean = training ? Tensor() : dense(running_mean),
               then_var = training ? Tensor() : dense(running_var);
  Result y(out, elements.last);
  Arguments args;
  args.buffer(y.tensor).buffer(m.tensor()).buffer(r.tensor()).buffer(x).buffer(w).buffer(b).buffer(then_mean).buffer(then_var);
  elements.pass(args);
  args.number(statistics, eps);
  Variant v(kForward, "batch_norm", in.device());
  v.type("O", out.dtype())
      .type("S", statistics)
      .type("A", dtype)
      .type("W", or_of(w, dtype))
      .type("B", or_of(b, dtype))
      .type("M", or_of(then_mean, dtype));
  v.type("V", or_of(then_var, dtype)).define("TRAINING", training);
  elements.run(v, args);
  y.commit(), m.commit(), r.commit();
}

void batch_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight, bool training) {
  const Device device = grad.device();
  const int64_t rank = in.dim(), c = in.sizes()[1];
  if (in.numel() == 0) {
    if (grad_weight.defined()) fill_kernel(device, grad_weight, 0);
    if (grad_bias.defined()) fill_kernel(device, grad_bias, 0);
    return;
  }
  const DType dtype = in.dtype(), statistics = statistics_dtype(dtype);
  const Tensor m = dense(mean, statistics), r = dense(rstd, statistics);
  Tensor sum, sum_hat;
  if (training || grad_weight.defined() || grad_bias.defined()) {
    auto place_for = [&](const Tensor& wanted) {
      return wanted.defined() && wanted.is_contiguous() && wanted.dtype() == statistics ? wanted : new_tensor({c}, statistics, device);
    };
    sum = place_for(grad_bias), sum_hat = place_for(grad_weight);
    const Tensor to_sum = channels(sum, rank), to_sum_hat = channels(sum_hat, rank), scale = channels(r, rank), centre = channels(m, rank);
    reduction(kNormGradients, {&to_sum, &to_sum_hat}, {&grad, &in, &scale, &centre}, 0, 0, kFloat32);
    if (grad_bias.defined() && !sum.is_same(grad_bias)) copy_kernel(device, grad_bias, sum);
    if (grad_weight.defined() && !sum_hat.is_same(grad_weight)) copy_kernel(device, grad_weight, sum_hat);
  }
  if (!grad_in.defined()) return;
  const Elements elements(in, channels_last(in) && channels_last(grad) && channels_last(grad_in));
  const Tensor x = elements.last ? in : dense(in), g = elements.last ? grad : dense(grad), w = dense(weight);
  Result result(grad_in, elements.last);
  Arguments args;
  args.buffer(result.tensor).buffer(g).buffer(x).buffer(m).buffer(r).buffer(w).buffer(sum).buffer(sum_hat);
  elements.pass(args);
  Variant v(kBackward, "batch_norm_backward", device);
  v.type("O", grad_in.dtype()).type("G", grad.dtype()).type("S", statistics).type("A", dtype).type("W", or_of(w, dtype)).define("TRAINING", training);
  elements.run(v, args);
  result.commit();
}

}  // namespace

void register_batch_norm(DeviceType type) {
  const DTypeSet floats{kFloat16, kBFloat16, kFloat32, kFloat64};
  batch_norm_kernel.set(type, &batch_norm, floats);
  batch_norm_backward_kernel.set(type, &batch_norm_backward, floats);
}

}  // namespace lazuli::gpu
