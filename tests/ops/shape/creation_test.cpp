#include "lazuli/ops/shape/creation.h"

#include "lazuli/core/error.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/libtorch.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"

using namespace lazuli;
using Doubles = std::vector<double>;

TEST_CASE("factories take sizes, options and short forms", "[ops]") {
  CHECK(zeros({2, 3}).sizes() == Shape{2, 3});
  CHECK(zeros(5).sizes() == Shape{5});
  CHECK(zeros({}).dim() == 0);
  CHECK(zeros({2}, kInt16).dtype() == kInt16);
  CHECK(ones({2}, {.dtype = kFloat64, .requires_grad = true}).requires_grad());
  CHECK(ones({2}, {.device = kMeta}).device().is_meta());
  CHECK(full({2}, 3).dtype() == kInt64);
  CHECK(full({2}, true).dtype() == kBool);
  CHECK(full({2}, 1.5).dtype() == kFloat32);
  CHECK(full({1}, 7, kFloat64).item<double>() == 7);
  CHECK_THROWS_WITH(zeros({2, -1}), Contains("not negative") && Contains("[2, -1]"));
  CHECK_THROWS_WITH(ones({2}, {.dtype = kInt64, .requires_grad = true}), Contains("floating point"));
  set_default_dtype(kFloat64);
  CHECK(zeros({1}).dtype() == kFloat64);
  CHECK(tensor({1.5}).dtype() == kFloat64);
  set_default_dtype(kFloat32);
}

TEST_CASE("nested braces make tensors", "[ops]") {
  CHECK(tensor(2.5).dim() == 0);
  CHECK(tensor(2).dtype() == kInt64);
  CHECK(tensor({{1, 2}, {3, 4}}).sizes() == Shape{2, 2});
  CHECK(tensor({{{1}}}).sizes() == Shape{1, 1, 1});
  CHECK(tensor({1, 2.5}).dtype() == kFloat32);
  CHECK(tensor({true, false}).dtype() == kBool);
  CHECK(tensor({1, 2}, kFloat64).to_vector<double>() == Doubles{1, 2});
  CHECK(tensor({complex128(1, 2)}).dtype() == kComplex64);
  CHECK_THROWS_WITH(tensor({{1, 2}, {3}}), Contains("rows of one size"));
  CHECK_THROWS_WITH(tensor({complex128(1, 2)}, kFloat32), Contains("complex"));
}

TEST_CASE("the kind of the numbers decides the dtype, in braces and in vectors alike", "[ops]") {
  CHECK(tensor(std::vector<double>{1, 2}).dtype() == kFloat32);
  CHECK(tensor(std::vector<float>{1, 2}).dtype() == kFloat32);
  CHECK(tensor(std::vector<int>{1, 2}).dtype() == kInt64);
  CHECK(tensor(std::vector<bool>{true}).dtype() == kBool);
  CHECK(tensor(std::vector<complex128>{1.0}).dtype() == kComplex64);
  const std::vector<std::vector<int>> rows{{1, 2, 3}, {4, 5, 6}};
  CHECK(equal(tensor(rows), tensor({{1, 2, 3}, {4, 5, 6}})));
  CHECK(tensor(rows, kFloat64).dtype() == kFloat64);
  CHECK(tensor(std::vector<std::vector<std::vector<bool>>>{{{true}, {false}}}).sizes() == Shape{1, 2, 1});
  CHECK(tensor(std::vector<std::vector<float>>(2)).sizes() == Shape{2, 0});
  CHECK_THROWS_AS(tensor(std::vector<std::vector<int>>{{1, 2}, {3}}), Error);
  const std::vector<int64_t> sources{0, 1}, targets{2, 3};
  CHECK(equal(tensor({sources, targets}), tensor({{0, 1}, {2, 3}})));
  CHECK(tensor({std::vector<float>{1, 2}}).sizes() == Shape{1, 2});
  CHECK_THROWS_AS(tensor({sources, std::vector<int64_t>{1}}), Error);
  CHECK(tensor(std::vector<double>{1, 2}, kFloat64).dtype() == kFloat64);
  CHECK(tensor(std::vector<double>{1, 2}, {.requires_grad = true}).requires_grad());
  std::vector<int> whole{1, 2};
  CHECK(from_span(std::span<const int>(whole)).dtype() == kInt32);
  CHECK(from_vector(whole, {2}).dtype() == kInt32);
  CHECK(from_vector(whole, {2}, {.dtype = kFloat64, .requires_grad = true}).requires_grad());
  CHECK(from_vector(std::vector<int>{1, 2}, {2}, {.dtype = kFloat16}).dtype() == kFloat16);
}

