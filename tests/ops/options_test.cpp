#include <cmath>

#include "tests/catch.h"
#include "tests/errors.h"

#include <lazuli/lazuli.h>

// Functions whose optional arguments are a struct (core/by_position.h): what each form gives, what the description refuses, and that the table calls the same.
using namespace lazuli;

namespace {
Tensor wave(const Shape& sizes, double phase = 0) { return sin(arange(sizes.numel(), {.dtype = kFloat64}) + Scalar(phase)).reshape(sizes); }
bool same(const Tensor& a, const Tensor& b) { return equal(isnan(a), isnan(b)) && equal(nan_to_num(a), nan_to_num(b)); }
template <class... T>
bool same(const std::tuple<T...>& a, const std::tuple<T...>& b) {
  return [&]<size_t... I>(std::index_sequence<I...>) { return (same(std::get<I>(a), std::get<I>(b)) && ...); }
  (std::index_sequence_for<T...>());
}
}  // namespace

TEST_CASE("a loss takes the struct of its module", "[ops]") {
  Tensor x = wave({3, 4}), classes = tensor({0, 3, 1}), weight = tensor({0.5, 1.0, 2.0, 0.25}, kFloat64);
  // Formulas of Szegedy et al. (2015), https://arxiv.org/abs/1512.00567: the target mixed with 1 / classes.
  Tensor log_p = log_softmax(x, 1), hit = one_hot(classes, 4).to(kFloat64) * 0.9 + 0.1 / 4;
  CHECK(allclose(cross_entropy(x, classes, {.label_smoothing = 0.1, .reduction = Reduction::Sum}), -(log_p * hit).sum()));
  const CrossEntropyLossOptions options{.weight = weight, .ignore_index = 1, .label_smoothing = 0.2, .reduction = Reduction::None};
  CHECK(same(nn::CrossEntropyLoss(options)(x, classes), cross_entropy(x, classes, options)));
  CHECK(cross_entropy(x, classes, options).to_vector<double>()[2] == 0);
  CHECK(same(nn::functional::cross_entropy(x, classes, options), cross_entropy(x, classes, options)));

  Tensor picked = log_p.gather(1, classes.unsqueeze(1)).squeeze(1) * weight.index_select(0, classes);
  CHECK(allclose(nll_loss(log_p, classes, {.weight = weight, .reduction = Reduction::Sum}), -picked.sum()));
  CHECK(same(nll_loss(log_p, classes, {.weight = weight}), nll_loss(log_p, classes, weight, Reduction::Mean)));
  Tensor y = wave({3, 4}, 1).abs();
  CHECK(same(nn::PoissonNLLLoss({.log_input = false})(y, y), poisson_nll_loss(y, y, {.log_input = false})));
  CHECK(same(nn::GaussianNLLLoss({.full = true})(x, y, y), gaussian_nll_loss(x, y, y, {.full = true})));
  CHECK(same(nn::BCEWithLogitsLoss({.pos_weight = weight})(x, y), binary_cross_entropy_with_logits(x, y, {.pos_weight = weight})));
  CHECK(same(nn::MultiMarginLoss({.p = 2, .weight = weight})(x, classes), multi_margin_loss(x, classes, {.p = 2, .weight = weight})));
  CHECK(same(nn::TripletMarginLoss({.margin = 2, .swap = true})(x, y, -x), triplet_margin_loss(x, y, -x, {.margin = 2, .swap = true})));
  auto distance = [](const Tensor& a, const Tensor& b) { return (a - b).abs().sum(DimList{-1}); };
  const TripletMarginWithDistanceLossOptions triplet{.distance_function = distance, .margin = 3};
  CHECK(same(nn::TripletMarginWithDistanceLoss(triplet)(x, y, -x), triplet_margin_with_distance_loss(x, y, -x, triplet)));
  CHECK(same(triplet_margin_with_distance_loss(x, y, -x, distance, {.margin = 3}), triplet_margin_with_distance_loss(x, y, -x, triplet)));
  static_assert(std::is_same_v<nn::CrossEntropyLoss::Options, CrossEntropyLossOptions> &&
                std::is_same_v<nn::LocalResponseNorm::Options, LocalResponseNormOptions>);
}

