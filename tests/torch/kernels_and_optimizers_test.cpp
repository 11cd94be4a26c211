// What extensions and larger programs for libtorch are written with: checks, kernels for dtypes, operators with kernels, optimizers of their own.
#include <lazuli/torch.h>

#include "lazuli/record/record.h"
#include "tests/catch.h"
#include "tests/errors.h"

namespace {

TEST_CASE("libtorch: checks throw an Error of their class with the program's text", "[torch]") {
  const int n = 3;
  CHECK(error_of([&] { TORCH_CHECK(n == 4, "n is ", n, " of ", 4); }) == "n is 3 of 4");
  CHECK(error_of([&] { TORCH_CHECK(n == 4); }) == "TORCH_CHECK: expected n == 4, got false");
  CHECK_THROWS_AS([&] { TORCH_CHECK_INDEX(n < 3, "index"); }(), c10::IndexError);
  CHECK_THROWS_AS([&] { TORCH_CHECK_VALUE(n < 3, "value"); }(), c10::ValueError);
  CHECK_THROWS_AS([&] { TORCH_CHECK_TYPE(n < 3, "type"); }(), c10::TypeError);
  CHECK_THROWS_AS([&] { TORCH_CHECK_NOT_IMPLEMENTED(n < 3, "later"); }(), c10::NotImplementedError);
  CHECK_THROWS_AS([&] { C10_THROW_ERROR(IndexError, "thrown"); }(), c10::IndexError);
  CHECK_THROWS_AS([&] { AT_ERROR("old ", n); }(), c10::Error);
  try {
    C10_THROW_ERROR(IndexError, "thrown");
  } catch (const c10::Error& error) { CHECK(error.kind() == lazuli::ErrorKind::Index); }
  // and of the library's own, each is caught by its class alone
  const torch::Tensor x = torch::ones({2, 2});
  CHECK_THROWS_AS(x[2], c10::IndexError);
  CHECK_THROWS_AS(x.mm(torch::ones({3, 2})), c10::ValueError);
  CHECK_THROWS_AS(torch::linalg_cholesky(-x), c10::LinAlgError);
  bool other = false;
  try {
    (void)x[2];
  } catch (const c10::TypeError&) { other = true; } catch (const c10::Error&) {
  }
  CHECK_FALSE(other);
}

TEST_CASE("libtorch: code for each dtype of a group and those named beside it", "[torch]") {
  const auto bytes = [](const torch::Tensor& t) {
    return AT_DISPATCH_ALL_TYPES_AND2(torch::kHalf, torch::kBool, t.scalar_type(), "bytes", [&] { return sizeof(scalar_t); });
  };
  CHECK(bytes(torch::ones({1}, torch::kHalf)) == 2);
  CHECK(bytes(torch::ones({1}, torch::kBool)) == 1);
  CHECK(bytes(torch::ones({1}, torch::kDouble)) == 8);
  CHECK_THROWS_AS(bytes(torch::ones({1}, torch::kBFloat16)), c10::NotImplementedError);
  const auto sum = [](const torch::Tensor& t) {
    double total = 0;
    AT_DISPATCH_FLOATING_TYPES_AND_HALF(t.scalar_type(), "sum", ([&] {
                                          for (int64_t i = 0; i < t.numel(); ++i) total += static_cast<float>(t.const_data_ptr<scalar_t>()[i]);
                                        }));
    return total;
  };
  CHECK(sum(torch::full({4}, 0.5, torch::kHalf)) == 2);
  const auto last = [](const torch::Tensor& t) {
    return AT_DISPATCH_INDEX_TYPES(t.scalar_type(), "last", [&] { return int64_t(t.accessor<index_t, 1>()[t.size(0) - 1]); });
  };
  CHECK(last(torch::arange(4)) == 3);
  CHECK(last(torch::arange(4, torch::kInt)) == 3);
  const auto complex = AT_DISPATCH_SWITCH(torch::kComplexFloat, "one", AT_DISPATCH_CASE(torch::kComplexFloat, [&] { return sizeof(scalar_t); }));
  CHECK(complex == 8);
  CHECK(at::parallel_reduce(
            0, 1000, 30, int64_t(0),
            [](int64_t from, int64_t to, int64_t sum) {
              for (; from < to; ++from) sum += from;
              return sum;
            },
            [](int64_t a, int64_t b) { return a + b; }) == 499500);
  const auto has = [](int64_t number) {
    return at::parallel_reduce(
        0, 100, 1, false, [&](int64_t from, int64_t to, bool) { return from <= number && number < to; }, [](bool a, bool b) { return a || b; });
  };
  CHECK(has(57));
  CHECK_FALSE(has(100));
}

// ---- an operator with a kernel and one that records ----
int kernels_run = 0;
torch::Tensor plus_kernel(const torch::Tensor& a, const torch::Tensor& b) {
  ++kernels_run;
  return a + b;
}
torch::Tensor plus(const torch::Tensor& a, const torch::Tensor& b) {
  static auto op = torch::Dispatcher::singleton().findSchemaOrThrow("lazuli_test::plus", "").typed<decltype(plus)>();
  return op.call(a, b);
}
struct PlusFunction : torch::autograd::Function<PlusFunction> {
  static torch::Tensor forward(torch::autograd::AutogradContext*, const torch::Tensor& a, const torch::Tensor& b) {
    at::AutoDispatchBelowADInplaceOrView guard;
    return plus(a, b);
  }
  // the gradient is a mark of its own
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext*, torch::autograd::tensor_list grads) {
    return {grads[0] * 3, grads[0]};
  }
};
torch::Tensor plus_recorded(const torch::Tensor& a, const torch::Tensor& b) { return PlusFunction::apply(a, b); }
TORCH_LIBRARY(lazuli_test, m) {
  m.def("plus(Tensor a, Tensor b) -> Tensor");
  m.def("twice(Tensor a) -> Tensor", [](const torch::Tensor& a) { return a * 2; });
}
TORCH_LIBRARY_IMPL(lazuli_test, CPU, m) { m.impl("plus", plus_kernel); }
TORCH_LIBRARY_IMPL(lazuli_test, Autograd, m) { m.impl("plus", plus_recorded); }
TORCH_LIBRARY_FRAGMENT(lazuli_test, m) {
  m.def("half(Tensor a) -> Tensor", [](const torch::Tensor& a) { return a / 2; });
}
TORCH_LIBRARY_FRAGMENT(lazuli_test, m) {
  m.def("lazuli_test::minus(Tensor a) -> Tensor", [](const torch::Tensor& a) { return -a; });
}

