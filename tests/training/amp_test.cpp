#include "lazuli/training/amp.h"

#include "lazuli/lazuli.h"
#include "lazuli/training/training.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace lazuli::training;
using namespace lazuli::test;

namespace {

// Remembers the dtype of what the first layer gave.
struct Watched : nn::ModuleOf<Watched> {
  nn::Child<nn::Linear> first{this, "first", 4, 8}, second{this, "second", 8, 2};
  DType seen = kFloat64;
  Tensor forward(const Tensor& x) {
    const Tensor h = first(x);
    seen = h.dtype();
    return second(h.relu());
  }
};
struct Fixture {
  explicit Fixture(uint64_t seed = 3) {
    manual_seed(seed);
    model = std::make_unique<Watched>();
    adam = std::make_unique<optim::Adam>(model->parameters(), optim::AdamOptions{.lr = 0.02});
  }
  Tensor weights() const { return nn::utils::parameters_to_vector(model->parameters()).detach().clone(); }
  std::unique_ptr<Watched> model;
  std::unique_ptr<optim::Adam> adam;
  Tensor x = randn({64, 4}, {}, Generator(1));
  data::DataLoader<> train{data::TensorDataset(x, x.sum(1).gt(0).to(kInt64)), {.batch_size = 16, .shuffle = true, .seed = 5}};
};

}  // namespace

TEST_CASE("a trainer trains in mixed precision", "[training]") {
  for (const DType dtype : {kBFloat16, kFloat16}) {
    Fixture f;
    const auto precision = std::make_shared<AutocastPrecision>(kCPU, dtype);
    Trainer trainer({.max_epochs = 6, .clip_norm = 5, .precision = precision, .progress = false});
    trainer.fit(*f.model, *f.adam, f.train);
    CHECK(f.model->seen == dtype);
    CHECK(precision->scaler().is_enabled() == (dtype == kFloat16));
    CHECK(trainer.metric("loss") < 0.8 * trainer.history().at("loss")[0]);
    for (const Tensor& p : f.model->parameters()) CHECK(p.dtype() == kFloat32);
  }
  CHECK(says(error_of([] { AutocastPrecision(kCPU, kFloat64); }), "float64"));
}

TEST_CASE("a trainer in mixed precision goes on bit for bit, its scaler too", "[training]") {
  TemporaryFolder folder;
  const auto precision = [] {
    return std::make_shared<AutocastPrecision>(kCPU, kFloat16, amp::GradScalerOptions{.init_scale = 1024, .growth_interval = 3});
  };
  Fixture whole;
  const auto through = precision();
  Trainer({.max_epochs = 4, .precision = through, .progress = false}).fit(*whole.model, *whole.adam, whole.train);
  Fixture first;
  Trainer({.max_epochs = 2, .checkpoint_folder = folder.path(), .precision = precision(), .progress = false})
      .fit(*first.model, *first.adam, first.train);
  Fixture second(4);
  const auto resumed = precision();
  Trainer({.max_epochs = 4, .checkpoint_folder = folder.path(), .precision = resumed, .progress = false})
      .fit(*second.model, *second.adam, second.train);
  CHECK(equal(whole.weights(), second.weights()));
  CHECK(resumed->scaler().get_scale() == through->scaler().get_scale());
  CHECK(through->scaler().get_scale() > 1024);
}
