// All steps of a recurrent layer. Samples do not meet: where there are enough of them, each thread takes its share of them through all steps and waits for nobody. Where there are few, the
// threads share the features of each step. The weights are laid out in panels once, and stay in the cache from step to step.
#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

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
  Range up_to(int64_t end) const { return {std::min(from, end), std::min(to, end)}; }
  Range beyond(int64_t begin) const { return {std::max(from, begin), std::max(to, begin)}; }
};

/// The sizes of a layer, and the order of its steps.
class Layer {
 public:
  int64_t n, in, h, gates, steps;  // `in`: features of the state that is multiplied: h, or what a projection gives

  Layer(const Tensor& state, const Tensor& weight, int64_t gate_count, const Tensor& all, const Shape& batch_sizes, bool reverse)
      : n(state.size(0)),
        in(weight.size(1)),
        h(weight.size(0) / gate_count),
        gates(gate_count),
        steps(batch_sizes.empty() ? all.size(0) / n : batch_sizes.size()),
        sizes_(batch_sizes.begin(), batch_sizes.end()),
        reverse_(reverse) {
    int64_t row = 0;
    for (int64_t size : sizes_) first_.push_back(row), row += size;
  }
  /// How many samples the step has that runs as the k-th; none before the first and after the last.
  int64_t size(int64_t k) const { return k < 0 || k >= steps ? 0 : sizes_.empty() ? n : sizes_[place(k)]; }
  /// The first of its rows, among those of all steps; of one step where `of` has no more.
  int64_t row(int64_t k) const { return sizes_.empty() ? int64_t(place(k)) * n : first_[place(k)]; }
  int64_t row(int64_t k, const Tensor& of) const { return of.size(0) == n ? 0 : row(k); }
  /// n samples in `parts` of about as many steps each: the first sample of part i.
  std::vector<int64_t> cuts(int64_t parts) const {
    std::vector<int64_t> first(size_t(parts) + 1, n);
    const int64_t rows = sizes_.empty() ? n : first_.back() + sizes_.back();
    int64_t done = 0, part = 0;
    size_t length = sizes_.empty() ? 1 : sizes_.size();
    for (int64_t i = 0; i < n; ++i) {
      while (part < parts && done * parts >= rows * part) first[size_t(part++)] = i;
      while (!sizes_.empty() && sizes_[length - 1] <= i) --length;
      done += int64_t(length);
    }
    return first;
  }

 private:
  size_t place(int64_t k) const { return size_t(reverse_ ? steps - 1 - k : k); }
  std::vector<int64_t> sizes_, first_;  // of each step; empty: n
  bool reverse_;
};

/// What is computed between two meetings of the threads: for so many samples and features.
struct Phase {
  int64_t samples, features;
};

/// Calls f(i, rows, features) for i = 0 .. count - 1 and every sample and feature of the phases phase(i); features begin with a panel. The i-th calls see what those before it wrote: of the
/// same rows, and of all features. `work`: multiplications of a sample in a step.
template <class Phases, class F>
void for_phases(const Layer& l, int64_t work, int64_t count, Phases&& phase, F&& f) {
  const int64_t all_threads = get_num_threads();
  const bool by_samples = l.n >= kRowsEach * all_threads && work * int64_t(sizeof(float)) <= kSharedWeights;
  const int64_t threads = l.n * work * (by_samples ? count : 1) <= kWorthSharing ? 1 : all_threads;
  if (threads == 1 || by_samples) {
    const std::vector<int64_t> cuts = l.cuts(threads);
    return parallel_for(0, threads, 1, [&](int64_t from, int64_t to) {
      for (int64_t i = 0; i < count; ++i) {
        const Phase now = phase(i);
        const Range rows = Range{cuts[size_t(from)], cuts[size_t(to)]}.up_to(now.samples);
        if (rows.count()) f(i, rows, Range{0, now.features});
      }
    });
  }
  for (int64_t i = 0; i < count; ++i) {
    const Phase now = phase(i);
    const int64_t panels = (now.features + kPanel - 1) / kPanel;
    const int64_t parts = std::clamp<int64_t>(threads / std::gcd(panels, threads), 1, std::max<int64_t>(1, (now.samples + 5) / 6));
    parallel_for(0, parts * panels, 1, [&](int64_t from, int64_t to) {
      for (int64_t j = from; j < to; ++j) {
        const int64_t part = j / panels, feature = j % panels * kPanel;
        const Range rows{now.samples * part / parts, now.samples * (part + 1) / parts};
        if (rows.count()) f(i, rows, Range{feature, std::min(now.features, feature + kPanel)});
      }
    });
  }
}

