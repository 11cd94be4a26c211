#include "lazuli/core/error.h"
#include "lazuli/tests/backends/kernel_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

std::vector<int64_t> coordinates(const Shape& sizes, int64_t i) {
  std::vector<int64_t> at(sizes.size());
  for (int64_t d = sizes.size() - 1; d >= 0; --d) {
    at[d] = i % sizes[d];
    i /= sizes[d];
  }
  return at;
}
int64_t position(const Shape& sizes, const std::vector<int64_t>& at) {
  int64_t i = 0;
  for (int64_t d = 0; d < sizes.size(); ++d) i = i * sizes[d] + at[d];
  return i;
}
Tensor indices(const Shape& sizes, int64_t limit, Spacing layout = Spacing::Contiguous, int64_t low = 0) {
  Tensor t = make(sizes, kInt64, layout);
  std::mt19937 bits(3);
  for (int64_t i = 0; i < t.numel(); ++i) put(t, i, double(low + int64_t(bits() % uint64_t(limit - low))));
  return t;
}
std::vector<Wide> values(const Tensor& t) {
  std::vector<Wide> v;
  for (int64_t i = 0; i < t.numel(); ++i) v.push_back(get(t, i));
  return v;
}
/// What a tensor of the dtype holds after a value is written.
Wide rounded(DType t, Wide v) {
  Tensor cell = make({}, t);
  put(cell, 0, v);
  return get(cell, 0);
}
// What is kept until all values are in: halves as float32.
Wide combined(ScatterOp op, DType dtype, Wide a, Wide b) {
  const DType t = dtype == kFloat16 || dtype == kBFloat16 ? kFloat32 : dtype;
  if (t == kBool && op == ScatterOp::Add) return a.real() || b.real();
  switch (op) {
    case ScatterOp::Set: return b;
    case ScatterOp::Add: return rounded(t, a + b);
    case ScatterOp::Mul: return rounded(t, a * b);
    case ScatterOp::Amax: return a.real() < b.real() ? b : a;
    default: return a.real() > b.real() ? b : a;
  }
}
bool same(const Tensor& t, const std::vector<Wide>& wanted) {
  for (int64_t i = 0; i < t.numel(); ++i)
    if (!close(get(t, i), rounded(t.dtype(), wanted[i]), t.is_complex() ? 1e-5 : 0, t.is_complex() ? 1e-5 : 0)) return false;
  return true;
}

}  // namespace

TEST_CASE("index_select and gather: every dtype, dimension and layout", "[backends]") {
  for (DType t : kAllDTypes)
    for (const Shape& sizes : std::vector<Shape>{{9}, {4, 50}, {3, 7, 20}, {2, 3, 4, 5}})
      for (Spacing layout : kSpacings)
        for (int64_t dim = 0; dim < sizes.size(); ++dim) {
          const Tensor in = random(sizes, t, layout), chosen = indices({11}, sizes[dim], layout);
          Shape out_sizes = sizes;
          out_sizes[dim] = 11;
          Tensor out = make(out_sizes, t, Spacing((int(layout) + dim) % 3));
          index_select_kernel(kCPU, out, in, dim, chosen);
          std::vector<Wide> wanted;
          for (int64_t i = 0; i < out.numel(); ++i) {
            auto at = coordinates(out_sizes, i);
            at[dim] = int64_t(real(chosen, at[dim]));
            wanted.push_back(get(in, position(sizes, at)));
          }
          if (!same(out, wanted)) FAIL("index_select " << name(t) << " " << to_string(sizes) << " dim " << dim);
          const Tensor places = indices(out_sizes, sizes[dim], layout);
          gather_kernel(kCPU, out, in, dim, places);
          for (int64_t i = 0; i < out.numel(); ++i) {
            auto at = coordinates(out_sizes, i);
            at[dim] = int64_t(real(places, i));
            wanted[i] = get(in, position(sizes, at));
          }
          if (!same(out, wanted)) FAIL("gather " << name(t) << " " << to_string(sizes) << " dim " << dim);
        }
  Tensor in = random({70, 300}, kFloat32), rows = indices({400}, 70), out = make({400, 300}, kFloat32);
  index_select_kernel(kCPU, out, in, 0, rows);
  CHECK(get(out, 399 * 300 + 7) == get(in, int64_t(real(rows, 399)) * 300 + 7));
}

