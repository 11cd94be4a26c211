#include <cmath>
#include <complex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "lazuli/backends/cpu/linalg/small_gemm.h"
#include "lazuli/backends/cpu/onednn.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/tests/catch.h"

using namespace lazuli;
using Wide = std::complex<double>;

namespace {

struct Threads {  // restores the setting at the end of a test
  int before = get_num_threads();
  explicit Threads(int n) { set_num_threads(n); }
  ~Threads() { set_num_threads(before); }
};

std::mt19937 random_bits(7);
int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_bits); }

int64_t position(const Tensor& t, int64_t l, int64_t i, int64_t j) {
  const Shape& s = t.strides();
  return t.dim() == 3 ? l * s[0] + i * s[1] + j * s[2] : i * s[0] + j * s[1];
}

Wide read(const Tensor& t, int64_t at) {
  Scalar s = load_scalar(static_cast<char*>(t.address()) + at * t.item_size(), t.dtype());
  return s.is_integral() ? Wide(double(s.to<int64_t>())) : s.to<Wide>();
}
void write(const Tensor& t, int64_t at, Wide v) {
  void* element = static_cast<char*>(t.address()) + at * t.item_size();
  if (t.is_complex()) store_scalar(element, t.dtype(), Scalar(v));
  else if (is_integral(t.dtype())) store_scalar(element, t.dtype(), Scalar(int64_t(v.real())));
  else store_scalar(element, t.dtype(), Scalar(v.real()));
}

enum class Spacing { Rows, Columns, PaddedRows, PaddedColumns, Spread, SharedRow, SharedBatch, BatchInside, Count };

// A tensor of small numbers, sums of which every dtype holds exactly.
Tensor make(int64_t batch, int64_t rows, int64_t columns, DType t, Spacing layout, bool output = false) {
  if (output && (layout == Spacing::SharedRow || layout == Spacing::SharedBatch)) layout = Spacing::Rows;
  int64_t row = columns, column = 1, matrix = rows * columns;
  switch (layout) {
    case Spacing::Columns: row = 1, column = rows; break;
    case Spacing::PaddedRows: row = columns + 3, matrix = rows * row + 5; break;
    case Spacing::PaddedColumns: row = 1, column = rows + 2, matrix = columns * column; break;
    case Spacing::Spread: column = 2, row = 2 * columns + 1, matrix = rows * row; break;
    case Spacing::SharedRow: row = 0, matrix = columns; break;
    case Spacing::SharedBatch: matrix = 0; break;
    case Spacing::BatchInside: row = columns * std::max<int64_t>(batch, 1), matrix = columns; break;
    default: break;
  }
  Tensor base =
      new_tensor({std::max<int64_t>(batch, 1) * ((rows + 2) * (columns + 3) + (layout == Spacing::Spread ? rows * columns + rows : 0)) + 8}, t);
  for (int64_t i = 0; i < base.numel(); ++i)
    write(base, i, is_complex(t) ? Wide(pick(-2, 2), pick(-2, 2)) : t == kUInt8 ? Wide(pick(0, 3)) : Wide(pick(-2, 2)));
  return batch ? alias(base, {batch, rows, columns}, {matrix, row, column}, 1) : alias(base, {rows, columns}, {row, column}, 1);
}

struct Case {
  int64_t batch, m, n, k;
  DType dtype;
  Spacing a = Spacing::Rows, b = Spacing::Rows, out = Spacing::Rows;
  double beta = 0, alpha = 1;
  bool bias = false;
};

Wide dot(const Wide* x, const Wide* y, int64_t n, bool complex) {
  const double *a = reinterpret_cast<const double*>(x), *b = reinterpret_cast<const double*>(y);
  double re = 0, im = 0;
  for (int64_t i = 0; i < n; ++i) {
    re += a[2 * i] * b[2 * i];
    if (complex) re -= a[2 * i + 1] * b[2 * i + 1], im += a[2 * i] * b[2 * i + 1] + a[2 * i + 1] * b[2 * i];
  }
  return {re, im};
}

