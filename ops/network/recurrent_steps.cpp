#include "lazuli/ops/network/recurrent_steps.h"

#include <utility>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::recurrent {
namespace {

Tensor room(const Tensor& like, int64_t rows, int64_t columns) { return new_tensor({rows, columns}, like.dtype(), like.device()); }
Tensor dense(const Tensor& t) { return t.defined() ? contiguous(t) : t; }

/// h before each step, in the order of the rows of all steps.
Tensor states_before(const StepInputs& in, const AllSteps& done) {
  const bool lstm = in.kind == Kind::Lstm;
  const Tensor& like = lstm ? done.tanh_c : done.states;
  const int64_t n = in.first.h.size(0), h = in.first.h.size(1), rows = like.size(0), later = rows - n;
  Tensor before = room(like, rows, h);
  Tensor first = narrow(before, 0, in.reverse ? later : 0, n), others = narrow(before, 0, in.reverse ? 0 : n, later);
  copy_kernel(before.device(), first, in.first.h);
  const auto seen = [&](const Tensor& of) { return narrow(of, 0, in.reverse ? n : 0, later); };
  if (lstm) binary_kernel(before.device(), BinaryOp::Mul, others, narrow(seen(done.gates), 1, 3 * h, h), seen(done.tanh_c), {});
  else copy_kernel(before.device(), others, seen(done.states));
  return before;
}

}  // namespace

AllSteps all_steps(const StepInputs& in, Tensor from_x, bool keep) {
  const Tensor weight = contiguous(in.weight), bias = dense(in.bias), h_before = contiguous(in.first.h);
  const Device device = from_x.device();
  const int64_t n = h_before.size(0), h = h_before.size(1), all = from_x.size(0), kept = keep ? all : n;
  AllSteps done;
  Tensor gates = contiguous(from_x);
  switch (in.kind) {
    case Kind::Lstm:
      done.out = room(gates, all, h), done.c = room(gates, kept, h), done.tanh_c = room(gates, kept, h);
      lstm_steps_kernel(device, gates, done.c, done.tanh_c, done.out, weight, h_before, contiguous(in.first.c), in.reverse);
      break;
    case Kind::Gru:
      done.out = room(gates, all, h), done.from_h = room(gates, kept, 3 * h);
      gru_steps_kernel(device, gates, done.from_h, done.out, weight, bias, h_before, in.reverse);
      break;
    default: done.out = gates; rnn_steps_kernel(device, done.out, weight, h_before, in.kind == Kind::Relu, in.reverse);
  }
  const auto last = [&](const Tensor& of) { return narrow(of, 0, in.reverse ? 0 : of.size(0) - n, n).clone(); };
  done.last.h = last(done.out);
  if (done.c.defined()) done.last.c = last(done.c);
  if (!keep) return {done.out, done.last, {}, {}, {}, {}, {}};
  if (in.kind != Kind::Lstm) done.states = std::exchange(done.out, done.out.clone());
  if (in.kind == Kind::Lstm || in.kind == Kind::Gru) done.gates = gates;
  return done;
}

AllStepsGrads all_steps_backward(const StepInputs& in, const AllSteps& done, const Tensor& given_grad, const State& grad_last) {
  const Tensor weight = contiguous(in.weight), h_before = contiguous(in.first.h), grad_out = dense(given_grad), grad_h = contiguous(grad_last.h);
  const Tensor& like = done.gates.defined() ? done.gates : done.states;
  const Device device = like.device();
  AllStepsGrads of;
  of.from_x = room(like, like.size(0), like.size(1));
  of.first.h = room(like, h_before.size(0), h_before.size(1));
  Tensor from_h = of.from_x;
  switch (in.kind) {
    case Kind::Lstm:
      of.first.c = room(like, h_before.size(0), h_before.size(1));
      lstm_steps_backward_kernel(device, of.from_x, of.first.h, of.first.c, grad_out, grad_h, contiguous(grad_last.c), done.gates, done.c,
                                 done.tanh_c, weight, contiguous(in.first.c), in.reverse);
      break;
    case Kind::Gru:
      from_h = room(like, like.size(0), like.size(1));
      gru_steps_backward_kernel(device, of.from_x, from_h, of.first.h, grad_out, grad_h, done.gates, done.from_h, done.states, weight, h_before,
                                in.reverse);
      break;
    default: rnn_steps_backward_kernel(device, of.from_x, of.first.h, grad_out, grad_h, done.states, weight, in.kind == Kind::Relu, in.reverse);
  }
  of.weight = matmul(from_h.t(), states_before(in, done));
  if (in.bias.defined()) of.bias = sum(from_h, 0);
  return of;
}

}  // namespace lazuli::recurrent
