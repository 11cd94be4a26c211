#include "lazuli/backends/cpu/optim/optimizer.h"

#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/pointwise/pointwise.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/core/threads/together.h"

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

// Runs `loop(pointers, n)` on pieces of tensors (the second, the gradient, is only read) as arrays of T: in place where that is their dtype, otherwise through chunks that are
// converted there and back.
template <class T, int kTensors, class F>
struct Pieces {
  struct Place {
    char* data = nullptr;
    DType dtype = dtype_of<T>();
  };
  Place tensors[kTensors];
  F loop;
  bool direct = true;

  Pieces(const Tensor* const (&given)[kTensors], const F& run) : loop(run) {
    for (int k = 0; k < kTensors; k++) {
      if (!given[k]->defined()) continue;
      tensors[k] = {static_cast<char*>(given[k]->address()), given[k]->dtype()};
      direct &= tensors[k].dtype == dtype_of<T>();
    }
  }

  void operator()(int64_t begin, int64_t end) const {
    T* place[kTensors];
    if (direct) {
      for (int k = 0; k < kTensors; k++) place[k] = tensors[k].data ? reinterpret_cast<T*>(tensors[k].data) + begin : nullptr;
      return loop(place, end - begin);
    }
    alignas(64) T buffer[kTensors][kChunk];
    for (; begin < end; begin += kChunk) {
      const int64_t n = std::min(kChunk, end - begin);
      const auto at = [&](const Place& t) { return t.data + begin * item_size(t.dtype); };
      for (int k = 0; k < kTensors; k++) {
        place[k] = tensors[k].data ? buffer[k] : nullptr;
        if (!place[k]) continue;
        const void* from = at(tensors[k]);
        conversion(tensors[k].dtype, dtype_of<T>())(buffer[k], &from, n, {});
      }
      loop(place, n);
      for (int k = 0; k < kTensors; k++) {
        if (k == 1 || !place[k]) continue;
        const void* from = buffer[k];
        conversion(dtype_of<T>(), tensors[k].dtype)(at(tensors[k]), &from, n, {});
      }
    }
  }
};

// At once, or with the steps of other parameters.
template <class T, int kTensors, class F>
void for_each_chunk(const Tensor* const (&tensors)[kTensors], const F& loop) {
  const int64_t n = tensors[0]->numel();
  Pieces<T, kTensors, F> pieces(tensors, loop);
  Together* together = Together::open();
  if (!together) return parallel_for(0, n, int64_t(Cost::Cheap), pieces);
  // The gradient may be a copy that nobody else keeps.
  together->add(n, int64_t(Cost::Cheap), [pieces = pieces, grad = tensors[1]->storage()](int64_t begin, int64_t end) { pieces(begin, end); });
}

void sgd(Tensor& parameter, const Tensor& grad, Tensor& momentum_buffer, const SgdOptions& options) {
  const Tensor* const tensors[] = {&parameter, &grad, &momentum_buffer};
  if (!parameter.is_floating_point()) refuse_dtype("sgd", parameter.dtype());
  if (parameter.dtype() == kFloat64)
    return for_each_chunk<double>(tensors, [=](double** p, int64_t n) { all_loops().f64.sgd(p[0], p[1], p[2], n, options); });
  for_each_chunk<float>(tensors, [=](float** p, int64_t n) { all_loops().f32.sgd(p[0], p[1], p[2], n, options); });
}

void adam(Tensor& parameter, const Tensor& grad, Tensor& average, Tensor& average_square, Tensor& max_square, const AdamOptions& options) {
  const Tensor* const tensors[] = {&parameter, &grad, &average, &average_square, &max_square};
  if (!parameter.is_floating_point()) refuse_dtype("adam", parameter.dtype());
  if (parameter.dtype() == kFloat64)
    return for_each_chunk<double>(tensors, [=](double** p, int64_t n) { all_loops().f64.adam(p[0], p[1], p[2], p[3], p[4], n, options); });
  for_each_chunk<float>(tensors, [=](float** p, int64_t n) { all_loops().f32.adam(p[0], p[1], p[2], p[3], p[4], n, options); });
}

void step(StepRule rule, Tensor& parameter, const Tensor& grad, Tensor& first, Tensor& second, Tensor& third, const StepOptions& options) {
  const Tensor* const tensors[] = {&parameter, &grad, &first, &second, &third};
  if (!parameter.is_floating_point()) refuse_dtype("optimizer_step", parameter.dtype());
  const auto narrow = all_loops().f32.step[int(rule)];
  const auto wide = all_loops().f64.step[int(rule)];
  if (parameter.dtype() == kFloat64)
    return for_each_chunk<double>(tensors, [=](double** p, int64_t n) { wide(p[0], p[1], p[2], p[3], p[4], n, options); });
  for_each_chunk<float>(tensors, [=](float** p, int64_t n) { narrow(p[0], p[1], p[2], p[3], p[4], n, options); });
}

}  // namespace

void register_optimizer() {
  sgd_kernel.set(DeviceType::CPU, &sgd);
  adam_kernel.set(DeviceType::CPU, &adam);
  optimizer_step_kernel.set(DeviceType::CPU, &step);
}

}  // namespace lazuli::cpu
