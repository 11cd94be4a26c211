#include "lazuli/autograd/support.h"
#include "lazuli/lazuli.h"
#include "tests/errors.h"

// What calls made at random (tests/fuzz) have found, each as the call that shows it.
using namespace lazuli;

namespace {
constexpr int64_t kHuge = int64_t(1) << 31;
// The gradient of `f(x)` weighted by 1, 2, 3, ..., by the formula of one derivative and by that of several.
template <class F>
std::vector<Tensor> both_gradients(F f, const Tensor& x) {
  std::vector<Tensor> found;
  for (bool graph : {false, true}) {
    const Tensor leaf = x.clone().requires_grad_(), y = f(leaf);
    found.push_back(
        autograd::grad({y}, {leaf}, {.grad_outputs = {arange(1, y.numel() + 1, {.dtype = y.dtype()}).reshape(y.sizes())}, .create_graph = graph})[0]
            .detach());
  }
  return found;
}
}  // namespace

TEST_CASE("large tensors whose rows are a few elements are copied and converted", "[ops][fuzzed]") {
  for (int64_t row : {2, 3, 5}) {
    const Tensor x = arange(20000 * 5 * row, {.dtype = kInt32}).reshape({20000, 5, row});
    for (Shape order : {Shape{0, 2, 1}, Shape{2, 0, 1}, Shape{1, 2, 0}}) {
      INFO(to_string(order));
      const Tensor turned = x.permute(order), packed = turned.contiguous();
      CHECK(packed.is_contiguous());
      CHECK(equal(packed, turned));
      CHECK(packed[1][1][1].item<int64_t>() == turned[1][1][1].item<int64_t>());
      CHECK(equal(turned.to(kFloat64).to(kInt32), packed));
      CHECK(equal(turned + packed, packed * 2));
    }
  }
}

TEST_CASE("rounding to decimals on the meta device, and to more than there are", "[ops][fuzzed]") {
  Tensor x = empty({3}, {.dtype = kFloat64, .device = kMeta});
  CHECK(round_(x, -2).sizes() == Shape{3});
  CHECK(round(tensor({1234.5678}, kFloat64), 2).item<double>() == Approx(1234.57));
  CHECK(round(tensor({1234.5678}, kFloat64), -2).item<double>() == 1200);
}

TEST_CASE("Bessel functions of the second kind next to 0", "[ops][fuzzed]") {
  using namespace special;
  const Tensor x = tensor({1e-7, 1e-9, 1e-300, 5e-324}, kFloat64);
  CHECK(allclose(modified_bessel_k0(x), -log(x / 2) - 0.5772156649015329, 1e-12, 0));
  CHECK(allclose(modified_bessel_k1(x), 1 / x, 1e-12, 0));
  CHECK(allclose(scaled_modified_bessel_k0(x), modified_bessel_k0(x), 1e-6, 0));
  CHECK(allclose(scaled_modified_bessel_k1(x), 1 / x, 1e-6, 0));
}

TEST_CASE("indices and sources of another device are refused", "[ops][fuzzed]") {
  const Tensor x = zeros({2, 3}), index = zeros({2, 3}, kInt64), row = zeros({2}, kInt64);
  auto says_where = [](const std::string& text) { return says(text, "on cpu, as self is, got one on meta"); };
  CHECK(says_where(error_of([&] { gather(x, 0, index.to(kMeta)); })));
  CHECK(says_where(error_of([&] { scatter(x, 0, index.to(kMeta), 1.5); })));
  CHECK(says_where(error_of([&] { scatter_add(x, 0, index, x.to(kMeta)); })));
  CHECK(says_where(error_of([&] { index_select(x, 0, row.to(kMeta)); })));
  CHECK(says_where(error_of([&] { index_add(x, 0, row, x.to(kMeta)); })));
  CHECK(says_where(error_of([&] { take(x, index.to(kMeta)); })));
  CHECK(says_where(error_of([&] { put(x, index, x.to(kMeta)); })));
}

