#include "lazuli/ops/composites.h"

#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/lazuli.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/tests/backends/kernel_test.h"
#include "lazuli/tests/ops/bare_device.h"

using namespace lazuli;
using namespace lazuli::test;

// Each composite, on the CPU, beside the CPU's kernel for the same inputs.
namespace {

const std::vector<DType> kTypes{kFloat32, kFloat64, kBFloat16};
const std::vector<Shape> kSizes{{1, 1}, {3, 7}, {33, 130}, {0, 5}};

DType statistics(DType t) { return t == kFloat64 ? kFloat64 : kFloat32; }

void expect_same(const Tensor& got, const Tensor& expected, double scale = 1) {
  REQUIRE(got.sizes() == expected.sizes());
  for (int64_t i = 0; i < got.numel(); ++i)
    if (!close(get(got, i), get(expected, i), got.dtype(), scale)) {
      FAIL(name(got.dtype()) << " " << to_string(got.sizes()) << " element " << i << ": " << real(got, i) << ", expected " << real(expected, i));
    }
}
void expect_equal(const Tensor& got, const Tensor& expected) {
  for (int64_t i = 0; i < got.numel(); ++i)
    if (get(got, i) != get(expected, i) && !(std::isnan(real(got, i)) && std::isnan(real(expected, i))))
      FAIL("element " << i << ": " << real(got, i) << ", expected " << real(expected, i));
}
Tensor copied(const Tensor& t) {
  if (!t.defined()) return t;
  Tensor out = new_strided(t.sizes(), t.strides(), t.dtype());
  for (int64_t i = 0; i < t.numel(); ++i) put(out, i, get(t, i));
  return out;
}

// Runs kernel and composite on outputs of their own and compares each.
template <class Kernel, class Composite, class... Args>
void compare_outputs(Kernel& kernel, Composite composite, const std::vector<Tensor>& outputs, double scale, const Args&... args) {
  std::vector<Tensor> a, b;
  for (const Tensor& t : outputs) a.push_back(copied(t)), b.push_back(copied(t));
  if constexpr (requires { composite(a[0], args...); }) {
    kernel(kCPU, a[0], args...);
    composite(b[0], args...);
  } else if constexpr (requires { composite(a[0], a[1], args...); }) {
    kernel(kCPU, a[0], a[1], args...);
    composite(b[0], b[1], args...);
  } else {
    kernel(kCPU, a[0], a[1], a[2], args...);
    composite(b[0], b[1], b[2], args...);
  }
  for (size_t i = 0; i < outputs.size(); ++i)
    if (outputs[i].defined()) expect_same(b[i], a[i], scale);
}

}  // namespace

TEST_CASE("composites: softmax and its gradient", "[ops][composites]") {
  for (DType t : kTypes)
    for (const Shape& sizes : kSizes)
      for (Spacing layout : kSpacings)
        for (int64_t dim : {0, 1})
          for (bool log : {false, true}) {
            const Tensor x = random(sizes, t, layout, 3), g = random(sizes, t, layout, 1, 2), y = make(sizes, t);
            compare_outputs(softmax_kernel, composites::softmax, {make(sizes, t, layout)}, 2, x, dim, log);
            Tensor out = make(sizes, t);
            softmax_kernel(kCPU, out, x, dim, log);
            compare_outputs(softmax_backward_kernel, composites::softmax_backward, {make(sizes, t, layout)}, 4, g, out, dim, log);
          }
  // in place
  Tensor x = random({5, 9}, kFloat32), expected = make({5, 9}, kFloat32);
  softmax_kernel(kCPU, expected, x, 1, false);
  composites::softmax(x, x, 1, false);
  expect_same(x, expected);
}

