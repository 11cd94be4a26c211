#include <cmath>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/optimizer_step.h"
#include "lazuli/tests/backends/pointwise/pointwise_helper.h"
#include "lazuli/tests/catch.h"

using namespace pointwise_test;

namespace {

// The formulas of torch.optim.SGD and Adam(W), one element at a time in double.
struct Reference {
  double p, buffer = 0, m = 0, v = 0, vmax = 0;
  void sgd(double g, const SgdOptions& o) {
    if (o.maximize) g = -g;
    g += o.weight_decay * p;
    if (o.momentum != 0) {
      buffer = o.first_step ? g : o.momentum * buffer + (1 - o.dampening) * g;
      g = o.nesterov ? g + o.momentum * buffer : buffer;
    }
    p -= o.lr * g;
  }
  void adam(double g, const AdamOptions& o) {
    if (o.maximize) g = -g;
    if (o.decoupled_weight_decay) p *= 1 - o.lr * o.weight_decay;
    else g += o.weight_decay * p;
    m = o.beta1 * m + (1 - o.beta1) * g;
    v = o.beta2 * v + (1 - o.beta2) * g * g;
    vmax = std::max(vmax, v);
    const double denominator = std::sqrt(o.amsgrad ? vmax : v) / std::sqrt(1 - std::pow(o.beta2, double(o.step))) + o.eps;
    p -= o.lr / (1 - std::pow(o.beta1, double(o.step))) * m / denominator;
  }
};

std::vector<double> as_doubles(const Tensor& t) {
  Tensor wide = new_tensor(t.sizes(), kFloat64);
  copy_kernel(kCPU, wide, t);
  return values_of<double>(wide);
}

constexpr int64_t kSize = 1003;
double grad_at(int64_t i, int step) { return std::sin(double(i) * 0.37 + step) * (1 + i % 5); }

// Takes five steps and compares with the reference.
template <class Step, class RefStep>
void check(DType dtype, double tolerance, Step&& step, RefStep&& reference_step) {
  Tensor p = new_tensor({kSize}, dtype), g = new_tensor({kSize}, dtype);
  std::vector<Reference> reference;
  for (int64_t i = 0; i < kSize; i++) {
    store_scalar(static_cast<char*>(p.address()) + i * p.item_size(), dtype, double(i % 17) / 8 - 1);
    reference.push_back({double(i % 17) / 8 - 1});
  }
  for (int k = 1; k <= 5; k++) {
    for (int64_t i = 0; i < kSize; i++) {
      char* place = static_cast<char*>(g.address()) + i * g.item_size();
      store_scalar(place, dtype, grad_at(i, k));
      reference_step(reference[size_t(i)], load_scalar(place, dtype).to<double>(), k);
    }
    step(p, g, k);
  }
  const std::vector<double> got = as_doubles(p);
  double worst = 0;
  for (size_t i = 0; i < got.size(); i++) worst = std::max(worst, std::abs(got[i] - reference[i].p));
  CHECK(worst < tolerance);
}

// The formulas as they stand, on single numbers.
using REAL = double;
using std::fabs, std::fmax, std::fmin, std::sqrt;
double choose(bool condition, double a, double b) { return condition ? a : b; }
struct Formula {
  double p, g, s, t, u, lr, beta1, beta2, eps, momentum, correction, least, most;
#define LAZULI_STEP(rule, ...) void rule() __VA_ARGS__
#include "lazuli/core/slots/optimizer_step.def"
  void run(StepRule rule) {
    static constexpr void (Formula::*kFormulas[])() = {
#define LAZULI_STEP(rule, ...) &Formula::rule,
#include "lazuli/core/slots/optimizer_step.def"
    };
    (this->*kFormulas[int(rule)])();
  }
};

Tensor zeros(DType dtype) {
  Tensor t = new_tensor({kSize}, dtype);
  fill_kernel(kCPU, t, 0);
  return t;
}

}  // namespace

TEST_CASE("sgd steps follow PyTorch's formulas", "[backends]") {
  cpu::register_kernels();
  const std::pair<DType, double> kinds[] = {{kFloat32, 3e-6}, {kFloat64, 1e-13}, {kBFloat16, 0.3}};
  for (const auto& [dtype, tolerance] : kinds)
    for (const SgdOptions& options : {SgdOptions{.lr = 0.1}, SgdOptions{.lr = 0.1, .weight_decay = 0.01, .maximize = true},
                                      SgdOptions{.lr = 0.05, .momentum = 0.9, .dampening = 0.1},
                                      SgdOptions{.lr = 0.05, .momentum = 0.9, .weight_decay = 0.1, .nesterov = true}}) {
      Tensor buffer;
      if (options.momentum != 0) buffer = zeros(dtype);
      const auto at = [&](int k) {
        SgdOptions o = options;
        o.first_step = k == 1;
        return o;
      };
      check(
          dtype, tolerance, [&](Tensor& p, Tensor& g, int k) { sgd_kernel(kCPU, p, g, buffer, at(k)); },
          [&](Reference& r, double g, int k) { r.sgd(g, at(k)); });
    }
}

