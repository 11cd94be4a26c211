#include "lazuli/bench/gpt.h"
#include "lazuli/bench/training.h"

// Models of sequences that attend.
namespace bench {
using namespace lazuli;

void transformer(const Options& options) {
  nn::TransformerEncoder model(
      nn::TransformerEncoderLayer(256, 4,
                                  {.dim_feedforward = 1024, .dropout = 0, .activation = nn::TransformerActivation::Gelu, .batch_first = true}),
      4);
  model.to(options.device);
  Tensor x = randn({16, 128, 256}).to(options.device), y = randn({16, 128, 256}).to(options.device);
  optim::AdamW adamw(model.parameters(), {.lr = 3e-4});
  train(
      options, adamw, [&] { return mse_loss(model(x), y); }, 16 * 128, "train", "tokens/s");
}

void gpt(const Options& options) {
  constexpr int64_t vocabulary = 4096, length = 256;
  Gpt model(vocabulary, 256, 4, 4, length);
  model.to(options.device);
  Tensor ids = randint(vocabulary, {8, length + 1}).to(options.device);
  Tensor x = ids.narrow(1, 0, length).contiguous(), y = ids.narrow(1, 1, length).contiguous();
  optim::AdamW adamw(model.parameters(), {.lr = 3e-4});
  train(
      options, adamw, [&] { return cross_entropy(flatten(model(x), 0, 1), flatten(y)); }, double(x.numel()), "train", "tokens/s");
}

}  // namespace bench
