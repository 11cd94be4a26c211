#pragma once
#include <cstdint>

/// Loops of a step's gates over `count` features of one sample; core/slots/recurrent_slots.h has the formulas. Gates lie h elements from each other. T: float or double.
namespace lazuli::cpu {

template <class T>
struct RecurrentLoops {
  void (*lstm)(T* gates, T* c, T* tanh_c, T* out, const T* before, int64_t h, int64_t count);
  void (*lstm_backward)(T* grad_gates, T* grad_before, const T* grad_out, const T* grad_c, const T* gates, const T* before, const T* tanh_c,
                        int64_t h, int64_t count);
  void (*gru)(T* gates, T* out, const T* from_x, const T* from_h, const T* before, int64_t h, int64_t count);
  void (*gru_backward)(T* grad_x, T* grad_h, T* grad_before, const T* grad, const T* gates, const T* from_h, const T* before, int64_t h,
                       int64_t count);
  void (*rnn)(T* out, bool relu, int64_t count);  // of what it finds there
  void (*rnn_backward)(T* grad_in, const T* grad, const T* out, bool relu, int64_t count);
  void (*add)(T* to, const T* from, int64_t count);
};
template <class T>
const RecurrentLoops<T>& recurrent_loops();

void register_recurrent_steps();  // recurrent_steps.cpp: all steps of a layer

}  // namespace lazuli::cpu
