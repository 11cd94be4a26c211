#include "lazuli/ops/network/attention.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/memory/memory.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/ops/network/attention_support.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/split.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor wave(const Shape& sizes, double phase, DType dtype = kFloat64) {
  return to(sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(0.7) + Scalar(phase)), dtype).reshape(sizes);
}
Tensor wave_leaf(const Shape& sizes, double phase) { return wave(sizes, phase).requires_grad_(); }
Tensor sdpa(const std::vector<Tensor>& t, bool causal = false) {
  return scaled_dot_product_attention(t[0], t[1], t[2], t.size() > 3 ? OptionalTensor(t[3]) : none, 0, causal);
}

// By blocks, and from operators with all weights in memory: results and gradients.
void compare(const std::vector<Tensor>& inputs, bool causal = false) {
  Tensor a = sdpa(inputs, causal);
  OptionalTensor mask = inputs.size() > 3 ? OptionalTensor(inputs[3]) : none;
  if (causal) mask = attention::causal_mask(inputs[0].size(-2), inputs[1].size(-2), kCPU);
  Tensor b = attention::composite(inputs[0], inputs[1], inputs[2], mask, 1 / std::sqrt(double(inputs[0].size(-1)))).out;
  REQUIRE(a.sizes() == b.sizes());
  CHECK(allclose(a, b, 1e-10, 1e-10));
  Tensor weight = wave(a.sizes(), 5);
  std::vector<Tensor> leaves;
  for (const Tensor& t : inputs)
    if (t.requires_grad()) leaves.push_back(t);
  std::vector<Tensor> x = autograd::grad({a}, leaves, {.grad_outputs = {weight}}), y = autograd::grad({b}, leaves, {.grad_outputs = {weight}});
  for (size_t i = 0; i < leaves.size(); ++i) {
    INFO("gradient of input " << i);
    CHECK(allclose(x[i], y[i], 1e-9, 1e-9));
  }
}
}  // namespace

TEST_CASE("attention by blocks is attention, forward and backward", "[ops]") {
  Tensor q = wave_leaf({2, 3, 5, 4}, 0), k = wave_leaf({2, 3, 7, 4}, 1), v = wave_leaf({2, 3, 7, 6}, 2);
  compare({q, k, v});
  compare({q, k, v}, true);
  for (Shape sizes : {Shape{5, 7}, Shape{2, 1, 5, 7}, Shape{3, 1, 7}, Shape{2, 3, 5, 7}, Shape{5, 1}, Shape{2, 1, 1, 7}}) {
    INFO(to_string(sizes));
    compare({q, k, v, wave_leaf(sizes, 3)});
    compare({q, k, v, wave(sizes, 3) > 0.4});
  }
  compare({q, wave_leaf({1, 7, 4}, 1), wave_leaf({2, 1, 7, 6}, 2)});  // leading sizes broadcast
  // Long rows: several blocks for each sample.
  compare({wave_leaf({2, 700, 3}, 0), wave_leaf({2, 900, 3}, 1), wave_leaf({2, 900, 2}, 2)});
  compare({wave_leaf({2, 700, 3}, 0), wave_leaf({2, 900, 3}, 1), wave_leaf({2, 900, 2}, 2)}, true);
  compare({wave_leaf({2, 700, 3}, 0), wave_leaf({2, 900, 3}, 1), wave_leaf({2, 900, 2}, 2), wave_leaf({700, 900}, 3)});
  // Many samples: several blocks of whole ones, with masks for some of the leading dimensions.
  compare({wave_leaf({3, 2, 250, 3}, 0), wave_leaf({3, 2, 260, 3}, 1), wave_leaf({3, 2, 260, 2}, 2), wave_leaf({3, 1, 250, 260}, 3)});
}

