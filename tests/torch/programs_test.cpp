// Programs as people write them for libtorch, in small.
#include <lazuli/torch.h>

#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

namespace {

// ---- regression of a polynomial ----
TEST_CASE("libtorch: a polynomial is found by regression", "[torch]") {
  torch::manual_seed(1);
  constexpr int64_t degree = 3;
  auto features = [](const torch::Tensor& x) {
    std::vector<torch::Tensor> powers;
    for (int64_t i = 1; i <= degree; ++i) powers.push_back(x.pow(i));
    return torch::cat(powers, 1);
  };
  const auto w_target = torch::tensor({{1.5}, {-2.0}, {0.5}}), b_target = torch::full({1}, 0.25);
  torch::nn::Linear fc(w_target.size(0), 1);
  torch::optim::SGD optimizer(fc->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
  double loss = 1;
  for (int64_t i = 0; loss > 1e-5 && i < 3000; ++i) {
    auto x = torch::rand({32, 1}) * 2 - 1;
    auto y = features(x).mm(w_target) + b_target.item<double>();
    optimizer.zero_grad();
    auto output = torch::smooth_l1_loss(fc(features(x)), y);
    loss = output.item<float>();
    output.backward();
    for (auto& param : fc->named_parameters()) REQUIRE(param.value().grad().defined());
    optimizer.step();
  }
  CHECK(loss <= 1e-5);
  CHECK(fc->weight.view({-1}).allclose(w_target.view({-1}), 0.1, 0.05));
}

// ---- a convolutional net on digits, with a loader ----
struct DigitNet : torch::nn::Module {
  DigitNet()
      : conv1(torch::nn::Conv2dOptions(1, 6, /*kernel_size=*/5)), conv2(torch::nn::Conv2dOptions(6, 8, 5).stride(1)), fc1(128, 24), fc2(24, 10) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("conv2_drop", conv2_drop);
    register_module("fc1", fc1);
    register_module("fc2", fc2);
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(torch::max_pool2d(conv1->forward(x), 2));
    x = torch::relu(torch::max_pool2d(conv2_drop->forward(conv2->forward(x)), 2));
    x = x.view({-1, 128});
    x = torch::relu(fc1->forward(x));
    x = torch::dropout(x, /*p=*/0.1, /*train=*/is_training());
    x = fc2->forward(x);
    return torch::log_softmax(x, /*dim=*/1);
  }
  torch::nn::Conv2d conv1, conv2;
  torch::nn::Dropout2d conv2_drop{torch::nn::Dropout2dOptions(0.1)};
  torch::nn::Linear fc1, fc2;
};

// Images of ten kinds, class c bright in two rows of its own.
struct Digits : torch::data::datasets::Dataset<Digits> {
  explicit Digits(size_t count) : count_(count) {}
  torch::data::Example<> get(size_t index) override {
    auto image = torch::rand({1, 28, 28}) * 0.3;
    const int64_t digit = int64_t(index % 10);
    image.index_put_({0, torch::indexing::Slice(2 * digit + 4, 2 * digit + 6)}, 1.0);
    return {image, torch::tensor(digit, torch::kInt64)};
  }
  torch::optional<size_t> size() const override { return count_; }
  size_t count_;
};

template <typename DataLoader>
void train_digits(DigitNet& model, torch::Device device, DataLoader& data_loader, torch::optim::Optimizer& optimizer) {
  model.train();
  for (auto& batch : data_loader) {
    auto data = batch.data.to(device), targets = batch.target.to(device);
    optimizer.zero_grad();
    auto output = model.forward(data);
    auto loss = torch::nll_loss(output, targets);
    REQUIRE_FALSE(std::isnan(loss.template item<float>()));
    loss.backward();
    optimizer.step();
  }
}

TEST_CASE("libtorch: digits are learnt with datasets, transforms and loaders", "[torch]") {
  torch::manual_seed(1);
  torch::DeviceType device_type = torch::cuda::is_available() && false ? torch::kCUDA : torch::kCPU;
  torch::Device device(device_type);
  DigitNet model;
  model.to(device);
  auto train_dataset = Digits(320).map(torch::data::transforms::Normalize<>(0.13, 0.31)).map(torch::data::transforms::Stack<>());
  const size_t train_size = train_dataset.size().value();
  CHECK(train_size == 320);
  auto train_loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(std::move(train_dataset),
                                                                                          torch::data::DataLoaderOptions().batch_size(32).workers(1));
  auto test_loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(
      Digits(100).map(torch::data::transforms::Normalize<>(0.13, 0.31)).map(torch::data::transforms::Stack<>()), /*batch_size=*/64);
  torch::optim::Adam optimizer(model.parameters(), torch::optim::AdamOptions(0.005));
  for (size_t epoch = 1; epoch <= 4; ++epoch) train_digits(model, device, *train_loader, optimizer);

  torch::NoGradGuard no_grad;
  model.eval();
  double test_loss = 0;
  int64_t correct = 0, seen = 0;
  for (const auto& batch : *test_loader) {
    auto output = model.forward(batch.data);
    test_loss += torch::nll_loss(output, batch.target, /*weight=*/{}, torch::Reduction::Sum).item<float>();
    correct += output.argmax(1).eq(batch.target).sum().item<int64_t>();
    seen += batch.data.size(0);
  }
  CHECK(seen == 100);
  CHECK(correct >= 90);
  CHECK(test_loss / 100 < 0.8);
}

// ---- two networks against each other ----
struct GeneratorImpl : torch::nn::Module {
  explicit GeneratorImpl(int noise)
      : conv1(torch::nn::ConvTranspose2dOptions(noise, 16, 4).bias(false)),
        batch_norm1(16),
        conv2(torch::nn::ConvTranspose2dOptions(16, 8, 3).stride(2).padding(1).bias(false)),
        batch_norm2(8),
        conv3(torch::nn::ConvTranspose2dOptions(8, 1, 4).stride(2).padding(1).bias(false)) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("conv3", conv3);
    register_module("batch_norm1", batch_norm1);
    register_module("batch_norm2", batch_norm2);
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(batch_norm1(conv1(x)));
    x = torch::relu(batch_norm2(conv2(x)));
    return torch::tanh(conv3(x));
  }
  torch::nn::ConvTranspose2d conv1;
  torch::nn::BatchNorm2d batch_norm1;
  torch::nn::ConvTranspose2d conv2;
  torch::nn::BatchNorm2d batch_norm2;
  torch::nn::ConvTranspose2d conv3;
};
TORCH_MODULE(Generator);

