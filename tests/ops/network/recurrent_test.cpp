#include "lazuli/ops/network/recurrent.h"

#include <cmath>
#include <optional>

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/ops/composites.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor wave(const Shape& sizes, double phase) {
  return (sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(0.7) + Scalar(phase)) * Scalar(0.8)).reshape(sizes);
}
// weight_ih, weight_hh, bias_ih, bias_hh for each of `count` layers and directions.
std::vector<Tensor> params(int64_t gates, int64_t in, int64_t hidden, int64_t layers, bool two, bool biases = true, int64_t proj = 0) {
  std::vector<Tensor> all;
  double phase = 0;
  const int64_t features = proj ? proj : hidden;
  for (int64_t layer = 0; layer < layers; ++layer)
    for (int64_t d = 0; d < (two ? 2 : 1); ++d) {
      all.push_back(wave({gates * hidden, layer ? features * (two ? 2 : 1) : in}, ++phase));
      all.push_back(wave({gates * hidden, features}, ++phase));
      if (biases) all.push_back(wave({gates * hidden}, ++phase)), all.push_back(wave({gates * hidden}, ++phase));
      if (proj) all.push_back(wave({proj, hidden}, ++phase));
    }
  for (Tensor& t : all) t.requires_grad_();
  return all;
}
Tensor product(const Tensor& x, const Tensor& w, const Tensor& b) { return matmul(x, w.t()) + b; }
}  // namespace

TEST_CASE("a recurrent network is its cell, step after step", "[ops]") {
  Tensor x = wave({4, 2, 3}, 0), h = wave({1, 2, 5}, 1), c = wave({1, 2, 5}, 2);
  auto p = params(4, 3, 5, 1, false);
  auto [out, last_h, last_c] = lstm(x, {h, c}, p);
  Tensor s = h[0], m = c[0];
  for (int64_t t = 0; t < 4; ++t) {
    Tensor gates = product(x[t], p[0], p[2]) + product(s, p[1], p[3]);
    auto gate = [&](int64_t i) { return gates.narrow(1, 5 * i, 5); };
    m = sigmoid(gate(1)) * m + sigmoid(gate(0)) * tanh(gate(2));
    s = sigmoid(gate(3)) * tanh(m);
    CHECK(allclose(out[t], s));
  }
  CHECK(allclose(last_h[0], s));
  CHECK(allclose(last_c[0], m));
  auto [cell_h, cell_c] = lstm_cell(x[0], {h[0], c[0]}, p[0], p[1], p[2], p[3]);
  CHECK(allclose(cell_h, out[0]));

  p = params(3, 3, 5, 1, false);
  auto [gru_out, gru_last] = gru(x, h, p);
  s = h[0];
  for (int64_t t = 0; t < 4; ++t) {
    Tensor a = product(x[t], p[0], p[2]), b = product(s, p[1], p[3]);
    auto gate = [&](const Tensor& g, int64_t i) { return g.narrow(1, 5 * i, 5); };
    Tensor r = sigmoid(gate(a, 0) + gate(b, 0)), z = sigmoid(gate(a, 1) + gate(b, 1)), n = tanh(gate(a, 2) + r * gate(b, 2));
    s = (1 - z) * n + z * s;
    CHECK(allclose(gru_out[t], s));
  }
  CHECK(allclose(gru_cell(x[0], h[0], p[0], p[1], p[2], p[3]), gru_out[0]));

  p = params(1, 3, 5, 1, false);
  Tensor first = product(x[0], p[0], p[2]) + product(h[0], p[1], p[3]);
  CHECK(allclose(std::get<0>(rnn_tanh(x, h, p))[0], tanh(first)));
  CHECK(allclose(std::get<0>(rnn_relu(x, h, p))[0], relu(first)));
  CHECK(allclose(rnn_tanh_cell(x[0], h[0], p[0], p[1], p[2], p[3]), tanh(first)));
  CHECK(allclose(rnn_relu_cell(x[0][1], h[0][1], p[0], p[1], p[2], p[3]), relu(first)[1]));  // one sample
}

