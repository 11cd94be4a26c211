#include "lazuli/ops/network/recurrent.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/optional_tensor.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/network/dropout.h"
#include "lazuli/ops/network/recurrent_steps.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/shape/split.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using namespace recurrent;

const char* name_of(Kind kind) {
  constexpr const char* names[] = {"rnn_tanh", "rnn_relu", "lstm", "gru"};
  return names[size_t(kind)];
}
int64_t gates_of(Kind kind) { return kind == Kind::Lstm ? 4 : kind == Kind::Gru ? 3 : 1; }

/// Of one layer in one direction.
struct Weights {
  Tensor ih, hh;
  OptionalTensor bias_ih, bias_hh;
  Tensor hr;  // undefined: no projection
};
/// The part of the gates that depends on inputs alone, for all steps at once. Both biases go in here where the formula adds them.
Tensor from_input(Kind kind, const Tensor& x, const Weights& w) {
  if (kind == Kind::Gru || !w.bias_ih || !w.bias_hh) return linear(x, w.ih, w.bias_ih ? w.bias_ih : kind == Kind::Gru ? none : w.bias_hh);
  return linear(x, w.ih, *w.bias_ih + *w.bias_hh);
}

/// One step, with what its gradient needs.
///   lstm  a: sigmoid of i and f; b: tanh(g); c: sigmoid(o); d: tanh(c')
///   gru   a: sigmoid of r and z; b: n'; c: n_h; d, where a kernel made it: the whole part from h
struct Step {
  State before, after;
  Tensor a, b, c, d;
  Tensor gates;  // all of them next to each other, where a kernel made them
};

Tensor gate(const Tensor& gates, int64_t width, int64_t i, int64_t count = 1) { return narrow(gates, 1, i * width, count * width); }

/// Whether a kernel may do what a step does beside its products: nothing is recorded.
bool fused(const Tensor& gates, const Tensor& before) {
  return !modes.grad && gates.numel() > 0 && before.dtype() == gates.dtype() && before.device() == gates.device();
}

Step lstm_step(const Tensor& products, const State& before, const Weights& w) {
  const int64_t n = before.c.size(1);
  const auto room = [&] { return new_tensor(before.c.sizes(), products.dtype(), products.device()); };
  Step s{before, {{}, room()}, {}, {}, {}, room(), products};
  Tensor out = room();
  lstm_gates_kernel(out.device(), s.gates, s.after.c, s.d, out, contiguous(before.c));
  s.a = gate(s.gates, n, 0, 2), s.b = gate(s.gates, n, 2), s.c = gate(s.gates, n, 3);
  s.after.h = w.hr.defined() ? linear(out, w.hr) : out;
  return s;
}
Step gru_step(const Tensor& from_x, const Tensor& from_h, const State& before) {
  const int64_t n = before.h.size(1);
  Step s{before, {}, {}, {}, gate(from_h, n, 2), from_h, new_tensor(from_h.sizes(), from_h.dtype(), from_h.device())};
  s.after.h = new_tensor(before.h.sizes(), from_h.dtype(), from_h.device());
  gru_gates_kernel(from_h.device(), s.gates, s.after.h, contiguous(from_x), from_h, contiguous(before.h));
  s.a = gate(s.gates, n, 0, 2), s.b = gate(s.gates, n, 2);
  return s;
}

Step step(Kind kind, const Tensor& from_x, const State& before, const Weights& w) {
  const int64_t n = w.hh.size(0) / gates_of(kind);
  Step s{before, {}, {}, {}, {}, {}, {}};
  if (kind == Kind::Gru) {
    Tensor from_h = linear(before.h, w.hh, w.bias_hh);
    if (fused(from_h, before.h) && from_x.dtype() == from_h.dtype()) return gru_step(from_x, from_h, before);
    s.a = sigmoid(gate(from_x, n, 0, 2) + gate(from_h, n, 0, 2));
    s.c = gate(from_h, n, 2);
    s.b = tanh(gate(from_x, n, 2) + gate(s.a, n, 0) * s.c);
    s.after.h = s.b + gate(s.a, n, 1) * (before.h - s.b);
    return s;
  }
  Tensor gates = addmm(from_x, before.h, w.hh.t());
  if (kind != Kind::Lstm) {
    s.after.h = kind == Kind::Tanh ? tanh(gates) : relu(gates);
    return s;
  }
  if (fused(gates, before.c)) return lstm_step(gates, before, w);
  s.a = sigmoid(gate(gates, n, 0, 2));
  s.b = tanh(gate(gates, n, 2));
  s.c = sigmoid(gate(gates, n, 3));
  s.after.c = gate(s.a, n, 1) * before.c + gate(s.a, n, 0) * s.b;
  s.d = tanh(s.after.c);
  s.after.h = w.hr.defined() ? linear(s.c * s.d, w.hr) : s.c * s.d;
  return s;
}

/// The derivative of a function by what it gave, times g.
Tensor of_sigmoid(const Tensor& g, const Tensor& y) {
  return fused_gradient(BinaryOp::SigmoidGrad, g, y, [](const Tensor& grad, const Tensor& at) { return grad * at * (Scalar(1) - at); });
}
Tensor of_tanh(const Tensor& g, const Tensor& y) {
  return fused_gradient(BinaryOp::TanhGrad, g, y, [](const Tensor& grad, const Tensor& at) { return grad * (Scalar(1) - at * at); });
}