TEST_CASE("one rule for dtype, device and gradient in every function that makes a tensor", "[ops]") {
  const Tensor like = zeros({2}, kFloat32);
  const TensorOptions chain = TensorOptions().dtype(kFloat64).device(kMeta).requires_grad(true);
  const CreationOptions named = {.dtype = kFloat64, .device = kMeta, .requires_grad = true};
  auto check = [](const char* name, const Tensor& chained, const Tensor& designated, const Tensor& bare) {
    INFO(name);
    for (const Tensor& t : {chained, designated}) CHECK((t.dtype() == kFloat64 && t.device() == kMeta && t.requires_grad()));
    CHECK((bare.dtype() == kFloat64 && bare.device() == kMeta && !bare.requires_grad()));
  };
  check("empty", empty({2}, chain), empty({2}, named), empty({2}, kFloat64, kMeta));
  check("empty_strided", empty_strided({2}, {1}, chain), empty_strided({2}, {1}, named), empty_strided({2}, {1}, "meta", kFloat64));
  check("zeros", zeros({2}, chain), zeros({2}, named), zeros({2}, kMeta, kFloat64));
  check("ones", ones({2}, chain), ones({2}, named), ones({2}, kFloat64, "meta"));
  check("full", full({2}, 1, chain), full({2}, 1, named), full({2}, 1, kFloat64, kMeta));
  check("scalar_tensor", scalar_tensor(1, chain), scalar_tensor(1, named), scalar_tensor(1, kFloat64, kMeta));
  check("eye", eye(2, chain), eye(2, named), eye(2, kFloat64, kMeta));
  check("eye", eye(2, 3, chain), eye(2, 3, named), eye(2, 3, kFloat64, kMeta));
  check("arange", arange(2, chain), arange(2, named), arange(2, kFloat64, kMeta));
  check("arange", arange(0, 2, chain), arange(0, 2, named), arange(0, 2, kFloat64, kMeta));
  check("arange", arange(0, 2, 1, chain), arange(0, 2, 1, named), arange(0, 2, 1, kFloat64, kMeta));
  check("linspace", linspace(0, 1, 3, chain), linspace(0, 1, 3, named), linspace(0, 1, 3, kFloat64, kMeta));
  check("logspace", logspace(0, 1, 3, 2, chain), logspace(0, 1, 3, 2, named), logspace(0, 1, 3, 2, kFloat64, kMeta));
  check("tril_indices", tril_indices(2, 2, 0, chain), tril_indices(2, 2, 0, named), tril_indices(2, 2, 0, kFloat64, kMeta));
  check("triu_indices", triu_indices(2, 2, 0, chain), triu_indices(2, 2, 0, named), triu_indices(2, 2, 0, kFloat64, kMeta));
  check("empty_like", empty_like(like, chain), empty_like(like, named), empty_like(like, kFloat64, kMeta));
  check("zeros_like", zeros_like(like, chain), zeros_like(like, named), zeros_like(like, kFloat64, kMeta));
  check("ones_like", ones_like(like, chain), ones_like(like, named), ones_like(like, kFloat64, kMeta));
  check("full_like", full_like(like, 1, chain), full_like(like, 1, named), full_like(like, 1, kFloat64, kMeta));
  check("new_empty", like.new_empty({2}, chain), like.new_empty({2}, named), like.new_empty({2}, kFloat64, kMeta));
  check("new_zeros", like.new_zeros({2}, chain), new_zeros(like, {2}, named), new_zeros(like, {2}, kFloat64, kMeta));
  check("new_ones", like.new_ones({2}, chain), new_ones(like, {2}, named), like.new_ones({2}, kFloat64, kMeta));
  check("new_full", like.new_full({2}, 1, chain), new_full(like, {2}, 1, named), like.new_full({2}, 1, kFloat64, kMeta));
  check("rand", rand({2}, chain), rand({2}, named), rand({2}, kFloat64, kMeta));
  check("randn", randn({2}, chain), randn({2}, named), randn({2}, kFloat64, kMeta));
  check("randint", randint(5, {2}, chain), randint(0, 5, {2}, named), randint(5, {2}, kFloat64, kMeta));
  check("randperm", randperm(5, chain), randperm(5, named), randperm(5, kFloat64, kMeta));
  check("rand_like", rand_like(like, chain), rand_like(like, named), rand_like(like, kFloat64, kMeta));
  check("randn_like", randn_like(like, chain), randn_like(like, named), randn_like(like, kFloat64, kMeta));
  check("randint_like", randint_like(like, 5, chain), randint_like(like, 0, 5, named), randint_like(like, 5, kFloat64, kMeta));
  check("normal", normal(0, 1, {2}, chain), normal(0, 1, {2}, named), normal(0, 1, {2}, kFloat64, kMeta));
  check("tensor", tensor({1, 2}, chain), tensor({1, 2}, named), tensor({1, 2}, kFloat64, kMeta));
  std::vector<int> v{1, 2};
  check("tensor", tensor(v, chain), tensor(v, named), tensor(v, kFloat64, kMeta));
  check("as_tensor", as_tensor(like, chain), as_tensor(like, named), as_tensor(like, kFloat64, kMeta));

  CHECK(zeros({2}, {}).dtype() == kFloat32);
  CHECK((like.options().dtype() == kFloat32 && like.options().device() == kCPU && !like.options().requires_grad()));
  CHECK(zeros({2}, tensor({1}).options()).dtype() == kInt64);
  CHECK(zeros({2}, like.options().dtype(kInt64)).dtype() == kInt64);
  CHECK(zeros({2}, lazuli::dtype(kInt64).device(kMeta)).device().is_meta());
  CHECK(ones({2}, lazuli::requires_grad()).requires_grad());
  CHECK(zeros({2}, lazuli::device("meta")).device().is_meta());
  CHECK_THROWS_WITH(arange(3, {.requires_grad = true}), Contains("floating point"));
}

