// All steps of a recurrent layer. Samples do not meet: where there are enough of them, each thread takes its share of them through all steps and waits for nobody. Where there are few, the
// threads share the features of each step. The weights are laid out in panels once, and stay in the cache from step to step.
#include <algorithm>
#include <numeric>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/linalg/small_gemm.h"
#include "lazuli/backends/cpu/network/recurrent.h"
#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kPanel = 64;                   // features that are computed together
constexpr int64_t kDepth = 256;                  // of a block of a panel
constexpr int64_t kFewRows = 4;                  // for which laying out the weights costs more than it gains
constexpr int64_t kRowsEach = 3;                 // for which a thread reads all weights, rather than share them
constexpr int64_t kSharedWeights = 1 << 22;      // bytes that threads read from a cache they share, rather than each its part
constexpr int64_t kWorthSharing = 64 * 64 * 64;  // multiplications between two meetings of the threads

struct Range {
  int64_t from, to;
  int64_t count() const { return to - from; }
};

/// The sizes of a layer, and the order of its steps.
struct Layer {
  int64_t n, h, gates, steps;
  bool reverse;

  Layer(const Tensor& state, const Tensor& weight, const Tensor& all, bool turned)
      : n(state.size(0)), h(state.size(1)), gates(weight.size(0) / h), steps(all.size(0) / n), reverse(turned) {}
  /// The first of the rows of the step that runs as the k-th, among those of all steps; of one step where `of` has no more.
  int64_t row(int64_t k) const { return (reverse ? steps - 1 - k : k) * n; }
  int64_t row(int64_t k, const Tensor& of) const { return of.size(0) == n ? 0 : row(k); }
};

/// Calls f(k, rows, features) for k = 0 .. count - 1 and every sample and feature; features begin with a panel. The k-th calls see what those before it wrote: of the same rows, and of
/// all features.
template <class F>
void for_steps(const Layer& l, int64_t count, F&& f) {
  const int64_t weights = l.gates * l.h * l.h, all_threads = get_num_threads(), panels = (l.h + kPanel - 1) / kPanel;
  const bool by_samples = l.n >= kRowsEach * all_threads && weights * int64_t(sizeof(float)) <= kSharedWeights;
  const int64_t threads = l.n * weights * (by_samples ? count : 1) <= kWorthSharing ? 1 : all_threads;
  if (threads == 1 || by_samples) {
    return parallel_for(0, l.n, threads == 1 ? l.n : kRowsEach, [&](int64_t from, int64_t to) {
      for (int64_t k = 0; k < count; ++k) f(k, Range{from, to}, Range{0, l.h});
    });
  }
  const int64_t cuts = std::clamp<int64_t>(threads / std::gcd(panels, threads), 1, (l.n + 5) / 6);
  for (int64_t k = 0; k < count; ++k)
    parallel_for(0, cuts * panels, 1, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) {
        const int64_t cut = i / panels, feature = i % panels * kPanel;
        f(k, Range{l.n * cut / cuts, l.n * (cut + 1) / cuts}, Range{feature, std::min(l.h, feature + kPanel)});
      }
    });
}

/// What each step multiplies the rows of a matrix by: [depth, groups * h], in panels of features of a group.
class StepMatrix {
 public:
  /// The weights transposed, whose groups are the gates: for the state before.
  static StepMatrix forward(const Layer& l, const Tensor& weight) { return StepMatrix(l, weight, l.h, l.gates, 1, l.h); }
  /// The weights, one group: for the gradients of the gates.
  static StepMatrix backward(const Layer& l, const Tensor& weight) { return StepMatrix(l, weight, l.gates * l.h, 1, l.h, 1); }

  /// c[i] += a[i] times the matrix, for the features of a group; c points to the first of them, a and c to the first of the rows.
  void add(int64_t group, Range features, const float* a, float* c, int64_t c_row, int64_t rows) const {
    GemmF32 g;
    g.m = rows;
    g.a_row = depth_, g.a_col = 1;
    g.c_row = c_row;
    g.beta = 1;
    if (!packed_.defined()) {
      g.n = features.count(), g.k = depth_, g.a = a, g.c = c;
      g.b = weight_ + (group * h_ + features.from) * column_, g.b_row = row_, g.b_col = column_;
      return small_gemm_f32(g);
    }
    g.b_row = kPanel, g.b_col = 1;
    g.way = GemmWay::Tiles;
    for (int64_t j = features.from; j < features.to; j += kPanel) {
      g.n = std::min(kPanel, features.to - j);
      g.c = c + j - features.from;
      for (int64_t p = 0; p < depth_; p += kDepth) {
        g.k = std::min(kDepth, depth_ - p);
        g.a = a + p;
        g.b = panel(group * panels_ + j / kPanel) + p * kPanel;
        small_gemm_f32(g);
      }
    }
  }