TEST_CASE("attention in one kernel is attention by blocks, forward and backward", "[ops]") {
  const auto run = [](const std::vector<Tensor>& leaves, auto&& f) {
    Tensor out = f(leaves);
    std::vector<Tensor> all = autograd::grad({out}, leaves, {.grad_outputs = {wave(out.sizes(), 5, kFloat32)}});
    all.push_back(out);
    return all;
  };
  const auto same = [&](const std::vector<Tensor>& leaves, auto&& f) {
    std::vector<Tensor> fused = run(leaves, f), composed;
    {
      ComposeGuard guard;
      composed = run(leaves, f);
    }
    for (size_t i = 0; i < fused.size(); ++i) {
      INFO("tensor " << i);
      CHECK(allclose(fused[i], composed[i], 1e-4, 2e-5));
    }
  };
  const auto leaf = [](const Shape& sizes, double phase) { return wave(sizes, phase, kFloat32).requires_grad_(); };
  Tensor seen = wave({2, 1, 70, 90}, 3) > -0.2;
  seen.select(2, 4).zero_();  // a row that sees nothing
  for (auto [e, ev] : {std::pair{4, 4}, std::pair{16, 24}, std::pair{7, 5}}) {
    INFO(e << " features, " << ev << " values");
    const std::vector<Tensor> leaves{leaf({2, 4, 70, e}, 0), leaf({2, 4, 90, e}, 1), leaf({2, 4, 90, ev}, 2)};
    same(leaves, [](auto& t) { return scaled_dot_product_attention(t[0], t[1], t[2]); });
    same(leaves, [](auto& t) { return scaled_dot_product_attention(t[0], t[1], t[2], none, 0, true, 0.7); });
    same(leaves, [&](auto& t) { return scaled_dot_product_attention(t[0], t[1], t[2], seen); });
    same(leaves, [](auto& t) { return scaled_dot_product_attention(t[0], t[1], t[2], wave({70, 90}, 4, kFloat32)); });
    const auto dropping = [](auto& t, const OptionalTensor& mask, bool causal) {  // the same weights are dropped
      return scaled_dot_product_attention(t[0], t[1], t[2], mask, 0.3, causal, {}, false, Generator(7));
    };
    same(leaves, [&](auto& t) { return dropping(t, none, false); });
    same(leaves, [&](auto& t) { return dropping(t, none, true); });
    same(leaves, [&](auto& t) { return dropping(t, seen, false); });
  }
  same({leaf({9, 30, 8}, 0), leaf({9, 11, 8}, 1), leaf({9, 11, 8}, 2)}, [](auto& t) { return scaled_dot_product_attention(t[0], t[1], t[2]); });
  same({leaf({9, 30, 8}, 0), leaf({1, 11, 8}, 1), leaf({11, 8}, 2)}, [](auto& t) { return scaled_dot_product_attention(t[0], t[1], t[2]); });
  // Heads side by side in one tensor, as a projection leaves them: neither they nor the result are copied.
  same({leaf({2, 50, 3 * 4 * 8}, 0)}, [](auto& t) {
    std::vector<Tensor> parts = unbind(t[0].reshape({2, 50, 3, 4, 8}).permute({2, 0, 3, 1, 4}), 0);
    Tensor out = scaled_dot_product_attention(parts[0], parts[1], parts[2], none, 0, true);
    if (!detail::composing()) CHECK(out.transpose(1, 2).is_contiguous());
    return out.transpose(1, 2).reshape({2, 50, 32});
  });
}

TEST_CASE("attention drops in its kernel, and its gradients are those of the same weights", "[ops]") {
  struct Calls : EventListener {
    std::vector<std::string> names;
    void call_begins(const SlotCall& call) override {
      if (const std::string name = call.slot.name; name.starts_with("attention") || name == "dropout") names.push_back(name);
    }
  } calls;
  const auto leaf = [](double phase) { return wave({2, 4, 21, 6}, phase, kFloat32).requires_grad_(); };
  const std::vector<Tensor> leaves{leaf(0), leaf(1), leaf(2)};
  const auto attend = [&] { return scaled_dot_product_attention(leaves[0], leaves[1], leaves[2], none, 0.4, true, {}, false, Generator(11)); };
  {
    const Listening listening(calls);
    sum(square(attend())).backward();
  }
  CHECK(calls.names == std::vector<std::string>{"attention_dropout", "attention_dropout_backward"});
  // Of the second order, by operators, from the kernel's result.
  const auto second = [&] {
    const std::vector<Tensor> first = autograd::grad({sum(square(attend()))}, leaves, {.create_graph = true});
    return autograd::grad({sum(square(first[0])) + sum(square(first[2]))}, leaves);
  };
  const std::vector<Tensor> of_kernel = second();
  const ComposeGuard guard;
  const std::vector<Tensor> composed = second();
  for (size_t i = 0; i < leaves.size(); ++i) CHECK(allclose(of_kernel[i], composed[i], 1e-3, 1e-4));
}