TEST_CASE("scatter and index_add: every operator and dtype, in index order", "[backends]") {
  for (DType t : kAllDTypes)
    for (ScatterOp op : {ScatterOp::Set, ScatterOp::Add, ScatterOp::Mul, ScatterOp::Amax, ScatterOp::Amin})
      for (const Shape& sizes : std::vector<Shape>{{9}, {4, 50}, {3, 7, 20}})
        for (Spacing layout : kSpacings)
          for (int64_t dim = 0; dim < sizes.size(); ++dim) {
            if (is_complex(t) && op >= ScatterOp::Amax) continue;
            Shape from_sizes = sizes;
            from_sizes[dim] = 6;
            const Tensor source = random(from_sizes, t, layout, 1, 9), places = indices(from_sizes, sizes[dim], layout),
                         chosen = indices({6}, sizes[dim]);
            for (bool by_line : {false, true}) {
              Tensor self = random(sizes, t, Spacing((int(layout) + dim) % 3));
              std::vector<Wide> wanted = values(self);
              for (int64_t i = 0; i < source.numel(); ++i) {
                auto at = coordinates(from_sizes, i);
                at[dim] = int64_t(by_line ? real(chosen, at[dim]) : real(places, i));
                Wide& cell = wanted[position(sizes, at)];
                cell = combined(op, t, cell, get(source, i));
              }
              if (by_line) index_add_kernel(kCPU, op, self, dim, chosen, source, 1);
              else scatter_kernel(kCPU, op, self, dim, places, source);
              if (!same(self, wanted))
                FAIL((by_line ? "index_add " : "scatter ")
                     << name(t) << " op " << int(op) << " " << to_string(sizes) << " dim " << dim << " layout " << int(layout));
            }
          }
  Tensor self = filled({3}, kFloat32, {0}), index = filled({4}, kInt32, {0, 2, 2, 0}), source = filled({4}, kFloat32, {1, 2, 3, 4});
  index_add_kernel(kCPU, ScatterOp::Add, self, 0, index, source, -2);
  CHECK(reals(self) == std::vector<double>{-10, 0, -10});
  Tensor complex = make({2}, kComplex64);
  CHECK_THROWS_AS(scatter_kernel(kCPU, ScatterOp::Amax, complex, 0, filled({1}, kInt64, {0}), complex), Error);
}

TEST_CASE("index and index_put: several broadcast indices, negative ones, repeated ones", "[backends]") {
  for (DType t : {kBool, kInt16, kInt64, kBFloat16, kFloat32, kComplex128})
    for (Spacing layout : kSpacings)
      for (int64_t used : {1, 2, 3}) {
        const Shape sizes{4, 5, 6};
        const Tensor in = random(sizes, t, layout);
        const Shape index_sizes{3, 7};
        std::vector<Tensor> index;
        for (int64_t d = 0; d < used; ++d) {
          Tensor i = indices({3, 7}, sizes[d], layout, -sizes[d]);
          index.push_back(d == 1 ? alias(i, index_sizes, {i.strides()[0], 0}, 0) : i);
        }
        Shape out_sizes = index_sizes;
        for (int64_t d = used; d < 3; ++d) out_sizes.push_back(sizes[d]);
        Tensor out = make(out_sizes, t, Spacing((int(layout) + used) % 3));
        index_kernel(kCPU, out, in, index);
        auto source = [&](int64_t i) {
          const auto at = coordinates(out_sizes, i);
          std::vector<int64_t> from;
          for (int64_t d = 0; d < used; ++d) from.push_back((int64_t(real(index[d], at[0] * 7 + at[1])) + sizes[d]) % sizes[d]);
          for (int64_t d = used; d < 3; ++d) from.push_back(at[2 + d - used]);
          return position(sizes, from);
        };
        std::vector<Wide> wanted;
        for (int64_t i = 0; i < out.numel(); ++i) wanted.push_back(get(in, source(i)));
        if (!same(out, wanted)) FAIL("index " << name(t) << " used " << used);
        for (bool accumulate : {false, true}) {
          Tensor self = random(sizes, t, layout);
          const Tensor given = random(out_sizes, t, layout, 1, 4);
          wanted = values(self);
          for (int64_t i = 0; i < given.numel(); ++i)
            wanted[source(i)] = combined(accumulate ? ScatterOp::Add : ScatterOp::Set, t, wanted[source(i)], get(given, i));
          index_put_kernel(kCPU, self, index, given, accumulate);
          if (!same(self, wanted)) FAIL("index_put " << name(t) << " used " << used << " accumulate " << accumulate);
        }
      }
}

