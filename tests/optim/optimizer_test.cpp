#include "lazuli/lazuli.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;

namespace {

Tensor parameter(const Tensor& values) { return values.clone().requires_grad_(); }
void set_grad(Tensor& p, const Tensor& g) { p.set_grad(g.to(p.dtype())); }
bool close(const Tensor& a, const Tensor& b, double tolerance) { return (a.to(kFloat64) - b.to(kFloat64)).abs().amax().item<double>() <= tolerance; }

/// The formulas of the documentation, in composed operators.
struct Reference {
  Tensor p, buffer, m, v, vmax;
  int64_t t = 0;

  void sgd(Tensor g, const optim::SGDOptions& o) {
    if (o.maximize) g = -g;
    g = g + o.weight_decay * p;
    if (o.momentum != 0) {
      buffer = buffer.defined() ? o.momentum * buffer + (1 - o.dampening) * g : g;
      g = o.nesterov ? g + o.momentum * buffer : buffer;
    }
    p = p - o.lr * g;
  }
  void adam(Tensor g, const optim::AdamOptions& o) {
    ++t;
    if (o.maximize) g = -g;
    if (o.decoupled_weight_decay) p = p * (1 - o.lr * o.weight_decay);
    else g = g + o.weight_decay * p;
    if (!m.defined()) m = v = vmax = zeros_like(p);
    m = o.beta1 * m + (1 - o.beta1) * g;
    v = o.beta2 * v + (1 - o.beta2) * g * g;
    vmax = maximum(vmax, v);
    Tensor root = ((o.amsgrad ? vmax : v) / (1 - std::pow(o.beta2, double(t)))).sqrt();
    p = p - o.lr * (m / (1 - std::pow(o.beta1, double(t)))) / (root + o.eps);
  }
};

template <class Optimizer, class Options, class Step>
void check_formula(const Options& options, Step step) {
  for (DType d : {kFloat64, kFloat32, kBFloat16}) {
    manual_seed(4);
    Tensor start = randn({7, 5}).to(d), p = parameter(start);
    Reference reference;
    reference.p = start.to(kFloat64);
    Optimizer optimizer({p}, options);
    for (int i = 0; i < 6; ++i) {
      Tensor g = randn({7, 5}).to(d);
      set_grad(p, g);
      uint32_t version = p.version();
      optimizer.step();
      CHECK(p.version() > version);
      step(reference, g.to(kFloat64));
    }
    CHECK(close(p.detach(), reference.p, d == kFloat64 ? 1e-12 : d == kFloat32 ? 2e-5 : 0.1));
  }
}

}  // namespace

TEST_CASE("SGD follows its formula", "[optim]") {
  for (optim::SGDOptions o : {optim::SGDOptions{.lr = 0.1},
                              {.lr = 0.1, .momentum = 0.9},
                              {.lr = 0.1, .momentum = 0.9, .dampening = 0.3, .weight_decay = 0.1},
                              {.lr = 0.1, .momentum = 0.8, .nesterov = true},
                              {.lr = 0.1, .momentum = 0.5, .weight_decay = 0.2, .maximize = true}})
    check_formula<optim::SGD>(o, [&](Reference& r, const Tensor& g) { r.sgd(g, o); });
}

TEST_CASE("Adam and AdamW follow their formulas", "[optim]") {
  for (optim::AdamOptions o : {optim::AdamOptions{.lr = 0.05},
                               {.lr = 0.05, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-3, .weight_decay = 0.1},
                               {.lr = 0.05, .amsgrad = true, .maximize = true}})
    check_formula<optim::Adam>(o, [&](Reference& r, const Tensor& g) { r.adam(g, o); });
  optim::AdamWOptions w{.lr = 0.05, .weight_decay = 0.3};
  check_formula<optim::AdamW>(w,
                              [&](Reference& r, const Tensor& g) { r.adam(g, {.lr = 0.05, .weight_decay = 0.3, .decoupled_weight_decay = true}); });
}

