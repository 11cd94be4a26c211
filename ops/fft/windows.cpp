#include "lazuli/ops/fft/windows.h"

#include <cmath>
#include <numbers>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

constexpr double kPi = std::numbers::pi;

// What a window is told besides its formula.
struct Wanted {
  const char* op;
  int64_t length;
  bool periodic;
  const CreationOptions& options;
  bool of_signal;  // float32 and float64 alone
  double K() const { return double(length) - (periodic ? 0 : 1); }
};

DType checked_dtype(const Wanted& w) {
  if (w.length < 0) fail(w.op, w.of_signal ? "M" : "window_length", "a length that is not negative", std::to_string(w.length));
  const DType t = w.options.dtype.value_or(get_default_dtype());
  if (w.of_signal ? t != kFloat32 && t != kFloat64 : !is_floating_point(t))
    fail(ErrorKind::Type, w.op, "dtype", w.of_signal ? "float32 or float64" : "a floating point dtype", name(t));
  return t;
}
// Computed in double, on the host.
template <class F>
Tensor window(const Wanted& w, F&& value) {
  const DType t = checked_dtype(w);
  const Device device = TensorOptions(w.options).device();
  Tensor out;
  if (device.is_meta()) {
    out = new_tensor({w.length}, t, device);
  } else {
    Tensor values = filled_by_host(new_tensor({w.length}, kFloat64));
    auto* y = static_cast<double*>(values.address());
    parallel_for(0, w.length, 4096, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) y[i] = w.length == 1 ? 1 : value(double(i));
    });
    out = to(values, device, t);
  }
  return w.options.requires_grad ? out.requires_grad_() : out;
}

Tensor bartlett(const Wanted& w) {
  const double K = w.K();
  return window(w, [=](double i) { return 1 - std::abs(2 * i / K - 1); });
}
Tensor cosines(const Wanted& w, std::span<const double> a) {
  const double K = w.K();
  return window(w, [=](double i) {
    double sum = 0, sign = 1;
    for (size_t k = 0; k < a.size(); ++k, sign = -sign) sum += sign * a[k] * std::cos(2 * kPi * double(k) * i / K);
    return sum;
  });
}
Tensor cosines(const Wanted& w, std::initializer_list<double> a) { return cosines(w, std::span<const double>(a.begin(), a.size())); }

Tensor kaiser(const Wanted& w, double beta) {
  checked_dtype(w);
  if (w.of_signal && !(beta >= 0)) fail(w.op, "beta", "a number that is not negative", std::to_string(beta));
  const double K = w.K();
  Wanted inside = w;
  const CreationOptions doubles{.dtype = kFloat64};
  if (w.length == 1 || TensorOptions(w.options).device().is_meta()) return window(w, [](double) { return 1.0; });
  Wanted angles{w.op, w.length, w.periodic, doubles, w.of_signal};
  const auto angle = [=](double i) { return beta * std::sqrt(std::max(0.0, 1 - (2 * i / K - 1) * (2 * i / K - 1))); };
  const Tensor x = window(angles, angle), top = window({w.op, 2, w.periodic, doubles, w.of_signal}, [=](double) { return std::abs(beta); });
  // i0(x) / i0(beta), by exp(-|x|) i0(x), so that neither overflows
  const Tensor ratio = div(special::i0e(x), special::i0e(top.select(0, 0)));
  const double* r = ratio.data_ptr<const double>();
  return window(inside, [=](double i) { return r[int64_t(i)] * std::exp(std::abs(angle(i)) - std::abs(beta)); });
}

}  // namespace

Tensor bartlett_window(int64_t n, bool periodic, const CreationOptions& o) { return bartlett({"bartlett_window", n, periodic, o, false}); }
Tensor blackman_window(int64_t n, bool periodic, const CreationOptions& o) {
  return cosines({"blackman_window", n, periodic, o, false}, {0.42, 0.5, 0.08});
}
Tensor hann_window(int64_t n, bool periodic, const CreationOptions& o) { return cosines({"hann_window", n, periodic, o, false}, {0.5, 0.5}); }
Tensor hamming_window(int64_t n, HammingWindowOptions w, const CreationOptions& o) {
  return cosines({"hamming_window", n, w.periodic, o, false}, {w.alpha, w.beta});
}
Tensor kaiser_window(int64_t n, KaiserWindowOptions w, const CreationOptions& o) {
  return kaiser({"kaiser_window", n, w.periodic, o, false}, w.beta);
}

