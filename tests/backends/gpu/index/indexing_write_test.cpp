#include "lazuli/core/slots.h"

#include <cmath>

#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
const std::vector<DType> kTypes =
    gpu_types({kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128});

// Small whole numbers: sums and products of a few are exact in every dtype.
Tensor numbers(const Shape& sizes, DType dtype) { return randint(-2, 3, sizes, {.dtype = kInt64}).to(dtype); }
Tensor places(int64_t size, const Shape& sizes) { return randint(0, size, sizes, {.dtype = kInt64}); }

// One slot call with copies of `self` on the CPU and on the device, which must leave the same there.
template <class Call>
void compare(Device d, const Tensor& self, Call call, double rtol = 0, double atol = 0) {
  Tensor host = self.clone(), far = self.to(d).clone();
  call(kCPU, host);
  require_on_device([&] { call(d, far); });
  require_same(far, host, rtol, atol);
}
}  // namespace

TEST_CASE("gpu: scatter and index_add take every operation in every dtype, with few and with many positions", "[backends][gpu][indexing_write]") {
  manual_seed(1);
  for (Device d : gpu_devices())
    for (DType t : kTypes)
      for (int64_t n : {7, 130}) {
        Tensor self = numbers({5, 4, 3}, t), source = numbers({5, n, 3}, t), index = places(4, {5, n, 3}), one = places(4, {n});
        for (ScatterOp op : {ScatterOp::Set, ScatterOp::Add, ScatterOp::Mul, ScatterOp::Amax, ScatterOp::Amin}) {
          const bool every = t == kBool || t == kUInt8 || t == kInt64 || t == kFloat16 || t == kFloat32 || t == kComplex64;
          if (!every && op != ScatterOp::Set && op != ScatterOp::Add) continue;  // each operation and dtype is a kernel to compile
          if (is_complex(t) && (op == ScatterOp::Amax || op == ScatterOp::Amin)) continue;
          if (op == ScatterOp::Mul && n > 7 && (t == kFloat16 || is_complex(t))) continue;  // leave the range of exact products
          INFO(name(t) << " operation " << int(op) << " positions " << n);
          compare(d, self, [&](Device on, Tensor& to) { scatter_kernel(on, op, to, 1, index.to(on), source.to(on)); });
          compare(d, self, [&](Device on, Tensor& to) { index_add_kernel(on, op, to, 1, one.to(on), source.to(on), 1.0); });
        }
        if (t != kBool) compare(d, self, [&](Device on, Tensor& to) { index_add_kernel(on, ScatterOp::Add, to, 1, one.to(on), source.to(on), 2.0); });
      }
}

TEST_CASE("gpu: float sums go in index order, as on the CPU", "[backends][gpu][indexing_write]") {
  manual_seed(2);
  for (Device d : gpu_devices())
    for (int64_t n : {1, 64, 65, 127, 128, 129, 1025, 5000}) {
      INFO(n);
      Tensor self = randn({11, 6}), source = randn({n, 6}), rows = places(11, {n}), flat = randn({300});
      compare(d, self, [&](Device on, Tensor& to) { index_add_kernel(on, ScatterOp::Add, to, 0, rows.to(on), source.to(on), 1.0); });
      compare(
          d, self, [&](Device on, Tensor& to) { index_add_kernel(on, ScatterOp::Add, to, 0, rows.to(on).to(kInt32), source.to(on), 0.3); }, 1e-5,
          1e-5);
      compare(d, self, [&](Device on, Tensor& to) { index_add_kernel(on, ScatterOp::Set, to, 0, rows.to(on), source.to(on), 1.0); });
      compare(d, flat,
              [&](Device on, Tensor& to) { scatter_kernel(on, ScatterOp::Add, to, 0, (rows * 27).to(on), source.select(1, 2).clone().to(on)); });
      compare(d, self, [&](Device on, Tensor& to) {
        scatter_kernel(on, ScatterOp::Add, to, 0, rows.unsqueeze(1).expand({n, 6}).to(on), source.to(on));
      });
    }
}

TEST_CASE("gpu: half precision sums of many are as good as the CPU's", "[backends][gpu][indexing_write]") {
  manual_seed(3);
  for (Device d : gpu_devices())
    for (DType t : {kFloat16, kBFloat16}) {
      Tensor self = zeros({10, 3}, t), source = rand({500, 3}).to(t), rows = places(10, {500});
      compare(
          d, self, [&](Device on, Tensor& to) { index_add_kernel(on, ScatterOp::Add, to, 0, rows.to(on), source.to(on), 1.0); },
          t == kFloat16 ? 2e-2 : 1.5e-1);
    }
}

TEST_CASE("gpu: writes follow strides, and a part of a dimension may be named", "[backends][gpu][indexing_write]") {
  manual_seed(4);
  for (Device d : gpu_devices())
    for (int64_t n : {5, 100}) {
      Tensor self = randn({6, 5, 8}), source = randn({n, 8, 3}), index = places(5, {n, 8, 3});
      auto call = [&](Device on, Tensor& to) {
        Tensor view = to.permute({1, 2, 0}).slice(2, 0, 6, 2);  // [5, 8, 3]
        scatter_kernel(on, ScatterOp::Add, view, 0, index.to(on), source.to(on));
        Tensor corner = to.permute({1, 2, 0});  // [5, 8, 6]: the first 4 columns and 2 layers
        scatter_kernel(on, ScatterOp::Set, corner, 0, index.to(on).slice(1, 0, 4).slice(2, 0, 2), source.to(on).slice(1, 0, 4).slice(2, 0, 2));
        Tensor rows = to.transpose(0, 1);
        index_add_kernel(on, ScatterOp::Amax, rows, 0, index.to(on).select(2, 0).select(1, 1),
                         source.to(on).transpose(1, 2).slice(1, 0, 1).expand({n, 6, 8}), 1.0);
      };
      compare(d, self, call);
    }
}

