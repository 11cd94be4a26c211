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

// By the name of its class; its options are read by the names of their members. Null: there is none.
OptimizerPointer make_optimizer(const std::string& name, const std::vector<Tensor>& params, Arguments& args) {
  OptimizerPointer made;
  optim::for_each_optimizer([&]<class O>() {
    if (name != O::class_name) return;
    typename O::Options options;
    std::vector<double> betas;  // the one name that is two members here
    args.read("betas", betas);
    for_each_member(options, [&](const auto& m, auto& value) {
      const std::string member = m.name;
      if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, double>)
        if (!betas.empty() && (member == "beta1" || member == "beta2")) value = betas.at(member == "beta1" ? 0 : 1);
      args.read(member, value);
    });
    args.done();
    made = std::make_unique<O>(params, options);
  });
  return made;
}

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
    Decoder decoder{&tensors_, device_};
    std::vector<Tensor> params = tensors(c.at("params"), decoder);
    for (Tensor& p : params) p.requires_grad_();
    Arguments args(which, {}, decoder.kwargs(c.at("kwargs")));
    OptimizerPointer optimizer = make_optimizer(which, params, args);
    if (!optimizer) return skip("no optimizer " + which);
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