TEST_CASE("composites: cross entropy and its gradient", "[ops][composites]") {
  for (DType t : kTypes)
    for (bool weighted : {false, true})
      for (double smoothing : {0.0, 0.2})
        for (int64_t n : {1, 37}) {
          const int64_t c = 11;
          const Tensor logits = random({n, c}, t, Spacing::Spaced, 2), target = make({n}, kInt64), weight = weighted ? make({c}, t) : Tensor();
          for (int64_t i = 0; i < n; ++i) put(target, i, i % 5 == 3 ? -100.0 : double(i * 7 % c));
          for (int64_t i = 0; weighted && i < c; ++i) put(weight, i, 0.25 * double(i));
          const Tensor losses = make({n}, statistics(t)), log_sum = make({n}, statistics(t)),
                       grad = random({n}, statistics(t), Spacing::Spaced, 1, 3);
          compare_outputs(cross_entropy_kernel, composites::cross_entropy, {losses, log_sum}, 8, logits, target, weight, int64_t(-100), smoothing);
          Tensor l = copied(losses), s = copied(log_sum);
          cross_entropy_kernel(kCPU, l, s, logits, target, weight, -100, smoothing);
          compare_outputs(cross_entropy_backward_kernel, composites::cross_entropy_backward, {make({n, c}, t)}, 8, grad, s, logits, target, weight,
                          int64_t(-100), smoothing);
        }
  Tensor losses = make({2}, kFloat32), log_sum = make({2}, kFloat32);
  CHECK_THROWS_AS(composites::cross_entropy(losses, log_sum, random({2, 3}, kFloat32), filled({2}, kInt64, {1, 3}), Tensor(), -100, 0), Error);
}

TEST_CASE("composites: layer norm and RMS norm", "[ops][composites]") {
  for (DType t : kTypes)
    for (const Shape& sizes : kSizes)
      for (bool affine : {false, true})
        for (bool centre : {false, true}) {
          const int64_t rows = sizes[0], n = sizes[1];
          const DType s = statistics(t);
          const Tensor x = random(sizes, t, Spacing::Contiguous, 2), g = random(sizes, t, Spacing::Contiguous, 1, 2);
          const Tensor w = affine ? random({n}, t, Spacing::Contiguous, 1, 3) : Tensor(),
                       b = affine ? random({n}, t, Spacing::Contiguous, 1, 4) : Tensor();
          const Tensor mean = centre ? make({rows}, s) : Tensor(), rstd = make({rows}, s);
          compare_outputs(layer_norm_kernel, composites::layer_norm, {make(sizes, t), mean, rstd}, n == 1 && centre ? 1000 : 8, x, w, b, 1e-5);
          if (n == 1) continue;  // its gradient is rounding alone
          Tensor y = make(sizes, t), m = copied(mean), r = copied(rstd);
          layer_norm_kernel(kCPU, y, m, r, x, w, b, 1e-5);
          for (int given = 0; given < 8; ++given)
            compare_outputs(layer_norm_backward_kernel, composites::layer_norm_backward,
                            {given & 1 ? make(sizes, t) : Tensor(), given & 2 ? make({n}, t) : Tensor(), given & 4 ? make({n}, t) : Tensor()}, 40, g,
                            x, m, r, w);
        }
}

