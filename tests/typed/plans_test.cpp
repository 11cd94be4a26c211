// What the compiler plans for patterns: the same results as the functions that read them when the program runs, with nothing done that is not needed.
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>

#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;
using typed::dim, typed::Sublist;

namespace {

constexpr int64_t N = dim("n"), M = dim("m");
template <int64_t... extents>
using F = Typed<float, typed::Dims<extents...>>;

// Typed, with names for extents, and untyped: all as the function that plans when the program runs.
template <typed::Text equation, class... A>
void check_einsum(const A&... operands) {
  const Tensor expected = einsum(equation.view(), {operands.untyped()...});
  INFO(equation.view());
  CHECK(equal(einsum<equation>(operands...), expected));
  CHECK(equal(einsum<equation>(operands.untyped()...), expected));
}
template <typed::Text equation, class... Shapes>
constexpr typed::EinsumPlan plan = typed::EinsumCall<equation, typed::Several<Shapes...>>::plan;
template <typed::Text pattern, int rank>
constexpr typed::EinopsPlan rearranged = typed::EinopsCall<pattern, typed::rules::Purpose::rearrange, typed::LengthsOfText<"">, rank>::plan;

}  // namespace

TEST_CASE("equations planned by the compiler give what einsum gives", "[typed]") {
  const auto a = typed::randn<F<N, 3>>(4);
  const auto square = typed::randn<F<N, N>>(4, 4);
  const auto b = typed::randn<F<3, M>>(5);
  const auto batch = typed::randn<F<2, N, 3>>(4);
  const auto other = typed::randn<F<2, 3, 6>>();
  check_einsum<"ij,jk->ik">(a, b);
  check_einsum<"ij,jk">(a, b);
  check_einsum<"ij,jk->ki">(a, b);
  check_einsum<"ij,ij->">(a, a);
  check_einsum<"ij,kj->ik">(a, a);
  check_einsum<"ij,ij->i">(a, a);
  check_einsum<"ij->ji">(a);
  check_einsum<"ij->">(a);
  check_einsum<"ij->j">(a);
  check_einsum<"ii->i">(square);
  check_einsum<"ii">(square);
  check_einsum<"ij,ij->ij">(a, a);
  check_einsum<"i,j->ij">(typed::randn<F<3>>(), typed::randn<F<4>>());
  check_einsum<"bij,bjk->bik">(batch, other);
  check_einsum<"bij,bjk->ikb">(batch, other);
  check_einsum<"bij,cjk->bcik">(batch, other);
  check_einsum<"bij,kj->bik">(batch, a);
  check_einsum<"bhqd,bhkd->bhqk">(typed::randn<F<2, 3, N, 5>>(4), typed::randn<F<2, 3, M, 5>>(6));
  check_einsum<"abcd,cdef->abef">(typed::randn<F<2, 3, 4, 5>>(), typed::randn<F<4, 5, 2, 3>>());
  check_einsum<"...ij,...jk->...ik">(batch, other);
  check_einsum<"...ij,jk">(batch, b);
  check_einsum<"iij,jk->ik">(typed::randn<F<4, 4, 3>>(), b);
  // More than two: the cheapest order of fixed extents.
  check_einsum<"ij,jk,kl->il">(typed::randn<F<2, 9>>(), typed::randn<F<9, 3>>(), typed::randn<F<3, 8>>());
  check_einsum<"ij,jk,kl,lm->im">(typed::randn<F<2, 9>>(), typed::randn<F<9, 3>>(), typed::randn<F<3, 8>>(), typed::randn<F<8, 2>>());
  check_einsum<"bi,oij,bj->bo">(typed::randn<F<4, 3>>(), typed::randn<F<6, 3, 5>>(), typed::randn<F<4, 5>>());
  // Of unknown ones: the cheapest order of the sizes at hand, whichever that is.
  check_einsum<"ij,jk,kl->il">(a, b, typed::randn<F<M, 2>>(5));
  check_einsum<"ij,jk,kl->il">(typed::randn<F<N, M>>(9, 8), typed::randn<F<M, N>>(8, 9), typed::randn<F<N, 1>>(9));
  check_einsum<"bi,oij,bj->bo">(typed::randn<F<N, 3>>(4), typed::randn<F<M, 3, 5>>(6), typed::randn<F<N, 5>>(4));
  check_einsum<"iij,jk,kl,lm->mi">(typed::randn<F<N, N, 3>>(4, 4), b, typed::randn<F<M, 2>>(5), typed::randn<F<2, N>>(4));
  check_einsum<"...i,ij,...j->...">(typed::randn<F<N, 2, 3>>(4), b, typed::randn<F<N, 2, M>>(4, 5));
  check_einsum<"ij,jk,kl,lm,mn,no->io">(a, b, typed::randn<F<M, 2>>(5), typed::randn<F<2, N>>(4), typed::randn<F<N, 2>>(4), typed::randn<F<2, M>>(5));
  // An extent of 1 broadcasts, as ever.
  check_einsum<"ij,jk->ik">(a, typed::randn<F<1, 6>>());
}

