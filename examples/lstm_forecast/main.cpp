// Trains an LSTM to forecast a series. series.h has the series; model and loop are here.
#include <cmath>
#include <cstdio>

#include "common/run.h"
#include "common/warmup_cosine.h"
#include "lazuli/record/record.h"
#include "lazuli/training/plot.h"
#include "options.h"
#include "series.h"

using namespace lazuli;

namespace {

/// From each number of a series [n, t, 1] and the state that those before it left, the change to the next one.
struct Forecaster : nn::ModuleOf<Forecaster> {
  nn::Child<nn::LSTM> lstm;
  nn::Child<nn::Linear> change;
  Forecaster(int64_t hidden, int64_t layers)
      : lstm(this, "lstm", 1, hidden, nn::LSTM::Options{.num_layers = layers, .batch_first = true}), change(this, "change", hidden, 1) {}

  std::tuple<Tensor, nn::LSTMState> forward(const Tensor& x, const std::optional<nn::LSTMState>& before = {}) {
    auto [features, state] = lstm(x, before);
    return {x + change(features), state};
  }

  /// The `count` numbers after `seen` [t]: each forecast is what the next one goes on from.
  Tensor forecast(const Tensor& seen, int64_t count) {
    inference_mode guard;
    auto [next, state] = (*this)(seen.view({1, -1, 1}));
    std::vector<Tensor> forecasts{next.narrow(1, -1, 1)};
    while (int64_t(forecasts.size()) < count) {
      auto [one, after] = (*this)(forecasts.back(), state);
      forecasts.push_back(one);
      state = after;
    }
    return cat(forecasts, 1).flatten();
  }
};

double root_mean_square(const Tensor& error) { return std::sqrt(square(error).mean().item<double>()); }

int train(const Options& options) {
  examples::Run run("lstm_forecast", options, essential(options));
  Tensor series = options.series.empty() ? made_up_series(Generator(options.seed)) : read_series(options.series, options.column);
  const int64_t known = series.size(0) - options.horizon, piece = options.context + 1;
  if (known < 2 * piece)
    fail("lstm_forecast", "--series", "at least " + std::to_string(2 * piece + options.horizon) + " numbers, for this context and horizon",
         std::to_string(series.size(0)));
  const Tensor seen = series.narrow(0, 0, known), truth = series.narrow(0, known, options.horizon);
  const double mean = seen.mean().item<double>(), scale = std::max(seen.std().item<double>(), 1e-12);
  Tensor standard = ((seen - mean) / scale).to(run.device());

  Forecaster model(options.hidden, options.layers);
  model.to(run.device());
  optim::Adam optimizer(model.parameters(), {.lr = options.lr});
  examples::WarmupCosine schedule(optimizer, options.epochs * options.steps, options.steps);
  run.hold("model", model);
  run.hold("optimizer", optimizer);
  run.resume();

  auto forecast = [&] {
    return model.forecast(standard.narrow(0, known - options.context, options.context), options.horizon).to(kCPU) * scale + mean;
  };
  const Tensor offsets = arange(piece, run.device());
  auto step = [&] {
    Tensor places = randint(0, known - piece + 1, {options.batch, 1}, run.device()) + offsets;
    Tensor pieces = standard[places].unsqueeze(2);
    optimizer.zero_grad();
    Tensor next = std::get<0>(model(pieces.narrow(1, 0, options.context)));
    Tensor loss = mse_loss(next, pieces.narrow(1, 1, options.context));
    loss.backward();
    nn::utils::clip_grad_norm_(model.parameters(), 1.0);
    optimizer.step();
    return loss.detach();
  };
  auto recorded = record(step);
  while (run.epoch() < options.epochs) {
    run.begin(options.epochs, options.steps, options.batch, "pieces");
    while (run.done() < options.steps) {
      schedule.set_step(run.step());
      run.measure("loss", options.record ? recorded() : step());
      if (!run.advance()) return run.stopped();
    }
    const double loss = run.mean("loss"), error = root_mean_square(forecast() - truth);
    std::printf("epoch %2ld/%ld  train loss %.4f  forecast error %.4f  %.0f pieces/s  peak memory %.0f MiB\n", long(run.epoch() + 1),
                long(options.epochs), loss, error, run.rate(), examples::peak_memory_mib(run.device()));
    std::fflush(stdout);
    run.record("train loss", loss);
    run.record("error", error);
    run.end_epoch();
  }

  Tensor forecasts = forecast();
  std::printf("\nroot mean square error of %ld numbers: %.4f (the last number again %.4f, the mean %.4f)\n", long(options.horizon),
              root_mean_square(forecasts - truth), root_mean_square(seen[-1] - truth), root_mean_square(mean - truth));
  if (!options.plot.empty()) {
    const double first = double(known - options.context), ahead = double(known);
    Tensor shown = series.narrow(0, known - options.context, options.context + options.horizon);
    training::plot(
        {{"the end of the series", "number", {{"truth", shown.to_vector<double>(), first}, {"forecast", forecasts.to_vector<double>(), ahead}}}},
        options.plot,
        /*width=*/900);
  }
  if (!options.curves.empty())
    training::plot({{"loss", "epoch", {{"train", run.curve("train loss")}}}, {"forecast error", "epoch", {{"test", run.curve("error")}}}},
                   options.curves);
  run.finish();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return examples::guarded("lstm_forecast", [&] { return train(options); });
}