/// The tangent of the state after a step, from those of the gates' parts from input and from the state, of the state before and of the projection, where that is defined.
State step_tangent(Kind kind, const Step& s, const Tensor& from_x, const Tensor& from_h, const State& before, const Weights& w, const Tensor& hr) {
  const int64_t n = w.hh.size(0) / gates_of(kind);
  switch (kind) {
    case Kind::Tanh: return {of_tanh(from_x, s.after.h), {}};
    case Kind::Relu: return {where(s.after.h > Scalar(0), from_x, Scalar(0)), {}};
    case Kind::Gru: {
      const Tensor rz = of_sigmoid(gate(from_x, n, 0, 2) + gate(from_h, n, 0, 2), s.a), r = gate(s.a, n, 0), z = gate(s.a, n, 1);
      const Tensor fresh = of_tanh(addcmul(addcmul(gate(from_x, n, 2), gate(rz, n, 0), s.c), r, gate(from_h, n, 2)), s.b);
      return {addcmul(lerp(fresh, before.h, z), gate(rz, n, 1), s.before.h - s.b), {}};
    }
    case Kind::Lstm: break;
  }
  const Tensor in_forget = of_sigmoid(gate(from_x, n, 0, 2), s.a);
  Tensor c = addcmul(gate(s.a, n, 1) * before.c, gate(in_forget, n, 1), s.before.c);
  c = addcmul(addcmul(c, gate(in_forget, n, 0), s.b), gate(s.a, n, 0), of_tanh(gate(from_x, n, 2), s.b));
  const Tensor out = addcmul(of_sigmoid(gate(from_x, n, 3), s.c) * s.d, s.c, of_tanh(c, s.d));
  if (!w.hr.defined()) return {out, c};
  return {hr.defined() ? linear(out, w.hr) + linear(s.c * s.d, hr) : linear(out, w.hr), c};
}

/// Gradients of a step: of the gates' parts from input and from the state, and of the state before but for what comes through the latter.
struct StepGrads {
  Tensor from_x, from_h;
  State before;
};
/// The same by a kernel, of a step that was made by one. `h`: the gradient of what the kernel gave out; `place`: where that of the part from input goes, if it is defined.
StepGrads fused_backward(Kind kind, const Step& s, const Tensor& h, const Tensor& c, const Tensor& place) {
  const auto room = [](const Tensor& like) { return new_tensor(like.sizes(), like.dtype(), like.device()); };
  StepGrads of{place.defined() ? place : room(s.gates), {}, {}};
  const Device device = s.gates.device();
  if (kind == Kind::Lstm) {
    of.from_h = of.from_x;
    of.before.c = room(s.before.c);
    lstm_gates_backward_kernel(device, of.from_x, of.before.c, contiguous(h), contiguous(c), s.gates, contiguous(s.before.c), s.d);
  } else {
    of.from_h = room(s.gates);
    of.before.h = room(s.before.h);
    gru_gates_backward_kernel(device, of.from_x, of.from_h, of.before.h, contiguous(h), s.gates, s.d, contiguous(s.before.h));
  }
  return of;
}
StepGrads step_backward(Kind kind, const Step& s, const State& grad, const Weights& w, const Tensor& place) {
  const int64_t n = w.hh.size(0) / gates_of(kind);
  switch (kind) {
    case Kind::Tanh: {
      Tensor g = of_tanh(grad.h, s.after.h);
      return {g, g, {}};
    }
    case Kind::Relu: {
      Tensor g = where(s.after.h > Scalar(0), grad.h, Scalar(0));
      return {g, g, {}};
    }
    case Kind::Gru: {
      if (!modes.grad && s.gates.defined() && grad.h.dtype() == s.gates.dtype()) return fused_backward(kind, s, grad.h, {}, place);
      Tensor r = gate(s.a, n, 0), z = gate(s.a, n, 1);
      Tensor fresh = of_tanh(grad.h * (Scalar(1) - z), s.b);
      Tensor rz = of_sigmoid(cat({fresh * s.c, grad.h * (s.before.h - s.b)}, 1), s.a);
      return {cat({rz, fresh}, 1), cat({rz, fresh * r}, 1), {grad.h * z, {}}};
    }
    case Kind::Lstm: break;
  }
  Tensor h = w.hr.defined() ? matmul(grad.h, w.hr) : grad.h;  // of sigmoid(o) tanh(c')
  if (!modes.grad && s.gates.defined() && h.dtype() == s.gates.dtype() && grad.c.dtype() == s.gates.dtype())
    return fused_backward(kind, s, h, grad.c, place);
  Tensor c = grad.c + of_tanh(h * s.c, s.d);
  Tensor in_forget = of_sigmoid(cat({c * s.b, c * s.before.c}, 1), s.a);
  Tensor gates = cat({in_forget, of_tanh(c * gate(s.a, n, 0), s.b), of_sigmoid(h * s.d, s.c)}, 1);
  return {gates, gates, {{}, c * gate(s.a, n, 1)}};
}

State rows(const State& s, int64_t start, int64_t count) {
  auto of = [&](const Tensor& t) { return !t.defined() || (start == 0 && t.size(0) == count) ? t : narrow(t, 0, start, count); };
  return {of(s.h), of(s.c)};
}
State joined(const std::vector<State>& parts) {
  if (parts.size() == 1) return parts[0];
  std::vector<Tensor> h, c;
  for (const State& s : parts) {
    h.push_back(s.h);
    if (s.c.defined()) c.push_back(s.c);
  }
  return {cat(h, 0), c.empty() ? Tensor() : cat(c, 0)};
}

/// The state of the `count` sequences that a step has: those that begin there come from `all`, those that are over go to `ended`.
void resize(State& s, int64_t count, const State& all, std::vector<State>& ended) {
  const int64_t before = s.h.size(0);
  if (count > before) s = joined({s, rows(all, before, count - before)});
  if (count < before) {
    ended.push_back(rows(s, count, before - count));
    s = rows(s, 0, count);
  }
}

/// Steps one after another in `data`, step t with sizes[t] rows; sizes never grow.
struct Steps {
  Tensor data;
  std::vector<int64_t> sizes;
};