TEST_CASE("composites: batch norm", "[ops][composites]") {
  for (DType t : kTypes)
    for (const Shape& sizes : std::vector<Shape>{{4, 3}, {35, 17}, {3, 5, 7}, {2, 3, 4, 5}, {0, 3}})
      for (bool training : {false, true})
        for (bool affine : {false, true})
          for (bool running : {false, true}) {
            if (!training && !running) continue;
            const int64_t c = sizes[1];
            const DType s = statistics(t);
            const Tensor x = random(sizes, t, Spacing::Permuted, 2), g = random(sizes, t, Spacing::Spaced, 1, 2);
            const Tensor w = affine ? random({c}, s, Spacing::Contiguous, 1, 3) : Tensor(),
                         b = affine ? random({c}, s, Spacing::Contiguous, 1, 4) : Tensor();
            const Tensor out = filled(sizes, t, {0}), mean = filled({c}, s, {0}), rstd = filled({c}, s, {0});
            Tensor m[2] = {copied(mean), copied(mean)}, r[2] = {copied(rstd), copied(rstd)}, y[2] = {copied(out), copied(out)}, rm[2], rv[2];
            for (int k = 0; k < 2 && running; ++k) rm[k] = random({c}, s, Spacing::Contiguous, 1, 5), rv[k] = filled({c}, s, {0.5, 1, 2});
            batch_norm_kernel(kCPU, y[0], m[0], r[0], x, w, b, rm[0], rv[0], training, 0.1, 1e-5);
            composites::batch_norm(y[1], m[1], r[1], x, w, b, rm[1], rv[1], training, 0.1, 1e-5);
            expect_same(y[1], y[0], 8);
            expect_same(m[1], m[0], 4);
            expect_same(r[1], r[0], 4);
            if (running) expect_same(rm[1], rm[0], 4), expect_same(rv[1], rv[0], 4);
            for (int given = 0; given < 8; ++given)
              compare_outputs(batch_norm_backward_kernel, composites::batch_norm_backward,
                              {given & 1 ? make(sizes, t) : Tensor(), given & 2 ? make({c}, s) : Tensor(), given & 4 ? make({c}, s) : Tensor()}, 100,
                              g, x, m[0], r[0], w, training);
          }
}

TEST_CASE("composites: batch norm with ReLU and a residual", "[ops][composites]") {
  const auto relu_of = [](Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& residual, const Tensor& w, const Tensor& b,
                          bool training, bool kernel) {
    const int64_t c = in.size(1);
    Tensor rm = filled({c}, statistics(in.dtype()), {0.1, 0}), rv = filled({c}, statistics(in.dtype()), {0.5, 1, 2});
    if (kernel) batch_norm_relu_kernel(kCPU, out, mean, rstd, in, residual, w, b, rm, rv, training, 0.1, 1e-5);
    else composites::batch_norm_relu(out, mean, rstd, in, residual, w, b, rm, rv, training, 0.1, 1e-5);
  };
  for (DType t : kTypes)
    for (const Shape& sizes : std::vector<Shape>{{4, 3}, {300, 17}, {3, 5, 7}, {2, 3, 4, 5}})
      for (Spacing layout : {Spacing::Contiguous, Spacing::Permuted})
        for (bool training : {false, true})
          for (bool added : {false, true}) {
            const int64_t c = sizes[1];
            const DType s = statistics(t);
            const Tensor x = random(sizes, t, layout, 2), g = random(sizes, t, layout, 1, 2), z = added ? random(sizes, t, layout, 1, 9) : Tensor();
            const Tensor w = random({c}, s, Spacing::Contiguous, 1, 3), b = random({c}, s, Spacing::Contiguous, 1, 4);
            Tensor y[2], m[2], r[2];
            for (int k = 0; k < 2; ++k) {
              y[k] = filled(sizes, t, {0}), m[k] = filled({c}, s, {0}), r[k] = filled({c}, s, {0});
              relu_of(y[k], m[k], r[k], x, z, w, b, training, k == 0);
            }
            expect_same(y[1], y[0], 8);
            for (int given = 0; given < 16; ++given) {
              Tensor grads[2][4];
              for (auto& mine : grads)
                for (int k = 0; k < 4; ++k)
                  if (given >> k & 1) mine[k] = k < 2 ? copied(filled(sizes, t, {0})) : filled({c}, s, {0});
              batch_norm_relu_backward_kernel(kCPU, grads[0][0], grads[0][1], grads[0][2], grads[0][3], g, y[0], x, m[0], r[0], w, training);
              composites::batch_norm_relu_backward(grads[1][0], grads[1][1], grads[1][2], grads[1][3], g, y[0], x, m[0], r[0], w, training);
              for (int k = 0; k < 4; ++k)
                if (grads[0][k].defined()) expect_same(grads[1][k], grads[0][k], k == 1 ? 1 : 100);
            }
          }
}