TEST_CASE("the gates' kernels are their composites", "[ops][composites]") {
  for (DType dtype : {kFloat32, kFloat64})
    for (int64_t hidden : {1, 5, 8, 67}) {
      const auto some = [&](int64_t count, double phase) { return to(wave({3, count * hidden}, phase) * Scalar(2), dtype); };
      const auto none_yet = [&](int64_t count) { return zeros({3, count * hidden}, {.dtype = dtype}); };
      const auto close = [&](const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
        for (size_t i = 0; i < a.size(); ++i) {
          INFO(name(dtype) << ", " << hidden << " features, output " << i);
          CHECK(allclose(a[i], b[i], dtype == kFloat32 ? 1e-5 : 1e-12, dtype == kFloat32 ? 1e-6 : 1e-13));
        }
      };
      std::vector<Tensor> results[2];
      for (bool composite : {false, true}) {
        std::vector<Tensor>& r = results[composite];
        Tensor gates = some(4, 1), c = none_yet(1), tanh_c = none_yet(1), out = none_yet(1), of_gates = none_yet(4), of_before = none_yet(1);
        Tensor gru_gates = none_yet(3), gru_out = none_yet(1), of_x = none_yet(3), of_h = none_yet(3), of_state = none_yet(1);
        if (composite) {
          composites::lstm_gates(gates, c, tanh_c, out, some(1, 2));
          composites::lstm_gates_backward(of_gates, of_before, some(1, 3), some(1, 4), gates, some(1, 2), tanh_c);
          composites::gru_gates(gru_gates, gru_out, some(3, 1), some(3, 2), some(1, 5));
          composites::gru_gates_backward(of_x, of_h, of_state, some(1, 3), gru_gates, some(3, 2), some(1, 5));
        } else {
          lstm_gates_kernel(kCPU, gates, c, tanh_c, out, some(1, 2));
          lstm_gates_backward_kernel(kCPU, of_gates, of_before, some(1, 3), some(1, 4), gates, some(1, 2), tanh_c);
          gru_gates_kernel(kCPU, gru_gates, gru_out, some(3, 1), some(3, 2), some(1, 5));
          gru_gates_backward_kernel(kCPU, of_x, of_h, of_state, some(1, 3), gru_gates, some(3, 2), some(1, 5));
        }
        r = {gates, c, tanh_c, out, of_gates, of_before, gru_gates, gru_out, of_x, of_h, of_state};
      }
      close(results[0], results[1]);
    }
}

