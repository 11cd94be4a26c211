#include <cmath>
#include <optional>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;

namespace {

/// Calls `f.operator()<O>()` for each optimizer that steps with gradients alone.
template <class F>
void for_each_stepping(F f) {
  optim::for_each_optimizer([&]<class O>() {
    if constexpr (!std::is_same_v<O, optim::LBFGS>) {
      INFO(O::class_name);
      f.template operator()<O>();
    }
  });
}
template <class O>
inline constexpr bool takes_complex = !std::is_same_v<O, optim::Adafactor> && !std::is_same_v<O, optim::Muon>;

template <class O>
typename O::Options busy_options() {
  typename O::Options o;
  o.lr = 0.05;
  if constexpr (requires { o.weight_decay; }) o.weight_decay = 0.1;
  if constexpr (requires { o.momentum; }) o.momentum = 0.8;
  if constexpr (requires { o.amsgrad; }) o.amsgrad = true;
  if constexpr (requires { o.centered; }) o.centered = true;
  if constexpr (requires { o.t0; }) o.t0 = 2;
  return o;
}

/// The gradient of step k for one parameter.
Tensor gradient(int k, const Shape& sizes, DType dtype) {
  manual_seed(100 + k);
  return randn(sizes).to(dtype);
}

template <class O>
Tensor trained(const typename O::Options& options, int steps, DType dtype = kFloat64, double sign = 1) {
  manual_seed(1);
  Tensor p = randn({4, 3}).to(dtype).requires_grad_();
  O optimizer({p}, options);
  for (int k = 0; k < steps; ++k) {
    p.set_grad(gradient(k, {4, 3}, dtype) * sign);
    optimizer.step();
  }
  return p.detach().clone();
}

}  // namespace

TEST_CASE("Every optimizer goes on exactly from a saved state", "[optim]") {
  test::TemporaryFolder folder;
  for_each_stepping([&]<class O>() {
    const auto options = busy_options<O>();
    const Tensor whole = trained<O>(options, 6), half = trained<O>(options, 3);
    manual_seed(1);
    Tensor p = randn({4, 3}).to(kFloat64).requires_grad_(), q = half.clone().requires_grad_();
    O first({p}, options), second({q}, 123.0);
    for (int k = 0; k < 3; ++k) {
      p.set_grad(gradient(k, {4, 3}, kFloat64));
      first.step();
    }
    save_safetensors(first.state_dict(), folder.file("state"));
    second.load_state_dict(load_safetensors(folder.file("state")));
    for (int k = 3; k < 6; ++k) {
      q.set_grad(gradient(k, {4, 3}, kFloat64));
      second.step();
    }
    CHECK(equal(q.detach(), whole));
    CHECK(!equal(half, whole));
  });
}

TEST_CASE("Every optimizer with maximize climbs where it would descend", "[optim]") {
  for_each_stepping([&]<class O>() {
    auto options = busy_options<O>();
    if constexpr (requires { options.maximize; }) {
      const Tensor down = trained<O>(options, 4);
      options.maximize = true;
      CHECK(equal(trained<O>(options, 4, kFloat64, -1), down));
      CHECK(!equal(trained<O>(options, 4), down));
    }
  });
}

TEST_CASE("Every optimizer keeps float32 state for half precision", "[optim]") {
  for_each_stepping([&]<class O>() {
    manual_seed(1);
    Tensor p = randn({4, 3}).to(kBFloat16).requires_grad_();
    O optimizer({p}, busy_options<O>());
    for (int k = 0; k < 2; ++k) {
      p.set_grad(gradient(k, {4, 3}, kBFloat16));
      optimizer.step();
    }
    int tensors = 0;
    for (const auto& [name, t] : optimizer.state_dict().with_prefix("state."))
      if (t.dim() > 0) {
        ++tensors;
        CHECK(t.dtype() == kFloat32);
      }
    CHECK(tensors > 0);
    CHECK(p.dtype() == kBFloat16);
    CHECK((p.detach().to(kFloat64) - trained<O>(busy_options<O>(), 2)).abs().amax().template item<double>() < 0.1);
  });
}

