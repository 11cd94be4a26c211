// Cross entropy of logits [n, c] with classes [n]; lanes along a row of logits, parallel over rows. With s = smoothing, w the weights, l = log(sum(exp(x))):
//   loss = (1 - s) w[t] (l - x[t]) + s / c * sum_j w[j] (l - x[j])
//   d loss / d x[j] = exp(x[j] - l) ((1 - s) w[t] + s / c * sum(w)) - s / c * w[j] - [j = t] (1 - s) w[t]
#include "lazuli/backends/cpu/network/cross_entropy.h"

#include <algorithm>
#include <string>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/network/cross_entropy_kernels.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 16384;

double number_at(const void* p, DType dtype, int64_t i) {
  switch (dtype) {
    case kFloat16: return float(static_cast<const Half*>(p)[i]);
    case kBFloat16: return float(static_cast<const BFloat16*>(p)[i]);
    case kFloat32: return static_cast<const float*>(p)[i];
    default: return static_cast<const double*>(p)[i];
  }
}
void put_number(void* p, DType dtype, int64_t i, double value) {
  switch (dtype) {
    case kFloat16: static_cast<Half*>(p)[i] = Half(float(value)); return;
    case kBFloat16: static_cast<BFloat16*>(p)[i] = BFloat16(float(value)); return;
    case kFloat32: static_cast<float*>(p)[i] = float(value); return;
    default: static_cast<double*>(p)[i] = value; return;
  }
}

struct Classes {
  Tensor target, weight;  // dense; weight of the compute dtype
  const int64_t* t;
  const void* w;
  DType weight_dtype;
  double weight_sum;  // of all classes

  Classes(const Tensor& targets, const Tensor& weights, DType dtype, int64_t c, int64_t ignore_index)
      : target(dense(targets, kInt64)), weight_dtype(dtype == kFloat64 ? kFloat64 : kFloat32), weight_sum(double(c)) {
    if (weights.defined()) weight = dense(weights, weight_dtype);
    t = pointer<int64_t>(target);
    w = pointer<void>(weight);
    if (w) {
      weight_sum = 0;
      for (int64_t j = 0; j < c; ++j) weight_sum += number_at(w, weight_dtype, j);
    }
    for (int64_t i = 0; i < target.numel(); ++i)
      if ((t[i] < 0 || t[i] >= c) && t[i] != ignore_index)
        fail(ErrorKind::Index, "cross_entropy", "target", "a class in [0, " + std::to_string(c) + ")",
             std::to_string(t[i]) + " at position " + std::to_string(i));
  }
  double weight_of(int64_t j) const { return w ? number_at(w, weight_dtype, j) : 1.0; }
};

}  // namespace

void cross_entropy(Tensor& losses, Tensor& log_sum, const Tensor& logits, const Tensor& target, const Tensor& weight, int64_t ignore_index,
                   double smoothing) {
  const DType dtype = logits.dtype();
  if (!is_floating_point(dtype)) refuse_dtype("cross_entropy", dtype);
  const int64_t n = logits.sizes()[0], c = logits.sizes()[1], item = item_size(dtype);
  const Classes classes(target, weight, dtype, c, ignore_index);
  const Tensor x = dense(logits);
  DenseOut loss(losses), sums(log_sum);
  void *loss_data = loss.tensor().address(), *sum_data = sums.tensor().address();
  const DType loss_dtype = losses.dtype(), sum_dtype = log_sum.dtype();
  const char* data = pointer<char>(x);
  parallel_for(0, n, std::max<int64_t>(1, kGrain / std::max<int64_t>(c, 16)), [&](int64_t from, int64_t to) {
    double log_sums[kEntropyRows], weighted_sums[kEntropyRows];
    for (; from < to; from += kEntropyRows) {
      const int64_t count = std::min(kEntropyRows, to - from);
      const char* rows = data + from * c * item;
      log_sum_exp_rows(dtype, rows, count, c, classes.w, log_sums, smoothing > 0 ? weighted_sums : nullptr);
      for (int64_t k = 0; k < count; ++k) {
        const int64_t t = classes.t[from + k];
        double value = 0;
        if (t != ignore_index) {
          value = classes.weight_of(t) * (log_sums[k] - number_at(rows, dtype, k * c + t));
          if (smoothing > 0) value = (1 - smoothing) * value + smoothing / double(c) * (log_sums[k] * classes.weight_sum - weighted_sums[k]);
        }
        put_number(loss_data, loss_dtype, from + k, value);
        put_number(sum_data, sum_dtype, from + k, log_sums[k]);
      }
    }
  });
  loss.commit();
  sums.commit();
}

void cross_entropy_backward(Tensor& grad_logits, const Tensor& grad, const Tensor& log_sum, const Tensor& logits, const Tensor& target,
                            const Tensor& weight, int64_t ignore_index, double smoothing) {
  const DType dtype = logits.dtype();
  if (!is_floating_point(dtype)) refuse_dtype("cross_entropy_backward", dtype);
  const int64_t n = logits.sizes()[0], c = logits.sizes()[1], item = item_size(dtype);
  const Classes classes(target, weight, dtype, c, ignore_index);
  const Tensor x = dense(logits), sums = dense(log_sum);
  const int64_t grad_stride = grad.strides()[0];
  DenseOut out(grad_logits, dtype);
  const char* data = pointer<char>(x);
  char* result = pointer<char>(out.tensor());
  parallel_for(0, n, std::max<int64_t>(1, kGrain / std::max<int64_t>(c, 16)), [&](int64_t from, int64_t to) {
    EntropyRow each[kEntropyRows];
    for (; from < to; from += kEntropyRows) {
      const int64_t count = std::min(kEntropyRows, to - from);
      for (int64_t k = 0; k < count; ++k) {
        const int64_t i = from + k, t = classes.t[i];
        each[k] = {-1, 0, 0, 0, 0};
        if (t == ignore_index) continue;
        const double scale = number_at(grad.address(), grad.dtype(), i * grad_stride), hit = scale * (1 - smoothing) * classes.weight_of(t),
                     spread = scale * smoothing / double(c);
        each[k] = {t, number_at(sums.address(), sums.dtype(), i), hit + spread * classes.weight_sum, spread, hit};
      }
      cross_entropy_backward_rows(dtype, result + from * c * item, data + from * c * item, count, c, classes.w, each);
    }
  });
  out.commit();
}

}  // namespace lazuli::cpu