TEST_CASE("libtorch: a generator and a discriminator, saved and loaded", "[torch]") {
  torch::manual_seed(2);
  lazuli::test::TemporaryFolder folder;
  Generator generator(10);
  torch::nn::Sequential discriminator(torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 8, 4).stride(2).padding(1).bias(false)),
                                      torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2)),
                                      torch::nn::Conv2d(torch::nn::Conv2dOptions(8, 16, 3).stride(2).padding(1).bias(false)),
                                      torch::nn::BatchNorm2d(16), torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2)),
                                      torch::nn::Flatten(), torch::nn::Linear(16 * 4 * 4, 1), torch::nn::Sigmoid());
  torch::optim::Adam generator_optimizer(generator->parameters(), torch::optim::AdamOptions(2e-3).betas(std::make_tuple(0.5, 0.5)));
  torch::optim::Adam discriminator_optimizer(discriminator->parameters(), torch::optim::AdamOptions(5e-3).betas({0.5, 0.5}));
  const auto real_images = torch::ones({8, 1, 14, 14}) * 0.5;
  float first = 0, last = 0;
  for (int step = 0; step < 12; ++step) {
    discriminator->zero_grad();
    auto real_labels = torch::empty({8}).uniform_(0.8, 1.0);
    auto real_loss = torch::binary_cross_entropy(discriminator->forward(real_images).view(-1), real_labels);
    real_loss.backward();
    auto fake_images = generator->forward(torch::randn({8, 10, 1, 1}));
    REQUIRE(fake_images.sizes() == torch::IntArrayRef({8, 1, 14, 14}));
    auto fake_loss = torch::binary_cross_entropy(discriminator->forward(fake_images.detach()).view(-1), torch::zeros(8));
    fake_loss.backward();
    auto d_loss = real_loss + fake_loss;
    discriminator_optimizer.step();
    generator->zero_grad();
    torch::binary_cross_entropy(discriminator->forward(fake_images).view(-1), torch::ones(8)).backward();
    generator_optimizer.step();
    (step == 0 ? first : last) = d_loss.item<float>();
  }
  CHECK(last < first);

  torch::save(generator, folder.file("generator.pt"));
  torch::save(generator_optimizer, folder.file("optimizer.pt"));
  Generator again(10);
  torch::load(again, folder.file("generator.pt"));
  torch::optim::Adam optimizer_again(again->parameters(), torch::optim::AdamOptions(1));
  torch::load(optimizer_again, folder.file("optimizer.pt"));
  CHECK(optimizer_again.lr() == 2e-3);
  generator->eval();
  again->eval();
  auto noise = torch::randn({2, 10, 1, 1});
  CHECK(torch::equal(again(noise), generator(noise)));
  CHECK(says(error_of([&] { torch::load(discriminator, folder.file("generator.pt")); }), "load_state_dict"));
}