/// What rows are multiplied by in each step: [depth, groups * features], in panels of features of a group.
class StepMatrix {
 public:
  StepMatrix() = default;
  /// Of a matrix [groups * features, depth] transposed, so for the state before where the groups are the gates.
  static StepMatrix turned(const Layer& l, const Tensor& matrix, int64_t groups) {
    const int64_t depth = matrix.size(1);
    return StepMatrix(l.n, matrix, matrix.size(0) / groups, depth, groups, 1, depth);
  }
  /// Of a matrix [depth, features].
  static StepMatrix as_it_is(const Layer& l, const Tensor& matrix) {
    return StepMatrix(l.n, matrix, matrix.size(1), matrix.size(0), 1, matrix.size(1), 1);
  }

  /// c[i] = beta c[i] + a[i] times the matrix, for the features of a group; c points to the first of them, a and c to the first of the rows.
  void multiply(int64_t group, Range features, const float* a, float* c, int64_t c_row, int64_t rows, float beta) const {
    if (rows == 0) return;
    GemmF32 g;
    g.m = rows;
    g.a_row = depth_, g.a_col = 1;
    g.c_row = c_row;
    if (!packed_.defined()) {
      g.n = features.count(), g.k = depth_, g.a = a, g.c = c, g.beta = beta;
      g.b = matrix_ + (group * features_ + features.from) * column_, g.b_row = row_, g.b_col = column_;
      return small_gemm_f32(g);
    }
    g.b_row = kPanel, g.b_col = 1;
    g.way = GemmWay::Tiles;
    for (int64_t j = features.from; j < features.to; j += kPanel) {
      g.n = std::min(kPanel, features.to - j);
      g.c = c + j - features.from;
      g.beta = beta;
      for (int64_t p = 0; p < depth_; p += kDepth, g.beta = 1) {
        g.k = std::min(kDepth, depth_ - p);
        g.a = a + p;
        g.b = panel(group * panels_ + j / kPanel) + p * kPanel;
        small_gemm_f32(g);
      }
    }
  }

 private:
  StepMatrix(int64_t n, const Tensor& matrix, int64_t features, int64_t depth, int64_t groups, int64_t row, int64_t column)
      : matrix_(pointer<const float>(matrix)),
        features_(features),
        depth_(depth),
        row_(row),
        column_(column),
        panels_((features + kPanel - 1) / kPanel) {
    if (n <= kFewRows) return;
    packed_ = new_tensor({groups * panels_, depth, kPanel}, kFloat32);
    parallel_for(0, groups * panels_, 2, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) pack(i / panels_ * features_, i % panels_ * kPanel, panel(i));
    });
  }
  float* panel(int64_t i) const { return pointer<float>(packed_) + i * depth_ * kPanel; }
  void pack(int64_t group, int64_t feature, float* to) const {
    const int64_t n = std::min(kPanel, features_ - feature);
    const float* b = matrix_ + (group + feature) * column_;
    if (row_ == 1) return transpose_f32(to, kPanel, b, column_, n, depth_);
    for (int64_t p = 0; p < depth_; ++p) std::copy_n(b + p * row_, n, to + p * kPanel);
  }

  Tensor packed_;  // undefined: as the weights lie
  const float* matrix_ = nullptr;
  int64_t features_ = 0, depth_ = 0, row_ = 0, column_ = 0, panels_ = 0;
};

