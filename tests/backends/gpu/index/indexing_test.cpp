#include "tests/backends/gpu/gpu_test.h"

#include <cmath>

using namespace lazuli;
using namespace lazuli::test;

namespace {
const std::vector<DType> kTypes =
    gpu_types({kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128});

// Whole numbers of both signs, zeros among them.
Tensor numbers(const Shape& sizes, DType dtype) {
  return (randint(-3, 4, sizes, {.dtype = kInt64}) * (randint(0, 3, sizes, {.dtype = kInt64}))).to(dtype);
}
}  // namespace

TEST_CASE("gpu: index_select, gather and index read every dtype", "[backends][gpu][indexing]") {
  manual_seed(1);
  for (Device d : gpu_devices())
    for (DType t : kTypes) {
      INFO(name(t));
      Tensor x = numbers({9, 5, 8}, t), y = x.to(d), rows = randint(0, 9, {13}, {.dtype = kInt64}),
             every = randint(0, 5, {9, 3, 8}, {.dtype = kInt64});
      require_on_device([&] {
        require_same(index_select(y, 0, rows.to(d)), index_select(x, 0, rows));
        require_same(gather(y, 1, every.to(d)), gather(x, 1, every));
        require_same(index(y, {(rows - 9).to(d)}), index(x, {rows - 9}));
      });
    }
}

TEST_CASE("gpu: index_select takes int32 indices, any dimension, any strides and odd sizes", "[backends][gpu][indexing]") {
  manual_seed(2);
  for (Device d : gpu_devices())
    for (int64_t n : {1, 127, 128, 129, 1030}) {
      Tensor x = randn({n, 6, 4}), y = x.to(d), at = randint(0, 4, {n}, {.dtype = kInt32});
      require_on_device([&] {
        require_same(index_select(y, 2, at.to(d)), index_select(x, 2, at));
        require_same(index_select(y.transpose(0, 2), 0, at.to(d)), index_select(x.transpose(0, 2), 0, at));
        require_same(index_select(y.slice(1, 1, 6, 2), 2, at.to(d)), index_select(x.slice(1, 1, 6, 2), 2, at));
        require_same(index_select(y.unsqueeze(2).expand({n, 6, 3, 4}), 3, at.to(d)), index_select(x.unsqueeze(2).expand({n, 6, 3, 4}), 3, at));
        require_same(index_select(y, 2, at.to(d).slice(0, 0, n, 2)), index_select(x, 2, at.slice(0, 0, n, 2)));
      });
      // rows whose parts of 16 bytes are whole, and rows that only start apart from them
      Tensor wide = randn({20, 33}), far = wide.to(d), rows = randint(0, 20, {n}, {.dtype = kInt64});
      require_same(index_select(far.slice(1, 1, 33), 0, rows.to(d)), index_select(wide.slice(1, 1, 33), 0, rows));
      require_same(index_select(far.slice(1, 0, 32), 0, rows.to(d)), index_select(wide.slice(1, 0, 32), 0, rows));
    }
}

TEST_CASE("gpu: gather follows the strides of all three", "[backends][gpu][indexing]") {
  manual_seed(3);
  for (Device d : gpu_devices()) {
    Tensor x = randn({7, 5, 6, 3}), y = x.to(d), at = randint(0, 5, {7, 9, 6, 3}, {.dtype = kInt64}), on = at.to(d);
    require_on_device([&] {
      require_same(gather(y.permute({3, 1, 0, 2}), 1, on.permute({3, 1, 0, 2})), gather(x.permute({3, 1, 0, 2}), 1, at.permute({3, 1, 0, 2})));
      require_same(gather(y, 1, on.slice(0, 0, 7, 3).slice(3, 1, 3)), gather(x, 1, at.slice(0, 0, 7, 3).slice(3, 1, 3)));
      require_same(gather(y.select(0, 2).select(0, 1).select(0, 0), 0, zeros({3}, kInt64).to(d)),
                   gather(x.select(0, 2).select(0, 1).select(0, 0), 0, zeros({3}, kInt64)));
    });
  }
}

