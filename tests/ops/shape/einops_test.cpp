#include "lazuli/ops/shape/einops.h"

#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor counted(const Shape& sizes) { return arange(sizes.numel(), {.dtype = kFloat64}).reshape(sizes); }
bool shares(const Tensor& a, const Tensor& b) { return a.address() == b.address(); }
bool same(const Tensor& a, const Tensor& b) { return a.sizes() == b.sizes() && equal(a, b); }
std::string message(std::string_view pattern, const einops::Axes& axes = {}) {
  return error_of([&] { rearrange(counted({2, 3, 4}), pattern, axes); });
}
bool has_mark(const std::string& text, const std::string& mark) { return text.find(mark) != std::string::npos; }
}  // namespace

TEST_CASE("rearrange: moves, joins and splits", "[ops][einops]") {
  const Tensor x = counted({2, 3, 4});
  CHECK(same(rearrange(x, "b c h -> h b c"), x.permute({2, 0, 1})));
  CHECK(same(rearrange(x, "b c h -> b (c h)"), x.reshape({2, 12})));
  CHECK(same(rearrange(x, "b c h -> (h b) c"), x.permute({2, 0, 1}).reshape({8, 3})));
  CHECK(same(rearrange(x, "b c (h w) -> b h w c", {{"w", 2}}), x.reshape({2, 3, 2, 2}).permute({0, 2, 3, 1})));
  CHECK(same(rearrange(x, "... h -> h ..."), x.permute({2, 0, 1})));
  CHECK(same(rearrange(x, "b ... -> (b ...)"), x.reshape({24})));
  CHECK(same(rearrange(x, "b c h -> b 1 c () h"), x.unsqueeze(1).unsqueeze(3)));
  CHECK(same(rearrange(x.unsqueeze(1), "b 1 c h -> b c h"), x));
  CHECK(same(rearrange(counted({}), "->"), counted({})));
  CHECK(same(rearrange({x, x + 1}, "two b c h -> b two c h"), stack({x, x + 1}, 1)));
  CHECK(shares(rearrange(x, "b c h -> c b h"), x));
  CHECK(shares(rearrange(x, "b (c1 c2) h -> b c1 c2 h", {{"c1", 3}}), x));
}

TEST_CASE("reduce and repeat", "[ops][einops]") {
  const Tensor x = counted({2, 3, 4});
  CHECK(same(reduce(x, "b c h -> b h", einops::ReduceOp::sum), sum(x, 1)));
  CHECK(same(reduce(x, "b c (h 2) -> h b c", "max"), amax(x.reshape({2, 3, 2, 2}), 3).permute({2, 0, 1})));
  CHECK(same(reduce(x, "b ... -> b", "mean"), mean(x, Shape{1, 2})));
  CHECK(same(reduce(x, "b c h -> () c ()", "min"), amin(x, Shape{0, 2}, true)));
  CHECK(same(reduce(x > 5, "b c h -> c", "any"), any(x > 5, Shape{0, 2})));
  CHECK(same(reduce(x + 1, "b c h ->", "prod"), prod(x + 1)));
  CHECK(same(repeat(x, "b c h -> b r c h", {{"r", 2}}), stack({x, x}, 1)));
  CHECK(same(repeat(x, "b c h -> b c (h 3)"), repeat_interleave(x, 3, 2)));
  CHECK(same(repeat(x, "b c h -> b c (3 h)"), cat({x, x, x}, 2)));
  CHECK(shares(repeat(x, "b c h -> 5 b c h"), x));
  check_gradients(
      [](const Tensor& x) {
        return reduce(x, "(a b) c -> b (c a)", "mean", {{"a", 2}}) * repeat(x, "(a b) c -> b (c a)", {{"a", 2}});
      },
      {randn({4, 3}, {.dtype = kFloat64}, Generator(1)).requires_grad_()});
}

TEST_CASE("pack and unpack", "[ops][einops]") {
  const Tensor a = counted({2, 3, 5}), b = counted({2, 5}), c = counted({2, 4, 2, 5});
  const auto [packed, shapes] = pack({a, b, c}, "i * k");
  CHECK(same(packed, cat({a, b.unsqueeze(1), c.reshape({2, 8, 5})}, 1)));
  CHECK(shapes == std::vector<Shape>{{3}, {}, {4, 2}});
  const std::vector<Tensor> parts = unpack(packed, shapes, "i * k");
  CHECK(same(parts[0], a));
  CHECK(same(parts[1], b));
  CHECK(same(parts[2], c));
  CHECK(same(unpack(packed, {{3}, {}, {-1, 2}}, "i * k")[2], c));
  CHECK_THROWS_AS(unpack(packed, {{3}, {4, 2}}, "i * k"), Error);
  CHECK_THROWS_AS(unpack(packed, {{-1}, {-1}}, "i * k"), Error);
  CHECK_THROWS_AS(pack({a, b}, "i j k *"), Error);
  CHECK_THROWS_AS(pack({a}, "i k"), Error);
  CHECK_THROWS_AS(pack({a, counted({3, 5})}, "i * k"), Error);
}

TEST_CASE("einops: errors mark the place and propose the nearest name", "[ops][einops]") {
  CHECK(
      message("b c h -> b c x") ==
      "rearrange: argument 'pattern': expected names of the left side on the right (did you mean 'h'?), got 'x'\n  b c h -> b c x\n               ^");
  CHECK(message("b c height -> b c hight").find("did you mean 'height'?") != std::string::npos);
  CHECK(has_mark(message("b c h -> b c"), "\n  b c h -> b c\n      ^"));
  CHECK(message("b c h = b c h").find("expected '->' between two sides") != std::string::npos);
  CHECK(has_mark(message("b b h -> b h"), "\n  b b h -> b h\n    ^"));
  CHECK(has_mark(message("b (c (h)) -> b c h"), "\n  b (c (h)) -> b c h\n       ^"));
  CHECK(has_mark(message("b (c h -> b c h"), "\n  b (c h -> b c h\n         ^"));
  CHECK(has_mark(message("b c (h 2) -> b c h"), "\n  b c (h 2) -> b c h\n         ^"));
  CHECK(has_mark(message("b c (h w) -> b c h w"), "\n  b c (h w) -> b c h w\n      ^"));
  CHECK(has_mark(message("b c (h w) -> b c h w", {{"w", 3}}), "\n  b c (h w) -> b c h w\n      ^"));
  CHECK(message("b c h -> b h c", {{"heads", 3}}).find("'heads' for") != std::string::npos);
  CHECK(message("b c h -> b h c", {{"c", 4}}).find("expected a size of 4, got 3") != std::string::npos);
  CHECK(message("b c -> c b").find("2 dimensions") != std::string::npos);
  CHECK(message("b ... ... -> b").find("one '...' a side") != std::string::npos);
  CHECK(error_of([] { repeat(counted({2}), "a -> a b"); }).find("\n  a -> a b\n         ^") != std::string::npos);
  CHECK(error_of([] { reduce(counted({2}), "a ->", "men"); }).find("did you mean 'mean'?") != std::string::npos);
  CHECK(kind_of([] { reduce(tensor({1, 2}), "a ->", "mean"); }) == ErrorKind::Type);
}

TEST_CASE("einops: patterns are kept until cleared", "[ops][einops]") {
  einops::clear_cache();
  rearrange(counted({2, 3}), "a b -> b a");
  rearrange(counted({3, 3}), "a b -> b a");
  repeat(counted({3, 3}), "a b -> b a");
  CHECK(einops::cache_size() == 2);
  einops::clear_cache();
  CHECK(einops::cache_size() == 0);
}