/// Rows of a matrix of floats `width` wide, from one of its elements on.
struct Rows {
  float* first = nullptr;
  int64_t width = 0;
  float* operator[](int64_t i) const { return first + i * width; }
};
Rows rows_of(const Tensor& t, int64_t row, int64_t column) { return {pointer<float>(t) + row * t.size(1) + column, t.size(1)}; }

/// Rows of states before a step: those of samples that have had one come from `after`, the others' from `first`. Both are rows of all samples: i is a sample.
struct Before {
  Rows after, first;
  int64_t going;  // how many samples have had one
  Before(const Layer& l, int64_t k, const Tensor& all, const Tensor& begin, int64_t column)
      : after(k ? rows_of(all, l.row(k - 1, all), column) : Rows{}), first(rows_of(begin, 0, column)), going(std::min(l.size(k), l.size(k - 1))) {}
  const float* operator[](int64_t i) const { return i < going ? after[i] : first[i]; }
  /// Calls f(first row, samples) for those of either kind.
  template <class F>
  void for_rows(Range rows, F&& f) const {
    const Range old = rows.up_to(going), fresh = rows.beyond(going);
    if (old.count()) f(after[old.from], old);
    if (fresh.count()) f(first[fresh.from], fresh);
  }
};

void lstm_steps(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& weight, const Tensor& projection, const Tensor& h_before,
                const Tensor& c_before, const Shape& batch_sizes, bool reverse) {
  const Layer l(h_before, weight, 4, out, batch_sizes, reverse);
  const bool projects = projection.defined();
  const StepMatrix w = StepMatrix::turned(l, weight, 4), w_hr = projects ? StepMatrix::turned(l, projection, 1) : StepMatrix();
  const Tensor hidden = projects ? new_tensor({l.n, l.h}, kFloat32) : out;  // of one step, where it is projected
  const auto& loops = recurrent_loops<float>();
  const int64_t each = projects ? 2 : 1;
  const auto phase = [&](int64_t i) { return Phase{l.size(i / each), i % each ? l.in : l.h}; };
  for_phases(l, (4 * l.h + (projects ? l.h : 0)) * l.in, l.steps * each, phase, [&](int64_t i, Range rows, Range features) {
    const int64_t k = i / each, count = features.count();
    if (i % each) {
      const Rows to = rows_of(out, l.row(k), features.from);
      return w_hr.multiply(0, features, rows_of(hidden, rows.from, 0)[0], to[rows.from], to.width, rows.count(), 0);
    }
    const Rows gate = rows_of(gates, l.row(k), features.from), to = rows_of(hidden, projects ? 0 : l.row(k), features.from);
    Before(l, k, out, h_before, 0).for_rows(rows, [&](const float* h, Range some) {
      for (int64_t g = 0; g < 4; ++g) w.multiply(g, features, h, gate[some.from] + g * l.h, gate.width, some.count(), 1);
    });
    const Rows state = rows_of(c, l.row(k, c), features.from), seen = rows_of(tanh_c, l.row(k, tanh_c), features.from);
    const Before before(l, k, c, c_before, features.from);
    for (int64_t r = rows.from; r < rows.to; ++r) loops.lstm(gate[r], state[r], seen[r], to[r], before[r], l.h, count);
  });
}

