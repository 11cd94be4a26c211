#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {
namespace {

Tensor gate(const Tensor& gates, int64_t i, int64_t h) { return narrowed(gates, 1, i * h, h); }
void write_gate(Tensor& gates, int64_t i, int64_t h, const Tensor& value) {
  Tensor place = gate(gates, i, h);
  write(place, value);
}
Tensor of_sigmoid(const Tensor& grad, const Tensor& y) { return apply(BinaryOp::SigmoidGrad, grad, y); }
Tensor of_tanh(const Tensor& grad, const Tensor& y) { return apply(BinaryOp::TanhGrad, grad, y); }

}  // namespace

void lstm_gates(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& before) {
  const int64_t h = before.size(1);
  const Tensor i = apply(UnaryOp::Sigmoid, gate(gates, 0, h)), f = apply(UnaryOp::Sigmoid, gate(gates, 1, h));
  const Tensor g = apply(UnaryOp::Tanh, gate(gates, 2, h)), o = apply(UnaryOp::Sigmoid, gate(gates, 3, h));
  const Tensor state = plus(times(f, before), times(i, g)), seen = apply(UnaryOp::Tanh, state);
  write_gate(gates, 0, h, i);
  write_gate(gates, 1, h, f);
  write_gate(gates, 2, h, g);
  write_gate(gates, 3, h, o);
  write(c, state);
  write(tanh_c, seen);
  write(out, times(o, seen));
}

void lstm_gates_backward(Tensor& grad_gates, Tensor& grad_before, const Tensor& grad_out, const Tensor& grad_c, const Tensor& gates,
                         const Tensor& before, const Tensor& tanh_c) {
  const int64_t h = before.size(1);
  const Tensor i = gate(gates, 0, h), f = gate(gates, 1, h), g = gate(gates, 2, h), o = gate(gates, 3, h);
  const Tensor state = plus(grad_c, of_tanh(times(grad_out, o), tanh_c));
  write_gate(grad_gates, 0, h, of_sigmoid(times(state, g), i));
  write_gate(grad_gates, 1, h, of_sigmoid(times(state, before), f));
  write_gate(grad_gates, 2, h, of_tanh(times(state, i), g));
  write_gate(grad_gates, 3, h, of_sigmoid(times(grad_out, tanh_c), o));
  write(grad_before, times(state, f));
}

void gru_gates(Tensor& gates, Tensor& out, const Tensor& from_x, const Tensor& from_h, const Tensor& before) {
  const int64_t h = before.size(1);
  const Tensor r = apply(UnaryOp::Sigmoid, plus(gate(from_x, 0, h), gate(from_h, 0, h)));
  const Tensor z = apply(UnaryOp::Sigmoid, plus(gate(from_x, 1, h), gate(from_h, 1, h)));
  const Tensor n = apply(UnaryOp::Tanh, plus(gate(from_x, 2, h), times(r, gate(from_h, 2, h))));
  write_gate(gates, 0, h, r);
  write_gate(gates, 1, h, z);
  write_gate(gates, 2, h, n);
  write(out, plus(n, times(z, minus(before, n))));
}

void gru_gates_backward(Tensor& grad_x, Tensor& grad_h, Tensor& grad_before, const Tensor& grad, const Tensor& gates, const Tensor& from_h,
                        const Tensor& before) {
  const int64_t h = before.size(1);
  const Tensor r = gate(gates, 0, h), z = gate(gates, 1, h), n = gate(gates, 2, h);
  const Tensor fresh = of_tanh(minus(grad, times(grad, z)), n), of_r = of_sigmoid(times(fresh, gate(from_h, 2, h)), r),
               of_z = of_sigmoid(times(grad, minus(before, n)), z);
  for (Tensor* both : {&grad_x, &grad_h}) {
    write_gate(*both, 0, h, of_r);
    write_gate(*both, 1, h, of_z);
  }
  write_gate(grad_x, 2, h, fresh);
  write_gate(grad_h, 2, h, times(fresh, r));
  write(grad_before, times(grad, z));
}

void register_recurrent() {
  lstm_gates_kernel.set_composite(lstm_gates);
  lstm_gates_backward_kernel.set_composite(lstm_gates_backward);
  gru_gates_kernel.set_composite(gru_gates);
  gru_gates_backward_kernel.set_composite(gru_gates_backward);
}

}  // namespace lazuli::composites
