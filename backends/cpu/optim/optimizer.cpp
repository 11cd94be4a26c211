#include "lazuli/backends/cpu/optim/optimizer.h"

#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/pointwise/pointwise.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kChunk = 512;

struct AllLoops {
  OptimizerLoops<float> f32;
  OptimizerLoops<double> f64;
  AllLoops() { fill_optimizer_loops(f32, f64); }
};
const AllLoops& all_loops() {
  static const AllLoops loops;
  return loops;
}

// Runs `loop(pointers, n)` on the elements of tensors (the second, the gradient, is only read) as arrays of T: in place where that is their dtype,
// otherwise through chunks that are converted there and back.
template <class T, int kTensors, class F>
void for_each_chunk(const Tensor* const (&tensors)[kTensors], F&& loop) {
  bool direct = true;
  for (const Tensor* t : tensors) direct &= !t->defined() || t->dtype() == dtype_of<T>();
  parallel_for(0, tensors[0]->numel(), int64_t(Cost::Cheap), [&](int64_t begin, int64_t end) {
    T* place[kTensors];
    if (direct) {
      for (int k = 0; k < kTensors; k++) place[k] = tensors[k]->defined() ? static_cast<T*>(tensors[k]->data()) + begin : nullptr;
      return loop(place, end - begin);
    }
    alignas(64) T buffer[kTensors][kChunk];
    for (; begin < end; begin += kChunk) {
      const int64_t n = std::min(kChunk, end - begin);
      for (int k = 0; k < kTensors; k++) {
        place[k] = tensors[k]->defined() ? buffer[k] : nullptr;
        if (!place[k]) continue;
        const void* from = static_cast<const char*>(tensors[k]->data()) + begin * tensors[k]->item_size();
        conversion(tensors[k]->dtype(), dtype_of<T>())(buffer[k], &from, n, {});
      }
      loop(place, n);
      for (int k = 0; k < kTensors; k++) {
        if (k == 1 || !place[k]) continue;
        const void* from = buffer[k];
        conversion(dtype_of<T>(), tensors[k]->dtype())(static_cast<char*>(tensors[k]->data()) + begin * tensors[k]->item_size(), &from, n, {});
      }
    }
  });
}

void sgd(Tensor& parameter, const Tensor& grad, Tensor& momentum_buffer, const SgdOptions& options) {
  const Tensor* const tensors[] = {&parameter, &grad, &momentum_buffer};
  if (!parameter.is_floating_point()) refuse_dtype("sgd", parameter.dtype());
  if (parameter.dtype() == kFloat64)
    return for_each_chunk<double>(tensors, [&](double** p, int64_t n) { all_loops().f64.sgd(p[0], p[1], p[2], n, options); });
  for_each_chunk<float>(tensors, [&](float** p, int64_t n) { all_loops().f32.sgd(p[0], p[1], p[2], n, options); });
}

void adam(Tensor& parameter, const Tensor& grad, Tensor& average, Tensor& average_square, Tensor& max_square, const AdamOptions& options) {
  const Tensor* const tensors[] = {&parameter, &grad, &average, &average_square, &max_square};
  if (!parameter.is_floating_point()) refuse_dtype("adam", parameter.dtype());
  if (parameter.dtype() == kFloat64)
    return for_each_chunk<double>(tensors, [&](double** p, int64_t n) { all_loops().f64.adam(p[0], p[1], p[2], p[3], p[4], n, options); });
  for_each_chunk<float>(tensors, [&](float** p, int64_t n) { all_loops().f32.adam(p[0], p[1], p[2], p[3], p[4], n, options); });
}

void step(StepRule rule, Tensor& parameter, const Tensor& grad, Tensor& first, Tensor& second, Tensor& third, const StepOptions& options) {
  const Tensor* const tensors[] = {&parameter, &grad, &first, &second, &third};
  if (!parameter.is_floating_point()) refuse_dtype("optimizer_step", parameter.dtype());
  const auto narrow = all_loops().f32.step[int(rule)];
  const auto wide = all_loops().f64.step[int(rule)];
  if (parameter.dtype() == kFloat64)
    return for_each_chunk<double>(tensors, [&](double** p, int64_t n) { wide(p[0], p[1], p[2], p[3], p[4], n, options); });
  for_each_chunk<float>(tensors, [&](float** p, int64_t n) { narrow(p[0], p[1], p[2], p[3], p[4], n, options); });
}

}  // namespace

void register_optimizer() {
  sgd_kernel.set(DeviceType::CPU, &sgd);
  adam_kernel.set(DeviceType::CPU, &adam);
  optimizer_step_kernel.set(DeviceType::CPU, &step);
}

}  // namespace lazuli::cpu
