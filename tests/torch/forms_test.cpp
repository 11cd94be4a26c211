// Forms that ATen has beside the library's: numbers for tensors and tensors for numbers, tolerances, generators and roundings that may be none, functions in place.
#include <lazuli/torch.h>

#include "tests/catch.h"

namespace {
namespace F = torch::nn::functional;

TEST_CASE("libtorch: tolerances of ranks and pseudoinverses by position", "[torch]") {
  const auto A = torch::diag(torch::tensor({4.f, 0.5f, 0.01f}));
  CHECK(torch::linalg_matrix_rank(A).item<int64_t>() == 3);
  CHECK(torch::linalg_matrix_rank(A, 0.1).item<int64_t>() == 2);
  CHECK(torch::linalg_matrix_rank(A, 0.1, /*hermitian=*/true).item<int64_t>() == 2);  // true is no tolerance
  CHECK(torch::linalg_matrix_rank(A, {}, 0.2, true).item<int64_t>() == 1);
  CHECK(torch::linalg_matrix_rank(A, 0.1, 0.2).item<int64_t>() == 1);
  CHECK(torch::linalg::matrix_rank(A, torch::tensor(0.1f)).item<int64_t>() == 2);
  CHECK(torch::linalg_matrix_rank(A, torch::tensor(0.1f), torch::tensor(0.2f)).item<int64_t>() == 1);
  const auto expected = torch::diag(torch::tensor({0.25f, 2.f, 0.f}));
  CHECK(torch::allclose(torch::linalg_pinv(A, 0.1), expected));
  CHECK(torch::allclose(torch::linalg::pinv(A, 0.1, true), expected));
  CHECK(torch::allclose(torch::linalg_pinv(A, 0.1, c10::nullopt), expected));
  CHECK(torch::allclose(torch::linalg_pinv(A, c10::nullopt, 0.1, false), expected));
  CHECK(torch::allclose(torch::linalg_pinv(A, torch::tensor(0.1f)), expected));
  CHECK(torch::allclose(torch::linalg_pinv(A, c10::optional<torch::Tensor>(torch::tensor(0.1f)), c10::optional<torch::Tensor>()), expected));
}

TEST_CASE("libtorch: numbers for tensors and tensors for numbers", "[torch]") {
  const auto x = torch::tensor({0.5f, -0.25f});
  CHECK(torch::allclose(torch::special::legendre_polynomial_p(x, 2), (3 * x * x - 1) / 2));
  CHECK(torch::special_chebyshev_polynomial_t(x, 3).dtype() == torch::kFloat);
  CHECK(torch::allclose(torch::special_chebyshev_polynomial_t(x, torch::Scalar(3)), 4 * x.pow(3) - 3 * x));
  CHECK(torch::allclose(torch::special::hermite_polynomial_h(0.5, torch::tensor({1, 2})), torch::tensor({1.f, -1.f})));
  CHECK(torch::equal(torch::bitwise_left_shift(1, torch::tensor({0, 3})), torch::tensor({1, 8})));
  CHECK(torch::equal(torch::bitwise_xor(6, torch::tensor({5, 6})), torch::tensor({3, 0})));
  CHECK(torch::equal(torch::linspace(torch::tensor(1.f), 3, 3), torch::tensor({1.f, 2.f, 3.f})));
  CHECK(torch::linspace(0, torch::tensor(1.f), 5, torch::kDouble).dtype() == torch::kDouble);
  CHECK(torch::allclose(torch::logspace(torch::tensor(0.f), torch::tensor(2.f), 3), torch::tensor({1.f, 10.f, 100.f})));
  CHECK_THROWS_AS(torch::linspace(x, 3, 3), c10::Error);
  CHECK(torch::allclose(torch::gradient(torch::tensor({1.f, 3.f, 7.f}), 2)[0], torch::tensor({1.f, 1.5f, 2.f})));
  CHECK(torch::subtract(torch::ones(2), 2, 3).sum().item<float>() == -10);
}

TEST_CASE("libtorch: roundings, corrections, dtypes and generators that may be none", "[torch]") {
  const auto x = torch::tensor({-3.f, 4.f}), y = torch::tensor({2.f, 3.f});
  const c10::optional<c10::string_view> floor = "floor", none;
  CHECK(torch::equal(torch::div(x, y, floor), torch::tensor({-2.f, 1.f})));
  CHECK(torch::equal(torch::divide(x, 2, c10::string_view("trunc")), torch::tensor({-1.f, 2.f})));
  CHECK(torch::equal(torch::div(x, y, none), x / y));
  CHECK(torch::allclose(torch::var(x, {0}, c10::optional<at::Scalar>(0)), torch::var(x, false)));
  CHECK(torch::allclose(std::get<0>(torch::std_mean(x, {0}, c10::optional<int64_t>(), true)), torch::std(x, {0}, 1, true)));
  CHECK(torch::sum(x, c10::optional<at::ScalarType>(torch::kDouble)).dtype() == torch::kDouble);
  CHECK(torch::mean(x, c10::optional<at::ScalarType>()).dtype() == torch::kFloat);
  const c10::optional<at::Generator> seeded = torch::make_generator(3), absent;
  CHECK(torch::equal(torch::rand({4}, seeded), torch::rand({4}, torch::make_generator(3))));
  CHECK(torch::equal(torch::normal(1, 2, {4}, torch::make_generator(5)), torch::normal(1, 2, {4}, torch::make_generator(5), torch::kFloat)));
  CHECK(torch::normal(0, 1, {3, 3}, c10::nullopt, torch::kDouble).dtype() == torch::kDouble);
  CHECK(torch::randperm(5, absent).sum().item<int64_t>() == 10);
  const auto [counts, edges] = torch::histogram(x, 2, std::vector<double>{-4, 4}, {}, false);
  CHECK(torch::equal(counts, torch::tensor({1.f, 1.f})));
  CHECK(edges.size(0) == 3);
  CHECK(torch::gather(x, 0, torch::tensor({1}), false).item<float>() == 4);
}

TEST_CASE("libtorch: functions in place change their argument", "[torch]") {
  const auto values = torch::tensor({-2.f, 0.5f, 3.f});
  const auto changed = [&](auto f, const torch::Tensor& expected) {
    auto leaf = values.clone().requires_grad_(), x = leaf * 1;
    const auto result = f(x);
    result.sum().backward();
    return torch::allclose(x.detach(), expected) && torch::equal(result.detach(), x.detach()) && leaf.grad().defined();
  };
  CHECK(changed([](const auto& x) { return F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(0.5).inplace(true)); },
                torch::tensor({-1.f, 0.5f, 3.f})));
  CHECK(changed([](const auto& x) { return F::elu(x, F::ELUFuncOptions().alpha(2).inplace(true)); }, F::elu(values, F::ELUFuncOptions().alpha(2))));
  CHECK(changed([](const auto& x) { return F::celu(x, F::CELUFuncOptions().inplace(true)); }, torch::celu(values)));
  CHECK(changed([](const auto& x) { return F::hardtanh(x, F::HardtanhFuncOptions().inplace(true)); }, torch::tensor({-1.f, 0.5f, 1.f})));
  CHECK(changed([](const auto& x) { return F::threshold(x, F::ThresholdFuncOptions(1, 7).inplace(true)); }, torch::tensor({7.f, 7.f, 3.f})));
  CHECK(changed([](const auto& x) { return F::rrelu(x, F::RReLUFuncOptions().lower(0.5).upper(0.5).inplace(true)); },
                torch::tensor({-1.f, 0.5f, 3.f})));
  CHECK(changed([](const auto& x) { return F::dropout(x, F::DropoutFuncOptions().p(1).inplace(true)); }, torch::zeros(3)));
  CHECK(changed([](const auto& x) { return F::alpha_dropout(x, F::AlphaDropoutFuncOptions().p(0).inplace(true)); }, values));
  auto x = values.clone();
  F::dropout(x, F::DropoutFuncOptions().p(1));
  CHECK(torch::equal(x, values));
  torch::nn::Threshold layer(torch::nn::ThresholdOptions(1, 7).inplace(true));
  layer(x);
  CHECK(torch::equal(x, torch::tensor({7.f, 7.f, 3.f})));
}