// Compares with sums in double, and checks that nothing but out's elements was written.
void check(const Case& c) {
  INFO(name(c.dtype) << " batch " << c.batch << " m " << c.m << " n " << c.n << " k " << c.k << " layouts " << int(c.a) << int(c.b) << int(c.out)
                     << " beta " << c.beta << " alpha " << c.alpha << " bias " << c.bias);
  const Tensor a = make(c.batch, c.m, c.k, c.dtype, c.a), b = make(c.batch, c.k, c.n, c.dtype, c.b);
  Tensor out = make(c.batch, c.m, c.n, c.dtype, c.out, true);
  const Tensor bias = c.bias ? make(0, 1, c.n, c.dtype, Spacing::Rows) : Tensor();
  const Tensor bias_row = c.bias ? alias(bias, {c.n}, {1}, 1) : Tensor();
  const Tensor whole = alias(out, {out.storage()->bytes() / out.item_size()}, {1}, 0);
  std::vector<Wide> wanted(whole.numel());
  for (int64_t i = 0; i < whole.numel(); ++i) wanted[i] = read(whole, i);
  const bool complex = is_complex(c.dtype);
  for (int64_t l = 0; l < std::max<int64_t>(c.batch, 1); ++l) {
    std::vector<Wide> x(c.m * c.k), y(c.n * c.k);
    for (int64_t i = 0; i < c.m * c.k; ++i) x[i] = read(a, position(a, l, i / c.k, i % c.k));
    for (int64_t i = 0; i < c.n * c.k; ++i) y[i] = read(b, position(b, l, i % c.k, i / c.k));
    for (int64_t i = 0; i < c.m; ++i)
      for (int64_t j = 0; j < c.n; ++j) {
        const Wide sum = dot(x.data() + i * c.k, y.data() + j * c.k, c.k, complex);
        Wide& w = wanted[1 + position(out, l, i, j)];
        w = c.beta * w + c.alpha * sum + (c.bias ? read(bias_row, j) : 0.0);
        if (c.beta == 0 && !is_integral(c.dtype)) write(out, position(out, l, i, j), Wide(std::nan(""), std::nan("")));  // must not be read
      }
  }
  matmul_kernel(kCPU, out, a, b, bias_row, c.beta, c.alpha);
  const double relative = c.dtype == kBFloat16 ? 8e-3 : c.dtype == kFloat16 ? 1e-3 : 1e-5;
  for (int64_t i = 0; i < whole.numel(); ++i) {
    const Wide got = read(whole, i);
    if (!(std::abs(got - wanted[i]) <= relative * (std::abs(wanted[i]) + 1))) {
      INFO("element " << i);
      REQUIRE(got == wanted[i]);
    }
  }
}

const DType kAll[] = {kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128};

Spacing any_layout() { return Spacing(pick(0, int(Spacing::Count) - 1)); }

}  // namespace

TEST_CASE("matmul of every dtype, any strides, with epilogue", "[backends]") {
  for (int threads : {1, 2}) {
    Threads scope(threads);
    for (DType t : kAll) {
      const bool narrow = item_size(t) == 1;  // sums must not wrap differently from the reference
      for (int i = 0; i < 60; ++i) {
        Case c{pick(0, 3), pick(1, 9), pick(1, 20), pick(0, narrow ? 3 : 17), t, any_layout(), any_layout(), any_layout()};
        if (i % 6 == 0) c.m = 1;
        if (i % 7 == 0) c.n = 1;
        if (i % 5 == 0 && !narrow) c.k = 40, c.n = 70, c.m = 20;
        c.beta = pick(0, 2) * (is_integral(t) ? 1 : 0.5);
        c.alpha = is_integral(t) || pick(0, 1) ? 1 : 0.5;
        c.bias = pick(0, 1);
        if (narrow) c.beta = pick(0, 1);
        check(c);
      }
    }
  }
}

TEST_CASE("float32 matmul on both sides of each crossover", "[backends]") {
  for (int threads : {1, 2}) {
    Threads scope(threads);
    const int64_t sizes[][3] = {{2, 4, 4},      {32, 64, 64},  {32, 10, 64},  {64, 64, 65},  {70, 130, 40},   {97, 96, 96},
                                {128, 10, 256}, {1, 700, 300}, {700, 1, 300}, {3, 200, 300}, {129, 100, 120}, {260, 257, 258}};
    for (auto [m, n, k] : sizes)
      for (Spacing a : {Spacing::Rows, Spacing::Columns})
        for (Spacing b : {Spacing::Rows, Spacing::Columns})
          for (int form = m * n * k > 4000000 ? 2 : 0; form < 3; ++form)
            check(
                {0, m, n, k, kFloat32, a, b, form == 2 ? Spacing::Columns : Spacing::Rows, form == 0 ? 0.0 : 0.5, form == 2 ? 2.0 : 1.0, form != 0});
  }
}

