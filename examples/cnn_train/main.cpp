// Trains a small ResNet on Fashion-MNIST. model.h has the network, augment.h what is done to the images; the loop is here.
#include <cstdio>

#include "augment.h"
#include "common/report.h"
#include "common/run.h"
#include "common/warmup_cosine.h"
#include "lazuli/distributed/distributed.h"
#include "lazuli/record/record.h"
#include "model.h"
#include "options.h"

using namespace lazuli;

namespace {

constexpr double kMean = 0.2860, kStd = 0.3530;

/// Images [n, 1, h, w], standardized.
data::Example prepare(const data::MNIST& set, Device device) {
  data::Example all = data::normalize(kMean, kStd)({set.data(), {}}, default_generator());
  return {all.data.unsqueeze(1).to(device), set.target().to(device)};
}

int train(const Options& options) {
  examples::Run run("cnn_train", options, essential(options));
  if (options.record && run.ranks() > 1) fail("cnn_train", "--record", "one process", std::to_string(run.ranks()));
  data::FashionMNIST train_set(options.data), test_set(options.data, data::MNIST::Split::Test);
  data::Example train = prepare(train_set, run.device()), test = prepare(test_set, run.device());

  ResNet model(options.width, options.blocks, int64_t(data::FashionMNIST::classes().size()));
  model.to(run.device());
  if (options.summary) std::printf("%s\n", nn::summary(model, train.data.narrow(0, 0, 1).sizes()).c_str());
  if (run.ranks() > 1) nn::SyncBatchNorm::convert_sync_batchnorm(model);
  optim::SGD optimizer(model.parameters(),
                       {.lr = options.lr, .momentum = options.momentum, .weight_decay = options.weight_decay, .nesterov = options.momentum > 0});
  // Each process takes its part of every batch.
  const examples::Share share = run.share(options.batch, "--batch");
  data::DataLoader loader(data::TensorDataset(train.data, train.target),
                          {.seed = options.seed,
                           .workers = options.workers,
                           .batch_sampler = data::DistributedBatchSampler(
                               train.data.size(0), {.batch_size = options.batch, .num_replicas = run.ranks(), .rank = run.rank(), .drop_last = true}),
                           .transform = run.own_random(options.shift < 0 ? data::Transform() : augment(options.shift, -kMean / kStd))});
  if (loader.size() == 0)
    fail("cnn_train", "--batch", "at most the number of images, " + std::to_string(train.data.size(0)), std::to_string(options.batch));
  examples::WarmupCosine schedule(optimizer, options.epochs * loader.size(), loader.size());
  std::optional<distributed::DistributedDataParallel<ResNet>> parallel;
  if (run.ranks() > 1) parallel.emplace(model);
  run.hold("model", model);
  run.hold("optimizer", optimizer);
  run.resume();

  auto step = [&](const Tensor& images, const Tensor& labels) {
    optimizer.zero_grad();
    Tensor scores, loss;
    {
      amp::autocast mixed(run.device(), kBFloat16, options.amp);
      scores = parallel ? (*parallel)(images) : model(images);
      loss = share.weighted(cross_entropy(scores, labels));
    }
    loss.backward();
    optimizer.step();
    return std::pair(loss.detach(), scores.detach());
  };
  auto recorded = record(step);

  examples::Evaluation evaluation;
  while (run.epoch() < options.epochs) {
    model.train();
    run.begin(options.epochs, loader.size(), options.batch);
    for (auto& [images, labels] : loader.epoch(run.epoch(), run.done())) {
      schedule.set_step(run.step());
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
  return examples::guarded("cnn_train", [&] { return train(options); });
}
