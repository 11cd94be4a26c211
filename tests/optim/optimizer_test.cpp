#include "lazuli/lazuli.h"
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
  optimizer.add_group({.params = {c}, .options = {.lr = 1}});
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
  adamw.add_group({.params = {a}});
  CHECK(adamw.options(1).decoupled_weight_decay);
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
  CHECK(says(error_of([&] { optimizer.add_group({.params = {p}}); }), "in no group yet"));
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
  CHECK(says(with("state.0.momentum_buffer", zeros({2})), "entries"));
  CHECK(says(with("group.1.lr", zeros({})), "1 groups"));
  CHECK(says(with("other", zeros({})), "'other'"));
  CHECK(says(with("state.0.step", zeros({}) - 1.0), "state.0.step"));
  CHECK(says(with("state.0.step", zeros({2})), "state.0.step"));
  CHECK(says(with("group.0.lr", zeros({}) * NAN), "group.0.lr"));
  CHECK(says(load(StateDict{{"state.0.step", zeros({})}}), "1 groups"));
  CHECK(says(load(optim::SGD({p, q}, {.lr = 1, .momentum = 1}).state_dict()), "entries"));
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

TEST_CASE("A gradient of another dtype is refused before anything changes", "[optim]") {
  Tensor p = parameter(ones({2})), q = parameter(ones({3}));
  optim::SGD optimizer({p, q}, 0.1);
  set_grad(p, ones({2}));
  CHECK_THROWS_AS((q.set_grad(ones({3}).to(kFloat64)), optimizer.step()), Error);
  CHECK(p.detach().to_vector<float>() == std::vector<float>{1, 1});
}