 private:
  StepMatrix(const Layer& l, const Tensor& weight, int64_t depth, int64_t groups, int64_t row, int64_t column)
      : weight_(pointer<const float>(weight)), h_(l.h), depth_(depth), row_(row), column_(column), panels_((l.h + kPanel - 1) / kPanel) {
    if (l.n <= kFewRows) return;
    packed_ = new_tensor({groups * panels_, depth, kPanel}, kFloat32);
    parallel_for(0, groups * panels_, 2, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) pack(i / panels_ * h_, i % panels_ * kPanel, panel(i));
    });
  }
  float* panel(int64_t i) const { return pointer<float>(packed_) + i * depth_ * kPanel; }
  void pack(int64_t group, int64_t feature, float* to) const {
    const int64_t n = std::min(kPanel, h_ - feature);
    const float* b = weight_ + (group + feature) * column_;
    if (row_ == 1) return transpose_f32(to, kPanel, b, column_, n, depth_);
    for (int64_t p = 0; p < depth_; ++p) std::copy_n(b + p * row_, n, to + p * kPanel);
  }

  Tensor packed_;  // undefined: as the weights lie
  const float* weight_;
  int64_t h_, depth_, row_, column_, panels_;
};

/// Rows of a matrix of floats `width` wide, from one of its elements on.
struct Rows {
  float* first = nullptr;
  int64_t width = 0;
  float* operator[](int64_t i) const { return first + i * width; }
};
Rows rows_of(const Tensor& t, int64_t row, int64_t column) { return {pointer<float>(t) + row * t.size(1) + column, t.size(1)}; }

void lstm_steps(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& weight, const Tensor& h_before, const Tensor& c_before,
                bool reverse) {
  const Layer l(h_before, weight, out, reverse);
  const StepMatrix w = StepMatrix::forward(l, weight);
  const auto& loops = recurrent_loops<float>();
  for_steps(l, l.steps, [&](int64_t k, Range rows, Range features) {
    const auto at = [&](const Tensor& t, int64_t step) { return rows_of(t, l.row(step, t) + rows.from, features.from); };
    const Rows h = k ? rows_of(out, l.row(k - 1) + rows.from, 0) : rows_of(h_before, rows.from, 0);
    const Rows gate = rows_of(gates, l.row(k) + rows.from, features.from), to = rows_of(out, l.row(k) + rows.from, features.from);
    for (int64_t g = 0; g < 4; ++g) w.add(g, features, h[0], gate[0] + g * l.h, gate.width, rows.count());
    const Rows state = at(c, k), seen = at(tanh_c, k), before = k ? at(c, k - 1) : at(c_before, 0);
    for (int64_t i = 0; i < rows.count(); ++i) loops.lstm(gate[i], state[i], seen[i], to[i], before[i], l.h, features.count());
  });
}

void gru_steps(Tensor& gates, Tensor& from_h, Tensor& out, const Tensor& weight, const Tensor& bias, const Tensor& h_before, bool reverse) {
  const Layer l(h_before, weight, out, reverse);
  const StepMatrix w = StepMatrix::forward(l, weight);
  const auto& loops = recurrent_loops<float>();
  for_steps(l, l.steps, [&](int64_t k, Range rows, Range features) {
    const Rows h = k ? rows_of(out, l.row(k - 1) + rows.from, 0) : rows_of(h_before, rows.from, 0);
    const Rows part = rows_of(from_h, l.row(k, from_h) + rows.from, features.from);
    const Rows gate = rows_of(gates, l.row(k) + rows.from, features.from), to = rows_of(out, l.row(k) + rows.from, features.from);
    for (int64_t g = 0; g < 3; ++g) {
      for (int64_t i = 0; i < rows.count(); ++i) {
        if (bias.defined()) std::copy_n(pointer<const float>(bias) + g * l.h + features.from, features.count(), part[i] + g * l.h);
        else std::fill_n(part[i] + g * l.h, features.count(), 0.0f);
      }
      w.add(g, features, h[0], part[0] + g * l.h, part.width, rows.count());
    }
    for (int64_t i = 0; i < rows.count(); ++i) loops.gru(gate[i], to[i], gate[i], part[i], h[i] + features.from, l.h, features.count());
  });
}

void rnn_steps(Tensor& out, const Tensor& weight, const Tensor& h_before, bool relu, bool reverse) {
  const Layer l(h_before, weight, out, reverse);
  const StepMatrix w = StepMatrix::forward(l, weight);
  const auto& loops = recurrent_loops<float>();
  for_steps(l, l.steps, [&](int64_t k, Range rows, Range features) {
    const Rows h = k ? rows_of(out, l.row(k - 1) + rows.from, 0) : rows_of(h_before, rows.from, 0);
    const Rows to = rows_of(out, l.row(k) + rows.from, features.from);
    w.add(0, features, h[0], to[0], to.width, rows.count());
    for (int64_t i = 0; i < rows.count(); ++i) loops.rnn(to[i], relu, features.count());
  });
}