/// A matrix that something is multiplied by in each of many steps, in rows that do not collide in the cache as those at distances of powers of two do. Where nothing is recorded.
Tensor spread(const Tensor& matrix, size_t steps) {
  constexpr int64_t kGap = 16;
  constexpr size_t kWorthwhile = 8;
  if (modes.grad || detail::newest_batch_level || steps < kWorthwhile || !matrix.device().is_cpu() || matrix.numel() == 0) return matrix;
  Tensor rows = new_strided(matrix.sizes(), {matrix.size(1) + kGap, 1}, matrix.dtype(), matrix.device());
  copy_kernel(rows.device(), rows, matrix);
  return rows;
}

/// All steps of one layer in one direction, in the order in which they run.
struct Run {
  Tensor out;  // h of all steps, in the order of the input
  State last;
  std::vector<Step> steps;  // where kept
};
Run run_steps(Kind kind, const Tensor& from_input, const std::vector<int64_t>& sizes, const State& first, const Weights& given, bool reverse,
              bool keep) {
  Weights w = given;
  w.hh = spread(given.hh.t(), sizes.size()).t();
  std::vector<Tensor> from_x = split_with_sizes(from_input, Shape(sizes), 0), out(sizes.size());
  State s = rows(first, 0, reverse ? sizes.back() : sizes.front());
  std::vector<State> ended;  // the shortest first
  Run run;
  for (size_t k = 0; k < out.size(); ++k) {
    const size_t t = reverse ? out.size() - 1 - k : k;
    resize(s, sizes[t], first, ended);
    Step done = step(kind, from_x[t], s, w);
    s = done.after;
    out[t] = s.h;
    if (keep) run.steps.push_back(std::move(done));
  }
  ended.push_back(s);
  std::reverse(ended.begin(), ended.end());
  run.out = cat(out, 0);
  run.last = joined(ended);
  return run;
}

/// Gradients or tangents of a run's inputs. Each weight's gradient comes from one product for all steps.
struct RunGrads {
  Tensor from_input, hh, bias_hh, hr;
  State first;
};
RunGrads run_backward(Kind kind, const std::vector<Step>& steps, const std::vector<int64_t>& sizes, const Weights& w, bool reverse, const Tensor& out,
                      const State& last) {
  const size_t count = steps.size();
  std::vector<Tensor> of_out = out.defined() ? split_with_sizes(out, Shape(sizes), 0) : std::vector<Tensor>(count);
  std::vector<Tensor> from_x(count), from_h(count), before(count), after_grad, output;
  std::vector<State> firsts;  // rows of the first state that entered late, the last rows first
  State g = rows(last, 0, sizes[reverse ? 0 : count - 1]);
  // Kernels write the gradients of all steps next to each other, where there is one example: others have memory of their own.
  const Tensor hh = spread(w.hh, count);
  Tensor all_from_x;
  std::vector<Tensor> places(count);
  if (!modes.grad && !detail::newest_batch_level && steps[0].gates.defined()) {
    const Tensor& like = steps[0].gates;
    all_from_x = new_tensor({std::accumulate(sizes.begin(), sizes.end(), int64_t(0)), like.size(1)}, like.dtype(), like.device());
    places = split_with_sizes(all_from_x, Shape(sizes), 0);
  }
  bool in_place = all_from_x.defined();
  for (size_t k = count; k-- > 0;) {
    const size_t t = reverse ? count - 1 - k : k;
    resize(g, sizes[t], last, firsts);
    if (of_out[t].defined()) g.h = g.h + of_out[t];
    StepGrads of = step_backward(kind, steps[k], g, w, places[t]);
    in_place &= of.from_x.is_same(places[t]);
    if (w.hr.defined()) after_grad.push_back(g.h), output.push_back(steps[k].c * steps[k].d);
    from_x[t] = of.from_x, from_h[t] = of.from_h, before[t] = steps[k].before.h;
    Tensor h = of.before.h.defined() ? addmm(of.before.h, of.from_h, hh) : matmul(of.from_h, hh);
    g = {h, of.before.c};
  }
  firsts.push_back(g);
  std::reverse(firsts.begin(), firsts.end());
  RunGrads grads;
  grads.first = joined(firsts);
  grads.from_input = in_place ? all_from_x : cat(from_x, 0);
  Tensor all = kind == Kind::Gru ? cat(from_h, 0) : grads.from_input;
  grads.hh = matmul(all.t(), cat(before, 0));
  if (kind == Kind::Gru && w.bias_hh) grads.bias_hh = sum(all, 0);
  if (w.hr.defined()) grads.hr = matmul(cat(after_grad, 0).t(), cat(output, 0));
  return grads;
}