TEST_CASE("Parameters that are views, not contiguous, or without gradient", "[optim]") {
  Tensor base = arange(6).to(kFloat32).view({2, 3});
  Tensor p = base.transpose(0, 1).detach().requires_grad_(), q = parameter(ones({2}));
  optim::SGD optimizer({p, q}, 0.5);
  set_grad(p, ones({3, 2}));
  optimizer.step();
  CHECK(base.to_vector<float>() == std::vector<float>{-0.5f, 0.5f, 1.5f, 2.5f, 3.5f, 4.5f});  // in place, through the strides
  CHECK(q.detach().to_vector<float>() == std::vector<float>{1, 1});
  optimizer.zero_grad();
  CHECK(!p.grad().defined());
  set_grad(q, ones({2}));
  optimizer.zero_grad(false);
  CHECK(q.grad().to_vector<float>() == std::vector<float>{0, 0});
}

TEST_CASE("A step is not recorded, and spoils what an earlier graph saved", "[optim]") {
  Tensor p = parameter(ones({2})), x = ones({2}).requires_grad_();
  optim::SGD optimizer({p}, 0.1);
  Tensor loss = (p * x).sum();
  loss.backward({}, /*retain_graph=*/true);
  optimizer.step();
  CHECK(p.is_leaf());
  CHECK(p.requires_grad());
  CHECK(says(error_of([&] { loss.backward(); }), "version"));
}

TEST_CASE("Parameter groups have options of their own", "[optim]") {
  Tensor a = parameter(ones({1})), b = parameter(ones({1})), c = parameter(ones({1}));
  optim::SGD optimizer({{.params = {a}, .options = {.lr = 0.1}}, {.params = {b}, .options = {.lr = 0.01}}});
  optimizer.add_param_group({.params = {c}, .options = {.lr = 1}});
  CHECK(optimizer.num_groups() == 3);
  CHECK(optimizer.params(1)[0].is_same(b));
  for (Tensor* p : {&a, &b, &c}) set_grad(*p, ones({1}));
  optimizer.step();
  CHECK(a.item<double>() == Approx(0.9));
  CHECK(b.item<double>() == Approx(0.99));
  CHECK(c.item<double>() == Approx(0.0).margin(1e-9));
  optimizer.set_lr(0.5, 1);
  CHECK(optimizer.lr(0) == 0.1);
  CHECK(optimizer.lr(1) == 0.5);
  optimizer.set_all_lr(0.2);
  CHECK(optimizer.options(2).lr == 0.2);
  CHECK(says(error_of([&] { optimizer.lr(3); }), "a group below 3"));
  CHECK(says(error_of([&] { optimizer.options(3); }), "a group below 3"));
  CHECK(says(error_of([&] { optimizer.params(3); }), "a group below 3"));
  optim::AdamW adamw({parameter(ones({1}))}, 0.1);
  adamw.add_param_group({.params = {a}});
  CHECK(adamw.options(1).weight_decay == 0.01);
}

TEST_CASE("Options and parameters that make no sense", "[optim]") {
  Tensor p = parameter(ones({2}));
  auto sgd = [&](optim::SGDOptions o) { return error_of([&] { optim::SGD({p}, o); }); };
  auto adam = [&](optim::AdamOptions o) { return error_of([&] { optim::Adam({p}, o); }); };
  CHECK(says(sgd({.lr = -1}), "SGD: argument 'lr': expected a value of at least 0, got -1"));
  CHECK(says(sgd({.lr = NAN}), "lr"));
  CHECK(says(sgd({.momentum = -0.1}), "momentum"));
  CHECK(says(sgd({.weight_decay = -1}), "weight_decay"));
  CHECK(says(sgd({.nesterov = true}), "nesterov"));
  CHECK(says(sgd({.momentum = 0.9, .dampening = 0.1, .nesterov = true}), "nesterov"));
  CHECK(says(adam({.beta1 = 1}), "beta1"));
  CHECK(says(adam({.beta2 = -0.1}), "beta2"));
  CHECK(says(adam({.eps = -1}), "eps"));
  CHECK(says(error_of([&] { optim::AdamW({p}, {.lr = -1}); }), "AdamW"));
  CHECK(says(error_of([&] { optim::SGD(std::vector<Tensor>{}, 0.1); }), "at least one parameter"));
  CHECK(says(error_of([&] { optim::SGD({Tensor()}, 0.1); }), "undefined"));
  CHECK(says(error_of([&] { optim::SGD({p * 2.0}, 0.1); }), "a leaf"));
  CHECK(says(error_of([&] { optim::SGD({p, p}, 0.1); }), "each parameter once"));
  optim::SGD optimizer({p}, 0.1);
  CHECK(says(error_of([&] { optimizer.add_param_group({.params = {p}}); }), "in no group yet"));
  CHECK(optimizer.num_groups() == 1);
  optim::SGD frozen({ones({2})}, 0.1);  // passed over
  frozen.step();
}

