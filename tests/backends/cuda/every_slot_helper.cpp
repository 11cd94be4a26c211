#include "tests/backends/cuda/every_slot.h"

#include <vector>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/core/slots/optimizer_step.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/lazuli.h"

namespace lazuli::test {
namespace {

constexpr DType kAll[] = {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128};

struct Calls {
  DType t;
  Device device;
  DType statistics = t == kFloat64 ? kFloat64 : kFloat32;

  Tensor make(const Shape& sizes, DType dtype) const { return new_tensor(sizes, dtype, device); }
  Tensor make(const Shape& sizes) const { return make(sizes, t); }
  template <class F>
  void attempt(F f) const {
    try {
      f();
    } catch (const Error&) {  // a combination that no kernel takes
    }
  }
  template <class Op, class F>
  void each(int count, F f) const {
    for (int op = 0; op < count; ++op) attempt([&] { f(Op(op)); });
  }
  // Dense, with inner dimensions exchanged, and broadcast.
  std::vector<Tensor> layouts(DType dtype) const {
    Tensor dense = make({4, 6, 8}, dtype);
    return {dense, alias(make({4, 8, 6}, dtype), {4, 6, 8}, {48, 1, 6}, 0), alias(make({6}, dtype), {4, 6, 8}, {0, 1, 0}, 0)};
  }

  void fused() const {
    FusedProgram program;
    const int a = program.input(t), b = program.input(t), product = program.binary(BinaryOp::Mul, a, b),
              above = program.binary_number(BinaryOp::Ne, product, 0);
    program.output(program.ternary(TernaryOp::Where, above, product, a));
    program.output(program.copy(product, kFloat32));
    for (const Tensor& in : layouts(t))
      attempt([&] {
        std::vector<Tensor> outputs{make({4, 6, 8}), make({4, 6, 8}, kFloat32)};
        run_fused(device, outputs, std::vector<Tensor>{in, outputs[0]}, program);
      });
  }

  void elementwise() const {
    const std::vector<Tensor> in = layouts(t), conditions = layouts(kBool);
    Tensor out = make({4, 6, 8}), truth = make({4, 6, 8}, kBool), real = make({4, 6, 8}, real_dtype(t)), complex = make({4, 6, 8}, complex_dtype(t));
    for (Tensor to : {out, in[1]}) {
      attempt([&] { fill_kernel(device, to, 1.5); });
      attempt([&] { fill_kernel(device, to, 0); });
    }
    for (DType other : kAll)
      attempt([&] {
        Tensor to = make({4, 6, 8}, other);
        copy_kernel(device, to, in[0]);
      });
    attempt([&] { copy_kernel(device, out, in[1]); });
    attempt([&] { copy_kernel(device, out, in[2]); });
    each<UnaryOp>(int(UnaryOp::Count_), [&](UnaryOp op) {
      const PointwiseCode::Result result = about(op).result;
      unary_kernel(device, op, result == PointwiseCode::Bool ? truth : result == PointwiseCode::Real ? real : out, in[0], {0.5, 1});
    });
    each<BinaryOp>(int(BinaryOp::Count_), [&](BinaryOp op) {
      const PointwiseCode::Result result = about(op).result;
      Tensor& to = result == PointwiseCode::Bool ? truth : result == PointwiseCode::Complex ? complex : out;
      if (!about(op).dtypes.has(t)) return;
      binary_kernel(device, op, to, in[0], in[0], {0.5, 1});
      binary_number_kernel(device, op, to, in[0], 2, false);
      binary_number_kernel(device, op, to, in[0], 2, true);
    });
    attempt([&] { unary_kernel(device, UnaryOp::Neg, out, in[1], {}); });
    attempt([&] { binary_kernel(device, BinaryOp::Add, out, in[0], in[2], {}); });
    attempt([&] { binary_kernel(device, BinaryOp::Add, out, in[1], in[2], {}); });
    each<TernaryOp>(int(TernaryOp::Count_), [&](TernaryOp op) {
      ternary_kernel(device, op, out, op == TernaryOp::Where ? conditions[0] : in[0], in[0], in[0], {2, 0});
    });
    attempt([&] { ternary_kernel(device, TernaryOp::Where, out, conditions[2], in[1], in[2], {}); });
    for (const TernaryOp op : {TernaryOp::Where, TernaryOp::Lerp, TernaryOp::Clamp})
      for (const int numbers : {1, 2, 3})
        attempt([&] {
          const Tensor a = op == TernaryOp::Where ? conditions[0] : in[0], none;
          ternary_number_kernel(device, op, out, a, numbers & 1 ? none : in[0], numbers & 2 ? none : in[0], 1, 2);
        });
    attempt([&] { triangle_kernel(device, out, in[0], 0, true); });
    attempt([&] { triangle_kernel(device, out, in[0], 0, false); });
    Tensor line = make({100});
    attempt([&] { arange_kernel(device, line, 0, 1); });
  }

