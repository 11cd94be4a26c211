#include "lazuli/optim/swa_utils.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;
namespace swa = optim::swa_utils;

TEST_CASE("SWALR anneals to its rate", "[optim][swa]") {
  const Tensor p = ones({1}).requires_grad_();
  optim::SGD sgd({p}, {.lr = 1.0});
  swa::SWALR linear(sgd, 0.2, 4, swa::Anneal::Linear);
  for (double expected : {1.0, 0.8, 0.6, 0.4, 0.2, 0.2}) {
    CHECK(sgd.lr() == Approx(expected));
    linear.step();
  }
  optim::SGD other({p}, {.lr = 1.0});
  swa::SWALR cosine(other, 0.0, 2);
  cosine.step();
  CHECK(other.lr() == Approx(0.5));
  cosine.step();
  CHECK(other.lr() == Approx(0).margin(1e-12));
}

TEST_CASE("SWALR takes its strategy by name", "[optim][swa]") {
  Tensor p = ones({1}).requires_grad_();
  optim::SGD sgd({p}, 1.0);
  optim::swa_utils::SWALR linear(sgd, {.swa_lr = 0.5, .anneal_epochs = 2, .anneal_strategy = "linear"});
  CHECK(linear.lr_at(1, 1.0) == Approx(0.75));
  CHECK(says(error_of([&] { optim::swa_utils::SWALR(sgd, 0.5, 2, "cubic"); }), "cubic"));
}