TEST_CASE("indices out of range name the operator, value and size, and nothing is written", "[backends]") {
  const Tensor in = random({3, 4}, kFloat32);
  Tensor out = filled({2, 4}, kFloat32, {7}), bad = filled({2}, kInt64, {0, 3}), places = filled({2, 4}, kInt64, {0, 1, -1, 2});
  CHECK_THROWS_WITH(index_select_kernel(kCPU, out, in, 0, bad), Contains("index_select") && Contains("size 3") && Contains("3 at position 1"));
  CHECK_THROWS_WITH(gather_kernel(kCPU, out, in, 0, places), Contains("gather") && Contains("-1 at position 2"));
  CHECK(real(out, 0) == 7);
  Tensor self = filled({3, 4}, kFloat32, {7});
  CHECK_THROWS_WITH(index_add_kernel(kCPU, ScatterOp::Add, self, 0, bad, out, 1), Contains("index_add"));
  CHECK_THROWS_WITH(scatter_kernel(kCPU, ScatterOp::Set, self, 0, places, out), Contains("scatter"));
  const std::vector<Tensor> pair{bad, filled({2}, kInt64, {-4, 0})}, low{filled({2}, kInt64, {-4, 0})};
  Tensor cells = make({2}, kFloat32);
  CHECK_THROWS_WITH(index_kernel(kCPU, cells, in, pair), Contains("index") && Contains("3 at position 1"));
  CHECK_THROWS_WITH(index_put_kernel(kCPU, self, low, out, false), Contains("index_put") && Contains("-4 at position 0"));
  CHECK(real(self, 0) == 7);
  try {
    index_select_kernel(kCPU, out, in, 0, bad);
  } catch (const Error& error) { CHECK(error.kind() == ErrorKind::Index); }
}

TEST_CASE("nonzero, count_nonzero, as_strided_backward, embedding_backward", "[backends]") {
  for (DType t : kAllDTypes)
    for (const Shape& sizes : std::vector<Shape>{{9}, {4, 50}, {3, 7, 20}, {300, 301}}) {
      if (sizes.numel() > 10'000 && t != kBool && t != kFloat32 && t != kComplex128) continue;  // how the threads share it is the same for all
      for (Spacing layout : kSpacings) {
        Tensor in = random(sizes, t, layout), count = make({}, kInt64);
        for (int64_t i = 0; i < in.numel(); i += 3) put(in, i, 0.0);
        std::vector<double> wanted;
        for (int64_t i = 0; i < in.numel(); ++i)
          if (get(in, i) != Wide(0))
            for (int64_t c : coordinates(sizes, i)) wanted.push_back(double(c));
        count_nonzero_kernel(kCPU, count, in);
        REQUIRE(real(count, 0) * double(sizes.size()) == double(wanted.size()));
        Tensor out = make({int64_t(real(count, 0)), sizes.size()}, kInt64, Spacing(int(layout)));
        nonzero_kernel(kCPU, out, in);
        if (reals(out) != wanted) FAIL("nonzero " << name(t) << " " << to_string(sizes));
      }
    }
  Tensor out = filled({6}, kFloat32, {1}), grad = filled({2, 3}, kFloat32, {1, 2, 3, 4, 5, 6});
  as_strided_backward_kernel(kCPU, out, grad, Shape{1, 1}, 1);  // a sliding window: elements 2 and 3 are met twice
  CHECK(reals(out) == std::vector<double>{1, 2, 7, 9, 7, 1});

  for (DType t : {kFloat32, kFloat64, kBFloat16}) {
    Tensor weight = make({5, 40}, t), rows = filled({3, 40}, t, {1}), index = filled({3}, kInt64, {4, 1, 4});
    embedding_backward_kernel(kCPU, weight, rows, index, -1, false);
    CHECK(real(weight, 4 * 40 + 39) == 2);
    CHECK(real(weight, 1 * 40) == 1);
    CHECK(real(weight, 0) == 0);
    embedding_backward_kernel(kCPU, weight, rows, index, 1, true);
    CHECK(real(weight, 4 * 40) == 1);
    CHECK(real(weight, 1 * 40) == 0);
  }
}
