#include <csignal>
#include <filesystem>

#include "lazuli/lazuli.h"
#include "lazuli/training/training.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace lazuli::training;
using namespace lazuli::test;

namespace {

// Two classes, told apart by the sign of a sum.
data::TensorDataset examples(int64_t count, uint64_t seed) {
  const Tensor x = randn({count, 4}, {}, Generator(seed));
  return data::TensorDataset(x, x.sum(1).gt(0).to(kInt64));
}

struct Fixture {
  Fixture() {
    manual_seed(3);
    model = std::make_unique<nn::Sequential>(nn::Sequential{nn::Linear(4, 8), nn::ReLU(), nn::Dropout(0.1), nn::Linear(8, 2)});
    adam = std::make_unique<optim::Adam>(model->parameters(), optim::AdamOptions{.lr = 0.02});
    scheduler = std::make_unique<optim::StepLR>(*adam, 2, 0.5);
  }
  TrainerOptions options(TrainerOptions o) const {
    o.scheduler = scheduler.get();
    o.progress = false;
    return o;
  }
  Tensor weights() const { return nn::utils::parameters_to_vector(model->parameters()).detach().clone(); }
  std::unique_ptr<nn::Sequential> model;
  std::unique_ptr<optim::Adam> adam;
  std::unique_ptr<optim::StepLR> scheduler;
  data::DataLoader<> train{examples(160, 1), {.batch_size = 16, .shuffle = true, .seed = 5}}, test{examples(64, 2), {.batch_size = 32}};
};

struct StopAt : Callback {
  explicit StopAt(int64_t n, bool by_signal = false) : step(n), signal(by_signal) {}
  void on_step_end(Trainer& trainer) override {
    if (trainer.step() != step) return;
    if (signal) std::raise(SIGINT);
    else trainer.stop();
  }
  int64_t step;
  bool signal;
};

}  // namespace

TEST_CASE("a trainer fits, measures and logs", "[training]") {
  TemporaryFolder folder;
  Fixture f;
  auto logger = std::make_shared<CSVLogger>(folder.file("log.csv"));
  Trainer trainer(f.options({.max_epochs = 6, .clip_norm = 5, .logger = logger, .log_every = 10}));
  trainer.add_meter("accuracy", Accuracy());
  trainer.fit(*f.model, *f.adam, f.train, &f.test);
  CHECK(trainer.epoch() == 6);
  CHECK(trainer.step() == 60);
  CHECK(trainer.metric("val_accuracy") > 0.9);
  CHECK(trainer.history().at("loss").size() == 6);
  CHECK(trainer.metric("loss") < 0.6 * trainer.history().at("loss")[0]);
  CHECK(trainer.history().at("lr") == std::vector<double>{0.02, 0.02, 0.01, 0.01, 0.005, 0.005});
  CHECK(f.model->is_training());
  CHECK(trainer.validate(*f.model, f.test).at("accuracy") == trainer.metric("val_accuracy"));
  CHECK(says(read_bytes(folder.file("log.csv")), ",60,step_loss,"));
  CHECK(says(read_bytes(folder.file("log.csv")), ",6,val_accuracy,"));
  CHECK(says(error_of([&] { trainer.metric("f1"); }), "val_accuracy"));
}

TEST_CASE("a trainer does what a loop by hand does", "[training]") {
  Fixture one;
  Trainer trainer(one.options({.max_epochs = 1, .accumulate = 3, .clip_norm = 0.5}));
  trainer.fit(*one.model, *one.adam, one.train);
  manual_seed(3);
  Fixture by_hand;  // from the same seed
  int64_t batch = 0;
  by_hand.adam->zero_grad();
  for (auto& [x, y] : by_hand.train.epoch(0)) {
    const int64_t group = batch < 9 ? 3 : 1;  // ten batches: the last has a step of its own
    (cross_entropy((*by_hand.model)(x), y) / double(group)).backward();
    if (++batch % 3 != 0 && batch != 10) continue;
    nn::utils::clip_grad_norm_(by_hand.model->parameters(), 0.5);
    by_hand.adam->step();
    by_hand.adam->zero_grad();
  }
  CHECK(trainer.step() == 4);
  CHECK(allclose(one.weights(), by_hand.weights(), 1e-6, 1e-7));
}

TEST_CASE("a trainer that was stopped goes on bit for bit, by stop and by Ctrl-C", "[training]") {
  TemporaryFolder folder;
  Fixture whole;
  Trainer straight(whole.options({.max_epochs = 3}));
  straight.fit(*whole.model, *whole.adam, whole.train, &whole.test);
  for (bool by_signal : {false, true}) {
    const std::string at = folder.file(by_signal ? "signal" : "stop");
    {
      Fixture f;
      Trainer trainer(f.options({.max_epochs = 3, .checkpoint_folder = at, .callbacks = {std::make_shared<StopAt>(14, by_signal)}}));
      trainer.fit(*f.model, *f.adam, f.train, &f.test);
      CHECK(trainer.step() == 14);
      CHECK(trainer.interrupted() == by_signal);
    }
    Fixture f;
    manual_seed(99);
    Trainer trainer(f.options({.max_epochs = 3, .checkpoint_folder = at}));
    trainer.fit(*f.model, *f.adam, f.train, &f.test);
    CHECK(trainer.step() == 30);
    CHECK(equal(f.weights(), whole.weights()));
    CHECK(trainer.history().at("loss") == straight.history().at("loss"));
    CHECK(trainer.history().at("val_loss") == straight.history().at("val_loss"));
    const CheckpointFolder checkpoints(at);
    CHECK(checkpoints.steps() == std::vector<int64_t>{14, 20, 30});
    CHECK(checkpoints.best_step());
    CHECK(checkpoints.best_metric() == *std::min_element(trainer.history().at("val_loss").begin(), trainer.history().at("val_loss").end()));
  }
}

TEST_CASE("a trainer stops early, takes a step of one's own, and refuses a loss that is no number", "[training]") {
  Fixture f;
  int64_t calls = 0;
  auto flat = [&](const data::Example& batch) {
    ++calls;
    return mse_loss((*f.model)(batch.data), zeros({batch.data.size(0), 2})) * 0.0 + 1.0;
  };
  Trainer trainer(f.options({.max_epochs = 50, .early_stopping = EarlyStoppingOptions{.patience = 2}}));
  trainer.fit(*f.model, *f.adam, f.train, nullptr, flat);
  CHECK(trainer.epoch() == 3);  // the first is the best
  CHECK(calls == 30);
  Trainer limited(f.options({.max_epochs = 9, .max_steps = 13}));
  limited.fit(*f.model, *f.adam, f.train, nullptr, flat);
  CHECK(limited.step() == 13);
  auto broken = [&](const data::Example& batch) { return (*f.model)(batch.data).sum() / 0.0; };
  CHECK(says(error_of([&] { trainer.fit(*f.model, *f.adam, f.train, nullptr, broken); }), "a finite loss"));
  CHECK(says(error_of([] { Trainer wrong({.accumulate = 0}); }), "accumulate"));
}

TEST_CASE("a trainer whose steps are recorded does what one without does", "[training]") {
  for (int64_t accumulate : {1, 3}) {
    Fixture eager, recorded;
    for (Fixture* f : {&eager, &recorded}) {
      manual_seed(7);
      Trainer trainer(f->options({.max_epochs = 3, .accumulate = accumulate, .clip_norm = 0.5, .record = f == &recorded}));
      trainer.fit(*f->model, *f->adam, f->train, &f->test);
    }
    CHECK(recorded.weights().equal(eager.weights()));
  }
}
