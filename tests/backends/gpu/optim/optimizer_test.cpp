#include "lazuli/core/slots/optimizer_step.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

TEST_CASE("gpu: optimizer steps are the CPU's", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kFloat64, kBFloat16})) {
      INFO(name(t));
      const double rtol = t == kFloat64 ? 1e-12 : t == kFloat32 ? 1e-5 : 2e-2;
      manual_seed(3);
      Tensor p = randn({1001}).to(t), g = randn({1001}).to(t), m = randn({1001}).to(t), v = rand({1001}).to(t), most = rand({1001}).to(t), none;
      for (bool nesterov : {false, true})
        for (bool maximize : {false, true}) {
          SgdOptions o{
              .lr = 0.1, .momentum = 0.9, .dampening = nesterov ? 0.0 : 0.1, .weight_decay = 0.01, .nesterov = nesterov, .maximize = maximize};
          Tensor p1 = p.clone(), m1 = m.clone(), p2 = p.to(d), m2 = m.to(d), p3 = p.clone(), p4 = p.to(d);
          sgd_kernel(kCPU, p1, g, m1, o);
          sgd_kernel(kCPU, p3, g, none, o);
          require_on_device([&] {
            sgd_kernel(d, p2, g.to(d), m2, o);
            sgd_kernel(d, p4, g.to(d), none, o);
          });
          require_same(p2, p1, rtol, rtol);
          require_same(m2, m1, rtol, rtol);
          require_same(p4, p3, rtol, rtol);
        }
      for (bool amsgrad : {false, true})
        for (bool decoupled : {false, true}) {
          AdamOptions o{.lr = 0.1,
                        .beta1 = 0.9,
                        .beta2 = 0.99,
                        .eps = 1e-6,
                        .weight_decay = 0.02,
                        .decoupled_weight_decay = decoupled,
                        .amsgrad = amsgrad,
                        .step = 3};
          Tensor p1 = p.clone(), m1 = m.clone(), v1 = v.clone(), x1 = amsgrad ? most.clone() : none, p2 = p.to(d), m2 = m.to(d), v2 = v.to(d),
                 x2 = amsgrad ? most.to(d) : none;
          adam_kernel(kCPU, p1, g, m1, v1, x1, o);
          require_on_device([&] { adam_kernel(d, p2, g.to(d), m2, v2, x2, o); });
          require_same(p2, p1, rtol, rtol);
          require_same(m2, m1, rtol, rtol);
          require_same(v2, v1, rtol, rtol);
          if (amsgrad) require_same(x2, x1, rtol, rtol);
        }
    }
}

TEST_CASE("gpu: optimizer steps by rule are the CPU's", "[backends][gpu]") {
  const StepOptions o{.lr = 0.1,
                      .weight_decay = 0.2,
                      .shrink = 0.9,
                      .beta1 = 0.8,
                      .beta2 = 0.9,
                      .eps = 1e-3,
                      .momentum = 0.7,
                      .correction = 0.5,
                      .least = 0.1,
                      .most = 2,
                      .maximize = true};
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kFloat64, kBFloat16}))
      for (int k = 0; k < int(StepRule::Count_); ++k) {
        INFO(name(StepRule(k)) << ", " << name(t));
        const double rtol = t == kFloat64 ? 1e-12 : t == kFloat32 ? 1e-5 : 2e-2;
        manual_seed(3);
        const bool third = StepRule(k) == StepRule::CenteredRMSprop;
        const Tensor p = randn({1001}).to(t), g = randn({1001}).to(t), s = rand({1001}).to(t) + 1.0, u = rand({1001}).to(t) * 0.5;
        Tensor p1 = p.clone(), s1 = s.clone(), t1 = s.clone(), p2 = p.to(d), s2 = s.to(d), t2 = s.to(d), u1 = third ? u.clone() : Tensor(),
               u2 = third ? u.to(d) : Tensor();
        optimizer_step_kernel(kCPU, StepRule(k), p1, g, s1, t1, u1, o);
        require_on_device([&] { optimizer_step_kernel(d, StepRule(k), p2, g.to(d), s2, t2, u2, o); });
        require_same(p2, p1, rtol, rtol);
        require_same(s2, s1, rtol, rtol);
        require_same(t2, t1, rtol, rtol);
      }
}