/// The tangents of a run's results, of steps as `run_steps` keeps them, from those of its inputs, undefined for zero. `begin`: the first state.
Run run_tangent(Kind kind, const std::vector<Step>& steps, const std::vector<int64_t>& sizes, const Weights& given, bool reverse, const State& begin,
                const RunGrads& of) {
  const size_t count = steps.size();
  Weights w = given;
  w.hh = spread(given.hh.t(), count).t();
  Tensor from_input = of.from_input, from_state = of.bias_hh;
  const int64_t all = std::accumulate(sizes.begin(), sizes.end(), int64_t(0));
  if (of.hh.defined()) {
    std::vector<Tensor> before(count);
    for (size_t k = 0; k < count; ++k) before[reverse ? count - 1 - k : k] = steps[k].before.h;
    const Tensor product = linear(cat(before, 0), of.hh);
    if (kind == Kind::Gru) from_state = sum_of_tangents(from_state, product);
    else from_input = sum_of_tangents(from_input, product);
  }
  const auto zeros_of = [&](int64_t rows) { return zeros({rows, w.hh.size(0)}, {.dtype = begin.h.dtype(), .device = begin.h.device()}); };
  if (!from_input.defined()) from_input = zeros_of(all);
  const std::vector<Tensor> from_x = split_with_sizes(from_input, Shape(sizes), 0);
  std::vector<Tensor> from_h, out(count);
  if (from_state.defined()) from_h = split_with_sizes(from_state.expand({all, w.hh.size(0)}), Shape(sizes), 0);

  const State first{of.first.h.defined() ? of.first.h : zeros_like(begin.h),
                    of.first.c.defined() || !begin.c.defined() ? of.first.c : zeros_like(begin.c)};
  State s = rows(first, 0, reverse ? sizes.back() : sizes.front());
  std::vector<State> ended;
  for (size_t k = 0; k < count; ++k) {
    const size_t t = reverse ? count - 1 - k : k;
    resize(s, sizes[t], first, ended);
    if (kind == Kind::Gru)
      s = step_tangent(kind, steps[k], from_x[t], from_h.empty() ? matmul(s.h, w.hh.t()) : addmm(from_h[t], s.h, w.hh.t()), s, w, {});
    else s = step_tangent(kind, steps[k], addmm(from_x[t], s.h, w.hh.t()), {}, s, w, of.hr);
    out[t] = s.h;
  }
  ended.push_back(s);
  std::reverse(ended.begin(), ended.end());
  return {cat(out, 0), joined(ended), {}};
}
Grads tangents_of(Kind kind, const Run& run) { return kind == Kind::Lstm ? Grads{run.out, run.last.h, run.last.c} : Grads{run.out, run.last.h}; }

/// What one call over sequences of one length has kept, step by step.
std::vector<Step> steps_of(Kind kind, const AllSteps& done, const State& first, size_t count, bool reverse) {
  const int64_t n = first.h.size(0), h = first.h.size(1);
  const bool lstm = kind == Kind::Lstm;
  const Tensor states = lstm ? gate(done.gates, h, 3) * done.tanh_c : done.states;
  std::vector<Step> steps(count);
  for (size_t k = 0; k < count; ++k) {
    const auto at = [&](const Tensor& all) { return narrow(all, 0, int64_t(reverse ? count - 1 - k : k) * n, n); };
    Step& s = steps[k];
    s.before = k ? steps[k - 1].after : first;
    s.after = {at(states), lstm ? at(done.c) : Tensor()};
    if (kind == Kind::Tanh || kind == Kind::Relu) continue;
    const Tensor gates = at(done.gates);
    s.a = gate(gates, h, 0, 2), s.b = gate(gates, h, 2);
    s.c = lstm ? gate(gates, h, 3) : gate(at(done.from_h), h, 2);
    if (lstm) s.d = at(done.tanh_c);
  }
  return steps;
}

/// Whether one call does all steps: tensors of one dtype and device, and nothing that has to be seen step by step.
bool one_call_serves(const Steps& x, const State& first, const Weights& w) {
  if (x.sizes.size() < 2 || detail::newest_batch_level) return false;
  const auto fits = [&](const Tensor& t) { return !t.defined() || (t.dtype() == x.data.dtype() && t.device() == x.data.device()); };
  const bool biases = (!w.bias_ih || fits(*w.bias_ih)) && (!w.bias_hh || fits(*w.bias_hh));
  return biases && fits(w.ih) && fits(w.hh) && fits(w.hr) && fits(first.h) && fits(first.c) && first.h.numel() > 0;
}
std::pair<Tensor, State> run_in_one_call(Kind kind, const Steps& x, const State& first, const Weights& w, bool reverse) {
  const auto bias_of_h = [kind](const Weights& all) { return kind == Kind::Gru && all.bias_hh ? *all.bias_hh : Tensor(); };
  const Shape batch_sizes = x.sizes.front() == x.sizes.back() ? Shape() : Shape(x.sizes);
  auto tape = Tape::recording(x.data, w.ih, w.bias_ih, w.bias_hh, first.h, first.c, w.hh, w.hr);
  AllSteps done;
  {
    no_grad unrecorded;
    done = all_steps({kind, w.hh, bias_of_h(w), w.hr, first, batch_sizes, reverse}, from_input(kind, x.data, w), bool(tape));
  }
  std::vector<Tensor> outs{std::exchange(done.out, {}), std::exchange(done.last.h, {})};
  if (done.last.c.defined()) outs.push_back(std::exchange(done.last.c, {}));
  if (tape)
    tape.record(
        name_of(kind), outs,
        [=, sizes = x.sizes, x = tape.save(x.data), ih = tape.save(w.ih), hh = tape.save(w.hh),
         b_ih = tape.save(w.bias_ih ? *w.bias_ih : Tensor(), bool(w.bias_ih)), b_hh = tape.save(w.bias_hh ? *w.bias_hh : Tensor(), bool(w.bias_hh)),
         h = tape.save(first.h), c = tape.save(first.c, first.c.defined()), hr = tape.save(w.hr, w.hr.defined())](Grads& grads, Needs needs) {
          const auto got = [](const SavedTensor& t) { return t.defined() ? OptionalTensor(t.get()) : none; };
          const Weights again{ih.get(), hh.get(), got(b_ih), got(b_hh), hr.defined() ? hr.get() : Tensor()};
          const State begin{h.get(), c.defined() ? c.get() : Tensor()};
          if (linearizing())
            return linear_map(
                grads, needs,
                [=, x = keep(x.get()), ih = keep(again.ih), hh = keep(again.hh), b_ih = keep(got(b_ih).value_or(Tensor())),
                 b_hh = keep(got(b_hh).value_or(Tensor())), h = keep(begin.h), c = keep(begin.c), hr = keep(again.hr)](const Grads& tangents) {
                  const Weights same{ih.get(), hh.get(), got(b_ih), got(b_hh), hr.get()};
                  const State from{h.get(), c.get()};
                  const Tensor of_bias = kind == Kind::Gru ? tangents[2] : sum_of_tangents(tangents[2], tangents[3]);
                  RunGrads of{{}, tangents[6], kind == Kind::Gru ? tangents[3] : Tensor(), tangents[7], {tangents[4], tangents[5]}};
                  if (tangents[0].defined()) of.from_input = linear(tangents[0], same.ih);
                  if (tangents[1].defined()) of.from_input = sum_of_tangents(of.from_input, linear(x.get(), tangents[1]));
                  if (of_bias.defined()) of.from_input = sum_of_tangents(of.from_input, of_bias.expand({x.get().size(0), of_bias.size(0)}));
                  const std::vector<Step> steps = modes.grad || !batch_sizes.empty() || same.hr.defined()
                                                      ? run_steps(kind, from_input(kind, x.get(), same), sizes, from, same, reverse, true).steps
                                                      : steps_of(kind, done, from, sizes.size(), reverse);
                  return tangents_of(kind, run_tangent(kind, steps, sizes, same, reverse, from, of));
                });
          State last{grads[1].defined() ? grads[1] : zeros_like(begin.h), {}};
          if (begin.c.defined()) last.c = grads[2].defined() ? grads[2] : zeros_like(begin.c);
          RunGrads of;
          if (modes.grad || detail::newest_batch_level) {  // for a graph of the backward: the steps again, recorded
            const Run steps = run_steps(kind, from_input(kind, x.get(), again), sizes, begin, again, reverse, true);
            of = run_backward(kind, steps.steps, sizes, again, reverse, grads[0], last);
          } else {
            AllStepsGrads all = all_steps_backward({kind, again.hh, bias_of_h(again), again.hr, begin, batch_sizes, reverse}, done, grads[0], last);
            of = {all.from_x, all.weight, all.bias, all.projection, all.first};
          }
          const bool biased = (needs[2] && again.bias_ih) || (needs[3] && again.bias_hh && kind != Kind::Gru);
          const Tensor bias = biased ? sum(of.from_input, 0) : Tensor();
          return Grads{needs[0] ? matmul(of.from_input, again.ih) : Tensor(),
                       needs[1] ? matmul(of.from_input.t(), x.get()) : Tensor(),
                       again.bias_ih ? bias : Tensor(),
                       kind == Kind::Gru ? of.bias_hh
                       : again.bias_hh   ? bias
                                         : Tensor(),
                       of.first.h,
                       of.first.c,
                       of.hh,
                       of.hr};
        });
  return {outs[0], {outs[1], outs.size() > 2 ? outs[2] : Tensor()}};
}

