#include "lazuli/ops/shape/shape.h"

#include "lazuli/autograd/gradcheck.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"

using namespace lazuli;
using autograd::gradcheck;
using autograd::gradgradcheck;
using Doubles = std::vector<double>;

namespace {
Tensor numbers(const Shape& sizes) { return reshape(arange(sizes.numel(), {.dtype = kFloat64}), sizes); }
Tensor leaf(const Shape& sizes) { return clone(numbers(sizes)).requires_grad_(); }
bool shares(const Tensor& a, const Tensor& b) { return a.storage() == b.storage(); }
}  // namespace

TEST_CASE("view and reshape", "[ops]") {
  Tensor x = numbers({2, 3, 4});
  CHECK(view(x, {6, -1}).sizes() == Shape{6, 4});
  CHECK(shares(view(x, {24}), x));
  Tensor t = transpose(x, 0, 1);
  CHECK(view(t, {3, 2, 2, 2}).sizes() == Shape{3, 2, 2, 2});
  CHECK_THROWS_WITH(view(t, {6, 4}), Contains("reshape"));
  CHECK_FALSE(shares(reshape(t, {6, 4}), x));
  CHECK(shares(reshape(x, {4, 6}), x));
  CHECK_THROWS_WITH(view(x, {5, -1}), Contains("24"));
  CHECK_THROWS_WITH(view(x, {-1, -1}), Contains("at most one"));
  CHECK_THROWS_WITH(view(zeros({0, 2}), {0, -1}), Contains("zero"));
  CHECK(flatten(x, 1).sizes() == Shape{2, 12});
  CHECK(flatten(zeros({})).sizes() == Shape{1});
  CHECK(unflatten(x, 2, {2, -1}).sizes() == Shape{2, 3, 2, 2});
  CHECK_THROWS_WITH(unflatten(x, 2, {3, 2}), Contains("4"));
  CHECK(reshape(expand(zeros({3, 1}), {3, 4}), {12}).sizes() == Shape{12});
}

TEST_CASE("turning and moving dimensions", "[ops]") {
  Tensor x = numbers({2, 3, 4});
  CHECK(permute(x, {2, 0, -2}).sizes() == Shape{4, 2, 3});
  CHECK(movedim(x, {0, 1}, {2, 0}).sizes() == Shape{3, 4, 2});
  CHECK(T(x).sizes() == Shape{4, 3, 2});
  CHECK(mT(x).sizes() == Shape{2, 4, 3});
  CHECK(mT(tensor(2.)).item<double>() == 2);
  CHECK(adjoint(tensor(complex128(1, 2))).item<complex128>() == complex128(1, -2));
  CHECK_THROWS_WITH(mT(numbers({3})), Contains("a matrix or a batch of matrices"));
  CHECK_THROWS_WITH(mH(numbers({3})), Contains("a matrix or a batch of matrices"));
  CHECK(x.select(0, 1).t().to_vector<double>()[1] == 16);
  CHECK_THROWS_WITH(permute(x, {0, 1}), Contains("3 dimensions"));
  CHECK_THROWS_WITH(permute(x, {0, 1, 1}), Contains("once"));
  CHECK_THROWS_WITH(t(x), Contains("at most 2"));
  try {
    transpose(x, 0, 3);
    FAIL("no error");
  } catch (const Error& e) { CHECK(e.kind() == ErrorKind::Index); }
  Tensor c = tensor({{complex128(1, 2), complex128(3, 4)}});
  CHECK(H(c).to_vector<complex128>()[1] == complex128(3, -4));
}

TEST_CASE("dimensions of size 1", "[ops]") {
  Tensor x = numbers({1, 3, 1});
  CHECK(squeeze(x).sizes() == Shape{3});
  CHECK(squeeze(x, Shape(-1)).sizes() == Shape{1, 3});
  CHECK(squeeze(x, Shape(1)).sizes() == Shape{1, 3, 1});
  CHECK(unsqueeze(x, -1).sizes() == Shape{1, 3, 1, 1});
  CHECK(expand(x, {2, -1, 4}).sizes() == Shape{2, 3, 4});
  CHECK(expand(x, {5, 2, 3, 4}).strides() == Shape{0, 0, 1, 0});
  CHECK_THROWS_WITH(expand(x, {1, 4, 1}), Contains("[1, 3, 1]"));
  CHECK_THROWS_WITH(expand(x, {3, 1}), Contains("3 dimensions"));
  CHECK_THROWS_WITH(expand(x, {-1, 1, 3, 1}), Contains("-1"));
  CHECK(broadcast_tensors({zeros({3, 1}), zeros({4})})[1].sizes() == Shape{3, 4});
  CHECK(atleast_3d(zeros({4})).sizes() == Shape{1, 4, 1});
  CHECK(atleast_2d({zeros({}), zeros({3})})[1].sizes() == Shape{1, 3});
}