TEST_CASE("gpu: index takes several indices, negative ones and broadcast ones", "[backends][gpu][indexing]") {
  manual_seed(4);
  for (Device d : gpu_devices()) {
    Tensor x = randn({6, 7, 8, 4}), y = x.to(d);
    Tensor a = randint(-6, 6, {5, 1}, {.dtype = kInt64}), b = randint(-7, 7, {1, 3}, {.dtype = kInt64}),
           c = randint(-8, 8, {5, 3}, {.dtype = kInt64});
    require_on_device([&] {
      require_same(index(y, {a.to(d), b.to(d)}), index(x, {a, b}));
      require_same(index(y, {a.to(d), b.to(d), c.to(d)}), index(x, {a, b, c}));
      require_same(index(y, {a.to(d), {}, c.to(d)}), index(x, {a, {}, c}));
      require_same(index(y, {{}, {}, c.to(d)}), index(x, {{}, {}, c}));
      require_same(index(y, {{}, b.to(d).expand({2, 3})}), index(x, {{}, b.expand({2, 3})}));
      require_same(take(y.transpose(1, 2), (c * 100).to(d)), take(x.transpose(1, 2), c * 100));
    });
  }
}

TEST_CASE("gpu: empty reads give empty results", "[backends][gpu][indexing]") {
  for (Device d : gpu_devices()) {
    Tensor y = zeros({4, 5}, kFloat32, d), none = zeros({0}, kInt64, d);
    CHECK(index_select(y, 1, none).sizes() == Shape{4, 0});
    CHECK(gather(y, 0, zeros({0, 5}, kInt64, d)).sizes() == Shape{0, 5});
    CHECK(index(y, {none}).sizes() == Shape{0, 5});
    CHECK(nonzero(y).sizes() == Shape{0, 2});
    CHECK(nonzero(zeros({0, 3}, kFloat32, d)).sizes() == Shape{0, 2});
  }
}

TEST_CASE("gpu: an index out of range is an error at the next wait, and the device works on", "[backends][gpu][indexing]") {
  for (Device d : gpu_devices()) {
    Tensor y = ones({4, 5}, kFloat32, d), bad = tensor({0, 4}, kInt64).to(d), low = tensor({-5, 1}, kInt64).to(d),
           fine = tensor({3, -4}, kInt64).to(d);
    CHECK(says(error_of([&] { index_select(y, 0, bad).cpu(); }), "index_select"));
    CHECK(says(error_of([&] { index_select(y, 0, fine).cpu(); }), "-4"));
    CHECK(says(error_of([&] { gather(y, 0, bad.reshape({2, 1})).cpu(); }), "gather"));
    CHECK(says(error_of([&] { index(y, {low}).cpu(); }), "-5"));
    CHECK(says(error_of([&] { index(y, {fine, bad + 1}).cpu(); }), "5"));
    CHECK(says(error_of([&] { index(y, {low, fine}), synchronize(d); }), "-5"));
    require_same(index(y, {fine, fine}), ones({2}));
  }
}

TEST_CASE("gpu: nonzero counts and finds in order, in every dtype", "[backends][gpu][indexing]") {
  manual_seed(5);
  for (Device d : gpu_devices()) {
    for (DType t : kTypes) {
      INFO(name(t));
      Tensor x = numbers({7, 11, 3}, t), y = x.to(d);
      require_on_device([&] {
        require_same(nonzero(y), nonzero(x));
        require_same(nonzero(y.transpose(0, 2)), nonzero(x.transpose(0, 2)));
      });
    }
    for (int64_t n : {1, 127, 128, 129, 255, 257, 4095, 4096, 4097, 1100000}) {
      Tensor x = randint(0, 3, {n}, {.dtype = kInt32}) == 0, y = x.to(d);
      require_same(nonzero(y), nonzero(x));
    }
    Tensor odd = tensor({0.0, -0.0, NAN, 1e-45, -INFINITY}, kFloat32);
    require_same(nonzero(odd.to(d)), nonzero(odd));
    require_same(masked_select(odd.to(d), (odd == odd).to(d)), masked_select(odd, odd == odd));
  }
}
