#include "lazuli/optim/lbfgs.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/sharded_state.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {
namespace {

double largest(const Tensor& t) { return t.abs().amax().item<double>(); }
double dot(const Tensor& a, const Tensor& b) { return a.dot(b).item<double>(); }

/// The loss on the line x + t d, with its gradient and the slope along d.
struct Point {
  double t, loss;
  Tensor grad;
  double slope;
};

// The minimum, within [low, high], of the cubic through two points with their slopes.
double cubic_minimum(const Point& a, const Point& b, double low, double high) {
  const bool ordered = a.t <= b.t;
  const Point &left = ordered ? a : b, &right = ordered ? b : a;
  const double d1 = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.t - right.t);
  const double square = d1 * d1 - left.slope * right.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = std::sqrt(square);
  const double t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return std::min(std::max(t, low), high);
}

// A step that satisfies the strong Wolfe conditions, or the best of those before the `most`-th search. `at` gives the point for a t; `evaluations` counts its calls.
template <class At>
Point strong_wolfe(At&& at, const Point& start, double t, double longest, int64_t most, int64_t& evaluations) {
  constexpr double kDecrease = 1e-4, kCurvature = 0.9, kShortest = 1e-9;
  const auto too_high = [&](const Point& p) { return p.loss > start.loss + kDecrease * p.t * start.slope; };
  const auto flat = [&](const Point& p) { return std::abs(p.slope) <= -kCurvature * start.slope; };
  const auto evaluated = [&](double to) {
    ++evaluations;
    return at(to);
  };
  // Outwards, until a minimum must lie between two points.
  Point before = start, now = evaluated(t);
  int64_t searches = 0;
  for (;; ++searches) {
    if (searches == most) {
      before = start;
      break;
    }
    if (too_high(now) || (searches > 1 && now.loss >= before.loss)) break;
    if (flat(now)) return now;
    if (now.slope >= 0) break;
    const double next = cubic_minimum(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
    before = std::exchange(now, evaluated(next));
  }
  // Inwards: `low` is the best point so far.
  Point low = before, high = now;
  if (low.loss > high.loss) std::swap(low, high);
  bool stuck = false;
  for (; searches < most && std::abs(high.t - low.t) * longest >= kShortest; ++searches) {
    const double nearest = std::min(low.t, high.t), farthest = std::max(low.t, high.t), margin = 0.1 * (farthest - nearest);
    double next = cubic_minimum(low, high, nearest, farthest);
    // Close to an end twice in a row: away from it.
    const bool close = std::min(farthest - next, next - nearest) < margin;
    if (close && (stuck || next >= farthest || next <= nearest)) {
      next = std::abs(next - farthest) < std::abs(next - nearest) ? farthest - margin : nearest + margin;
      stuck = false;
    } else {
      stuck = close;
    }
    const Point point = evaluated(next);
    if (too_high(point) || point.loss >= low.loss) {
      high = point;
      if (low.loss > high.loss) std::swap(low, high);
      continue;
    }
    if (flat(point)) return point;
    if (point.slope * (high.t - low.t) >= 0) high = low;
    low = point;
  }
  return low;
}

}  // namespace

void LBFGSOptions::check(const char* optimizer) const {
  if (line_search_fn && *line_search_fn != "strong_wolfe") fail(optimizer, "line_search_fn", "strong_wolfe, or none", *line_search_fn);
}

std::vector<Optimizer::StateName> LBFGS::state_names() const {
  return {number_name("func_evals"), number_name("n_iter"), number_name("t"),      number_name("H_diag"), number_name("prev_loss"),
          number_name("ro.*"),       {"old_dirs.*", false}, {"old_stps.*", false}, {"d", false},          {"prev_flat_grad", false}};
}

void LBFGS::update(size_t, Tensor&, const Tensor&, State&) {}
void LBFGS::step() { fail(ErrorKind::State, class_name, "closure", "step(closure), for it asks for the loss several times", "step()"); }

/// All parameters as one vector, and the changes it remembers.
struct LBFGS::Search {
  // The last changes of the gradient and of the place, in the optimizer's state, the oldest first.
  struct History {
    struct Change {
      Tensor *grad, *place;
      double* inverse;  // 1 / (grad . place)
    };
    State& state;
    std::vector<Change> changes = {};

    explicit History(State& state) : state(state) {
      while (state.find("old_dirs." + std::to_string(changes.size()))) add();
    }
    void add() {
      const std::string end = "." + std::to_string(changes.size());
      changes.push_back({&state.tensor("old_dirs" + end), &state.tensor("old_stps" + end), &state.number("ro" + end)});
    }
    // The oldest goes where there are `most`.
    void remember(const Tensor& grad, const Tensor& place, double inverse, int64_t most) {
      if (int64_t(changes.size()) < most) {
        add();
      } else {
        for (size_t k = 0; k + 1 < changes.size(); ++k) {
          *changes[k].grad = *changes[k + 1].grad;
          *changes[k].place = *changes[k + 1].place;
          *changes[k].inverse = *changes[k + 1].inverse;
        }
      }
      *changes.back().grad = grad;
      *changes.back().place = place;
      *changes.back().inverse = inverse;
    }
    // -H grad by the two-loop recursion (Nocedal 1980), where H, the inverse of the Hessian, begins as `scale` times the identity.
    Tensor direction(const Tensor& grad, double scale) const {
      std::vector<double> shares(changes.size());
      Tensor result = -grad;
      for (size_t k = changes.size(); k-- > 0;) {
        shares[k] = dot(*changes[k].place, result) * *changes[k].inverse;
        result = result - *changes[k].grad * shares[k];
      }
      result = result * scale;
      for (size_t k = 0; k < changes.size(); ++k)
        result = result + *changes[k].place * (shares[k] - dot(*changes[k].grad, result) * *changes[k].inverse);
      return result;
    }
  };

