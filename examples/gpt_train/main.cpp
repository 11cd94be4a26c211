// Trains a GPT on the bytes or tokens of a text. model.h has the network; the text and the loop are here.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "coding.h"
#include "common/run.h"
#include "common/warmup_cosine.h"
#include "lazuli/distributed/distributed.h"
#include "lazuli/record/record.h"
#include "lazuli/training/plot.h"
#include "model.h"
#include "options.h"

using namespace lazuli;

namespace {

/// All bytes of files and of folders' files, in the order of their names; links, which would show a file twice, are passed over.
std::string read_text(const std::vector<std::string>& paths) {
  std::vector<std::filesystem::path> files;
  for (const std::string& path : paths) {
    if (!std::filesystem::is_directory(path)) files.push_back(path);
    else
      for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
        if (entry.is_regular_file() && !entry.is_symlink()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::string text;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) fail(ErrorKind::File, "gpt_train", "--text", "files that can be read", "'" + file.string() + "'");
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  return text;
}

/// Mean bits for one of the numbers over pieces of `context` of them, side by side.
double bits_each(Gpt& model, const Tensor& text) {
  inference_mode guard;
  model.eval();
  const int64_t length = std::min(model.context, text.size(0) - 1), pieces = (text.size(0) - 1) / length;
  Tensor input = text.narrow(0, 0, pieces * length).view({pieces, length}), target = text.narrow(0, 1, pieces * length).view({pieces, length});
  double nats = 0;
  constexpr int64_t kBatch = 32;
  for (int64_t at = 0; at < pieces; at += kBatch) {
    const int64_t count = std::min(kBatch, pieces - at);
    Tensor scores = model(input.narrow(0, at, count));
    nats += cross_entropy(scores.flatten(0, 1), target.narrow(0, at, count).flatten(), {.reduction = Reduction::Sum}).item<double>();
  }
  model.train();
  return nats / double(pieces * length) / std::log(2.0);
}

int train(const Options& options) {
  examples::Run run("gpt_train", options, essential(options));
  if (options.record && run.ranks() > 1) fail("gpt_train", "--record", "one process", std::to_string(run.ranks()));
  const Coding coding(options.tokenizer);
  const std::vector<int64_t> numbers = coding.encode(read_text(options.text));
  Tensor text = tensor(numbers).to(run.device());
  const int64_t held_out = text.size(0) / 10, count = text.size(0) - held_out;
  if (held_out < 2 || count <= options.context)
    fail("gpt_train", "--text", "more than " + std::to_string(options.context + 20) + " " + coding.unit(), std::to_string(text.size(0)));
  const auto bytes_each = [&](int64_t from, int64_t to) {
    return double(coding.decode({numbers.begin() + from, numbers.begin() + to}).size()) / double(to - from);
  };
  const double train_bytes = bytes_each(0, count), test_bytes = bytes_each(count, text.size(0));
  Tensor train_text = text.narrow(0, 0, count), test_text = text.narrow(0, count, held_out);

  Gpt model({options.layers, options.heads, options.features, options.context, options.dropout, coding.vocabulary()});
  model.to(run.device());
  std::vector<Tensor> matrices, vectors;
  for (const Tensor& p : model.parameters()) (p.dim() > 1 ? matrices : vectors).push_back(p);
  using Group = optim::Group<optim::AdamWOptions>;
  optim::AdamW optimizer({Group{matrices, {.lr = options.lr, .beta2 = 0.95, .weight_decay = options.weight_decay}},
                          Group{vectors, {.lr = options.lr, .beta2 = 0.95, .weight_decay = 0}}});
  examples::WarmupCosine schedule(optimizer, options.epochs * options.steps, options.steps / 2);
  std::optional<distributed::DistributedDataParallel<Gpt>> parallel;
  if (run.ranks() > 1) parallel.emplace(model);
  const examples::Share share = run.share(options.batch, "--batch");
  run.hold("model", model);
  run.hold("optimizer", optimizer);
  run.resume();
  std::printf("%ld %s of text, %ld of them held out; %ld parameters\n", long(text.size(0)), coding.unit(), long(held_out),
              long(model.num_parameters()));

  const Tensor offsets = arange(options.context, run.device());
  auto step = [&] {
    // Each process draws all pieces and takes its part of them.
    Tensor places = randint(0, count - options.context, {options.batch, 1}, run.device()).narrow(0, share.begin, share.size) + offsets;
    optimizer.zero_grad();
    Tensor scores;
    {
      GeneratorGuard own_random(run.own_random());  // of dropout
      scores = parallel ? (*parallel)(train_text[places]) : model(train_text[places]);
    }
    Tensor loss = share.weighted(cross_entropy(scores.flatten(0, 1), train_text[places + 1].flatten()));
    loss.backward();
    nn::utils::clip_grad_norm_(model.parameters(), 1.0);
    optimizer.step();
    return loss.detach();
  };
  auto recorded = record(step);
  while (run.epoch() < options.epochs) {
    model.train();
    run.begin(options.epochs, options.steps, options.batch * options.context, coding.unit());
    while (run.done() < options.steps) {
      schedule.set_step(run.step());
      run.measure("loss", options.record ? recorded() : step());
      if (!run.advance()) return run.stopped();
    }
    const double trained = run.mean("loss") / std::log(2.0) / train_bytes, tested = bits_each(model, test_text) / test_bytes;
    std::printf("epoch %2ld/%ld  train %.3f bits per byte  test %.3f bits per byte  %.0f %s/s  peak memory %.0f MiB\n", long(run.epoch() + 1),
                long(options.epochs), trained, tested, run.rate(), coding.unit(), examples::peak_memory_mib(run.device()));
    std::fflush(stdout);
    run.record("train", trained);
    run.record("test", tested);
    run.end_epoch();
  }
  if (options.sample) {
    const std::vector<int64_t> prompt = coding.encode(options.prompt.empty() ? "\n" : options.prompt);
    std::printf("\n%s\n", coding.decode(model.write(prompt, options.sample, options.temperature, Generator(options.seed))).c_str());
  }
  if (!options.plot.empty()) training::plot({{"bits per byte", "epoch", {{"train", run.curve("train")}, {"test", run.curve("test")}}}}, options.plot);
  run.finish();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return examples::guarded("gpt_train", [&] { return train(options); });
}