// ---- a dataset of one's own, without a stack ----
class Lines : public torch::data::datasets::Dataset<Lines, torch::data::TensorExample> {
 public:
  torch::data::TensorExample get(size_t index) override { return torch::full({int64_t(index) + 1}, double(index)); }
  torch::optional<size_t> size() const override { return 5; }
};

TEST_CASE("libtorch: a dataset of one's own, in vectors of examples", "[torch]") {
  auto loader =
      torch::data::make_data_loader(Lines(), torch::data::samplers::SequentialSampler(5), torch::data::DataLoaderOptions(2).drop_last(true));
  for (int epoch = 0; epoch < 2; ++epoch) {
    std::vector<int64_t> lengths;
    for (std::vector<torch::data::TensorExample>& batch : *loader)
      for (auto& example : batch) lengths.push_back(example.data.size(0));
    CHECK(lengths == std::vector<int64_t>{1, 2, 3, 4});
  }
  torch::manual_seed(3);
  auto shuffled = torch::data::make_data_loader(Lines(), 5);
  std::vector<std::vector<int64_t>> orders;
  for (int epoch = 0; epoch < 6; ++epoch)
    for (auto& batch : *shuffled) {
      orders.emplace_back();
      for (auto& example : batch) orders.back().push_back(example.data.size(0));
    }
  CHECK(std::any_of(orders.begin(), orders.end(), [&](const auto& order) { return order != orders[0]; }));
  torch::data::datasets::TensorDataset rows(torch::arange(6).view({3, 2}));
  auto stacked = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(
      rows.map(torch::data::transforms::Stack<torch::data::TensorExample>()), 3);
  for (auto& batch : *stacked) CHECK(torch::equal(batch.data, rows.tensor));
}

// ---- functions of one's own ----
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class LinearFunction : public torch::autograd::Function<LinearFunction> {
 public:
  static torch::Tensor forward(AutogradContext* ctx, torch::Tensor input, torch::Tensor weight, torch::Tensor bias = torch::Tensor()) {
    ctx->save_for_backward({input, weight, bias});
    auto output = input.mm(weight.t());
    if (bias.defined()) output += bias.unsqueeze(0).expand_as(output);
    return output;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grad_outputs) {
    auto saved = ctx->get_saved_variables();
    auto grad = grad_outputs[0];
    auto grad_bias = saved[2].defined() ? grad.sum(0) : torch::Tensor();
    return {grad.mm(saved[1]), grad.t().mm(saved[0]), grad_bias};
  }
};
class MulConstant : public torch::autograd::Function<MulConstant> {
 public:
  static torch::Tensor forward(AutogradContext* ctx, torch::Tensor tensor, double constant) {
    ctx->saved_data["constant"] = constant;
    return tensor * constant;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grad_outputs) {
    CHECK(ctx->needs_input_grad(0));
    CHECK_FALSE(ctx->needs_input_grad(1));
    return {grad_outputs[0] * ctx->saved_data["constant"].toDouble(), torch::Tensor()};
  }
};
// exp, by its output; and how many elements are above one, which has no gradient.
class ExpAndCount : public torch::autograd::Function<ExpAndCount> {
 public:
  static variable_list forward(AutogradContext* ctx, const torch::Tensor& x) {
    auto y = x.exp();
    auto count = y.gt(1).sum();
    ctx->save_for_backward({y});
    ctx->mark_non_differentiable({count});
    return {y, count};
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    CHECK(grads.size() == 2);
    return {grads[0] * ctx->get_saved_variables()[0]};
  }
};