TEST_CASE("composites: every reduction", "[ops][composites]") {
  const auto result = [](ReduceOp op, DType t) {
    if (op == ReduceOp::Any || op == ReduceOp::All) return kBool;
    if (op == ReduceOp::CountNonzero) return kInt64;
    if (op >= ReduceOp::SumSquares) return is_integral(t) && op <= ReduceOp::SumAbs ? kInt64 : real_dtype(t);
    return is_integral(t) ? (op == ReduceOp::Amax || op == ReduceOp::Amin ? t : op == ReduceOp::Mean ? kFloat32 : kInt64) : t;
  };
  for (DType t : {kFloat32, kFloat64, kBFloat16, kInt32, kInt64, kBool, kComplex64})
    for (int k = 0; k < int(ReduceOp::Count_); ++k) {
      const ReduceOp op = ReduceOp(k);
      if (op == ReduceOp::LogSumExp && !is_floating_point(t)) continue;
      if (is_complex(t) &&
          (op == ReduceOp::Amax || op == ReduceOp::Amin || op == ReduceOp::NanSum || op == ReduceOp::AbsMax || op == ReduceOp::AbsMin))
        continue;
      if (is_integral(t) && op >= ReduceOp::SumSquares) continue;
      for (Shape out : std::vector<Shape>{{1, 1, 1}, {4, 1, 6}, {1, 5, 1}, {4, 5, 6}})
        for (Spacing layout : kSpacings) {
          INFO("operator " << k << " " << name(t));
          const Tensor in = random({4, 5, 6}, t, layout);
          Tensor expected = make(out, result(op, t)), got = make(out, result(op, t));
          reduce_kernel(kCPU, op, expected, in);
          composites::reduce(op, got, in);
          expect_same(got, expected, op == ReduceOp::Prod ? 1 : 10);
        }
    }
}

TEST_CASE("composites: reductions of NaN, infinities and nothing", "[ops][composites]") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const std::vector<Tensor> inputs{filled({5}, kFloat32, {1, nan, 3, inf, -inf}), filled({4}, kFloat32, {-inf, -inf, -inf, -inf}),
                                   filled({3}, kFloat32, {1, inf, 2}), make({0}, kFloat32)};
  for (const Tensor& in : inputs)
    for (int k = 0; k < int(ReduceOp::Count_); ++k) {
      const ReduceOp op = ReduceOp(k);
      if (in.numel() == 0 && (op == ReduceOp::Amax || op == ReduceOp::Amin || op >= ReduceOp::AbsMax)) continue;
      INFO("operator " << k << " of " << in.numel());
      const DType t = op == ReduceOp::Any || op == ReduceOp::All ? kBool : op == ReduceOp::CountNonzero ? kInt64 : kFloat32;
      Tensor expected = make({1}, t), got = make({1}, t);
      reduce_kernel(kCPU, op, expected, in);
      composites::reduce(op, got, in);
      expect_same(got, expected);
    }
}

TEST_CASE("a NaN is not zero", "[ops][composites]") {
  Tensor in = filled({40}, kFloat32, {std::numeric_limits<double>::quiet_NaN(), 0}), out = make({1}, kInt64), all = make({1}, kBool);
  reduce_kernel(kCPU, ReduceOp::CountNonzero, out, in);
  CHECK(real(out, 0) == 20);
  reduce_kernel(kCPU, ReduceOp::All, all, filled({1}, kFloat32, {std::numeric_limits<double>::quiet_NaN()}));
  CHECK(real(all, 0) == 1);
}