TEST_CASE("triangles and diagonals of very many rows are not gone through", "[ops][fuzzed]") {
  CHECK(tril_indices(kHuge * kHuge, 0).sizes() == Shape{2, 0});
  Tensor tall = empty({kHuge, 3}, {.device = kMeta});
  CHECK(fill_diagonal_(tall, 1, true).sizes() == Shape{kHuge, 3});
  for (int64_t rows : {3, 4, 5, 8, 9, 14}) {
    Tensor x = zeros({3, rows}).t(), expected = zeros({rows, 3});
    for (int64_t at = 0; at < rows * 3; at += 4) expected.view({-1})[at] = 1.0;  // every fourth of the elements, as NumPy has it
    INFO(rows);
    fill_diagonal_(x, 1, true);
    if (rows > 4) CHECK(equal(x, expected));
    else CHECK(x.sum().item<double>() == 3);
  }
}

TEST_CASE("without an index nothing is scattered, whatever the source", "[ops][fuzzed]") {
  const Tensor x = rand({2, 3}).requires_grad_(), none_there = zeros({2, 0}, kInt64), source = rand({2, 5}).requires_grad_();
  for (const Tensor& out : {scatter(x, 1, none_there, source), scatter_add(x, 1, zeros({int64_t(1) << 40, 4, 0}, kInt64), source)}) {
    CHECK(equal(out, x));
    const auto grads = autograd::grad({out.sum()}, {x, source}, {.allow_unused = true});
    CHECK(equal(grads[0], ones({2, 3})));
    CHECK_FALSE(grads[1].defined());
  }
}

TEST_CASE("gradients of running products with no, one or several zeros are those of the sum over all", "[ops][fuzzed]") {
  const Tensor x = tensor({{2., 3., 4., 5.}, {2., 0., 4., 5.}, {0., 3., 0., 5.}, {2., 3., 4., 0.}, {0., 0., 0., 0.}}, kFloat64);
  for (int64_t dim : {0, 1}) {
    const auto found = both_gradients([&](const Tensor& t) { return cumprod(t, dim); }, x);
    CHECK(allclose(found[0], found[1], 1e-12, 1e-12));
  }
  // grad = (1, 2, 3) of (a, ab, abc) at (2, 0, 4): d/da = 1 + 2 b + 3 b c, d/db = 2 a + 3 a c, d/dc = 3 a b
  const Tensor by_hand = both_gradients([](const Tensor& t) { return cumprod(t, 0); }, tensor({2., 0., 4.}, kFloat64))[0];
  CHECK(equal(by_hand, tensor({1., 28., 0.}, kFloat64)));
}

TEST_CASE("views by strides keep to their tensor's memory", "[ops][fuzzed]") {
  const Tensor storage = zeros({10}), part = storage.slice(0, 4, 6);
  CHECK(says(error_of([&] { as_strided_scatter(part, ones({2}), {2}, {1}, 0); }), "not negative"));
  CHECK(says(error_of([&] { as_strided_scatter(part, ones({2}), {2}, {1}, 8); }), "inside the storage"));
  CHECK(as_strided_scatter(part, ones({1}), {1}, {1}, 5).sum().item<double>() == 1);
  // A view of elements behind those of the tensor gives it no gradient for them.
  const Tensor leaf = zeros({6}).slice(0, 0, 2).detach().requires_grad_();
  const Tensor grad = autograd::grad({as_strided(leaf, {5}, {1}, 1).sum()}, {leaf})[0];
  CHECK(equal(grad, tensor({0., 1.})));
}

TEST_CASE("whole numbers from a bound that the dtype has no more after are refused", "[ops][fuzzed]") {
  Tensor x = zeros({3}, kInt8), y = zeros({3}, kFloat16);
  CHECK(says(error_of([&] { random_(x, 128, std::optional<int64_t>()); }), "int8"));
  CHECK(says(error_of([&] { random_(y, 2049, std::optional<int64_t>()); }), "float16"));
  CHECK_NOTHROW(random_(x, 127, std::optional<int64_t>()));
  CHECK(x.sum().item<double>() == 3 * 127);
}

