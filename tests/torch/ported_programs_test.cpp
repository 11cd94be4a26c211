// What programs in the wild use besides: linalg_ names, modules of any kind, schedulers and samplers of their own, options of every layer.
#include <lazuli/torch.h>

#include <set>

#include "tests/catch.h"
#include "tests/errors.h"

namespace {

namespace F = torch::nn::functional;

TEST_CASE("libtorch: linalg_ functions give tuples", "[torch]") {
  auto a = torch::randn({4, 3}, torch::kFloat64), s = a.t().mm(a) + torch::eye(3, torch::kFloat64);
  torch::Tensor u, w, v;
  std::tie(u, w, v) = torch::svd(a);
  CHECK(torch::allclose(u.mm(torch::diag(w)).mm(v.t()), a));
  auto [u2, w2, vh] = torch::linalg_svd(a, /*full_matrices=*/false);
  CHECK(torch::allclose(w, w2));
  CHECK(torch::allclose(std::get<1>(torch::linalg_svd(a, false)), torch::linalg_svdvals(a)));
  CHECK(torch::allclose(std::get<0>(torch::linalg_eigh(s)).sum(), s.trace()));
  CHECK(torch::allclose(std::get<0>(torch::linalg_qr(a)).mm(std::get<1>(torch::qr(a))), a));
  CHECK(torch::allclose(torch::linalg_inv(s).mm(s), torch::eye(3, torch::kFloat64)));
  CHECK(torch::allclose(torch::linalg_solve(s, a.t()), std::get<0>(torch::linalg_lstsq(s, a.t()))));
  auto l = torch::linalg_cholesky(s);
  CHECK(torch::allclose(torch::linalg_solve_triangular(l, s, /*upper=*/false), l.t()));
  CHECK(torch::allclose(torch::linalg_norm(a), torch::linalg_matrix_norm(a)));
  CHECK(torch::allclose(torch::linalg_vector_norm(a, 1, {1}), a.abs().sum(1)));
  CHECK(torch::allclose(torch::linalg_pinv(a).mm(a), torch::eye(3, torch::kFloat64)));
  CHECK(torch::allclose(std::get<1>(torch::slogdet(s)), torch::linalg_det(s).log()));
}

TEST_CASE("libtorch: short-time transforms and windows by position", "[torch]") {
  auto signal = torch::randn({128}), window = torch::hann_window(32), same = torch::hann_window(32, true, torch::kFloat32);
  auto pieces = torch::stft(signal, 32, 8, 32, window, /*center=*/true, "reflect", /*normalized=*/false, /*onesided=*/true, /*return_complex=*/true);
  CHECK(pieces.sizes() == torch::Shape({17, 17}));
  CHECK(torch::allclose(torch::istft(pieces, 32, 8, 32, same, true, false, true, 128), signal, 1e-4, 1e-5));
  CHECK(torch::stft(signal, 32, 8, 32, window, false, true, true).sizes() == torch::Shape({17, 13}));
  CHECK(torch::hamming_window(4, false)[0].item<float>() == Approx(0.08));
}

struct PairImpl : torch::nn::Module {
  torch::nn::Linear fc{nullptr};
  PairImpl() { fc = register_module("fc", torch::nn::Linear(2, 2)); }
  std::tuple<torch::Tensor, int64_t> forward(torch::Tensor x, int64_t times) { return {fc(x) * times, times + 1}; }
};
TORCH_MODULE(Pair);

TEST_CASE("libtorch: AnyModule holds any module, and containers take it", "[torch]") {
  std::vector<torch::nn::AnyModule> stack;
  stack.emplace_back(torch::nn::Linear(3, 4));
  stack.emplace_back(Pair());
  stack.emplace_back(PairImpl());
  CHECK(stack[0].forward(torch::ones({1, 3})).sizes() == torch::Shape({1, 4}));
  CHECK(stack[0].get<torch::nn::LinearImpl>().out_features == 4);
  CHECK(&stack[0].get<torch::nn::Linear>() == stack[0].ptr<torch::nn::LinearImpl>().get());
  auto result = stack[1].forward<std::tuple<torch::Tensor, int64_t>>(torch::ones({1, 2}), int64_t(3));
  CHECK(std::get<1>(result) == 4);
  CHECK(error_of([&] {
          stack[1].forward(torch::ones({1, 2}), 1.5);
        }) ==
        "torch::nn::AnyModule::forward: argument 'arguments': expected those that forward of PairImpl takes, and its result, got other classes");
  CHECK_THROWS_AS(stack[0].get<PairImpl>(), torch::Error);
  CHECK(torch::nn::AnyModule().is_empty());

  torch::nn::Sequential layers;
  layers->push_back(stack[0]);
  layers->push_back("act", torch::nn::AnyModule(torch::nn::ReLU()));
  torch::nn::AnyModule whole(layers);
  auto x = torch::ones({2, 3});
  auto y = x;
  for (auto& layer : *layers) y = layer.forward(y);
  CHECK(torch::equal(y, whole.forward(x)));

  torch::nn::ModuleDict dict;
  dict->insert("fc", torch::nn::Linear(2, 2));
  CHECK(dict["fc"]->as<torch::nn::Linear>());
}

TEST_CASE("libtorch: functions of names and modules, clones on a device", "[torch]") {
  torch::nn::Sequential layers(torch::nn::Linear(2, 3), torch::nn::Sequential(torch::nn::Tanh()));
  std::string names;
  layers->apply([&](const std::string& name, torch::nn::Module& module) { names += name + "=" + module.name() + " "; });
  CHECK(names == "=Sequential 0=Linear 1=Sequential 1.0=Tanh ");
  auto alike = std::dynamic_pointer_cast<torch::nn::SequentialImpl>(layers->clone());
  CHECK(torch::equal(alike->forward(torch::ones({1, 2})), layers->forward(torch::ones({1, 2}))));
  Pair pair;
  auto copy = std::dynamic_pointer_cast<PairImpl>(pair->clone(torch::Device(torch::kCPU)));
  CHECK(torch::equal(copy->fc->weight, pair->fc->weight));
  CHECK_FALSE(copy->fc->weight.is_same(pair->fc->weight));
}

// ---- a scheduler of a program's own ----
class Halved : public torch::optim::LRScheduler {
 public:
  explicit Halved(torch::optim::Optimizer& optimizer) : LRScheduler(optimizer), first_(get_current_lrs()) {}

