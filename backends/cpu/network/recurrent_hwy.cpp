// Lanes across the features; each gate is read once and its function, the state and the output are made while it is in registers.
#include "lazuli/backends/cpu/network/recurrent.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/network/recurrent_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_load-inl.h"
#include "lazuli/backends/cpu/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

/// The place j of rows of `count` features, of which the last vector may be partial.
template <class T>
struct Place {
  hn::ScalableTag<T> d;
  int64_t count, j;
  HWY_INLINE bool whole() const { return count - j >= int64_t(hn::Lanes(d)); }
  HWY_INLINE auto get(const T* row) const { return whole() ? load(d, row + j) : load_tail(d, row + j, size_t(count - j), T(0)); }
  template <class V>
  HWY_INLINE void put(V v, T* row) const {
    if (whole()) store(v, d, row + j);
    else store_tail(v, d, row + j, size_t(count - j));
  }
};
template <class T, class F>
HWY_INLINE void for_places(int64_t count, F&& f) {
  const hn::ScalableTag<T> d;
  for (int64_t j = 0; j < count; j += int64_t(hn::Lanes(d))) f(d, Place<T>{d, count, j});
}

template <class D, class V>
HWY_INLINE V of_sigmoid(D d, V grad, V y) {
  return hn::Mul(grad, hn::Mul(y, hn::Sub(hn::Set(d, 1), y)));
}
template <class D, class V>
HWY_INLINE V of_tanh(D d, V grad, V y) {
  return hn::Mul(grad, hn::NegMulAdd(y, y, hn::Set(d, 1)));
}

template <class T>
void lstm(T* gates, T* c, T* tanh_c, T* out, const T* before, int64_t h, int64_t count) {
  for_places<T>(count, [&](auto d, const Place<T>& at) HWY_ATTR {
    const auto i = vm::Sigmoid(d, at.get(gates)), f = vm::Sigmoid(d, at.get(gates + h));
    const auto g = vm::Tanh(d, at.get(gates + 2 * h)), o = vm::Sigmoid(d, at.get(gates + 3 * h));
    const auto state = hn::MulAdd(f, at.get(before), hn::Mul(i, g)), seen = vm::Tanh(d, state);
    at.put(i, gates);
    at.put(f, gates + h);
    at.put(g, gates + 2 * h);
    at.put(o, gates + 3 * h);
    at.put(state, c);
    at.put(seen, tanh_c);
    at.put(hn::Mul(o, seen), out);
  });
}

template <class T>
void lstm_backward(T* grad_gates, T* grad_before, const T* grad_out, const T* grad_c, const T* gates, const T* before, const T* tanh_c, int64_t h,
                   int64_t count) {
  for_places<T>(count, [&](auto d, const Place<T>& at) HWY_ATTR {
    const auto i = at.get(gates), f = at.get(gates + h), g = at.get(gates + 2 * h), o = at.get(gates + 3 * h);
    const auto seen = at.get(tanh_c), grad = at.get(grad_out);
    const auto state = hn::Add(at.get(grad_c), of_tanh(d, hn::Mul(grad, o), seen));
    at.put(of_sigmoid(d, hn::Mul(state, g), i), grad_gates);
    at.put(of_sigmoid(d, hn::Mul(state, at.get(before)), f), grad_gates + h);
    at.put(of_tanh(d, hn::Mul(state, i), g), grad_gates + 2 * h);
    at.put(of_sigmoid(d, hn::Mul(grad, seen), o), grad_gates + 3 * h);
    at.put(hn::Mul(state, f), grad_before);
  });
}

template <class T>
void gru(T* gates, T* out, const T* from_x, const T* from_h, const T* before, int64_t h, int64_t count) {
  for_places<T>(count, [&](auto d, const Place<T>& at) HWY_ATTR {
    const auto r = vm::Sigmoid(d, hn::Add(at.get(from_x), at.get(from_h)));
    const auto z = vm::Sigmoid(d, hn::Add(at.get(from_x + h), at.get(from_h + h)));
    const auto n = vm::Tanh(d, hn::MulAdd(r, at.get(from_h + 2 * h), at.get(from_x + 2 * h)));
    at.put(r, gates);
    at.put(z, gates + h);
    at.put(n, gates + 2 * h);
    at.put(hn::MulAdd(z, hn::Sub(at.get(before), n), n), out);
  });
}

template <class T>
void gru_backward(T* grad_x, T* grad_h, T* grad_before, const T* grad, const T* gates, const T* from_h, const T* before, int64_t h, int64_t count) {
  for_places<T>(count, [&](auto d, const Place<T>& at) HWY_ATTR {
    const auto r = at.get(gates), z = at.get(gates + h), n = at.get(gates + 2 * h), g = at.get(grad);
    const auto fresh = of_tanh(d, hn::NegMulAdd(g, z, g), n);
    const auto of_r = of_sigmoid(d, hn::Mul(fresh, at.get(from_h + 2 * h)), r), of_z = of_sigmoid(d, hn::Mul(g, hn::Sub(at.get(before), n)), z);
    at.put(of_r, grad_x);
    at.put(of_r, grad_h);
    at.put(of_z, grad_x + h);
    at.put(of_z, grad_h + h);
    at.put(fresh, grad_x + 2 * h);
    at.put(hn::Mul(fresh, r), grad_h + 2 * h);
    at.put(hn::Mul(g, z), grad_before);
  });
}

template <class T>
void rnn(T* out, bool relu, int64_t count) {
  for_places<T>(count, [&](auto d, const Place<T>& at) HWY_ATTR {
    const auto x = at.get(out), zero = hn::Zero(d);
    at.put(relu ? hn::IfThenElse(hn::Lt(x, zero), zero, x) : vm::Tanh(d, x), out);
  });
}

template <class T>
void rnn_backward(T* grad_in, const T* grad, const T* out, bool relu, int64_t count) {
  for_places<T>(count, [&](auto d, const Place<T>& at) HWY_ATTR {
    const auto g = at.get(grad), y = at.get(out);
    at.put(relu ? hn::IfThenZeroElse(hn::Le(y, hn::Zero(d)), g) : of_tanh(d, g, y), grad_in);
  });
}

template <class T>
void add(T* to, const T* from, int64_t count) {
  for_places<T>(count, [&](auto, const Place<T>& at) HWY_ATTR { at.put(hn::Add(at.get(to), at.get(from)), to); });
}

template <class T>
const void* table_of() {
  static constexpr RecurrentLoops<T> loops{lstm<T>, lstm_backward<T>, gru<T>, gru_backward<T>, rnn<T>, rnn_backward<T>, add<T>};
  return &loops;
}
const void* RecurrentTable(bool wide) { return wide ? table_of<double>() : table_of<float>(); }

}  // namespace
}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(RecurrentTable);
template <class T>
const RecurrentLoops<T>& recurrent_loops() {
  return *static_cast<const RecurrentLoops<T>*>(HWY_DYNAMIC_DISPATCH(RecurrentTable)(sizeof(T) == sizeof(double)));
}
template const RecurrentLoops<float>& recurrent_loops();
template const RecurrentLoops<double>& recurrent_loops();

}  // namespace lazuli::cpu
#endif
