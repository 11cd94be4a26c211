#include "lazuli/backends/cpu/network/recurrent.h"

#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

/// Calls f(loops, sample, h) with the loops of the dtype, in parallel over samples.
template <class F>
void for_samples(const Tensor& state, F&& f) {
  const int64_t n = state.size(0), h = state.size(1), grain = std::max<int64_t>(1, 2048 / std::max<int64_t>(h, 1));
  const auto run = [&](const auto& loops) {
    parallel_for(0, n, grain, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) f(loops, i, h);
    });
  };
  if (state.dtype() == kFloat64) run(recurrent_loops<double>());
  else run(recurrent_loops<float>());
}

/// The rows of a contiguous tensor, h elements a sample and gate, as elements of the loops' type.
template <class T>
T* row(const RecurrentLoops<T>&, Tensor& t, int64_t sample, int64_t count) {
  return static_cast<T*>(t.address()) + sample * count;
}
template <class T>
const T* row(const RecurrentLoops<T>&, const Tensor& t, int64_t sample, int64_t count) {
  return static_cast<const T*>(t.address()) + sample * count;
}

void lstm_gates(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& before) {
  for_samples(before, [&](const auto& l, int64_t i, int64_t h) {
    l.lstm(row(l, gates, i, 4 * h), row(l, c, i, h), row(l, tanh_c, i, h), row(l, out, i, h), row(l, before, i, h), h, h);
  });
}
void lstm_gates_backward(Tensor& grad_gates, Tensor& grad_before, const Tensor& grad_out, const Tensor& grad_c, const Tensor& gates,
                         const Tensor& before, const Tensor& tanh_c) {
  for_samples(before, [&](const auto& l, int64_t i, int64_t h) {
    l.lstm_backward(row(l, grad_gates, i, 4 * h), row(l, grad_before, i, h), row(l, grad_out, i, h), row(l, grad_c, i, h), row(l, gates, i, 4 * h),
                    row(l, before, i, h), row(l, tanh_c, i, h), h, h);
  });
}
void gru_gates(Tensor& gates, Tensor& out, const Tensor& from_x, const Tensor& from_h, const Tensor& before) {
  for_samples(before, [&](const auto& l, int64_t i, int64_t h) {
    l.gru(row(l, gates, i, 3 * h), row(l, out, i, h), row(l, from_x, i, 3 * h), row(l, from_h, i, 3 * h), row(l, before, i, h), h, h);
  });
}
void gru_gates_backward(Tensor& grad_x, Tensor& grad_h, Tensor& grad_before, const Tensor& grad, const Tensor& gates, const Tensor& from_h,
                        const Tensor& before) {
  for_samples(before, [&](const auto& l, int64_t i, int64_t h) {
    l.gru_backward(row(l, grad_x, i, 3 * h), row(l, grad_h, i, 3 * h), row(l, grad_before, i, h), row(l, grad, i, h), row(l, gates, i, 3 * h),
                   row(l, from_h, i, 3 * h), row(l, before, i, h), h, h);
  });
}

}  // namespace

void register_recurrent() {
  register_recurrent_steps();
  const DTypeSet types{kFloat32, kFloat64};
  lstm_gates_kernel.set(DeviceType::CPU, lstm_gates, types);
  lstm_gates_backward_kernel.set(DeviceType::CPU, lstm_gates_backward, types);
  gru_gates_kernel.set(DeviceType::CPU, gru_gates, types);
  gru_gates_backward_kernel.set(DeviceType::CPU, gru_gates_backward, types);
}

}  // namespace lazuli::cpu
