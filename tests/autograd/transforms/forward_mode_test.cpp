#include "lazuli/autograd/forward_mode.h"

#include <functional>

#include "lazuli/func.h"
#include "lazuli/lazuli.h"
#include "lazuli/research.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

using Tensors = std::vector<Tensor>;
using Function = std::function<Tensors(const Tensors&)>;

Tensor wave(const Shape& sizes, double shift, DType dtype = kFloat64) {
  const Tensor t = cos(arange(sizes.numel(), {.dtype = kFloat64}) * 1.7 + shift);
  return (is_complex(dtype) ? complex(t, sin(t * 3)) : t).reshape(sizes).to(dtype);
}
Tensors waves(const Tensors& like, double shift) {
  Tensors all;
  for (const Tensor& t : like) all.push_back(wave(t.sizes(), shift++, t.dtype()));
  return all;
}

/// The gradient of the gradient, written out: formulas do not know what it is for.
Tensors by_two_backwards(const Function& f, const Tensors& at, const Tensors& tangents, bool create_graph) {
  Tensors x, weights;
  for (const Tensor& t : at) x.push_back(create_graph ? t : t.detach().requires_grad_());
  const Tensors y = f(x);
  for (const Tensor& t : y) weights.push_back(zeros_like(t.detach()).requires_grad_());
  const Tensors g = autograd::grad(y, x, {.grad_outputs = weights, .create_graph = true, .allow_unused = true});
  Tensors some, along;
  for (size_t i = 0; i < g.size(); ++i)
    if (g[i].defined() && g[i].requires_grad() && tangents[i].defined()) some.push_back(g[i]), along.push_back(tangents[i]);
  return autograd::grad(some, weights, {.grad_outputs = along, .create_graph = create_graph, .allow_unused = true});
}

bool near(const Tensors& a, const Tensors& b) {
  bool all = a.size() == b.size();
  for (size_t i = 0; all && i < a.size(); ++i) all = a[i].defined() == b[i].defined() && (!a[i].defined() || allclose(a[i], b[i], 1e-9, 1e-10));
  return all;
}

/// jvp of f along all inputs and along each alone, along several directions at once, and its derivatives, against the gradient of the gradient.
void check(const Function& f, const Tensors& at) {
  const Tensors tangents = waves(at, 5);
  const auto jvp = [&](const Tensors& x, const Tensors& v) { return func::jvp(f, std::tuple{x}, std::tuple{v}).second; };
  CHECK(near(jvp(at, tangents), by_two_backwards(f, at, tangents, false)));
  for (size_t i = 0; i < at.size(); ++i) {
    Tensors only(at.size());
    only[i] = tangents[i];
    const Tensors expected = by_two_backwards(f, at, only, false);
    const auto one = [&](const Tensor& x) {
      Tensors all = at;
      all[i] = x;
      return f(all);
    };
    const Tensors got = func::jvp(one, at[i], tangents[i]).second;
    for (size_t k = 0; k < got.size(); ++k) CHECK(allclose(got[k], expected[k].defined() ? expected[k] : zeros_like(got[k]), 1e-9, 1e-10));
  }
  const Tensors both = vmap([&](const Tensors& v) { return jvp(at, v); })([&] {
    Tensors all;
    for (const Tensor& v : tangents) all.push_back(stack({v, v * 2}));
    return all;
  }());
  const Tensors plain = jvp(at, tangents);
  for (size_t k = 0; k < both.size(); ++k) CHECK(allclose(both[k], stack({plain[k], plain[k] * 2}), 1e-9, 1e-10));
  const Tensors samples = vmap([&](const Tensors& x) { return jvp(x, tangents); })([&] {
    Tensors all;
    for (const Tensor& x : at) all.push_back(stack({x * 0.5, x}));
    return all;
  }());
  for (size_t k = 0; k < samples.size(); ++k) CHECK(allclose(samples[k][1], plain[k], 1e-9, 1e-10));

  const auto gradient = [&](const std::function<Tensors(const Tensors&)>& of) {
    Tensors leaves;
    for (const Tensor& t : at) leaves.push_back(t.detach().clone().requires_grad_());
    Tensor sum = zeros({}, {.dtype = kFloat64});
    const Tensors results = of(leaves);
    for (size_t k = 0; k < results.size(); ++k)
      if (results[k].defined()) {
        const Tensor product = results[k] * wave(results[k].sizes(), double(k), results[k].dtype());
        sum = sum + (product.is_complex() ? real(product) : product).sum();
      }
    return sum.requires_grad() ? autograd::grad({sum}, leaves, {.allow_unused = true}) : Tensors(leaves.size());
  };
  CHECK(near(gradient([&](const Tensors& x) { return jvp(x, tangents); }),
             gradient([&](const Tensors& x) { return by_two_backwards(f, x, tangents, true); })));
}