TEST_CASE("Complex parameters are stepped as pairs of real ones", "[optim]") {
  for_each_stepping([&]<class O>() {
    manual_seed(1);
    const Tensor start = randn({4, 3}), imaginary = randn({4, 3});
    Tensor p = complex(start, imaginary).requires_grad_();
    if constexpr (!takes_complex<O>) {
      CHECK(says(error_of([&] { O({p}, 0.1); }), "parameters of floating dtypes, got complex64"));
    } else {
      Tensor re = start.clone().requires_grad_(), im = imaginary.clone().requires_grad_();
      O together({p}, busy_options<O>()), apart({re, im}, busy_options<O>());
      for (int k = 0; k < 3; ++k) {
        const Tensor a = gradient(k, {4, 3}, kFloat32), b = gradient(k + 50, {4, 3}, kFloat32);
        p.set_grad(complex(a, b));
        re.set_grad(a);
        im.set_grad(b);
        together.step();
        apart.step();
      }
      CHECK((real(p.detach()) - re.detach()).abs().amax().template item<double>() < 1e-6);
      CHECK((imag(p.detach()) - im.detach()).abs().amax().template item<double>() < 1e-6);
      for (const auto& [name, t] : together.state_dict().with_prefix("state."))
        if (t.dim() > 0) CHECK(t.sizes() == Shape{4, 3});
    }
  });
}

TEST_CASE("Every optimizer's fused step is that of its composite", "[optim]") {
  for_each_stepping([&]<class O>() {
    const Tensor fused = trained<O>(busy_options<O>(), 4);
    ComposeGuard guard;
    CHECK((trained<O>(busy_options<O>(), 4) - fused).abs().amax().template item<double>() < 1e-12);
  });
}

TEST_CASE("All parameters are stepped side by side as they are one by one", "[optim]") {
  const std::vector<Shape> sizes{{3}, {40, 1000}, {1}, {0}, {7, 5}, {33000}};
  const auto stepped = [&]<class O>(bool listened_to) {
    manual_seed(1);
    std::vector<Tensor> params;
    for (const Shape& s : sizes) params.push_back(randn(s).to(params.size() % 2 ? kFloat32 : kBFloat16).requires_grad_());
    params.push_back(randn({4, 6}).t().detach().requires_grad_());  // stepped by a copy
    O optimizer(params, busy_options<O>());
    EventListener listener;
    for (int k = 0; k < 3; ++k) {
      for (Tensor& p : params) p.set_grad(gradient(k, p.sizes(), p.dtype()));
      std::optional<Listening> listening;
      if (listened_to) listening.emplace(listener);  // then each call ends with its work
      optimizer.step();
    }
    return params;
  };
  for_each_stepping([&]<class O>() {
    if constexpr (takes_complex<O>) {
      const std::vector<Tensor> side_by_side = stepped.template operator()<O>(false), one_by_one = stepped.template operator()<O>(true);
      for (size_t i = 0; i < side_by_side.size(); ++i) CHECK(equal(side_by_side[i], one_by_one[i]));
    }
  });
  // One that looks at what its base has done.
  struct Clamped : optim::SGD {
    using SGD::SGD;
    void update(size_t group, Tensor& param, const Tensor& grad, State& state) override {
      SGD::update(group, param, grad, state);
      param.clamp_(-0.5, 0.5);
    }
  };
  Tensor p = full({3}, 2.0).requires_grad_();
  p.set_grad(ones({3}));
  Clamped clamped({p}, {.lr = 1});
  clamped.step();
  CHECK(equal(p.detach(), full({3}, 0.5)));
}