TEST_CASE("NaN goes where it belongs", "[optim]") {
  Tensor p = parameter(ones({3})), q = parameter(ones({1}));
  optim::Adam optimizer({p, q}, 0.1);
  set_grad(p, tensor({1.0, NAN, INFINITY}));
  set_grad(q, ones({1}));
  optimizer.step();
  std::vector<double> v = p.detach().to_vector<double>();
  CHECK(v[0] == Approx(0.9));
  CHECK(std::isnan(v[1]));
  CHECK(std::isnan(v[2]));
  CHECK(q.item<double>() == Approx(0.9));
}

TEST_CASE("An optimizer of uninitialized parameters works from the first forward on", "[optim]") {
  manual_seed(2);
  nn::Sequential lazy{nn::LazyLinear(3), nn::LazyBatchNorm1d(), nn::ReLU(), nn::LazyLinear(1)};
  manual_seed(2);
  nn::Sequential eager{nn::Linear(4, 3), nn::BatchNorm1d(3), nn::ReLU(), nn::Linear(3, 1)};
  optim::Adam a(lazy.parameters(), 0.1), b(eager.parameters(), 0.1);
  a.zero_grad();
  a.step();  // nothing to do yet
  CHECK(a.state_dict().with_prefix("state.").empty());
  Tensor x = randn({8, 4});
  for (int i = 0; i < 3; ++i) {
    for (auto [model, optimizer] : {std::pair{&lazy, &a}, std::pair{&eager, &b}}) {
      optimizer->zero_grad();
      (*model)(x).square().sum().backward();
      optimizer->step();
    }
  }
  auto trained = lazy.parameters(), expected = eager.parameters();
  for (size_t i = 0; i < trained.size(); ++i) CHECK(equal(trained[i], expected[i]));
}

TEST_CASE("An optimizer's state survives a file", "[optim]") {
  test::TemporaryFolder folder;
  auto run = [&](bool interrupted, auto make) {
    manual_seed(7);
    Tensor p = parameter(randn({4})), q = parameter(randn({2, 2}));
    auto optimizer = make(std::vector{p, q});
    for (int i = 0; i < 6; ++i) {
      if (interrupted && i == 3) {
        save_safetensors(optimizer->state_dict(), folder.file("o"));
        optimizer = make(std::vector{p, q});
        optimizer->set_lr(123);
        optimizer->load_state_dict(load_safetensors(folder.file("o")));
        CHECK(optimizer->lr() == 0.1);
      }
      set_grad(p, randn({4}));
      if (i != 1) set_grad(q, randn({2, 2}));
      else q.set_grad({});
      optimizer->step();
    }
    return cat({p.detach(), q.detach().flatten()});
  };
  auto both = [&](auto make) { CHECK(equal(run(false, make), run(true, make))); };
  both([](const std::vector<Tensor>& p) { return std::make_unique<optim::SGD>(p, optim::SGDOptions{.lr = 0.1, .momentum = 0.9, .nesterov = true}); });
  both([](const std::vector<Tensor>& p) { return std::make_unique<optim::Adam>(p, optim::AdamOptions{.lr = 0.1, .amsgrad = true}); });
  both([](const std::vector<Tensor>& p) { return std::make_unique<optim::AdamW>(p, optim::AdamWOptions{.lr = 0.1}); });
}

