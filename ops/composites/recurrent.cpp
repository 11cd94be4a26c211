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

/// The order of a layer's steps, and the rows of one of them in a matrix that has those of all, or of one for each sample.
class Order {
 public:
  Order(const Tensor& state, const Tensor& all, const Shape& batch_sizes, bool reverse)
      : sizes_(batch_sizes.empty() ? Shape::filled(all.size(0) / state.size(0), state.size(0)) : batch_sizes), n_(state.size(0)), reverse_(reverse) {
    int64_t row = 0;
    for (int64_t size : sizes_) first_.push_back(row), row += size;
  }
  int64_t steps() const { return sizes_.size(); }
  /// How many samples the k-th step has; none before the first and after the last.
  int64_t size(int64_t k) const { return k < 0 || k >= steps() ? 0 : sizes_[place(k)]; }
  Tensor rows(const Tensor& of, int64_t k) const { return narrowed(of, 0, of.size(0) == n_ ? 0 : first_[size_t(place(k))], size(k)); }
  /// The states before the k-th step: those after the one before it, and `first` of samples that begin with this one.
  Tensor before(int64_t k, const Tensor& after, const Tensor& first) const {
    const int64_t count = size(k), going = k == 0 ? 0 : std::min(count, size(k - 1));
    if (going == 0) return narrowed(first, 0, 0, count);
    const Tensor rows_after = rows(after, k - 1);
    if (going == count) return narrowed(rows_after, 0, 0, count);
    Tensor both = new_tensor({count, first.size(1)}, first.dtype(), first.device());
    Tensor going_on = narrowed(both, 0, 0, going), fresh = narrowed(both, 0, going, count - going);
    write(going_on, narrowed(rows_after, 0, 0, going));
    write(fresh, narrowed(first, 0, going, count - going));
    return both;
  }

 private:
  int64_t place(int64_t k) const { return reverse_ ? steps() - 1 - k : k; }
  Shape sizes_;
  int64_t n_;
  bool reverse_;
  std::vector<int64_t> first_;
};
Tensor turned(const Tensor& weight) {
  return alias(weight, {weight.size(1), weight.size(0)}, {weight.stride(1), weight.stride(0)}, weight.storage_offset());
}
void product(Tensor& to, const Tensor& a, const Tensor& b, double beta) { matmul_kernel(to.device(), to, a, b, Tensor(), beta, 1); }

/// The gradient of what the k-th step gives. `state`: what the states after it got, but from the output.
Tensor arriving(const Order& order, int64_t k, const Tensor& state, const Tensor& grad_out) {
  const Tensor of = narrowed(state, 0, 0, order.size(k));
  return grad_out.defined() ? plus(of, order.rows(grad_out, k)) : of;
}

}  // namespace

void lstm_steps(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& weight, const Tensor& projection, const Tensor& h_before,
                const Tensor& c_before, const Shape& batch_sizes, bool reverse) {
  const Order order(h_before, out, batch_sizes, reverse);
  const bool keeps_all = c.size(0) == out.size(0);
  if (!keeps_all) write(c, c_before);
  for (int64_t k = 0; k < order.steps(); ++k) {
    Tensor gate = order.rows(gates, k), seen = order.rows(tanh_c, k), to = order.rows(out, k), state = order.rows(c, k);
    product(gate, order.before(k, out, h_before), turned(weight), 1);
    Tensor hidden = projection.defined() ? new_tensor(state.sizes(), state.dtype(), state.device()) : to;
    lstm_gates_kernel(gate.device(), gate, state, seen, hidden, keeps_all ? order.before(k, c, c_before) : state);
    if (projection.defined()) product(to, hidden, turned(projection), 0);
  }
}

