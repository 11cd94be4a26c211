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
void copy_rows(Tensor& to, int64_t row, const Tensor& from, int64_t first, int64_t count) {
  if (count == 0) return;
  Tensor place = narrow(to, 0, row, count);
  copy_kernel(to.device(), place, narrow(from, 0, first, count));
}

/// o tanh_c of all steps.
Tensor seen_states(const AllSteps& done) {
  const int64_t h = done.tanh_c.size(1);
  Tensor seen = room(done.tanh_c, done.tanh_c.size(0), h);
  binary_kernel(seen.device(), BinaryOp::Mul, seen, narrow(done.gates, 1, 3 * h, h), done.tanh_c, {});
  return seen;
}

/// h before each step, in the order of the rows of all steps, from h after them.
Tensor states_before(const StepInputs& in, const Tensor& after) {
  const int64_t n = in.first.h.size(0), rows = after.size(0);
  Tensor before = room(after, rows, after.size(1));
  if (in.batch_sizes.empty()) {
    copy_rows(before, in.reverse ? rows - n : 0, in.first.h, 0, n);
    copy_rows(before, in.reverse ? 0 : n, after, in.reverse ? n : 0, rows - n);
    return before;
  }
  int64_t row = 0;
  for (int64_t t = 0; t < in.batch_sizes.size(); ++t) {
    const int64_t size = in.batch_sizes[t], neighbour = in.reverse ? t + 1 : t - 1;
    const bool begins = neighbour < 0 || neighbour == in.batch_sizes.size();  // all of them
    const int64_t gone_on = begins ? 0 : std::min(size, in.batch_sizes[neighbour]);
    if (!begins) copy_rows(before, row, after, in.reverse ? row + size : row - in.batch_sizes[neighbour], gone_on);
    copy_rows(before, row + gone_on, in.first.h, gone_on, size - gone_on);
    row += size;
  }
  return before;
}

/// The rows of each sample's last step, of rows of all steps.
Tensor last_rows(const StepInputs& in, const Tensor& of) {
  const int64_t n = in.first.h.size(0);
  if (in.reverse) return narrow(of, 0, 0, n).clone();
  if (in.batch_sizes.empty()) return narrow(of, 0, of.size(0) - n, n).clone();
  Tensor last = room(of, n, of.size(1));
  int64_t ended = 0, row = of.size(0);
  for (int64_t t = in.batch_sizes.size(); t-- > 0;) {
    const int64_t size = in.batch_sizes[t];
    row -= size;
    copy_rows(last, ended, of, row + ended, size - ended);
    ended = size;
  }
  return last;
}

}  // namespace

AllSteps all_steps(const StepInputs& in, Tensor from_x, bool keep) {
  const Tensor weight = contiguous(in.weight), bias = dense(in.bias), projection = dense(in.projection), h_before = contiguous(in.first.h);
  const Device device = from_x.device();
  const int64_t n = h_before.size(0), all = from_x.size(0), kept = keep ? all : n;
  AllSteps done;
  Tensor gates = contiguous(from_x);
  switch (in.kind) {
    case Kind::Lstm: {
      const int64_t h = in.first.c.size(1);
      done.out = room(gates, all, h_before.size(1)), done.c = room(gates, kept, h), done.tanh_c = room(gates, kept, h);
      lstm_steps_kernel(device, gates, done.c, done.tanh_c, done.out, weight, projection, h_before, contiguous(in.first.c), in.batch_sizes,
                        in.reverse);
      break;
    }
    case Kind::Gru: {
      const int64_t h = h_before.size(1);
      done.out = room(gates, all, h), done.from_h = room(gates, kept, 3 * h);
      gru_steps_kernel(device, gates, done.from_h, done.out, weight, bias, h_before, in.batch_sizes, in.reverse);
      break;
    }
    default: done.out = gates; rnn_steps_kernel(device, done.out, weight, h_before, in.kind == Kind::Relu, in.batch_sizes, in.reverse);
  }
  done.last.h = last_rows(in, done.out);
  if (done.c.defined()) done.last.c = keep ? last_rows(in, done.c) : done.c;
  if (!keep) return {done.out, done.last, {}, {}, {}, {}, {}};
  if (in.kind != Kind::Lstm || projection.defined()) done.states = std::exchange(done.out, done.out.clone());
  if (in.kind == Kind::Lstm || in.kind == Kind::Gru) done.gates = gates;
  return done;
}

AllStepsGrads all_steps_backward(const StepInputs& in, const AllSteps& done, const Tensor& given_grad, const State& grad_last) {
  const Tensor weight = contiguous(in.weight), projection = dense(in.projection), h_before = contiguous(in.first.h), grad_out = dense(given_grad),
               grad_h = contiguous(grad_last.h);
  const Tensor& like = done.gates.defined() ? done.gates : done.states;
  const Device device = like.device();
  AllStepsGrads of;
  of.from_x = room(like, like.size(0), like.size(1));
  of.first.h = room(like, h_before.size(0), h_before.size(1));
  Tensor from_h = of.from_x, states = done.states;
  switch (in.kind) {
    case Kind::Lstm: {
      of.first.c = room(like, in.first.c.size(0), in.first.c.size(1));
      Tensor projected = projection.defined() ? room(like, like.size(0), projection.size(0)) : Tensor();
      lstm_steps_backward_kernel(device, of.from_x, projected, of.first.h, of.first.c, grad_out, grad_h, contiguous(grad_last.c), done.gates, done.c,
                                 done.tanh_c, weight, projection, contiguous(in.first.c), in.batch_sizes, in.reverse);
      const Tensor seen = seen_states(done);
      if (projection.defined()) of.projection = matmul(projected.t(), seen);
      else states = seen;
      break;
    }
    case Kind::Gru:
      from_h = room(like, like.size(0), like.size(1));
      gru_steps_backward_kernel(device, of.from_x, from_h, of.first.h, grad_out, grad_h, done.gates, done.from_h, states, weight, h_before,
                                in.batch_sizes, in.reverse);
      break;
    default:
      rnn_steps_backward_kernel(device, of.from_x, of.first.h, grad_out, grad_h, states, weight, in.kind == Kind::Relu, in.batch_sizes, in.reverse);
  }
  of.weight = matmul(from_h.t(), states_before(in, states));
  if (in.bias.defined()) of.bias = sum(from_h, 0);
  return of;
}

}  // namespace lazuli::recurrent
