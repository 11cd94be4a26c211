#include "lazuli/ops/network/loss.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/warning.h"
#include "lazuli/nn/loss.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/network/loss_support.h"
#include "lazuli/ops/network/margin_loss.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor wave(const Shape& sizes, double phase, DType dtype = kFloat64) {
  return to(sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(0.7) + Scalar(phase)) * Scalar(2), dtype).reshape(sizes);
}
Tensor wave_leaf(const Shape& sizes, double phase, DType dtype = kFloat64) { return wave(sizes, phase, dtype).requires_grad_(); }
constexpr Reduction kReductions[] = {Reduction::None, Reduction::Mean, Reduction::Sum};
}  // namespace

TEST_CASE("fused cross entropy is its composite, forward and backward", "[ops]") {
  Tensor target = tensor({0, 3, -100, 2, 1}), weight = tensor({0.5, 1.0, 2.0, 0.25}, kFloat64);
  for (DType dtype : {kFloat32, kFloat64})
    for (Reduction reduction : kReductions)
      for (double smoothing : {0.0, 0.1})
        for (bool weighted : {false, true}) {
          INFO(int(reduction) << " " << smoothing << " " << weighted << " " << name(dtype));
          OptionalTensor w = weighted ? OptionalTensor(to(weight, dtype)) : none;
          Tensor a = wave_leaf({5, 4}, 0, dtype), b = wave_leaf({5, 4}, 0, dtype);
          const CrossEntropyLossOptions options{.weight = w, .label_smoothing = smoothing, .reduction = reduction};
          Tensor x = cross_entropy(a, target, options), y = losses::cross_entropy_composite(b, target, options);
          double tolerance = dtype == kFloat64 ? 1e-12 : 1e-5;
          CHECK(allclose(x, y, tolerance, tolerance));
          x.backward(wave(x.sizes(), 3, dtype));
          y.backward(wave(y.sizes(), 3, dtype));
          CHECK(allclose(a.grad(), b.grad(), 10 * tolerance, 10 * tolerance));
        }
}

TEST_CASE("gradients of cross entropy, both orders: classes, probabilities, more dimensions", "[ops]") {
  Tensor target = tensor({0, 2, 1}), weight = tensor({0.5, 1.0, 2.0}, kFloat64), probabilities = softmax(wave({3, 3}, 1), 1);
  for (Reduction reduction : kReductions) {
    check_gradients([&](const Tensor& x) { return cross_entropy(x, target, {weight, 1, 0.2, reduction}); }, {wave_leaf({3, 3}, 0)});
    check_gradients([&](const Tensor& x) { return cross_entropy(x, target, {.reduction = reduction}); }, {wave_leaf({3, 3}, 0)});
    check_gradients(
        [&](const Tensor& x, const Tensor& p) { return cross_entropy(x, p, {.weight = weight, .label_smoothing = 0.1, .reduction = reduction}); },
        {wave_leaf({3, 3}, 0), probabilities.clone().requires_grad_()});
    check_gradients(
        [&](const Tensor& x) {
          return cross_entropy(x, tensor({{0, 1}, {2, 0}}), {.weight = weight, .reduction = reduction});
        },
        {wave_leaf({2, 3, 2}, 0)});
    check_gradients([&](const Tensor& x) { return nll_loss(x, target, weight, reduction, 1); }, {wave_leaf({3, 3}, 0)});
  }
  CHECK(cross_entropy(wave({3}, 0), tensor(1)).sizes() == Shape{});
  // every target ignored
  CHECK(std::isnan(cross_entropy(wave({2, 3}, 0), tensor({-100, -100})).item<double>()));
  CHECK(cross_entropy(wave({2, 3}, 0), tensor({-100, -100}), {.reduction = Reduction::Sum}).item<double>() == 0);
  // logits that would overflow
  CHECK(cross_entropy(tensor({{1e4, -1e4}}, kFloat32), tensor({0})).item<float>() == 0);
}