void gru_steps(Tensor& gates, Tensor& from_h, Tensor& out, const Tensor& weight, const Tensor& bias, const Tensor& h_before, const Shape& batch_sizes,
               bool reverse) {
  const Layer l(h_before, weight, 3, out, batch_sizes, reverse);
  const StepMatrix w = StepMatrix::turned(l, weight, 3);
  const auto& loops = recurrent_loops<float>();
  for_phases(
      l, 3 * l.h * l.h, l.steps,
      [&](int64_t k) {
        return Phase{l.size(k), l.h};
      },
      [&](int64_t k, Range rows, Range features) {
        const Rows part = rows_of(from_h, l.row(k, from_h), features.from);
        const Rows gate = rows_of(gates, l.row(k), features.from), to = rows_of(out, l.row(k), features.from);
        if (bias.defined())
          for (int64_t r = rows.from; r < rows.to; ++r)
            for (int64_t g = 0; g < 3; ++g) std::copy_n(pointer<const float>(bias) + g * l.h + features.from, features.count(), part[r] + g * l.h);
        Before(l, k, out, h_before, 0).for_rows(rows, [&](const float* h, Range some) {
          for (int64_t g = 0; g < 3; ++g)
            w.multiply(g, features, h, part[some.from] + g * l.h, part.width, some.count(), bias.defined() ? 1.0f : 0.0f);
        });
        const Before h(l, k, out, h_before, features.from);
        for (int64_t r = rows.from; r < rows.to; ++r) loops.gru(gate[r], to[r], gate[r], part[r], h[r], l.h, features.count());
      });
}

void rnn_steps(Tensor& out, const Tensor& weight, const Tensor& h_before, bool relu, const Shape& batch_sizes, bool reverse) {
  const Layer l(h_before, weight, 1, out, batch_sizes, reverse);
  const StepMatrix w = StepMatrix::turned(l, weight, 1);
  const auto& loops = recurrent_loops<float>();
  for_phases(
      l, l.h * l.h, l.steps,
      [&](int64_t k) {
        return Phase{l.size(k), l.h};
      },
      [&](int64_t k, Range rows, Range features) {
        const Rows to = rows_of(out, l.row(k), features.from);
        Before(l, k, out, h_before, 0).for_rows(rows, [&](const float* h, Range some) {
          w.multiply(0, features, h, to[some.from], to.width, some.count(), 1);
        });
        for (int64_t r = rows.from; r < rows.to; ++r) loops.rnn(to[r], relu, features.count());
      });
}

/// Gradients of states on their way from step to step, in the rows of grad_before, which begins as those of the last ones.
struct Arriving {
  const Layer& l;
  const StepMatrix w;
  const Tensor &grad_from_h, &grad_before, &grad_out;
  bool leaves_part;  // what a step before left in grad_before is a part of it

  Arriving(const Layer& layer, const Tensor& weight, const Tensor& from_h, Tensor& before, const Tensor& out, const Tensor& last, bool leaves)
      : l(layer), w(StepMatrix::as_it_is(l, weight)), grad_from_h(from_h), grad_before(before), grad_out(out), leaves_part(leaves) {
    copy_kernel(kCPU, before, last);
  }
  /// The samples that the k-th step gave to: to the step after it, or as their last states.
  Phase phase(int64_t k) const { return {std::max(l.size(k), l.size(k + 1)), l.in}; }
  /// The gradient of what the k-th step gave, made in its place; with k = -1 that of the states before.
  Rows of(int64_t k, Range rows, Range features) const {
    const Rows grad = rows_of(grad_before, 0, features.from);
    const int64_t going = l.size(k + 1), count = features.count();
    if (grad_out.defined() && k >= 0) {
      const Rows seen = rows_of(grad_out, l.row(k), features.from);
      for (int64_t r = rows.from; r < std::min(rows.to, l.size(k)); ++r) {
        if (leaves_part || r >= going) recurrent_loops<float>().add(grad[r], seen[r], count);
        else std::copy_n(seen[r], count, grad[r]);
      }
    }
    const auto add_product = [&](Range some, float beta) {
      if (some.count() <= 0) return;
      w.multiply(0, features, rows_of(grad_from_h, l.row(k + 1) + some.from, 0)[0], grad[some.from], grad.width, some.count(), beta);
    };
    const Range gone_on = rows.up_to(going);
    const int64_t copied = grad_out.defined() ? l.size(k) : 0;  // of those that go on, how many have been written
    add_product(leaves_part ? gone_on : gone_on.up_to(copied), 1);
    if (!leaves_part) add_product(gone_on.beyond(copied), 0);
    return grad;
  }
};

