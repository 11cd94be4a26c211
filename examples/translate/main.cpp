// Trains a Transformer with encoder and decoder on a made-up language: strings of digits and the same reversed, or sorted. task.h has the strings, model.h the network; the loop is
// here.
#include <algorithm>
#include <cstdio>

#include "common/run.h"
#include "common/warmup_cosine.h"
#include "lazuli/training/plot.h"
#include "model.h"
#include "options.h"

using namespace lazuli;

namespace {

/// The share of strings that come out right as a whole, in percent. What comes after the end does not count.
double exact(Translator& model, const Pairs& test) {
  model.eval();
  double right = 0;
  constexpr int64_t kBatch = 500;
  for (int64_t at = 0; at < test.source.size(0); at += kBatch) {
    const int64_t n = std::min(kBatch, test.source.size(0) - at);
    Tensor target = test.target.narrow(0, at, n), got = model.translate(test.source.narrow(0, at, n), target.size(1));
    right += got.eq(target).logical_or(target.eq(kPadding)).all(1).sum().item<double>();
  }
  model.train();
  return 100 * right / double(test.source.size(0));
}

int train(const Options& options) {
  examples::Run run("translate", options, essential(options));
  const Task task{options.task == "sort", options.shortest, options.longest};
  Pairs test = draw(task, 2000, Generator(options.seed + 1));
  test = {test.source.to(run.device()), test.target.to(run.device())};

  Translator model({options.layers, options.heads, options.features, task.width()});
  model.to(run.device());
  optim::Adam optimizer(model.parameters(), {.lr = options.lr, .beta2 = 0.98});
  examples::WarmupCosine schedule(optimizer, options.epochs * options.steps, options.steps);
  run.hold("model", model);
  run.hold("optimizer", optimizer);
  run.resume();

  const Tensor begin = full({options.batch, 1}, kBegin, {.dtype = kInt64, .device = run.device()});
  while (run.epoch() < options.epochs) {
    run.begin(options.epochs, options.steps, options.batch, "strings");
    while (run.done() < options.steps) {
      schedule.set_step(run.step());
      Pairs pairs = draw(task, options.batch, default_generator());
      Tensor source = pairs.source.to(run.device()), target = pairs.target.to(run.device());
      optimizer.zero_grad();
      Tensor scores = model(source, cat({begin, target.narrow(1, 0, target.size(1) - 1)}, 1));
      Tensor loss = cross_entropy(scores.flatten(0, 1), target.flatten(), {.ignore_index = kPadding});
      loss.backward();
      nn::utils::clip_grad_norm_(model.parameters(), 1.0);
      optimizer.step();
      run.measure("loss", loss);
      if (!run.advance()) return run.stopped();
    }
    const double loss = run.mean("loss"), right = exact(model, test);
    std::printf("epoch %2ld/%ld  train loss %.4f  exact %.2f %%  %.0f strings/s  peak memory %.0f MiB\n", long(run.epoch() + 1), long(options.epochs),
                loss, right, run.rate(), examples::peak_memory_mib(run.device()));
    std::fflush(stdout);
    run.record("train loss", loss);
    run.record("exact", right);
    run.end_epoch();
  }
  model.eval();
  Tensor shown = model.translate(test.source.narrow(0, 0, 5), task.width());
  std::printf("\n");
  for (int64_t i = 0; i < 5; ++i) std::printf("%*s -> %s\n", int(task.longest), written(test.source[i]).c_str(), written(shown[i]).c_str());
  if (!options.plot.empty())
    training::plot({{"loss", "epoch", {{"train", run.curve("train loss")}}}, {"exact", "epoch", {{"test", run.curve("exact")}}, "%"}}, options.plot);
  run.finish();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return examples::guarded("translate", [&] { return train(options); });
}