TEST_CASE("cross entropy refuses targets that do not fit", "[ops]") {
  Tensor x = wave({2, 3}, 0);
  CHECK(kind_of([&] { cross_entropy(x, tensor({0, 3})); }) == ErrorKind::Index);
  CHECK(kind_of([&] { nll_loss(x, tensor({0, -1})); }) == ErrorKind::Index);
  CHECK(kind_of([&] { cross_entropy(x, tensor({0, 1}, kInt32)); }) == ErrorKind::Type);
  CHECK_THROWS_AS(cross_entropy(x, tensor({0, 1, 2})), Error);
  CHECK_THROWS_AS(cross_entropy(x, wave({2, 2}, 0)), Error);
  CHECK_THROWS_AS(cross_entropy(x, tensor({0, 1}), {.weight = ones({2}, kFloat64)}), Error);
  CHECK_THROWS_AS(cross_entropy(x, tensor({0, 1}), {.label_smoothing = 1.5}), Error);
  CHECK_THROWS_AS(call("cross_entropy", {x, tensor({0, 1})}, {{"reduction", "abc"}}), Error);
  CHECK(cross_entropy(empty({2, 3}, kFloat32, kMeta), empty({2}, kInt64, kMeta)).sizes() == Shape{});
}

TEST_CASE("a value that a loss does not take is told with its place, a dtype as such", "[ops]") {
  const Tensor x = wave({2, 3}, 0, kFloat32);
  CHECK(error_of([&] { cross_entropy(x, ones({2})); }) ==
        "cross_entropy: argument 'target': expected int64 classes, or probabilities of the sizes of input, [2, 3], got float32 of sizes [2]");
  CHECK(error_of([&] { nll_loss(x, ones({2})); }) == "nll_loss: argument 'target': expected int64 classes, got float32 of sizes [2]");
  CHECK(error_of([&] { nll_loss(x, ones({2, 3})); }) == "nll_loss: argument 'target': expected int64 classes, got float32 of sizes [2, 3]");
  CHECK(error_of([&] { nll_loss(x, tensor({2, 3})); }) == "nll_loss: argument 'target': expected classes in [0, 3), got 3 at [1]");
  CHECK(error_of([&] {
          multi_margin_loss(x, tensor({-1, 0}));
        }) == "multi_margin_loss: argument 'target': expected classes in [0, 3), got -1 at [0]");
  CHECK(error_of([&] {
          multilabel_margin_loss(x, tensor({{0, -1, 0}, {0, 7, 0}}));
        }) == "multilabel_margin_loss: argument 'target': expected classes in [0, 3), ended by -1, got 7 at [1, 1]");
  CHECK(error_of([&] {
          binary_cross_entropy(tensor({{0.5, 1.0}, {1.1, 0.0}}, kFloat32), ones({2, 2}));
        }) == "binary_cross_entropy: argument 'input': expected probabilities in [0, 1], got 1.1 at [1, 0]");
  CHECK(error_of([&] {
          gaussian_nll_loss(ones({2}), ones({2}), tensor({1.0, -0.25}, kFloat32));
        }) == "gaussian_nll_loss: argument 'var': expected variances that are not negative, got -0.25 at [1]");
}

TEST_CASE("a loss of sizes that differ and broadcast warns once, with both", "[ops]") {
  std::vector<std::string> told;
  const WarningHandler before = set_warning_handler([&](const std::string& text) { told.push_back(text); });
  const Tensor x = ones({37}), y = ones({37, 1});
  for (int i = 0; i < 2; ++i) {
    mse_loss(x, y);
    l1_loss(x, y);
    smooth_l1_loss(x, y);
    huber_loss(x, y);
    mse_loss(x, x);
    mse_loss(y, y);
  }
  set_warning_handler(before);
  const std::string rest =
      ": input has sizes [37] and target [37, 1], which broadcast to [37, 37]; give both the same sizes (this warning comes once)";
  CHECK(told == std::vector<std::string>{"mse_loss" + rest, "l1_loss" + rest, "smooth_l1_loss" + rest, "huber_loss" + rest});
}

