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

namespace {

/// The order of a layer's steps, and the rows of one of them in a matrix that has those of all, or of one.
struct Order {
  int64_t n, steps;
  bool reverse;

  Order(const Tensor& state, const Tensor& all, bool turned) : n(state.size(0)), steps(all.size(0) / n), reverse(turned) {}
  Tensor rows(const Tensor& of, int64_t k) const { return of.size(0) == n ? of : narrowed(of, 0, (reverse ? steps - 1 - k : k) * n, n); }
};
Tensor turned(const Tensor& weight) {
  return alias(weight, {weight.size(1), weight.size(0)}, {weight.stride(1), weight.stride(0)}, weight.storage_offset());
}
void add_product(Tensor& to, const Tensor& a, const Tensor& b) { matmul_kernel(to.device(), to, a, b, Tensor(), 1, 1); }

/// The gradient of what the k-th step gives, in a tensor of its own. `state`: what the state after it got, but from the output.
Tensor arriving(const Order& order, int64_t k, const Tensor& state, const Tensor& grad_out) {
  return grad_out.defined() ? plus(state, order.rows(grad_out, k)) : state;
}

}  // namespace

void lstm_steps(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& weight, const Tensor& h_before, const Tensor& c_before,
                bool reverse) {
  const Order order(h_before, out, reverse);
  const bool keeps_all = c.size(0) == out.size(0);
  Tensor h = h_before, state = c_before;
  for (int64_t k = 0; k < order.steps; ++k) {
    Tensor gate = order.rows(gates, k), seen = order.rows(tanh_c, k), to = order.rows(out, k);
    Tensor next = keeps_all ? order.rows(c, k) : new_tensor(c.sizes(), c.dtype(), c.device());
    add_product(gate, h, turned(weight));
    lstm_gates_kernel(gate.device(), gate, next, seen, to, state);
    h = to, state = next;
  }
  if (!keeps_all) write(c, state);
}

void lstm_steps_backward(Tensor& grad_gates, Tensor& grad_h_before, Tensor& grad_c_before, const Tensor& grad_out, const Tensor& grad_h,
                         const Tensor& grad_c, const Tensor& gates, const Tensor& c, const Tensor& tanh_c, const Tensor& weight,
                         const Tensor& c_before, bool reverse) {
  const Order order(c_before, gates, reverse);
  Tensor of_h = grad_h, of_c = grad_c;
  for (int64_t k = order.steps; k-- > 0;) {
    Tensor of_gates = order.rows(grad_gates, k), before = new_tensor(of_c.sizes(), of_c.dtype(), of_c.device());
    lstm_gates_backward_kernel(of_gates.device(), of_gates, before, arriving(order, k, of_h, grad_out), of_c, order.rows(gates, k),
                               k ? order.rows(c, k - 1) : c_before, order.rows(tanh_c, k));
    of_c = before;
    of_h = new_tensor(grad_h.sizes(), grad_h.dtype(), grad_h.device());
    matmul_kernel(of_h.device(), of_h, of_gates, weight, Tensor(), 0, 1);
  }
  write(grad_h_before, of_h);
  write(grad_c_before, of_c);
}

void gru_steps(Tensor& gates, Tensor& from_h, Tensor& out, const Tensor& weight, const Tensor& bias, const Tensor& h_before, bool reverse) {
  const Order order(h_before, out, reverse);
  Tensor h = h_before;
  for (int64_t k = 0; k < order.steps; ++k) {
    Tensor gate = order.rows(gates, k), part = order.rows(from_h, k), to = order.rows(out, k);
    matmul_kernel(part.device(), part, h, turned(weight), bias, 0, 1);
    gru_gates_kernel(to.device(), gate, to, gate, part, h);
    h = to;
  }
}

void gru_steps_backward(Tensor& grad_x, Tensor& grad_from_h, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& gates,
                        const Tensor& from_h, const Tensor& out, const Tensor& weight, const Tensor& h_before, bool reverse) {
  const Order order(h_before, gates, reverse);
  Tensor of_h = grad_h;
  for (int64_t k = order.steps; k-- > 0;) {
    Tensor of_x = order.rows(grad_x, k), of_part = order.rows(grad_from_h, k), before = new_tensor(grad_h.sizes(), grad_h.dtype(), grad_h.device());
    gru_gates_backward_kernel(of_x.device(), of_x, of_part, before, arriving(order, k, of_h, grad_out), order.rows(gates, k), order.rows(from_h, k),
                              k ? order.rows(out, k - 1) : h_before);
    add_product(before, of_part, weight);
    of_h = before;
  }
  write(grad_h_before, of_h);
}

void rnn_steps(Tensor& out, const Tensor& weight, const Tensor& h_before, bool relu, bool reverse) {
  const Order order(h_before, out, reverse);
  Tensor h = h_before;
  for (int64_t k = 0; k < order.steps; ++k) {
    Tensor to = order.rows(out, k);
    add_product(to, h, turned(weight));
    unary_kernel(to.device(), relu ? UnaryOp::Relu : UnaryOp::Tanh, to, to, {});
    h = to;
  }
}

void rnn_steps_backward(Tensor& grad_x, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& out, const Tensor& weight,
                        bool relu, bool reverse) {
  const Order order(grad_h, out, reverse);
  Tensor of_h = grad_h;
  for (int64_t k = order.steps; k-- > 0;) {
    Tensor of_x = order.rows(grad_x, k);
    binary_kernel(of_x.device(), relu ? BinaryOp::ReluGrad : BinaryOp::TanhGrad, of_x, arriving(order, k, of_h, grad_out), order.rows(out, k), {});
    of_h = new_tensor(grad_h.sizes(), grad_h.dtype(), grad_h.device());
    matmul_kernel(of_h.device(), of_h, of_x, weight, Tensor(), 0, 1);
  }
  write(grad_h_before, of_h);
}

void register_recurrent() {
  lstm_gates_kernel.set_composite(lstm_gates);
  lstm_gates_backward_kernel.set_composite(lstm_gates_backward);
  gru_gates_kernel.set_composite(gru_gates);
  gru_gates_backward_kernel.set_composite(gru_gates_backward);
  lstm_steps_kernel.set_composite(lstm_steps);
  lstm_steps_backward_kernel.set_composite(lstm_steps_backward);
  gru_steps_kernel.set_composite(gru_steps);
  gru_steps_backward_kernel.set_composite(gru_steps_backward);
  rnn_steps_kernel.set_composite(rnn_steps);
  rnn_steps_backward_kernel.set_composite(rnn_steps_backward);
}

}  // namespace lazuli::composites