/// One layer in one direction: h of all steps, and the last state.
std::pair<Tensor, State> run(Kind kind, const Steps& x, const State& first, const Weights& w, bool reverse) {
  if (one_call_serves(x, first, w)) return run_in_one_call(kind, x, first, w, reverse);
  Tensor from_input_part = from_input(kind, x.data, w), bias = kind == Kind::Gru && w.bias_hh ? *w.bias_hh : Tensor();
  auto tape = Tape::recording(from_input_part, first.h, first.c, w.hh, bias, w.hr);
  Run done;
  {
    no_grad unrecorded;
    done = run_steps(kind, from_input_part, x.sizes, first, w, reverse, bool(tape));
  }
  if (!tape) return {done.out, done.last};
  std::vector<Tensor> outs{done.out, done.last.h.clone()};  // the steps have the state itself: that would be a cycle
  if (done.last.c.defined()) outs.push_back(done.last.c.clone());
  done.steps[0].before = {};
  tape.record(name_of(kind), outs,
              [=, sizes = x.sizes, steps = std::move(done.steps), x = tape.save(from_input_part), h = tape.save(first.h),
               c = tape.save(first.c, first.c.defined()), hh = tape.save(w.hh), b = tape.save(bias, bias.defined()),
               hr = tape.save(w.hr, w.hr.defined())](Grads& grads, Needs needs) mutable {
                auto got = [](const SavedTensor& t) { return t.defined() ? t.get() : Tensor(); };
                Weights again{{}, hh.get(), none, none, got(hr)};
                if (b.defined()) again.bias_hh = b.get();
                State begin{h.get(), got(c)};
                if (linearizing())
                  return linear_map(grads, needs,
                                    [=, x = keep(x.get()), h = keep(begin.h), c = keep(begin.c), hh = keep(again.hh), b = keep(got(b)),
                                     hr = keep(again.hr)](const Grads& tangents) {
                                      const Weights same{{}, hh.get(), none, b.defined() ? OptionalTensor(b.get()) : none, hr.get()};
                                      const State from{h.get(), c.get()};
                                      std::vector<Step> all = modes.grad ? run_steps(kind, x.get(), sizes, from, same, reverse, true).steps : steps;
                                      all[0].before = rows(from, 0, sizes[reverse ? sizes.size() - 1 : 0]);
                                      return tangents_of(
                                          kind, run_tangent(kind, all, sizes, same, reverse, from,
                                                            {tangents[0], tangents[3], tangents[4], tangents[5], {tangents[1], tangents[2]}}));
                                    });
                State last{grads[1].defined() ? grads[1] : zeros_like(begin.h), {}};
                if (begin.c.defined()) last.c = grads[2].defined() ? grads[2] : zeros_like(begin.c);
                RunGrads of;
                if (modes.grad) {  // for a graph of the backward: the steps again, recorded
                  of = run_backward(kind, run_steps(kind, x.get(), sizes, begin, again, reverse, true).steps, sizes, again, reverse, grads[0], last);
                } else {
                  steps[0].before = rows(begin, 0, sizes[reverse ? sizes.size() - 1 : 0]);
                  of = run_backward(kind, steps, sizes, again, reverse, grads[0], last);
                  steps[0].before = {};
                }
                return Grads{of.from_input, of.first.h, of.first.c, of.hh, of.bias_hh, of.hr};
              });
  return {outs[0], {outs[1], outs.size() > 2 ? outs[2] : Tensor()}};
}