TEST_CASE("dtypes of losses of two dtypes", "[ops]") {
  const Tensor x = wave({3}, 0, kFloat32), flags = tensor({true, false, true}), wide = tensor(0.5, kFloat64);
  // One without dimensions counts like any other; huber_loss and soft_margin_loss have input's dtype.
  for (auto* f : {+[](const Tensor&a, const Tensor&b) { return mse_loss(a, b); }, +[](const Tensor&a, const Tensor&b) { return l1_loss(a, b); },
                  +[](const Tensor&a, const Tensor&b) { return smooth_l1_loss(a, b); }}) {
    CHECK(f(x, wide).dtype() == kFloat64);
    CHECK(f(wide, x).dtype() == kFloat64);
    CHECK(f(x.to(kFloat16), x).dtype() == kFloat32);
    Tensor leaf = x.clone().requires_grad_();
    f(leaf, wide).backward();
    CHECK(leaf.grad().dtype() == kFloat32);
  }
  CHECK(huber_loss(x, wide).dtype() == kFloat32);
  CHECK(huber_loss(wide, x).dtype() == kFloat64);
  CHECK(huber_loss(x.to(kFloat16), x).dtype() == kFloat16);
  CHECK(soft_margin_loss(x, sign(x.to(kFloat64))).dtype() == kFloat32);
  // Bools are numbers to those that take squares, and refused where there is nothing else.
  CHECK(allclose(mse_loss(x, flags), mse_loss(x, flags.to(kFloat32))));
  CHECK(allclose(smooth_l1_loss(flags, x), smooth_l1_loss(flags.to(kFloat32), x)));
  CHECK(allclose(huber_loss(x, flags), huber_loss(x, flags.to(kFloat32))));
  CHECK(error_of([&] { l1_loss(x, flags); }) == "l1_loss: argument 'target': expected a tensor of numbers, got bool");
  CHECK(error_of([&] { mse_loss(flags, flags); }) == "mse_loss: argument 'input': expected a floating point tensor, got bool");
  CHECK(error_of([&] { smooth_l1_loss(arange(3), arange(3)); }) == "smooth_l1_loss: argument 'input': expected a floating point tensor, got int64");
  CHECK(error_of([&] { huber_loss(arange(3), x); }) == "huber_loss: argument 'input': expected a floating point tensor, got int64");
  CHECK_THROWS_AS(kl_div(x, arange(3)), Error);
  CHECK_THROWS_AS(soft_margin_loss(arange(3), x), Error);
  CHECK_THROWS_AS(soft_margin_loss(x, ones({2, 3})), Error);
}