TEST_CASE("gradients of attention, both orders", "[ops]") {
  Tensor q = wave_leaf({2, 3, 2}, 0), k = wave_leaf({2, 4, 2}, 1), v = wave_leaf({2, 4, 3}, 2);
  check_gradients([](const Tensor& q, const Tensor& k, const Tensor& v) { return scaled_dot_product_attention(q, k, v); }, {q, k, v});
  check_gradients([](const Tensor& q, const Tensor& k, const Tensor& v) { return scaled_dot_product_attention(q, k, v, none, 0, true, 0.3); },
                  {q, k, v});
  check_gradients([](const std::vector<Tensor>& t) { return sdpa(t); }, {q, k, v, wave_leaf({1, 3, 4}, 3)});
  check_gradients([](const Tensor& q, const Tensor& k, const Tensor& v) { return scaled_dot_product_attention(q, k, v, none, 0, false, {}, true); },
                  {wave_leaf({4, 2, 2}, 0), wave_leaf({2, 3, 2}, 1), wave_leaf({2, 3, 2}, 2)});
  // With dropout: the same weights are dropped again when the backward is computed.
  check_gradients([](const Tensor& q, const Tensor& k,
                     const Tensor& v) { return scaled_dot_product_attention(q, k, v, none, 0.4, false, {}, false, Generator(3)); },
                  {q, k, v});
}

TEST_CASE("is_causal counts from the first key", "[ops]") {
  Tensor q = wave({2, 3}, 0), k = wave({4, 3}, 1), v = wave({4, 3}, 2);
  Tensor y = scaled_dot_product_attention(q, k, v, none, 0, true);
  CHECK(allclose(y[0], v[0]));
  CHECK(allclose(y[1], scaled_dot_product_attention(q.narrow(0, 1, 1), k.narrow(0, 0, 2), v.narrow(0, 0, 2))[0]));
}

TEST_CASE("attention takes its options by name or by position", "[ops]") {
  Tensor q = wave({2, 4, 3, 8}, 0), k = wave({2, 2, 5, 8}, 1), v = wave({2, 2, 5, 8}, 2);
  CHECK(equal(scaled_dot_product_attention(q, k, v, {.scale = 0.5, .enable_gqa = true}),
              scaled_dot_product_attention(q, k, v, none, 0, false, 0.5, true)));
  CHECK(equal(scaled_dot_product_attention(q, q, q, {.is_causal = true}), scaled_dot_product_attention(q, q, q, none, 0, true)));
  CHECK(equal(scaled_dot_product_attention(q, q, q, {}), scaled_dot_product_attention(q, q, q)));
}

TEST_CASE("a row that is masked whole gives zeros, and gradients of zeros", "[ops]") {
  Tensor q = wave_leaf({3, 2}, 0), k = wave_leaf({4, 2}, 1), v = wave_leaf({4, 2}, 2);
  Tensor seen = ones({3, 4}, {.dtype = kBool});
  seen[1].zero_();
  for (OptionalTensor mask : {OptionalTensor(seen), OptionalTensor(masked_fill(zeros({3, 4}, {.dtype = kFloat64}), logical_not(seen), -INFINITY))}) {
    Tensor y = scaled_dot_product_attention(q, k, v, mask);
    CHECK(values(y[1]) == std::vector<double>{0, 0});
    for (bool graph : {false, true}) {
      std::vector<Tensor> grads = autograd::grad({sum(y * wave({3, 2}, 4))}, {q, k, v}, {.retain_graph = true, .create_graph = graph});
      CHECK(values(grads[0][1]) == std::vector<double>{0, 0});
      for (const Tensor& g : grads) CHECK(all(isfinite(g)).item<bool>());
      if (graph) CHECK(all(isfinite(autograd::grad({sum(grads[0] * grads[0])}, {k}, {.retain_graph = true})[0])).item<bool>());
    }
  }
  CHECK(values(scaled_dot_product_attention(q, k.narrow(0, 0, 0), v.narrow(0, 0, 0))) == std::vector<double>(6, 0));  // no keys at all
}

TEST_CASE("attention at 4,096 tokens needs memory in proportion to them", "[ops]") {
  const int64_t tokens = 4096, width = 8;
  auto extra = [&](bool causal, int64_t heads, double dropout = 0) {
    Tensor q = wave({heads, tokens, width}, 0, kFloat32).requires_grad_(), k = wave({heads, tokens, width}, 1, kFloat32).requires_grad_();
    Tensor v = wave({heads, tokens, width}, 2, kFloat32).requires_grad_();
    int64_t before = memory_stats().allocated;
    reset_peak_memory_stats();
    sum(scaled_dot_product_attention(q, k, v, none, dropout, causal)).backward();
    return memory_stats().peak_allocated - before;
  };
  const int64_t weights = tokens * tokens * 4;  // 64 MiB: what one matrix of all weights takes
  for (int64_t heads : {1, 8})                  // by blocks, and in one kernel
    for (bool causal : {false, true}) CHECK(extra(causal, heads) < heads * weights / 8);
  CHECK(extra(true, 8, 0.1) < 8 * weights / 16);
}