 private:
  std::vector<double> get_lrs() override {
    std::vector<double> lrs;
    for (double lr : first_) lrs.push_back(lr / double(step_count_ + 2));
    return lrs;
  }
  std::vector<double> first_;
};

TEST_CASE("libtorch: schedulers by their base, those of the library and others", "[torch]") {
  torch::nn::Linear fc(2, 2);
  std::unique_ptr<torch::optim::Optimizer> sgd = std::make_unique<torch::optim::SGD>(fc->parameters(), 1.0);
  std::vector<std::shared_ptr<torch::optim::LRScheduler>> schedulers{std::make_shared<Halved>(*sgd)};
  schedulers[0]->step();
  CHECK(sgd->param_groups()[0].options().get_lr() == 0.5);
  schedulers[0]->step();
  CHECK(sgd->param_groups()[0].options().get_lr() == Approx(1.0 / 3));

  torch::optim::Adam adam(fc->parameters(), 1.0);
  schedulers.push_back(std::make_shared<torch::optim::StepLR>(adam, 2, 0.1));
  for (int i = 0; i < 2; ++i) schedulers[1]->step();
  CHECK(adam.param_groups()[0].options().get_lr() == Approx(0.1));
}

TEST_CASE("libtorch: an archive may hold more than the module", "[torch]") {
  Pair pair, other;
  torch::optim::Adam adam(pair->parameters(), 0.1);
  std::get<0>(pair->forward(torch::ones({1, 2}), 1)).sum().backward();
  adam.step();
  torch::serialize::OutputArchive archive, optimizer;
  pair->save(archive);
  adam.save(optimizer);
  archive.write("optimizer", optimizer);
  archive.write("epoch", torch::tensor(3));
  std::stringstream file;
  archive.save_to(file);

  torch::serialize::InputArchive read, nested;
  read.load_from(file);
  other->load(read);
  CHECK(torch::equal(other->fc->weight, pair->fc->weight));
  read.read("optimizer", nested);
  torch::optim::Adam again(other->parameters());
  again.load(nested);
  CHECK(again.param_groups()[0].options().get_lr() == 0.1);
  torch::serialize::InputArchive empty;
  CHECK_THROWS_AS(other->load(empty), torch::Error);
}

// ---- batches of a class of their own, in an order of their own ----
struct Batch {
  torch::Tensor images;
  std::vector<int64_t> lengths;
};
struct Sample {
  torch::Tensor image;
  int64_t length;
};
struct Collate : torch::data::transforms::Collation<Batch, std::vector<Sample>> {
  Batch apply_batch(std::vector<Sample> samples) override {
    Batch batch;
    std::vector<torch::Tensor> images;
    for (Sample& s : samples) images.push_back(s.image), batch.lengths.push_back(s.length);
    batch.images = torch::stack(images);
    return batch;
  }
};
struct Samples : torch::data::datasets::Dataset<Samples, Sample> {
  Sample get(size_t index) override { return {torch::full({2}, double(index)), int64_t(index)}; }
  torch::optional<size_t> size() const override { return 5; }
};
class Backwards : public torch::data::samplers::Sampler<> {
 public:
  explicit Backwards(size_t count) : count_(count), left_(count) {}
  void reset(torch::optional<size_t> count) override { left_ = count_ = count.value_or(count_); }
  torch::optional<std::vector<size_t>> next(size_t batch_size) override {
    std::vector<size_t> batch;
    while (left_ > 0 && batch.size() < batch_size) batch.push_back(--left_);
    if (batch.empty()) return torch::nullopt;
    return batch;
  }
  void save(torch::serialize::OutputArchive& archive) const override { archive.write("left", torch::tensor(int64_t(left_))); }
  void load(torch::serialize::InputArchive& archive) override {
    torch::Tensor left;
    archive.read("left", left);
    left_ = size_t(left.item<int64_t>());
  }