TEST_CASE("libtorch: operators of TORCH_LIBRARY go to the kernel of a device, or to the one that records", "[torch]") {
  const torch::Tensor a = torch::ones({2}, torch::requires_grad()), b = torch::ones({2});
  kernels_run = 0;
  plus(a, b).sum().backward();
  CHECK(a.grad().equal(torch::full({2}, 3.0)));
  CHECK(plus(b, b).equal(torch::full({2}, 2.0)));
  CHECK(kernels_run == 2);
  const auto found = torch::Dispatcher::singleton().findSchemaOrThrow("lazuli_test::twice", "");
  CHECK(found.typed<torch::Tensor(const torch::Tensor&)>().call(b).equal(b * 2));
  CHECK_THROWS_AS(found.typed<torch::Tensor(torch::Tensor)>().call(b), c10::TypeError);
  for (const auto& [name, result] : {std::pair{"lazuli_test::half", 0.5}, std::pair{"lazuli_test::minus", -1.0}}) {
    const auto op = torch::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<torch::Tensor(const torch::Tensor&)>();
    CHECK(op.call(b).equal(torch::full({2}, result)));
  }
  CHECK_THROWS_AS(torch::Dispatcher::singleton().findSchemaOrThrow("lazuli_test::none", ""), c10::IndexError);
  CHECK_THROWS_AS(plus(torch::ones({2}, torch::Device("meta")), b), c10::NotImplementedError);
}