namespace windows {

Tensor bartlett(int64_t M, bool sym, const CreationOptions& o) { return lazuli::bartlett({"signal.windows.bartlett", M, !sym, o, true}); }
Tensor blackman(int64_t M, bool sym, const CreationOptions& o) { return cosines({"signal.windows.blackman", M, !sym, o, true}, {0.42, 0.5, 0.08}); }
Tensor cosine(int64_t M, bool sym, const CreationOptions& o) {
  const double K = double(sym ? M : M + 1);
  return window({"signal.windows.cosine", M, !sym, o, true}, [=](double i) { return std::sin(kPi * (i + 0.5) / K); });
}
Tensor hamming(int64_t M, bool sym, const CreationOptions& o) { return cosines({"signal.windows.hamming", M, !sym, o, true}, {0.54, 0.46}); }
Tensor hann(int64_t M, bool sym, const CreationOptions& o) { return cosines({"signal.windows.hann", M, !sym, o, true}, {0.5, 0.5}); }
Tensor nuttall(int64_t M, bool sym, const CreationOptions& o) {
  return cosines({"signal.windows.nuttall", M, !sym, o, true}, {0.3635819, 0.4891775, 0.1365995, 0.0106411});
}
Tensor general_cosine(int64_t M, const std::vector<double>& a, bool sym, const CreationOptions& o) {
  if (a.empty()) fail(ErrorKind::Type, "signal.windows.general_cosine", "a", "at least one weight", "none");
  return cosines({"signal.windows.general_cosine", M, !sym, o, true}, a);
}
Tensor general_hamming(int64_t M, double alpha, bool sym, const CreationOptions& o) {
  return cosines({"signal.windows.general_hamming", M, !sym, o, true}, {alpha, 1 - alpha});
}
Tensor gaussian(int64_t M, double std, bool sym, const CreationOptions& o) {
  const Wanted w{"signal.windows.gaussian", M, !sym, o, true};
  checked_dtype(w);
  if (!(std > 0)) fail(w.op, "std", "a number above 0", std::to_string(std));
  return window(w, [=](double i) { return std::exp(-0.5 * (i - w.K() / 2) / std * ((i - w.K() / 2) / std)); });
}
Tensor kaiser(int64_t M, double beta, bool sym, const CreationOptions& o) {
  return lazuli::kaiser({"signal.windows.kaiser", M, !sym, o, true}, beta);
}
Tensor exponential(int64_t M, ExponentialOptions e, const CreationOptions& o) {
  const Wanted w{"signal.windows.exponential", M, !e.sym, o, true};
  checked_dtype(w);
  if (!(e.tau > 0)) fail(w.op, "tau", "a number above 0", std::to_string(e.tau));
  if (e.sym && e.center) fail(w.op, "center", "none for a symmetric window", std::to_string(*e.center));
  const double center = e.center.value_or(w.K() / 2);
  return window(w, [=](double i) { return std::exp(-std::abs(i - center) / e.tau); });
}

}  // namespace windows

void register_windows(OpTable& table) {
  using T = std::optional<DType>;
  using D = std::optional<Device>;
  namespace s = windows;
  table.add("bartlett_window(int window_length, bool periodic=True, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool p, T t, D d, bool g) {
              return bartlett_window(n, p, {t, d, g});
            });
  table.add("blackman_window(int window_length, bool periodic=True, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool p, T t, D d, bool g) {
              return blackman_window(n, p, {t, d, g});
            });
  table.add("hann_window(int window_length, bool periodic=True, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool p, T t, D d, bool g) {
              return hann_window(n, p, {t, d, g});
            });
  table.add(
      "hamming_window(int window_length, bool periodic=True, float alpha=0.54, float beta=0.46, *, dtype? dtype=None, Device? device=None, bool "
      "requires_grad=False) -> Tensor",
      [](int64_t n, HammingWindowOptions w, T t, D d, bool g) {
        return hamming_window(n, w, {t, d, g});
      });
  table.add(
      "kaiser_window(int window_length, bool periodic=True, float beta=12.0, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) "
      "-> Tensor",
      [](int64_t n, KaiserWindowOptions w, T t, D d, bool g) {
        return kaiser_window(n, w, {t, d, g});
      });
  table.add("signal.windows.bartlett(int M, *, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool sym, T t, D d, bool g) {
              return s::bartlett(n, sym, {t, d, g});
            });
  table.add("signal.windows.blackman(int M, *, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool sym, T t, D d, bool g) {
              return s::blackman(n, sym, {t, d, g});
            });
  table.add("signal.windows.cosine(int M, *, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool sym, T t, D d, bool g) {
              return s::cosine(n, sym, {t, d, g});
            });
  table.add("signal.windows.hamming(int M, *, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool sym, T t, D d, bool g) {
              return s::hamming(n, sym, {t, d, g});
            });
  table.add("signal.windows.hann(int M, *, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool sym, T t, D d, bool g) {
              return s::hann(n, sym, {t, d, g});
            });
  table.add("signal.windows.nuttall(int M, *, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, bool sym, T t, D d, bool g) {
              return s::nuttall(n, sym, {t, d, g});
            });
  table.add(
      "signal.windows.general_cosine(int M, *, float[] a, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> "
      "Tensor",
      [](int64_t n, const std::vector<double>& a, bool sym, T t, D d, bool g) {
        return s::general_cosine(n, a, sym, {t, d, g});
      });
  table.add(
      "signal.windows.general_hamming(int M, *, float alpha=0.54, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) "
      "-> Tensor",
      [](int64_t n, double a, bool sym, T t, D d, bool g) {
        return s::general_hamming(n, a, sym, {t, d, g});
      });
  table.add(
      "signal.windows.gaussian(int M, *, float std=1.0, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
      [](int64_t n, double std, bool sym, T t, D d, bool g) {
        return s::gaussian(n, std, sym, {t, d, g});
      });
  table.add(
      "signal.windows.kaiser(int M, *, float beta=12.0, bool sym=True, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
      [](int64_t n, double beta, bool sym, T t, D d, bool g) {
        return s::kaiser(n, beta, sym, {t, d, g});
      });
  table.add(
      "signal.windows.exponential(int M, *, float? center=None, float tau=1.0, bool sym=True, dtype? dtype=None, Device? device=None, bool "
      "requires_grad=False) -> Tensor",
      [](int64_t n, s::ExponentialOptions e, T t, D d, bool g) {
        return s::exponential(n, e, {t, d, g});
      });
}

}  // namespace lazuli
