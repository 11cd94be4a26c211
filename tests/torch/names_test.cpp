// Spellings of libtorch beside those of whole programs. `using namespace torch` has to leave no name in doubt.
#include <lazuli/torch.h>

#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace torch;
using namespace torch::nn;
using namespace torch::indexing;
namespace F = torch::nn::functional;

TEST_CASE("libtorch: tensors and their options", "[torch]") {
  auto x = torch::zeros({2, 3}, torch::TensorOptions().dtype(torch::kFloat64).device(torch::kCPU).requires_grad(true));
  CHECK(x.dtype() == torch::kDouble);
  CHECK(x.requires_grad());
  CHECK(torch::ones(3, torch::dtype(torch::kInt)).dtype() == torch::kInt32);
  CHECK(torch::randn({2}, torch::requires_grad()).requires_grad());
  auto y = torch::arange(6, torch::kFloat32).view({2, 3});
  auto a = y.accessor<float, 2>();
  CHECK(a[1][2] == 5);
  CHECK(y.index({1, Slice(0, 2)}).sum().item<float>() == 7);
  CHECK(y.index({None, Ellipsis, 0}).sizes() == IntArrayRef({1, 2}));
  float memory[] = {1, 2, 3, 4};
  auto blob = torch::from_blob(memory, {2, 2}, torch::kFloat);
  memory[3] = 9;
  CHECK(blob[1][1].item<float>() == 9);
  bool freed = false;
  torch::from_blob(
      memory, {4}, [&](void*) { freed = true; }, torch::kFloat);
  CHECK(freed);
  CHECK(torch::equal(x.to(torch::kFloat), torch::zeros({2, 3})));
  CHECK(says(error_of([] { TORCH_CHECK(1 > 2, "one is ", 1); }), "one is 1"));
  at::Tensor same = y;
  c10::optional<int> none = c10::nullopt;
  CHECK((same.is_same(y) && !none));
  torch::Device cpu = torch::kCPU, first(torch::kCUDA, 1);
  CHECK((cpu.is_cpu() && first.index == 1));
}

TEST_CASE("libtorch: modules by their options", "[torch]") {
  torch::manual_seed(1);
  Conv2d conv(Conv2dOptions(2, 4, {3, 1}).stride({2, 1}).padding({1, 0}).groups(2).bias(false).padding_mode(torch::kReflect));
  CHECK(conv(torch::rand({1, 2, 8, 5})).sizes() == IntArrayRef({1, 4, 4, 5}));
  CHECK_FALSE(conv->bias.defined());
  Conv2d same(Conv2dOptions(1, 1, 3).padding(torch::kSame));
  CHECK(same(torch::rand({1, 1, 7, 7})).size(3) == 7);
  CHECK(MaxPool2d(MaxPool2dOptions({3, 2}).stride({2, 2}))(torch::rand({1, 1, 7, 6})).sizes() == IntArrayRef({1, 1, 3, 3}));
  CHECK(BatchNorm1d(BatchNorm1dOptions(4).eps(1e-3).affine(false))->parameters().empty());
  CHECK(LayerNorm(LayerNormOptions({4}))(torch::rand({2, 4})).sizes() == IntArrayRef({2, 4}));
  CHECK(std::get<0>(GRU(GRUOptions(3, 5).bidirectional(true))(torch::rand({4, 2, 3}))).size(2) == 10);
  CHECK(std::get<0>(RNN(RNNOptions(3, 5).nonlinearity(torch::kReLU))(torch::rand({4, 2, 3}))).min().item<float>() >= 0);
  CHECK(MSELoss(MSELossOptions(torch::kSum))(torch::ones(3), torch::zeros(3)).item<float>() == 3);
  CHECK(
      CrossEntropyLoss(CrossEntropyLossOptions().label_smoothing(0.1).reduction(torch::kNone))(torch::rand({2, 3}), torch::tensor({0, 1})).size(0) ==
      2);
  CHECK(Functional(torch::relu)(torch::tensor({-1.0, 2.0})).sum().item<double>() == 2);
  CHECK(Upsample(UpsampleOptions().scale_factor({2, 2}).mode(torch::kBilinear).align_corners(false))(torch::rand({1, 1, 2, 2})).size(2) == 4);
  CHECK(Linear(LinearOptions(3, 2).bias(false))->named_parameters().size() == 1);
  CHECK(says(error_of([] {
               LSTM empty{nullptr};
               empty->parameters();
             }),
             "an empty holder"));

  Sequential model(Linear(3, 4), Functional(torch::tanh), Linear(4, 2));
  model->push_back("named", ReLU());
  CHECK(model->size() == 4);
  CHECK(model(torch::rand({5, 3})).sizes() == IntArrayRef({5, 2}));
  CHECK(model->at<LinearImpl>(2).weight.size(1) == 4);
  std::ostringstream text;
  text << model;
  CHECK(says(text.str(), "Linear(in_features=4, out_features=2"));
  for (auto& module : *model) CHECK(module->is_training());
  CHECK(model->named_parameters().keys()[1] == "0.bias");
  model->eval();
  CHECK_FALSE(model->ptr(0)->is_training());
  ModuleList list(Linear(2, 2), ReLU());
  int count = 0;
  for (auto& module : *list) count += module->parameters().empty() ? 1 : 10;
  CHECK(count == 11);
}

