// Trains a variational autoencoder (Kingma and Welling 2013, https://arxiv.org/abs/1312.6114) on Fashion-MNIST.
#include <algorithm>
#include <cstdio>

#include "common/run.h"
#include "lazuli/training/image_sheet.h"
#include "lazuli/training/plot.h"
#include "options.h"

using namespace lazuli;

namespace {

constexpr int64_t kPixels = 784;

/// An image's code is not a point but a normal distribution; the decoder makes an image of a point that is drawn from it.
struct Vae : nn::ModuleOf<Vae> {
  nn::Child<nn::Sequential> encoder, decoder;
  Vae(int64_t hidden, int64_t latent)
      : encoder(this, "encoder", nn::Linear(kPixels, hidden), nn::ReLU(), nn::Linear(hidden, 2 * latent)),
        decoder(this, "decoder", nn::Linear(latent, hidden), nn::ReLU(), nn::Linear(hidden, kPixels)) {}

  /// Scores of the pixels, whose sigmoids are the image; mean and log of the variance of the code.
  std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& images) {
    std::vector<Tensor> halves = chunk(encoder(images), 2, -1);
    Tensor mean = halves[0], log_variance = halves[1];
    return {decoder(mean + randn_like(mean) * exp(0.5 * log_variance)), mean, log_variance};
  }
};

/// The mean over the images of what the pixels cost, and of the codes' distance (Kullback-Leibler) from a standard normal distribution: minus the evidence lower bound, in nats.
Tensor negative_bound(Vae& model, const Tensor& images) {
  auto [scores, mean, log_variance] = model(images);
  Tensor pixels = binary_cross_entropy_with_logits(scores, images, {.reduction = Reduction::Sum});
  Tensor distance = -0.5 * sum(1 + log_variance - square(mean) - exp(log_variance));
  return (pixels + distance) / double(images.size(0));
}

double evaluate(Vae& model, const Tensor& images) {
  inference_mode guard;
  double total = 0;
  constexpr int64_t kBatch = 2000;
  for (int64_t at = 0; at < images.size(0); at += kBatch) {
    Tensor some = images.narrow(0, at, std::min(kBatch, images.size(0) - at));
    total += negative_bound(model, some).item<double>() * double(some.size(0));
  }
  return total / double(images.size(0));
}

void draw(Vae& model, const Tensor& images, int64_t latent, uint64_t seed, const std::string& path) {
  inference_mode guard;
  constexpr int64_t kColumns = 12, kRows = 6;
  Tensor shown = images.narrow(0, 0, std::min(kColumns, images.size(0)));
  Tensor code = chunk(model.encoder(shown), 2, -1)[0];
  Tensor random = randn({kRows * kColumns, latent}, {}, Generator(seed)).to(images.device());
  Tensor all = cat({shown, sigmoid(model.decoder(code)), sigmoid(model.decoder(random))}, 0);
  training::write_image_sheet(all.view({-1, 28, 28}), shown.size(0), path);
}

int train(const Options& options) {
  examples::Run run("vae", options, essential(options));
  auto prepare = [&](data::MNIST::Split split) {
    data::FashionMNIST set(options.data, split);
    return data::normalize(0, 1, /*flatten=*/true)({set.data(), {}}, default_generator()).data.to(run.device());
  };
  Tensor images = prepare(data::MNIST::Split::Train), test = prepare(data::MNIST::Split::Test);

  Vae model(options.hidden, options.latent);
  model.to(run.device());
  optim::Adam optimizer(model.parameters(), {.lr = options.lr});
  data::DataLoader loader(data::TensorDataset(images), {.batch_size = options.batch, .shuffle = true, .seed = options.seed, .drop_last = true});
  if (loader.size() == 0) fail("vae", "--batch", "at most the number of images, " + std::to_string(images.size(0)), std::to_string(options.batch));
  run.hold("model", model);
  run.hold("optimizer", optimizer);
  run.resume();

  while (run.epoch() < options.epochs) {
    run.begin(options.epochs, loader.size(), options.batch);
    for (auto& batch : loader.epoch(run.epoch(), run.done())) {
      optimizer.zero_grad();
      Tensor loss = negative_bound(model, batch.data);
      loss.backward();
      optimizer.step();
      run.measure("loss", loss);
      if (!run.advance()) return run.stopped();
    }
    const double trained = run.mean("loss"), tested = evaluate(model, test);
    std::printf("epoch %2ld/%ld  train loss %.2f  test loss %.2f  %.0f samples/s  peak memory %.0f MiB\n", long(run.epoch() + 1),
                long(options.epochs), trained, tested, run.rate(), examples::peak_memory_mib(run.device()));
    std::fflush(stdout);
    run.record("train", trained);
    run.record("test", tested);
    run.end_epoch();
    if (!options.sheet.empty()) draw(model, test, options.latent, options.seed, options.sheet);
  }
  if (!options.plot.empty()) training::plot({{"loss", "epoch", {{"train", run.curve("train")}, {"test", run.curve("test")}}}}, options.plot);
  run.finish();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return examples::guarded("vae", [&] { return train(options); });
}