TEST_CASE("picking parts", "[ops]") {
  Tensor x = numbers({3, 4});
  CHECK(select(x, 0, -1).to_vector<double>() == Doubles{8, 9, 10, 11});
  CHECK(slice(x, 1, 1, 100, 2).to_vector<double>() == Doubles{1, 3, 5, 7, 9, 11});
  CHECK(slice(x, 0, -2, -1).to_vector<double>() == Doubles{4, 5, 6, 7});
  CHECK(slice(x, 0, 5).numel() == 0);
  CHECK(narrow(x, 1, -2, 2).to_vector<double>() == Doubles{2, 3, 6, 7, 10, 11});
  CHECK(narrow(x, 0, tensor(1), 1).to_vector<double>() == Doubles{4, 5, 6, 7});
  CHECK(diagonal(x).to_vector<double>() == Doubles{0, 5, 10});
  CHECK(diagonal(x, 1).to_vector<double>() == Doubles{1, 6, 11});
  CHECK(diagonal(x, -2).to_vector<double>() == Doubles{8});
  CHECK(unfold(numbers(5), 0, 3, 2).to_vector<double>() == Doubles{0, 1, 2, 2, 3, 4});
  CHECK_THROWS_WITH(select(x, 1, 4), Contains("size 4"));
  CHECK_THROWS_WITH(select(zeros({}), 0, 0), Contains("0-d"));
  CHECK_THROWS_WITH(narrow(x, 0, 2, 2), Contains("at most 1"));
  CHECK_THROWS_WITH(slice(x, 0, 0, 2, 0), Contains("step"));
  CHECK_THROWS_WITH(unfold(x, 0, 4, 1), Contains("[0, 3]"));
  CHECK(select_scatter(x, zeros({4}, kFloat64), 0, 1).to_vector<double>() == Doubles{0, 1, 2, 3, 0, 0, 0, 0, 8, 9, 10, 11});
  CHECK_THROWS_WITH(slice_scatter(x, zeros({1, 1}), 0, 0, 1), Contains("[1, 4]"));
}

TEST_CASE("gradients of views, first and second", "[ops]") {
  auto check = [](auto f, const Tensor& x) {
    auto squared = [&](const Tensor& t) {
      Tensor y = f(t);
      return mul(y, y);
    };
    CHECK(gradcheck(squared, {x}));
    CHECK(gradgradcheck(squared, {x}));
  };
  check([](const Tensor& x) { return view(x, {3, -1}); }, leaf({2, 3}));
  check([](const Tensor& x) { return reshape(transpose(x, 0, 1), {6}); }, leaf({2, 3}));
  check([](const Tensor& x) { return permute(x, {2, 0, 1}); }, leaf({2, 1, 2}));
  check([](const Tensor& x) { return expand(squeeze(x), {3, 2}); }, leaf({1, 2}));
  check([](const Tensor& x) { return select(x, 1, -1); }, leaf({2, 3}));
  check([](const Tensor& x) { return slice(x, 1, 0, 3, 2); }, leaf({2, 3}));
  check([](const Tensor& x) { return diagonal(x, 1); }, leaf({2, 3}));
  check([](const Tensor& x) { return unfold(x, 0, 2, 1); }, leaf({4}));
  check([](const Tensor& x) { return diag_embed(x, 1); }, leaf({3}));
  auto scatters = [](const Tensor& x, const Tensor& s) { return mul(slice_scatter(x, s, 1, 1, 3), select_scatter(x, select(s, 1, 0), 1, 0)); };
  CHECK(gradcheck(scatters, {leaf({2, 3}), leaf({2, 2})}));
  CHECK(gradgradcheck(scatters, {leaf({2, 3}), leaf({2, 2})}));
}