TEST_CASE("composites: argmax, argmin, var_mean, count_nonzero", "[ops][composites]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (DType t : {kFloat32, kFloat64, kBFloat16, kInt32})
    for (Spacing layout : kSpacings)
      for (int64_t dim : {0, 1, 2})
        for (ArgReduceOp op : {ArgReduceOp::Argmax, ArgReduceOp::Argmin}) {
          Tensor in = random({5, 6, 7}, t, layout);
          if (t == kFloat32) put(in, 17, nan), put(in, 20, nan);
          Shape sizes = in.sizes();
          sizes[dim] = 1;
          Tensor place[2] = {make(sizes, kInt64), make(sizes, kInt64)}, value[2] = {make(sizes, t), make(sizes, t)}, none;
          arg_reduce_kernel(kCPU, op, place[0], value[0], in, dim);
          composites::arg_reduce(op, place[1], value[1], in, dim);
          expect_equal(place[1], place[0]);
          expect_equal(value[1], value[0]);
          composites::arg_reduce(op, place[1], none, in, dim);
          expect_equal(place[1], place[0]);
        }
  for (DType t : {kFloat32, kFloat64, kBFloat16, kComplex64})
    for (const Shape& sizes : std::vector<Shape>{{1, 6}, {5, 1}, {1, 1}, {5, 6}})
      for (double correction : {0.0, 1.0}) {
        const Tensor in = random({5, 6}, t, Spacing::Spaced, 2);
        compare_outputs(var_mean_kernel, composites::var_mean, {make(sizes, real_dtype(t)), make(sizes, t)}, 10, in, correction);
        compare_outputs(var_mean_kernel, composites::var_mean, {make(sizes, real_dtype(t)), Tensor()}, 10, in, correction);
      }
  compare_outputs(var_mean_kernel, composites::var_mean, {make({1, 3}, kFloat32), make({1, 3}, kFloat32)}, 1, make({0, 3}, kFloat32), 1.0);
  for (DType t : {kFloat32, kBool, kInt64, kComplex64})
    for (const Shape& sizes : std::vector<Shape>{{}, {7}, {4, 5, 3}, {0, 2}})
      compare_outputs(count_nonzero_kernel, composites::count_nonzero, {make({}, kInt64)}, 1, random(sizes, t, Spacing::Permuted));
}

TEST_CASE("composites: three-operand functions, triangles", "[ops][composites]") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  for (DType t : kAllDTypes)
    for (Spacing layout : kSpacings) {
      const Shape sizes{3, 5};
      Tensor a = random(sizes, t, layout), b = random(sizes, t, Spacing::Spaced, 1, 2), c = random(sizes, t, layout, 1, 3),
             condition = random(sizes, kBool, layout);
      if (is_floating_point(t)) put(a, 3, nan), put(b, 4, inf), put(a, 7, nan);
      Tensor expected = make(sizes, t, layout), got = make(sizes, t, layout);
      ternary_kernel(kCPU, TernaryOp::Where, expected, condition, a, b, Params());
      composites::ternary(TernaryOp::Where, got, condition, a, b, Params());
      expect_equal(got, expected);
      ternary_kernel(kCPU, TernaryOp::Where, expected, condition, alias(a, sizes, {0, 0}, 0), b, Params());
      composites::ternary(TernaryOp::Where, got, condition, alias(a, sizes, {0, 0}, 0), b, Params());
      expect_equal(got, expected);
      for (TernaryOp op : {TernaryOp::Addcmul, TernaryOp::Addcdiv, TernaryOp::Lerp, TernaryOp::Clamp}) {
        if (t == kBool || (is_integral(t) && op != TernaryOp::Addcmul && op != TernaryOp::Clamp) || (is_complex(t) && op == TernaryOp::Clamp))
          continue;
        INFO("operator " << int(op) << " " << name(t));
        const Params p{op == TernaryOp::Addcmul || op == TernaryOp::Addcdiv ? 2.0 : 0.0, 0};
        ternary_kernel(kCPU, op, expected, a, b, c, p);
        composites::ternary(op, got, a, b, c, p);
        expect_same(got, expected, 10);
      }
      for (int64_t diagonal : {-9, -1, 0, 2, 9})
        for (bool upper : {false, true}) {
          triangle_kernel(kCPU, expected, a, diagonal, upper);
          composites::triangle(got, a, diagonal, upper);
          expect_equal(got, expected);
        }
    }
}

