#include "lazuli/core/slots.h"

#include <cmath>

#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
const std::vector<DType> kTypes = gpu_types({kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64});

void compare_sort(Device d, const Tensor& near, const Tensor& far, int64_t dim, bool descending) {
  INFO(to_string(near.sizes()) << " along " << dim << (descending ? " descending" : ""));
  Tensor values = zeros(near.sizes(), near.dtype()), indices = zeros(near.sizes(), kInt64), v = values.to(d), i = indices.to(d);
  sort_kernel(kCPU, values, indices, near, dim, descending);
  require_on_device([&] { sort_kernel(d, v, i, far, dim, descending); });
  require_same(v, values);
  require_same(i, indices);
}

// Few different values, so that a sort that is not stable shows.
Tensor numbers(const Shape& sizes, DType dtype) { return randint(-4, 5, sizes, {.dtype = kInt64}).to(dtype); }
}  // namespace

TEST_CASE("gpu: sort is stable, both ways, in every dtype", "[backends][gpu][sort]") {
  manual_seed(1);
  for (Device d : gpu_devices())
    for (DType t : kTypes)
      for (bool descending : {false, true}) {
        INFO(name(t));
        Tensor x = numbers({3, 50}, t), y = numbers({2, 2500}, t);
        compare_sort(d, x, x.to(d), 1, descending);
        compare_sort(d, y, y.to(d), 1, descending);
      }
}

TEST_CASE("gpu: sort takes lines of any length along any dimension", "[backends][gpu][sort]") {
  manual_seed(2);
  for (Device d : gpu_devices()) {
    for (int64_t n : {1, 2, 3, 127, 128, 129, 1023, 1024, 1025, 2047, 2049, 5000, 70000}) {
      Tensor x = randn({n > 5000 ? 1 : 3, n}), y = x.to(d);
      compare_sort(d, x, y, 1, false);
      compare_sort(d, x.transpose(0, 1), y.transpose(0, 1), 0, true);
    }
    Tensor x = randn({5, 40, 6}), y = x.to(d);
    compare_sort(d, x, y, 1, false);
    compare_sort(d, x.slice(2, 0, 6, 2).permute({2, 0, 1}), y.slice(2, 0, 6, 2).permute({2, 0, 1}), 1, true);
    compare_sort(d, x.select(1, 0).unsqueeze(1).expand({5, 3, 6}), y.select(1, 0).unsqueeze(1).expand({5, 3, 6}), 1, false);
    compare_sort(d, tensor(3.5), tensor(3.5).to(d), 0, false);
    compare_sort(d, zeros({0, 4}), zeros({0, 4}).to(d), 1, false);
  }
}

TEST_CASE("gpu: NaN is the greatest, -0 equals 0, and the extremes of a dtype sort", "[backends][gpu][sort]") {
  for (Device d : gpu_devices())
    for (bool descending : {false, true}) {
      Tensor x = tensor({NAN, 0.0, -0.0, INFINITY, -1.0, -INFINITY, 0.0, NAN, 1e-40, -1e-40}, kFloat32);
      for (DType t : gpu_types({kFloat32, kFloat64, kFloat16, kBFloat16})) compare_sort(d, x.to(t), x.to(t).to(d), 0, descending);
      Tensor i = tensor({INT64_MAX, int64_t(0), INT64_MIN, int64_t(-1), int64_t(1), INT64_MAX, INT64_MIN}, kInt64);
      for (DType t : {kInt64, kInt32}) compare_sort(d, i.to(t), i.to(t).to(d), 0, descending);
    }
}

TEST_CASE("gpu: topk finds the greatest and the least of short and long lines", "[backends][gpu][sort]") {
  manual_seed(3);
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kInt64, kBFloat16}))
      for (int64_t n : {1, 10, 1000, 1025, 40000})
        for (int64_t k : {1, 5, 100, 300}) {
          if (k > n || (t != kFloat32 && n > 1025)) continue;
          // without ties the indices are the CPU's too
          Tensor x = stack({randperm(n, {.dtype = kInt64}), randperm(n, {.dtype = kInt64})}), y;
          if (t == kBFloat16) {
            if (n > 200) continue;
            x = x - 100;
          }
          x = x.to(t);
          y = x.to(d);
          INFO(name(t) << " " << k << " of " << n);
          for (bool largest : {false, true}) {
            Tensor values = zeros({2, k}, t), indices = zeros({2, k}, kInt64), v = zeros({k, 2}, t, d).transpose(0, 1), i = indices.to(d);
            topk_kernel(kCPU, values, indices, x, 1, largest);
            require_on_device([&] { topk_kernel(d, v, i, y, 1, largest); });
            require_same(v, values);
            require_same(i, indices);
          }
        }
}

TEST_CASE("gpu: searchsorted finds both sides, in one sequence or one for each line", "[backends][gpu][sort]") {
  manual_seed(4);
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kUInt8, kInt16, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64}))
      for (int64_t n : {1, 7, 130}) {
        INFO(name(t) << " " << n);
        Tensor lines = std::get<0>(sort(randint(0, 50, {3, n}, {.dtype = kInt64}))).to(t), values = randint(0, 60, {3, 129}, {.dtype = kInt64}).to(t);
        for (bool right : {false, true})
          require_on_device([&] {
            require_same(searchsorted(lines.to(d), values.to(d), {.right = right}), searchsorted(lines, values, {.right = right}));
            require_same(searchsorted(lines.to(d).select(0, 1), values.to(d).transpose(0, 1), {.out_int32 = true, .right = right}),
                         searchsorted(lines.select(0, 1), values.transpose(0, 1), {.out_int32 = true, .right = right}));
          });
      }
  for (Device d : gpu_devices()) {
    Tensor line = tensor({1.0, 2.0, NAN}), values = tensor({NAN, INFINITY, -1.0});
    require_same(searchsorted(line.to(d), values.to(d)), searchsorted(line, values));
  }
}

TEST_CASE("gpu: bincount counts, and sums weights in order", "[backends][gpu][sort]") {
  manual_seed(5);
  for (Device d : gpu_devices())
    for (int64_t n : {1, 127, 129, 3000}) {
      for (DType t : gpu_types({kUInt8, kInt32, kInt64})) {
        Tensor x = randint(0, 40, {n}, {.dtype = t}), counts = arange(40, {.dtype = kInt64}), far = counts.to(d);
        bincount_kernel(kCPU, counts, x, Tensor());
        require_on_device([&] { bincount_kernel(d, far, x.to(d), Tensor()); });
        require_same(far, counts);
      }
      for (DType t : {kFloat32, kFloat64}) {
        Tensor x = randint(0, 40, {n}, {.dtype = kInt64}), weights = randn({n}, t), sums = ones({40}, t), far = sums.to(d);
        bincount_kernel(kCPU, sums, x, weights);
        require_on_device([&] { bincount_kernel(d, far, x.to(d), weights.to(d)); });
        require_same(far, sums);
      }
    }
  for (Device d : gpu_devices()) {
    Tensor counts = zeros({3}, kInt64, d), bad = tensor({0, 3, -1}, kInt64).to(d);
    CHECK(says(error_of([&] { bincount_kernel(d, counts, bad, Tensor()), synchronize(d); }), "bincount"));
  }
}

TEST_CASE("gpu: randperm gives the CPU's permutation", "[backends][gpu][sort]") {
  for (Device d : gpu_devices())
    for (int64_t n : {0, 1, 2, 127, 5000}) {
      manual_seed(6);
      Tensor expected = randperm(n);
      manual_seed(6);
      require_on_device([&] { require_same(randperm(n, {.device = d}), expected); });
    }
}
