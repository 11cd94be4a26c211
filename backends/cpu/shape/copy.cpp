#include "lazuli/backends/cpu/shape/copy.h"

#include <algorithm>
#include <cstring>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kCopyGrain = 131072;  // bytes

void copy(Tensor& out, const Tensor& in) {
  const DType from = in.dtype(), to = out.dtype();
  if (from == to && out.is_contiguous() && in.is_contiguous()) {
    char* o = static_cast<char*>(out.address());
    const char* i = static_cast<const char*>(in.address());
    if (o == i) return;
    return parallel_for(0, out.nbytes(), kCopyGrain, [=](int64_t begin, int64_t end) { std::memcpy(o + begin, i + begin, size_t(end - begin)); });
  }
  if (out.numel() == 0) return;
  if (from == to) {
    const Tensor* inputs[] = {&in};
    const PointwisePlan plan(out, inputs, 1);
    if (!copy_transposed(plan)) copy_strided(plan);
    return;
  }
  pointwise({conversion(from, to), {from}, to, Cost::Cheap}, out, Params(), in);
}

template <class T>
void fill_as(Tensor& out, const Scalar& value) {
  const T v = value.to<T>();
  T* o = static_cast<T*>(out.address());
  unsigned char bytes[sizeof(T)];
  std::memcpy(bytes, &v, sizeof(T));
  const bool alike = std::all_of(bytes, bytes + sizeof(T), [&](unsigned char b) { return b == bytes[0]; });  // zeros above all
  parallel_for(0, out.numel(), kCopyGrain / int64_t(sizeof(T)), [=, byte = bytes[0]](int64_t begin, int64_t end) {
    if (alike) {
      std::memset(static_cast<void*>(o + begin), byte, size_t(end - begin) * sizeof(T));
    } else {
#pragma omp simd
      for (int64_t i = begin; i < end; i++) o[i] = v;
    }
  });
}

void fill(Tensor& out, const Scalar& value) {
  if (out.numel() == 0) return;
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    if (out.is_contiguous()) return fill_as<T>(out, value);
    const T v = value.to<T>();
    const PointwisePlan plan(out, nullptr, 0);
    const PlannedOperand& o = plan.operand[0];
    parallel_for(0, plan.numel, kCopyGrain / int64_t(sizeof(T)), [&](int64_t begin, int64_t end) {
      PlanCursor at(plan, begin);
      for (int64_t position = begin; position < end;) {
        const int64_t n = std::min(end - position, plan.size[0] - at.index[0]);
        char* to = o.data + at.offset[0] + at.index[0] * o.stride[0];
        for (int64_t i = 0; i < n; i++) *reinterpret_cast<T*>(to + i * o.stride[0]) = v;
        position += n;
        at.advance(n);
      }
    });
  });
}

void arange(Tensor& out, const Scalar& start, const Scalar& step) {
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* o = static_cast<T*>(out.address());
    parallel_for(0, out.numel(), int64_t(Cost::Math), [=](int64_t begin, int64_t end) {
      if constexpr (std::is_integral_v<T>) {
        const int64_t first = start.to<int64_t>(), by = step.to<int64_t>();
        for (int64_t i = begin; i < end; i++) o[i] = T(first + i * by);
      } else {
        const double first = start.to<double>(), by = step.to<double>();
        for (int64_t i = begin; i < end; i++) o[i] = Scalar(first + double(i) * by).template to<T>();
      }
    });
  });
}

void triangle(Tensor& out, const Tensor& in, int64_t diagonal, bool upper) {
  const int64_t rank = out.dim(), rows = out.sizes()[rank - 2], columns = out.sizes()[rank - 1], item = out.item_size();
  if (!out.is_same(in)) copy(out, in);
  if (out.numel() == 0) return;
  const int64_t row_stride = out.strides()[rank - 2] * item, column_stride = out.strides()[rank - 1] * item;
  const int64_t all_rows = out.numel() / columns;
  char* data = static_cast<char*>(out.address());
  const Shape &sizes = out.sizes(), &strides = out.strides();
  parallel_for(0, all_rows, std::max<int64_t>(1, kCopyGrain / (columns * item)), [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; k++) {
      const int64_t row = k % rows;
      char* to = data + row * row_stride;
      int64_t rest = k / rows;
      for (int64_t d = rank - 3; d >= 0; d--) {
        to += rest % sizes[d] * strides[d] * item;
        rest /= sizes[d];
      }
      // kept: lower up to column row + diagonal, upper from there
      const int64_t bound = upper ? row + diagonal : row + diagonal + 1;
      const int64_t edge = std::clamp<int64_t>(bound, 0, columns);
      const int64_t from = upper ? 0 : edge, until = upper ? edge : columns;
      if (column_stride == item) {
        std::memset(to + from * item, 0, size_t((until - from) * item));
      } else {
        for (int64_t c = from; c < until; c++) std::memset(to + c * column_stride, 0, size_t(item));
      }
    }
  });
}

}  // namespace

void register_copy() {
  copy_kernel.set(DeviceType::CPU, &copy);
  fill_kernel.set(DeviceType::CPU, &fill);
  arange_kernel.set(DeviceType::CPU, &arange);
  triangle_kernel.set(DeviceType::CPU, &triangle);
}

}  // namespace lazuli::cpu