TEST_CASE("float32 products of a transposed matrix, as those of the gradients of weights", "[backends]") {
  for (int threads : {1, 2}) {
    Threads scope(threads);
    for (Spacing b : {Spacing::Rows, Spacing::Columns})
      for (Spacing out : {Spacing::Rows, Spacing::PaddedRows, Spacing::Columns}) {
        check({0, 1024, 101, 180, kFloat32, Spacing::Columns, b, out, 0, 0.5});
        check({0, 203, 130, 700, kFloat32, Spacing::Columns, b, out, 0.5, 1, true});
      }
  }
}

TEST_CASE("batches beyond the small kernels", "[backends]") {
  for (DType t : {kFloat32, kBFloat16, kFloat64})
    for (Spacing a : {Spacing::Rows, Spacing::Columns, Spacing::SharedBatch, Spacing::BatchInside})
      for (Spacing b : {Spacing::Rows, Spacing::Columns, Spacing::SharedBatch})
        for (int form = 0; form < 2; ++form) check({2, 100, 100, 101, t, a, b, Spacing::Rows, form * 0.5, 1.0, form == 1});
  check({2, 100, 100, 101, kFloat32, Spacing::Rows, Spacing::Rows, Spacing::Columns, 0.5, 2.0, true});
}

TEST_CASE("bfloat16 products of matrices and of slices of their columns", "[backends]") {
  for (int64_t m : {4, 40})
    for (Spacing a : {Spacing::Rows, Spacing::Columns, Spacing::PaddedRows})
      for (Spacing b : {Spacing::Rows, Spacing::Columns, Spacing::PaddedRows})
        for (Spacing out : {Spacing::Rows, Spacing::PaddedRows, Spacing::Columns})
          for (int form = 0; form < 2; ++form) check({0, m, 70, 33, kBFloat16, a, b, out, form * 0.5, 1.0, form == 1});
}

TEST_CASE("matmul of nothing", "[backends]") {
  for (DType t : kAll) {
    for (int64_t batch : {0, 2})
      for (double beta : {0.0, 1.0}) {
        check({batch, 3, 4, 0, t, Spacing::Rows, Spacing::Rows, Spacing::Rows, beta, 1, true});
        check({batch, 3, 4, 0, t, Spacing::Rows, Spacing::Rows, Spacing::Columns, beta, 1, false});
      }
    check({0, 0, 4, 3, t});
    check({0, 4, 0, 3, t});
  }
}

TEST_CASE("integer matmul wraps around", "[backends]") {
  Tensor a = new_tensor({1, 2}, kInt8), b = new_tensor({2, 1}, kInt8), out = new_tensor({1, 1}, kInt8);
  for (int i = 0; i < 2; ++i) a.data_ptr<int8_t>()[i] = 100, b.data_ptr<int8_t>()[i] = 3;
  matmul_kernel(kCPU, out, a, b, {}, 0, 1);
  REQUIRE(int(out.data_ptr<int8_t>()[0]) == int(int8_t(600)));
}

TEST_CASE("our own float32 kernels give the same for any thread count", "[backends]") {
  for (Spacing b : {Spacing::Rows, Spacing::Columns})
    for (auto [m, n, k, a] : {std::tuple<int64_t, int64_t, int64_t, Spacing>{90, 90, 90, Spacing::Rows},
                              {1, 1000, 333, Spacing::Rows},
                              {5, 800, 100, Spacing::Rows},
                              {250, 170, 600, Spacing::Columns}}) {
      const Tensor x = make(0, m, k, kFloat32, a), y = make(0, k, n, kFloat32, b);
      for (int64_t i = 0; i < m * k; ++i) x.data_ptr<float>()[i] = float(std::sin(double(i)));
      Tensor out[2] = {new_tensor({m, n}, kFloat32), new_tensor({m, n}, kFloat32)};
      for (int t = 0; t < 2; ++t) {
        Threads scope(t + 1);
        matmul_kernel(kCPU, out[t], x, y, {}, 0, 1);
      }
      for (int64_t i = 0; i < m * n; ++i) REQUIRE(out[0].data_ptr<float>()[i] == out[1].data_ptr<float>()[i]);
    }
}