TEST_CASE("State that does not fit is refused, and nothing changes", "[optim]") {
  Tensor p = parameter(ones({2})), q = parameter(ones({3}));
  optim::Adam optimizer({p, q}, 0.1);
  set_grad(p, ones({2}));
  optimizer.step();
  StateDict good = optimizer.state_dict();
  auto load = [&](const StateDict& state) { return error_of([&] { optimizer.load_state_dict(state); }); };
  auto with = [&](const char* name, const Tensor& t) {
    StateDict changed = good;
    changed.set(name, t);
    return load(changed);
  };
  CHECK(says(with("state.0.exp_avg", zeros({3})), "state.0's exp_avg': expected sizes"));
  CHECK(says(with("state.2.step", zeros({})), "2 parameters"));
  CHECK(says(with("state.0.momentum_buffer", zeros({2})),
             "state of Adam (step, exp_avg, exp_avg_sq, max_exp_avg_sq), got 'state.0.momentum_buffer', of another optimizer"));
  CHECK(says(with("group.1.lr", zeros({})), "1 groups"));
  CHECK(says(with("other", zeros({})), "'other'"));
  CHECK(says(with("state.0.step", zeros({}) - 1.0), "state.0.step"));
  CHECK(says(with("state.0.step", zeros({2})), "state.0.step"));
  CHECK(says(with("group.0.lr", zeros({}) * NAN), "lr"));
  CHECK(says(load(StateDict{{"state.0.step", zeros({})}}), "1 groups"));
  CHECK(load(optim::SGD({p, q}, {.lr = 1, .momentum = 1}).state_dict()) ==
        "Adam: argument 'state': expected the state of an optimizer of class Adam, got that of SGD");
  CHECK(error_of([&] {
          optim::SGD({p, q}, 0.1).load_state_dict(good);
        }) == "SGD: argument 'state': expected the state of an optimizer of class SGD, got that of Adam");
  CHECK(says(with("group.0.beta1", ones({})), "Adam: argument 'beta1': expected a value in [0, 1)"));
  CHECK(says(with("group.0.lr", zeros({2})), "lr"));
  CHECK(optimizer.lr() == 0.1);
  CHECK(optimizer.state_dict().size() == good.size());
  CHECK(load(good) == "no error");
  // Restored state takes its parameter's dtype.
  Tensor wide = parameter(ones({2}).to(kFloat64)), wider = parameter(ones({3}).to(kFloat64));
  optim::Adam other({wide, wider}, 1.0);
  other.load_state_dict(good);
  CHECK(other.state_dict().at("state.0.exp_avg").dtype() == kFloat64);
  CHECK(other.lr() == 0.1);
  // A parameter that is not shaped yet is compared at its first step.
  nn::LazyLinear lazy(1);
  optim::Adam later(lazy.parameters(), 0.1);
  later.load_state_dict(good);
  lazy(ones({1, 5})).sum().backward();
  CHECK(says(error_of([&] { later.step(); }), "exp_avg"));
}

TEST_CASE("The state of a parameter without dimensions comes back as a tensor", "[optim]") {
  Tensor p = parameter(zeros({}, kFloat64)), q = parameter(zeros({}, kFloat64));
  optim::Adam a({p}, 0.1), b({q}, 0.1);
  for (int k = 0; k < 4; ++k) {
    set_grad(p, ones({}, kFloat64) * double(k));
    a.step();
    if (k == 1) {
      b.load_state_dict(a.state_dict().clone());
      q.detach().copy_(p.detach());
    } else if (k > 1) {
      set_grad(q, ones({}, kFloat64) * double(k));
      b.step();
    }
  }
  CHECK(p.item<double>() == q.item<double>());
}

TEST_CASE("A gradient of another dtype is refused before anything changes", "[optim]") {
  Tensor p = parameter(ones({2})), q = parameter(ones({3}));
  optim::SGD optimizer({p, q}, 0.1);
  set_grad(p, ones({2}));
  CHECK_THROWS_AS((q.set_grad(ones({3}).to(kFloat64)), optimizer.step()), Error);
  CHECK(p.detach().to_vector<float>() == std::vector<float>{1, 1});
}

