#include "lazuli/ops/network/recurrent_steps.h"

#include "lazuli/autograd/modes.h"
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

/// h before each step, in the order of the rows of all steps.
Tensor states_before(const StepInputs& in, const AllSteps& done) {
  const int64_t n = in.first.h.size(0), h = in.first.h.size(1), rows = in.from_x.size(0), later = rows - n;
  Tensor before = room(in.from_x, rows, h);
  Tensor first = narrow(before, 0, in.reverse ? later : 0, n), others = narrow(before, 0, in.reverse ? 0 : n, later);
  copy_kernel(before.device(), first, in.first.h);
  const auto seen = [&](const Tensor& of) { return narrow(of, 0, in.reverse ? n : 0, later); };
  if (in.kind == Kind::Lstm) binary_kernel(before.device(), BinaryOp::Mul, others, narrow(seen(done.gates), 1, 3 * h, h), seen(done.tanh_c), {});
  else copy_kernel(before.device(), others, seen(done.states));
  return before;
}

}  // namespace

bool one_call_serves(const StepInputs& in, size_t steps) {
  if (modes.grad || detail::newest_batch_level || steps < 2 || in.from_x.numel() == 0) return false;
  for (const Tensor* t : {&in.weight, &in.bias, &in.first.h, &in.first.c})
    if (t->defined() && (t->dtype() != in.from_x.dtype() || t->device() != in.from_x.device())) return false;
  return true;
}

AllSteps all_steps(const StepInputs& given, bool keep) {
  StepInputs in = given;
  for (Tensor* t : {&in.from_x, &in.weight, &in.bias, &in.first.h, &in.first.c})
    if (t->defined()) *t = contiguous(*t);
  const Device device = in.from_x.device();
  const int64_t n = in.first.h.size(0), h = in.first.h.size(1), all = in.from_x.size(0), gates = in.from_x.size(1), kept = keep ? all : n;
  AllSteps done;
  done.out = room(in.from_x, all, h);
  switch (in.kind) {
    case Kind::Lstm:
      done.gates = room(in.from_x, kept, gates), done.c = room(in.from_x, kept, h), done.tanh_c = room(in.from_x, kept, h);
      lstm_steps_kernel(device, done.gates, done.c, done.tanh_c, done.out, in.from_x, in.weight, in.first.h, in.first.c, in.reverse);
      break;
    case Kind::Gru:
      done.gates = room(in.from_x, kept, gates), done.from_h = room(in.from_x, kept, gates);
      gru_steps_kernel(device, done.gates, done.from_h, done.out, in.from_x, in.weight, in.bias, in.first.h, in.reverse);
      break;
    default: rnn_steps_kernel(device, done.out, in.from_x, in.weight, in.first.h, in.kind == Kind::Relu, in.reverse);
  }
  const auto last = [&](const Tensor& of) { return narrow(of, 0, in.reverse ? 0 : of.size(0) - n, n).clone(); };
  done.last.h = last(done.out);
  if (done.c.defined()) done.last.c = last(done.c);
  if (keep && in.kind != Kind::Lstm) done.states = done.out, done.out = done.out.clone();
  return done;
}

StepInputGrads all_steps_backward(const StepInputs& given, const AllSteps& done, const Tensor& given_grad, const State& given_last) {
  const StepInputs& in = given;
  const Device device = in.from_x.device();
  const Tensor weight = contiguous(in.weight), h_before = contiguous(in.first.h), grad_h = contiguous(given_last.h);
  const Tensor grad_out = given_grad.defined() ? contiguous(given_grad) : Tensor();
  StepInputGrads of;
  of.from_x = room(in.from_x, in.from_x.size(0), in.from_x.size(1));
  of.first.h = room(in.from_x, h_before.size(0), h_before.size(1));
  Tensor from_h = of.from_x;
  switch (in.kind) {
    case Kind::Lstm:
      of.first.c = room(in.from_x, h_before.size(0), h_before.size(1));
      lstm_steps_backward_kernel(device, of.from_x, of.first.h, of.first.c, grad_out, grad_h, contiguous(given_last.c), done.gates, done.c,
                                 done.tanh_c, weight, contiguous(in.first.c), in.reverse);
      break;
    case Kind::Gru:
      from_h = room(in.from_x, in.from_x.size(0), in.from_x.size(1));
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
