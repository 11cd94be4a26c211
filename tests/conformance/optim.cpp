// optim/: parameters after each step of an optimizer with given gradients; learning rates of the schedulers.
#include "lazuli/optim/optim.h"

#include <fmt/format.h>

#include <cmath>

#include "lazuli/core/factory.h"
#include "tests/conformance/options.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"

namespace conformance {

using namespace lazuli;

namespace {

using OptimizerPointer = std::unique_ptr<optim::Optimizer>;

void read_betas(Arguments& args, double& beta1, double& beta2) {
  std::vector<double> betas{beta1, beta2};
  args.read("betas", betas);
  beta1 = betas.at(0);
  beta2 = betas.at(1);
}

OptimizerPointer make_sgd(const std::vector<Tensor>& params, Arguments& args) {
  optim::SGDOptions o;
  args.read("lr", o.lr)
      .read("momentum", o.momentum)
      .read("dampening", o.dampening)
      .read("weight_decay", o.weight_decay)
      .read("nesterov", o.nesterov)
      .read("maximize", o.maximize)
      .done();
  return std::make_unique<optim::SGD>(params, o);
}

template <class Adam, class Options>
OptimizerPointer make_adam(const std::vector<Tensor>& params, Arguments& args) {
  Options o;
  args.read("lr", o.lr);
  read_betas(args, o.beta1, o.beta2);
  args.read("eps", o.eps).read("weight_decay", o.weight_decay).read("amsgrad", o.amsgrad).read("maximize", o.maximize).done();
  return std::make_unique<Adam>(params, o);
}

const std::map<std::string, OptimizerPointer (*)(const std::vector<Tensor>&, Arguments&)> kOptimizers = {
    {"SGD", make_sgd}, {"Adam", make_adam<optim::Adam, optim::AdamOptions>}, {"AdamW", make_adam<optim::AdamW, optim::AdamWOptions>}};

using SchedulerPointer = std::unique_ptr<optim::LRScheduler>;

SchedulerPointer make_step(optim::Optimizer& optimizer, Arguments& args) {
  int64_t step_size = 1;
  double gamma = 0.1;
  args.read("step_size", step_size).read("gamma", gamma).done();
  return std::make_unique<optim::StepLR>(optimizer, step_size, gamma);
}
SchedulerPointer make_linear(optim::Optimizer& optimizer, Arguments& args) {
  double start = 1.0 / 3, end = 1;
  int64_t total = 5;
  args.read("start_factor", start).read("end_factor", end).read("total_iters", total).done();
  return std::make_unique<optim::LinearLR>(optimizer, start, end, total);
}
SchedulerPointer make_cosine(optim::Optimizer& optimizer, Arguments& args) {
  int64_t t_max = 1;
  double eta_min = 0;
  args.read("T_max", t_max).read("eta_min", eta_min).done();
  return std::make_unique<optim::CosineAnnealingLR>(optimizer, t_max, eta_min);
}

const std::map<std::string, SchedulerPointer (*)(optim::Optimizer&, Arguments&)> kSchedulers = {
    {"StepLR", make_step}, {"LinearLR", make_linear}, {"CosineAnnealingLR", make_cosine}};

class Optim : public CaseFile {
 public:
  Optim(const fs::path& file, const Options& options) : cases_(read_json(file)), device_(options.device) {
    fs::path beside = fs::path(file).replace_extension(".safetensors");
    if (fs::exists(beside)) tensors_ = TensorFile(beside);
  }
  size_t size() const override { return cases_.size(); }
  std::string group(size_t i) const override { return cases_[i].contains("optim") ? cases_[i]["optim"] : cases_[i].at("scheduler"); }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    try {
      return c.contains("optim") ? run_optimizer(c) : run_scheduler(c);
    } catch (const NotThere& missing) { return skip(missing.what()); }
  }

 private:
  Outcome run_optimizer(const Json& c) {
    const std::string which = c["optim"];
    auto maker = kOptimizers.find(which);
    if (maker == kOptimizers.end()) return skip("no optimizer " + which);
    Decoder decoder{&tensors_, device_};
    std::vector<Tensor> params = tensors(c.at("params"), decoder);
    for (Tensor& p : params) p.requires_grad_();
    Arguments args(which, {}, decoder.kwargs(c.at("kwargs")));
    OptimizerPointer optimizer = maker->second(params, args);
    for (size_t s = 0; s < c.at("steps").size(); ++s) {
      const Json& step = c["steps"][s];
      std::vector<Tensor> grads = tensors(step.at("grads"), decoder), expected = tensors(step.at("params"), decoder);
      for (size_t k = 0; k < params.size(); ++k) params[k].set_grad(grads[k]);
      optimizer->step();
      for (size_t k = 0; k < params.size(); ++k) {
        std::string complaint = difference(expected[k], params[k], tolerance_of(c, {1e-6, 1e-7}));
        if (!complaint.empty()) return failed(fmt::format("step {}, parameter {}: {}", s, k, complaint));
      }
    }
    return pass();
  }

  static std::vector<Tensor> tensors(const Json& list, Decoder& decoder) {
    std::vector<Tensor> result;
    for (const Json& j : list) result.push_back(j.is_null() ? Tensor() : decoder.tensor(j));
    return result;
  }

  Outcome run_scheduler(const Json& c) {
    const std::string which = c["scheduler"];
    auto maker = kSchedulers.find(which);
    if (maker == kSchedulers.end()) return skip("no scheduler " + which);
    Tensor param = lazuli::new_tensor(Shape{1}, kFloat64);
    param.requires_grad_();
    optim::SGD optimizer({param}, c.at("base_lr").get<double>());
    Decoder decoder{&tensors_, device_};
    Arguments args(which, {}, decoder.kwargs(c.value("kwargs", Json::object())));
    SchedulerPointer scheduler = maker->second(optimizer, args);
    for (size_t s = 0; s < c.at("lr").size(); ++s) {
      double expected = c["lr"][s], got = optimizer.lr();
      if (!(std::abs(got - expected) <= 1e-9 * std::abs(expected) + 1e-12))
        return failed(fmt::format("step {}: learning rate {}, expected {}", s, got, expected));
      scheduler->step();
    }
    return pass();
  }

  Json cases_;
  TensorFile tensors_;
  Device device_;
};

}  // namespace

std::unique_ptr<CaseFile> open_optim(const fs::path& file, const Options& options) { return std::make_unique<Optim>(file, options); }

}  // namespace conformance