TEST_CASE("all steps by one call are their composite, forward and backward", "[ops][composites]") {
  struct Size {
    int64_t steps, n, hidden;
    Shape batch_sizes = {};
    int64_t projected = 0;
  };
  // Samples shared between threads, features shared between threads, weights as they lie, everything in one thread; samples of other lengths, projections.
  const Size sizes[] = {{3, 33, 70},
                        {3, 5, 150},
                        {4, 3, 200},
                        {5, 2, 5},
                        {1, 6, 64},
                        {4, 33, 70, {33, 20, 20, 1}},
                        {3, 5, 150, {5, 4, 2}},
                        {4, 3, 200, {3, 3, 2, 1}},
                        {5, 2, 5, {2, 1, 1, 1, 1}},
                        {3, 33, 70, {}, 30},
                        {3, 5, 150, {5, 4, 2}, 70},
                        {4, 3, 20, {3, 3, 2, 1}, 9}};
  for (const Size& size : sizes)
    for (bool reverse : {false, true})
      for (bool flag : {false, true}) {  // a bias, relu, or a gradient of all steps' states
        const auto& [steps, n, hidden, batch_sizes, projected] = size;
        int64_t all = 0;
        for (int64_t t = 0; t < steps; ++t) all += batch_sizes.empty() ? n : batch_sizes[t];
        const auto some = [&](int64_t rows, int64_t columns, double phase) {
          return to(wave({rows, columns}, phase) * Scalar(1 / std::sqrt(double(size.hidden))), kFloat32);
        };
        const auto none_yet = [&](int64_t rows, int64_t columns) { return zeros({rows, columns}); };
        // What each sample's last step leaves.
        const auto last_of = [&](const Tensor& of) {
          std::vector<Tensor> rows(size_t(size.n));
          for (int64_t t = 0, row = 0; t < size.steps; ++t) {
            const int64_t count = size.batch_sizes.empty() ? size.n : size.batch_sizes[t];
            for (int64_t i = 0; i < count; ++i)
              if (t == 0 || !reverse) rows[size_t(i)] = of.narrow(0, row + i, 1);
            row += count;
          }
          return cat(rows, 0);
        };
        const Tensor h = some(n, hidden, 1), c = some(n, hidden, 2), grad_h = some(n, hidden, 3), grad_c = some(n, hidden, 4);
        const Tensor grad_out = flag ? some(all, hidden, 5) : Tensor();
        std::vector<Tensor> results[2];
        for (bool composite : {false, true}) {
          std::optional<ComposeGuard> composing;
          if (composite) composing.emplace();
          std::vector<Tensor>& r = results[composite];
          const auto room = [&](int64_t rows, int64_t columns) { return r.emplace_back(none_yet(rows, columns)); };
          {
            const int64_t width = projected ? projected : hidden;
            const Tensor from_x = some(all, 4 * hidden, 6) * Scalar(4), weight = some(4 * hidden, width, 7),
                         projection = projected ? some(width, hidden, 8) * Scalar(3) : Tensor(), h_before = some(n, width, 1),
                         grad_last = some(n, width, 3), grads = flag ? some(all, width, 5) : Tensor();
            Tensor gates = r.emplace_back(from_x.clone()), state = room(all, hidden), seen = room(all, hidden), out = room(all, width);
            lstm_steps_kernel(kCPU, gates, state, seen, out, weight, projection, h_before, c, batch_sizes, reverse);
            Tensor of_gates = room(all, 4 * hidden), of_projected = projected ? room(all, width) : Tensor(), of_h = room(n, width),
                   of_c = room(n, hidden);
            lstm_steps_backward_kernel(kCPU, of_gates, of_projected, of_h, of_c, grads, grad_last, grad_c, gates, state, seen, weight, projection, c,
                                       batch_sizes, reverse);
            Tensor again = from_x.clone(), last_c = room(n, hidden), last_seen = none_yet(n, hidden), same = room(all, width);
            lstm_steps_kernel(kCPU, again, last_c, last_seen, same, weight, projection, h_before, c, batch_sizes, reverse);
            CHECK(equal(same, out));
            CHECK(equal(last_c, last_of(state)));
          }
          if (projected) continue;
          {
            const Tensor from_x = some(all, 3 * hidden, 6) * Scalar(4), weight = some(3 * hidden, hidden, 7);
            const Tensor bias = flag ? some(1, 3 * hidden, 8).reshape({3 * hidden}) : Tensor();
            Tensor gates = r.emplace_back(from_x.clone()), from_h = room(all, 3 * hidden), out = room(all, hidden);
            gru_steps_kernel(kCPU, gates, from_h, out, weight, bias, h, batch_sizes, reverse);
            Tensor of_x = room(all, 3 * hidden), of_part = room(all, 3 * hidden), of_h = room(n, hidden);
            gru_steps_backward_kernel(kCPU, of_x, of_part, of_h, grad_out, grad_h, gates, from_h, out, weight, h, batch_sizes, reverse);
            Tensor again = from_x.clone(), last_part = none_yet(n, 3 * hidden), same = room(all, hidden);
            gru_steps_kernel(kCPU, again, last_part, same, weight, bias, h, batch_sizes, reverse);
            CHECK(equal(same, out));
          }
          const Tensor weight = some(hidden, hidden, 7);
          Tensor out = r.emplace_back(some(all, hidden, 6) * Scalar(4)), of_x = room(all, hidden), of_h = room(n, hidden);
          rnn_steps_kernel(kCPU, out, weight, h, flag, batch_sizes, reverse);
          rnn_steps_backward_kernel(kCPU, of_x, of_h, grad_out, grad_h, out, weight, flag, batch_sizes, reverse);
        }
        for (size_t i = 0; i < results[0].size(); ++i) {
          INFO(steps << " steps of " << n << " samples, " << hidden << " features, " << projected << " projected, output " << i);
          CHECK(allclose(results[0][i], results[1][i], 1e-4, 1e-5));
        }
      }
}