Tensor positive_definite(int64_t n, DType dtype = kFloat64) {
  const Tensor a = wave({2, n, n}, 1, dtype);
  return matmul(a, a.mH()) + eye(n, {.dtype = dtype}) * double(n);
}

}  // namespace

TEST_CASE("forward mode of products and convolutions", "[autograd][transforms]") {
  check([](const Tensors& t) { return Tensors{matmul(t[0], t[1])}; }, {wave({3, 4}, 0), wave({4, 2}, 1)});
  check([](const Tensors& t) { return Tensors{matmul(t[0], t[1])}; }, {wave({2, 3, 4}, 0, kComplex128), wave({2, 4, 2}, 1, kComplex128)});
  check([](const Tensors& t) { return Tensors{matmul(t[0], t[1])}; }, {wave({3, 4}, 0), wave({5, 4, 2}, 1)});
  check([](const Tensors& t) { return Tensors{addmm(t[0], t[1], t[2], 0.5, 2)}; }, {wave({2}, 0), wave({3, 4}, 1), wave({4, 2}, 2)});
  check([](const Tensors& t) { return Tensors{linear(t[0], t[1], t[2])}; }, {wave({2, 3, 4}, 0), wave({5, 4}, 1), wave({5}, 2)});
  check([](const Tensors& t) { return Tensors{conv2d(t[0], t[1], {.bias = t[2], .stride = 2, .padding = 1, .groups = 2})}; },
        {wave({2, 4, 5, 5}, 0), wave({6, 2, 3, 3}, 1), wave({6}, 2)});
  check([](const Tensors& t) { return Tensors{conv_transpose1d(t[0], t[1], {.bias = t[2], .stride = 2})}; },
        {wave({2, 4, 5}, 0), wave({4, 3, 3}, 1), wave({3}, 2)});
  check([](const Tensors& t) { return Tensors{conv1d(t[0], t[1])}; }, {wave({2, 2, 5}, 0, kComplex128), wave({3, 2, 3}, 1, kComplex128)});
}

TEST_CASE("forward mode of pointwise functions, softmax, running sums and windows", "[autograd][transforms]") {
  check([](const Tensors& t) { return Tensors{t[0] * t[1], t[0] / t[1]}; }, {wave({3, 1}, 0), wave({4}, 1) + 3});
  check([](const Tensors& t) { return Tensors{t[0] * t[1] / (t[1] + 4)}; }, {wave({3}, 0, kComplex128), wave({3}, 1, kComplex128)});
  check([](const Tensors& t) { return Tensors{gelu(t[0]), tanh(t[0]), sigmoid(t[0]), relu(t[0]), silu(t[0]), exp(t[0]), sqrt(t[0] + 2)}; },
        {wave({7}, 0)});
  check([](const Tensors& t) { return Tensors{exp(t[0]), abs(t[0])}; }, {wave({5}, 0, kComplex128)});
  check([](const Tensors& t) { return Tensors{softmax(t[0], 1), log_softmax(t[0], 0), cumsum(t[0], 1)}; }, {wave({3, 4}, 0)});
  check(
      [](const Tensors& t) {
        return Tensors{unfold(t[0], {2, 3}, {.padding = 1, .stride = 2}), fold(t[1], {4, 5}, {2, 2})};
      },
      {wave({2, 3, 5, 6}, 0), wave({1, 8, 12}, 1)});
}