TEST_CASE("State of float16 and bfloat16 parameters is float32", "[optim]") {
  for (DType d : {kFloat16, kBFloat16}) {
    auto train = [&](auto&& make, DType dtype) {
      Tensor p = parameter(ones({3}).to(dtype));
      auto optimizer = make(p);
      for (int i = 0; i < 4; ++i) {
        p.set_grad((ones({3}) * 1e-4).to(d).to(dtype));  // its square is 0 in float16
        optimizer->step();
      }
      return std::pair(p.detach().to(kFloat64)[0].template item<double>(), optimizer->state_dict());
    };
    auto adam = [](const Tensor& p) {
      return std::make_unique<optim::Adam>(std::vector{p}, optim::AdamOptions{.lr = 0.05, .eps = 1e-10, .amsgrad = true});
    };
    auto [half, state] = train(adam, d);
    auto [expected, wide] = train(adam, kFloat64);
    CHECK(half == Approx(expected).epsilon(0.01));
    for (const char* name : {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}) {
      const Tensor kept = state.at(std::string("state.0.") + name);
      CHECK(kept.dtype() == kFloat32);
      CHECK(kept[0].item<double>() == Approx(wide.at(std::string("state.0.") + name)[0].item<double>()).epsilon(1e-4));
    }
    auto sgd = [](const Tensor& p) { return std::make_unique<optim::SGD>(std::vector{p}, optim::SGDOptions{.lr = 1, .momentum = 0.9}); };
    CHECK(train(sgd, d).second.at("state.0.momentum_buffer").dtype() == kFloat32);
    // It stays so through a file of float16.
    Tensor p = parameter(ones({3}).to(d));
    optim::Adam other({p}, 0.1);
    StateDict narrow = state.clone();
    narrow.set("state.0.exp_avg", narrow.at("state.0.exp_avg").to(d));
    other.load_state_dict(narrow);
    CHECK(other.state_dict().at("state.0.exp_avg").dtype() == kFloat32);
  }
}

TEST_CASE("An optimizer prints its groups with their options", "[optim]") {
  Tensor a = parameter(ones({1})), b = parameter(ones({1}));
  optim::SGD optimizer({{.params = {a}, .options = {.lr = 0.1}}, {.params = {b}, .options = {.lr = 0.01, .momentum = 0.9}}});
  CHECK(to_string(optimizer) ==
        "SGD (\n"
        "  group 0: 1 parameters, lr=0.1, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, maximize=False\n"
        "  group 1: 1 parameters, lr=0.01, momentum=0.9, dampening=0.0, weight_decay=0.0, nesterov=False, maximize=False\n"
        ")");
}

TEST_CASE("Step hooks and closures", "[optim]") {
  Tensor p = parameter(ones({1}));
  optim::SGD optimizer({p}, 0.5);
  std::string log;
  RemovableHandle before = optimizer.register_step_pre_hook([&](optim::Optimizer&) { log += "before " + std::to_string(p.item<int>()) + ";"; });
  optimizer.register_step_post_hook([&](optim::Optimizer& o) { log += "after " + std::to_string(int(o.params()[0].item<double>() * 10)) + ";"; });
  no_grad guard;  // a closure records all the same
  Tensor loss = optimizer.step([&] {
    optimizer.zero_grad();
    Tensor l = (p * 1.0).sum();
    l.backward();
    return l;
  });
  CHECK(loss.item<double>() == 1);
  CHECK(log == "before 1;after 5;");
  before.remove();
  optimizer.step();
  CHECK(log == "before 1;after 5;after 0;");
}

