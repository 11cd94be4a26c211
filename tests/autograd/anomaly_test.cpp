#include "lazuli/lazuli.h"

#include <cmath>

#include "tests/catch.h"

using namespace lazuli;

namespace {
struct Anomaly {
  Anomaly() { autograd::set_detect_anomaly(true); }
  ~Anomaly() { autograd::set_detect_anomaly(false); }
};
}  // namespace

TEST_CASE("in anomaly mode a backward that gives NaN is an Error that names its operator", "[autograd]") {
  Tensor x = tensor({0.0, 4.0}).requires_grad_();
  auto loss = [&] { return (sqrt(x) * tensor({0.0, 1.0})).sum(); };  // 0 / 0 in the backward of sqrt
  CHECK_FALSE(autograd::is_anomaly_enabled());
  loss().backward();
  CHECK(isnan(x.grad()).to_vector<bool>() == std::vector<bool>{true, false});
  x.set_grad({});
  {
    Anomaly mode;
    CHECK(autograd::is_anomaly_enabled());
    CHECK_THROWS_WITH(loss().backward(), Contains("sqrt: expected a backward without NaN") &&
                                             Contains("NaN in the gradient of input 0, sizes [2] (anomaly mode)") &&
                                             Contains("whose forward 'sqrt' was recorded, called by "));
    CHECK_FALSE(x.grad().defined());
    (x * 2).sum().backward();  // nothing wrong with it
    CHECK(x.grad().to_vector<double>() == std::vector<double>{2, 2});
    // An infinite gradient is none, nor is NaN in a forward that the backward does not meet.
    x.set_grad({});
    sqrt(x).sum().backward();
    CHECK(std::isinf(x.grad()[0].item<double>()));
  }
  CHECK_FALSE(autograd::is_anomaly_enabled());
}