TEST_CASE("gradients of element-by-element losses, both orders", "[ops]") {
  Tensor p = sigmoid(wave({2, 3}, 0)), q = sigmoid(wave({2, 3}, 1));
  auto probability = [](const Tensor& t) { return t.clone().requires_grad_(); };
  for (Reduction r : kReductions) {
    check_gradients([&](const Tensor& x, const Tensor& y) { return mse_loss(x, y, r); }, {wave_leaf({2, 3}, 0), wave_leaf({2, 3}, 1)});
    check_gradients([&](const Tensor& x, const Tensor& y) { return l1_loss(x, y, r); }, {wave_leaf({2, 3}, 0), wave_leaf({2, 3}, 1)});
    check_gradients([&](const Tensor& x, const Tensor& y) { return smooth_l1_loss(x, y, r, 0.7); }, {wave_leaf({2, 3}, 0), wave_leaf({2, 3}, 1)});
    check_gradients([&](const Tensor& x, const Tensor& y) { return huber_loss(x, y, r, 0.7); }, {wave_leaf({2, 3}, 0), wave_leaf({2, 3}, 1)});
    check_gradients([&](const Tensor& x, const Tensor& y) { return binary_cross_entropy(x, y, wave({3}, 2), r); }, {probability(p), probability(q)});
    check_gradients(
        [&](const Tensor& x, const Tensor& y) { return binary_cross_entropy_with_logits(x, y, {.pos_weight = wave({3}, 2), .reduction = r}); },
        {wave_leaf({2, 3}, 0), probability(q)});
    check_gradients([&](const Tensor& x, const Tensor& y) { return kl_div(x, y, r); }, {wave_leaf({2, 3}, 0), probability(q)});
    check_gradients([&](const Tensor& x, const Tensor& y) { return poisson_nll_loss(x, y, {.full = true, .reduction = r}); },
                    {wave_leaf({2, 3}, 0), probability(q)});
    check_gradients([&](const Tensor& x, const Tensor& y, const Tensor& v) { return gaussian_nll_loss(x, y, v, {.full = true, .reduction = r}); },
                    {wave_leaf({2, 3}, 0), wave_leaf({2, 3}, 1), probability(q)});
  }
  CHECK(binary_cross_entropy(tensor({0.0, 1.0}, kFloat64), tensor({1.0, 1.0}, kFloat64)).item<double>() == 50);
  CHECK_THROWS_AS(binary_cross_entropy(tensor({1.5}), tensor({1.0})), Error);
  CHECK_THROWS_AS(huber_loss(p, q, Reduction::Mean, 0), Error);
  CHECK_THROWS_AS(smooth_l1_loss(p, q, Reduction::Mean, -1), Error);
  CHECK(kl_div(wave({2, 3}, 0), q, Reduction::BatchMean).item<double>() == Approx(kl_div(wave({2, 3}, 0), q, Reduction::Sum).item<double>() / 2));
  CHECK_THROWS_AS(mse_loss(p, q, Reduction::BatchMean), Error);
}

TEST_CASE("gradients of margin and ranking losses, both orders", "[ops]") {
  Tensor sign = tensor({1.0, -1.0, 1.0}, kFloat64), x = wave({3, 4}, 0), y = wave({3, 4}, 1), z = wave({3, 4}, 2);
  auto l = [](const Tensor& t) { return t.clone().requires_grad_(); };
  for (Reduction r : kReductions) {
    check_gradients([&](const Tensor& a) { return soft_margin_loss(a, sign, r); }, {wave_leaf({3}, 0)});
    check_gradients([&](const Tensor& a, const Tensor& b) { return margin_ranking_loss(a, b, sign, 0.3, r); },
                    {wave_leaf({3}, 0), wave_leaf({3}, 1)});
    check_gradients([&](const Tensor& a) { return hinge_embedding_loss(a, sign, 1, r); }, {wave_leaf({3}, 0)});
    check_gradients([&](const Tensor& a, const Tensor& b) { return cosine_embedding_loss(a, b, sign, 0.1, r); }, {l(x), l(y)});
    check_gradients([&](const Tensor& a, const Tensor& b, const Tensor& c) { return triplet_margin_loss(a, b, c, {.swap = true, .reduction = r}); },
                    {l(x), l(y), l(z)});
    check_gradients(
        [&](const Tensor& a) {
          return multi_margin_loss(a, tensor({0, 3, 2}), {.p = 2, .weight = tensor({1.0, 2.0, 0.5, 1.5}, kFloat64), .reduction = r});
        },
        {l(x)});
    check_gradients([&](const Tensor& a) { return multilabel_margin_loss(a, tensor({{3, 0, -1, 1}, {-1, 0, 0, 0}, {1, 2, 3, 0}}), r); }, {l(x)});
    check_gradients([&](const Tensor& a) { return multilabel_soft_margin_loss(a, sigmoid(y), none, r); }, {l(x)});
  }
  // https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html has this example
  CHECK(multilabel_margin_loss(tensor({{0.1, 0.2, 0.4, 0.8}}, kFloat64), tensor({{3, 0, -1, 1}})).item<double>() == Approx(0.85));
  CHECK_THROWS_AS(multi_margin_loss(x, tensor({0, 3, 4})), Error);
  CHECK_THROWS_AS(multi_margin_loss(x, tensor({0, 3, 2}), {.p = 3}), Error);
}