/// Steps backward: f(k, rows, features, grad) with the gradient of what the k-th step gives, k = steps - 1 .. 0; it puts those of its gates into `grad_from_h`, and may leave in `grad` what the
/// state before gets from elsewhere. In the end grad_before has the gradient of the states before.
template <bool kLeavesPart, class F>
void for_steps_backward(const Layer& l, const Tensor& weight, const Tensor& grad_from_h, const Tensor& grad_before, const Tensor& grad_out,
                        const Tensor& grad_last, F&& f) {
  const StepMatrix w = StepMatrix::backward(l, weight);
  const auto& loops = recurrent_loops<float>();
  for_steps(l, l.steps + 1, [&](int64_t back, Range rows, Range features) {
    const int64_t k = l.steps - 1 - back, count = features.count();
    const Rows grad = rows_of(grad_before, rows.from, features.from);
    const bool more = k >= 0 && grad_out.defined(), adds = back == 0 || kLeavesPart;
    const auto copy = [&](const Rows& from) {
      for (int64_t i = 0; i < rows.count(); ++i) std::copy_n(from[i], count, grad[i]);
    };
    const Rows seen = more ? rows_of(grad_out, l.row(k) + rows.from, features.from) : Rows{};
    if (back == 0) copy(rows_of(grad_last, rows.from, features.from));
    if (more && adds)
      for (int64_t i = 0; i < rows.count(); ++i) loops.add(grad[i], seen[i], count);
    else if (more) copy(seen);
    else if (!adds)
      for (int64_t i = 0; i < rows.count(); ++i) std::fill_n(grad[i], count, 0.0f);
    if (back > 0) w.add(0, features, rows_of(grad_from_h, l.row(k + 1) + rows.from, 0)[0], grad[0], grad.width, rows.count());
    if (k >= 0) f(k, rows, features, grad);
  });
}

void lstm_steps_backward(Tensor& grad_gates, Tensor& grad_h_before, Tensor& grad_c_before, const Tensor& grad_out, const Tensor& grad_h,
                         const Tensor& grad_c, const Tensor& gates, const Tensor& c, const Tensor& tanh_c, const Tensor& weight,
                         const Tensor& c_before, bool reverse) {
  const Layer l(c_before, weight, gates, reverse);
  const auto& loops = recurrent_loops<float>();
  copy_kernel(kCPU, grad_c_before, grad_c);
  for_steps_backward<false>(l, weight, grad_gates, grad_h_before, grad_out, grad_h, [&](int64_t k, Range rows, Range features, Rows grad) {
    const auto at = [&](const Tensor& t, int64_t row) { return rows_of(t, row + rows.from, features.from); };
    const Rows of_gates = at(grad_gates, l.row(k)), of_c = at(grad_c_before, 0), gate = at(gates, l.row(k)), seen = at(tanh_c, l.row(k));
    const Rows before = k ? at(c, l.row(k - 1)) : at(c_before, 0);
    for (int64_t i = 0; i < rows.count(); ++i)
      loops.lstm_backward(of_gates[i], of_c[i], grad[i], of_c[i], gate[i], before[i], seen[i], l.h, features.count());
  });
}

void gru_steps_backward(Tensor& grad_x, Tensor& grad_from_h, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& gates,
                        const Tensor& from_h, const Tensor& out, const Tensor& weight, const Tensor& h_before, bool reverse) {
  const Layer l(h_before, weight, gates, reverse);
  const auto& loops = recurrent_loops<float>();
  for_steps_backward<true>(l, weight, grad_from_h, grad_h_before, grad_out, grad_h, [&](int64_t k, Range rows, Range features, Rows grad) {
    const auto at = [&](const Tensor& t, int64_t row) { return rows_of(t, row + rows.from, features.from); };
    const Rows of_x = at(grad_x, l.row(k)), of_h = at(grad_from_h, l.row(k)), gate = at(gates, l.row(k)), part = at(from_h, l.row(k));
    const Rows before = k ? at(out, l.row(k - 1)) : at(h_before, 0);
    for (int64_t i = 0; i < rows.count(); ++i)
      loops.gru_backward(of_x[i], of_h[i], grad[i], grad[i], gate[i], part[i], before[i], l.h, features.count());
  });
}

void rnn_steps_backward(Tensor& grad_x, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& out, const Tensor& weight,
                        bool relu, bool reverse) {
  const Layer l(grad_h, weight, out, reverse);
  const auto& loops = recurrent_loops<float>();
  for_steps_backward<false>(l, weight, grad_x, grad_h_before, grad_out, grad_h, [&](int64_t k, Range rows, Range features, Rows grad) {
    const Rows of_x = rows_of(grad_x, l.row(k) + rows.from, features.from), y = rows_of(out, l.row(k) + rows.from, features.from);
    for (int64_t i = 0; i < rows.count(); ++i) loops.rnn_backward(of_x[i], grad[i], y[i], relu, features.count());
  });
}

}  // namespace

void register_recurrent_steps() {
  const DTypeSet types{kFloat32};
  lstm_steps_kernel.set(DeviceType::CPU, lstm_steps, types);
  lstm_steps_backward_kernel.set(DeviceType::CPU, lstm_steps_backward, types);
  gru_steps_kernel.set(DeviceType::CPU, gru_steps, types);
  gru_steps_backward_kernel.set(DeviceType::CPU, gru_steps_backward, types);
  rnn_steps_kernel.set(DeviceType::CPU, rnn_steps, types);
  rnn_steps_backward_kernel.set(DeviceType::CPU, rnn_steps_backward, types);
}

}  // namespace lazuli::cpu
