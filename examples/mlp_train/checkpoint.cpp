#include "checkpoint.h"

#include <cstdio>

using namespace lazuli;

namespace {

// The options that training must share with the checkpoint it goes on from. Without a scheduler there may be more epochs.
std::string essential(const Options& o) {
  std::string text = "hidden";
  for (int64_t size : o.hidden) text += " " + std::to_string(size);
  char rates[128];
  std::snprintf(rates, sizeof(rates), ", lr %.17g, momentum %.17g, weight decay %.17g", o.lr, o.momentum, o.weight_decay);
  text += ", batch " + std::to_string(o.batch) + ", optimizer " + o.optimizer + rates + ", scheduler " + o.scheduler;
  if (o.scheduler != "none") text += " over " + std::to_string(o.epochs) + " epochs";
  return text + ", dtype " + o.dtype + ", seed " + std::to_string(o.seed);
}

Tensor curves(const std::vector<EpochResult>& history) {
  Tensor t = empty({int64_t(history.size()), 4}, kFloat64);
  double* p = t.data_ptr<double>();
  for (const EpochResult& e : history)
    for (double value : {e.train_loss, e.train_accuracy, e.test_loss, e.test_accuracy}) *p++ = value;
  return t;
}

int64_t number(const Metadata& metadata, const std::string& path, const char* key) {
  if (metadata.contains(key))
    if (const std::string& text = metadata.at(key); !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos)
      return std::stoll(text);
  fail(ErrorKind::File, "load_checkpoint", "path", std::string("a checkpoint with its ") + key, "'" + path + "' without");
}

}  // namespace

void save_checkpoint(const std::string& path, const Options& options, const nn::Module& model, const optim::Optimizer& optimizer,
                     const Progress& progress) {
  StateDict all;
  all.merge(model.state_dict(), "model.");
  all.merge(optimizer.state_dict(), "optimizer.");
  all.set("progress.loss_sum", full({}, progress.loss_sum, kFloat64));
  all.set("progress.correct", full({}, progress.correct, kInt64));
  all.set("progress.history", curves(progress.history));
  save_safetensors(all, path,
                   {{"program", "mlp_train"},
                    {"options", essential(options)},
                    {"epoch", std::to_string(progress.epoch)},
                    {"batch", std::to_string(progress.batch)},
                    {"generator", default_generator().get_state()}});
}

Progress load_checkpoint(const std::string& path, const Options& options, nn::Module& model, optim::Optimizer& optimizer) {
  Metadata metadata;
  StateDict all = load_safetensors(path, &metadata);
  const std::string made_with = metadata["options"];
  if (made_with != essential(options))
    fail("load_checkpoint", "path", "a checkpoint made with " + essential(options), made_with.empty() ? "'" + path + "', which is none" : made_with);
  Progress progress;
  progress.epoch = number(metadata, path, "epoch");
  progress.batch = number(metadata, path, "batch");
  progress.loss_sum = all.at("progress.loss_sum").item<double>();
  progress.correct = all.at("progress.correct").item<int64_t>();
  std::vector<double> history = all.at("progress.history").to_vector<double>();
  for (size_t i = 0; i + 3 < history.size(); i += 4) progress.history.push_back({history[i], history[i + 1], history[i + 2], history[i + 3]});
  model.load_state_dict(all.with_prefix("model."));
  optimizer.load_state_dict(all.with_prefix("optimizer."));
  default_generator().set_state(metadata["generator"]);
  return progress;
}