namespace {

struct KeepAllOptions {
  double lr = 1;
  std::optional<double> clip = {};
  std::string mode = "plain";
  Shape sizes = {1, 2};
  int64_t history = 2;
  static constexpr auto members() {
    using O = KeepAllOptions;
    return Members{member("lr", &O::lr, {.least = 0}), member("clip", &O::clip, {.above = 0}), member("mode", &O::mode), member("sizes", &O::sizes),
                   member("history", &O::history, {.least = 1})};
  }
  void check(const char* optimizer) const {
    if (mode == "odd" && history % 2 == 0) fail(optimizer, "history", "an odd history in this mode", std::to_string(history));
  }
};
/// Keeps as many gradients as it takes, a factor of another shape, and numbers.
class KeepAll : public optim::OptimizerOf<KeepAll, KeepAllOptions> {
 public:
  static constexpr const char* class_name = "KeepAll";
  using OptimizerOf::OptimizerOf;

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override {
    state.tensor("grads." + std::to_string(int(state.number("step")))) = grad.clone();
    state.tensor("row") = grad.sum(0);
    state.number("norm") += grad.square().sum().item<double>();
    param.sub_(grad, options(group).lr);
  }
  std::vector<StateName> state_names() const override { return {{"grads.*"}, {"row", false}, number_name("norm")}; }
};

}  // namespace

TEST_CASE("An optimizer of one's own keeps any number of tensors and numbers", "[optim]") {
  Tensor p = parameter(ones({3, 2}));
  KeepAll a({p}, {.clip = 0.5, .mode = "fast", .sizes = {4}, .history = 7});
  for (int i = 0; i < 5; ++i) {
    set_grad(p, ones({3, 2}) * double(i));
    a.step();
  }
  StateDict state = a.state_dict();
  CHECK(state.at("state.0.grads.5").sizes() == Shape{3, 2});
  CHECK(state.at("state.0.row").sizes() == Shape{2});
  KeepAll b({p}, 0.25);
  b.load_state_dict(state);
  CHECK(b.lr() == 1);
  CHECK(b.options().clip == 0.5);
  CHECK(b.options().mode == "fast");
  CHECK(b.options().sizes == Shape{4});
  CHECK(b.options().history == 7);
  StateDict again = b.state_dict();
  CHECK(again.size() == state.size());
  for (const auto& [name, value] : state) CHECK(equal(again.at(name), value));
  KeepAll without({p}, 0.25);
  b.load_state_dict(without.state_dict());
  CHECK(!b.options().clip);
  CHECK(says(error_of([&] { KeepAll({p}, {.clip = 0}); }), "KeepAll: argument 'clip': expected a value above 0"));
  CHECK(says(error_of([&] { KeepAll({p}, {.mode = "odd"}); }), "an odd history"));
  CHECK(says(error_of([&] { b.add_param_group({.params = {parameter(ones({1}))}, .options = {.history = 0}}); }), "history"));
  CHECK(b.num_groups() == 1);
}

TEST_CASE("A parameter that its module replaced is told of at the next step, before anything has changed", "[optim]") {
  nn::Linear linear(2, 1);
  optim::SGD optimizer(linear.parameters(), 0.5);
  linear(ones({1, 2})).sum().backward();
  const double bias = linear.bias.item<double>();
  Tensor old = linear.weight;
  linear.weight = ones({1, 2});
  CHECK(says(error_of([&] { optimizer.step(); }),
             "params[0]': expected a parameter that its module has, got one that was replaced ('weight' is another tensor now)"));
  CHECK(linear.bias.item<double>() == bias);
  optim::SGD again(linear.parameters(), 0.5);
  linear(ones({1, 2})).sum().backward();
  again.step();
  CHECK(linear.weight[0][0].item<double>() == 0.5);
}

TEST_CASE("References to what an optimizer keeps stay valid while it keeps more", "[optim]") {
  optim::ParameterState state;
  double& step = state.number("step");
  Tensor& moment = state.zeros("moment", ones({2, 3}, kFloat16));
  CHECK(step == 0);
  CHECK(moment.dtype() == kFloat32);
  CHECK(moment.sizes() == Shape{2, 3});
  for (int i = 0; i < 100; ++i) {
    state.number("n" + std::to_string(i)) = i;
    state.tensor("t" + std::to_string(i)) = ones({1});
  }
  step = 7;
  moment.fill_(3);
  CHECK(state.number("step") == 7);
  CHECK(state.find("moment")->sum().item<double>() == 18);
  const optim::ParameterState& read = state;
  CHECK(read.number("none of that name") == 0);
  CHECK(read.find("none of that name") == nullptr);
}

