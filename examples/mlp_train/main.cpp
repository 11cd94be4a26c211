// Trains an MLP on Fashion-MNIST: data, model, loop, checkpoints. Each idea has a file; the loop is here.
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <cstdio>

#include "checkpoint.h"
#include "lazuli/core/kernel.h"
#include "lazuli/core/plugin.h"
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

/// Of the device; on the CPU, of the whole process.
double peak_memory_mib(Device device) {
  if (!device.is_cpu()) return double(memory_stats(device).peak_allocated) / (1024 * 1024);
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

/// What the steps since the last look gave; reading it waits for the device, so it is done seldom.
class Watch {
 public:
  Watch(Progress& progress, int64_t losses_to_print) : progress_(progress), losses_to_print_(losses_to_print) {}
  void add(const Tensor& loss, const Tensor& correct, int64_t step) {
    losses_.push_back(loss);
    correct_.push_back(correct);
    last_step_ = step;
    if (losses_.size() == 50 || last_ == 0) look();  // the first at once, so that there is something to show
  }
  double last() const { return last_; }
  /// Throws Error that names the first step whose loss is not finite.
  void look() {
    if (losses_.empty()) return;
    double sum = 0;
    int64_t step = last_step_ - int64_t(losses_.size());
    for (double loss : stack(losses_).to_vector<double>()) {
      ++step;
      if (!std::isfinite(loss))
        fail(ErrorKind::State, "mlp_train", "", "a finite loss",
             std::to_string(loss) + " at step " + std::to_string(step) + "; a lower --lr may help");
      if (step <= losses_to_print_) std::printf("step %ld  loss %.6f\n", long(step), loss);
      sum += loss;
      progress_.loss_sum += loss;
    }
    for (int64_t correct : stack(correct_).to_vector<int64_t>()) progress_.correct += correct;
    last_ = sum / double(losses_.size());
    losses_.clear();
    correct_.clear();
  }

 private:
  Progress& progress_;
  const int64_t losses_to_print_;
  std::vector<Tensor> losses_, correct_;
  int64_t last_step_ = 0;
  double last_ = 0;
};

int run(const Options& options) {
  if (options.threads > 0) set_num_threads(options.threads);
  if (!options.backend.empty()) load_backend(options.backend);
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
    if (progress.batch == 0) progress.loss_sum = 0, progress.correct = 0;
    model.train();
    Watch watch(progress, options.print_losses);
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
      watch.add(loss.detach(), scores.argmax(1).eq(labels).sum(), step);
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
    progress.history.push_back({progress.loss_sum / double(progress.batch), double(progress.correct) / seen, evaluation.loss, evaluation.accuracy});
    const EpochResult& r = progress.history.back();
    std::printf("epoch %2ld/%ld  train loss %.4f  train accuracy %.2f %%  test accuracy %.2f %%  %.0f samples/s  peak memory %.0f MiB\n",
                long(progress.epoch + 1), long(options.epochs), r.train_loss, 100 * r.train_accuracy, 100 * r.test_accuracy, rate,
                peak_memory_mib(Device(options.device)));
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
  if (options.kernel_counts) std::printf("\n%s", kernel_summary().c_str());
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