  void reductions() const {
    // Long and short, inner, outer and both.
    const std::pair<Shape, Shape> cases[] = {{{3, 70000}, {3, 1}},     {{70000, 3}, {70000, 1}}, {{70000, 3}, {1, 3}}, {{3, 70000}, {1, 70000}},
                                             {{500, 500}, {500, 1}},   {{500, 500}, {1, 500}},   {{1 << 20}, {1}},     {{7}, {1}},
                                             {{8, 50, 6}, {1, 50, 1}}, {{8, 50, 6}, {8, 1, 6}},  {{0, 4}, {1, 4}}};
    for (const auto& [from, to] : cases) {
      Tensor in = make(from);
      for (DType result : {t, kBool, kInt64, real_dtype(t)}) {
        if (result != t && (t == real_dtype(t) ? result == t : false)) continue;
        Tensor out = make(to, result);
        each<ReduceOp>(int(ReduceOp::Count_), [&](ReduceOp op) {
          const bool truth = op == ReduceOp::Any || op == ReduceOp::All, count = op == ReduceOp::CountNonzero;
          const bool real = op == ReduceOp::SumSquares || op == ReduceOp::SumAbs || op == ReduceOp::AbsMax || op == ReduceOp::AbsMin;
          if (result == (truth ? kBool : count ? kInt64 : real ? real_dtype(t) : t)) reduce_kernel(device, op, out, in);
        });
      }
      attempt([&] {
        Tensor var = make(to, real_dtype(t)), mean = make(to);
        var_mean_kernel(device, var, mean, in, 1);
      });
      for (int64_t dim = 0; dim < in.dim(); ++dim) {
        if (in.size(dim) == 0) continue;
        Shape sizes = from;
        sizes[dim] = 1;
        Tensor index = make(sizes, kInt64), values = make(sizes), none, scanned = make(from), places = make(from, kInt64);
        for (ArgReduceOp op : {ArgReduceOp::Argmax, ArgReduceOp::Argmin}) {
          attempt([&] { arg_reduce_kernel(device, op, index, none, in, dim); });
          attempt([&] { arg_reduce_kernel(device, op, index, values, in, dim); });
        }
        for (ScanOp op : {ScanOp::Sum, ScanOp::Prod, ScanOp::LogSumExp, ScanOp::Max, ScanOp::Min})
          attempt([&] {
            if (op != ScanOp::LogSumExp || is_differentiable(t)) scan_kernel(device, op, scanned, op >= ScanOp::Max ? places : none, in, dim);
          });
        for (bool flag : {false, true}) {
          if (is_floating_point(t))
            attempt([&] {
              softmax_kernel(device, scanned, in, dim, flag);
              softmax_backward_kernel(device, scanned, in, in, dim, flag);
            });
          attempt([&] { sort_kernel(device, scanned, places, in, dim, flag); });
          attempt([&] {
            Shape some = from;
            some[dim] = std::min<int64_t>(3, from[dim]);
            Tensor best = make(some), where = make(some, kInt64);
            topk_kernel(device, best, where, in, dim, flag);
          });
        }
      }
    }
    for (int64_t n : {10, 5000})
      for (bool right : {false, true})
        for (DType result : {kInt64, kInt32})
          attempt([&] {
            Tensor out = make({4, 6}, result);
            searchsorted_kernel(device, out, make({n}), make({4, 6}), right);
            searchsorted_kernel(device, out, make({4, n}), make({4, 6}), right);
          });
    for (Tensor weights : {Tensor(), make({50}, kFloat32), make({50}, kFloat64)})
      attempt([&] {
        Tensor out = make({9}, weights.defined() ? weights.dtype() : kInt64);
        bincount_kernel(device, out, make({50}), weights);
      });
  }