TEST_CASE("in-place changes of geometry", "[ops]") {
  Tensor x = numbers({1, 3});
  CHECK(squeeze_(x).sizes() == Shape{3});
  CHECK(unsqueeze_(x, 1).sizes() == Shape{3, 1});
  CHECK(t_(x).sizes() == Shape{1, 3});
  Tensor a = leaf({2, 3}), y = mul(a, 2);
  transpose_(y, 0, 1);
  CHECK(y.sizes() == Shape{3, 2});
  sum(mul(y, numbers({3, 2}))).backward();
  CHECK(a.grad().to_vector<double>() == Doubles{0, 4, 8, 2, 6, 10});
  CHECK_THROWS_WITH(squeeze_(a), Contains("leaf"));
}

TEST_CASE("views as another dtype share the bytes", "[ops]") {
  Tensor x = numbers({2, 2});
  Tensor y = view(x, kInt32);
  CHECK(y.sizes() == Shape{2, 4});
  CHECK(shares(x, y));
  CHECK(equal(view(y, kFloat64), x));
  CHECK(view(tensor(1.0f), kInt32).item<int64_t>() == 0x3f800000);
  CHECK_THROWS_WITH(view(slice(y, 1, 0, 3), kFloat64), Contains("divides"));
  CHECK_THROWS_WITH(view(transpose(y, 0, 1), kFloat64), Contains("stride"));
}

TEST_CASE("filling an expanded view and a diagonal", "[ops]") {
  Tensor x = zeros({3}), wide = expand(x, {2, 3});
  wide.fill_(2);
  CHECK(x.to_vector<double>() == Doubles{2, 2, 2});
  CHECK_THROWS_WITH(wide.add_(ones({2, 3})), Contains("expanded"));
  Tensor m = zeros({5, 2});
  fill_diagonal_(m, 1, true);
  CHECK(m.to_vector<double>() == Doubles{1, 0, 0, 1, 0, 0, 1, 0, 0, 1});
  Tensor a = leaf({2, 2}), y = mul(a, 1);
  fill_diagonal_(y, 7);
  sum(mul(y, y)).backward();
  CHECK(a.grad().to_vector<double>() == Doubles{0, 2, 4, 0});
}

TEST_CASE("views work on the meta device", "[ops]") {
  Tensor x = empty({2, 3, 4}, kFloat32, kMeta);
  CHECK(reshape(transpose(x, 0, 2), {4, -1}).sizes() == Shape{4, 6});
  CHECK(cat({x, x}, 1).sizes() == Shape{2, 6, 4});
  CHECK(split(x, 2, 2)[1].sizes() == Shape{2, 3, 2});
  CHECK(flip(x, {0, 1}).sizes() == x.sizes());
  CHECK(roll(x, {1}, {2}).device().is_meta());
  CHECK(repeat(x, {2, 1, 1, 2}).sizes() == Shape{2, 2, 3, 8});
  CHECK_THROWS_WITH(nonzero(x), Contains("meta"));
}

TEST_CASE("pieces of a tensor", "[ops]") {
  Tensor x = numbers({5, 2});
  auto sizes = [](const std::vector<Tensor>& parts) {
    Shape s;
    for (const Tensor& t : parts) s.push_back(t.sizes()[0]);
    return s;
  };
  CHECK(sizes(split(x, 2)) == Shape{2, 2, 1});
  CHECK(sizes(chunk(x, 4)) == Shape{2, 2, 1});
  CHECK(sizes(tensor_split(x, 3)) == Shape{2, 2, 1});
  CHECK(sizes(tensor_split(x, Shape{1, 4})) == Shape{1, 3, 1});
  CHECK(sizes(tensor_split(x, tensor({-1}))) == Shape{4, 1});
  CHECK(sizes(split_with_sizes(x, {1, 0, 4})) == Shape{1, 0, 4});
  CHECK(sizes(chunk(zeros({0}), 3)) == Shape{0, 0, 0});
  CHECK(unbind(x, 1).size() == 2);
  CHECK(hsplit(x, 2)[1].sizes() == Shape{5, 1});
  CHECK_THROWS_WITH(split_with_sizes(x, {1, 2}), Contains("5"));
  CHECK_THROWS_WITH(vsplit(x, 2), Contains("divides"));
  CHECK_THROWS_WITH(split(x, 0), Contains("positive"));
  CHECK_THROWS_WITH(dsplit(x, 1), Contains("at least 3"));
  Tensor a = leaf({5});
  std::vector<Tensor> parts = split(a, 2);
  add(sum(mul(parts[0], 2)), sum(parts[2])).backward();
  CHECK(a.grad().to_vector<double>() == Doubles{2, 2, 0, 0, 1});
  Tensor b = mul(leaf({4}), 1);
  CHECK_THROWS_WITH(unbind(b)[0].add_(ones({}, kFloat64)), Contains("chunk, split, unbind"));
  auto overlapping = [](const Tensor& t) {
    auto p = tensor_split(t, Shape{3, 1});
    return mul(sum(mul(p[0], p[0])), sum(p[2]));
  };
  CHECK(gradcheck(overlapping, {leaf({4})}));
}