struct LinearWithDefault : torch::autograd::Function<LinearWithDefault> {
  static torch::Tensor forward(torch::autograd::AutogradContext* ctx, torch::Tensor x, torch::Tensor w, torch::Tensor bias = torch::Tensor()) {
    ctx->save_for_backward({x, w, bias});
    return bias.defined() ? x.mm(w.t()) + bias : x.mm(w.t());
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx, torch::autograd::tensor_list grads) {
    const auto saved = ctx->get_saved_variables();
    return {grads[0].mm(saved[1]), grads[0].t().mm(saved[0]), saved[2].defined() ? grads[0].sum(0) : torch::Tensor()};
  }
};
TEST_CASE("libtorch: a backward may give undefined gradients of arguments that were left out", "[torch]") {
  const torch::Tensor x = torch::randn({2, 3}), w = torch::randn({4, 3}, torch::requires_grad());
  LinearWithDefault::apply(x, w).sum().backward();
  CHECK(w.grad().allclose(x.sum(0).expand({4, 3})));
}

// ---- an optimizer of a program's own ----
struct LionOptions : torch::optim::OptimizerCloneableOptions<LionOptions> {
  LionOptions(double rate = 1e-2) : lr_(rate) {}
  TORCH_ARG(double, lr);
  TORCH_ARG(double, beta) = 0.9;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(const double rate) override { lr_ = rate; }
};
struct LionState : torch::optim::OptimizerCloneableParamState<LionState> {
  TORCH_ARG(torch::Tensor, average);
};
class Lion : public torch::optim::Optimizer {
 public:
  explicit Lion(std::vector<torch::Tensor> params, LionOptions defaults = {})
      : Optimizer({torch::optim::OptimizerParamGroup(std::move(params))}, std::make_unique<LionOptions>(defaults)) {}
  torch::Tensor step(LossClosure closure = nullptr) override {
    torch::NoGradGuard guard;
    torch::Tensor loss;
    if (closure) {
      at::AutoGradMode on(true);
      loss = closure();
    }
    for (auto& group : param_groups_) {
      auto& options = static_cast<LionOptions&>(group.options());
      for (auto& p : group.params()) {
        if (!p.grad().defined()) continue;
        auto& kept = state_[p.unsafeGetTensorImpl()];
        if (!kept) {
          auto state = std::make_unique<LionState>();
          state->average(torch::zeros_like(p));
          kept = std::move(state);
        }
        auto& average = static_cast<LionState&>(*kept).average();
        average.mul_(options.beta()).add_(p.grad(), 1 - options.beta());
        p.add_(average.sign(), -options.lr());
      }
    }
    return loss;
  }
};
TEST_CASE("libtorch: an optimizer of a program's own has groups, rates that schedulers set, and a closure", "[torch]") {
  const torch::Tensor x = torch::tensor({1.0, -2.0}, torch::requires_grad());
  Lion lion({x}, LionOptions(0.1).beta(0.0));
  torch::optim::StepLR schedule(lion, 1, 0.5);
  const auto closure = [&] {
    lion.zero_grad();
    const auto loss = x.pow(2).sum();
    loss.backward();
    return loss;
  };
  CHECK(lion.step(closure).item<float>() == 5);
  CHECK(x.allclose(torch::tensor({0.9, -1.9})));
  schedule.step();
  CHECK(lion.param_groups()[0].options().get_lr() == 0.05);
  static_cast<LionOptions&>(lion.param_groups()[0].options()).lr() = 0.2;
  lion.step(closure);
  CHECK(x.allclose(torch::tensor({0.7, -1.7})));
  CHECK(lion.state().size() == 1);
  const torch::Tensor y = torch::zeros({1}, torch::requires_grad());
  lion.add_param_group({{y}});
  CHECK(lion.param_groups()[1].options().get_lr() == 0.1);
  CHECK(lion.size() == 2);
  // a group that is refused leaves nothing behind
  struct NoClone : torch::optim::OptimizerOptions {};
  struct Bare : torch::optim::Optimizer {
    Bare() : Optimizer(std::vector<torch::optim::OptimizerParamGroup>(), std::make_unique<NoClone>()) {}
    torch::Tensor step(LossClosure = nullptr) override { return {}; }
  } bare;
  CHECK_THROWS_AS(bare.add_param_group({{y}}), c10::NotImplementedError);
  CHECK(bare.size() == 0);
  CHECK(bare.param_groups().empty());
}