TEST_CASE("libtorch: functions with a backward of their own", "[torch]") {
  torch::manual_seed(4);
  auto x = torch::randn({2, 3}).requires_grad_(), weight = torch::randn({4, 3}).requires_grad_(), bias = torch::randn(4).requires_grad_();
  auto y = LinearFunction::apply(x, weight, bias);
  CHECK(torch::allclose(y, torch::linear(x, weight, bias)));
  y.sum().backward();
  CHECK(torch::allclose(x.grad(), torch::ones({2, 4}).mm(weight)));
  CHECK(torch::allclose(bias.grad(), torch::full({4}, 2.0)));
  CHECK_FALSE(LinearFunction::apply(x.detach(), weight.detach(), bias.detach()).requires_grad());

  auto z = torch::randn({2}).requires_grad_();
  auto scaled = MulConstant::apply(z, 5.5);
  scaled.sum().backward();
  CHECK(torch::allclose(z.grad(), torch::full({2}, 5.5)));

  auto a = torch::tensor({-1.0, 0.5, 2.0}).requires_grad_();
  auto both = ExpAndCount::apply(a);
  CHECK(both[1].item<int64_t>() == 2);
  CHECK_FALSE(both[1].requires_grad());
  auto first = torch::autograd::grad({both[0].sum()}, {a}, {}, torch::nullopt, /*create_graph=*/true)[0];
  CHECK(torch::allclose(first, a.exp()));
  auto second = torch::autograd::grad({first.sum()}, {a})[0];  // differentiable once more
  CHECK(torch::allclose(second, a.exp()));
}

