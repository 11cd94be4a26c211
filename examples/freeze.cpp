// Writes a network as a .lzl file, which run_frozen runs with the small library alone.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "common/run.h"
#include "lazuli/record/freeze.h"
#include "lazuli/record/step_list.h"
#include "models/resnet.h"
#include "models/weights.h"

using namespace lazuli;

namespace {

struct Options : examples::BasicOptions {
  std::string file, model = "mlp", weights;
  int64_t batch = 1, size = 224;
  bool exact = false;
};

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{"Freezes a network: its calls, folded and fused, with its weights in one file."};
  app.option_defaults()->always_capture_default();
  app.add_option("file", o.file, "the file to write, .lzl")->required();
  app.add_option("--model", o.model, "mlp: 784-256-128-10 on images of Fashion-MNIST; resnet18: images of three channels")
      ->check(CLI::IsMember({"mlp", "resnet18"}));
  app.add_option("--weights", o.weights, "the network's weights, .safetensors or of torch.save; without a file they are random")
      ->check(CLI::ExistingFile);
  app.add_option("--batch", o.batch, "images that are run together")->check(CLI::Range(int64_t(1), int64_t(4096)));
  app.add_option("--size", o.size, "height and width of the images of resnet18")->check(CLI::Range(int64_t(32), int64_t(1024)));
  app.add_flag("--exact", o.exact, "the very calls of the network: nothing folded, nothing fused");
  examples::add_basic_options(app, o, "of random weights");
  examples::parse(app, "freeze", argc, argv);
  return o;
}

nn::Sequential mlp() {
  return nn::Sequential{nn::Flatten(),        nn::Linear(784, 256), nn::BatchNorm1d(256), nn::ReLU(),
                        nn::Linear(256, 128), nn::BatchNorm1d(128), nn::ReLU(),           nn::Linear(128, 10)};
}

template <class Model>
int write(const Options& o, Model model, const Tensor& example) {
  if (!o.weights.empty()) examples::load_weights(model, o.weights);
  const Frozen frozen = freeze(model, {example}, {.fuse = !o.exact});
  frozen.save(o.file);
  std::printf("%zu calls in %s\n", frozen.list().calls.size(), o.file.c_str());
  return 0;
}

int run(const Options& o) {
  o.apply();
  if (o.model == "mlp") return write(o, mlp(), rand({o.batch, 1, 28, 28}));
  return write(o, examples::ResNet(), rand({o.batch, 3, o.size, o.size}).contiguous(MemoryFormat::ChannelsLast));
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("freeze", [&] { return run(parse_options(argc, argv)); });
}