TEST_CASE("composites: dropout has the kernel's mask", "[ops][composites]") {
  for (DType t : {kFloat32, kFloat64, kBFloat16, kComplex64})
    for (double p : {0.0, 0.1, 0.5, 0.7, 1.0}) {
      const Shape sizes{13, 31};
      const Tensor in = random(sizes, t);
      Tensor out[2] = {make(sizes, t), make(sizes, t)}, mask[2] = {make(sizes, kBool), make(sizes, kBool)};
      const PhiloxState state{77, 5};
      dropout_kernel(kCPU, out[0], mask[0], in, p, state);
      composites::dropout(out[1], mask[1], in, p, state);
      expect_equal(mask[1], mask[0]);
      expect_same(out[1], out[0]);
    }
}

TEST_CASE("composites: indexing, embedding and topk", "[ops][composites]") {
  for (DType t : {kFloat32, kFloat64, kBFloat16, kInt64, kBool})
    for (DType index_type : {kInt64, kInt32}) {
      const Tensor in = random({6, 5, 4}, t, Spacing::Permuted), index = filled({7}, index_type, {0, 4, 2, 2, 1, 3, 0});
      compare_outputs(index_select_kernel, composites::index_select, {make({6, 7, 4}, t, Spacing::Spaced)}, 1, in, int64_t(1), index);
      const Tensor source = random({6, 7, 4}, t, Spacing::Spaced, 1, 2);
      for (ScatterOp op : {ScatterOp::Add, ScatterOp::Mul, ScatterOp::Amax, ScatterOp::Amin, ScatterOp::Set})
        for (double alpha : {1.0, -2.0}) {
          Tensor a = copied(in), b = copied(in);
          index_add_kernel(kCPU, op, a, 1, index, source, alpha);
          composites::index_add(op, b, 1, index, source, alpha);
          expect_same(b, a, 4);
        }
    }
  Tensor out = make({2, 3}, kFloat32), one = make({}, kFloat32);
  CHECK_THROWS_AS(composites::index_select(out, random({2, 4}, kFloat32), 1, filled({3}, kInt64, {0, 4, 1})), Error);
  composites::index_select(one, filled({}, kFloat32, {5}), 0, filled({1}, kInt64, {0}));
  CHECK(real(one, 0) == 5);

  for (DType t : {kFloat32, kFloat64})
    for (DType index_type : {kInt64, kInt32})
      for (int64_t padding : {-1, 2})
        for (bool scaled : {false, true}) {
          const Tensor grad = random({9, 3}, t, Spacing::Spaced), index = filled({9}, index_type, {0, 4, 2, 2, 4, 3, 0, 0, 2});
          put(grad, 7, std::numeric_limits<double>::quiet_NaN());  // the row of a padding index must not count
          compare_outputs(embedding_backward_kernel, composites::embedding_backward, {make({6, 3}, t)}, 4, grad, index, padding, scaled);
        }
  for (DType t : {kFloat32, kBFloat16, kInt64})
    for (bool largest : {false, true}) {
      const Tensor in = random({4, 9, 3}, t, Spacing::Permuted);
      Tensor values[2] = {make({4, 5, 3}, t), make({4, 5, 3}, t)}, places[2] = {make({4, 5, 3}, kInt64), make({4, 5, 3}, kInt64)};
      topk_kernel(kCPU, values[0], places[0], in, 1, largest);
      composites::topk(values[1], places[1], in, 1, largest);
      expect_equal(values[1], values[0]);
      Tensor found = make({4, 5, 3}, t);
      gather_kernel(kCPU, found, in, 1, places[1]);
      expect_equal(found, values[0]);
    }
}