  void products() const {
    for (int64_t n : {5, 300}) {
      Tensor out = make({n, n}), a = make({n, 40}), b = make({40, n}), batched = make({3, n, n}), x = make({3, n, 40}), y = make({3, 40, n}),
             bias = make({n});
      for (const Tensor& with : {Tensor(), bias}) {
        attempt([&] { matmul_kernel(device, out, a, b, with, 0, 1); });
        attempt([&] { matmul_kernel(device, out, a, alias(make({n, 40}), {40, n}, {1, 40}, 0), with, 1, 2); });
        attempt([&] { matmul_kernel(device, batched, x, y, with, 0, 1); });
      }
      Tensor column = make({n, 1}), vector = make({40, 1});
      attempt([&] { matmul_kernel(device, column, a, vector, Tensor(), 0, 1); });
    }
  }

  void normalisations() const {
    for (auto [rows, n] : {std::pair<int64_t, int64_t>{40, 20}, {5, 5000}, {5000, 5}}) {
      Tensor in = make({rows, n}), out = make({rows, n}), mean = make({rows}, statistics), rstd = make({rows}, statistics), none, gw = make({n}),
             gb = make({n}), weight = make({n});
      for (const Tensor& w : {Tensor(), weight}) {
        attempt([&] { layer_norm_kernel(device, out, mean, rstd, in, w, w, 1e-5); });
        attempt([&] { layer_norm_kernel(device, out, none, rstd, in, w, none, 1e-5); });
        attempt([&] { layer_norm_backward_kernel(device, out, gw, gb, in, in, mean, rstd, w); });
        attempt([&] { layer_norm_backward_kernel(device, out, none, none, in, in, mean, rstd, w); });
      }
    }
    for (const Shape& sizes : {Shape{64, 10}, Shape{8, 10, 30}, Shape{2, 3, 5000}, Shape{5000, 3}}) {
      const int64_t c = sizes[1];
      Tensor in = make(sizes), out = make(sizes), mean = make({c}, statistics), rstd = make({c}, statistics), none, gw = make({c}), gb = make({c}),
             weight = make({c}), running = make({c}, statistics);
      for (bool training : {false, true})
        for (const Tensor& w : {Tensor(), weight}) {
          attempt([&] { batch_norm_kernel(device, out, mean, rstd, in, w, w, running, running, training, 0.1, 1e-5); });
          attempt([&] { batch_norm_kernel(device, out, mean, rstd, in, w, w, none, none, training, 0.1, 1e-5); });
          attempt([&] { batch_norm_backward_kernel(device, out, gw, gb, in, in, mean, rstd, w, training); });
        }
    }
    for (int64_t classes : {10, 5000}) {
      Tensor logits = make({40, classes}), losses = make({40}), log_sum = make({40}, statistics), target = make({40}, kInt64), grad = make({40}),
             grad_logits = make({40, classes});
      for (const Tensor& w : {Tensor(), make({classes})})
        for (double smoothing : {0.0, 0.1}) {
          attempt([&] { cross_entropy_kernel(device, losses, log_sum, logits, target, w, -100, smoothing); });
          attempt([&] { cross_entropy_backward_kernel(device, grad_logits, grad, log_sum, logits, target, w, -100, smoothing); });
        }
    }
  }

