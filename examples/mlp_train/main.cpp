// Trains an MLP on Fashion-MNIST: data, model, loop, checkpoints. Each idea has a file; the loop is here.
#include <cstdio>

#include "common/report.h"
#include "common/run.h"
#include "lazuli/distributed/distributed.h"
#include "lazuli/record/record.h"
#include "model.h"

using namespace lazuli;

namespace {

struct Images {
  Tensor data, target;
};
Images prepare(const data::MNIST& set, const Options& options) {
  auto normalize = data::normalize(0.2860, 0.3530, /*flatten=*/true, parse_dtype(options.dtype));
  Device device(options.device);
  return {normalize({set.data(), {}}, default_generator()).data.to(device), set.target().to(device)};
}

int train(const Options& options) {
  examples::Run run("mlp_train", options, essential(options));
  data::FashionMNIST train_set(options.data), test_set(options.data, data::MNIST::Split::Test);
  Images train = prepare(train_set, options), test = prepare(test_set, options);
  const int64_t features = train.data.size(1), count = train.data.size(0);

  nn::Sequential model = make_model(options, features, int64_t(data::FashionMNIST::classes().size()));
  if (options.summary) std::printf("%s\n", nn::summary(model, {options.batch, features}).c_str());
  if (options.record && run.ranks() > 1) fail("mlp_train", "--record", "one process", std::to_string(run.ranks()));
  if (run.ranks() > 1) nn::SyncBatchNorm::convert_sync_batchnorm(model);
  auto optimizer = make_optimizer(options, model.parameters());
  auto scheduler = make_scheduler(options, *optimizer);
  // Each process takes its part of every batch: together they see what one process alone would.
  const examples::Share share = run.share(options.batch, "--batch");
  data::DataLoader loader(data::TensorDataset(train.data, train.target),
                          {.seed = options.seed,
                           .workers = options.workers,
                           .batch_sampler = data::DistributedBatchSampler(
                               count, {.batch_size = options.batch, .num_replicas = run.ranks(), .rank = run.rank(), .drop_last = true})});
  if (loader.size() == 0) fail("mlp_train", "--batch", "at most " + std::to_string(count) + ", the number of images", std::to_string(options.batch));
  std::optional<distributed::DistributedDataParallel<nn::Sequential>> parallel;
  if (run.ranks() > 1) parallel.emplace(model);
  run.hold("model", model);
  run.hold("optimizer", *optimizer);
  run.resume();

  auto step = [&](const Tensor& images, const Tensor& labels) {
    optimizer->zero_grad();
    Tensor scores, loss;
    {
      amp::autocast mixed(run.device(), kBFloat16, options.amp);
      scores = parallel ? (*parallel)(images) : model(images);
      loss = share.weighted(cross_entropy(scores, labels));
    }
    loss.backward();
    optimizer->step();
    return std::pair(loss.detach(), scores.detach());
  };
  auto recorded = record(step);

  examples::Evaluation evaluation;
  while (run.epoch() < options.epochs) {
    if (scheduler) scheduler->set_step(run.epoch());
    model.train();
    run.begin(options.epochs, loader.size(), options.batch);
    for (auto& [images, labels] : loader.epoch(run.epoch(), run.done())) {
      auto [loss, scores] = options.record ? recorded(images, labels) : step(images, labels);
      no_grad guard;
      run.measure("loss", loss);
      run.measure("correct", scores.argmax(1).eq(labels).sum());
      if (!run.advance()) return run.stopped();
    }
    evaluation = examples::evaluate(model, test.data, test.target);
    examples::end_epoch(run, evaluation, options.epochs, options.batch);
  }
  if (!evaluation.predicted.defined()) evaluation = examples::evaluate(model, test.data, test.target);
  examples::print_report(evaluation, test_set);
  if (!options.plot.empty()) examples::plot_training(run, options.plot);
  run.finish();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return examples::guarded("mlp_train", [&] { return train(options); });
}
