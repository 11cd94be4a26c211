#include "lazuli/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/distributed/data_parallel.h"
#include "lazuli/nn/utils.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/training/interrupt.h"
#include "lazuli/training/progress_bar.h"

namespace lazuli::training {

namespace {

EarlyStopping stopping_of(const TrainerOptions& options) {
  EarlyStoppingOptions chosen = options.early_stopping.value_or(EarlyStoppingOptions());
  return chosen.maximize = options.maximize, EarlyStopping(chosen);
}

double weight_of(const StepOutput& output) { return output.target.defined() && output.target.dim() > 0 ? double(output.target.size(0)) : 1; }

}  // namespace

Trainer::Trainer(TrainerOptions options) : options_(std::move(options)), best_(stopping_of(options_)) {
  auto check = [](const char* name, double value, int least) {
    if (!(value >= least)) fail("Trainer", name, "at least " + std::to_string(least), std::to_string(value));
  };
  check("max_epochs", double(options_.max_epochs), 0);
  check("accumulate", double(options_.accumulate), 1);
  check("keep_last", double(options_.keep_last), 1);
  check("log_every", double(options_.log_every), 1);
  check("clip_norm", options_.clip_norm, 0);
  check("clip_value", options_.clip_value, 0);
  if (options_.record && options_.distributed)
    fail("Trainer", "record", "false where training is distributed: what ranks send each other is not recorded", "true");
  if (!options_.precision) options_.precision = std::make_shared<MixedPrecision>();
}

double Trainer::metric(const std::string& name) const {
  const auto found = history_.find(name);
  if (found != history_.end() && !found->second.empty()) return found->second.back();
  std::string known;
  for (const auto& [other, values] : history_) known += (known.empty() ? "" : ", ") + other;
  fail(ErrorKind::Index, "Trainer::metric", "name", known.empty() ? "a metric, after an epoch" : "one of " + known, "'" + name + "'");
}

double Trainer::last_loss() const { return last_loss_.defined() ? last_loss_.item<double>() : std::nan(""); }

void Trainer::tell(void (Callback::*what)(Trainer&)) {
  for (const auto& callback : options_.callbacks) (callback.get()->*what)(*this);
}

void Trainer::run(nn::Module& model, optim::Optimizer& optimizer, const Source& train, const Source& validation) {
  model_ = &model, optimizer_ = &optimizer;
  history_.clear();
  best_.reset();
  loss_.reset();
  epoch_ = step_ = batch_ = 0;
  stopping_ = interrupted_ = false;
  rank_ = options_.distributed ? distributed::get_rank() : 0;
  rank_times_.clear();
  if (options_.record) record_steps();
  open_checkpoints();
  reducer_ = nullptr;
  if (options_.distributed) {
    auto reducer = std::make_shared<distributed::GradientReducer>(model, distributed::DataParallelOptions());
    if (reducer->lazy())
      fail(ErrorKind::State, "Trainer::fit", "model", "a model with sizes, where training is distributed (nn::materialize)",
           "uninitialized parameters");
    reducer->begin();
    reducer_ = std::move(reducer);
  }
  struct End {
    std::shared_ptr<distributed::GradientReducer>& reducer;
    ~End() { reducer = nullptr; }
  } end{reducer_};
  InterruptGuard interrupts(options_.catch_interrupt);
  tell(&Callback::on_fit_begin);
  while (!stopping_ && epoch_ < options_.max_epochs && (options_.max_steps < 0 || step_ < options_.max_steps)) {
    if (!run_epoch(train)) {  // stopped inside it
      save();
      break;
    }
    finish_epoch(validation);
  }
  tell(&Callback::on_fit_end);
  if (options_.logger && first_rank()) options_.logger->flush();
}

StepOutput Trainer::backward(Stream& batches, bool first, int64_t group) {
  if (first) optimizer_->zero_grad();
  StepOutput output;
  {
    const auto guard = options_.precision->forward_guard();
    output = batches.output();
  }
  options_.precision->backward(group == 1 ? output.loss : output.loss / double(group));
  return output;
}

void Trainer::step_optimizer() {
  MixedPrecision& precision = *options_.precision;
  if (options_.clip_norm > 0 || options_.clip_value > 0) precision.unscale(*optimizer_);
  if (options_.clip_norm > 0) nn::utils::clip_grad_norm_(model_->parameters(), options_.clip_norm);
  if (options_.clip_value > 0) nn::utils::clip_grad_value_(model_->parameters(), options_.clip_value);
  precision.step(*optimizer_);
}

// The same as recorded steps.
void Trainer::record_steps() {
  auto of_batch = lazuli::record([this](const std::vector<Tensor>& tensors, bool first, int64_t group) {
    struct Replaced final : Stream {
      Stream& batches;
      const std::vector<Tensor>& with;
      Replaced(Stream& b, const std::vector<Tensor>& t) : batches(b), with(t) {}
      bool next() override { return false; }
      std::vector<Tensor> tensors() override { return with; }
      StepOutput output() override { return batches.output(with); }
      StepOutput output(const std::vector<Tensor>& others) override { return batches.output(others); }
    } stream(*batches_, tensors);
    const StepOutput output = backward(stream, first, group);
    const auto detached = [](const Tensor& t) { return t.defined() ? t.detach() : t; };
    return std::tuple(detached(output.loss), detached(output.scores), detached(output.target));
  });
  recorded_backward_ = [of_batch](const std::vector<Tensor>& tensors, bool first, int64_t group) {
    auto [loss, scores, target] = of_batch(tensors, first, group);
    return StepOutput(loss, scores, target);
  };
  recorded_step_ = lazuli::record([this] { step_optimizer(); });
}

bool Trainer::run_epoch(const Source& train) {
  model_->train();
  for (auto& [name, meter] : meters_) meter->reset();
  tell(&Callback::on_epoch_begin);
  std::optional<ProgressBar> bar;
  if (options_.progress && first_rank())
    bar.emplace("epoch " + std::to_string(epoch_ + 1) + "/" + std::to_string(options_.max_epochs), "batches", train.batches, batch_);
  auto batches = train.start(epoch_, batch_);
  batches_ = batches.get();
  std::string note;
  distributed::RankClock clock;
  for (bool more = batches->next(); more;) {
    const int64_t group = std::min(options_.accumulate, train.batches - batch_);
    for (int64_t i = 0; i < group && more; ++i, ++batch_) {
      if (reducer_) {
        reducer_->set_sync(i + 1 == group);
        reducer_->forward();
      }
      const StepOutput output = options_.record ? recorded_backward_(batches->tensors(), i == 0, group) : backward(*batches, i == 0, group);
      see(output);
      clock.add_items(weight_of(output));
      more = batches->next();
    }
    if (options_.record) recorded_step_();
    else step_optimizer();
    ++step_;
    if (options_.scheduler && options_.scheduler_interval == Interval::Step) options_.scheduler->step();
    if (step_ % options_.log_every == 0 || step_ == 1) {
      const double loss = over_ranks({last_loss()}, false)[0];
      if (!std::isfinite(loss))
        fail(ErrorKind::State, "Trainer::fit", "step", "a finite loss", std::to_string(loss) + " at step " + std::to_string(step_));
      if (options_.logger && first_rank()) options_.logger->add_scalar("step_loss", loss, step_);
      char text[40];
      std::snprintf(text, sizeof(text), "loss %.4f", loss);
      note = text;
    }
    if (bar) bar->update(batch_, note);
    tell(&Callback::on_step_end);
    interrupted_ = options_.catch_interrupt && InterruptGuard::interrupted();
    stopping_ = over_ranks({stopping_ || interrupted_ ? 1.0 : 0.0}, true)[0] > 0;  // all stop after the same step
    if (more && (stopping_ || step_ == options_.max_steps)) return false;
  }
  clock.pause();
  if (reducer_) rank_times_ = distributed::gather_times(clock.times());
  return true;
}

std::vector<double> Trainer::over_ranks(std::vector<double> values, bool largest) const {
  if (!reducer_) return values;
  Tensor all = empty({int64_t(values.size())}, kFloat64);
  std::copy(values.begin(), values.end(), all.data_ptr<double>());
  distributed::all_reduce(all, largest ? distributed::ReduceOp::Max : distributed::ReduceOp::Mean);
  return all.to_vector<double>();
}

void Trainer::see(const StepOutput& output) {
  no_grad guard;
  last_loss_ = output.loss.detach();
  loss_.update(last_loss_, weight_of(output));
  if (!output.scores.defined()) return;
  for (auto& [name, meter] : meters_) meter->update(output.scores.detach(), output.target);
}

std::map<std::string, double> Trainer::evaluate(nn::Module& model, const Source& source) {
  no_grad guard;
  const bool training = model.is_training();
  const Tensor last = last_loss_;
  RunningMean own;
  std::swap(loss_, own);
  for (auto& [name, meter] : meters_) meter->reset();
  model.eval();
  auto batches = source.start(0, 0);
  while (batches->next()) {
    const auto precision = options_.precision->forward_guard();
    see(batches->output());
  }
  model.train(training);
  std::map<std::string, double> values{{"loss", loss_.compute()}};
  for (auto& [name, meter] : meters_) values[name] = meter->compute();
  loss_ = own;
  last_loss_ = last;
  return values;
}

void Trainer::finish_epoch(const Source& validation) {
  std::map<std::string, double> values{{"loss", loss_.compute()}, {"lr", optimizer_->lr()}};
  for (auto& [name, meter] : meters_) values[name] = meter->compute();
  if (validation.start)
    for (const auto& [name, value] : evaluate(*model_, validation)) values["val_" + name] = value;
  std::vector<double> numbers;
  for (const auto& [name, value] : values) numbers.push_back(value);
  numbers = over_ranks(std::move(numbers), false);
  size_t at = 0;
  for (auto& [name, value] : values) value = numbers[at++];
  if (!std::isfinite(values["loss"]))
    fail(ErrorKind::State, "Trainer::fit", "step", "a finite loss", "another in epoch " + std::to_string(epoch_ + 1));
  for (const auto& [name, value] : values) {
    history_[name].push_back(value);
    if (options_.logger && first_rank()) options_.logger->add_scalar(name, value, epoch_ + 1);
  }
  if (validation.start) tell(&Callback::on_validation_end);
  loss_.reset();
  ++epoch_, batch_ = 0;
  if (options_.scheduler && options_.scheduler_interval == Interval::Epoch) options_.scheduler->step();
  const double monitored = metric(!options_.monitor.empty() ? options_.monitor : validation.start ? "val_loss" : "loss");
  const bool no_better = best_.update(monitored);
  if (options_.early_stopping && no_better) stop();
  tell(&Callback::on_epoch_end);
  stopping_ = over_ranks({stopping_ ? 1.0 : 0.0}, true)[0] > 0;
  save(monitored);
}

}  // namespace lazuli::training