TEST_CASE("forward mode of logcumsumexp, whose backward goes by the logarithms of gradients", "[autograd][transforms]") {
  const auto plain = [](const Tensor& t) { return log(cumsum(exp(t), 1)); };
  const auto own = [](const Tensor& t) { return logcumsumexp(t, 1); };
  const Tensor x = wave({2, 5}, 0), v = wave({2, 5}, 1);
  for (const Tensor& along : {v, v * (v > 0)}) CHECK(allclose(func::jvp(own, x, along).second, func::jvp(plain, x, along).second));
  CHECK(allclose(func::jvp([&](const Tensor& t) { return sin(own(t)); }, x, v).second,
                 func::jvp([&](const Tensor& t) { return sin(plain(t)); }, x, v).second));
  CHECK(allclose(func::jvp(own, wave({2, 5}, 0, kComplex128), wave({2, 5}, 1, kComplex128)).second,
                 func::jvp(plain, wave({2, 5}, 0, kComplex128), wave({2, 5}, 1, kComplex128)).second));
}

TEST_CASE("forward mode of normalizations and attention", "[autograd][transforms]") {
  const Tensors three{wave({3, 4, 20}, 0), wave({4}, 1) + 2, wave({4}, 2)};
  check([](const Tensors& t) { return Tensors{batch_norm(t[0], none, none, t[1], t[2], true, 0.1, 1e-3)}; }, three);
  check([](const Tensors& t) { return Tensors{batch_norm(t[0], zeros({4}, kFloat64), ones({4}, kFloat64), t[1], t[2], false, 0.1, 1e-3)}; }, three);
  check([](const Tensors& t) { return Tensors{batch_norm_relu(t[0], t[0] * 2, none, none, {.weight = t[1], .bias = t[2], .training = true})}; },
        three);
  check([](const Tensors& t) { return Tensors{batch_norm_relu(t[0], t[3], none, none, {.weight = t[1], .bias = t[2], .training = true})}; },
        {three[0], three[1], three[2], wave({3, 4, 20}, 3)});
  check([](const Tensors& t) { return Tensors{group_norm(t[0], 2, t[1], t[2], 1e-3)}; }, three);
  check(
      [](const Tensors& t) {
        return Tensors{layer_norm(t[0], {4, 2}, t[1], t[2]), rms_norm(t[0], {2}, t[1][0])};
      },
      {wave({3, 4, 2}, 0), wave({4, 2}, 1), wave({4, 2}, 2)});
  const auto attend = [](bool causal, bool masked) {
    return [=](const Tensors& t) {
      return Tensors{scaled_dot_product_attention(t[0], t[1], t[2], {.attn_mask = masked ? OptionalTensor(t[3]) : none, .is_causal = causal})};
    };
  };
  const Tensors heads{wave({2, 4, 3, 2}, 0), wave({2, 4, 3, 2}, 1), wave({2, 4, 3, 5}, 2)};
  check(attend(false, false), heads);
  check(attend(true, false), heads);
  check(attend(false, true), {heads[0], heads[1], heads[2], wave({4, 1, 3}, 3)});
}