TEST_CASE("dropped weights keep the mean, and a seed says which", "[ops]") {
  Tensor q = zeros({64, 2}), k = zeros({50, 2}), v = ones({50, 1});
  auto run = [&](uint64_t seed) { return scaled_dot_product_attention(q, k, v, none, 0.25, false, {}, false, Generator(seed)); };
  CHECK(mean(run(1)).item<double>() == Approx(1).margin(0.03));
  CHECK(equal(run(1), run(1)));
  CHECK_FALSE(equal(run(1), run(2)));
}

TEST_CASE("halves are used at float32, and shapes are known on the meta device", "[ops]") {
  Tensor q = wave({5, 8}, 0), k = wave({9, 8}, 1), v = wave({9, 8}, 2);
  for (DType dtype : {kFloat16, kBFloat16}) {
    Tensor a = to(q, dtype), b = to(k, dtype), c = to(v, dtype);
    Tensor wide = scaled_dot_product_attention(to(a, kFloat64), to(b, kFloat64), to(c, kFloat64));
    CHECK(equal(scaled_dot_product_attention(a, b, c), to(to(wide, kFloat32), dtype)));
  }
  Tensor m = scaled_dot_product_attention(to(q, Device("meta")), to(k, Device("meta")), to(v, Device("meta")), none, 0, true);
  CHECK(m.device() == Device("meta"));
  CHECK(m.sizes() == Shape{5, 8});
}

TEST_CASE("what attention refuses", "[ops]") {
  Tensor q = ones({2, 3}), k = ones({4, 3}), v = ones({4, 3});
  const std::string op = "scaled_dot_product_attention: ";
  auto error = [&](const Tensor& q, const Tensor& k, const Tensor& v, const OptionalTensor& mask = none, double p = 0, bool causal = false) {
    return error_of([&] { scaled_dot_product_attention(q, k, v, mask, p, causal); });
  };
  CHECK(error(Tensor(), k, v).starts_with(op + "argument 'query': expected a defined tensor"));
  CHECK(error(q, Tensor(), v).starts_with(op + "argument 'key': expected a defined tensor"));
  CHECK(error(q, k, Tensor()).starts_with(op + "argument 'value': expected a defined tensor"));
  CHECK(error(q, k, ones({5, 3})).starts_with(op + "argument 'value': expected as many values as keys, 4"));
  CHECK(error(q, ones({4, 2}), v).starts_with(op + "argument 'key': expected the query's 3 features"));
  CHECK(error(q, to(k, kFloat64), v).starts_with(op + "argument 'key': expected the query's dtype float32"));
  for (double p : {-0.1, 1.0, double(NAN)}) CHECK(error(q, k, v, none, p).starts_with(op + "argument 'dropout_p': expected a probability in [0, 1)"));
  CHECK(error(q, k, v, ones({2, 4}), 0, true).starts_with(op + "argument 'attn_mask': expected none with is_causal"));
  CHECK(error(q, k, v, ones({2, 5})) != "no error");
  CHECK(error(q, k, v, ones({2, 2, 4})).starts_with(op + "argument 'attn_mask': expected sizes that broadcast to [2, 4]"));
  CHECK(error_of([&] {
          scaled_dot_product_attention(ones({3, 2, 3}), ones({2, 4, 3}), ones({2, 4, 3}), none, 0, false, {}, true);
        }).starts_with(op + "argument 'key': expected a number of heads that divides the query's 3"));
}