TEST_CASE("a planned product is a product and no more", "[typed]") {
  constexpr auto bmm = plan<"bij,bjk->bik", typed::Dims<N, 2, 3>, typed::Dims<N, 3, 4>>;
  STATIC_REQUIRE(bmm.known);
  STATIC_REQUIRE((bmm.products[0].batch == 1 && bmm.products[0].left == 1 && bmm.products[0].inner == 1 && bmm.products[0].right == 1));
  STATIC_REQUIRE(!(bmm.products[0].a.permutes || bmm.products[0].b.permutes || bmm.last.permutes));
  constexpr auto scores = plan<"bhqd,bhkd->bhqk", typed::Dims<N, 2, 3, 4>, typed::Dims<N, 2, 5, 4>>;
  STATIC_REQUIRE((scores.products[0].batch == 2 && !scores.products[0].a.permutes && scores.products[0].b.permutes && !scores.last.permutes));
  constexpr auto chain = plan<"ij,jk,kl->il", typed::Dims<2, 9>, typed::Dims<9, 3>, typed::Dims<3, 8>>;
  STATIC_REQUIRE((chain.products[0].first == 0 && chain.products[0].second == 1));
  constexpr auto other_way = plan<"ij,jk,kl->il", typed::Dims<9, 8>, typed::Dims<8, 9>, typed::Dims<9, 1>>;
  STATIC_REQUIRE((other_way.products[0].first == 1 && other_way.products[0].second == 2));
  // Which order is cheap depends on N and M: the program's sizes decide.
  constexpr auto later = plan<"ij,jk,kl->il", typed::Dims<N, 9>, typed::Dims<9, M>, typed::Dims<M, 8>>;
  STATIC_REQUIRE((later.known && !later.ordered));
  const auto first_product = [&](std::initializer_list<int64_t> sizes_of_ijkl) {
    typed::EinsumPlan made = later;
    int64_t sizes[64] = {};
    int label = typed::detail::label_of('i');
    for (int64_t size : sizes_of_ijkl) sizes[label++] = size;
    typed::detail::order_products(made, sizes);
    return made.products[0].first;
  };
  CHECK(first_product({2, 9, 3, 8}) == 0);
  CHECK(first_product({9, 8, 9, 1}) == 1);
  STATIC_REQUIRE(!rearranged<"b c h w -> b c h w", 4>.permutes);
  STATIC_REQUIRE((!rearranged<"b c h w -> b (c h w)", 4>.permutes && !rearranged<"b c h w -> b (c h w)", 4>.splits));
  STATIC_REQUIRE((rearranged<"b ... c -> b c ...", 5>.permutes && !rearranged<"b ... c -> b c ...", 5>.joins));
  STATIC_REQUIRE(!rearranged<"b ... c -> b c ...", -1>.known);
  const Tensor x = ones({2, 3});
  CHECK(rearrange<"a b -> a b">(x).is_same(x));
}