TEST_CASE("joining", "[ops]") {
  Tensor x = numbers({2, 2});
  CHECK(cat({x, x}, -1).to_vector<double>() == Doubles{0, 1, 0, 1, 2, 3, 2, 3});
  CHECK(cat({x, empty({0}), x}).sizes() == Shape{4, 2});
  CHECK(cat({tensor({1}), tensor({1.5})}).dtype() == kFloat32);
  CHECK(cat({tensor({1}, kInt8), tensor({1}, kUInt8)}).dtype() == kInt16);
  CHECK(stack({x, x}, 2).sizes() == Shape{2, 2, 2});
  CHECK(column_stack({numbers({2}), x}).sizes() == Shape{2, 3});
  CHECK(dstack({numbers({2}), numbers({2})}).sizes() == Shape{1, 2, 2});
  CHECK_THROWS_WITH(cat({}), Contains("at least one"));
  CHECK_THROWS_WITH(cat({x, zeros({3, 3})}), Contains("[3, 3]"));
  CHECK_THROWS_WITH(cat({zeros({}), zeros({})}), Contains("0-d"));
  CHECK_THROWS_WITH(stack({x, zeros({2})}), Contains("one size"));
  auto f = [](const Tensor& a, const Tensor& b) {
    return mul(cat({a, b, a}, 1), stack({select(a, 0, 0), select(b, 0, 1)}).reshape({4}).index({none, Slice(0, 1)}));
  };
  CHECK(gradcheck(f, {leaf({2, 2}), leaf({2, 2})}));
  CHECK(gradgradcheck(f, {leaf({2, 2}), leaf({2, 2})}));
}

