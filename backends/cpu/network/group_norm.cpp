// Group norm of dense [n, c, l]: the channels of a group lie side by side, and are normalised while they are in the cache; parallel over groups. Sums over long runs are those of pieces,
// combined in order.
#include <algorithm>
#include <cmath>
#include <vector>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/network/normalization.h"
#include "lazuli/backends/cpu/network/normalization_kernels.h"
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 16384, kPiece = 8192;  // elements

struct Layout {
  int64_t n, c, l, groups;
  Layout(const Tensor& in, int64_t g) : n(in.sizes()[0]), c(in.sizes()[1]), l(n * c > 0 ? in.numel() / (n * c) : 0), groups(g) {}
  int64_t channels() const { return c / groups; }
  int64_t each() const { return channels() * l; }  // elements of a group
  // Calls f(group of a sample, its first element, its first channel).
  template <class F>
  void for_groups(F&& f) const {
    parallel_for(0, n * groups, std::max<int64_t>(1, kGrain / std::max<int64_t>(each(), 1)), [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) f(i, i * each(), i % groups * channels());
    });
  }
};

// A parameter of channels as the compute type; null where it is undefined.
template <class C>
struct Channels {
  Tensor tensor;
  const C* data;
  explicit Channels(const Tensor& t) : tensor(t.defined() ? dense(t, dtype_of<C>()) : t), data(pointer<C>(tensor)) {}
  C at(int64_t i, C otherwise) const { return data ? data[i] : otherwise; }
};

void write_sums(Tensor& t, const std::vector<double>& sums, const Layout& layout) {
  if (!t.defined()) return;
  DenseOut out(t);
  dispatch(t.dtype(), [&](auto e) {
    for (int64_t j = 0; j < layout.c; ++j) {
      double sum = 0;
      for (int64_t i = 0; i < layout.n; ++i) sum += sums[size_t(i * layout.c + j)];
      pointer<decltype(e)>(out.tensor())[j] = convert<decltype(e)>(sum);
    }
  });
  out.commit();
}

}  // namespace

void group_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, int64_t groups, double eps) {
  for_float("group_norm", in.dtype(), [&](auto t) {
    using T = decltype(t);
    using C = Compute<T>;
    const auto& loops = batch_norm_loops<T>();
    const Layout layout(in, groups);
    const Tensor x = dense(in);
    const Channels<C> w(weight), b(bias);
    DenseOut y(out), means(mean, dtype_of<C>()), rstds(rstd, dtype_of<C>());
    T* to = pointer<T>(y.tensor());
    const T* from = pointer<T>(x);
    C *m = pointer<C>(means.tensor()), *r = pointer<C>(rstds.tensor());
    layout.for_groups([&](int64_t group, int64_t first, int64_t channel) {
      MomentState moments{0, 0, 0};
      for (int64_t k = 0; k < layout.each(); k += kPiece) {
        const int64_t count = std::min(kPiece, layout.each() - k);
        const auto s = loops.segment_stats(from + first + k, 1, 0, count);
        moments.add({double(count), s.first, s.second});
      }
      m[group] = C(moments.mean);
      r[group] = C(1 / std::sqrt(moments.m2 / double(layout.each()) + eps));
      for (int64_t j = 0; j < layout.channels(); ++j) {
        const int64_t at = first + j * layout.l;
        loops.segment_affine(to + at, from + at, 1, 0, layout.l, m[group], r[group] * w.at(channel + j, C(1)), b.at(channel + j, C(0)));
      }
    });
    y.commit();
    means.commit();
    rstds.commit();
  });
}

// With h = grad w and x^ = (x - mean) rstd:  grad_in = rstd (h - sum(h) / each - x^ sum(h x^) / each), sums over the group.
void group_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight, int64_t groups) {
  for_float("group_norm_backward", in.dtype(), [&](auto t) {
    using T = decltype(t);
    using C = Compute<T>;
    const auto& loops = batch_norm_loops<T>();
    const Layout layout(in, groups);
    const Tensor g = dense(grad, in.dtype()), x = dense(in);
    const Channels<C> w(weight), m(mean), r(rstd);
    DenseOut result(grad_in);
    T* to = pointer<T>(result.tensor());
    const T *gp = pointer<T>(g), *xp = pointer<T>(x);
    std::vector<double> sums(size_t(layout.n * layout.c)), sums_normal(sums.size());  // of grad and of grad x^, by channel
    layout.for_groups([&](int64_t group, int64_t first, int64_t channel) {
      double sum = 0, sum_normal = 0;
      for (int64_t j = 0; j < layout.channels(); ++j) {
        typename BatchNormLoops<T>::Pair s{0, 0};
        for (int64_t k = 0; k < layout.l; k += kPiece) {
          const int64_t at = first + j * layout.l + k;
          const auto part = loops.segment_grad_sums(gp + at, xp + at, 1, 0, std::min(kPiece, layout.l - k), m.data[group]);
          s.first += part.first, s.second += part.second;
        }
        s.second *= double(r.data[group]);
        const size_t place = size_t(first / layout.l + j);
        sums[place] = s.first, sums_normal[place] = s.second;
        const double factor = double(w.at(channel + j, C(1)));
        sum += factor * s.first, sum_normal += factor * s.second;
      }
      if (!to) return;
      const double scale = double(r.data[group]), count = double(layout.each());
      for (int64_t j = 0; j < layout.channels(); ++j) {
        const int64_t at = first + j * layout.l;
        loops.segment_group_grad_in(to + at, gp + at, xp + at, layout.l, m.data[group], C(scale) * w.at(channel + j, C(1)), C(scale * sum / count),
                                    C(scale * scale * sum_normal / count));
      }
    });
    result.commit();
    write_sums(grad_weight, sums_normal, layout);
    write_sums(grad_bias, sums, layout);
  });
}

}  // namespace lazuli::cpu