  LBFGS& optimizer;
  const std::function<Tensor()>& closure;
  double sign = 1;  // -1 to maximize: what is minimized is -loss
  std::vector<Tensor> params = {};
  DType dtype = kFloat32;

  // Calls the closure; its loss. The gradients are checked, not gathered.
  Tensor loss() {
    Tensor value;
    {
      enable_grad guard;
      value = closure();
    }
    optimizer.check_gradients();
    return value;
  }
  void list_params() {
    for (const Tensor& p : optimizer.params())
      if (!p.body()->uninitialized && p.numel()) params.push_back(p);
    if (!params.empty()) dtype = real_dtype(state_dtype(params[0].dtype()));
  }
  Tensor flat(const std::function<Tensor(const Tensor&)>& part) const {
    std::vector<Tensor> parts;
    for (const Tensor& p : params) parts.push_back(real_view(part(p)).to(dtype).flatten());
    return cat(parts);
  }
  double value(const Tensor& loss) const { return sign * loss.item<double>(); }
  Tensor gradient() const {
    const Tensor all = flat([](const Tensor& p) { return p.grad().defined() ? p.grad().detach() : zeros_like(p.detach()); });
    return sign < 0 ? -all : all;
  }
  // Every parameter: its part of `start` + t * its part of `direction`.
  void move(const Tensor& start, const Tensor& direction, double t) {
    const Tensor place = start + direction * t;
    int64_t at = 0;
    for (const Tensor& p : params) {
      Tensor view = real_view(p.detach());
      view.copy_(place.narrow(0, at, view.numel()).reshape(view.sizes()));
      at += view.numel();
    }
  }
};

Tensor LBFGS::step(const std::function<Tensor()>& closure) {
  if (num_groups() != 1) fail(class_name, "params", "one group", std::to_string(num_groups()) + " groups");
  for (const Tensor& param : params(0)) check_whole(class_name, "params", param, "distributed::DistributedDataParallel keeps those");
  if (StepObserver* observer = lazuli::detail::step_observer)
    observer->refuse(class_name, "runs its closure as often as the values that it reads tell");
  settle();
  call_hooks(true);
  no_grad guard;
  const LBFGSOptions o = options(0);
  Search search{*this, closure, o.maximize ? -1.0 : 1.0};
  const Tensor first_loss = search.loss();
  search.list_params();
  if (search.params.empty()) {
    call_hooks(false);
    return first_loss;
  }
  State& state = this->state(0, 0);
  double &total = state.number("n_iter"), &t = state.number("t"), &scale = state.number("H_diag");
  double &evaluations_ever = state.number("func_evals"), &previous_loss = state.number("prev_loss");
  Tensor &direction = state.tensor("d"), &previous = state.tensor("prev_flat_grad");
  Search::History history(state);

  double loss = search.value(first_loss);
  Tensor grad = search.gradient();
  const int64_t most_evaluations = o.max_eval.value_or(o.max_iter * 5 / 4);
  int64_t evaluations = 1;
  ++evaluations_ever;
  bool done = largest(grad) <= o.tolerance_grad;
  for (int64_t iteration = 1; !done && iteration <= o.max_iter; ++iteration) {
    if (++total == 1) {
      direction = -grad;
      scale = 1;
    } else {
      const Tensor difference = grad - previous, moved = direction * t;
      if (const double curvature = dot(difference, moved); curvature > 1e-10) {
        history.remember(difference, moved, 1 / curvature, o.history_size);
        scale = curvature / dot(difference, difference);
      }
      direction = history.direction(grad, scale);
    }
    previous = grad;
    previous_loss = loss;
    t = total == 1 ? std::min(1.0, 1 / grad.abs().sum().item<double>()) * o.lr : o.lr;
    const double slope = dot(grad, direction);
    if (slope > -o.tolerance_change) break;
    const Tensor start = search.flat([](const Tensor& p) { return p.detach(); }).clone();
    int64_t asked = 0;
    if (o.line_search_fn) {
      const auto at = [&](double to) {
        search.move(start, direction, to);
        const double value = search.value(search.loss());
        const Tensor there = search.gradient();
        return Point{to, value, there, dot(there, direction)};
      };
      const Point best = strong_wolfe(at, {0, loss, grad, slope}, t, largest(direction), most_evaluations - evaluations, asked);
      t = best.t, loss = best.loss, grad = best.grad;
      search.move(start, direction, t);
      done = largest(grad) <= o.tolerance_grad;
    } else {
      search.move(start, direction, t);
      if (iteration != o.max_iter) {
        loss = search.value(search.loss());
        grad = search.gradient();
        done = largest(grad) <= o.tolerance_grad;
        asked = 1;
      }
    }
    evaluations += asked;
    evaluations_ever += double(asked);
    if (evaluations >= most_evaluations || largest(direction * t) <= o.tolerance_change || std::abs(loss - previous_loss) < o.tolerance_change) break;
  }
  call_hooks(false);
  return first_loss;
}

}  // namespace lazuli::optim
