// fuzz_programs [--calls N] [--seed S] [--start K] [--most-wrong M] [--here]: makes differentiable programs at random and holds their gradients, and the gradients of these, against
// differences; derivatives forward against backward; and two samples under vmap against one after the other, with gradients.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/func.h"
#include "lazuli/lazuli.h"
#include "tests/conformance/gradients.h"
#include "tests/fuzz/programs.h"
#include "tests/fuzz/watch.h"

namespace {

using namespace lazuli;

Tensor pattern(const Tensor& like, double shift) { return cos(arange(like.numel(), {.dtype = kFloat64}) * 1.3 + shift).reshape(like.sizes()); }
std::vector<Tensor> patterns(const std::vector<Tensor>& like) {
  std::vector<Tensor> all;
  for (const Tensor& t : like) all.push_back(pattern(t, double(all.size())));
  return all;
}
double inner(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] * b[i]).sum().item<double>();
  return sum;
}
bool finite(const std::vector<Tensor>& all) {
  return std::all_of(all.begin(), all.end(), [](const Tensor& t) { return isfinite(t).all().item<bool>(); });
}

// <u, J v> = <J^T u, v>.
std::string forward_against_backward(const fuzz::Program& program, const std::vector<Tensor>& x) {
  const func::detail::Derivative derivative("jvp", x);
  const std::vector<Tensor> y = program(derivative.inputs()), u = patterns(y), v = patterns(x);
  const std::vector<Tensor> back = derivative.pull(y, u, true), along = derivative.push(y, v);
  const double left = inner(u, along), right = inner(back, v);
  if (!std::isfinite(left) || !std::isfinite(right)) return "";
  double scale = 1;
  for (size_t i = 0; i < u.size(); ++i) scale += (u[i] * along[i]).abs().sum().item<double>();
  return std::fabs(left - right) <= 1e-9 * scale ? "" : fmt::format("forward {:.12g}, backward {:.12g}", left, right);
}

// Results and gradients of one sample.
std::pair<std::vector<Tensor>, std::vector<Tensor>> single(const fuzz::Program& program, const std::vector<Tensor>& x) {
  const func::detail::Derivative derivative("grad", x);
  std::vector<Tensor> y = program(derivative.inputs());
  std::vector<Tensor> gradients = derivative.pull(y, patterns(y), true);
  for (Tensor& t : y) t = t.detach();
  return {y, gradients};
}
std::string samples_together(const fuzz::Program& program, const std::vector<Tensor>& x) {
  std::vector<Tensor> scaled;
  for (const Tensor& t : x) scaled.push_back(t * 0.7);
  const auto [y1, g1] = single(program, x);
  const auto [y2, g2] = single(program, scaled);
  std::vector<Tensor> y, g;
  {
    const batching::LevelGuard level(2, batching::Randomness::Error);
    std::vector<Tensor> entered;
    for (size_t i = 0; i < x.size(); ++i) entered.push_back(detail::vmap_enter({stack({x[i], scaled[i]}), 0}, level.id(), 0, 2));
    const func::detail::Derivative derivative("grad", entered);
    const std::vector<Tensor> results = program(derivative.inputs());
    for (const Tensor& t : derivative.pull(results, patterns(results), true)) g.push_back(detail::vmap_leave(t, level.id(), 2, 0));
    for (const Tensor& t : results) y.push_back(detail::vmap_leave(t.detach(), level.id(), 2, 0));
  }
  const auto differ = [](const Tensor& a, const Tensor& b, const Tensor& both) {
    const Tensor expected = stack({a, b});
    return isfinite(expected).all().item<bool>() && !allclose(both, expected, 1e-8, 1e-9);
  };
  for (size_t i = 0; i < y.size(); ++i)
    if (differ(y1[i], y2[i], y[i])) return fmt::format("vmap: result {} is another one", i);
  if (!finite(y1) || !finite(y2)) return "";
  for (size_t i = 0; i < g.size(); ++i)
    if (differ(g1[i], g2[i], g[i])) return fmt::format("vmap: gradient {} is another one", i);
  return "";
}

std::string check(uint64_t seed, uint64_t number, fuzz::Note& note, uint64_t& refused) {
  const fuzz::Program program(seed, number);
  const std::vector<Tensor> x = program.leaves();
  std::string forms;
  for (const Tensor& t : x) forms += to_string(t.sizes()) + " ";
  try {
    {
      no_grad guard;
      program(x);
    }
    note.describe("gradients of " + forms + ": " + program.text());
    const conformance::GradientCheck checked = conformance::check_gradients(program, x, conformance::Step::Any);
    if (!checked.complaint.empty()) return checked.complaint;
    if (checked.refused) return ++refused, "";
    note.describe("forward mode of " + forms + ": " + program.text());
    if (std::string wrong = forward_against_backward(program, x); !wrong.empty()) return wrong;
    note.describe("vmap of " + forms + ": " + program.text());
    return samples_together(program, x);
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::State || e.kind() == ErrorKind::NotSupported) return ++refused, "";  // a write in place that is refused
    return std::string(e.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const fuzz::Task task = fuzz::parse_task(argc, argv, "PROGRAM");
  const uint64_t wrong = fuzz::watch(task, "fuzz_programs", [&](uint64_t number, fuzz::Note& note) {
    static uint64_t refused = 0, seen = 0;
    std::string complaint = check(task.seed, number, note, refused);
    if (++seen % 200 == 0 && refused * 4 > seen) complaint += fmt::format("{} of {} programs are refused", refused, seen);
    return complaint;
  });
  fmt::print("{} programs, seed {}, from {}: {} wrong\n", task.count, task.seed, task.start, wrong);
  return wrong ? 1 : 0;
}