TEST_CASE("libtorch: bags of rows with options", "[torch]") {
  const auto table = torch::arange(6).to(torch::kFloat).view({3, 2}), indices = torch::tensor({0, 2, 1}), offsets = torch::tensor({0, 2});
  const auto sums = F::embedding_bag(indices, table, F::EmbeddingBagFuncOptions().mode(torch::kSum).offsets(offsets));
  CHECK(torch::equal(sums, torch::tensor({{4.f, 6.f}, {2.f, 3.f}})));
  const auto [maxima, bags, counts, from] = torch::embedding_bag(-table, indices, offsets, false, 2);
  CHECK(torch::equal(maxima, torch::tensor({{-0.f, -1.f}, {-2.f, -3.f}})));
  CHECK(torch::equal(bags, torch::tensor({0, 0, 1})));
  CHECK(torch::equal(counts, torch::tensor({2, 1})));
  CHECK(torch::equal(from, torch::tensor({{0, 0}, {1, 1}})));
  const auto padded = torch::embedding_bag(table, indices, torch::tensor({0, 2, 3}), false, 1, false, {}, true, /*padding_idx=*/-1);
  CHECK(torch::equal(std::get<0>(padded), torch::tensor({{0.f, 1.f}, {2.f, 3.f}})));
  CHECK(torch::equal(std::get<2>(padded), torch::tensor({1, 1})));
  CHECK(torch::equal(std::get<3>(torch::embedding_bag(table, indices, torch::tensor({0, 3, 3}), false, 2)), torch::tensor({{2, 2}, {0, 0}, {0, 0}})));
  CHECK_THROWS_AS(torch::embedding_bag(table, indices, offsets, false, 3), c10::Error);
  torch::nn::EmbeddingBag bag(torch::nn::EmbeddingBagOptions(3, 2).mode(torch::kSum).include_last_offset(true).sparse(false));
  CHECK(bag(indices, torch::tensor({0, 2, 3})).size(0) == 2);
}