TEST_CASE("vectors and spans are copied or taken over", "[ops]") {
  std::vector<float> values{1, 2, 3, 4};
  Tensor copy = from_vector(values, {2, 2});
  values[0] = 9;
  CHECK(copy.to_vector<double>() == Doubles{1, 2, 3, 4});
  const float* data = values.data();
  Tensor own = from_vector(std::move(values), {4});
  CHECK(own.address() == data);
  CHECK(tensor(std::vector<bool>{true, false}).dtype() == kBool);
  CHECK_THROWS_WITH(from_vector(std::vector<int>{1, 2}, {3}), Contains("2 elements"));
  const int64_t raw[] = {5, 6, 7};
  CHECK(frombuffer(std::as_bytes(std::span(raw)), kInt64, 2, 8).to_vector<double>() == Doubles{6, 7});
  CHECK_THROWS_WITH(frombuffer(std::as_bytes(std::span(raw)), kInt64, 4), Contains("at most 3"));
}

TEST_CASE("ranges", "[ops]") {
  CHECK(arange(5).to_vector<double>() == Doubles{0, 1, 2, 3, 4});
  CHECK(arange(5).dtype() == kInt64);
  CHECK(arange(1, 2, 0.25).to_vector<double>() == Doubles{1, 1.25, 1.5, 1.75});
  CHECK(arange(5, 0, -2).to_vector<double>() == Doubles{5, 3, 1});
  CHECK(arange(0).numel() == 0);
  CHECK_THROWS_WITH(arange(0, 5, -1), Contains("step"));
  CHECK_THROWS_WITH(arange(0, 5, 0), Contains("zero"));
  CHECK(linspace(0, 1, 5).to_vector<double>() == Doubles{0, 0.25, 0.5, 0.75, 1});
  CHECK(linspace(3, 9, 1).to_vector<double>() == Doubles{3});
  CHECK(linspace(0, 10, 4, {.dtype = kInt64}).to_vector<double>() == Doubles{0, 3, 6, 10});
  CHECK(logspace(0, 3, 4, 2).to_vector<double>() == Doubles{1, 2, 4, 8});
  CHECK_THROWS_WITH(linspace(0, 1, -1), Contains("steps"));
  CHECK(eye(2, 3).to_vector<double>() == Doubles{1, 0, 0, 0, 1, 0});
  CHECK(eye(3, 2).to_vector<double>() == Doubles{1, 0, 0, 1, 0, 0});
  CHECK(tril_indices(2, 3).to_vector<double>() == Doubles{0, 1, 1, 0, 0, 1});
  CHECK(triu_indices(2, 3, 1).to_vector<double>() == Doubles{0, 0, 1, 1, 2, 2});
}

