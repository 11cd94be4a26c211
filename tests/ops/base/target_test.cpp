#include <functional>

#include "lazuli/lazuli.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
struct Case {
  const char* name;
  Tensor self;
  std::function<Tensor&(Tensor& self, const Tensor& read)> write;
};
// An in-place form that reads its own memory gives what it gives with a copy of it.
void check_as_with_copy(const Case& c, const std::function<Tensor(const Tensor&)>& view) {
  INFO(c.name);
  Tensor expected = c.self.clone(), copy = view(c.self).clone();
  c.write(expected, copy);
  Tensor self = c.self.clone();
  uint32_t version = self.version();
  c.write(self, view(self));
  CHECK(equal(self, expected));
  CHECK(self.version() > version);
}
Tensor numbers(const Shape& sizes) { return reshape(remainder(arange(sizes.numel()) * 7, 31), sizes).to(kFloat32); }
}  // namespace

TEST_CASE("writing in places while reading the same memory", "[ops][target]") {
  constexpr int64_t n = 64;
  Tensor rows = flip(arange(n), {0}), x = numbers({n, n}), vector = numbers({n});
  Tensor index = rows.unsqueeze(1).expand({n, n}).clone();
  auto turned = [](const Tensor& t) { return t.t(); };
  auto itself = [](const Tensor& t) { return alias(t); };
  for (const auto& view : {std::function<Tensor(const Tensor&)>(turned), std::function<Tensor(const Tensor&)>(itself)}) {
    check_as_with_copy({"index_put_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return index_put_(s, {rows}, r); }}, view);
    check_as_with_copy({"index_add_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return index_add_(s, 0, rows, r); }}, view);
    check_as_with_copy({"index_copy_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return index_copy_(s, 0, rows, r); }}, view);
    check_as_with_copy({"index_reduce_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return index_reduce_(s, 0, rows, r, "amax"); }}, view);
    check_as_with_copy({"scatter_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return scatter_(s, 0, index, r); }}, view);
    check_as_with_copy({"scatter_ add", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return scatter_(s, 0, index, r, "add"); }}, view);
    check_as_with_copy({"scatter_add_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return scatter_add_(s, 0, index, r); }}, view);
    check_as_with_copy({"scatter_reduce_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return scatter_reduce_(s, 0, index, r, "sum"); }}, view);
    check_as_with_copy({"put_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return put_(s, flip(arange(n * n), {0}), r); }}, view);
    check_as_with_copy({"copy_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return s.copy_(r); }}, view);
    check_as_with_copy({"addmm_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return addmm_(s, r, r); }}, view);
    check_as_with_copy({"addmv_", vector, [&](Tensor& s, const Tensor& r) -> Tensor& { return addmv_(s, x, r); }}, itself);
    check_as_with_copy({"masked_scatter_", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return masked_scatter_(s, x > 3, r); }}, view);
  }
  check_as_with_copy({"put_ on a transposed self", x.t(), [&](Tensor& s, const Tensor& r) -> Tensor& { return put_(s, arange(n * n), r); }}, turned);
  Tensor batch = numbers({2, 8, 8});
  check_as_with_copy({"baddbmm_", batch, [&](Tensor& s, const Tensor& r) -> Tensor& { return baddbmm_(s, r, r); }}, itself);
  // The places themselves may lie there.
  check_as_with_copy({"index_put_ at itself", rows, [&](Tensor& s, const Tensor& r) -> Tensor& { return index_put_(s, {r}, arange(n)); }}, itself);
  check_as_with_copy({"scatter_ at itself", rows, [&](Tensor& s, const Tensor& r) -> Tensor& { return scatter_(s, 0, r, arange(n)); }}, itself);
  check_as_with_copy(
      {"index_fill_ with its own element", x, [&](Tensor& s, const Tensor& r) -> Tensor& { return index_fill_(s, 0, arange(n), r[3][3]); }}, itself);
}

TEST_CASE("addmm_ of a tensor with itself at an odd size", "[ops][target]") {
  Tensor a = numbers({37, 37}), expected = addmm(a, a, a);
  addmm_(a, a, a);
  CHECK(equal(a, expected));
}

TEST_CASE("elementwise operators read another geometry of the memory that they write", "[ops][target]") {
  Tensor a = numbers({600, 600}), expected = a * a.slice(1, 1, 2).clone();
  SECTION("an expanded column gives what a copy of it gives") {
    a *= a.slice(1, 1, 2);
    CHECK(equal(a, expected));
  }
  SECTION("with gradients") {
    Tensor x = numbers({5, 5}).requires_grad_(), y = x * 1;
    Tensor column = y.slice(1, 1, 2);
    y += column;
    y.sum().backward();
    Tensor grad = ones({5, 5});
    Tensor of_column = grad.slice(1, 1, 2);
    of_column += 5;
    CHECK(equal(x.grad(), grad));
  }
  SECTION("a dense part, or all of it in another order, is refused before anything changes") {
    Tensor before = a.clone();
    uint32_t version = a.version();
    CHECK_THAT(error_of([&] { a.add_(a.t()); }), Contains("overlaps"));
    CHECK_THAT(error_of([&] { a.add_(a[0]); }), Contains("add_") && Contains("overlaps"));
    CHECK_THAT(error_of([&] { clamp_(a, OptionalTensor(a[1]), std::nullopt); }), Contains("overlaps"));
    CHECK_THAT(error_of([&] { add_out(a, a.t(), a); }), Contains("add_out") && Contains("overlaps"));
    CHECK(equal(a, before));
    CHECK(a.version() == version);
  }
  SECTION("the same elements, whatever the strides of dimensions of size 1") {
    Tensor column = a.slice(1, 0, 1).clone(), doubled = column * 2;
    column += as_strided(column, {600, 1}, {1, 700});
    CHECK(equal(column, doubled));
  }
}

TEST_CASE("copying a tensor to itself does nothing, expanded or not", "[ops][target]") {
  Tensor x = tensor({1., 2., 3.}).expand({4, 3});
  uint32_t version = x.version();
  CHECK_NOTHROW(x.copy_(x));
  CHECK(x.version() == version);
  CHECK_THAT(error_of([&] { x.copy_(zeros({4, 3})); }), Contains("expanded"));
  Tensor leaf = zeros({3}).requires_grad_();
  CHECK_THROWS_AS(leaf.copy_(leaf), Error);
}

TEST_CASE("an operator that reads its own memory keeps the old value for its gradient, or says that it is gone", "[ops][target]") {
  Tensor x = tensor({2., 3.}).requires_grad_(), y = x * 1;
  y.mul_(y);
  CHECK_THAT(error_of([&] { y.sum().backward(); }), Contains("modified by an in-place operation"));
  Tensor z = x * 1;
  z.add_(z);
  z.sum().backward();
  CHECK(equal(x.grad(), tensor({2., 2.})));
}

TEST_CASE("the version goes up by one for a write in place", "[ops][target]") {
  Tensor x = rand({4}), y = rand({4});
  auto step = [&](auto write) {
    uint32_t before = x.version();
    write();
    return x.version() - before;
  };
  CHECK(step([&] { x.add_(y); }) == 1);
  CHECK(step([&] { x.zero_(); }) == 1);
  CHECK(step([&] { sub_out(x, x, y); }) == 1);
  CHECK(step([&] { index_add_(x, 0, arange(4), y); }) == 1);
  x = (rand({4}).requires_grad_() * 1);
  CHECK(step([&] { x.mul_(y); }) == 1);
  CHECK(step([&] { celu_(x); }) == 1);
}