// ---- what layers were made of, modules by value, names of ATen ----
struct Doubled : torch::nn::Module {
  torch::Tensor forward(torch::Tensor x) { return x * 2; }
};
TEST_CASE("libtorch: options of layers are read and set with brackets; containers take modules themselves", "[torch]") {
  torch::nn::Conv2d conv(torch::nn::Conv2dOptions(2, 4, 3).stride(2).bias(false));
  CHECK(conv->options.in_channels() == 2);
  CHECK(conv->options.stride() == torch::IntArrayRef({2, 2}));
  CHECK_FALSE(conv->options.bias());
  torch::nn::Linear fc(3, 5), twin(fc->options);
  CHECK(twin->options.out_features() == 5);
  CHECK_FALSE(twin->weight.equal(fc->weight));
  torch::nn::Conv2dOptions made(1, 1, 1);
  made.stride() = 3;
  CHECK(torch::nn::Conv2d(made)(torch::ones({1, 1, 7, 7})).size(2) == 3);
  torch::nn::Sequential net(Doubled(), torch::nn::Functional(torch::relu));
  net->push_back(Doubled());
  CHECK(net->forward(torch::ones({1})).item<float>() == 4);
}
struct AdapterImpl : torch::nn::Module {
  AdapterImpl(torch::nn::Linear base, double scale) : base(register_module("base", base)), scale(scale) {}
  torch::Tensor forward(torch::Tensor x) { return base(x) * scale; }
  torch::nn::Linear base;
  double scale;
};
TORCH_MODULE(Adapter);
TEST_CASE("libtorch: a module that is made of another one, by its holder", "[torch]") {
  torch::nn::Linear fc(2, 2);
  Adapter adapter(fc, 2.0), shared = adapter;
  CHECK(adapter->base.get() == fc.get());
  CHECK(shared.get() == adapter.get());
  CHECK(adapter(torch::ones({1, 2})).equal(fc(torch::ones({1, 2})) * 2));
}

struct InnerImpl : torch::nn::Module {
  InnerImpl() { register_module("fc", torch::nn::Linear(1, 1)); }
  void pretty_print(std::ostream& out) const override { out << "Inner(of its own)"; }
};
TORCH_MODULE(Inner);
struct OuterImpl : torch::nn::Module {
  OuterImpl() { register_module("inner", Inner()), register_module("act", torch::nn::ReLU()); }
};
TORCH_MODULE(Outer);
TEST_CASE("libtorch: a module inside another one is printed by its own pretty_print", "[torch]") {
  CHECK(torch::str(Outer()) == "OuterImpl(\n  (inner): Inner(of its own)\n  (act): ReLU(inplace=False)\n)");
  torch::nn::Sequential list;
  list->push_back(Inner());
  CHECK(torch::str(list) == "Sequential(\n  (0): Inner(of its own)\n)");
}

TEST_CASE("libtorch: names of ATen, and sort with stable in front", "[torch]") {
  const torch::Tensor x = torch::tensor({{3.0, 1.0}, {2.0, 4.0}});
  const auto [values, indices] = x.sort(/*stable=*/true, /*dim=*/0, /*descending=*/true);
  CHECK(values.equal(torch::tensor({{3.0, 4.0}, {2.0, 1.0}})));
  CHECK(std::get<1>(torch::sort(x, true, 0, true)).equal(indices));
  CHECK(torch::fft_ifft(torch::fft_fft(x)).allclose(torch::complex(x, torch::zeros_like(x))));
  CHECK(std::get<0>(torch::linalg::eigh(torch::eye(2))).equal(torch::ones({2})));
  CHECK(torch::special::softmax(x, 1).equal(x.softmax(1)));
  torch::Tensor out = torch::empty({0});
  torch::mm_out(out, x, x);
  CHECK(out.equal(x.mm(x)));
  CHECK(torch::cat_out(out, {x, x}, 0).size(0) == 4);
  CHECK(torch::nn::LSTM(2, 3)->all_weights().size() == 4);
  CHECK(torch::special_expit(x).equal(torch::sigmoid(x)));
  CHECK(torch::replication_pad1d(x, {1, 0}).sizes() == torch::IntArrayRef({2, 3}));
  CHECK(torch::upsample_nearest2d(x.view({1, 1, 2, 2}), {4, 4}).size(3) == 4);
  CHECK(torch::log_sigmoid(x).equal(torch::logsigmoid(x)));
  CHECK(std::get<0>(torch::_unique(torch::tensor({2, 1, 2}))).equal(torch::tensor({1, 2})));
  CHECK(x.nonzero_numpy().size() == 2);
  CHECK(x.to(torch::Device(torch::kCPU), torch::kHalf, false, true).scalar_type() == torch::kHalf);
}