TEST_CASE("a mask without dimensions covers none", "[ops][fuzzed]") {
  const Tensor x = rand({5}), mask = tensor(true);
  CHECK(says(error_of([&] { index(x, {OptionalTensor(mask)}); }), "a 0-d one"));
  CHECK(says(error_of([&] { index_put(x, {OptionalTensor(mask), none}, x); }), "a 0-d one"));
  CHECK(x.index({mask}).sizes() == Shape{1, 5});
}

TEST_CASE("losses, tables and normalizations refuse tensors of another device", "[ops][fuzzed]") {
  const Tensor x = rand({2, 3}), classes = zeros({2}, kInt64), channels = ones({3}), table = rand({4, 3});
  auto refuses = [](auto f) { return says(error_of(f), "got one on meta"); };
  CHECK(refuses([&] { multi_margin_loss(x, classes.to(kMeta)); }));
  CHECK(refuses([&] { multilabel_margin_loss(x, zeros({2, 3}, kInt64).to(kMeta)); }));
  CHECK(refuses([&] { cross_entropy(x, classes.to(kMeta)); }));
  CHECK(refuses([&] { cross_entropy(x, classes, {.weight = channels.to(kMeta)}); }));
  CHECK(refuses([&] { nll_loss(x, classes.to(kMeta)); }));
  CHECK(refuses([&] { embedding(classes.to(kMeta), table); }));
  CHECK(refuses([&] { embedding_bag(classes, table, zeros({1}, kInt64).to(kMeta)); }));
  CHECK(refuses([&] { bincount(classes, rand({2}).to(kMeta)); }));
  CHECK(refuses([&] { layer_norm(x, {3}, channels.to(kMeta)); }));
  CHECK(refuses([&] { batch_norm(x, channels.to(kMeta), channels, none, none, false); }));
  CHECK(refuses([&] { batch_norm(x, none, none, none, channels.to(kMeta), true); }));
}

TEST_CASE("numbers that cannot be counted are refused", "[ops][fuzzed]") {
  CHECK(says(error_of([] { bincount(tensor({int64_t(0), INT64_MAX})); }), "whose counts fit memory"));
}

TEST_CASE("sizes with nothing in them cost nothing: attention, recurrent layers, draws from no categories", "[ops][fuzzed]") {
  const Tensor q = rand({3, 65}, {.dtype = kFloat64}), none_at_all = zeros({int64_t(1) << 40, 3, 0}, kFloat64);
  CHECK(scaled_dot_product_attention(q, q, none_at_all).sizes() == Shape{int64_t(1) << 40, 3, 0});
  CHECK(scaled_dot_product_attention(zeros({2, 0, 4}), ones({2, 3, 4}), ones({2, 3, 5})).sizes() == Shape{2, 0, 5});
  CHECK(says(error_of([] { gru(zeros({int64_t(1) << 55, 0, 5}), zeros({1, 0, 2}), std::vector<Tensor>(), {}); }), "at most 16777216 steps"));
  CHECK(says(error_of([] { multinomial(zeros({4, 0}), 3, true); }), "expected at least one category, got sizes [4, 0]"));
}

TEST_CASE("sizes and lengths at the ends of int64 are refused, and bytes that are no bool count as true", "[ops][fuzzed]") {
  CHECK(error_of([] { resize_(zeros({2}), {INT64_MAX - 1, 3}); }) != "no error");
  CHECK(says(error_of([] { blackman_window(INT64_MIN, false); }), "a length that is not negative"));
  const std::byte bytes[] = {std::byte(0), std::byte(1), std::byte(190)};
  for (const DType dtype : {kInt64, kFloat32, kFloat64})
    CHECK(frombuffer(bytes, kBool).to(dtype).to_vector<int64_t>() == std::vector<int64_t>{0, 1, 1});
}
