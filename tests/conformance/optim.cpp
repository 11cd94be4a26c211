// optim/: parameters after each step of an optimizer with given gradients; learning rates of the schedulers.
#include "lazuli/optim/optim.h"

#include <fmt/format.h>

#include <cmath>

#include "lazuli/core/factory.h"
#include "lazuli/ops/pointwise/operators.h"
#include "tests/conformance/options.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"

namespace conformance {

using namespace lazuli;

namespace {

using OptimizerPointer = std::unique_ptr<optim::Optimizer>;

// Names that are several members here.
const std::map<std::string, std::vector<const char*>> kSeveral = {{"betas", {"beta1", "beta2"}},
                                                                  {"etas", {"eta_minus", "eta_plus"}},
                                                                  {"step_sizes", {"step_size_min", "step_size_max"}},
                                                                  {"ns_coefficients", {"ns_a", "ns_b", "ns_c"}}};

// By the name of its class; its options are read by the names of their members. Null: there is none.
OptimizerPointer make_optimizer(const std::string& name, const std::vector<Tensor>& params, Arguments& args) {
  OptimizerPointer made;
  optim::for_each_optimizer([&]<class O>() {
    if (name != O::class_name) return;
    typename O::Options options;
    for (const auto& [several, members] : kSeveral) {
      const Value* given = args.take(several);
      for (size_t k = 0; given && k < members.size(); ++k)
        if (!visit_member(options, members[k], [&](auto& value) { Arguments::assign(given->to_list().at(k), value); }))
          throw NotThere(name + "'s " + several);
    }
    if constexpr (std::is_same_v<O, optim::Adafactor>) {
      if (const Value* eps = args.take("eps")) {
        if (const Value& first = eps->to_list().at(0); !first.is_none()) options.eps1 = first.to_double();
        options.eps2 = eps->to_list().at(1).to_double();
      }
    }
    for_each_member(options, [&](const auto& m, auto& value) { args.read(m.name, value); });
    for (const char* way : {"foreach", "fused", "capturable", "differentiable"}) args.ignore(way);  // ways to the same result there
    args.done();
    made = std::make_unique<O>(params, options);
  });
  return made;
}

struct Schedule {
  std::vector<std::unique_ptr<optim::LRScheduler>> schedulers;  // the last one steps
  std::unique_ptr<optim::ReduceLROnPlateau> plateau;
};

template <class S, class... Args>
void add(Schedule& to, optim::Optimizer& optimizer, Args&&... args) {
  to.schedulers.push_back(std::make_unique<S>(optimizer, std::forward<Args>(args)...));
}

void make_scheduler(Schedule& to, const std::string& name, optim::Optimizer& optimizer, Arguments& args) {
  int64_t whole = 0;
  double one = 0, two = 0;
  if (name == "StepLR") {
    one = 0.1;
    args.read("step_size", whole).read("gamma", one).done();
    add<optim::StepLR>(to, optimizer, whole, one);
  } else if (name == "MultiStepLR") {
    Shape milestones;
    one = 0.1;
    args.read("milestones", milestones).read("gamma", one).done();
    add<optim::MultiStepLR>(to, optimizer, milestones.vec(), one);
  } else if (name == "ConstantLR") {
    one = 1.0 / 3, whole = 5;
    args.read("factor", one).read("total_iters", whole).done();
    add<optim::ConstantLR>(to, optimizer, one, whole);
  } else if (name == "LinearLR") {
    one = 1.0 / 3, two = 1, whole = 5;
    args.read("start_factor", one).read("end_factor", two).read("total_iters", whole).done();
    add<optim::LinearLR>(to, optimizer, one, two, whole);
  } else if (name == "ExponentialLR") {
    args.read("gamma", one).done();
    add<optim::ExponentialLR>(to, optimizer, one);
  } else if (name == "PolynomialLR") {
    one = 1, whole = 5;
    args.read("total_iters", whole).read("power", one).done();
    add<optim::PolynomialLR>(to, optimizer, whole, one);
  } else if (name == "CosineAnnealingLR") {
    args.read("T_max", whole).read("eta_min", one).done();
    add<optim::CosineAnnealingLR>(to, optimizer, whole, one);
  } else if (name == "CosineAnnealingWarmRestarts") {
    int64_t factor = 1;
    args.read("T_0", whole).read("T_mult", factor).read("eta_min", one).done();
    add<optim::CosineAnnealingWarmRestarts>(to, optimizer, whole, factor, one);
  } else if (name == "CyclicLR") {
    optim::CyclicLROptions o;
    args.read("base_lr", one).read("max_lr", two).read("step_size_up", o.step_size_up).read("step_size_down", o.step_size_down);
    args.read("mode", o.mode).read("gamma", o.gamma).ignore("scale_fn").ignore("scale_mode").read("cycle_momentum", o.cycle_momentum);
    args.read("base_momentum", o.base_momentum).read("max_momentum", o.max_momentum).done();
    add<optim::CyclicLR>(to, optimizer, one, two, o);
  } else if (name == "OneCycleLR") {
    optim::OneCycleLROptions o;
    int64_t epochs = 0, steps_per_epoch = 0;
    args.read("max_lr", one).read("total_steps", whole).read("epochs", epochs).read("steps_per_epoch", steps_per_epoch);
    args.read("pct_start", o.pct_start).read("anneal_strategy", o.anneal_strategy).read("cycle_momentum", o.cycle_momentum);
    args.read("base_momentum", o.base_momentum).read("max_momentum", o.max_momentum).read("div_factor", o.div_factor);
    args.read("final_div_factor", o.final_div_factor).read("three_phase", o.three_phase).done();
    add<optim::OneCycleLR>(to, optimizer, one, whole ? whole : epochs * steps_per_epoch, o);
  } else if (name == "ReduceLROnPlateau") {
    optim::ReduceLROnPlateauOptions o;
    for_each_member(o, [&](const auto& m, auto& value) { args.read(m.name, value); });
    args.done();
    to.plateau = std::make_unique<optim::ReduceLROnPlateau>(optimizer, o);
  } else {
    throw NotThere("no scheduler " + name);
  }
}

// The sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2.
Tensor rosenbrock(const Tensor& x) {
  const Tensor head = x.narrow(0, 0, x.size(0) - 1), tail = x.narrow(0, 1, x.size(0) - 1);
  return ((tail - head.square()).square() * 100.0 + (1.0 - head).square()).sum();
}

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
    const std::string closure = c.value("closure", "");
    if (!closure.empty() && closure != "sum of 100*(x[i+1]-x[i]^2)^2 + (1-x[i])^2") return skip("another closure: " + closure);
    // A rate that is a float32 tensor there is a double here, of which products are not rounded to float32.
    const bool narrow_rate = c.at("kwargs").contains("lr") && is_tensor(c["kwargs"]["lr"]);
    Tolerance tolerance = tolerance_of(c, {1e-6, 1e-7});
    if (narrow_rate) tolerance = {std::max(tolerance.rtol, 1e-6), tolerance.atol};
    for (size_t s = 0; s < c.at("steps").size(); ++s) {
      const Json& step = c["steps"][s];
      std::vector<Tensor> grads = tensors(step.value("grads", Json::array()), decoder), expected = tensors(step.at("params"), decoder);
      for (size_t k = 0; k < grads.size(); ++k) params[k].set_grad(grads[k]);
      if (closure.empty()) {
        optimizer->step();
      } else {
        const double loss = optimizer
                                ->step([&] {
                                  optimizer->zero_grad();
                                  Tensor value = rosenbrock(params[0]);
                                  value.backward();
                                  return value;
                                })
                                .item<double>();
        const double wanted = decoder.value(step.at("loss")).to_double();
        if (!(std::abs(loss - wanted) <= 1e-6 * std::abs(wanted) + 1e-7))
          return failed(fmt::format("step {}: loss {}, expected {}", s, loss, wanted));
      }
      for (size_t k = 0; k < params.size(); ++k) {
        std::string complaint = difference(expected[k], params[k], tolerance);
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
    Tensor param = lazuli::new_tensor(Shape{1}, kFloat64);
    param.requires_grad_();
    optim::SGD optimizer({param}, c.at("base_lr").get<double>());
    Decoder decoder{&tensors_, device_};
    Schedule schedule;
    if (which == "SequentialLR" || which == "ChainedScheduler") {
      std::vector<optim::LRScheduler*> parts;
      for (const Json& part : c.at("of")) {
        Arguments args(part.at(0), {}, decoder.kwargs(part.at(1)));
        make_scheduler(schedule, part.at(0), optimizer, args);
        parts.push_back(schedule.schedulers.back().get());
      }
      if (which == "ChainedScheduler") add<optim::ChainedScheduler>(schedule, optimizer, parts);
      else add<optim::SequentialLR>(schedule, optimizer, parts, c.at("milestones").get<std::vector<int64_t>>());
    } else {
      Arguments args(which, {}, decoder.kwargs(c.value("kwargs", Json::object())));
      make_scheduler(schedule, which, optimizer, args);
    }
    for (size_t s = 0; s < c.at("lr").size(); ++s) {
      double expected = c["lr"][s], got = optimizer.lr();
      if (!(std::abs(got - expected) <= 1e-9 * std::abs(expected) + 1e-12))
        return failed(fmt::format("step {}: learning rate {}, expected {}", s, got, expected));
      if (schedule.plateau) schedule.plateau->step(c.at("metrics").at(s).get<double>());
      else schedule.schedulers.back()->step();
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