TEST_CASE("a struct of options says the same as the arguments by position", "[ops]") {
  Tensor x = wave({3, 4}), w = wave({4}, 1), b = wave({4}, 2), gaps = tensor({NAN, INFINITY, -INFINITY, 1.0}, kFloat64);
  CHECK(same(sort(x, {.descending = true}), sort(x, -1, true)));
  CHECK(same(argsort(x, {.dim = 0}), argsort(x, 0)));
  CHECK(same(topk(x, 2, {.dim = 0, .largest = false}), topk(x, 2, 0, false)));
  CHECK(same(std::get<2>(unique(tensor({3, 1, 3}), {.return_counts = true})), tensor({1, 2})));
  CHECK(same(std::get<1>(unique_consecutive(tensor({3, 1, 3}), {.return_inverse = true})), tensor({0, 1, 2})));
  CHECK(same(histc(x, {.bins = 3, .min = -1, .max = 1}), histc(x, 3, -1, 1)));
  CHECK(same(cov(x, {.correction = 0}), cov(x, 0)));
  CHECK(same(pairwise_distance(x, -x, {.p = 1, .keepdim = true}), pairwise_distance(x, -x, 1, 1e-6, true)));
  CHECK(same(layer_norm(x, {4}, {.weight = w, .eps = 0.1}), layer_norm(x, {4}, w, none, 0.1)));
  CHECK(same(group_norm(x, 2, {.bias = b}), group_norm(x, 2, none, b)));
  CHECK(same(batch_norm(x, none, none, {.weight = w, .training = true}), batch_norm(x, none, none, w, none, true)));
  CHECK(same(normalize(x, {.dim = 0}), normalize(x, 2, 0)));
  CHECK(same(embedding(tensor({1, 0}), x, {.max_norm = 100.0}), x.index_select(0, tensor({1, 0}))));
  CHECK(same(dropout(x, {.p = 0.3, .generator = Generator(3)}), dropout(x, 0.3, true, Generator(3))));
  CHECK(same(alpha_dropout(x, {.p = 0.3, .training = true, .generator = Generator(3)}), alpha_dropout(x, 0.3, true, Generator(3))));
  CHECK(same(gumbel_softmax(x, {.dim = 0, .generator = Generator(3)}), gumbel_softmax(x, 1, false, 0, Generator(3))));
  CHECK(same(rrelu(x, {.training = true, .generator = Generator(3)}), rrelu(x, 1.0 / 8, 1.0 / 3, true, Generator(3))));
  CHECK(same(elu(x, {.alpha = 2}), elu(x, 2)));
  CHECK(same(diff(x, {.dim = 0, .append = x}), diff(x, 1, 0, none, x)));
  CHECK(same(quantile(x, 0.3, {.dim = 1, .keepdim = true}), quantile(x, 0.3, 1, true)));
  CHECK(same(norm(x, {.dim = 0}), norm(x, 2, 0)));
  CHECK(same(linalg::vector_norm(x, {.ord = 1, .keepdim = true}), linalg::vector_norm(x, 1, {}, true)));
  CHECK(same(isclose(x, x + 0.1, {.atol = 0.2}), isclose(x, x + 0.1, 1e-5, 0.2)));
  CHECK(allclose(gaps, gaps, {.equal_nan = true}));
  CHECK_FALSE(allclose(gaps, gaps));
  CHECK(same(nan_to_num(gaps, {.posinf = 3.0}), nan_to_num(gaps, std::nullopt, 3.0)));
  CHECK(same(slice(x, {.dim = 1, .start = 1, .step = 2}), slice(x, 1, 1, {}, 2)));
  CHECK(same(diagonal(x, {.dim1 = 1, .dim2 = 0}), diagonal(x, 0, 1, 0)));
  CHECK(same(diag_embed(x, {.offset = 1}), diag_embed(x, 1)));
  CHECK(same(std::get<0>(histogram(x, 3, {.range = std::vector<double>{-1, 1}, .density = true})),
             std::get<0>(x.histogram(3, std::vector<double>{-1, 1}, none, true))));
  Tensor one = empty({5}), other = empty({5});
  CHECK(same(normal_(one, {.std = 0.02, .generator = Generator(3)}), normal_(other, 0, 0.02, Generator(3))));
  CHECK(same(uniform_(one, {.from = -1, .generator = Generator(3)}), uniform_(other, -1, 1, Generator(3))));
}

