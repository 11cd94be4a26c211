#pragma once
#include <cstdint>

/// Loops of a step's gates over one sample, h features each; core/slots/recurrent_slots.h has the formulas. T: float or double.
namespace lazuli::cpu {

template <class T>
struct RecurrentLoops {
  void (*lstm)(T* gates, T* c, T* tanh_c, T* out, const T* before, int64_t h);
  void (*lstm_backward)(T* grad_gates, T* grad_before, const T* grad_out, const T* grad_c, const T* gates, const T* before, const T* tanh_c,
                        int64_t h);
  void (*gru)(T* gates, T* out, const T* from_x, const T* from_h, const T* before, int64_t h);
  void (*gru_backward)(T* grad_x, T* grad_h, T* grad_before, const T* grad, const T* gates, const T* from_h, const T* before, int64_t h);
};
template <class T>
const RecurrentLoops<T>& recurrent_loops();

}  // namespace lazuli::cpu