struct Pair : torch::nn::Module {
  Pair() : first(register_module("first", torch::nn::Linear(1, 1))) {}
  torch::nn::Linear first;
};

TEST_CASE("libtorch: containers take modules between others and from dicts, what apply gives, options that were set", "[torch]") {
  torch::nn::ModuleList list(torch::nn::Linear(2, 3), torch::nn::Linear(3, 1));
  list->insert(1, torch::nn::Tanh());
  list->insert(3, torch::nn::ReLU());
  REQUIRE(list->size() == 4);
  CHECK(list[1]->as<torch::nn::Tanh>());
  CHECK(list[2]->as<torch::nn::Linear>());
  CHECK(list[3]->as<torch::nn::ReLU>());
  CHECK_THROWS_AS(list->insert(5, torch::nn::ReLU()), c10::Error);
  torch::OrderedDict<std::string, torch::nn::AnyModule> named;
  named.insert("fc", torch::nn::AnyModule(torch::nn::Linear(2, 3)));
  named.insert("act", torch::nn::AnyModule(torch::nn::ReLU()));
  torch::nn::Sequential net(named);
  CHECK(net->named_parameters().contains("fc.weight"));
  CHECK(net->forward(torch::ones({1, 2})).size(1) == 3);
  const torch::OrderedDict<std::string, int> layers("layer");
  try {
    (void)layers["conv"];
    FAIL("a name that is not there");
  } catch (const c10::Error& error) { CHECK(std::string(error.what()).find("layer") != std::string::npos); }
  std::vector<std::string> seen;
  Pair().apply([&](const std::string& name, const std::shared_ptr<torch::nn::Module>& module) { seen.push_back(name + ":" + module->name()); },
               "net");
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].find("net.first:") == 0);
  CHECK(c10::demangle(typeid(Pair).name()).find("Pair") != std::string::npos);
  CHECK(std::string(c10::demangle_type<int>()) == "int");
  const auto x = torch::tensor({0.f, 2.f}), y = torch::tensor({0.1f, 0.f});
  CHECK(torch::equal(F::smooth_l1_loss(x, y, F::SmoothL1LossFuncOptions(torch::kSum), 0.5), torch::smooth_l1_loss(x, y, at::Reduction::Sum, 0.5)));
  const auto options = torch::TensorOptions().dtype(torch::kInt);
  CHECK(options.has_dtype());
  CHECK_FALSE(options.has_device());
  CHECK(options.dtype_opt() == torch::kInt);
  CHECK_FALSE(options.memory_format_opt().has_value());
  CHECK(options.layout() == torch::kStrided);
}

}  // namespace