TEST_CASE("arguments after braces set what they say", "[ops]") {
  Tensor x = wave({3, 4}), b = wave({4}, 2), images = wave({1, 1, 5, 5}), kernel = wave({1, 1, 2, 2}, 3), q = wave({1, 2, 3, 4});
  CHECK(same(sort(x, {}, true), sort(x, -1, true)));
  CHECK(same(sort(x, {.dim = 0}, true), sort(x, 0, true)));
  CHECK(same(sort(x, {.dim = 0, .descending = true}, false), sort(x, 0, true)));  // a default says nothing
  CHECK(same(elu(x, {.alpha = 2}, 0.5), elu(x, 2, 0.5)));
  CHECK(same(layer_norm(x, {4}, {}, b), layer_norm(x, {4}, none, b)));
  CHECK(same(scaled_dot_product_attention(q, q, q, {}, 0.0, true), scaled_dot_product_attention(q, q, q, {.is_causal = true})));
  CHECK(same(conv2d(images, kernel, {}, 2, {1, 0}), conv2d(images, kernel, {.stride = 2, .padding = {1, 0}})));
  CHECK(same(conv2d(images, kernel, {.stride = 2}, 1, 1), conv2d(images, kernel, none, 2, 1)));
  CHECK(same(conv_transpose2d(images, kernel, {}, {2, 1}), conv_transpose2d(images, kernel, {.stride = {2, 1}})));
  CHECK(same(batch_norm(x, none, none, {}, b, true), batch_norm(x, none, none, {.bias = b, .training = true})));
  CHECK(same(fft::fft(x, {}, 0), fft::fft(x, {.dim = 0})));
}

TEST_CASE("numbers in braces are the stride of a window", "[ops]") {
  Tensor images = wave({1, 2, 6, 6}), volumes = wave({1, 1, 4, 4, 4});
  CHECK(same(max_pool2d(images, 2, {2, 1}), max_pool2d(images, 2, {.stride = {2, 1}})));
  CHECK(same(max_pool2d(images, {2, 3}, {1, 2}, {1, 0}, 1, true),
             max_pool2d(images, {2, 3}, {.stride = {1, 2}, .padding = {1, 0}, .ceil_mode = true})));
  CHECK(same(max_pool3d(volumes, 2, {1, 2, 1}), max_pool3d(volumes, 2, {.stride = {1, 2, 1}})));
  CHECK(same(avg_pool2d(images, 3, {2}), avg_pool2d(images, 3, 2)));
  CHECK(same(lp_pool2d(images, 2, 3, {1, 2}), lp_pool2d(images, 2, 3, {.stride = {1, 2}})));
  CHECK(same(unfold(images, 2, {2, 1}), unfold(images, 2, {.dilation = {2, 1}})));
  CHECK_THROWS_WITH(max_pool2d(images, 2, {0, 1}), Contains("stride"));
}