TEST_CASE("One step of each from known numbers", "[optim]") {
  const auto after = [](auto make, std::vector<double> grads) {
    Tensor p = ones({1}, kFloat64).requires_grad_();
    auto optimizer = make(std::vector<Tensor>{p});
    for (double g : grads) {
      p.set_grad(ones({1}, kFloat64) * g);
      optimizer->step();
    }
    return p.item<double>();
  };
  const auto with = []<class O>(typename O::Options options) {
    return [options](const std::vector<Tensor>& p) { return std::make_unique<O>(p, options); };
  };
  // The first step of Adam's relatives is lr in the gradient's direction, whatever its size.
  CHECK(after(with.operator()<optim::Adamax>({.lr = 0.1}), {3}) == Approx(0.9));
  CHECK(after(with.operator()<optim::RAdam>({.lr = 0.1}), {3}) == Approx(1 - 0.1 * 3));  // not rectified yet: the average alone
  CHECK(after(with.operator()<optim::SparseAdam>({.lr = 0.1}), {3}) == Approx(0.9));
  CHECK(after(with.operator()<optim::Adagrad>({.lr = 0.1}), {3, 4}) == Approx(1 - 0.1 - 0.1 * 4 / 5));
  CHECK(after(with.operator()<optim::Adagrad>({.lr = 0.1, .lr_decay = 1}), {3, 4}) == Approx(1 - 0.1 - 0.05 * 4 / 5));
  CHECK(after(with.operator()<optim::Adagrad>({.lr = 0.1, .initial_accumulator_value = 16}), {3}) == Approx(1 - 0.1 * 3 / 5));
  CHECK(after(with.operator()<optim::RMSprop>({.lr = 0.1, .alpha = 0.75}), {2}) == Approx(1 - 0.1 * 2));
  CHECK(after(with.operator()<optim::Rprop>({.lr = 0.1}), {2, 5, -1, -1}) == Approx(1 - 0.1 - 0.12 + 0 + 0.06));  // a change of sign is sat out
  CHECK(after(with.operator()<optim::ASGD>({.lr = 0.1, .lambd = 0.5}), {2}) == Approx((1 - 0.05) * 1 - 0.2));
  CHECK(after(with.operator()<optim::Lion>({.lr = 0.1, .weight_decay = 0.5}), {-7}) == Approx(0.95 + 0.1));
  CHECK(after(with.operator()<optim::Adadelta>({.lr = 1, .rho = 0.5, .eps = 1}), {2}) == Approx(1 - 2 / std::sqrt(3.0)));
}

TEST_CASE("ASGD averages from t0 on", "[optim]") {
  Tensor p = ones({1}, kFloat64).requires_grad_();
  optim::ASGD optimizer({p}, {.lr = 0.1, .lambd = 0, .t0 = 2});
  std::vector<double> seen;
  for (int k = 0; k < 5; ++k) {
    p.set_grad(ones({1}, kFloat64));
    optimizer.step();
    seen.push_back(p.item<double>());
  }
  // mu is 1 / (t - t0) of the step before: until step 4 the average is the value, from then on it is the mean.
  CHECK(optimizer.state_dict().at("state.0.ax").item<double>() == Approx((seen[3] + seen[4]) / 2));
  CHECK(optimizer.state_dict().at("state.0.mu").item<double>() == Approx(1.0 / 3));
}

TEST_CASE("SparseAdam leaves alone what has no gradient", "[optim]") {
  Tensor p = ones({3}).requires_grad_();
  optim::SparseAdam optimizer({p}, 0.1);
  p.set_grad(tensor({1.0, 2.0, 0.0}).to(kFloat32));
  optimizer.step();
  const std::vector<float> once = p.detach().to_vector<float>();
  CHECK(once[2] == 1);
  p.set_grad(tensor({1.0, 0.0, 0.0}).to(kFloat32));
  optimizer.step();
  const std::vector<float> twice = p.detach().to_vector<float>();
  CHECK(twice[0] < once[0]);
  CHECK(twice[1] == once[1]);
  CHECK(optimizer.state_dict().at("state.0.exp_avg").to_vector<float>()[1] == Approx(0.2f));
}

