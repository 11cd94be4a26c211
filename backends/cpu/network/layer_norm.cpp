// Layer norm and RMS norm (mean undefined) of dense rows [rows, n]; parallel over rows. The gradients of weight and bias are summed in parts of fixed size,
// which are combined in order.
#include <algorithm>
#include <vector>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/network/normalization.h"
#include "lazuli/backends/cpu/network/normalization_kernels.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 16384;

template <class T>
Tensor as_compute(const Tensor& t) {
  return t.defined() ? dense(t, dtype_of<Compute<T>>()) : t;
}

}  // namespace

void layer_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, double eps) {
  for_float("layer_norm", in.dtype(), [&](auto t) {
    using T = decltype(t);
    using C = Compute<T>;
    const int64_t n = in.sizes().back(), rows = n ? in.numel() / n : 0;
    const Tensor x = dense(in), w = as_compute<T>(weight), b = as_compute<T>(bias);
    DenseOut y(out), s(rstd, dtype_of<C>());
    Tensor means = mean;
    if (mean.defined() && !(mean.is_contiguous() && mean.dtype() == dtype_of<C>())) means = new_tensor(mean.sizes(), dtype_of<C>());
    const auto& loops = layer_norm_loops<T>();
    const T* from = pointer<T>(x);
    T* to = pointer<T>(y.tensor());
    C *mp = pointer<C>(means), *sp = pointer<C>(s.tensor());
    const C *wp = pointer<C>(w), *bp = pointer<C>(b);
    parallel_for(0, rows, std::max<int64_t>(1, kGrain / std::max<int64_t>(n, 1)), [&](int64_t begin, int64_t end) {
      loops.forward(to + begin * n, mp ? mp + begin : nullptr, sp + begin, from + begin * n, wp, bp, end - begin, n, eps);
    });
    y.commit();
    s.commit();
    if (mean.defined() && !means.is_same(mean)) copy_kernel(kCPU, mean, means);
  });
}

void layer_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight) {
  for_float("layer_norm_backward", in.dtype(), [&](auto t) {
    using T = decltype(t);
    using C = Compute<T>;
    const int64_t n = in.sizes().back(), rows = n ? in.numel() / n : 0;
    const Tensor g = dense(grad, in.dtype()), x = dense(in), m = as_compute<T>(mean), s = as_compute<T>(rstd), w = as_compute<T>(weight);
    DenseOut result(grad_in);
    const auto& loops = layer_norm_loops<T>();
    const bool columns = grad_weight.defined() || grad_bias.defined();
    // parts by the shape alone
    const int64_t parts = std::clamp<int64_t>(rows * n / 32768, 1, std::clamp<int64_t>(rows, 1, 16)), step = (rows + parts - 1) / parts;
    std::vector<double> sums(columns ? parts * 2 * n : 0);
    const T *gp = pointer<T>(g), *xp = pointer<T>(x);
    const C *mp = pointer<C>(m), *sp = pointer<C>(s), *wp = pointer<C>(w);
    T* to = pointer<T>(result.tensor());
    parallel_for(0, parts, 1, [&](int64_t first, int64_t last) {
      std::vector<C> scratch(2 * n);
      for (int64_t p = first; p < last; ++p) {
        const int64_t begin = p * step, count = std::min(step, rows - begin);
        if (count <= 0) continue;
        double* sum = columns ? sums.data() + p * 2 * n : nullptr;
        loops.backward(to ? to + begin * n : nullptr, grad_weight.defined() ? sum : nullptr, grad_bias.defined() ? sum + n : nullptr, gp + begin * n,
                       xp + begin * n, mp ? mp + begin : nullptr, sp + begin, wp, count, n, scratch.data());
      }
    });
    result.commit();
    for (int which = 0; which < 2; ++which) {
      Tensor& target = which == 0 ? grad_weight : grad_bias;
      if (!target.defined()) continue;
      double* total = sums.data() + which * n;
      for (int64_t p = 1; p < parts; ++p)
        for (int64_t j = 0; j < n; ++j) total[j] += total[p * 2 * n + j];
      DenseOut out(target);
      dispatch(target.dtype(), [&](auto e) {
        for (int64_t j = 0; j < n; ++j) pointer<decltype(e)>(out.tensor())[j] = convert<decltype(e)>(total[j]);
      });
      out.commit();
    }
  });
}

}  // namespace lazuli::cpu