TEST_CASE("likes keep layout, dtype and device", "[ops]") {
  Tensor x = transpose(zeros({2, 3}, kFloat64), 0, 1);
  CHECK(zeros_like(x).strides() == x.strides());
  CHECK(zeros_like(x).dtype() == kFloat64);
  CHECK(ones_like(x, {.dtype = kInt64}).dtype() == kInt64);
  CHECK(ones_like(x, {.device = kMeta}).device().is_meta());
  CHECK(new_full(x, {2}, 3).dtype() == kFloat64);
  CHECK(full_like(expand(zeros({1}), {4}), 2).is_contiguous());
}

TEST_CASE("long ranges are the same for any number of threads, and what they are defined to be", "[ops]") {
  const int threads = get_num_threads();
  auto on = [](int n, auto make) {
    set_num_threads(n);
    return make();
  };
  const int64_t n = 200003;
  for (DType t : {kFloat64, kFloat32, kInt64, kBFloat16, kComplex64}) {
    INFO(name(t));
    auto make = [&] { return linspace(-3, 1000, n, {.dtype = t}); };
    CHECK(equal(on(1, make), on(4, make)));
  }
  auto rows = [] { return tril_indices(700, 300, -5); };
  CHECK(equal(on(1, rows), on(4, rows)));
  auto columns = [] { return triu_indices(300, 700, -290); };
  CHECK(equal(on(1, columns), on(4, columns)));
  set_num_threads(4);
  CHECK(equal(tril_indices(700, 300, -5), stack(where(tril(ones({700, 300}), -5)))));
  CHECK(equal(triu_indices(300, 700, 3), stack(where(triu(ones({300, 700}), 3)))));
  CHECK(equal(triu_indices(300, 70, -290), stack(where(triu(ones({300, 70}), -290)))));
  const std::vector<double> line = linspace(1, 2, n, {.dtype = kFloat64}).to_vector<double>();
  CHECK(line.front() == 1);
  CHECK(line.back() == 2);
  CHECK(line[1000] == 1 + 1.0 / double(n - 1) * 1000);
  CHECK(linspace(0, 7, 8, {.dtype = kInt32}).to_vector<int64_t>() == std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(linspace(5, 7, 1).item<float>() == 5);
  set_num_threads(threads);
}

TEST_CASE("as_tensor of a vector is tensor of it", "[ops][creation]") {
  const std::vector<float> values{1, 2};
  CHECK(equal(as_tensor(values), tensor(values)));
  CHECK(as_tensor(std::vector<int>{1, 2}, kFloat64).dtype() == kFloat64);
}

TEST_CASE("arrays and sizes are tensors' numbers; x[none] has one dimension more", "[creation]") {
  CHECK(equal(tensor(std::array{1.5, 2.0}), tensor({1.5, 2.0})));
  CHECK(equal(tensor(Shape{3, 4}), tensor({3, 4})));
  CHECK(tensor(std::array{1, 2}, {.dtype = kFloat64}).dtype() == kFloat64);
  CHECK(ones({2, 3})[none].sizes() == Shape{1, 2, 3});
  CHECK(numel(ones({2, 3})) == 6);
  Tensor made;
  {
    inference_mode guard;
    made = ones({2});
  }
  CHECK(made.is_inference());
  CHECK(!ones({2}).is_inference());
}

TEST_CASE("new_tensor makes numbers like those of a tensor", "[ops]") {
  const Tensor x = zeros({2}, kFloat64);
  CHECK(equal(x.new_tensor({{1, 2}, {3, 4}}), tensor({{1., 2.}, {3., 4.}}, kFloat64)));
  CHECK(x.new_tensor(3).dtype() == kFloat64);
  CHECK(x.new_tensor(std::vector<double>{0.1, 0.2}).to_vector<double>() == Doubles{0.1, 0.2});
  CHECK(x.new_tensor(std::vector<std::vector<int>>{{1}, {2}}).sizes() == Shape{2, 1});
  CHECK(x.new_tensor({1, 2}, {.dtype = kInt32, .requires_grad = false}).dtype() == kInt32);
  CHECK(x.new_tensor({1, 2}, {.requires_grad = true}).requires_grad());
  CHECK(zeros({1}, {.device = "meta"}).new_tensor({1, 2}).device().is_meta());
  const Tensor w = tensor({1.5F, 2.5F}).requires_grad_(), copy = x.new_tensor(w);
  CHECK((copy.dtype() == kFloat64 && !copy.requires_grad() && copy.to_vector<double>() == Doubles{1.5, 2.5}));
  CHECK_FALSE(x.new_tensor(x).is_same(x));
  CHECK_THROWS_AS(Tensor().new_tensor({1}), Error);
}
