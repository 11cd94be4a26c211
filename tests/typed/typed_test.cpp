// What typed tensors do when the program runs: the border with tensors, and calls that reach the untyped functions.
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>

#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

constexpr int64_t N = typed::dim("n");
template <int64_t... extents>
using F = Typed<float, typed::Dims<extents...>>;

}  // namespace

TEST_CASE("typed_cast names the first extent, the dtype or the device that differs", "[typed]") {
  const Tensor x = randn({3, 4});
  CHECK(typed_cast<F<3, 4>>(x).is_same(x));
  CHECK(typed_cast<F<N, typed::dynamic>>(x).is_same(x));
  CHECK(typed_cast<"float32[n, ?] cpu">(x).is_same(x));
  CHECK(says(error_of([&] { typed_cast<F<3, 5>>(x); }), "expected sizes [3, 5], got [3, 4]: dimension 1 is 4 instead of 5"));
  CHECK(says(error_of([&] { typed_cast<F<3>>(x); }), "expected sizes [3], got [3, 4]"));
  CHECK(says(error_of([&] { typed_cast<"int64[3, 4]">(x); }), "expected dtype int64, got float32"));
  CHECK(says(error_of([&] { typed_cast<"float32[3, 4] meta">(x); }), "expected a tensor on meta"));
  CHECK(says(error_of([&] { typed_cast<F<N, N>>(x); }), "dimension 1 is 4, and 'n' is 3 elsewhere"));
  CHECK(says(error_of([&] { typed_cast<F<N, 4>, F<N>>(x, randn({5})); }), "dimension 0 is 5, and 'n' is 3 elsewhere"));
  const auto [a, b] = typed_cast<F<N, 4>, F<N>>(x, randn({3}));
  CHECK(a.size(0) == b.size(0));
}

TEST_CASE("a typed tensor is a tensor, and what it computes is what the untyped function computes", "[typed]") {
  const auto x = typed::randn<F<N, 6>>(4);
  const auto w = typed::randn<F<6, 3>>();
  STATIC_REQUIRE(sizeof(x) == sizeof(Tensor));
  const Tensor plain = x;
  CHECK(plain.is_same(x));
  CHECK(equal(matmul(x, w), lazuli::matmul(plain, w.untyped())));
  CHECK(equal(sum<1>(x, typed::keepdim), x.untyped().sum(1, true)));
  CHECK(equal(reshape<N, 2, -1>(x), plain.reshape({4, 2, 3})));
  CHECK(equal(expand<2, N, 6>(x), plain.expand({2, 4, 6})));
  CHECK(equal(x * 2 + w.untyped().sum(), plain * 2 + w.untyped().sum()));
  const auto [left, right] = chunk<2, 1>(x);
  CHECK(equal(cat<1>(right, left), cat({plain.slice(1, 3), plain.slice(1, 0, 3)}, 1)));
  const auto [values, places] = max<1>(x);
  CHECK(equal(values, std::get<0>(max(plain, 1))));
  CHECK(equal(places, plain.argmax(1)));
  CHECK(item(sum(x)) == plain.sum().item<float>());
  const auto [u, s, v] = linalg::svd<false>(typed::randn<F<5, 3>>());
  CHECK(v.sizes() == Shape{3, 3});
  CHECK(equal(at<2, 1>(x), plain[2][1]));
  CHECK(to<double>(x).dtype() == kFloat64);
  const F<typed::dynamic, typed::dynamic> forgotten = x;
  CHECK(forgotten.is_same(x));
}

TEST_CASE("a typed result has the dtype of its type, whatever the untyped function gave", "[typed]") {
  const auto x = typed::randn<F<2, 3>>();
  const auto w = typed::randn<F<3, 4>>();
  {
    const autocast lower(kCPU, kBFloat16);
    REQUIRE(lazuli::matmul(x.untyped(), w.untyped()).dtype() == kBFloat16);
    CHECK(matmul(x, w).dtype() == kFloat32);
    typed::Linear<3, 4> linear;
    CHECK(linear(x).dtype() == kFloat32);
  }
  const auto counts = typed::ones<Typed<int64_t, typed::Dims<3>>>();
  const DefaultDTypeGuard guard(kFloat64);
  CHECK(lazuli::sqrt(counts.untyped()).dtype() == kFloat64);
  CHECK(sqrt(counts).dtype() == kFloat32);
}

TEST_CASE("gradients of typed tensors are typed", "[typed]") {
  const auto x = typed::randn<F<2, 3>>();
  x.requires_grad_();
  sum(square(x)).backward();
  STATIC_REQUIRE(std::is_same_v<decltype(x.grad()), F<2, 3>>);
  CHECK(equal(x.grad(), 2 * x));
}