TEST_CASE("libtorch: layers have what a program's modules have", "[torch]") {
  torch::manual_seed(2);
  Linear linear(2, 3);
  CHECK(linear->named_parameters()["weight"].is_same(linear->weight));
  CHECK(linear->name() == "Linear");
  std::ostringstream text;
  LeakyReLU(LeakyReLUOptions().negative_slope(0.2))->pretty_print(text);
  CHECK(text.str() == "LeakyReLU(negative_slope=0.2, inplace=False)");
  torch::serialize::OutputArchive out;
  linear->save(out);
  Linear other(2, 3);
  std::stringstream stream;
  torch::save(out, stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  other->load(in);
  CHECK(torch::equal(other->weight, linear->weight));
  auto copy = std::dynamic_pointer_cast<LinearImpl>(linear->clone());
  REQUIRE(copy);
  CHECK(torch::equal(copy->weight, linear->weight));
  CHECK_FALSE(copy->weight.is_same(linear->weight));

  AnyModule any(linear);
  auto x = torch::rand({4, 2});
  CHECK(torch::equal(any.forward<Tensor>(x), linear(x)));
  ModuleDict dict({{"first", linear}, {"second", ReLU()}});
  CHECK(dict["first"].get() == linear.get());
  auto rows = torch::rand({5, 3});
  Embedding table = Embedding::from_pretrained(rows);
  CHECK(torch::equal(table(torch::tensor({4})), rows.slice(0, 4)));
  CHECK_FALSE(table->weight.requires_grad());
  TransformerEncoder encoder(TransformerEncoderLayer(TransformerEncoderLayerOptions(8, 2).dim_feedforward(16).dropout(0)), 2);
  auto source = torch::rand({3, 1, 8});
  CHECK(encoder(source).sizes() == IntArrayRef({3, 1, 8}));
  auto hidden = torch::zeros({3, 3}, torch::kBool);
  CHECK(torch::allclose(encoder->forward(source, hidden), encoder(source), 1e-4, 1e-5));
  CHECK(ConstantPad2d(ConstantPad2dOptions(1, 3.5))(torch::zeros({1, 2, 2})).max().item<double>() == 3.5);
  CHECK(ReflectionPad2d(ReflectionPad2dOptions(1))(torch::zeros({1, 2, 2})).size(2) == 4);
  CHECK(TripletMarginLoss(TripletMarginLossOptions().margin(2))(x, x, x).item<double>() == Approx(2).margin(1e-4));
  CHECK(torch::str("step ", 3, ".pt") == "step 3.pt");
  c10::ArrayRef<int64_t> sizes = x.sizes();
  CHECK(torch::zeros(sizes).sizes() == x.sizes());
}

TEST_CASE("libtorch: functions with their options", "[torch]") {
  auto x = torch::arange(16, torch::kFloat).view({1, 1, 4, 4});
  CHECK(F::max_pool2d(x, F::MaxPool2dFuncOptions(2)).sum().item<float>() == 5 + 7 + 13 + 15);
  CHECK(F::avg_pool2d(x, F::AvgPool2dFuncOptions(2).stride(2)).size(2) == 2);
  CHECK(F::adaptive_avg_pool2d(x, F::AdaptiveAvgPool2dFuncOptions(1)).item<float>() == 7.5);
  CHECK(F::interpolate(x, F::InterpolateFuncOptions().size({8, 8}).mode(torch::kNearest)).size(3) == 8);
  CHECK(F::pad(x, F::PadFuncOptions({1, 1}).mode(torch::kConstant).value(2)).size(3) == 6);
  CHECK(torch::equal(F::dropout(x, F::DropoutFuncOptions().p(0.9).training(false)), x));
  CHECK(torch::allclose(F::softmax(x, F::SoftmaxFuncOptions(3)), x.softmax(3)));
  CHECK(torch::allclose(F::log_softmax(x, 3), x.log_softmax(3)));
  CHECK(F::leaky_relu(torch::tensor({-2.0}), F::LeakyReLUFuncOptions().negative_slope(0.5)).item<double>() == -1);
  CHECK(F::mse_loss(torch::ones(2), torch::zeros(2), F::MSELossFuncOptions().reduction(torch::kSum)).item<float>() == 2);
  CHECK(F::relu(torch::tensor({-1.0})).item<double>() == 0);
  CHECK(F::conv2d(x, torch::ones({1, 1, 2, 2}), F::Conv2dFuncOptions().stride(2)).size(2) == 2);
  CHECK(F::one_hot(torch::tensor({1}), 3).size(1) == 3);
  CHECK(F::normalize(torch::tensor({{3.0, 4.0}}), F::NormalizeFuncOptions().p(2).dim(1)).sum().item<double>() == Approx(1.4));
}

TEST_CASE("libtorch: groups of an optimizer", "[torch]") {
  Linear a(2, 2), b(2, 2);
  std::vector<optim::OptimizerParamGroup> groups{optim::OptimizerParamGroup(a->parameters()),
                                                 optim::OptimizerParamGroup(b->parameters(), std::make_unique<optim::AdamOptions>(0.5))};
  optim::Adam adam(groups, optim::AdamOptions(0.1).weight_decay(0.01));
  CHECK(adam.param_groups().size() == 2);
  CHECK(adam.lr(0) == 0.1);
  CHECK(adam.lr(1) == 0.5);
  for (auto& group : adam.param_groups()) static_cast<optim::AdamOptions&>(group.options()).lr(0.25);
  adam.param_groups()[1].options().set_lr(0.125);
  CHECK(adam.lr(0) == 0.25);
  CHECK(adam.lr(1) == 0.125);
  CHECK(adam.options(0).weight_decay == 0.01);
  optim::LBFGS lbfgs(a->parameters(), optim::LBFGSOptions(1).max_iter(5).line_search_fn("strong_wolfe"));
  auto x = torch::rand({4, 2});
  auto closure = [&] {
    lbfgs.zero_grad();
    auto loss = a(x).pow(2).sum();
    loss.backward();
    return loss;
  };
  const double before = lbfgs.step(closure).item<double>();
  CHECK(closure().item<double>() < before);
}

TEST_CASE("libtorch: tensors and archives in streams and files", "[torch]") {
  lazuli::test::TemporaryFolder folder;
  std::stringstream stream;
  auto x = torch::rand({2, 3});
  torch::save(x, stream);
  torch::Tensor y;
  torch::load(y, stream);
  CHECK(torch::equal(x, y));
  std::vector<torch::Tensor> list{x, torch::arange(3)}, again;
  torch::save(list, folder.file("list.pt"));
  torch::load(again, folder.file("list.pt"));
  REQUIRE(again.size() == 2);
  CHECK(torch::equal(again[1], list[1]));
  torch::serialize::OutputArchive out, nested;
  nested.write("inner", x);
  out.write("outer", nested);
  out.save_to(folder.file("archive.pt"));
  torch::serialize::InputArchive in;
  in.load_from(folder.file("archive.pt"));
  torch::Tensor inner;
  CHECK_FALSE(in.try_read("none", inner));
  in.read("outer.inner", inner);
  CHECK(torch::equal(inner, x));
}

TEST_CASE("libtorch: parts of a module", "[torch]") {
  struct Net : nn::Module {
    Net() : Module("Net") {
      w = register_parameter("w", torch::ones({2, 3}));
      register_parameter("fixed", torch::ones(1), /*requires_grad=*/false);
      running = register_buffer("running", torch::zeros(2));
      fc = register_module("fc", Linear(3, 2));
    }
    Tensor forward(const Tensor& x) { return fc(x) + torch::matmul(x, w.t()) + running; }
    Tensor w, running;
    Linear fc{nullptr};
  };
  auto net = std::make_shared<Net>();
  CHECK(net->name() == "Net");
  CHECK(net->named_parameters().size() == 4);
  CHECK(net->named_parameters(/*recurse=*/false).keys() == std::vector<std::string>{"w", "fixed"});
  CHECK(net->named_buffers()["running"].is_same(net->running));
  CHECK_FALSE(net->named_parameters()["fixed"].requires_grad());
  net->forward(torch::rand({4, 3})).sum().backward();
  CHECK(net->w.grad().defined());
  net->zero_grad();
  net->to(torch::kFloat64);
  CHECK(net->w.dtype() == torch::kFloat64);  // the member is the parameter
  net->to(torch::kCPU);
  CHECK(net->modules().size() == 2);
  CHECK(net->named_children()["fc"]->parameters().size() == 2);
  CHECK(net->as<Net>() == net.get());
  CHECK(net->as<Linear>() == nullptr);
  net->apply([](auto& module) { module.eval(); });
  CHECK_FALSE(net->fc->is_training());
  net->unregister_module("fc");
  CHECK(net->named_parameters().size() == 2);
}

TEST_CASE("libtorch: a module of one's own takes another layer's options; a dataset by its short name", "[torch]") {
  struct ConvNormImpl : torch::nn::Module {
    explicit ConvNormImpl(torch::nn::Conv2dOptions options) {
      conv = register_module("conv", torch::nn::Conv2d(options.bias(false)));
      norm = register_module("norm", torch::nn::BatchNorm2d(options.out_channels()));
    }
    torch::Tensor forward(const torch::Tensor& x) { return torch::relu(norm(conv(x))); }
    torch::nn::Conv2d conv{nullptr};
    torch::nn::BatchNorm2d norm{nullptr};
  };
  torch::nn::ModuleHolder<ConvNormImpl> block(torch::nn::Conv2dOptions(3, 8, 3).padding(1));
  CHECK(block->forward(torch::rand({2, 3, 4, 4})).sizes() == torch::IntArrayRef({2, 8, 4, 4}));

  struct Numbers : torch::data::Dataset<Numbers> {
    torch::data::Example<> get(size_t index) override { return {torch::full({2}, double(index)), torch::tensor(int64_t(index))}; }
    torch::optional<size_t> size() const override { return 4; }
  };
  auto loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(Numbers().map(torch::data::transforms::Stack<>()), 4);
  for (auto& batch : *loader) CHECK(batch.target.sum().item<int64_t>() == 6);
  AT_ASSERT(block->is_training());
  std::ostringstream text;
  text << torch::ones({2}, torch::kLong).options();
  CHECK(text.str() == "TensorOptions(dtype=int64, device=cpu, requires_grad=false)");
}