TEST_CASE("Muon steps along an orthogonal matrix", "[optim]") {
  for (Shape sizes : {Shape{6, 4}, Shape{4, 6}}) {
    Tensor p = zeros(sizes).requires_grad_();
    optim::Muon optimizer({p}, {.lr = 1, .weight_decay = 0, .momentum = 0, .nesterov = false, .adjust_lr_fn = "spectral_unclamped"});
    manual_seed(2);
    p.set_grad(randn(sizes));
    optimizer.step();
    const Tensor step = p.detach() / std::sqrt(double(sizes[0]) / double(sizes[1]));
    const Tensor gram = sizes[0] < sizes[1] ? matmul(step, step.t()) : matmul(step.t(), step);
    for (double d : gram.diagonal().to(kFloat64).to_vector<double>()) CHECK((d > 0.4 && d < 1.6));
    CHECK((gram - gram.diagonal().diag()).abs().amax().item<double>() < 0.5);
  }
  // Large symmetric products are made by strips of their halves, and are those of whole ones.
  for (Shape sizes : {Shape{520, 530}, Shape{530, 520}}) {
    Tensor p = zeros(sizes).requires_grad_();
    optim::Muon optimizer({p}, {.lr = 1, .weight_decay = 0, .momentum = 0, .nesterov = false, .adjust_lr_fn = "spectral_unclamped"});
    p.set_grad(randn(sizes));
    optimizer.step();
    Tensor x = (sizes[0] > sizes[1] ? p.grad().t() : p.grad()).to(kBFloat16);
    x = x / x.norm();
    for (int i = 0; i < 5; ++i) {
      const Tensor gram = matmul(x, x.t());
      x = addmm(x, addmm(gram, gram, gram, -4.7750, 2.0315), x, 3.4445);
    }
    const Tensor step = p.detach() / -std::sqrt(double(sizes[0]) / double(sizes[1])), plain = (sizes[0] > sizes[1] ? x.t() : x).to(kFloat32);
    CHECK(((step - plain).norm() / plain.norm()).item<double>() < 2e-2);  // their bfloat16 numbers have 8 bits
  }
  CHECK(says(error_of([] { optim::Muon({ones({3}).requires_grad_()}, 0.1); }), "expected matrices, got sizes [3]"));
  CHECK(says(error_of([] { optim::Muon({ones({3, 3}).requires_grad_()}, {.adjust_lr_fn = "none"}); }), "match_rms_adamw"));
}

TEST_CASE("Adafactor keeps a row and a column for a matrix", "[optim]") {
  Tensor p = ones({4, 3}).requires_grad_(), bias = ones({5}).requires_grad_();
  optim::Adafactor optimizer({p, bias});
  p.set_grad(ones({4, 3}));
  bias.set_grad(ones({5}));
  optimizer.step();
  const StateDict state = optimizer.state_dict();
  CHECK(state.at("state.0.row_var").sizes() == Shape{4, 1});
  CHECK(state.at("state.0.col_var").sizes() == Shape{1, 3});
  CHECK(state.at("state.1.variance").sizes() == Shape{5});
  CHECK(p.detach().to_vector<float>()[0] == Approx(0.99f));  // rms p = 1, rate lr
}

TEST_CASE("Options that make no sense are refused, where PyTorch lets some pass", "[optim]") {
  Tensor p = ones({2, 2}).requires_grad_();
  const auto refused = [&]<class O>(typename O::Options o) { return error_of([&] { O({p}, o); }); };
  CHECK(refused.operator()<optim::ASGD>({.lambd = -1}) == "ASGD: argument 'lambd': expected a value of at least 0, got -1");
  CHECK(says(refused.operator()<optim::ASGD>({.t0 = -1}), "t0"));
  CHECK(says(refused.operator()<optim::Adadelta>({.rho = 1.5}), "rho"));
  CHECK(says(refused.operator()<optim::Adagrad>({.lr_decay = -1}), "lr_decay"));
  CHECK(says(refused.operator()<optim::RMSprop>({.momentum = -1}), "momentum"));
  CHECK(says(refused.operator()<optim::NAdam>({.momentum_decay = -1}), "momentum_decay"));
  CHECK(says(refused.operator()<optim::Rprop>({.eta_minus = 1}), "eta_minus"));
  CHECK(says(refused.operator()<optim::Rprop>({.step_size_min = 3, .step_size_max = 2}), "step_size_min"));
  CHECK(says(refused.operator()<optim::Adafactor>({.d = 0.5}), "'d'"));
  CHECK(says(refused.operator()<optim::Muon>({.ns_steps = 100}), "ns_steps"));
  CHECK(says(refused.operator()<optim::LBFGS>({.history_size = 0}), "history_size"));
  CHECK(says(refused.operator()<optim::LBFGS>({.line_search_fn = "weak"}), "strong_wolfe"));
  CHECK(says(refused.operator()<optim::Lion>({.beta1 = 1}), "beta1"));
}

