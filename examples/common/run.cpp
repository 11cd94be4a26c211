#include "run.h"

#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <cstdio>

#include "lazuli/core/plugin.h"
#include "lazuli/distributed/distributed.h"

using namespace lazuli;

namespace examples {

namespace {

volatile std::sig_atomic_t interrupted = 0;
void on_interrupt(int) { interrupted = 1; }

constexpr int64_t kStepsToRead = 50;

Tensor column(const std::vector<double>& values) {
  Tensor t = empty({int64_t(values.size())}, kFloat64);
  std::copy(values.begin(), values.end(), t.data_ptr<double>());
  return t;
}

int64_t number(const Metadata& metadata, const std::string& path, const char* key) {
  if (metadata.contains(key))
    if (const std::string& text = metadata.at(key); !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos)
      return std::stoll(text);
  fail(ErrorKind::File, "load_checkpoint", "path", std::string("a checkpoint with its ") + key, "'" + path + "' without");
}

}  // namespace

Run::Run(std::string program, RunOptions options, std::string essential)
    : program_(std::move(program)), essential_(std::move(essential)), options_(std::move(options)) {
  if (!options_.backend.empty()) load_backend(options_.backend);
  device_ = Device(options_.device);
  if (options_.distributed || distributed::is_mpirun_launched()) {
    if (!distributed::is_initialized()) distributed::init_process_group();
    rank_ = distributed::get_rank();
    ranks_ = distributed::get_world_size();
    if (rank_ > 0 && !std::freopen("/dev/null", "w", stdout)) fail(ErrorKind::File, program_, "", "a quiet process", "/dev/null cannot be opened");
  }
  essential_ += ", seed " + std::to_string(options_.seed);
  options_.apply();
  clock_.pause();
}

Share Run::share(int64_t size, const char* option) const {
  if (size < ranks_) fail(program_, option, "at least one for each of the " + std::to_string(ranks_) + " processes", std::to_string(size));
  const int64_t each = size / ranks_, more = size % ranks_, own = each + (rank_ < more);
  return {each * rank_ + std::min<int64_t>(rank_, more), own, double(own * ranks_) / double(size)};
}

namespace {
// A stream that only this rank has; that of rank 0 is `seed`'s own.
Generator of_rank(uint64_t seed, int rank) { return Generator(seed ^ (uint64_t(rank) * 0x9e3779b97f4a7c15ull)); }
}  // namespace

Generator Run::own_random() const {
  return ranks_ == 1 ? default_generator() : of_rank(options_.seed + uint64_t(step_) * 0xd1342543de82ef95ull, rank_ + 1);
}
data::Transform Run::own_random(data::Transform transform) const {
  if (ranks_ == 1 || !transform) return transform;
  return [transform = std::move(transform), rank = rank_](data::Example batch, const Generator& random) {
    return transform(std::move(batch), of_rank(random.initial_seed(), rank));
  };
}

namespace {
// What --profile shows of the steps that were recorded.
void show(profiler::profile& profile, const std::string& path, int ranks) {
  std::printf("\nby operator\n%s\nby module\n%s\n", profile.key_averages().table("self_cpu_time_total", 20).c_str(),
              profile.module_averages().table("", 30).c_str());
  if (ranks > 1) distributed::export_chrome_trace(profile.chrome_trace(), path);
  else profile.export_chrome_trace(path);
  std::printf("the trace is in %s\n", path.c_str());
}
}  // namespace

void Run::resume() {
  const std::string& path = options_.resume;
  if (path.empty()) return;
  Metadata metadata;
  StateDict all = load_safetensors(path, &metadata);
  if (const std::string made_with = metadata["options"]; made_with != essential_)
    fail("load_checkpoint", "path", "a checkpoint made with " + essential_, made_with.empty() ? "'" + path + "', which is none" : made_with);
  epoch_ = number(metadata, path, "epoch");
  step_ = number(metadata, path, "step");
  count_ = read_ = number(metadata, path, "steps of the epoch");
  for (const auto& [name, sum] : all.with_prefix("run.sum.")) measures_[name].sum = sum.item<double>();
  for (const auto& [name, points] : all.with_prefix("run.curve.")) curves_[name] = points.to_vector<double>();
  for (auto& [name, module] : modules_) module->load_state_dict(all.with_prefix(name + "."));
  for (auto& [name, optimizer] : optimizers_) optimizer->load_state_dict(all.with_prefix(name + "."));
  default_generator().set_state(metadata["generator"]);
  std::printf("resumed from %s at epoch %ld, step %ld\n", path.c_str(), long(epoch_ + 1), long(step_));
}

void Run::save() {
  read();
  if (options_.save.empty() || rank_ > 0) return;
  StateDict all;
  for (auto& [name, module] : modules_) all.merge(module->state_dict(), name + ".");
  for (auto& [name, optimizer] : optimizers_) all.merge(optimizer->state_dict(), name + ".");
  for (const auto& [name, measure] : measures_) all.set("run.sum." + name, full({}, measure.sum, kFloat64));
  for (const auto& [name, points] : curves_) all.set("run.curve." + name, column(points));
  save_safetensors(all, options_.save,
                   {{"program", program_},
                    {"options", essential_},
                    {"epoch", std::to_string(epoch_)},
                    {"step", std::to_string(step_)},
                    {"steps of the epoch", std::to_string(count_)},
                    {"generator", default_generator().get_state()}});
}

void Run::begin(int64_t epochs, int64_t steps, int64_t items, const std::string& unit) {
  items_ = items;
  bar_.reset();  // the old one wipes its line first
  unit_ = unit;
  clock_.go_on();
  if (!options_.profile.empty() && !profile_) {
    if (ranks_ > 1) distributed::barrier();  // their times begin together
    profile_ = std::make_unique<profiler::profile>(
        profiler::ProfileOptions{.schedule = profiler::schedule({.wait = 2, .warmup = 1, .active = 10, .repeat = 1}),
                                 .on_trace_ready = [path = options_.profile, ranks = ranks_](profiler::profile& done) { show(done, path, ranks); }});
  }
  if (rank_ > 0) return;
  bar_ = std::make_unique<training::ProgressBar>("epoch " + std::to_string(epoch_ + 1) + "/" + std::to_string(epochs), unit, steps * items,
                                                 count_ * items);
}

void Run::end_epoch() {
  clock_.pause();
  read();
  ++epoch_;
  count_ = read_ = 0;
  measures_.clear();
  bar_.reset();
  save();
}

void Run::measure(const std::string& name, const Tensor& value) { measures_[name].pending.push_back(value.detach()); }

// The columns of all processes as one.
static Tensor over_ranks(const Tensor& column, int ranks) {
  if (ranks == 1) return column;
  const Tensor total = column.clone();
  distributed::all_reduce(total, column.is_floating_point() ? distributed::ReduceOp::Mean : distributed::ReduceOp::Sum);
  return total;
}

void Run::read() {
  const int64_t steps = count_ - read_;
  if (steps == 0) return;
  struct Column {
    const std::string& name;
    Measure& measure;
    bool loss;  // or a count
    std::vector<double> values;
  };
  std::vector<Column> columns;
  for (auto& [name, measure] : measures_) {
    if (measure.pending.empty()) continue;
    columns.push_back({name, measure, measure.pending[0].is_floating_point(), over_ranks(stack(measure.pending), ranks_).to_vector<double>()});
    measure.pending.clear();
  }
  for (int64_t i = 0; i < steps; ++i) {
    const int64_t step = step_ - steps + i + 1;
    std::string line;
    for (const Column& column : columns) {
      const double value = column.values.at(size_t(i));
      if (!std::isfinite(value))
        fail(ErrorKind::State, program_, "", "a finite " + column.name,
             std::to_string(value) + " at step " + std::to_string(step) + "; a lower --lr may help");
      column.measure.sum += value;
      char text[64];
      std::snprintf(text, sizeof(text), "  %s %.6f", column.name.c_str(), value);
      if (column.loss) line += text;
    }
    if (step <= options_.print_losses) std::printf("step %ld%s\n", long(step), line.c_str());
  }
  for (const Column& column : columns) {
    if (!column.loss) continue;
    last_ = 0;
    for (double v : column.values) last_ += v / double(column.values.size());
    break;
  }
  read_ = count_;
}

bool Run::advance() {
  ++step_;
  clock_.add_items(double(items_) / ranks_);
  if (++count_ - read_ == kStepsToRead || count_ == 1) read();  // the first at once, so that there is something to show
  if (profile_) profile_->step();
  if (bar_) {
    char loss[32];
    std::snprintf(loss, sizeof(loss), "loss %.4f", last_);
    bar_->update(count_ * items_, loss);
  }
  return !interrupted && step_ != options_.stop_after;
}

int Run::stopped() {
  save();
  bar_.reset();
  std::fprintf(stderr, "\nstopped at step %ld%s%s\n", long(step_), options_.save.empty() ? "" : ", saved to ", options_.save.c_str());
  return 130;
}

double Run::sum(const std::string& name) {
  read();
  return measures_[name].sum;
}

void Run::record(const std::string& curve, double value) { curves_[curve].push_back(value); }

const std::vector<double>& Run::curve(const std::string& name) const {
  static const std::vector<double> none_yet;
  const auto found = curves_.find(name);
  return found == curves_.end() ? none_yet : found->second;
}

void Run::finish() {
  clock_.pause();
  if (profile_) profile_->stop();  // of a run that was shorter
  if (ranks_ > 1) std::printf("\n%s", to_string(distributed::gather_times(clock_.times()), unit_).c_str());
  if (options_.kernel_counts) std::printf("\n%s", kernel_summary().c_str());
}

double peak_memory_mib(Device device) {
  if (!device.is_cpu()) return double(memory_stats(device).peak_allocated) / (1024 * 1024);
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

int guarded(const char* program, const std::function<int()>& body) {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  try {
    return body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program, error.what());
    return 1;
  }
}

}  // namespace examples
