// Trains a generative adversarial network (Goodfellow and others 2014, https://arxiv.org/abs/1406.2661) of convolutions (Radford and others 2015, https://arxiv.org/abs/1511.06434)
// on Fashion-MNIST.
#include <cstdio>

#include "common/run.h"
#include "lazuli/training/image_sheet.h"
#include "lazuli/training/plot.h"
#include "options.h"

using namespace lazuli;

namespace {

/// Random numbers [n, latent] -> images [n, 1, 28, 28] of -1 .. 1, by way of 7x7 and 14x14 places.
nn::Sequential make_generator(int64_t width, int64_t latent) {
  return nn::Sequential(nn::Linear(latent, 2 * width * 49), nn::Unflatten(1, {2 * width, 7, 7}), nn::BatchNorm2d(2 * width), nn::ReLU(),
                        nn::ConvTranspose2d(2 * width, width, 4, {.stride = 2, .padding = 1, .bias = false}), nn::BatchNorm2d(width), nn::ReLU(),
                        nn::ConvTranspose2d(width, 1, 4, {.stride = 2, .padding = 1}), nn::Tanh());
}

/// Images -> a score [n, 1] each, above 0 for those that look real.
nn::Sequential make_discriminator(int64_t width) {
  return nn::Sequential(nn::Conv2d(1, width, 4, {.stride = 2, .padding = 1}), nn::LeakyReLU(0.2),
                        nn::Conv2d(width, 2 * width, 4, {.stride = 2, .padding = 1, .bias = false}), nn::BatchNorm2d(2 * width), nn::LeakyReLU(0.2),
                        nn::Flatten(), nn::Linear(2 * width * 49, 1));
}

/// What it costs to have taken the images of these scores for real ones, or for made ones.
Tensor cost(const Tensor& scores, bool real) { return binary_cross_entropy_with_logits(scores, real ? ones_like(scores) : zeros_like(scores)); }

void draw(nn::Sequential& generator, const Tensor& codes, const std::string& path) {
  inference_mode guard;
  generator.eval();
  training::write_image_sheet((generator(codes) + 1) / 2, 10, path);
  generator.train();
}

int train(const Options& options) {
  examples::Run run("gan", options, essential(options));
  data::FashionMNIST set(options.data);
  Tensor images = data::normalize(0.5, 0.5)({set.data(), {}}, default_generator()).data.unsqueeze(1).to(run.device());

  nn::Sequential generator = make_generator(options.width, options.latent), discriminator = make_discriminator(options.width);
  for (nn::Sequential* network : {&generator, &discriminator}) network->to(run.device());
  optim::Adam of_generator(generator.parameters(), {.lr = options.lr, .beta1 = 0.5}),
      of_discriminator(discriminator.parameters(), {.lr = options.lr, .beta1 = 0.5});
  data::DataLoader loader(data::TensorDataset(images), {.batch_size = options.batch, .shuffle = true, .seed = options.seed, .drop_last = true});
  if (loader.size() == 0) fail("gan", "--batch", "at most the number of images, " + std::to_string(images.size(0)), std::to_string(options.batch));
  run.hold("generator", generator);
  run.hold("discriminator", discriminator);
  run.hold("generator optimizer", of_generator);
  run.hold("discriminator optimizer", of_discriminator);
  run.resume();

  const Tensor shown = randn({60, options.latent}, {}, Generator(options.seed)).to(run.device());
  while (run.epoch() < options.epochs) {
    run.begin(options.epochs, loader.size(), options.batch);
    for (auto& batch : loader.epoch(run.epoch(), run.done())) {
      Tensor made = generator(randn({options.batch, options.latent}, run.device()));

      // The discriminator learns to tell real images from those; the generator gets no gradient from that.
      of_discriminator.zero_grad();
      Tensor discriminator_loss = (cost(discriminator(batch.data), true) + cost(discriminator(made.detach()), false)) / 2;
      discriminator_loss.backward();
      of_discriminator.step();

      // The generator learns to make such as it takes for real.
      of_generator.zero_grad();
      Tensor generator_loss = cost(discriminator(made), true);
      generator_loss.backward();
      of_generator.step();

      run.measure("discriminator", discriminator_loss);
      run.measure("generator", generator_loss);
      if (!run.advance()) return run.stopped();
    }
    const double of_d = run.mean("discriminator"), of_g = run.mean("generator");
    std::printf("epoch %2ld/%ld  discriminator loss %.4f  generator loss %.4f  %.0f samples/s  peak memory %.0f MiB\n", long(run.epoch() + 1),
                long(options.epochs), of_d, of_g, run.rate(), examples::peak_memory_mib(run.device()));
    std::fflush(stdout);
    run.record("discriminator", of_d);
    run.record("generator", of_g);
    run.end_epoch();
    if (!options.sheet.empty()) draw(generator, shown, options.sheet);
  }
  if (!options.plot.empty())
    training::plot({{"loss", "epoch", {{"discriminator", run.curve("discriminator")}, {"generator", run.curve("generator")}}}}, options.plot,
                   /*width=*/560);
  run.finish();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return examples::guarded("gan", [&] { return train(options); });
}