TEST_CASE("oneDNN's primitives are made once for each shape and kept within a limit", "[backends]") {
  cpu::clear_onednn_cache();
  REQUIRE(cpu::onednn_cache_stats().entries == 0);
  auto run = [](int64_t n) {
    const Tensor a = make(0, 128, 128, kFloat32, Spacing::Rows), b = make(0, 128, n, kFloat32, Spacing::Columns);  // beyond our own kernels
    Tensor out = new_tensor({128, n}, kFloat32);
    matmul_kernel(kCPU, out, a, b, {}, 0, 1);
  };
  const auto before = cpu::onednn_cache_stats();
  for (int i = 0; i < 5; ++i) run(160);
  auto after = cpu::onednn_cache_stats();
  REQUIRE(after.misses - before.misses == 1);
  REQUIRE(after.hits - before.hits == 4);
  REQUIRE(after.entries == 1);
  cpu::set_onednn_cache_limit(2);
  for (int64_t n : {161, 162, 163, 160}) run(n);
  after = cpu::onednn_cache_stats();
  REQUIRE(after.entries == 2);
  REQUIRE(after.evictions - before.evictions == 3);
  cpu::set_onednn_cache_limit(1024);
  REQUIRE(cpu::onednn_version().substr(0, 2) == "3.");
}

TEST_CASE("matmul from several threads at once", "[backends]") {
  Threads scope(1);
  std::vector<std::thread> workers;
  std::vector<int> wrong(4);
  for (int w = 0; w < 4; ++w)
    workers.emplace_back([&wrong, w] {
      Tensor a = new_tensor({128, 128}, kFloat32), b = new_strided({128, 128}, {1, 128}, kFloat32), out = new_tensor({128, 128}, kFloat32);
      for (int64_t i = 0; i < a.numel(); ++i) a.data_ptr<float>()[i] = float(w + 1), b.data_ptr<float>()[i] = 1;
      for (int round = 0; round < 50; ++round) {
        matmul_kernel(kCPU, out, a, b, {}, 0, 1);
        for (int64_t i = 0; i < out.numel(); ++i) wrong[w] += out.data_ptr<float>()[i] != float(128 * (w + 1));
      }
    });
  for (auto& w : workers) w.join();
  REQUIRE(wrong == std::vector<int>(4));
}

TEST_CASE("one row by one column: any strides and lengths, the same for any number of threads", "[backends]") {
  for (const DType dtype : {kFloat32, kFloat64})
    for (const int64_t k : {1, 7, 300, 20000, 70001})
      for (const int64_t step : {1, 3}) {
        const Tensor left = new_tensor({2, 1, k * step}, dtype), right = new_tensor({2, k, 1}, dtype);
        double wanted[2] = {0.5, 0.5};
        for (int64_t l = 0; l < 2; ++l)
          for (int64_t i = 0; i < k; ++i) {
            const double x = double(i % 17 - 8) / 8, y = double(i % 5 - 1) / 4;
            write(left, l * k * step + i * step, x);
            write(right, l * k + i, y + double(l));
            wanted[l] += 2 * x * (y + double(l));
          }
        const Tensor a = alias(left, {2, 1, k}, {k * step, k * step, step}, 0);
        std::vector<double> results;
        for (const int threads : {1, 2, 3}) {
          Threads guard(threads);
          Tensor out = new_tensor({2, 1, 1}, dtype);
          write(out, 0, 1), write(out, 1, 1);
          matmul_kernel(kCPU, out, a, right, Tensor(), 0.5, 2);
          for (int64_t l = 0; l < 2; ++l) {
            CHECK(read(out, l).real() == Approx(wanted[l]).epsilon(1e-5));
            results.push_back(read(out, l).real());
          }
        }
        for (size_t i = 2; i < results.size(); ++i) CHECK(results[i] == results[i % 2]);
      }
}

TEST_CASE("transpose_f32 writes a matrix of any size, and nothing beside it", "[backends]") {
  for (int64_t rows = 1; rows < 37; rows += rows < 9 ? 1 : 5)
    for (int64_t columns = 1; columns < 24; ++columns) {
      const int64_t row = columns + 3, stride = rows + 2;
      std::vector<float> in(size_t(rows * row)), out(size_t(columns * stride), -1.0f);
      for (size_t i = 0; i < in.size(); ++i) in[i] = float(i);
      cpu::transpose_f32(out.data(), stride, in.data(), row, rows, columns);
      bool right = true;
      for (int64_t c = 0; c < columns; ++c)
        for (int64_t r = 0; r < stride; ++r) right &= out[size_t(c * stride + r)] == (r < rows ? in[size_t(r * row + c)] : -1.0f);
      INFO(rows << " x " << columns);
      CHECK(right);
    }
}