TEST_CASE("empty braces are the struct with nothing set", "[ops]") {
  Tensor x = wave({3, 4}), y = x.abs(), classes = tensor({0, 3, 1});
  CHECK(same(sort(x, {}), sort(x)));  // not dim 0
  CHECK(same(topk(x, 2, {}), topk(x, 2)));
  CHECK(same(poisson_nll_loss(x, y, {}), poisson_nll_loss(x, y)));  // not log_input = false
  CHECK(same(cross_entropy(x, classes, {}), cross_entropy(x, classes)));
  CHECK(same(nll_loss(x, classes, {}), nll_loss(x, classes)));
  CHECK(same(nll_loss(x, classes, {}, Reduction::Sum), nll_loss(x, classes, {.reduction = Reduction::Sum})));
  CHECK(same(layer_norm(x, {4}, {}), layer_norm(x, {4})));
  CHECK(same(normalize(x, {}), normalize(x)));
  CHECK(same(nan_to_num(x, {}), nan_to_num(x)));
  CHECK(same(quantile(x, 0.5, {}), quantile(x, 0.5)));
  CHECK(same(embedding(classes.clamp(0, 2), x, {}), embedding(classes.clamp(0, 2), x)));
  CHECK(same(diagonal(x, {}), diagonal(x)));
  CHECK(dropout(x, {}).sizes() == x.sizes());
}

TEST_CASE("numbers outside the ranges of a description are refused, and an enum that is none", "[ops]") {
  Tensor x = wave({3, 4}), classes = tensor({0, 3, 1});
  struct Refused {
    std::string op, argument;
    std::function<void()> f;
  };
  const Refused cases[] = {{"cross_entropy", "label_smoothing", [&] { cross_entropy(x, classes, {.label_smoothing = 1.5}); }},
                           {"cross_entropy", "reduction", [&] { cross_entropy(x, classes, {.reduction = Reduction(9)}); }},
                           {"nll_loss", "reduction", [&] { nll_loss(x, classes, none, Reduction(9)); }},
                           {"multi_margin_loss", "p", [&] { multi_margin_loss(x, classes, {.p = 3}); }},
                           {"triplet_margin_loss", "margin", [&] { triplet_margin_loss(x, x, x, {.margin = 0}); }},
                           {"layer_norm", "eps", [&] { layer_norm(x, {4}, {.eps = NAN}); }},
                           {"dropout2d", "p", [&] { dropout2d(x, {.p = -0.1}); }},
                           {"isclose", "atol", [&] { isclose(x, x, {.atol = -1}); }},
                           {"diff", "n", [&] { diff(x, {.n = -1}); }},
                           {"normal_", "std", [&] { normal_(x.clone(), {.std = -1}); }},
                           {"cauchy_", "sigma", [&] { cauchy_(x.clone(), {.sigma = 0}); }}};
  for (const auto& [op, argument, f] : cases) {
    INFO(op << " " << argument);
    try {
      f();
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      CHECK(error.op() == op);
      CHECK(error.argument() == argument);
    }
  }
}

namespace {
struct ScaleOptions {
  double factor = 2;
  bool negate = false;
  Reduction reduction = Reduction::None;
  static constexpr auto members() {
    return Members{member("factor", &ScaleOptions::factor), member("negate", &ScaleOptions::negate), member("reduction", &ScaleOptions::reduction)};
  }
};
Tensor scaled(const Tensor& x, ScaleOptions options) {
  Tensor y = x * Scalar(options.negate ? -options.factor : options.factor);
  return options.reduction == Reduction::Sum ? y.sum() : y;
}
}  // namespace

TEST_CASE("the table calls a function with a struct by the names of its members", "[ops]") {
  Tensor x = wave({3, 4}), classes = tensor({0, 3, 1});
  CHECK(same(call("cross_entropy", {x, classes}, {{"label_smoothing", 0.1}, {"reduction", "sum"}})[0].to_tensor(),
             cross_entropy(x, classes, {.label_smoothing = 0.1, .reduction = Reduction::Sum})));
  CHECK(same(call("sort", {x, 0, true})[0].to_tensor(), std::get<0>(sort(x, 0, true))));
  CHECK_THROWS_WITH(call("cross_entropy", {x, classes}, {{"reduction", "sums"}}),
                    Contains("reduction") && Contains("'none', 'mean', 'sum', 'batchmean'") && Contains("'sums'"));

  register_function("options_test_scaled(Tensor x, *, float factor=2.0, bool negate=False, str reduction='none') -> Tensor", &scaled);
  CHECK(call("options_test_scaled", {ones({2})}, {{"negate", true}, {"reduction", "sum"}})[0].to_tensor().item<double>() == -4);
  // the members in another order, or under another name
  CHECK_THROWS_WITH(register_function("options_test_a(Tensor x, *, bool negate=False, float factor=2.0, str reduction='none') -> Tensor", &scaled),
                    Contains("negate"));
  CHECK_THROWS_WITH(register_function("options_test_b(Tensor x, *, float by=2.0, bool negate=False, str reduction='none') -> Tensor", &scaled),
                    Contains("'factor'"));
  CHECK_FALSE(has_op("options_test_b"));
}