 private:
  size_t count_, left_;
};

TEST_CASE("libtorch: collations and samplers of a program's own", "[torch]") {
  auto loader = torch::data::make_data_loader(Samples().map(Collate()), Backwards(5), torch::data::DataLoaderOptions(3));
  std::vector<int64_t> order;
  for (Batch& batch : *loader) order.insert(order.end(), batch.lengths.begin(), batch.lengths.end());
  CHECK(order == std::vector<int64_t>{4, 3, 2, 1, 0});
}

TEST_CASE("libtorch: options of the other layers and functions", "[torch]") {
  auto x = torch::randn({2, 4, 6, 6});
  CHECK(torch::nn::LPPool2d(torch::nn::LPPool2dOptions(2, 2).stride(2))(x).equal(F::lp_pool2d(x, F::LPPool2dFuncOptions(2, 2).stride(2))));
  CHECK(torch::nn::LocalResponseNorm(torch::nn::LocalResponseNormOptions(2).alpha(0.1))(x).equal(
      F::local_response_norm(x, F::LocalResponseNormFuncOptions(2).alpha(0.1))));
  CHECK(torch::nn::PixelShuffle(torch::nn::PixelShuffleOptions(2))(x).sizes() == torch::Shape({2, 1, 12, 12}));
  CHECK(torch::nn::Unflatten(torch::nn::UnflattenOptions(1, {2, 2}))(x).sizes() == torch::Shape({2, 2, 2, 6, 6}));
  CHECK(torch::nn::Softshrink(torch::nn::SoftshrinkOptions(0.2))(x).equal(F::softshrink(x, F::SoftshrinkFuncOptions().lambda(0.2))));
  CHECK(torch::nn::Threshold(torch::nn::ThresholdOptions(0.1, 20))(x).equal(F::threshold(x, F::ThresholdFuncOptions(0.1, 20))));
  CHECK(torch::nn::PairwiseDistance(torch::nn::PairwiseDistanceOptions().p(1))(x, x + 1).equal(
      F::pairwise_distance(x, x + 1, F::PairwiseDistanceFuncOptions().p(1))));
  auto rates = torch::rand({2, 4}), counts = torch::ones({2, 4}), classes = torch::tensor({1, 3});
  CHECK(torch::nn::PoissonNLLLoss(torch::nn::PoissonNLLLossOptions().log_input(false))(rates, counts)
            .equal(F::poisson_nll_loss(rates, counts, F::PoissonNLLLossFuncOptions().log_input(false))));
  CHECK(torch::nn::MultiMarginLoss(torch::nn::MultiMarginLossOptions().margin(2))(rates, classes)
            .equal(F::multi_margin_loss(rates, classes, F::MultiMarginLossFuncOptions().margin(2))));
  auto kernel = torch::randn({4, 2, 3, 3});
  CHECK(F::conv_transpose2d(x, kernel, F::ConvTranspose2dFuncOptions().stride(2).padding(1)).sizes() == torch::Shape({2, 2, 11, 11}));
  auto table = torch::nn::Embedding::from_pretrained(torch::eye(3), torch::nn::EmbeddingFromPretrainedOptions().freeze(false).padding_idx(0));
  CHECK(table->weight.requires_grad());
  CHECK(table->options.padding_idx() == 0);
  torch::nn::TransformerEncoder encoder(torch::nn::TransformerEncoderOptions(torch::nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16), 2));
  CHECK(encoder(torch::randn({3, 2, 8})).sizes() == torch::Shape({3, 2, 8}));
  auto scores = torch::randn({2, 4});
  CHECK(torch::cross_entropy_loss(scores, classes).equal(F::cross_entropy(scores, classes)));
}