std::vector<Weights> weights_of(Kind kind, const std::vector<Tensor>& params, const RecurrentOptions& o) {
  const char* op = name_of(kind);
  if (o.num_layers < 1) fail(op, "num_layers", "at least 1", std::to_string(o.num_layers));
  const size_t count = size_t(o.num_layers) * (o.bidirectional ? 2 : 1), plain = o.has_biases ? 4 : 2;
  const size_t each = params.size() / count;
  if (params.size() % count || (each != plain && !(kind == Kind::Lstm && each == plain + 1)))
    fail(op, "params", std::to_string(plain) + " tensors for each of " + std::to_string(count) + " layers and directions",
         std::to_string(params.size()));
  std::vector<Weights> weights;
  for (size_t i = 0; i < count; ++i) {
    const Tensor* p = &params[i * each];
    for (size_t k = 0; k < each; ++k) need_floating_point(op, p[k], "params");
    Weights w{p[0], p[1], none, none, {}};
    if (o.has_biases) w.bias_ih = p[2], w.bias_hh = p[3];
    if (each > plain) w.hr = p[plain];
    weights.push_back(w);
  }
  return weights;
}

void expect(const char* op, const char* argument, const Tensor& t, const Shape& sizes) {
  if (!(t.sizes() == sizes)) fail(op, argument, "sizes " + to_string(sizes), "sizes " + to_string(t.sizes()));
}

/// All layers. `first`: [layers * directions, n, ..].
std::pair<Tensor, State> run_all(Kind kind, Steps x, const State& first, const std::vector<Tensor>& params, const RecurrentOptions& o) {
  const char* op = name_of(kind);
  std::vector<Weights> weights = weights_of(kind, params, o);
  if (!(o.dropout >= 0 && o.dropout <= 1)) fail(op, "dropout", "a probability in [0, 1]", std::to_string(o.dropout));
  const int64_t directions = o.bidirectional ? 2 : 1, n = x.sizes[0], gates = gates_of(kind);
  int64_t width = x.data.size(1);
  for (size_t i = 0; i < weights.size(); ++i) {
    const Weights& w = weights[i];
    if (w.hh.dim() != 2 || w.hh.size(0) % gates)
      fail(op, "params", "weight_hh of sizes [gates * hidden, features]", "sizes " + to_string(w.hh.sizes()));
    const int64_t hidden = w.hh.size(0) / gates, features = w.hr.defined() ? w.hr.size(0) : hidden;
    if (w.ih.dim() != 2 || w.ih.size(0) != gates * hidden || w.ih.size(1) != width)
      fail(op, i < size_t(directions) ? "input" : "params", "as many features as weight_ih of sizes " + to_string(w.ih.sizes()) + " takes",
           std::to_string(width));
    expect(op, "params", w.hh, {gates * hidden, features});
    if (w.hr.defined()) expect(op, "params", w.hr, {features, hidden});
    for (const OptionalTensor* bias : {&w.bias_ih, &w.bias_hh})
      if (*bias) expect(op, "params", **bias, {gates * hidden});
    if (i == 0) {
      expect(op, "hx", first.h, {int64_t(weights.size()), n, features});
      if (kind == Kind::Lstm) expect(op, "hx", first.c, {int64_t(weights.size()), n, hidden});
    }
    if (int64_t(i) % directions == directions - 1) width = features * directions;
  }

  std::vector<Tensor> h, c;
  for (int64_t layer = 0; layer < o.num_layers; ++layer) {
    std::vector<Tensor> sides;
    for (int64_t d = 0; d < directions; ++d) {
      const int64_t i = layer * directions + d;
      State begin{select(first.h, 0, i), kind == Kind::Lstm ? select(first.c, 0, i) : Tensor()};
      auto [out, last] = run(kind, x, begin, weights[size_t(i)], d == 1);
      sides.push_back(out);
      h.push_back(last.h);
      c.push_back(last.c);
    }
    x.data = directions == 1 ? sides[0] : cat(sides, 1);
    if (layer + 1 < o.num_layers) x.data = dropout(x.data, o.dropout, o.train);
  }
  return {x.data, {stack(h, 0), kind == Kind::Lstm ? stack(c, 0) : Tensor()}};
}

State state_of(const char* op, const std::vector<Tensor>& hx, size_t count) {
  if (hx.size() != count) fail(op, "hx", count == 2 ? "two tensors, h and c" : "one tensor", std::to_string(hx.size()));
  for (const Tensor& t : hx) need_floating_point(op, t, "hx");
  return {hx[0], count == 2 ? hx[1] : Tensor()};
}

std::pair<Tensor, State> padded(Kind kind, const Tensor& given, const std::vector<Tensor>& hx, const std::vector<Tensor>& params,
                                const RecurrentOptions& o) {
  const char* op = name_of(kind);
  need_defined(op, given, "input");
  need_defined(op, hx, "hx");
  need_defined(op, params, "params");
  need_floating_point(op, given, "input");
  if (given.dim() != 3) fail(op, "input", o.batch_first ? "sizes [n, t, features]" : "sizes [t, n, features]", "sizes " + to_string(given.sizes()));
  State first = state_of(op, hx, kind == Kind::Lstm ? 2 : 1);
  Tensor input = o.batch_first ? given.transpose(0, 1) : given;
  const int64_t t = input.size(0), n = input.size(1);
  constexpr int64_t kMostSteps = 1 << 24;
  if (t == 0) fail(op, "input", "at least one step", "sizes " + to_string(given.sizes()));
  if (t > kMostSteps) fail(op, "input", "at most " + std::to_string(kMostSteps) + " steps", "sizes " + to_string(given.sizes()));
  auto [out, last] = run_all(kind, {input.reshape({t * n, input.size(2)}), std::vector<int64_t>(size_t(t), n)}, first, params, o);
  out = out.reshape({t, n, out.size(1)});
  return {o.batch_first ? out.transpose(0, 1) : out, last};
}