TEST_CASE("typed convolutions, pools and norms take their windows from the template argument", "[typed]") {
  constexpr typed::Window window{.stride = 2, .padding = {1, 0}, .dilation = 1, .groups = 2};
  const auto x = typed::randn<F<2, 4, 9, 8>>();
  const auto w = typed::randn<F<6, 2, 3, 3>>();
  CHECK(equal(conv2d<window>(x, w), conv2d(x.untyped(), w.untyped(), {.stride = 2, .padding = {1, 0}, .groups = 2})));
  CHECK(equal(conv2d<typed::Window{.padding = "same", .groups = 2}>(x, w), conv2d(x.untyped(), w.untyped(), {.padding = "same", .groups = 2})));
  CHECK(equal(max_pool2d<typed::Sizes{3, 2}>(x), max_pool2d(x.untyped(), {3, 2})));
  CHECK(equal(avg_pool2d<2, typed::Window{.stride = 1, .ceil_mode = true}>(x), avg_pool2d(x.untyped(), 2, {.stride = 1, .ceil_mode = true})));
  CHECK(equal(adaptive_avg_pool2d<typed::Sizes{5, -1}>(x), adaptive_avg_pool2d(x.untyped(), {5, none})));
  CHECK(equal(layer_norm<8>(x), layer_norm(x.untyped(), {8})));
}

TEST_CASE("einsum and einops with patterns read by the compiler", "[typed]") {
  const auto a = typed::randn<F<N, 2, 3>>(4);
  const auto b = typed::randn<F<N, 3, 5>>(4);
  CHECK(equal(einsum<"bij,bjk->bik">(a, b), einsum("bij,bjk->bik", {a, b})));
  CHECK(equal(einsum<typed::Sublist<0, 1, 2>, typed::Sublist<1, 0>>(a), einsum("ABC->BA", {a})));
  const auto x = typed::randn<F<2, 8, 12, 3>>();
  const einops::Axes axes{{"p", 4}, {"q", 6}};
  const Tensor patches = rearrange(x.untyped(), "b (h p) (w q) c -> b (h w) (p q c)", axes);
  const auto named = rearrange<"b (h p) (w q) c -> b (h w) (p q c)", "p=4 q=6">(x);
  const auto fixed = rearrange<"b (h p) (w q) c -> b (h w) (p q c)", typed::Axes{.p = 4, .q = 6}>(x);
  const auto later = rearrange<"b (h p) (w q) c -> b (h w) (p q c)">(x, {.p = 4, .q = 6});
  STATIC_REQUIRE(std::is_same_v<decltype(named), const F<2, 4, 72>>);
  STATIC_REQUIRE(std::is_same_v<decltype(later), const F<2, typed::dynamic, typed::dynamic>>);
  CHECK(equal(named, patches));
  CHECK(equal(fixed, patches));
  CHECK(equal(later, patches));
  CHECK(equal(reduce<"b h w c -> b c", einops::ReduceOp::mean>(x), reduce(x.untyped(), "b h w c -> b c", "mean")));
  CHECK(equal(repeat<"b h w c -> b h w (c k)", "k=2">(x), repeat(x.untyped(), "b h w c -> b h w (c k)", {{"k", 2}})));
  const auto packed = pack<"b *">(x, typed::randn<F<2, 7>>());
  const auto [image, rest] = unpack<"b *", typed::Dims<8, 12, 3>, typed::Dims<7>>(packed);
  STATIC_REQUIRE(std::is_same_v<decltype(rest), const F<2, 7>>);
  CHECK(equal(image, x));
  // Of untyped tensors the pattern is checked by the compiler, the ranks now.
  CHECK(equal(einsum<"ij,jk">(ones({2, 3}), ones({3, 4})), full({2, 4}, 3.0)));
  CHECK_THROWS_AS(einsum<"ij,jk">(ones({2, 3}), ones({3})), Error);
  CHECK(rearrange<"b (h p) -> b h p">(ones({2, 6}), {.p = 3}).sizes() == Shape{2, 2, 3});
}

TEST_CASE("typed losses take class indices or numbers of one shape", "[typed]") {
  const auto scores = typed::randn<F<N, 5>>(4);
  const auto labels = typed_cast<"int64[n]">(randint(0, 5, {4}));
  CHECK(equal(cross_entropy(scores, labels, {.label_smoothing = 0.1}), cross_entropy(scores.untyped(), labels.untyped(), {.label_smoothing = 0.1})));
  CHECK(equal(cross_entropy<Reduction::None>(scores, labels), cross_entropy(scores.untyped(), labels.untyped(), {.reduction = Reduction::None})));
  CHECK(equal(cross_entropy(scores, softmax<1>(scores)), cross_entropy(scores.untyped(), scores.untyped().softmax(1))));
  CHECK(equal(mse_loss<Reduction::Sum>(scores, scores * 2), mse_loss(scores.untyped(), scores.untyped() * 2, Reduction::Sum)));
  STATIC_REQUIRE(!requires { requires typed::AnyTyped<decltype(cross_entropy(scores, scores.untyped()))>; });
}