TEST_CASE("composites: optimizer steps", "[ops][composites]") {
  for (DType t : kTypes) {
    const Tensor p = random({41}, t), g = random({41}, t, Spacing::Contiguous, 1, 2), state = random({41}, t, Spacing::Contiguous, 1, 3),
                 square = filled({41}, t, {0.5, 0.1, 2});
    for (bool nesterov : {false, true})
      for (bool first : {false, true}) {
        const SgdOptions o{.lr = 0.1,
                           .momentum = 0.9,
                           .dampening = nesterov ? 0.0 : 0.2,
                           .weight_decay = 0.01,
                           .nesterov = nesterov,
                           .maximize = first,
                           .first_step = first};
        for (const Tensor& buffer : {state, Tensor()}) {
          Tensor a = copied(p), b = copied(p), ma = copied(buffer), mb = copied(buffer);
          sgd_kernel(kCPU, a, g, ma, o);
          composites::sgd(b, g, mb, o);
          expect_same(b, a, 2);
          if (buffer.defined()) expect_same(mb, ma, 2);
        }
      }
    for (bool decoupled : {false, true})
      for (bool amsgrad : {false, true}) {
        const AdamOptions o{.lr = 0.01,
                            .beta1 = 0.9,
                            .beta2 = 0.99,
                            .eps = 1e-8,
                            .weight_decay = 0.1,
                            .decoupled_weight_decay = decoupled,
                            .amsgrad = amsgrad,
                            .maximize = amsgrad,
                            .step = 3};
        Tensor a = copied(p), b = copied(p), ma = copied(state), mb = copied(state), va = copied(square), vb = copied(square),
               xa = amsgrad ? copied(square) : Tensor(), xb = amsgrad ? copied(square) : Tensor();
        adam_kernel(kCPU, a, g, ma, va, xa, o);
        composites::adam(b, g, mb, vb, xb, o);
        expect_same(b, a, 2);
        expect_same(mb, ma, 2);
        expect_same(vb, va, 2);
        if (amsgrad) expect_same(xb, xa, 2);
      }
  }
}

TEST_CASE("composites: steps by rule", "[ops][composites]") {
  const StepOptions o{.lr = 0.1,
                      .weight_decay = 0.2,
                      .shrink = 0.9,
                      .beta1 = 0.8,
                      .beta2 = 0.9,
                      .eps = 1e-3,
                      .momentum = 0.7,
                      .correction = 0.5,
                      .least = 0.1,
                      .most = 2,
                      .maximize = true};
  for (DType t : {kFloat32, kFloat64, kBFloat16})
    for (int k = 0; k < int(StepRule::Count_); ++k)
      for (bool third : {false, true}) {
        INFO(name(StepRule(k)) << ", " << name(t));
        const DType wide = t == kBFloat16 ? kFloat32 : t;
        const Tensor p = random({97}, t), g = random({97}, t), state = random({97}, wide, Spacing::Contiguous, 1, 2),
                     deviation = random({97}, wide, Spacing::Contiguous, 0.5, 3).abs();
        Tensor a = copied(p), b = copied(p), sa = copied(state), sb = copied(state), ta = copied(state), tb = copied(state), none;
        Tensor ua = third ? copied(deviation) : none, ub = third ? copied(deviation) : none;
        optimizer_step_kernel(kCPU, StepRule(k), a, g, sa, ta, ua, o);
        composites::optimizer_step(StepRule(k), b, g, sb, tb, ub, o);
        expect_same(b, a, 8);
        expect_same(sb, sa, 8);
        expect_same(tb, ta, 8);
        if (third) expect_same(ub, ua, 8);
      }
}