TEST_CASE("nll_loss where all rows are ignored has gradients of 0, and what they hold counts for nothing", "[ops]") {
  const double inf = std::numeric_limits<double>::infinity();
  Tensor x = tensor({{-inf, 0.5}, {-0.5, -1.0}}, kFloat64).requires_grad_();
  Tensor none_left = nll_loss(x, tensor({-100, -100}));
  CHECK(std::isnan(none_left.item<double>()));
  none_left.backward();
  CHECK(equal(x.grad(), zeros({2, 2}, kFloat64)));
  CHECK(nll_loss(x, tensor({-100, 1})).item<double>() == 1.0);
}

TEST_CASE("distances", "[ops]") {
  Tensor x = wave({2, 3}, 0), y = wave({2, 3}, 1);
  check_gradients([](const Tensor& a, const Tensor& b) { return cosine_similarity(a, b); }, {wave_leaf({2, 3}, 0), wave_leaf({1, 3}, 1)});
  check_gradients([](const Tensor& a, const Tensor& b) { return pairwise_distance(a, b, 3); }, {wave_leaf({2, 3}, 0), wave_leaf({2, 3}, 1)});
  CHECK(near(cosine_similarity(x, x * Scalar(2)), {1, 1}));
  CHECK(cosine_similarity(zeros({1, 3}, kFloat64), ones({1, 3}, kFloat64)).item<double>() == 0);
}

TEST_CASE("gaussian_nll_loss takes one variance for all", "[ops]") {
  const Tensor x = wave({2, 3}, 0), y = wave({2, 3}, 1);
  CHECK(equal(gaussian_nll_loss(x, y, 2.0, {.full = true}), gaussian_nll_loss(x, y, full_like(x, 2), {.full = true})));
  CHECK(equal(nn::GaussianNLLLoss()(x, y, 2), nn::GaussianNLLLoss()(x, y, full_like(x, 2))));
  CHECK_THAT(error_of([&] { gaussian_nll_loss(x, y, -1.0); }), Contains("variances that are not negative"));
}

TEST_CASE("linear_cross_entropy is the cross entropy of linear", "[ops]") {
  Tensor x = wave_leaf({2, 3, 4}, 0), w = wave_leaf({5, 4}, 1), target = tensor({{0, 3, -100}, {4, 2, 1}});
  Tensor logits = matmul(x, w.t()).reshape({6, 5}), classes = target.reshape({6});
  for (Reduction r : kReductions) {
    Tensor wanted = cross_entropy(logits, classes, {.label_smoothing = 0.1, .reduction = r});
    CHECK(allclose(linear_cross_entropy(x, w, target, {.label_smoothing = 0.1, .reduction = r}).reshape(wanted.sizes()), wanted));
    check_gradients([&](const Tensor& x, const Tensor& w) { return linear_cross_entropy(x, w, target, {.reduction = r}); }, {x, w});
  }
  // With a bias, at several places, of probabilities.
  Tensor rows = wave_leaf({3, 4}, 2), many = wave_leaf({5, 2, 4}, 3), bias = wave_leaf({5, 2}, 4), places = tensor({{0, 3}, {4, -100}, {1, 1}});
  Tensor scores = (matmul(rows, many.reshape({10, 4}).t()) + bias.reshape({10})).reshape({3, 5, 2}), likely = softmax(wave({3, 5, 2}, 5), 1);
  for (Reduction r : kReductions) {
    CHECK(allclose(linear_cross_entropy(rows, many, places, {.linear_bias = bias, .reduction = r}), cross_entropy(scores, places, {.reduction = r})));
    CHECK(allclose(linear_cross_entropy(rows, many, likely, {.linear_bias = bias, .reduction = r}), cross_entropy(scores, likely, {.reduction = r})));
    check_gradients(
        [&](const Tensor& x, const Tensor& w, const Tensor& b) { return linear_cross_entropy(x, w, likely, {.linear_bias = b, .reduction = r}); },
        {rows, many, bias});
  }
  CHECK(allclose(linear_cross_entropy(rows[0], w, tensor(3)), cross_entropy(matmul(w, rows[0]), tensor(3))));
  CHECK_THAT(error_of([&] { linear_cross_entropy(rows, many, likely, {.ignore_index = 1}); }),
             Contains("argument 'ignore_index': expected none beside probabilities"));
  CHECK_THAT(error_of([&] { linear_cross_entropy(rows, many, places, {.linear_bias = bias[0]}); }),
             Contains("argument 'linear_bias': expected sizes [5, 2]"));
  CHECK_THAT(error_of([&] { linear_cross_entropy(rows[0], many, places); }), Contains("argument 'input': expected [n, in_features]"));
  CHECK(error_of([&] { linear_cross_entropy(x, w, classes); }).starts_with("linear_cross_entropy: argument 'target': expected a class for each row"));
  CHECK(
      error_of([&] { linear_cross_entropy(x, Tensor(), target); }).starts_with("linear_cross_entropy: argument 'linear_weight': expected a defined"));
}