  void indexed() const {
    for (DType by : {kInt64, kInt32})
      for (int64_t dim : {0, 1, 2}) {
        Tensor in = make({6, 7, 8}), out = make({6, 7, 8}), index = make({in.size(dim)}, by);
        attempt([&] { index_select_kernel(device, out, in, dim, index); });
        Tensor everywhere = make({6, 7, 8}, by);
        attempt([&] { gather_kernel(device, out, in, dim, everywhere); });
        for (ScatterOp op : {ScatterOp::Set, ScatterOp::Add, ScatterOp::Mul, ScatterOp::Amax, ScatterOp::Amin}) {
          attempt([&] { index_add_kernel(device, op, out, dim, index, in, 1); });
          attempt([&] { scatter_kernel(device, op, out, dim, everywhere, in); });
        }
      }
    Tensor in = make({6, 7, 8}), rows = make({5}, kInt64), columns = make({5}, kInt64);
    for (size_t count : {1u, 2u, 3u}) {
      const std::vector<Tensor> indices(count, rows);
      Shape sizes{5};
      for (int64_t d = int64_t(count); d < 3; ++d) sizes.push_back(in.size(d));
      Tensor out = make(sizes);
      attempt([&] { index_kernel(device, out, in, indices); });
      for (bool accumulate : {false, true}) attempt([&] { index_put_kernel(device, in, indices, out, accumulate); });
    }
    attempt([&] {
      Tensor out = make({60});
      as_strided_backward_kernel(device, out, make({5, 4}), {2, 3}, 1);
    });
    for (const Tensor& x : {make({3, 50}), alias(make({50, 3}), {3, 50}, {1, 3}, 0), make({200000})})
      attempt([&] {
        Tensor count = make({}, kInt64), out = make({30, x.dim()}, kInt64);
        count_nonzero_kernel(device, count, x);
        nonzero_kernel(device, out, x);
      });
    for (DType by : {kInt64, kInt32})
      for (bool scaled : {false, true})
        attempt([&] {
          Tensor grad_weight = make({30, 16});
          embedding_backward_kernel(device, grad_weight, make({20, 16}), make({20}, by), scaled ? 3 : -1, scaled);
        });
  }

  void random() const {
    Tensor out = make({1000}), mask = make({1000}, kBool), in = make({1000});
    for (int op = 0; op <= int(RandomOp::Geometric); ++op)
      attempt(
          [&] { random_kernel(device, RandomOp(op), out, op == int(RandomOp::Integers) ? 0 : 0.3, op == int(RandomOp::Integers) ? 100 : 0.7, {}); });
    attempt([&] { random_kernel(device, RandomOp::Integers, out, 0, 1e12, {}); });
    if (t == kInt64) attempt([&] { randperm_kernel(device, out, {}); });
    attempt([&] { dropout_kernel(device, out, mask, in, 0.5, {}); });
  }

  void optimizers() const {
    Tensor parameter = make({1000}), grad = make({1000}), buffer = make({1000}), square = make({1000}), most = make({1000}), none;
    for (int rule = 0; rule < int(StepRule::Count_); ++rule)
      attempt([&] {
        optimizer_step_kernel(device, StepRule(rule), parameter, grad, buffer, square, most, {.lr = 0.1, .beta1 = 0.9, .beta2 = 0.99, .most = 1});
      });
    for (bool flag : {false, true}) {
      attempt([&] { sgd_kernel(device, parameter, grad, none, {.lr = 0.1, .maximize = flag}); });
      attempt([&] { sgd_kernel(device, parameter, grad, buffer, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.1, .nesterov = flag}); });
      attempt([&] {
        adam_kernel(device, parameter, grad, buffer, square, flag ? most : none,
                    {.lr = 0.1, .weight_decay = 0.1, .decoupled_weight_decay = flag, .amsgrad = flag});
      });
    }
  }
};

}  // namespace

void call_every_slot(DType t, Device device) {
  const Calls calls{t, device};
  calls.elementwise();
  calls.fused();
  calls.reductions();
  calls.products();
  calls.indexed();
  calls.random();
  if (!is_floating_point(t)) return;
  calls.normalisations();
  calls.optimizers();
}

}  // namespace lazuli::test