TEST_CASE("gpu: NaN wins in amax and amin", "[backends][gpu][indexing_write]") {
  for (Device d : gpu_devices())
    for (ScatterOp op : {ScatterOp::Amax, ScatterOp::Amin}) {
      Tensor self = tensor({1.0, NAN, -INFINITY, 4.0}, kFloat32), source = tensor({NAN, 3.0, INFINITY, -0.0}, kFloat32),
             index = tensor({0, 1, 2, 2}, kInt64);
      compare(d, self, [&](Device on, Tensor& to) { scatter_kernel(on, op, to, 0, index.to(on), source.to(on)); });
    }
}

TEST_CASE("gpu: index_put sets the last and adds all, with several and negative indices", "[backends][gpu][indexing_write]") {
  manual_seed(5);
  for (Device d : gpu_devices())
    for (int64_t n : {6, 90})
      for (bool accumulate : {false, true}) {
        Tensor self = randn({5, 7, 4}), a = places(5, {n, 1}) - 5, b = places(7, {2}) - 3, values = randn({n, 2, 4});
        compare(d, self, [&](Device on, Tensor& to) {
          const Tensor indices[] = {a.to(on).expand({n, 2}), b.to(on).expand({n, 2})};
          index_put_kernel(on, to, indices, values.to(on), accumulate);
        });
        compare(d, self, [&](Device on, Tensor& to) {
          const Tensor indices[] = {a.to(on).select(1, 0)};
          index_put_kernel(on, to, indices, values.to(on).select(1, 0).unsqueeze(1).expand({n, 7, 4}), accumulate);
        });
        compare(d, self, [&](Device on, Tensor& to) {  // one value for all
          const Tensor indices[] = {a.to(on), a.to(on)};
          index_put_kernel(on, to, indices, tensor(2.5).to(on).expand({n, 1, 4}), accumulate);
        });
      }
}

TEST_CASE("gpu: embedding_backward sums rows, leaves padding out, divides by counts", "[backends][gpu][indexing_write]") {
  manual_seed(6);
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kFloat64, kFloat16, kBFloat16, kComplex64}))
      for (int64_t n : {0, 1, 50, 129, 1000})
        for (int64_t padding : {-1, 3})
          for (bool by_frequency : {false, true}) {
            INFO(name(t) << " " << n << " " << padding << " " << by_frequency);
            Tensor table = ones({20, 9}, t), grad = randn({n, 9}, t), index = places(20, {n});
            const double tolerance = t == kFloat16 ? 1e-2 : t == kBFloat16 ? 1e-1 : by_frequency ? 1e-5 : 0;
            compare(
                d, table, [&](Device on, Tensor& to) { embedding_backward_kernel(on, to, grad.to(on), index.to(on), padding, by_frequency); },
                tolerance, tolerance * 5);
          }
}

TEST_CASE("gpu: as_strided_backward adds where a view overlaps itself", "[backends][gpu][indexing_write]") {
  manual_seed(7);
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kInt32, kComplex64})) {
      auto check = [&](const Shape& sizes, const Shape& strides, int64_t offset) {
        INFO(name(t) << " " << to_string(sizes) << " " << to_string(strides));
        Tensor out = numbers({400}, t), grad = numbers(sizes, t);
        compare(d, out, [&](Device on, Tensor& to) { as_strided_backward_kernel(on, to, grad.to(on), strides, offset); });
      };
      check({4, 5}, {5, 1}, 3);         // no overlap
      check({3, 4, 5}, {1, 20, 3}, 0);  // apart, out of order
      check({98, 3}, {1, 1}, 7);        // windows
      check({20, 7}, {0, 2}, 1);        // broadcast
      check({100, 90}, {1, 1}, 0);      // too many lines for a launch each
      check({10, 10, 3, 3}, {20, 1, 20, 1}, 0);
      check({}, {}, 9);
    }
}

TEST_CASE("gpu: a bad index of a write is left out and reported at the next wait", "[backends][gpu][indexing_write]") {
  for (Device d : gpu_devices())
    for (int64_t n : {3, 200}) {
      Tensor self = zeros({4}, kFloat32, d), source = ones({n}, kFloat32, d), bad = zeros({n}, kInt64), low = zeros({n}, kInt64);
      bad.select(0, 1).fill_(4);
      low.select(0, 2).fill_(-5);
      Tensor at = bad.to(d), under = low.to(d);
      CHECK(says(error_of([&] { scatter_kernel(d, ScatterOp::Add, self, 0, at, source), synchronize(d); }), "scatter"));
      CHECK(says(error_of([&] { index_add_kernel(d, ScatterOp::Add, self, 0, at, source, 1.0), synchronize(d); }), "index_add"));
      const Tensor indices[] = {under};
      CHECK(says(error_of([&] { index_put_kernel(d, self, indices, source, true), synchronize(d); }), "-5"));
      require_same(self, tensor({3.0 * double(n - 1), 0.0, 0.0, 0.0}, kFloat32));
    }
}