void lstm_steps_backward(Tensor& grad_gates, Tensor& grad_projected, Tensor& grad_h_before, Tensor& grad_c_before, const Tensor& grad_out,
                         const Tensor& grad_h, const Tensor& grad_c, const Tensor& gates, const Tensor& c, const Tensor& tanh_c, const Tensor& weight,
                         const Tensor& projection, const Tensor& c_before, const Shape& batch_sizes, bool reverse) {
  const Order order(c_before, gates, batch_sizes, reverse);
  write(grad_h_before, grad_h);
  write(grad_c_before, grad_c);
  for (int64_t k = order.steps(); k-- > 0;) {
    Tensor of_gates = order.rows(grad_gates, k), of_h = narrowed(grad_h_before, 0, 0, order.size(k)),
           of_c = narrowed(grad_c_before, 0, 0, order.size(k)), grad = arriving(order, k, of_h, grad_out);
    if (projection.defined()) {
      Tensor projected = order.rows(grad_projected, k);
      write(projected, grad);
      grad = new_tensor(of_c.sizes(), of_c.dtype(), of_c.device());
      product(grad, projected, projection, 0);
    }
    lstm_gates_backward_kernel(of_gates.device(), of_gates, of_c, grad, of_c, order.rows(gates, k), order.before(k, c, c_before),
                               order.rows(tanh_c, k));
    product(of_h, of_gates, weight, 0);
  }
}

void gru_steps(Tensor& gates, Tensor& from_h, Tensor& out, const Tensor& weight, const Tensor& bias, const Tensor& h_before, const Shape& batch_sizes,
               bool reverse) {
  const Order order(h_before, out, batch_sizes, reverse);
  for (int64_t k = 0; k < order.steps(); ++k) {
    Tensor gate = order.rows(gates, k), part = order.rows(from_h, k), to = order.rows(out, k);
    const Tensor h = order.before(k, out, h_before);
    matmul_kernel(part.device(), part, h, turned(weight), bias, 0, 1);
    gru_gates_kernel(to.device(), gate, to, gate, part, h);
  }
}

void gru_steps_backward(Tensor& grad_x, Tensor& grad_from_h, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& gates,
                        const Tensor& from_h, const Tensor& out, const Tensor& weight, const Tensor& h_before, const Shape& batch_sizes,
                        bool reverse) {
  const Order order(h_before, gates, batch_sizes, reverse);
  write(grad_h_before, grad_h);
  for (int64_t k = order.steps(); k-- > 0;) {
    Tensor of_x = order.rows(grad_x, k), of_part = order.rows(grad_from_h, k), of_h = narrowed(grad_h_before, 0, 0, order.size(k));
    gru_gates_backward_kernel(of_x.device(), of_x, of_part, of_h, arriving(order, k, of_h, grad_out), order.rows(gates, k), order.rows(from_h, k),
                              order.before(k, out, h_before));
    product(of_h, of_part, weight, 1);
  }
}

void rnn_steps(Tensor& out, const Tensor& weight, const Tensor& h_before, bool relu, const Shape& batch_sizes, bool reverse) {
  const Order order(h_before, out, batch_sizes, reverse);
  for (int64_t k = 0; k < order.steps(); ++k) {
    Tensor to = order.rows(out, k);
    product(to, order.before(k, out, h_before), turned(weight), 1);
    unary_kernel(to.device(), relu ? UnaryOp::Relu : UnaryOp::Tanh, to, to, {});
  }
}

void rnn_steps_backward(Tensor& grad_x, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& out, const Tensor& weight,
                        bool relu, const Shape& batch_sizes, bool reverse) {
  const Order order(grad_h, out, batch_sizes, reverse);
  write(grad_h_before, grad_h);
  for (int64_t k = order.steps(); k-- > 0;) {
    Tensor of_x = order.rows(grad_x, k), of_h = narrowed(grad_h_before, 0, 0, order.size(k));
    binary_kernel(of_x.device(), relu ? BinaryOp::ReluGrad : BinaryOp::TanhGrad, of_x, arriving(order, k, of_h, grad_out), order.rows(out, k), {});
    product(of_h, of_x, weight, 0);
  }
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