TEST_CASE("recurrent networks of halves compute in float32 from step to step", "[ops]") {
  for (DType half : {kBFloat16, kFloat16})
    for (const Shape& lengths : {Shape{20, 20, 20}, Shape{20, 20, 20, 11, 3, 1}})
      for (int64_t proj : {0, 8}) {
        int64_t rows = 0;
        for (int64_t size : lengths) rows += size;
        // Operands that halves have, so that all that differs is what is rounded on the way.
        const auto exact = [&](const Tensor& t) { return to(to(t.detach() * Scalar(0.5), half), kFloat32); };
        std::vector<Tensor> p = params(4, 6, 24, 1, true, true, proj), in;
        for (Tensor& t : p) t = exact(t);
        const Tensor x = exact(wave({rows, 6}, 0)), h = exact(wave({2, 20, proj ? proj : 24}, 1)), c = exact(wave({2, 20, 24}, 2));
        const auto results = [&](DType dtype) {
          std::vector<Tensor> weights;
          for (const Tensor& t : p) weights.push_back(to(t, dtype).requires_grad_());
          auto [out, last_h, last_c] = lstm(to(x, dtype), tensor(lengths.vec()), {to(h, dtype), to(c, dtype)}, weights, {.bidirectional = true});
          CHECK(out.dtype() == dtype);
          std::vector<Tensor> all = autograd::grad({sum(out * out)}, weights);
          all.insert(all.end(), {out.detach(), last_h.detach(), last_c.detach()});
          for (Tensor& t : all) t = to(t, kFloat32);
          return all;
        };
        const std::vector<Tensor> wide = results(kFloat32), narrow = results(half);
        for (size_t i = 0; i < wide.size(); ++i) {
          INFO(name(half) << ", result " << i);
          const double most = amax(abs(wide[i])).item<double>();
          CHECK(amax(abs(wide[i] - narrow[i])).item<double>() <= (half == kBFloat16 ? 0.03 : 0.004) * most);
        }
      }
}

TEST_CASE("recurrent networks give the same numbers on one thread and on several", "[ops]") {
  struct Case {
    int64_t n, proj;
    bool equal_lengths;
  };
  for (const Case& one : {Case{3, 0, true}, Case{7, 0, true}, Case{20, 0, true}, Case{37, 0, true}, Case{7, 0, false}, Case{37, 0, false},
                          Case{7, 70, true}, Case{7, 70, false}, Case{37, 70, false}}) {
    const auto [n, proj, equal_lengths] = one;
    Tensor sizes = full({9}, n, {.dtype = kInt64});
    if (!equal_lengths) sizes = n - arange(9) * ((n - 1) / 8);
    const Tensor x = to(wave({sum(sizes).item<int64_t>(), 12}, 0), kFloat32), h = zeros({2, n, proj ? proj : 130}), c = zeros({2, n, 130});
    std::vector<Tensor> p = params(4, 12, 130, 1, true, true, proj);
    for (Tensor& t : p) t = to(t.detach() * Scalar(0.2), kFloat32).requires_grad_();
    const auto results = [&](int threads) {
      const ThreadLimit limit(threads);
      auto [out, last_h, last_c] = lstm(x, sizes, {h, c}, p, {.bidirectional = true});
      std::vector<Tensor> all = autograd::grad({sum(out * out)}, p);
      all.insert(all.end(), {out, last_h, last_c});
      return all;
    };
    const int before = get_num_threads();
    set_num_threads(4);
    const std::vector<Tensor> alone = results(1), four = results(4);
    set_num_threads(before);
    for (size_t i = p.size(); i < alone.size(); ++i) CHECK(equal(alone[i], four[i]));
    for (size_t i = 0; i < p.size(); ++i) CHECK(allclose(alone[i], four[i], 1e-4, 1e-5));
  }
}