TEST_CASE("forward mode of recurrent layers, whole and packed, in both directions and with projections", "[autograd][transforms]") {
  const int64_t n = 3, in = 2, h = 4;
  const auto params = [&](int64_t gates, int64_t projected = 0) {
    Tensors all;
    for (int d = 0; d < 2; ++d) {
      all.insert(all.end(), {wave({gates * h, in}, d) * 0.5, wave({gates * h, projected ? projected : h}, d + 1) * 0.5, wave({gates * h}, d + 2),
                             wave({gates * h}, d + 3)});
      if (projected) all.push_back(wave({projected, h}, d + 4));
    }
    return all;
  };
  const RecurrentOptions both{.has_biases = true, .num_layers = 1, .train = true, .bidirectional = true};
  const auto rest = [](const Tensors& t, size_t from) { return Tensors(t.begin() + std::ptrdiff_t(from), t.end()); };
  const auto with = [](Tensors first, const Tensors& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
  };
  const auto list = [](const auto& results) { return std::apply([](const auto&... t) { return Tensors{t...}; }, results); };
  const Tensor sequence = wave({5, n, in}, 0), state = wave({2, n, h}, 1), packed_data = wave({8, in}, 0), batch_sizes = tensor({3, 2, 2, 1});
  for (const bool packed : {false, true}) {
    const Tensor x = packed ? packed_data : sequence;
    check([&](const Tensors& t) { return packed ? list(gru(t[0], batch_sizes, t[1], rest(t, 2), both)) : list(gru(t[0], t[1], rest(t, 2), both)); },
          with({x, state}, params(3)));
    check(
        [&](const Tensors& t) {
          return packed ? list(rnn_tanh(t[0], batch_sizes, t[1], rest(t, 2), both)) : list(rnn_tanh(t[0], t[1], rest(t, 2), both));
        },
        with({x, state}, params(1)));
    check(
        [&](const Tensors& t) {
          return packed ? list(lstm(t[0], batch_sizes, {t[1], t[2]}, rest(t, 3), both)) : list(lstm(t[0], {t[1], t[2]}, rest(t, 3), both));
        },
        with({x, state, state * 0.5}, params(4)));
  }
  check([&](const Tensors& t) { return list(rnn_relu(t[0], t[1], rest(t, 2), both)); }, with({sequence, state}, params(1)));
  check(
      [&](const Tensors& t) {
        return list(lstm(t[0], {t[1], t[2]}, rest(t, 3), both));
      },
      with({sequence, wave({2, n, 2}, 1), state}, params(4, 2)));
}

TEST_CASE("forward mode of norms and of Cholesky factors", "[autograd][transforms]") {
  for (const DType dtype : {kFloat64, kComplex128})
    for (const double p : {2.0, 1.0, 3.0, 1.5, 0.5, double(INFINITY)}) {
      check([p](const Tensors& t) { return Tensors{linalg::vector_norm(t[0], p, 1, true), linalg::vector_norm(t[0], p)}; }, {wave({3, 4}, 0, dtype)});
    }
  const Tensor at_zero = func::jvp([](const Tensor& t) { return linalg::vector_norm(t); }, zeros({3}), ones({3})).second;
  CHECK(at_zero.item<float>() == 0);
  for (const DType dtype : {kFloat64, kComplex128})
    for (const bool upper : {false, true})
      for (const int64_t n : {3, 70}) {
        const Tensor A = positive_definite(n, dtype), v = wave(A.sizes(), 5, dtype);
        const Function f = [upper](const Tensors& t) { return Tensors{linalg::cholesky(t[0], upper)}; };
        CHECK(near(func::jvp(f, std::tuple{Tensors{A}}, std::tuple{Tensors{v}}).second, by_two_backwards(f, {A}, {v}, false)));
        if (n == 3) check(f, {A});
      }
}

TEST_CASE("a backward inside of a formula has values while what is around it is linearized", "[autograd][transforms]") {
  struct Scaled : autograd::Function<Scaled> {
    static Tensor forward(autograd::GradContext&, const Tensor& x) { return x.clone(); }
    static Tensors backward(autograd::GradContext&, Tensors grads) {
      enable_grad recording;
      const Tensor y = full({3}, 2.0, {.dtype = kFloat64}).requires_grad_();
      const Tensor curvature = autograd::grad({(y * y * y).sum()}, {y})[0];  // 3 y^2 = 12: a number that does not depend on what is linearized
      return {grads[0] * curvature.detach() / 12};
    }
  };
  const Tensor x = wave({3}, 0), v = wave({3}, 1);
  CHECK(allclose(func::jvp([](const Tensor& t) { return Scaled::apply(t); }, x, v).second, v));
}

TEST_CASE("a push after what it was made from has changed is an Error", "[autograd][transforms]") {
  Tensor w = wave({3, 3}, 0);
  const auto [y, push] = func::linearize([&](const Tensor& t) { return matmul(w, t); }, wave({3}, 1));
  CHECK(allclose(push(wave({3}, 2)), matmul(w, wave({3}, 2))));
  w.add_(1);
  CHECK_THROWS_AS(push(wave({3}, 2)), Error);
}