TEST_CASE("several heads: weights of an average, and masks where true hides", "[ops]") {
  Tensor q = wave({3, 2, 4}, 0), k = wave({5, 2, 4}, 1), v = wave({5, 2, 4}, 2);
  MultiHeadAttentionWeights w{.in_proj_weight = wave({12, 4}, 3), .out_proj_weight = wave({4, 4}, 4)};
  auto [out, weights] = multi_head_attention_forward(q, k, v, 2, w);
  CHECK(weights.sizes() == Shape{2, 3, 5});
  CHECK(allclose(sum(weights, -1), ones({2, 3}, {.dtype = kFloat64})));
  auto [same, no_weights] = multi_head_attention_forward(q, k, v, 2, w, {.need_weights = false});
  CHECK_FALSE(no_weights.defined());
  CHECK(allclose(out, same));
  auto [again, by_head] = multi_head_attention_forward(q, k, v, 2, w, {.average_attn_weights = false});
  CHECK(by_head.sizes() == Shape{2, 2, 3, 5});
  CHECK(allclose(mean(by_head, 1), weights));

  Tensor padding = zeros({2, 5}, {.dtype = kBool});
  padding[1].narrow(0, 3, 2).fill_(true);  // sample 1 has three keys
  for (bool need : {false, true}) {
    Tensor masked = std::get<0>(multi_head_attention_forward(q, k, v, 2, w, {.key_padding_mask = padding, .need_weights = need}));
    auto sample = [](const Tensor& t, int64_t i) { return t.narrow(1, i, 1); };
    CHECK(allclose(sample(masked, 0), sample(out, 0)));
    Tensor shorter = std::get<0>(multi_head_attention_forward(sample(q, 1), sample(k, 1).narrow(0, 0, 3), sample(v, 1).narrow(0, 0, 3), 2, w));
    CHECK(allclose(sample(masked, 1), shorter));
    // Causal by itself and by a mask, with and without padding.
    Tensor later = logical_not(attention::causal_mask(3, 5, kCPU));
    for (OptionalTensor pad : {OptionalTensor(), OptionalTensor(padding)}) {
      Tensor a = std::get<0>(multi_head_attention_forward(q, k, v, 2, w, {.key_padding_mask = pad, .need_weights = need, .is_causal = true}));
      Tensor b = std::get<0>(multi_head_attention_forward(q, k, v, 2, w, {.key_padding_mask = pad, .attn_mask = later, .need_weights = need}));
      Tensor numbers = masked_fill(zeros({3, 5}, {.dtype = kFloat64}), later, -INFINITY);
      Tensor c = std::get<0>(multi_head_attention_forward(q, k, v, 2, w, {.key_padding_mask = pad, .attn_mask = numbers, .need_weights = need}));
      CHECK(allclose(a, b));
      CHECK(allclose(a, c));
    }
  }
  check_gradients(
      [](const std::vector<Tensor>& t) {
        auto [out, weights] = multi_head_attention_forward(t[0], t[1], t[1], 2, {.in_proj_weight = t[2], .out_proj_weight = t[3]});
        return std::vector<Tensor>{out, weights};
      },
      {wave_leaf({2, 1, 2}, 0), wave_leaf({3, 1, 2}, 1), wave_leaf({6, 2}, 2), wave_leaf({2, 2}, 3)});
}

TEST_CASE("what attention of several heads refuses", "[ops]") {
  Tensor x = ones({3, 2, 4});
  MultiHeadAttentionWeights w{.in_proj_weight = ones({12, 4}), .out_proj_weight = ones({4, 4})};
  const std::string op = "multi_head_attention_forward: argument ";
  auto error = [&](const Tensor& q, const Tensor& k, const Tensor& v, int64_t heads, const MultiHeadAttentionWeights& w,
                   const MultiHeadAttentionOptions& o = {}) { return error_of([&] { multi_head_attention_forward(q, k, v, heads, w, o); }); };
  CHECK(error(Tensor(), x, x, 2, w).starts_with(op + "'query': expected a defined tensor"));
  CHECK(error(x, x, Tensor(), 2, w).starts_with(op + "'value': expected a defined tensor"));
  CHECK(error(x, x, x, 2, {.in_proj_weight = ones({12, 4})}).starts_with(op + "'out_proj_weight': expected a defined tensor"));
  CHECK(error(x, x, x, 3, w).starts_with(op + "'num_heads': expected a divisor of the query's 4 features"));
  CHECK(error(x, x, ones({4, 2, 4}), 2, w).starts_with(op + "'value': expected as many values as keys, 3"));
  CHECK(error(x, x, x, 2, w, {.key_padding_mask = zeros({2, 4}, {.dtype = kBool})}).starts_with(op + "'key_padding_mask': expected sizes [2, 3]"));
  CHECK(error(x, x, x, 2, w, {.attn_mask = zeros({2, 4})}).starts_with(op + "'attn_mask': expected sizes [3, 3] or [4, 3, 3]"));
  CHECK(error(x, x, x, 2, w, {.dropout_p = 1}).starts_with(op + "'dropout_p': expected a probability in [0, 1)"));
}