TEST_CASE("what a recurrent network gave may change before its backward", "[ops]") {
  for (int64_t gates : {4, 3, 1}) {
    Tensor x = to(wave({4, 3, 3}, 0), kFloat32), h = zeros({1, 3, 5}), c = zeros({1, 3, 5});
    std::vector<Tensor> p = params(gates, 3, 5, 1, false);
    for (Tensor& t : p) t = to(t.detach(), kFloat32).requires_grad_();
    const auto gradients = [&](bool in_place) {
      Tensor out = gates == 4 ? std::get<0>(lstm(x, {h, c}, p)) : gates == 3 ? std::get<0>(gru(x, h, p)) : std::get<0>(rnn_tanh(x, h, p));
      return autograd::grad({sum(square(in_place ? out.mul_(2) : out * Scalar(2)))}, p);
    };
    const std::vector<Tensor> plain = gradients(false), changed = gradients(true);
    for (size_t i = 0; i < plain.size(); ++i) CHECK(allclose(plain[i], changed[i]));
  }
}

TEST_CASE("a recorded backward of a recurrent network gives what the kernels' backward gives", "[ops]") {
  struct Case {
    bool long_memory, packed;
    int64_t proj;
  };
  for (const auto [long_memory, packed, proj] :
       {Case{true, false, 0}, Case{false, false, 0}, Case{true, true, 0}, Case{false, true, 0}, Case{true, false, 2}, Case{true, true, 2}}) {
    const Tensor sizes = packed ? tensor({3, 3, 2, 1}) : tensor({3, 3, 3, 3});
    Tensor x = wave({sum(sizes).item<int64_t>(), 3}, 0).requires_grad_(), h = wave({2, 3, proj ? proj : 5}, 1), c = wave({2, 3, 5}, 2);
    auto p = params(long_memory ? 4 : 3, 3, 5, 1, true, true, proj);
    std::vector<Tensor> inputs = p;
    inputs.push_back(x);
    const auto gradients = [&, of_lstm = long_memory](bool recorded) {
      const RecurrentOptions both{.bidirectional = true};
      Tensor out = of_lstm ? std::get<0>(lstm(x, sizes, {h, c}, p, both)) : std::get<0>(gru(x, sizes, h, p, both));
      return autograd::grad({sum(out * wave(out.sizes(), 3))}, inputs, {.create_graph = recorded});
    };
    std::vector<Tensor> plain = gradients(false), recorded = gradients(true);
    for (size_t i = 0; i < plain.size(); ++i) CHECK(allclose(plain[i], recorded[i]));
  }
}

TEST_CASE("two directions are two networks, one on the sequence turned round", "[ops]") {
  Tensor x = wave({4, 2, 3}, 0), h = wave({2, 2, 5}, 1);
  auto p = params(3, 3, 5, 1, true);
  auto [out, last] = gru(x, h, p, {.bidirectional = true});
  auto [forth, forth_last] = gru(x, h.narrow(0, 0, 1), {p[0], p[1], p[2], p[3]});
  auto [back, back_last] = gru(x.flip({0}), h.narrow(0, 1, 1), {p[4], p[5], p[6], p[7]});
  CHECK(allclose(out, cat({forth, back.flip({0})}, 2)));
  CHECK(allclose(last, cat({forth_last, back_last}, 0)));
  auto [turned, turned_last] = gru(x.transpose(0, 1), h, p, {.bidirectional = true, .batch_first = true});
  CHECK(allclose(turned.transpose(0, 1), out));
  CHECK(allclose(turned_last, last));
}