namespace {

// As matmul and the pointwise slots by themselves give it, to the bit.
void check_fused(int64_t batch, int64_t m, int64_t n, int64_t k, DType t, Spacing a_layout, Spacing b_layout, Spacing out_layout, bool with_bias,
                 UnaryOp activation, std::optional<BinaryOp> gradient) {
  INFO(name(t) << " " << batch << ": " << m << " x " << n << " x " << k << ", layouts " << int(a_layout) << " " << int(b_layout) << " "
               << int(out_layout) << ", bias " << with_bias << ", " << (gradient ? name(*gradient) : name(activation)));
  const Tensor a = make(batch, m, k, t, a_layout), b = make(batch, k, n, t, b_layout), none;
  const Tensor other = gradient ? make(batch, m, n, t, pick(0, 1) ? Spacing::PaddedRows : any_layout()) : none,
               base = make(0, 1, n, t, Spacing::Rows);
  const Tensor bias = with_bias ? alias(base, {n}, {1}, base.storage_offset()) : none;
  if (m * k > 2) write(a, position(a, 0, 0, 0), NAN), write(a, position(a, 0, m - 1, k - 1), INFINITY);
  if (gradient) write(other, position(other, 0, m - 1, n - 1), NAN);
  Tensor apart = make(batch, m, n, t, out_layout, true), out = make(batch, m, n, t, out_layout, true);
  const Params p{0.25, 0.5};
  matmul_kernel(kCPU, apart, a, b, bias, 0, 1);
  if (gradient) binary_kernel(kCPU, *gradient, apart, apart, other, p);
  else unary_kernel(kCPU, activation, apart, apart, p);
  matmul_fused_kernel(kCPU, out, a, b, bias, activation, other, gradient.value_or(BinaryOp::Add), p);
  Tensor composed = make(batch, m, n, t, out_layout, true);
  matmul_fused_kernel.without_kernel(kCPU, composed, a, b, bias, activation, other, gradient.value_or(BinaryOp::Add), p);
  const auto same = [](Wide x, Wide y) {
    return std::isnan(x.real()) ? std::isnan(y.real()) : x == y && std::signbit(x.real()) == std::signbit(y.real());
  };
  for (int64_t l = 0; l < std::max<int64_t>(batch, 1); ++l)
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        const Wide wanted = read(apart, position(apart, l, i, j)), got = read(out, position(out, l, i, j)),
                   other_way = read(composed, position(composed, l, i, j));
        if (!same(wanted, got) || !same(wanted, other_way)) {
          INFO("element " << l << " " << i << " " << j);
          REQUIRE(got == wanted);
          REQUIRE(other_way == wanted);
        }
      }
}

}  // namespace

TEST_CASE("a product with its activation, or with the gradient of one, has the bits of separate calls", "[backends]") {
  for (int threads : {1, 2}) {
    Threads scope(threads);
    for (const DType t : {kFloat32, kFloat64, kBFloat16, kFloat16})
      for (int i = 0; i < (t == kFloat32 ? 300 : 40); ++i) {
        int64_t m = pick(1, 9), n = pick(1, 40), k = pick(1, 40);
        if (i % 5 == 0) m = 32, n = 64, k = pick(0, 1) ? 64 : 300;
        if (i % 7 == 0) n = 10, k = 64;
        if (i % 11 == 0) m = 1, n = 200;
        if (i % 50 == 0) m = 130, n = 120, k = 131;  // beyond our own kernels where b is transposed
        const bool plain = i % 2 == 0;
        const Spacing a = plain ? Spacing(pick(0, 1)) : any_layout(), b = plain ? Spacing(pick(0, 1)) : any_layout(),
                      out = plain ? Spacing::Rows : any_layout();
        const UnaryOp activation = std::vector{UnaryOp::Relu, UnaryOp::Relu, UnaryOp::Tanh, UnaryOp::LeakyRelu}[size_t(pick(0, 3))];
        std::optional<BinaryOp> gradient;
        if (pick(0, 1)) gradient = std::vector{BinaryOp::ReluGrad, BinaryOp::ReluGrad, BinaryOp::SigmoidGrad}[size_t(pick(0, 2))];
        check_fused(i % 13 == 0 ? 3 : 0, m, n, k, t, a, b, out, pick(0, 1), activation, gradient);
      }
  }
}