TEST_CASE("Groups take from the optimizer's options what they leave as it is", "[optim]") {
  Tensor a = ones({2}), b = ones({3});
  optim::AdamW adam({{.params = {a}}, {.params = {b}, .options = {.lr = 1e-4, .weight_decay = 0}}}, {.lr = 0.5, .betas = {0.8, 0.9}});
  CHECK(adam.options(0).lr == 0.5);
  CHECK(adam.options(0).beta1 == 0.8);
  CHECK(adam.options(0).weight_decay == 1e-2);
  CHECK(adam.options(1).lr == 1e-4);
  CHECK(adam.options(1).beta2 == 0.9);
  CHECK(adam.options(1).weight_decay == 0);
  CHECK(says(error_of([&] { optim::SGD({{.params = {a}}, {.params = {b}}}, {.lr = -1}); }), "lr"));
}

TEST_CASE("param_groups reads and changes the options of each group", "[optim]") {
  nn::Linear a(2, 2), b(2, 1);
  optim::Adam adam({{.params = a.parameters(), .options = {.lr = 1e-4}}, {.params = b.parameters(), .options = {.lr = 1e-2}}});
  for (auto& group : adam.param_groups()) group.options.lr *= 0.5;
  CHECK(adam.lr(0) == 0.5e-4);
  CHECK(adam.lr(1) == 0.5e-2);
  CHECK(adam.param_groups()[1].params.size() == 2);
  adam.param_groups()[0].options.weight_decay = 0.1;
  CHECK(adam.options(0).weight_decay == 0.1);
}

TEST_CASE("Options by position, in PyTorch's order", "[optim]") {
  nn::Linear net(2, 2);
  const auto params = net.parameters();
  const optim::SGDOptions sgd = optim::SGD(params, 0.01, 0.9).options();
  CHECK((sgd.lr == 0.01 && sgd.momentum == 0.9 && sgd.dampening == 0));
  CHECK(optim::SGD(params, 0.01, 0.9, 0, 1e-4, true).options().nesterov);
  CHECK(optim::SGD(params, 1, 0).options().lr == 1);
  const optim::AdamOptions adam = optim::Adam(params, 1e-3, {0.8, 0.95}, 1e-6, 0.1).options();
  CHECK((adam.beta1 == 0.8 && adam.beta2 == 0.95 && adam.eps == 1e-6 && adam.weight_decay == 0.1));
  CHECK(optim::AdamW(params, 1e-3, {0.8, 0.95}).options().beta2 == 0.95);
  const optim::RMSpropOptions rms = optim::RMSprop(params, 0.1, 0.8, 1e-6, 0.01, 0.9, true).options();
  CHECK((rms.alpha == 0.8 && rms.eps == 1e-6 && rms.weight_decay == 0.01 && rms.momentum == 0.9 && rms.centered));
  static_assert(!std::is_constructible_v<optim::SGD, std::vector<Tensor>, double, bool>);
  CHECK_THROWS_AS(optim::SGD(params, 0.1, -1), Error);
}

TEST_CASE("The state of a parameter is there to read", "[optim]") {
  nn::Linear net(2, 2);
  optim::Adam adam(net.parameters());
  CHECK(adam.state(net.weight).find("exp_avg") == nullptr);
  net(ones({1, 2})).sum().backward();
  adam.step();
  CHECK(allclose(adam.state(net.weight)["exp_avg"], full({2, 2}, 0.1)));
  CHECK(adam.state(net.weight).number("step") == 1);
  CHECK(adam.state(net.weight)["step"].item<int>() == 1);
  CHECK(says(error_of([&] { adam.state(net.weight)["momentum_buffer"]; }), "one of exp_avg, exp_avg_sq, step"));
  CHECK(says(error_of([&] { adam.state(ones({3})); }), "another tensor, of sizes [3]"));
}
