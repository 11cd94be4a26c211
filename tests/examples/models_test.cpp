// Public architectures with small random weights under the names of the public ones, against what PyTorch makes of them (scripts/model_cases.py), and the programs that use them.
#include "lazuli/examples/models/bert.h"
#include "lazuli/examples/models/gpt2.h"
#include "lazuli/examples/models/resnet.h"
#include "lazuli/examples/models/weights.h"
#include "lazuli/lazuli.h"
#include "tests/errors.h"
#include "tests/examples/program.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

std::string file(const std::string& name) { return LAZULI_SOURCE_DIR "/tests/examples/models/" + name; }
StateDict recorded(const std::string& name) { return load_safetensors(file(name + "_case.safetensors")); }

}  // namespace

TEST_CASE("ResNet-18 with torchvision's names gives what PyTorch gives", "[examples]") {
  examples::ResNet model({.width = 2, .classes = 5});
  CHECK(examples::load_weights(model, file("resnet18.pt")).ok());
  model.eval();
  const StateDict c = recorded("resnet18");
  CHECK(allclose(model(c.at("input")), c.at("output"), 1e-4, 1e-5));
  CHECK(model.get_buffer("layer2.0.downsample.1.num_batches_tracked").item<int64_t>() == 7);

  examples::ResNet other({.width = 2, .classes = 3});  // another head
  const Tensor head = other.fc->weight.clone();
  CHECK(examples::load_weights(other, file("resnet18.pt"), {}, {"fc."}).missing == std::vector<std::string>{"fc.weight", "fc.bias"});
  CHECK(equal(head, other.fc->weight));
  CHECK(equal(other.conv1->weight, model.conv1->weight));
  CHECK(says(error_of([&] { examples::load_weights(other, file("resnet18.pt")); }), "fc.weight of sizes [3, 16]"));
  CHECK(says(error_of([&] { examples::load_weights(other, file("gpt2.safetensors")); }), "a file with conv1.weight"));
}

TEST_CASE("GPT-2 with Hugging Face's names gives what PyTorch gives", "[examples]") {
  examples::GPT2 model({.vocab_size = 19, .n_positions = 7, .n_embd = 8, .n_layer = 2, .n_head = 2});
  const nn::LoadReport report = examples::load_weights(model, file("gpt2.safetensors"), {{"^transformer.", ""}});
  CHECK(report.missing.empty());
  CHECK(report.unexpected == std::vector<std::string>{"h.0.attn.bias"});  // the mask that older files hold
  const StateDict c = recorded("gpt2");
  CHECK(allclose(model(c.at("input")), c.at("output"), 1e-4, 1e-5));
}

TEST_CASE("BERT with Hugging Face's names gives what PyTorch gives", "[examples]") {
  examples::Bert model(
      {.vocab_size = 23, .max_position_embeddings = 6, .hidden_size = 8, .num_hidden_layers = 2, .num_attention_heads = 2, .intermediate_size = 12});
  CHECK(examples::load_weights(model, file("bert.safetensors"), {{"^bert.", ""}}).ok());
  const StateDict c = recorded("bert");
  const auto result = model(c.at("input"), c.at("mask"), c.at("types"));
  CHECK(allclose(result.last_hidden_state, c.at("output"), 1e-4, 1e-5));
  CHECK(allclose(result.pooler_output, c.at("pooled"), 1e-4, 1e-5));
  CHECK(allclose(examples::sentence_embedding(result.last_hidden_state, c.at("mask")), c.at("sentence"), 1e-4, 1e-5));
  const examples::BertOptions minilm = examples::BertOptions::minilm();
  CHECK(minilm.hidden_size == 384);
}

TEST_CASE("finetune trains a head on loaded weights, and inference_server answers with them", "[examples]") {
  ImageFiles images(320, 64);
  Program finetune("finetune", {{"--data", images.path()}, {"--width", "2"}, {"--size", "32"}, {"--weights", file("resnet18.pt")}, {"--lr", "0.05"}});
  const std::string saved = finetune.file("tuned.safetensors");
  const Outcome o = finetune.run({"--epochs", "2", "--save", saved});
  INFO(o.err);
  REQUIRE(o.code == 0);
  CHECK(has(o.out, "new: 2 tensors of the head"));
  CHECK(has(o.out, "training 170 of "));
  CHECK(has(o.out, "epoch 2  train loss "));
  const StateDict before = examples::read_weights(file("resnet18.pt")), after = load_safetensors(saved);
  CHECK(equal(before.at("layer4.1.conv2.weight"), after.at("layer4.1.conv2.weight")));  // frozen
  CHECK(equal(before.at("bn1.running_mean"), after.at("bn1.running_mean")));
  CHECK(after.at("fc.weight").size(0) == 10);
  finetune.check_refused(finetune.run({"--weights", file("gpt2.safetensors")}), "a file with conv1.weight");

  Program server("inference_server", {{"--weights", saved}, {"--width", "2"}, {"--size", "32"}});
  const Outcome served = server.run({"--clients", "4", "--requests", "5", "--wait", "20000"});
  INFO(served.err);
  REQUIRE(served.code == 0);
  CHECK(has(served.out, "20 requests of 4 threads in "));
  CHECK(has(served.out, "latency in ms: 50 % "));
}

TEST_CASE("custom_operator and custom_dataset run", "[examples]") {
  Program custom("custom_operator", {});
  const Outcome o = custom.finish(custom.start({}));
  CHECK(o.code == 0);
  CHECK(has(o.out, "first derivative:  as finite differences say\nsecond derivative: as finite differences say"));
  CHECK(has(o.out, "a sine, fitted with it"));

  TemporaryFolder folder;
  std::string lines;
  for (int i = 0; i < 20; ++i)
    lines += "shout,WHAT A DAY" + std::string(size_t(i % 5), '!') + "\nwhisper,what a day" + std::string(size_t(i % 7), '.') + "\n";
  Program dataset("custom_dataset", {});
  const Outcome learnt = dataset.run({"--lines", folder.write("lines.csv", lines)});
  INFO(learnt.err);
  CHECK(learnt.code == 0);
  CHECK(has(learnt.out, "40 lines with 2 labels\nafter 30 epochs 100.0 % of the lines are right\n"));
  dataset.check_refused(dataset.run({"--lines", folder.write("wrong", "no comma\n")}), "label,text");
}