/// Steps backward: f(k, rows, features, grad) with the gradient of what the k-th step gives, k = steps - 1 .. 0; it puts those of its gates where `arriving` finds them.
template <class F>
void for_steps_backward(const Arriving& arriving, F&& f) {
  const Layer& l = arriving.l;
  const auto step = [&](int64_t back) { return l.steps - 1 - back; };
  for_phases(
      l, l.gates * l.h * l.in, l.steps + 1, [&](int64_t back) { return arriving.phase(step(back)); },
      [&](int64_t back, Range rows, Range features) {
        const int64_t k = step(back);
        const Rows grad = arriving.of(k, rows, features);
        if (rows.up_to(l.size(k)).count()) f(k, rows.up_to(l.size(k)), features, grad);
      });
}

void lstm_steps_backward(Tensor& grad_gates, Tensor& grad_projected, Tensor& grad_h_before, Tensor& grad_c_before, const Tensor& grad_out,
                         const Tensor& grad_h, const Tensor& grad_c, const Tensor& gates, const Tensor& c, const Tensor& tanh_c, const Tensor& weight,
                         const Tensor& projection, const Tensor& c_before, const Shape& batch_sizes, bool reverse) {
  const Layer l(c_before, weight, 4, gates, batch_sizes, reverse);
  const auto& loops = recurrent_loops<float>();
  copy_kernel(kCPU, grad_c_before, grad_c);
  const Arriving arriving(l, weight, grad_gates, grad_h_before, grad_out, grad_h, false);
  const auto gates_of = [&](int64_t k, Range rows, Range features, Rows grad) {
    const auto at = [&](const Tensor& t, int64_t row) { return rows_of(t, row, features.from); };
    const Rows of_gates = at(grad_gates, l.row(k)), of_c = at(grad_c_before, 0), gate = at(gates, l.row(k)), seen = at(tanh_c, l.row(k));
    const Before before(l, k, c, c_before, features.from);
    for (int64_t r = rows.from; r < rows.to; ++r)
      loops.lstm_backward(of_gates[r], of_c[r], grad[r], of_c[r], gate[r], before[r], seen[r], l.h, features.count());
  };
  if (!projection.defined()) return for_steps_backward(arriving, gates_of);

  // Two phases a step: what arrives at the projection, and what that is at o tanh_c.
  const StepMatrix w_hr = StepMatrix::as_it_is(l, projection);
  const Tensor hidden = new_tensor({l.n, l.h}, kFloat32);
  const auto step = [&](int64_t i) { return l.steps - 1 - i / 2; };
  const auto phase = [&](int64_t i) { return i % 2 ? Phase{l.size(step(i)), l.h} : arriving.phase(step(i)); };
  for_phases(l, 5 * l.h * l.in, 2 * l.steps + 1, phase, [&](int64_t i, Range rows, Range features) {
    const int64_t k = step(i);
    if (i % 2) {
      const Rows grad = rows_of(hidden, 0, features.from);
      w_hr.multiply(0, features, rows_of(grad_projected, l.row(k) + rows.from, 0)[0], grad[rows.from], grad.width, rows.count(), 0);
      return gates_of(k, rows, features, grad);
    }
    const Rows grad = arriving.of(k, rows, features);
    if (k < 0) return;
    const Rows to = rows_of(grad_projected, l.row(k), features.from);
    for (int64_t r = rows.from; r < std::min(rows.to, l.size(k)); ++r) std::copy_n(grad[r], features.count(), to[r]);
  });
}