std::pair<Tensor, State> packed(Kind kind, const Tensor& data, const Tensor& batch_sizes, const std::vector<Tensor>& hx,
                                const std::vector<Tensor>& params, const RecurrentOptions& o) {
  const char* op = name_of(kind);
  need_defined(op, data, "data", batch_sizes, "batch_sizes");
  need_defined(op, hx, "hx");
  need_defined(op, params, "params");
  need_floating_point(op, data, "data");
  need_integral(op, batch_sizes, "batch_sizes");
  if (data.dim() != 2) fail(op, "data", "sizes [steps, features]", "sizes " + to_string(data.sizes()));
  if (batch_sizes.dim() != 1 || batch_sizes.numel() == 0)
    fail(op, "batch_sizes", "sizes [t] with t at least 1", "sizes " + to_string(batch_sizes.sizes()));
  State first = state_of(op, hx, kind == Kind::Lstm ? 2 : 1);
  Steps steps{data, batch_sizes.to_vector<int64_t>()};
  int64_t total = 0;
  for (size_t t = 0; t < steps.sizes.size(); ++t) {
    total += steps.sizes[t];
    if (steps.sizes[t] < 1 || (t && steps.sizes[t] > steps.sizes[t - 1])) fail(op, "batch_sizes", "positive numbers that do not grow", "others");
  }
  if (total != data.size(0)) fail(op, "data", std::to_string(total) + " rows, as batch_sizes says", "sizes " + to_string(data.sizes()));
  return run_all(kind, steps, first, params, o);
}

std::tuple<Tensor, Tensor> h_only(const std::pair<Tensor, State>& result) { return {result.first, result.second.h}; }
std::tuple<Tensor, Tensor, Tensor> h_and_c(const std::pair<Tensor, State>& result) { return {result.first, result.second.h, result.second.c}; }

State cell(const char* op, Kind kind, const Tensor& given, const std::vector<Tensor>& hx, Weights w) {
  undefined_is_none(w.bias_ih, w.bias_hh);
  need_floating_point(op, given, "input");
  need_floating_point(op, w.ih, "w_ih");
  need_floating_point(op, w.hh, "w_hh");
  State s = state_of(op, hx, kind == Kind::Lstm ? 2 : 1);
  if (given.dim() != 1 && given.dim() != 2) fail(op, "input", "sizes [n, features] or [features]", "sizes " + to_string(given.sizes()));
  if (w.hh.dim() != 2 || w.hh.size(0) != gates_of(kind) * w.hh.size(1))
    fail(op, "w_hh", "sizes [gates * hidden, hidden]", "sizes " + to_string(w.hh.sizes()));
  expect(op, "w_ih", w.ih, {w.hh.size(0), given.size(-1)});
  if (w.bias_ih) need_floating_point(op, *w.bias_ih, "b_ih"), expect(op, "b_ih", *w.bias_ih, {w.hh.size(0)});
  if (w.bias_hh) need_floating_point(op, *w.bias_hh, "b_hh"), expect(op, "b_hh", *w.bias_hh, {w.hh.size(0)});
  Shape sizes = given.sizes();
  sizes[-1] = w.hh.size(1);
  expect(op, "hx", s.h, sizes);
  if (kind == Kind::Lstm) expect(op, "hx", s.c, sizes);
  const bool one = given.dim() == 1;
  auto batched = [&](const Tensor& t) { return one && t.defined() ? t.unsqueeze(0) : t; };
  auto single = [&](const Tensor& t) { return one && t.defined() ? t.squeeze(Shape{0}) : t; };
  State next = step(kind, from_input(kind, batched(given), w), {batched(s.h), batched(s.c)}, w).after;
  return {single(next.h), single(next.c)};
}

}  // namespace

using Tensors = std::vector<Tensor>;

std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& input, const Tensor& hx, const Tensors& params, const RecurrentOptions& o) {
  if (const Casting cast{Cast::Lower, input, hx, params}) return rnn_tanh(cast(input), cast(hx), cast(params), o);
  return h_only(padded(Kind::Tanh, input, {hx}, params, o));
}
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& input, const Tensor& hx, const Tensors& params, const RecurrentOptions& o) {
  if (const Casting cast{Cast::Lower, input, hx, params}) return rnn_relu(cast(input), cast(hx), cast(params), o);
  return h_only(padded(Kind::Relu, input, {hx}, params, o));
}
std::tuple<Tensor, Tensor> gru(const Tensor& input, const Tensor& hx, const Tensors& params, const RecurrentOptions& o) {
  if (const Casting cast{Cast::Lower, input, hx, params}) return gru(cast(input), cast(hx), cast(params), o);
  return h_only(padded(Kind::Gru, input, {hx}, params, o));
}
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, const Tensors& hx, const Tensors& params, const RecurrentOptions& o) {
  if (const Casting cast{Cast::Lower, input, hx, params}) return lstm(cast(input), cast(hx), cast(params), o);
  return h_and_c(padded(Kind::Lstm, input, hx, params, o));
}
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, const Tensors& params,
                                    const RecurrentOptions& o) {
  if (const Casting cast{Cast::Lower, data, batch_sizes, hx, params}) return rnn_tanh(cast(data), cast(batch_sizes), cast(hx), cast(params), o);
  return h_only(packed(Kind::Tanh, data, batch_sizes, {hx}, params, o));
}
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, const Tensors& params,
                                    const RecurrentOptions& o) {
  if (const Casting cast{Cast::Lower, data, batch_sizes, hx, params}) return rnn_relu(cast(data), cast(batch_sizes), cast(hx), cast(params), o);
  return h_only(packed(Kind::Relu, data, batch_sizes, {hx}, params, o));
}
std::tuple<Tensor, Tensor> gru(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, const Tensors& params, const RecurrentOptions& o) {
  if (const Casting cast{Cast::Lower, data, batch_sizes, hx, params}) return gru(cast(data), cast(batch_sizes), cast(hx), cast(params), o);
  return h_only(packed(Kind::Gru, data, batch_sizes, {hx}, params, o));
}
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, const Tensors& hx, const Tensors& params,
                                        const RecurrentOptions& o) {
  if (const Casting cast{Cast::Lower, data, batch_sizes, hx, params}) return lstm(cast(data), cast(batch_sizes), cast(hx), cast(params), o);
  return h_and_c(packed(Kind::Lstm, data, batch_sizes, hx, params, o));
}