TEST_CASE("packed sequences give what each gives alone, in every direction", "[ops]") {
  const std::vector<int64_t> lengths{4, 3, 1};
  Tensor x = wave({4, 3, 2}, 0), h = wave({4, 3, 3}, 1), c = wave({4, 3, 3}, 2), sizes = tensor({3, 2, 2, 1});
  Tensor data = cat({x[0], x[1].narrow(0, 0, 2), x[2].narrow(0, 0, 2), x[3].narrow(0, 0, 1)}, 0);
  auto p = params(4, 2, 3, 2, true);
  RecurrentOptions o{.num_layers = 2, .bidirectional = true};
  auto [out, last_h, last_c] = lstm(data, sizes, {h, c}, p, o);
  for (int64_t i = 0; i < 3; ++i) {
    auto one = [&](const Tensor& t) { return t.narrow(1, i, 1); };
    auto [alone, alone_h, alone_c] = lstm(one(x).narrow(0, 0, lengths[size_t(i)]), {one(h), one(c)}, p, o);
    CHECK(allclose(one(last_h), alone_h));
    CHECK(allclose(one(last_c), alone_c));
    CHECK(allclose(out[i], alone[0][0]));
    if (i < 2) CHECK(allclose(out[3 + i], alone[1][0]));
  }
}

TEST_CASE("gradients of recurrent networks, both orders", "[ops]") {
  auto check = [](auto f, int64_t gates, bool two, int64_t proj) {
    const int64_t hidden = proj ? proj + 1 : 2, features = proj ? proj : hidden;
    std::vector<Tensor> in = params(gates, 2, hidden, 1, two, true, proj);
    in.insert(in.begin(), {wave({2, 1, 2}, 7).requires_grad_(), wave({two ? 2 : 1, 1, features}, 8).requires_grad_(),
                           wave({two ? 2 : 1, 1, hidden}, 9).requires_grad_()});
    check_gradients([&](const std::vector<Tensor>& t) { return f(t, std::vector<Tensor>(t.begin() + 3, t.end())); }, in);
  };
  using T = std::vector<Tensor>;
  auto list = [](const auto& results) { return std::apply([](const auto&... t) { return T{t...}; }, results); };
  check([&](const T& t, const T& p) { return list(lstm(t[0], {t[1], t[2]}, p)); }, 4, false, 0);
  check([&](const T& t, const T& p) { return list(lstm(t[0], {t[1], t[2]}, p)); }, 4, false, 1);
  check([&](const T& t, const T& p) { return T{std::get<0>(gru(t[0], t[1], p, {.bidirectional = true})), t[2] * 1.0}; }, 3, true, 0);
  check([&](const T& t, const T& p) { return T{std::get<0>(rnn_tanh(t[0], t[1], p)), t[2] * 1.0}; }, 1, false, 0);
  check([&](const T& t, const T& p) { return T{std::get<1>(rnn_relu(t[0], t[1], p)), t[2] * 1.0}; }, 1, false, 0);
  check_gradients(
      [](const T& t) {
        return T{std::get<0>(lstm(t[0], tensor({2, 1}), {t[1], t[2]}, {t[3], t[4]}, {.has_biases = false}))};
      },
      {wave({3, 1}, 0).requires_grad_(), wave({1, 2, 1}, 1).requires_grad_(), wave({1, 2, 1}, 2).requires_grad_(), wave({4, 1}, 3).requires_grad_(),
       wave({4, 1}, 4).requires_grad_()});
}

TEST_CASE("gradients of packed sequences in both directions, both orders", "[ops]") {
  using T = std::vector<Tensor>;
  Tensor sizes = tensor({2, 1});
  for (int64_t proj : {0, 1}) {
    const int64_t hidden = proj ? 2 : 1;
    T in = params(4, 1, hidden, 1, true, false, proj);
    for (Shape state : {Shape{2, 2, 1}, Shape{2, 2, hidden}}) in.push_back(wave(state, 5).requires_grad_());
    in.push_back(wave({3, 1}, 6).requires_grad_());
    check_gradients(
        [&](const T& t) {
          size_t n = t.size();
          auto [out, h, c] = lstm(t[n - 1], sizes, {t[n - 3], t[n - 2]}, T(t.begin(), t.end() - 3), {.has_biases = false, .bidirectional = true});
          return T{out, h, c};
        },
        in);
  }
  T in = params(3, 1, 1, 1, true);
  in.push_back(wave({2, 2, 1}, 5).requires_grad_());
  in.push_back(wave({3, 1}, 6).requires_grad_());
  check_gradients(
      [&](const T& t) {
        auto [out, h] = gru(t.back(), sizes, t[t.size() - 2], T(t.begin(), t.end() - 2), {.bidirectional = true});
        return T{out, h};
      },
      in);
}