void gru_steps_backward(Tensor& grad_x, Tensor& grad_from_h, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& gates,
                        const Tensor& from_h, const Tensor& out, const Tensor& weight, const Tensor& h_before, const Shape& batch_sizes,
                        bool reverse) {
  const Layer l(h_before, weight, 3, gates, batch_sizes, reverse);
  const auto& loops = recurrent_loops<float>();
  for_steps_backward(Arriving(l, weight, grad_from_h, grad_h_before, grad_out, grad_h, true), [&](int64_t k, Range rows, Range features, Rows grad) {
    const auto at = [&](const Tensor& t) { return rows_of(t, l.row(k), features.from); };
    const Rows of_x = at(grad_x), of_h = at(grad_from_h), gate = at(gates), part = at(from_h);
    const Before before(l, k, out, h_before, features.from);
    for (int64_t r = rows.from; r < rows.to; ++r)
      loops.gru_backward(of_x[r], of_h[r], grad[r], grad[r], gate[r], part[r], before[r], l.h, features.count());
  });
}

void rnn_steps_backward(Tensor& grad_x, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& out, const Tensor& weight,
                        bool relu, const Shape& batch_sizes, bool reverse) {
  const Layer l(grad_h, weight, 1, out, batch_sizes, reverse);
  const auto& loops = recurrent_loops<float>();
  for_steps_backward(Arriving(l, weight, grad_x, grad_h_before, grad_out, grad_h, false), [&](int64_t k, Range rows, Range features, Rows grad) {
    const Rows of_x = rows_of(grad_x, l.row(k), features.from), y = rows_of(out, l.row(k), features.from);
    for (int64_t r = rows.from; r < rows.to; ++r) loops.rnn_backward(of_x[r], grad[r], y[r], relu, features.count());
  });
}

// Halves: what comes in is widened once for all steps, and the results are rounded once.
template <class T>
struct Widened {
  T value;
  explicit Widened(T v, bool) : value(v) {}
  T get() { return value; }
  void commit() {}
};
template <>
struct Widened<const Tensor&> {
  Tensor wide;
  Widened(const Tensor& t, bool) : wide(t.defined() ? dense(t, kFloat32) : t) {}
  const Tensor& get() { return wide; }
  void commit() {}
};
template <>
struct Widened<Tensor&> {
  Tensor &narrow, wide;
  Widened(Tensor& t, bool read) : narrow(t), wide(!t.defined() ? t : read ? dense(t, kFloat32) : new_tensor(t.sizes(), kFloat32)) {}
  Tensor& get() { return wide; }
  void commit() {
    if (narrow.defined()) copy_kernel(kCPU, narrow, wide);
  }
};

/// `f` for float32, and by way of it for halves. `kReadsFirst`: the first argument is read, too.
template <bool kReadsFirst, auto f, class... Args>
void set_steps(Kernel<void(Args...)>& slot) {
  slot.set(DeviceType::CPU,
           [](Args... args) {
             if (std::get<0>(std::tie(args...)).dtype() == kFloat32) return f(args...);
             bool read = kReadsFirst;
             std::tuple<Widened<Args>...> wide{Widened<Args>(args, std::exchange(read, false))...};
             std::apply(
                 [](auto&... each) {
                   f(each.get()...);
                   (each.commit(), ...);
                 },
                 wide);
           },
           {kFloat32, kBFloat16, kFloat16});
}

}  // namespace

void register_recurrent_steps() {
  set_steps<true, lstm_steps>(lstm_steps_kernel);
  set_steps<false, lstm_steps_backward>(lstm_steps_backward_kernel);
  set_steps<true, gru_steps>(gru_steps_kernel);
  set_steps<false, gru_steps_backward>(gru_steps_backward_kernel);
  set_steps<true, rnn_steps>(rnn_steps_kernel);
  set_steps<false, rnn_steps_backward>(rnn_steps_backward_kernel);
}

}  // namespace lazuli::cpu