TEST_CASE("losses of one pass are those of small pieces, forward, backward and with a graph of the backward", "[ops]") {
  using Loss = Tensor (*)(const Tensor&, const Tensor&, Reduction);
  const Loss losses[] = {[](const Tensor& x, const Tensor& t, Reduction r) { return mse_loss(x, t, r); },
                         [](const Tensor& x, const Tensor& t, Reduction r) { return l1_loss(x, t, r); },
                         [](const Tensor& x, const Tensor& t, Reduction r) { return smooth_l1_loss(x, t, r, 0.7); },
                         [](const Tensor& x, const Tensor& t, Reduction r) { return huber_loss(x, t, r, 0.7); },
                         [](const Tensor& x, const Tensor& t, Reduction r) { return binary_cross_entropy(x, t, none, r); },
                         [](const Tensor& x, const Tensor& t, Reduction r) { return binary_cross_entropy_with_logits(x, t, {.reduction = r}); }};
  const Shape sizes{80, 64};  // enough for one pass; rows of 64 go the other way
  for (DType dtype : {kFloat32, kFloat64})
    for (const Loss loss : losses)
      for (Reduction reduction : kReductions)
        for (bool graph : {false, true}) {
          INFO(int(&loss - losses) << " " << int(reduction) << " " << graph << " " << name(dtype));
          const Tensor x = sigmoid(wave(sizes, 0, dtype)), t = sigmoid(wave(sizes, 1, dtype)).transpose(0, 1).contiguous().transpose(0, 1);
          Tensor a = x.clone().requires_grad_(), b = t.detach().requires_grad_(), c = x.clone().requires_grad_(), d = t.clone().requires_grad_();
          const Tensor whole = loss(a, b, reduction);
          std::vector<Tensor> pieces;
          for (int64_t i = 0; i < sizes[0]; ++i) pieces.push_back(loss(c.select(0, i), d.select(0, i), reduction));
          const Tensor all = stack(pieces), wanted = reduction == Reduction::None ? all : reduction == Reduction::Sum ? sum(all) : mean(all);
          const double tolerance = dtype == kFloat64 ? 1e-12 : 2e-5;
          CHECK(allclose(whole, wanted, tolerance, tolerance));
          const auto got = autograd::grad({sum(whole * wave(whole.sizes(), 2, dtype))}, {a, b}, {.create_graph = graph});
          const auto expected = autograd::grad({sum(wanted * wave(wanted.sizes(), 2, dtype))}, {c, d}, {.create_graph = graph});
          for (size_t k = 0; k < 2; ++k) CHECK(allclose(got[k], expected[k], tolerance, tolerance));
          CHECK(got[0].requires_grad() == graph);
        }
  CHECK_THROWS_AS(mse_loss(zeros({80, 64}), ones({80, 64}), Reduction::BatchMean), Error);
  CHECK_THROWS_AS(binary_cross_entropy(full({80, 64}, 1.5), ones({80, 64})), Error);
  CHECK_THROWS_AS(binary_cross_entropy(full({80, 64}, std::nan("")), ones({80, 64})), Error);
}