TEST_CASE("adam steps follow PyTorch's formulas", "[backends]") {
  cpu::register_kernels();
  const std::pair<DType, double> kinds[] = {{kFloat32, 3e-6}, {kFloat64, 1e-13}, {kBFloat16, 0.2}};
  for (const auto& [dtype, tolerance] : kinds)
    for (const AdamOptions& options :
         {AdamOptions{.lr = 0.1, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8},
          AdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.99, .eps = 1e-8, .weight_decay = 0.1, .amsgrad = true},
          AdamOptions{
              .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-6, .weight_decay = 0.1, .decoupled_weight_decay = true, .maximize = true}}) {
      Tensor m = zeros(dtype), v = zeros(dtype), most;
      if (options.amsgrad) most = zeros(dtype);
      const auto at = [&](int k) {
        AdamOptions o = options;
        o.step = k;
        return o;
      };
      check(
          dtype, tolerance, [&](Tensor& p, Tensor& g, int k) { adam_kernel(kCPU, p, g, m, v, most, at(k)); },
          [&](Reference& r, double g, int k) { r.adam(g, at(k)); });
    }
  Tensor i = new_tensor({3}, kInt32), none_at_all;
  CHECK_THROWS_AS(sgd_kernel(kCPU, i, i, none_at_all, SgdOptions{}), Error);
}

TEST_CASE("every rule's step is its formula, on each element", "[backends]") {
  cpu::register_kernels();
  const StepOptions o{.lr = 0.1,
                      .weight_decay = 0.2,
                      .shrink = 0.9,
                      .beta1 = 0.8,
                      .beta2 = 1.1,
                      .eps = 1e-3,
                      .momentum = 0.7,
                      .correction = 0.5,
                      .least = 0.1,
                      .most = 2,
                      .maximize = true};
  for (DType dtype : {kFloat32, kFloat64, kBFloat16})
    for (int rule = 0; rule < int(StepRule::Count_); ++rule)
      for (bool stateless : {false, true}) {
        INFO(name(StepRule(rule)) << ", " << name(dtype));
        const DType wide = dtype == kBFloat16 ? kFloat32 : dtype;
        Tensor p = zeros(dtype), g = zeros(dtype), s = zeros(wide), t = zeros(wide), u = zeros(wide), none;
        std::vector<Formula> expected;
        for (int64_t i = 0; i < kSize; ++i) {
          const auto set = [&](Tensor& to, double value) {
            char* place = static_cast<char*>(to.address()) + i * to.item_size();
            store_scalar(place, to.dtype(), value);
            return load_scalar(place, to.dtype()).to<double>();
          };
          const double parameter = set(p, double(i % 17) / 8 - 1), grad = set(g, i % 5 ? grad_at(i, 1) : 0);
          const double first = set(s, i % 3 - 1 + (rule == int(StepRule::Rprop) ? 0 : 3)), second = set(t, 1 + i % 4),
                       third = set(u, double(i % 2) / 2);
          expected.push_back({parameter * o.shrink, -grad + o.weight_decay * parameter, first, second, stateless ? 0 : third, o.lr, o.beta1, o.beta2,
                              o.eps, o.momentum, o.correction, o.least, o.most});
          expected.back().run(StepRule(rule));
        }
        optimizer_step_kernel(kCPU, StepRule(rule), p, g, s, t, stateless ? none : u, o);
        const std::vector<double> got = as_doubles(p), first = as_doubles(s), second = as_doubles(t);
        double worst = 0;
        for (size_t i = 0; i < got.size(); ++i) {
          const auto differ = [&](double a, double b) { worst = std::max(worst, std::isnan(b) ? double(!std::isnan(a)) : std::abs(a - b)); };
          differ(got[i], expected[i].p);
          differ(first[i], expected[i].s);
          differ(second[i], expected[i].t);
        }
        CHECK(worst < (dtype == kFloat64 ? 1e-12 : dtype == kFloat32 ? 1e-3 : 0.2));
      }
  Tensor i = new_tensor({3}, kInt32), none;
  CHECK_THROWS_AS(optimizer_step_kernel(kCPU, StepRule::Lion, i, i, none, none, none, StepOptions{}), Error);
}