TEST_CASE("libtorch: members of tensors, types and errors", "[torch]") {
  auto w = torch::ones({2}).set_requires_grad(true);
  CHECK(w.requires_grad());
  (w * 3).sum().backward();
  w.mutable_grad() *= 2;
  CHECK(w.grad().equal(torch::full({2}, 6.)));
  w.mutable_grad() = torch::Tensor();
  CHECK_FALSE(w.grad().defined());
  w.mutable_grad() = torch::zeros({2});
  (w * 3).sum().backward();
  CHECK(w.grad().equal(torch::full({2}, 3.)));
  CHECK(w.to(torch::Device(torch::kCPU), /*non_blocking=*/true).equal(w));
  CHECK_FALSE(w.to(torch::Device(torch::kCPU), false, /*copy=*/true).is_same(w));
  CHECK(torch::ones({2}, torch::TensorOptions().device(torch::kCPU, -1)).device().is_cpu());
  CHECK(torch::typeMetaToScalarType(w.dtype()) == at::ScalarType::Float);
  CHECK(float(std::numeric_limits<c10::Half>::max()) == 65504);
  CHECK(float(std::numeric_limits<c10::Half>::epsilon()) == 0x1p-10f);
  CHECK(float(std::numeric_limits<at::BFloat16>::lowest()) == -0x1.fep127f);
  CHECK(std::isnan(float(std::numeric_limits<at::BFloat16>::quiet_NaN())));
  CHECK(torch::tensor({1, 2}).scalar_type() == at::ScalarType::Long);
  CHECK(torch::complex(torch::ones({}), torch::ones({})).item<c10::complex<float>>() == c10::complex<float>(1, 1));
  try {
    torch::ones({2, 3}).mm(torch::ones({2, 3}));
    FAIL("no error");
  } catch (const c10::Error& error) { CHECK(error.msg() == error.what_without_backtrace()); }
  torch::Tensor handle = w;
  w.set_data(torch::full({2}, 5.));
  CHECK(handle.equal(torch::full({2}, 5.)));
  CHECK(handle.requires_grad());
  w.data().mul_(2);  // a tensor on the same memory, without history
  CHECK(!w.data().requires_grad());
  CHECK(w.detach().equal(torch::full({2}, 10.)));
  CHECK(error_of([&] { (w * 2).set_data(w); }) == "set_data: argument 'self': expected a leaf, got a tensor with history");
  torch::autograd::GradMode::set_enabled(false);
  CHECK_FALSE((w * 2).requires_grad());
  torch::autograd::GradMode::set_enabled(true);
}

}  // namespace