// ---- part of a trained network with a new head ----
struct BackboneImpl : torch::nn::Module {
  BackboneImpl() {
    layers = register_module("layers", torch::nn::Sequential({{"conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 6, 3).padding(1))},
                                                              {"norm", torch::nn::BatchNorm2d(6)},
                                                              {"act", torch::nn::ReLU(torch::nn::ReLUOptions(true))},
                                                              {"pool", torch::nn::AdaptiveAvgPool2d(1)}}));
    fc = register_module("fc", torch::nn::Linear(6, 100));
  }
  torch::Tensor forward(torch::Tensor x) { return fc(layers->forward(x).flatten(1)); }
  torch::nn::Sequential layers{nullptr};
  torch::nn::Linear fc{nullptr};
};
TORCH_MODULE(Backbone);

TEST_CASE("libtorch: a trained network keeps its layers and gets a new head", "[torch]") {
  torch::manual_seed(5);
  Backbone trained;
  std::stringstream file;
  torch::save(trained, file);
  Backbone model;
  torch::load(model, file);
  for (auto& parameter : model->named_parameters())
    if (parameter.key().find("fc") == std::string::npos) parameter.value().requires_grad_(false);
  model->fc = model->replace_module("fc", torch::nn::Linear(torch::nn::LinearOptions(6, 2).bias(true)));
  CHECK(model->named_parameters().keys() ==
        std::vector<std::string>{"layers.conv.weight", "layers.conv.bias", "layers.norm.weight", "layers.norm.bias", "fc.weight", "fc.bias"});
  std::vector<torch::Tensor> trained_parameters;
  for (auto& p : model->parameters())
    if (p.requires_grad()) trained_parameters.push_back(p);
  CHECK(trained_parameters.size() == 2);
  torch::optim::Adam optimizer(trained_parameters, torch::optim::AdamOptions(0.05));
  auto x = torch::rand({16, 3, 8, 8}), y = torch::arange(16).remainder(2);
  x.index({y.eq(1), 0}) += 1.0;
  const auto before = model->layers->ptr(0)->get_parameter("weight").clone();
  model->layers->eval();
  torch::nn::CrossEntropyLoss criterion;
  for (int i = 0; i < 60; ++i) {
    optimizer.zero_grad();
    auto loss = criterion(model(x), y);
    loss.backward();
    optimizer.step();
  }
  CHECK(model(x).argmax(1).eq(y).to(torch::kFloat).mean().item<double>() > 0.9);
  CHECK(torch::equal(before, trained->layers->ptr(0)->get_parameter("weight")));
  int convolutions = 0;
  for (auto& module : model->modules(/*include_self=*/false))
    if (auto* conv = dynamic_cast<torch::nn::Conv2dImpl*>(module.get()))
      ++convolutions, torch::nn::init::kaiming_normal_(conv->weight, 0, torch::kFanOut, "relu");
  CHECK(convolutions == 1);
}

// ---- text by an LSTM ----
struct CharacterNetImpl : torch::nn::Module {
  CharacterNetImpl(int64_t vocabulary, int64_t hidden)
      : embedding(register_module("embedding", torch::nn::Embedding(vocabulary, 8))),
        lstm(register_module("lstm", torch::nn::LSTM(torch::nn::LSTMOptions(8, hidden).num_layers(1).batch_first(true)))),
        head(register_module("head", torch::nn::Linear(hidden, vocabulary))) {}
  std::tuple<torch::Tensor, std::tuple<torch::Tensor, torch::Tensor>> forward(torch::Tensor x,
                                                                              torch::optional<std::tuple<torch::Tensor, torch::Tensor>> state = {}) {
    auto [output, next] = lstm->forward(embedding(x), state);
    return {head(output), next};
  }
  torch::nn::Embedding embedding;
  torch::nn::LSTM lstm;
  torch::nn::Linear head;
};
TORCH_MODULE(CharacterNet);

TEST_CASE("libtorch: an LSTM learns a text by heart", "[torch]") {
  namespace F = torch::nn::functional;
  torch::manual_seed(6);
  const std::string text = "abcdabceabcdabceabcdabce";
  std::vector<int64_t> codes;
  for (char c : text) codes.push_back(c - 'a');
  auto all = torch::tensor(codes);
  auto x = all.slice(0, 0, -1).unsqueeze(0), y = all.slice(0, 1).unsqueeze(0);
  CharacterNet net(5, 24);
  torch::optim::RMSprop optimizer(net->parameters(), torch::optim::RMSpropOptions(0.01).alpha(0.95));
  torch::optim::StepLR scheduler(optimizer, /*step_size=*/60, /*gamma=*/0.5);
  for (int i = 0; i < 120; ++i) {
    optimizer.zero_grad();
    auto [logits, state] = net->forward(x);
    auto loss = F::cross_entropy(logits.view({-1, 5}), y.view(-1), F::CrossEntropyFuncOptions().reduction(torch::kMean));
    loss.backward();
    torch::nn::utils::clip_grad_norm_(net->parameters(), 1.0);
    optimizer.step();
    scheduler.step();
  }
  CHECK(optimizer.param_groups()[0].options().get_lr() == Approx(0.0025));
  torch::NoGradGuard guard;
  torch::optional<std::tuple<torch::Tensor, torch::Tensor>> state;
  std::string written = "a";
  for (int i = 0; i < 7; ++i) {
    auto [logits, next] = net(torch::tensor({{int64_t(written.back() - 'a')}}), state);
    state = next;
    written += char('a' + logits.view(-1).argmax().item<int64_t>());
  }
  CHECK(written == "abcdabce");
}

}  // namespace
