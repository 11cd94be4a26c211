#include <array>
#include <map>

#include "lazuli/autograd/autograd.h"
#include "lazuli/libtorch.h"
#include "lazuli/nn/nn.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;
using Doubles = std::vector<double>;

namespace {
Doubles values(const Tensor& t) { return t.to_vector<double>(); }
}  // namespace

TEST_CASE("assigning to what an index returns writes, assigning to a variable rebinds", "[ops]") {
  Tensor x = zeros({2, 3}), y = tensor({1., 2., 3.});
  x[0] = y;
  CHECK(values(x) == Doubles{1, 2, 3, 0, 0, 0});
  x[1] = 7;
  x[1][2] = 8.5;
  CHECK(values(x[1]) == Doubles{7, 7, 8.5});
  x.select(1, 0) = tensor({5., 6.});
  x.slice(1, 1, 3) = 1.0;
  CHECK(values(x) == Doubles{5, 1, 1, 6, 1, 1});
  x[0] = x[1];  // a temporary on both sides: still a copy of values
  CHECK(values(x) == Doubles{6, 1, 1, 6, 1, 1});
  x.view({-1}) = arange(6.);
  CHECK(values(x[1]) == Doubles{3, 4, 5});
  CHECK(says(error_of([&] { x[0] = zeros({4}); }), "copy_"));

  Tensor row = x[0];
  row = y;  // the variable, not the tensor it led to
  CHECK(values(x[0]) == Doubles{0, 1, 2});
  CHECK(row.is_same(y));
}

TEST_CASE("index(...) = value writes through slices, numbers, masks and index tensors", "[ops]") {
  Tensor x = zeros({3, 4});
  x.index({Slice(1, 3), 0}) = tensor({1., 2.});
  x.index({0}) = 9;
  CHECK(values(x.select(1, 0)) == Doubles{9, 1, 2});
  x.index({x > 5}) = -1;
  CHECK(values(x[0]) == Doubles{-1, -1, -1, -1});
  x.index({tensor({0, 2}), tensor({3, 3})}) = tensor({7., 8.});
  CHECK(values(x.select(1, 3)) == Doubles{7, 0, 8});
  x.index({tensor({0, 2})}) += 1;
  CHECK(values(x) == Doubles{0, 0, 0, 8, 1, 0, 0, 0, 3, 1, 1, 9});
  x.index({tensor({1, 1})}) += 1;  // as in Python: the two are read before they are written
  CHECK(values(x[1]) == Doubles{2, 1, 1, 1});
  x.index({Ellipsis, 0}) *= 10;
  CHECK(values(x.select(1, 0)) == Doubles{0, 20, 30});
  x[tensor({0, 1})] = ones({1, 1, 4});  // leading ones broadcast away
  CHECK(values(x[1]) == Doubles{1, 1, 1, 1});
  x.index({0}) = ones({1, 1, 4}) * 2;
  CHECK(values(x[0]) == Doubles{2, 2, 2, 2});
  x.index({Slice(), tensor({true, false, false, true})}) -= tensor({1., 2.});
  CHECK(values(x[0]) == Doubles{1, 2, 2, 0});
  x.index({true}) = 3;
  CHECK(values(x) == Doubles(12, 3));
  x.index({Slice(1), Slice(indexing::None, 4)}) /= 3;
  CHECK(values(x[2]) == Doubles{1, 1, 1, 1});
  x.index({tensor({0})}) = x.index({tensor({2})});
  CHECK(values(x[0]) == Doubles{1, 1, 1, 1});
}

TEST_CASE("under a name of its own what an index tensor picked is a copy", "[ops]") {
  Tensor x = zeros({3});
  auto picked = x.index({tensor({0, 1})});
  picked += 1;
  CHECK(values(x) == Doubles{0, 0, 0});
  CHECK(values(picked) == Doubles{1, 1});
  picked = ones({5});
  CHECK(picked.numel() == 5);
  auto view = x.index({Slice(0, 2)});
  view += 1;
  CHECK(values(x) == Doubles{1, 1, 0});
  view = x.index({tensor({2})});
  CHECK(view.numel() == 1);
  CHECK(values(x) == Doubles{1, 1, 0});
}

TEST_CASE("gradients follow assignments", "[ops]") {
  Tensor w = tensor({1., 2.}).requires_grad_(), x = zeros({3, 2});
  x[0] = w * 3;
  x.index({tensor({1, 2})}) = w;
  x.index({x > 5}) *= 2;
  x.sum().backward();
  CHECK(values(w.grad()) == Doubles{5, 8});
  Tensor leaf = ones({2}).requires_grad_();
  CHECK_THROWS_AS(leaf[0] = 1, Error);
  NoGradGuard guard;
  leaf[0] = 5;
  CHECK(values(leaf) == Doubles{5, 1});
}

TEST_CASE("handles in containers, pairs and structs rebind", "[ops]") {
  Tensor a = ones({2}), b = zeros({2}), a0 = a, b0 = b;
  std::swap(a, b);
  CHECK((a.is_same(b0) && b.is_same(a0)));
  std::tie(a, b) = std::tuple(a0, b0);
  CHECK((a.is_same(a0) && b.is_same(b0)));
  std::tie(a, b) = b.aminmax();
  CHECK(a.dim() == 0);
  std::vector<Tensor> list = {a0, b0};
  list[0] = b0;
  list.insert(list.begin(), a0);
  list.erase(list.begin() + 1);
  CHECK((list[0].is_same(a0) && list[1].is_same(b0) && values(a0) == Doubles{1, 1} && values(b0) == Doubles{0, 0}));
  std::map<std::string, Tensor> named;
  named["a"] = a0;
  named["a"] = b0;
  std::array<Tensor, 2> pair = {a0, b0};
  pair[1] = a0;
  OptionalTensor maybe = a0;
  maybe = b0;
  struct Pair {
    Tensor first, second;
  } p{a0, b0}, q;
  q = p;
  p = Pair{b0, a0};
  Tensor moved = std::move(p.first);
  a = std::exchange(b, a0);
  CHECK((q.first.is_same(a0) && moved.is_same(b0) && pair[1].is_same(a0) && maybe->is_same(b0) && named["a"].is_same(b0)));
  CHECK((values(a0) == Doubles{1, 1} && values(b0) == Doubles{0, 0}));
  static_assert(std::is_nothrow_move_assignable_v<Tensor> && std::is_copy_assignable_v<Tensor> && std::is_nothrow_swappable_v<Tensor>);
  static_assert(!std::is_assignable_v<Tensor&, double>);
}

TEST_CASE("parameters and buffers are assigned as a whole, and written through views", "[ops]") {
  struct Scale : nn::Module {
    nn::Parameter factor{this, "factor", ones({2})};
    nn::Buffer count{this, "count", zeros({2})};
    Tensor forward(const Tensor& x) { return x * factor; }
  } net;
  {
    NoGradGuard guard;
    net.factor[0] = 5;
    net.count.index({tensor({1})}) += 1;
    net.factor *= 2;
  }
  CHECK(values(net.parameters()[0]) == Doubles{10, 2});
  CHECK(values(net.count) == Doubles{0, 1});
  net.factor = zeros({3});
  CHECK(net.parameters()[0].numel() == 3);
}
