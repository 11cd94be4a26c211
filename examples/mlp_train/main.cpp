// Trains an MLP on Fashion-MNIST: data, model, loop, checkpoints. Each idea has a file; the loop is here.
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <cstdio>

#include "checkpoint.h"
#include "model.h"
#include "plot.h"
#include "progress_bar.h"
#include "report.h"

using namespace lazuli;

namespace {

volatile std::sig_atomic_t interrupted = 0;
void on_interrupt(int) { interrupted = 1; }

struct Images {
  Tensor data, target;
};
Images prepare(const data::MNIST& set, const Options& options) {
  auto normalize = data::normalize(0.2860, 0.3530, /*flatten=*/true, parse_dtype(options.dtype));
  Device device(options.device);
  return {normalize({set.data(), {}}, default_generator()).data.to(device), set.target().to(device)};
}

double peak_memory_mib() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

/// The losses since the last look; reading one waits for the device, so it is done seldom.
class LossWatch {
 public:
  void add(const Tensor& loss, int64_t step) {
    recent_.push_back(loss);
    last_step_ = step;
    if (recent_.size() == 50 || last_ == 0) look();  // the first at once, so that there is something to show
  }
  double last() const { return last_; }
  /// Throws Error that names the first step whose loss is not finite.
  void look() {
    if (recent_.empty()) return;
    double sum = stack(recent_).to(kFloat64).sum().item<double>();
    if (!std::isfinite(sum))
      for (size_t i = 0; i < recent_.size(); ++i)
        if (double loss = recent_[i].item<double>(); !std::isfinite(loss))
          fail(ErrorKind::State, "mlp_train", "", "a finite loss", std::to_string(loss) + " at step " + std::to_string(last_step_ - int64_t(recent_.size() - 1 - i)) + "; a lower --lr may help");
    last_ = sum / double(recent_.size());
    recent_.clear();
  }

 private:
  std::vector<Tensor> recent_;
  int64_t last_step_ = 0;
  double last_ = 0;
};

int run(const Options& options) {
  if (options.threads > 0) set_num_threads(options.threads);
  manual_seed(options.seed);
  data::FashionMNIST train_set(options.data), test_set(options.data, data::MNIST::Split::Test);
  Images train = prepare(train_set, options), test = prepare(test_set, options);
  const int64_t features = train.data.size(1), count = train.data.size(0);

  nn::Sequential model = make_model(options, features, int64_t(data::FashionMNIST::classes().size()));
  if (options.summary) std::printf("%s\n", nn::summary(model, {options.batch, features}).c_str());
  auto optimizer = make_optimizer(options, model.parameters());
  auto scheduler = make_scheduler(options, *optimizer);
  data::DataLoader loader(data::TensorDataset(train.data, train.target),
                          {.batch_size = options.batch, .shuffle = true, .seed = options.seed, .drop_last = true, .workers = options.workers});
  if (loader.size() == 0) fail("mlp_train", "--batch", "at most " + std::to_string(count) + ", the number of images", std::to_string(options.batch));

  Progress progress;
  if (!options.resume.empty()) {
    progress = load_checkpoint(options.resume, options, model, *optimizer);
    std::printf("resumed from %s at epoch %ld, batch %ld\n", options.resume.c_str(), long(progress.epoch + 1), long(progress.batch));
  }

  Evaluation evaluation;
  for (; progress.epoch < options.epochs; ++progress.epoch) {
    if (scheduler) scheduler->set_step(progress.epoch);
    if (progress.batch == 0) {
      progress.loss_sum = zeros({}, kFloat64).to(Device(options.device));
      progress.correct = zeros({}, kInt64).to(Device(options.device));
    }
    model.train();
    LossWatch watch;
    ProgressBar bar(progress.epoch + 1, options.epochs, loader.size() * options.batch, progress.batch * options.batch);
    for (auto& [images, labels] : loader.epoch(progress.epoch, progress.batch)) {
      optimizer->zero_grad();
      Tensor scores = model(images);
      Tensor loss = cross_entropy(scores, labels);
      loss.backward();
      optimizer->step();

      no_grad guard;
      ++progress.batch;
      const int64_t step = progress.epoch * loader.size() + progress.batch;
      progress.loss_sum += loss;
      progress.correct += scores.argmax(1).eq(labels).sum();
      watch.add(loss.detach(), step);
      bar.update(progress.batch * options.batch, watch.last());
      if (interrupted || step == options.stop_after) {
        watch.look();
        if (!options.save.empty()) save_checkpoint(options.save, options, model, *optimizer, progress);
        std::fprintf(stderr, "\nstopped at step %ld%s%s\n", long(step), options.save.empty() ? "" : ", saved to ", options.save.c_str());
        return 130;
      }
    }
    watch.look();
    const double rate = bar.rate(progress.batch * options.batch), seen = double(progress.batch * options.batch);
    evaluation = evaluate(model, test.data, test.target);
    progress.history.push_back({progress.loss_sum.item<double>() / double(progress.batch), progress.correct.item<double>() / seen, evaluation.loss, evaluation.accuracy});
    const EpochResult& r = progress.history.back();
    std::printf("epoch %2ld/%ld  train loss %.4f  train accuracy %.2f %%  test accuracy %.2f %%  %.0f samples/s  peak memory %.0f MiB\n", long(progress.epoch + 1), long(options.epochs),
                r.train_loss, 100 * r.train_accuracy, 100 * r.test_accuracy, rate, peak_memory_mib());
    std::fflush(stdout);
    progress.batch = 0;
    if (!options.save.empty()) {
      Progress next = progress;
      ++next.epoch;
      save_checkpoint(options.save, options, model, *optimizer, next);
    }
  }
  if (!evaluation.predicted.defined()) evaluation = evaluate(model, test.data, test.target);
  print_report(evaluation, test_set);
  if (!options.plot.empty()) plot(progress.history, options.plot);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options = parse_options(argc, argv);
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESETHAND | SA_RESTART;  // a second Ctrl-C stops at once
  sigaction(SIGINT, &action, nullptr);
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mlp_train: %s\n", error.what());
    return 1;
  }
}