TEST_CASE("a recurrent network's backward tells of weights and states that changed since", "[ops]") {
  Tensor x = wave({3, 2, 3}, 0), h = wave({1, 2, 5}, 1);
  auto p = params(3, 3, 5, 1, false);
  auto [out, last] = gru(x, h, p);
  {
    no_grad guard;
    p[1].mul_(2);
  }
  CHECK(error_of([&] { sum(out).backward(); }).find("gru") != std::string::npos);
  auto [again, again_last] = gru(x, h, p);
  sum(again_last).backward();  // one of the results
  CHECK(p[1].grad().defined());
}

TEST_CASE("dropout lies between layers, in training only", "[ops]") {
  Tensor x = wave({3, 2, 3}, 0), h = wave({2, 2, 3}, 1);
  auto p = params(1, 3, 3, 2, false);
  auto run = [&](double dropout, bool train) { return std::get<0>(rnn_tanh(x, h, p, {.num_layers = 2, .dropout = dropout, .train = train})); };
  CHECK(equal(run(0.5, false), run(0, true)));
  CHECK_FALSE(allclose(run(0.5, true), run(0, true)));
  Tensor all_dropped = std::get<0>(rnn_tanh(zeros_like(x), h.narrow(0, 1, 1), {p[4], p[5], p[6], p[7]}));
  CHECK(allclose(run(1, true), all_dropped));
}

TEST_CASE("recurrent networks by name, and on the meta device", "[ops]") {
  Tensor x = wave({4, 2, 3}, 0), h = wave({1, 2, 5}, 1);
  auto p = params(3, 3, 5, 1, false);
  CHECK(equal(call("gru", {x, h, p, true, 1, 0.0, false, false, false}).at(0).to_tensor(), std::get<0>(gru(x, h, p))));
  Device meta("meta");
  for (Tensor& t : p) t = to(t.detach(), meta);
  CHECK(std::get<0>(gru(to(x, meta), to(h, meta), p)).sizes() == Shape{4, 2, 5});
}

TEST_CASE("what recurrent networks refuse", "[ops]") {
  Tensor x = wave({4, 2, 3}, 0), h = wave({1, 2, 5}, 1);
  auto p = params(3, 3, 5, 1, false);
  CHECK(error_of([&] { gru(Tensor(), h, p); }).starts_with("gru: argument 'input': expected a defined tensor"));
  CHECK(error_of([&] { gru(x, Tensor(), p); }).starts_with("gru: argument 'hx': expected a defined tensor"));
  CHECK(error_of([&] { gru(x, h, {p[0], p[1], Tensor(), p[3]}); }).starts_with("gru: argument 'params': expected a defined tensor"));
  CHECK(error_of([&] { lstm(x, {h}, params(4, 3, 5, 1, false)); }).starts_with("lstm: argument 'hx': expected two tensors, h and c"));
  CHECK(error_of([&] { gru(x, h, {p[0], p[1]}); }).starts_with("gru: argument 'params': expected 4 tensors for each of 1"));
  CHECK(error_of([&] { gru(x.narrow(2, 0, 2), h, p); }).starts_with("gru: argument 'input': expected as many features"));
  CHECK(error_of([&] { gru(x, wave({1, 3, 5}, 0), p); }).starts_with("gru: argument 'hx': expected sizes [1, 2, 5]"));
  CHECK(error_of([&] { gru(x.narrow(0, 0, 0), h, p); }).starts_with("gru: argument 'input': expected at least one step"));
  CHECK(error_of([&] { gru(x[0], tensor({1, 2}), h, p); }).starts_with("gru: argument 'batch_sizes': expected positive numbers that do not grow"));
  CHECK(error_of([&] { gru_cell(x[0], h[0], Tensor(), p[1]); }).starts_with("gru_cell: argument 'w_ih': expected a defined tensor"));
  CHECK(error_of([&] { gru_cell(x[0], wave({3, 5}, 0), p[0], p[1]); }).starts_with("gru_cell: argument 'hx': expected sizes [2, 5]"));
}