TEST_CASE("free in-place functions take a const handle and a temporary view", "[ops]") {
  const Tensor x = zeros({2, 3});
  add_(x.select(0, 1), 2);
  mul_(x, 3);
  fill_(x.narrow(1, 0, 1), 1);
  CHECK(x.to_vector<float>() == std::vector<float>{1, 0, 0, 1, 6, 6});
  CHECK(relu_(x).is_same(x));
  normal_(x.select(0, 0), {.mean = 100, .std = 0});
  copy_(x.select(0, 1), ones({3}));
  CHECK(x.to_vector<float>() == std::vector<float>{100, 100, 100, 1, 1, 1});
  // the history is that of the view's base
  Tensor a = ones({2}).requires_grad_();
  const Tensor b = a * 1;
  mul_(b.select(0, 1), 5);
  b.sum().backward();
  CHECK(a.grad().to_vector<float>() == std::vector<float>{1, 5});
}

TEST_CASE("a loss takes its reduction by name, and one option in braces", "[ops]") {
  const Tensor x = wave({3, 4}), y = wave({3, 4}, 1), classes = tensor({0, 3, 1});
  CHECK(same(cross_entropy(x, classes, {.reduction = "sum"}), cross_entropy(x, classes, {.reduction = Reduction::Sum})));
  CHECK(same(nn::CrossEntropyLoss({.reduction = "none"})(x, classes), cross_entropy(x, classes, {.reduction = Reduction::None})));
  CHECK(same(mse_loss(x, y, {.reduction = "sum"}), mse_loss(x, y, Reduction::Sum)));
  CHECK(same(l1_loss(x, y, {.reduction = "none"}), l1_loss(x, y, Reduction::None)));
  CHECK(same(smooth_l1_loss(x, y, {.beta = 0.25}), smooth_l1_loss(x, y, Reduction::Mean, 0.25)));
  CHECK(same(huber_loss(x, y, {.reduction = "sum", .delta = 0.5}), huber_loss(x, y, Reduction::Sum, 0.5)));
  CHECK(same(kl_div(x, y, {.reduction = "batchmean", .log_target = true}), kl_div(x, y, Reduction::BatchMean, true)));
  const Tensor p = sigmoid(x), q = sigmoid(y);
  CHECK(same(binary_cross_entropy(p, q, {.reduction = "sum"}), binary_cross_entropy(p, q, {}, Reduction::Sum)));
  CHECK(same(binary_cross_entropy(p, q, {}), binary_cross_entropy(p, q, p / p)));
  CHECK_THROWS_WITH(mse_loss(x, y, {.reduction = "avg"}), Contains("one of 'none', 'mean', 'sum', 'batchmean', got 'avg'"));
  CHECK(call("mse_loss", {x, y}, {{"reduction", std::string("sum")}})[0].to_tensor().item<double>() == mse_loss(x, y, Reduction::Sum).item<double>());
}

TEST_CASE("squeeze takes several dimensions in braces", "[ops][shape]") {
  const Tensor x = ones({1, 3, 1});
  CHECK(squeeze(x, {0, 2}).sizes() == Shape{3});
  CHECK(x.squeeze({0}).sizes() == Shape{3, 1});
  CHECK(x.squeeze().sizes() == Shape{3});
  CHECK(x.sum({0, 1}).sizes() == Shape{1});
}