TEST_CASE("Both betas of an optimizer are given as a pair, or each by its name", "[optim]") {
  const auto betas = [](auto options) { return std::pair{options.beta1, options.beta2}; };
  CHECK(betas(optim::AdamOptions{}) == std::pair{0.9, 0.999});
  CHECK(betas(optim::LionOptions{}) == std::pair{0.9, 0.99});
  CHECK(betas(optim::AdamOptions{.betas = {0.5, 0.75}, .eps = 1e-6}) == std::pair{0.5, 0.75});
  CHECK(betas(optim::AdamWOptions{.lr = 0.1, .betas = {0.5, 0.75}, .beta2 = 0.25}) == std::pair{0.5, 0.25});
  Tensor p = ones({2}).requires_grad_();
  optim::Adam optimizer({p}, {.betas = {0.5, 0.75}});
  CHECK(betas(optimizer.options()) == std::pair{0.5, 0.75});
  CHECK(optimizer.state_dict().at("group.0.beta2").item<double>() == 0.75);
  CHECK(says(error_of([&] { optim::NAdam({p}, {.betas = {0.5, 1}}); }), "beta2"));
}

TEST_CASE("PyTorch's state of an optimizer is read by its names", "[optim]") {
  Tensor p = ones({2}).requires_grad_(), q = ones({3}).requires_grad_();
  optim::Adam optimizer({p, q});
  const auto number = [](double value) { return full({}, value, kFloat64); };
  StateDict theirs{{"state.1.step", number(4)},
                   {"state.1.exp_avg", ones({3}) * 2.0},
                   {"state.1.exp_avg_sq", ones({3}) * 3.0},
                   {"param_groups.0.lr", number(0.25)},
                   {"param_groups.0.betas.0", number(0.5)},
                   {"param_groups.0.betas.1", number(0.75)},
                   {"param_groups.0.eps", number(1e-6)},
                   {"param_groups.0.weight_decay", number(0)},
                   {"param_groups.0.amsgrad", number(0)},
                   {"param_groups.0.foreach", ones({0})},
                   {"param_groups.0.capturable", number(0)},
                   {"param_groups.0.initial_lr", number(0.5)},
                   {"param_groups.0.params.0", number(0)},
                   {"param_groups.0.params.1", number(1)}};
  optimizer.load_state_dict(theirs);
  CHECK(optimizer.options().lr == 0.25);
  CHECK(optimizer.options().beta1 == 0.5);
  CHECK(optimizer.options().beta2 == 0.75);
  CHECK(optimizer.state_dict().at("state.1.step").item<double>() == 4);
  CHECK(optimizer.state_dict().at("state.1.exp_avg").to_vector<float>() == std::vector<float>{2, 2, 2});
  // SGD without momentum writes None as its buffer, AdamW an option that only Adam has here.
  optim::SGD sgd({p});
  sgd.load_state_dict({{"state.0.momentum_buffer", zeros({0}, kInt64)}, {"param_groups.0.lr", number(0.5)}, {"param_groups.0.params.0", number(0)}});
  CHECK(sgd.lr() == 0.5);
  optim::AdamW adamw({p});
  adamw.load_state_dict({{"param_groups.0.lr", number(0.5)}, {"param_groups.0.decoupled_weight_decay", number(1)}});
  CHECK(adamw.lr() == 0.5);
  theirs.set("param_groups.0.nonsense", number(1));
  CHECK(says(error_of([&] { optimizer.load_state_dict(theirs); }), "'group.0.nonsense'"));
}