TEST_CASE("composites: a device with five kernels stays off the CPU", "[ops][composites]") {
  const Device device = bare();
  const Tensor x = moved(random({17, 9}, kFloat32), device), expected_in = moved(x, kCPU),
               w = moved(random({9}, kFloat32, Spacing::Contiguous, 1, 2), device);
  reset_kernel_counts();
  Tensor y = new_tensor({17, 9}, kFloat32, device), mean = new_tensor({17}, kFloat32, device), rstd = new_tensor({17}, kFloat32, device),
         expected = make({17, 9}, kFloat32);
  softmax_kernel(device, y, x, 1, true);
  softmax_kernel(kCPU, expected, expected_in, 1, true);
  expect_same(moved(y, kCPU), expected);
  layer_norm_kernel(device, y, mean, rstd, x, w, w, 1e-5);
  Tensor m = make({17}, kFloat32), r = make({17}, kFloat32);
  layer_norm_kernel(kCPU, expected, m, r, expected_in, moved(w, kCPU), moved(w, kCPU), 1e-5);
  expect_same(moved(y, kCPU), expected, 4);
  for (int k = 0; k < int(ReduceOp::Count_); ++k) {
    const DType t = ReduceOp(k) == ReduceOp::Any || ReduceOp(k) == ReduceOp::All ? kBool : ReduceOp(k) == ReduceOp::CountNonzero ? kInt64 : kFloat32;
    Tensor got = new_tensor({1, 9}, t, device), want = make({1, 9}, t);
    reduce_kernel(device, ReduceOp(k), got, x);
    reduce_kernel(kCPU, ReduceOp(k), want, expected_in);
    expect_same(moved(got, kCPU), want, 10);
  }
  for (const KernelCounts& c : kernel_counts()) CHECK(c.cpu == 0);
  CHECK(counts_of("softmax").composite == 1);
  CHECK(counts_of("softmax").device == 0);
  CHECK(counts_of("binary").device > 0);
}

TEST_CASE("a number goes to a device by a fill in the dtype that is computed in", "[ops][composites]") {
  const Device device = bare();
  const Tensor x = moved(filled({3}, kFloat32, {1, 2, 4}), device), whole = moved(filled({2}, kInt64, {5, 7}), device);
  reset_kernel_counts();
  CHECK(mul(x, Scalar(0.5)).to_vector<float>() == std::vector<float>{0.5, 1, 2});
  CHECK(counts_of("fill").device == 1);
  CHECK(counts_of("copy").device == 0);
  CHECK((whole + 1).to_vector<int64_t>() == std::vector<int64_t>{6, 8});
  CHECK((2.5 - x).dtype() == kFloat32);
  CHECK(where(x > 1.5, x, 0).to_vector<float>() == std::vector<float>{0, 2, 4});
  CHECK(isin(whole, Scalar(7)).to_vector<bool>() == std::vector<bool>{false, true});
  CHECK(clamp(x, Scalar(1.5), Scalar(3)).to_vector<float>() == std::vector<float>{1.5, 2, 3});
  CHECK(pow(x, Scalar(3)).to_vector<float>() == std::vector<float>{1, 8, 64});
  manual_seed(3);
  const std::vector<float> there = normal(0.5, x).to_vector<float>();
  manual_seed(3);
  CHECK(there == normal(0.5, moved(x, kCPU)).to_vector<float>());
}

TEST_CASE("composites: one that declines is counted as the CPU's, and so is a loop on the host", "[ops][composites]") {
  const Device device = bare();
  const Tensor x = moved(random({4, 9}, kFloat32), device);
  reset_kernel_counts();
  Tensor values = new_tensor({4, 2}, kFloat32, device), places = new_tensor({4, 2}, kInt64, device);
  topk_kernel(device, values, places, x, 1, true);  // no sort to do it by
  CHECK(counts_of("topk").cpu == 1);
  CHECK(counts_of("topk").composite == 0);
  count_host_loop("some_function", device);
  count_host_loop("some_function", device);
  count_host_loop("some_function", kCPU);
  CHECK(counts_of("some_function").cpu == 2);
  set_missing_kernel_policy(MissingKernel::Throw);
  CHECK_THROWS_AS(count_host_loop("some_function", device), Error);
  CHECK_THROWS_AS(topk_kernel(device, values, places, x, 1, true), Error);
  set_missing_kernel_policy(MissingKernel::FallBackToCpu);
}