TEST_CASE("patterns planned by the compiler give what einops gives", "[typed]") {
  const auto x = typed::randn<F<N, 8, 12, 3>>(2);
  const Tensor& plain = x.untyped();
  const auto check = [](const Tensor& made, const Tensor& expected) { CHECK(equal(made, expected)); };
  check(rearrange<"b h w c -> b c h w">(plain), rearrange(plain, "b h w c -> b c h w"));
  check(rearrange<"b (h p) (w q) c -> (b p q) c h w", "p=2 q=3">(plain), rearrange(plain, "b (h p) (w q) c -> (b p q) c h w", {{"p", 2}, {"q", 3}}));
  check(rearrange<"b ... -> b (...)">(x), rearrange(plain, "b ... -> b (...)"));
  check(rearrange<"b ... -> b (...)">(plain), rearrange(plain, "b ... -> b (...)"));
  check(rearrange<"b ... c -> c ... b">(x), rearrange(plain, "b ... c -> c ... b"));
  check(rearrange<"b h w c -> b 1 (h w) c 1">(x), rearrange(plain, "b h w c -> b 1 (h w) c 1"));
  check(rearrange<"b 1 c -> c b">(ones({2, 1, 3})), ones({3, 2}));
  check(repeat<"b h w c -> b (2 h) w c 3">(plain), repeat(plain, "b h w c -> b (2 h) w c 3"));
  check(repeat<"h w -> k h w">(ones({2, 3}), {.k = 4}), ones({4, 2, 3}));
  check(reduce<"b (h 2) (w k) c -> b c h w", einops::ReduceOp::max>(plain, {.k = 3}), reduce(plain, "b (h 2) (w k) c -> b c h w", "max", {{"k", 3}}));
  check(reduce<"b h w c -> c", einops::ReduceOp::mean>(plain), reduce(plain, "b h w c -> c", "mean"));
  check(reduce<"... c -> c", einops::ReduceOp::sum>(x), reduce(plain, "... c -> c", "sum"));
  check(einsum<Sublist<0, 1>, Sublist<1, 2>, Sublist<2, 3>, Sublist<0, 3>>(ones({2, 3}), ones({3, 4}), ones({4, 5})), full({2, 5}, 12.0));
  const std::vector<Tensor> parts{randn({2, 3, 5}), randn({2, 5}), randn({2, 4, 3, 5})};
  const auto [packed, shapes] = pack<"b * c">(parts);
  const auto [expected, expected_shapes] = pack(parts, "b * c");
  check(packed, expected);
  CHECK(shapes == expected_shapes);
  const std::vector<Tensor> back = unpack<"b * c">(packed, shapes);
  REQUIRE(back.size() == parts.size());
  for (size_t i = 0; i < parts.size(); ++i) check(back[i], parts[i]);
}

TEST_CASE("tensors that do not fit a planned pattern are refused as without a plan", "[typed]") {
  const Tensor x = ones({2, 6});
  CHECK(says(error_of([&] { rearrange<"a b c -> c b a">(x); }), "a b c -> c b a"));
  CHECK(says(error_of([&] { rearrange<"a (b c) -> a b c">(x, {.c = 4}); }), "a (b c) -> a b c"));
  CHECK(says(error_of([&] { rearrange<"a (b c) -> a b c">(x, {.c = 3, .q = 2}); }), "q"));
  CHECK(says(error_of([&] { rearrange<"1 b -> b">(x); }), "1 b -> b"));
  CHECK(says(error_of([&] { einsum<"ij,jk">(x, x); }), "ij,jk"));
  CHECK(says(error_of([&] { einsum<"ij">(ones({3})); }), "ij"));
  CHECK(says(error_of([&] { unpack<"b *">(x, {Shape{2}, Shape{5}}); }), "unpack"));
  CHECK(says(error_of([&] { pack<"b c *">({ones({3})}); }), "pack"));
  CHECK(says(error_of([&] { reduce<"a b -> a", einops::ReduceOp::sum>(Tensor()); }), "reduce"));
}

TEST_CASE("planned products have gradients", "[typed]") {
  const auto a = typed::randn<F<2, 3>>();
  const auto b = typed::randn<F<3, 4>>();
  a.requires_grad_();
  sum(einsum<"ij,jk->ik">(a, b)).backward();
  CHECK(allclose(a.grad(), b.untyped().sum(1).expand({2, 3})));
}