TEST_CASE("other orders and repeats", "[ops]") {
  Tensor x = numbers({2, 3});
  CHECK(flip(x, {0, 1}).to_vector<double>() == Doubles{5, 4, 3, 2, 1, 0});
  CHECK(roll(x, {1}).to_vector<double>() == Doubles{5, 0, 1, 2, 3, 4});
  CHECK(roll(x, {1, -1}, {0, 1}).to_vector<double>() == Doubles{4, 5, 3, 1, 2, 0});
  CHECK(rot90(x).to_vector<double>() == Doubles{2, 5, 1, 4, 0, 3});
  CHECK(rot90(x, -1).to_vector<double>() == Doubles{3, 0, 4, 1, 5, 2});
  CHECK(repeat(numbers({2}), {2, 2}).to_vector<double>() == Doubles{0, 1, 0, 1, 0, 1, 0, 1});
  CHECK_FALSE(shares(repeat(x, {1, 1}), x));
  CHECK_FALSE(shares(flip(x, {}), x));
  CHECK_FALSE(shares(roll(x, {0}, {0}), x));
  CHECK(tile(x, {2}).sizes() == Shape{2, 6});
  CHECK(repeat_interleave(x, 2, 1).to_vector<double>() == Doubles{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5});
  CHECK(repeat_interleave(x, tensor({2, 0}), 0).to_vector<double>() == Doubles{0, 1, 2, 0, 1, 2});
  CHECK_THROWS_WITH(repeat_interleave(x, tensor({1, -1}), 0), Contains("-1"));
  CHECK_THROWS_WITH(repeat(x, {2}), Contains("2 dimensions"));
  CHECK(meshgrid({numbers({2}), numbers({3})}, "xy")[0].sizes() == Shape{3, 2});
  CHECK(diag(numbers({2}), 1).to_vector<double>() == Doubles{0, 0, 0, 0, 0, 1, 0, 0, 0});
  CHECK(tril(numbers({2, 2})).to_vector<double>() == Doubles{0, 0, 2, 3});
  CHECK(block_diag({numbers({1, 2}), numbers({2})}).sizes() == Shape{2, 4});
  CHECK(cartesian_prod({numbers({2}), numbers({2})}).to_vector<double>() == Doubles{0, 0, 0, 1, 1, 0, 1, 1});
  CHECK(combinations(numbers({3})).to_vector<double>() == Doubles{0, 1, 0, 2, 1, 2});
  CHECK(combinations(numbers({2}), 2, true).to_vector<double>() == Doubles{0, 0, 0, 1, 1, 1});
  CHECK(kron(tensor({1., 2.}), tensor({1., 10.})).to_vector<double>() == Doubles{1, 10, 2, 20});
  CHECK(unravel_index(tensor({5}), {2, 3})[0].item<int64_t>() == 1);
  Tensor m = numbers({2, 2});
  CHECK(triu_(m, 1).to_vector<double>() == Doubles{0, 1, 0, 0});
  auto f = [](const Tensor& a) { return mul(roll(flip(a, {0}), {1}, {1}), tril(repeat(a, {1, 1}), 0)); };
  CHECK(gradcheck(f, {leaf({2, 3})}));
  CHECK(gradgradcheck(f, {leaf({2, 3})}));
}

TEST_CASE("an expanded view may change its own geometry in place", "[ops]") {
  Tensor x = arange(3, kFloat32).expand({2, 3});
  CHECK(x.unsqueeze_(0).sizes() == Shape{1, 2, 3});
  CHECK(x.squeeze_().sizes() == Shape{2, 3});
  CHECK(x.transpose_(0, 1).sizes() == Shape{3, 2});
  CHECK(x[2][1].item<float>() == 2);
  CHECK(zeros({0, 3}).expand({2, 0, 3}).mul_(2).numel() == 0);  // no elements, none that share memory
}

TEST_CASE("split takes the pieces' sizes as well as one for all", "[ops][shape]") {
  const Tensor x = arange(8).reshape({2, 4});
  const auto pieces = x.split({1, 3}, 1), functional = split(x, {1, 3}, 1), all = x.split_with_sizes({1, 3}, 1);
  REQUIRE(pieces.size() == 2);
  REQUIRE(functional.size() == 2);
  for (size_t i = 0; i < 2; ++i) {
    CHECK(equal(pieces[i], all[i]));
    CHECK(equal(functional[i], all[i]));
  }
  CHECK(x.split(3, 1)[1].sizes() == Shape{2, 1});
}

TEST_CASE("sizes and dimensions stand in braces or one after the other", "[ops]") {
  const Tensor x = arange(24).view(2, 3, 4);
  REQUIRE(x.sizes() == Shape{2, 3, 4});
  CHECK(x.reshape(6, -1).equal(x.reshape({6, -1})));
  CHECK(x.permute(2, 0, 1).equal(x.permute({2, 0, 1})));
  CHECK(x.flip(0, -1).equal(x.flip({0, -1})));
  CHECK(x.repeat(2, 1, 1).equal(x.repeat({2, 1, 1})));
  CHECK(x.tile(2, 1).equal(x.tile({2, 1})));
  CHECK(x.expand(5, -1, -1, -1).sizes() == Shape{5, 2, 3, 4});
}

TEST_CASE("linalg::diagonal is that of the last two dimensions", "[ops]") {
  const Tensor x = numbers({2, 3, 3});
  CHECK(equal(linalg::diagonal(x), diagonal(x, 0, 1, 2)));
  CHECK(equal(linalg::diagonal(x, {.offset = 1}), diagonal(x, 1, -2, -1)));
  CHECK(equal(linalg::diagonal(x, {.dim1 = 0, .dim2 = 1}), diagonal(x)));
}