TEST_CASE("libtorch: devices, generators in front of options, kinds of values, options of transformers", "[torch]") {
  CHECK(torch::Device("cuda:1").is_cuda());
  CHECK(torch::Device("cuda:1").str() == "cuda:1");
  const auto generator = at::detail::createCPUGenerator(3);
  CHECK(torch::randn({2}, generator, torch::kDouble).dtype() == torch::kDouble);
  CHECK(torch::randperm(5, generator).dtype() == torch::kLong);
  CHECK(torch::zeros(std::array<int64_t, 2>{2, 3}).numel() == 6);
  CHECK(torch::IValue(true).isBool());
  c10::List<int64_t> list(std::vector<int64_t>{1, 2});
  list.set(1, 5);
  CHECK(list.vec() == std::vector<int64_t>{1, 5});
  c10::Dict<int64_t, double> dict;
  dict.insert(3, 0.5);
  dict.insert_or_assign(3, 2.5);
  CHECK(dict.at(3) == 2.5);
  CHECK_THROWS_AS(dict.at(4), c10::IndexError);
  CHECK(torch::IValue(int64_t{3}).isInt());
  CHECK(torch::IValue(2.5).isDouble());
  CHECK(torch::IValue().isNone());
  torch::nn::Transformer net(torch::nn::TransformerOptions().d_model(8).nhead(2).num_encoder_layers(1).num_decoder_layers(1).dim_feedforward(16));
  CHECK(net(torch::ones({3, 1, 8}), torch::ones({2, 1, 8})).sizes() == torch::IntArrayRef({2, 1, 8}));
}

class Counting : public torch::data::datasets::StreamDataset<Counting, torch::Tensor> {
 public:
  torch::Tensor get_batch(size_t count) override { return at_ += int64_t(count), torch::arange(at_ - int64_t(count), at_); }
  torch::optional<size_t> size() const override { return torch::nullopt; }

 private:
  int64_t at_ = 0;
};
TEST_CASE("libtorch: a stream gives batches of the size that is asked for; loaders share a dataset", "[torch]") {
  auto loader = torch::data::make_data_loader(Counting(), torch::data::samplers::StreamSampler(/*epoch_size=*/10), torch::data::DataLoaderOptions(4));
  std::vector<int64_t> sizes;
  for (const torch::Tensor& batch : *loader) sizes.push_back(batch.numel());
  CHECK(sizes == std::vector<int64_t>{4, 4, 2});
  auto rows = torch::data::datasets::make_shared_dataset<torch::data::datasets::TensorDataset>(torch::ones({3, 2}));
  auto stacked = torch::data::make_data_loader(rows.map(torch::data::transforms::Stack<torch::data::TensorExample>()), 3);
  CHECK(stacked->begin()->data.sizes() == torch::IntArrayRef({3, 2}));
  CHECK(rows->tensor.size(0) == 3);
}

TEST_CASE("libtorch: a recorded step holds the calls of its optimizer, unless a state of it is shown", "[torch]") {
  const auto train = [](bool recorded, bool shown) {
    torch::manual_seed(3);
    torch::nn::Linear layer(4, 2);
    torch::optim::Adam adam(layer->parameters(), torch::optim::AdamOptions(0.1));
    auto body = [&](const torch::Tensor& x) {
      adam.zero_grad();
      layer(x).square().sum().backward();
      adam.step();
      if (shown) adam.state();
    };
    auto step = lazuli::record(body);
    for (int i = 0; i < 5; ++i) {
      const torch::Tensor x = torch::full({3, 4}, i - 1.0);
      recorded ? step(x) : body(x);
    }
    CHECK(step.replays() == (recorded ? 3 : 0));
    if (recorded) CHECK((to_string(step).find(" adam(out") != std::string::npos) == !shown);
    auto& kept = static_cast<torch::optim::AdamParamState&>(*adam.state().begin()->second);
    CHECK(kept.step() == 5);
    return layer->weight.detach().clone();
  };
  CHECK(torch::equal(train(true, false), train(false, false)));
}

}  // namespace