Tensor rnn_tanh_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const OptionalTensor& b_ih,
                     const OptionalTensor& b_hh) {
  if (const Casting cast{Cast::Lower, input, hx, w_ih, w_hh, b_ih, b_hh})
    return rnn_tanh_cell(cast(input), cast(hx), cast(w_ih), cast(w_hh), cast(b_ih), cast(b_hh));
  return cell("rnn_tanh_cell", Kind::Tanh, input, {hx}, {w_ih, w_hh, b_ih, b_hh, {}}).h;
}
Tensor rnn_relu_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const OptionalTensor& b_ih,
                     const OptionalTensor& b_hh) {
  if (const Casting cast{Cast::Lower, input, hx, w_ih, w_hh, b_ih, b_hh})
    return rnn_relu_cell(cast(input), cast(hx), cast(w_ih), cast(w_hh), cast(b_ih), cast(b_hh));
  return cell("rnn_relu_cell", Kind::Relu, input, {hx}, {w_ih, w_hh, b_ih, b_hh, {}}).h;
}
Tensor gru_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const OptionalTensor& b_ih,
                const OptionalTensor& b_hh) {
  if (const Casting cast{Cast::Lower, input, hx, w_ih, w_hh, b_ih, b_hh})
    return gru_cell(cast(input), cast(hx), cast(w_ih), cast(w_hh), cast(b_ih), cast(b_hh));
  return cell("gru_cell", Kind::Gru, input, {hx}, {w_ih, w_hh, b_ih, b_hh, {}}).h;
}
std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, const Tensors& hx, const Tensor& w_ih, const Tensor& w_hh, const OptionalTensor& b_ih,
                                     const OptionalTensor& b_hh) {
  if (const Casting cast{Cast::Lower, input, hx, w_ih, w_hh, b_ih, b_hh})
    return lstm_cell(cast(input), cast(hx), cast(w_ih), cast(w_hh), cast(b_ih), cast(b_hh));
  State s = cell("lstm_cell", Kind::Lstm, input, hx, {w_ih, w_hh, b_ih, b_hh, {}});
  return {s.h, s.c};
}

namespace {
template <Kind kind>
std::tuple<Tensor, Tensor> padded_by_name(const Tensor& input, const Tensor& hx, const Tensors& params, bool has_biases, int64_t num_layers,
                                          double dropout, bool train, bool bidirectional, bool batch_first) {
  return h_only(padded(kind, input, {hx}, params, {has_biases, num_layers, dropout, train, bidirectional, batch_first}));
}
template <Kind kind>
std::tuple<Tensor, Tensor> packed_by_name(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, const Tensors& params, bool has_biases,
                                          int64_t num_layers, double dropout, bool train, bool bidirectional) {
  return h_only(packed(kind, data, batch_sizes, {hx}, params, {has_biases, num_layers, dropout, train, bidirectional, false}));
}
}  // namespace

void register_recurrent(OpTable& table) {
  table.add(
      "gru(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool "
      "batch_first) "
      "-> (Tensor, Tensor)",
      &padded_by_name<Kind::Gru>);
  table.add(
      "gru(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool "
      "bidirectional) -> (Tensor, Tensor)",
      &packed_by_name<Kind::Gru>);
  table.add("gru_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor", &gru_cell);
  table.add(
      "lstm(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool "
      "batch_first) -> (Tensor, Tensor, Tensor)",
      +[](const Tensor& input, const Tensors& hx, const Tensors& params, bool has_biases, int64_t num_layers, double dropout, bool train,
          bool bidirectional, bool batch_first) {
        return lstm(input, hx, params, RecurrentOptions{has_biases, num_layers, dropout, train, bidirectional, batch_first});
      });
  table.add(
      "lstm(Tensor data, Tensor batch_sizes, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool "
      "bidirectional) -> (Tensor, Tensor, Tensor)",
      +[](const Tensor& data, const Tensor& batch_sizes, const Tensors& hx, const Tensors& params, bool has_biases, int64_t num_layers,
          double dropout, bool train, bool bidirectional) {
        return lstm(data, batch_sizes, hx, params, RecurrentOptions{has_biases, num_layers, dropout, train, bidirectional, false});
      });
  table.add("lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> (Tensor, Tensor)", &lstm_cell);
  table.add(
      "rnn_relu(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool "
      "batch_first) -> (Tensor, Tensor)",
      &padded_by_name<Kind::Relu>);
  table.add(
      "rnn_relu(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool "
      "bidirectional) -> (Tensor, Tensor)",
      &packed_by_name<Kind::Relu>);
  table.add("rnn_relu_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor", &rnn_relu_cell);
  table.add(
      "rnn_tanh(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool "
      "batch_first) -> (Tensor, Tensor)",
      &padded_by_name<Kind::Tanh>);
  table.add(
      "rnn_tanh(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool "
      "bidirectional) -> (Tensor, Tensor)",
      &packed_by_name<Kind::Tanh>);
  table.add("rnn_tanh_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor", &rnn_tanh_cell);
}

}  // namespace lazuli
