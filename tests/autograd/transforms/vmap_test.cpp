#include "lazuli/core/error.h"
#include "lazuli/func.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

Tensor numbers(const Shape& sizes, double shift = 0) { return cos(arange(sizes.numel(), {.dtype = kFloat64}) * 1.3 + shift).reshape(sizes); }
bool close(const Tensor& a, const Tensor& b, double tolerance = 1e-10) {
  return a.sizes() == b.sizes() && (a.numel() == 0 || (a - b).abs().max().item<double>() <= tolerance);
}
// What vmap is to give: f of one sample after the other.
template <class F>
Tensor loop(F f, const Tensor& x) {
  std::vector<Tensor> all;
  for (int64_t i = 0; i < x.size(0); ++i) all.push_back(f(x[i]));
  return stack(all);
}

struct Cnn : nn::Module {
  nn::Child<nn::Conv2d> c1{this, "c1", 1, 4, 3};
  nn::Child<nn::Conv2d> c2{this, "c2", 4, 6, 3};
  nn::Child<nn::GroupNorm> norm{this, "norm", 2, 6};
  nn::Child<nn::Linear> out{this, "out", 6 * 2 * 2, 3};
  Tensor forward(const Tensor& x) { return out(flatten(norm(max_pool2d(relu(c2(relu(c1(x)))), 2)), 1)); }
};

}  // namespace

TEST_CASE("vmap hides the samples: functions see the sizes of one", "[autograd][transforms]") {
  const Tensor x = numbers({4, 3, 2});
  Shape seen;
  const Tensor y = vmap([&](const Tensor& t) {
    seen = t.sizes();
    return t.t() * 2 + 1;
  })(x);
  CHECK(seen == Shape{3, 2});
  CHECK(close(y, x.transpose(1, 2) * 2 + 1));
  CHECK(close(vmap([](const Tensor& a, const Tensor& b) { return matmul(a, b); }, {0, none})(x, numbers({2})), matmul(x, numbers({2}))));
  CHECK(close(vmap([](const Tensor& t) { return t.sum(0); }, 2, 1)(x), x.sum(0)));
  CHECK(close(vmap([](const Tensor& t) { return t * 2; }, -1, -1)(x), x * 2));
  const Tensor number = tensor({7.0}, kFloat64);  // by a mask, for which nothing is looked at
  CHECK(close(vmap([&](const Tensor& t, const Tensor& mask) { return index_put(t, {mask}, number); })(x, x > 0.5), where(x > 0.5, number, x)));
  CHECK(close(vmap([](const Tensor&) { return ones({2}, kFloat64); })(x), ones({4, 2}, kFloat64)));
}

TEST_CASE("vmap is the loop over samples", "[autograd][transforms]") {
  const Tensor x = numbers({3, 4, 4});
  auto holds = [&](auto f) { return close(vmap(f)(x), loop(f, x)); };
  const Tensor w = numbers({4, 4}, 5);
  CHECK(holds([](const Tensor& t) { return softmax(t, 1) - log_softmax(t, 0); }));
  CHECK(holds([](const Tensor& t) { return std::get<0>(sort(t, 1)); }));
  CHECK(holds([](const Tensor& t) { return t.cumsum(0).to(kFloat32).to(kFloat64); }));
  CHECK(holds([&](const Tensor& t) { return matmul(t, matmul(w, t)) + matmul(w, w); }));
  CHECK(holds([](const Tensor& t) { return linalg::solve(matmul(t, t.t()) + eye(4, {.dtype = kFloat64}), t); }));
  CHECK(holds([](const Tensor& t) { return linalg::eigh(t + t.t()).eigenvalues; }));
  CHECK(holds([](const Tensor& t) { return layer_norm(t, {4}); }));
  CHECK(holds([](const Tensor& t) { return cat({t, ones({1, 4}, kFloat64), t[0].unsqueeze(0)}); }));
  CHECK(holds([](const Tensor& t) { return t.index_select(1, tensor({3, 0}, kInt64)); }));
  CHECK(holds([](const Tensor& t) { return where(t > 0, t, t.t()); }));
  CHECK(holds([&](const Tensor& t) { return gather(w, 0, argsort(t, 0)); }));
  CHECK(holds([&](const Tensor& t) { return index_select(w, 0, argmax(t, 1)); }));
  CHECK(holds([](const Tensor& t) { return t.masked_fill(t > 0.5, 0) + t.tril() + t.var(0) + t.prod(1); }));
  CHECK(holds([](const Tensor& t) {
    Tensor sum = zeros({4}, kFloat64);  // made inside: it may get a value for each sample
    for (int64_t i = 0; i < 4; ++i) sum += t[i];
    return sum;
  }));
  CHECK(holds([](const Tensor& t) {
    Tensor copy = t.clone();
    copy[1].mul_(3);
    copy.narrow(1, 0, 2).add_(t.narrow(1, 2, 2));
    return copy;
  }));
}

TEST_CASE("vmap nests, takes pytrees, chunks, and gives results in their form", "[autograd][transforms]") {
  const Tensor a = numbers({3, 5}), b = numbers({4, 5}, 2);
  auto dot = [](const Tensor& p, const Tensor& q) { return (p * q).sum(); };
  auto inner = vmap(dot, {none, 0});
  CHECK(close(vmap(inner, {0, none})(a, b), matmul(a, b.t())));
  CHECK(close(vmap(vmap(dot, {0, none}), {none, 0}, 1)(a, b), matmul(a, b.t())));
  const Tensor cube = numbers({2, 3, 4});
  CHECK(close(vmap(vmap(vmap([](const Tensor& t) { return t * t; })))(cube), cube * cube));

  auto f = [](const std::pair<Tensor, std::vector<Tensor>>& tree) {
    return std::tuple{tree.first * 2, std::vector<Tensor>{tree.second[0] + tree.first}};
  };
  const auto [twice, sums] = vmap(f)(std::pair{a, std::vector<Tensor>{a}});
  CHECK(close(twice, a * 2));
  CHECK(close(sums.at(0), a * 2));
  CHECK(close(vmap([](const Tensor& t) { return t.square().sum(); }, VmapOptions{.chunk_size = 2})(a), a.square().sum(1)));
}

TEST_CASE("what vmap refuses", "[autograd][transforms]") {
  const Tensor x = numbers({3, 2});
  CHECK_THROWS_AS(vmap([](const Tensor& t) { return t.sum().item<double>() > 0 ? t : -t; })(x), Error);
  CHECK_THROWS_WITH(vmap([](const Tensor& a, const Tensor& b) { return a + b; })(x, numbers({4, 2})), Contains("samples"));
  CHECK_THROWS_WITH(vmap([](const Tensor& a) { return a; }, none)(x), Contains("in_dims"));
  CHECK_THROWS_WITH(vmap([](const Tensor& a) { return a; }, 0, none)(x), Contains("out_dims"));
  CHECK_THROWS_WITH(vmap([](const Tensor& a) { return a; }, {0, 0})(x), Contains("in_dims"));
  Tensor outside = zeros({2}, kFloat64);
  CHECK_THROWS_WITH(vmap([&](const Tensor& t) {
                      outside += t;
                      return t;
                    })(x),
                    Contains("vmap: argument 'self': expected tensors made inside the vmap"));
  CHECK(close(outside, zeros({2}, kFloat64)));
  Tensor leaked;
  vmap([&](const Tensor& t) { return leaked = t * 2; })(x);
  CHECK_THROWS_AS(leaked + 1, Error);
}

TEST_CASE("random numbers inside vmap are an Error, the same, or different", "[autograd][transforms]") {
  const Tensor x = zeros({4, 3});
  auto noisy = [](const Tensor& t) { return t + rand({3}); };
  CHECK_THROWS_WITH(vmap(noisy)(x), Contains("randomness"));
  manual_seed(3);
  const Tensor same = vmap(noisy, 0, 0, "same")(x);
  CHECK(close(same, same[0].unsqueeze(0).expand({4, 3}), 0));
  manual_seed(3);
  const Tensor different = vmap(noisy, 0, 0, "different")(x), again = (manual_seed(3), vmap(noisy, 0, 0, "different")(x));
  CHECK_FALSE(close(different, different[0].unsqueeze(0).expand({4, 3}), 1e-3));
  CHECK(close(different, again, 0));
  auto dropped = [](const Tensor& t) { return dropout(t, 0.5, true); };
  CHECK(close(vmap(dropped, 0, 0, "same")(ones({4, 50})).std(0), zeros({50}), 0));
  CHECK(vmap(dropped, 0, 0, "different")(ones({4, 50})).std(0).max().item<double>() > 0);
}

TEST_CASE("the same random numbers are drawn once, not for each sample", "[autograd][transforms]") {
  reset_vmap_report();
  for (DType t : {kFloat32, kFloat64, kBFloat16, kFloat16, kComplex64}) {
    INFO(name(t));
    const Tensor x = numbers({4, 30}).to(t);
    auto dropped = [](const Tensor& row) { return dropout(row, 0.3, true); };
    manual_seed(5);
    const Tensor all = vmap(dropped, 0, 0, "same")(x);
    for (int64_t i = 0; i < 4; ++i) {
      manual_seed(5);
      CHECK(equal(all[i], dropped(x[i])));
    }
  }
  Tensor x = numbers({4, 30}).to(kFloat32).requires_grad_();
  auto loss = [](const Tensor& row) { return (dropout(row, 0.5, true) * row).sum(); };
  manual_seed(5);
  const Tensor grads = vmap(func::grad(loss), 0, 0, "same")(x);
  manual_seed(5);
  CHECK(close(grads[2], func::grad(loss)(x[2].detach()), 1e-6));
  auto filled = [](const Tensor& row) { return (row * 1).uniform_(); };
  manual_seed(6);
  const Tensor drawn = vmap(filled, 0, 0, "same")(x.detach());
  manual_seed(6);
  CHECK(equal(drawn[3], filled(x[3].detach())));
  INFO(vmap_report());
  CHECK(vmap_counts().empty());
}

TEST_CASE("gradients go through vmap: of batches, and summed of what all samples share", "[autograd][transforms]") {
  Tensor x = numbers({3, 4}).requires_grad_(), w = numbers({4}, 1).requires_grad_();
  const Tensor y = vmap([&](const Tensor& t) { return (t * w).tanh().sum() + w.sum(); })(x);
  const Tensor u = numbers({3}, 2);
  const auto g = autograd::grad({y}, {x, w}, {.grad_outputs = {u}, .create_graph = true});
  const Tensor plain = (x * w).tanh().sum(1) + w.sum();
  const auto wanted = autograd::grad({plain}, {x, w}, {.grad_outputs = {u}, .create_graph = true});
  CHECK(close(g[0], wanted[0]));
  CHECK(close(g[1], wanted[1]));
  const auto second = autograd::grad({g[0].square().sum() + g[1].sum()}, {x, w}),
             second_wanted = autograd::grad({wanted[0].square().sum() + wanted[1].sum()}, {x, w});
  CHECK(close(second[0], second_wanted[0]));
  CHECK(close(second[1], second_wanted[1]));
}

TEST_CASE("per-sample gradients of a module are those of one sample after the other", "[autograd][transforms]") {
  manual_seed(2);
  Cnn net;
  const Tensor x = randn({5, 1, 8, 8}), target = tensor({0, 2, 1, 1, 0}, kInt64);
  StateDict parameters;
  for (const auto& [name, t] : net.named_parameters()) parameters.set(name, t.detach());
  auto loss = [&](const StateDict& p, const Tensor& image, const Tensor& label) {
    return cross_entropy(func::functional_call(net, p, image.unsqueeze(0)), label.unsqueeze(0));
  };
  reset_vmap_report();
  const StateDict all = vmap(func::grad(loss), {none, 0, 0})(parameters, x, target);
  INFO(vmap_report());
  CHECK(vmap_counts().empty());
  for (int64_t i = 0; i < 5; ++i) {
    const StateDict one = func::grad(loss)(parameters, x[i], target[i]);
    for (const auto& [name, t] : one) {
      INFO(name);
      CHECK(close(all.at(name)[i], t, 1e-4));
    }
  }
}

TEST_CASE("what has no rule of its own goes by its composite, for all samples at once", "[autograd][transforms]") {
  const Tensor x = numbers({3, 6, 4});
  reset_vmap_report();
  auto holds = [&](auto f) {
    const bool same = close(vmap(f)(x), loop(f, x)), same_gradients = close(vmap(func::grad([&](const Tensor&t) { return f(t).square().sum(); }))(x),
                                                                            loop(func::grad([&](const Tensor&t) { return f(t).square().sum(); }), x));
    return same && same_gradients;
  };
  CHECK(holds([](const Tensor& t) { return batch_norm_relu(t, {}, {}, {}, {.weight = t.square().sum(0), .bias = t[1], .training = true}); }));
  CHECK(holds([](const Tensor& t) { return layer_norm(t, {4}, t[0], t[1]); }));
  CHECK(holds([](const Tensor& t) { return index_select(t, 0, argsort(t.select(1, 0))); }));
  CHECK(holds([](const Tensor& t) { return embedding(argsort(t.select(1, 0)), t, {.padding_idx = 2}); }));
  CHECK(holds([](const Tensor& t) { return index_add(t, 1, argsort(t[0]), t * 2); }));
  CHECK(holds([](const Tensor& t) {
    return cross_entropy(t, tensor({0, 3, 1, 1, 2, 3}, kInt64), {.weight = t[0].detach().square() + 1, .label_smoothing = 0.1});
  }));
  INFO(vmap_report());
  CHECK(vmap_counts().empty());
}

TEST_CASE("counts and searches in sorted rows are one call for all samples", "[autograd][transforms]") {
  const Tensor sorted = cumsum(numbers({3, 6}).abs(), 1), values = numbers({3, 2, 5}) * 4;
  reset_vmap_report();
  const auto check = [](const Tensor& all, const std::function<Tensor(int64_t)>& of_one) {
    for (int64_t i = 0; i < 3; ++i) CHECK(equal(all[i], of_one(i)));
  };
  const auto search = [](const Tensor& a, const Tensor& b) { return searchsorted(a, b); };
  check(vmap(search)(sorted, values), [&](int64_t i) { return search(sorted[i], values[i]); });
  check(vmap(search)(sorted, values.select(2, 0).select(1, 1)), [&](int64_t i) { return search(sorted[i], values[i][1][0]); });
  check(vmap(search, {none, 0})(sorted[1], values), [&](int64_t i) { return search(sorted[1], values[i]); });
  check(vmap(search, {0, none})(sorted, values[0]), [&](int64_t i) { return search(sorted[i], values[0]); });
  check(vmap(search, {none, 0})(sorted.narrow(0, 0, 2), values), [&](int64_t i) { return search(sorted.narrow(0, 0, 2), values[i]); });
  const Tensor some = where(values > 0, values, zeros_like(values));
  check(vmap([](const Tensor& t) { return count_nonzero(t); })(some), [&](int64_t i) { return count_nonzero(some[i]); });
  check(vmap([](const Tensor& t) { return count_nonzero(t, 1); })(some), [&](int64_t i) { return count_nonzero(some[i], 1); });
  INFO(vmap_report());
  CHECK(vmap_counts().empty());
}

TEST_CASE("attention of all samples is one call, and so are its gradients and those of the layer around it", "[autograd][transforms]") {
  manual_seed(5);
  nn::TransformerEncoderLayer layer(16, 8, {.dim_feedforward = 12, .dropout = 0, .batch_first = true});
  const Tensor x = randn({3, 2, 5, 16}), bias = randn({5, 5});
  StateDict parameters;
  for (const auto& [name, t] : layer.named_parameters()) parameters.set(name, t.detach());
  auto loss = [&](const StateDict& p, const Tensor& t) { return func::functional_call(layer, p, t).square().mean(); };
  auto attend = [&](const Tensor& t) {
    const Tensor heads = t.reshape({2, 5, 8, 2}).transpose(1, 2);
    return scaled_dot_product_attention(heads, heads * 2, heads, {.attn_mask = bias}) +
           scaled_dot_product_attention(heads, heads, heads * 3, {.is_causal = true});
  };
  reset_vmap_report();
  const Tensor outputs = vmap(attend)(x);
  const StateDict of_each = vmap(func::grad(loss), {none, 0})(parameters, x);
  INFO(vmap_report());
  CHECK(vmap_counts().empty());
  CHECK(close(outputs, loop(attend, x), 1e-5));
  for (int64_t i = 0; i < 3; ++i)
    for (const auto& [name, t] : func::grad(loss)(parameters, x[i])) {
      INFO(name);
      CHECK(close(of_each.at(name)[i], t, 1e-5));
    }
}

TEST_CASE("vmap and derivatives nest in any order", "[autograd][transforms]") {
  const Tensor x = numbers({3, 2}), v = numbers({3, 2}, 1);
  auto f = [](const Tensor& t) { return (t * t * t).sum() + t[0] * t[1]; };
  auto h = [&](const Tensor& t) {
    Tensor out = diag(6 * t);
    return out + tensor({0., 1., 1., 0.}, kFloat64).reshape({2, 2});
  };
  CHECK(close(vmap(func::grad(f))(x), 3 * x * x + x.flip({1})));
  CHECK(close(vmap(func::hessian(f))(x), loop(h, x)));
  CHECK(close(func::grad([&](const Tensor& t) { return vmap(f)(t).sum(); })(x), 3 * x * x + x.flip({1})));
  CHECK(close(vmap([&](const Tensor& t, const Tensor& d) { return func::jvp(f, t, d).second; })(x, v), ((3 * x * x + x.flip({1})) * v).sum(1)));
  CHECK(close(vmap([&](const Tensor& t, const Tensor& d) { return func::jvp(func::grad(f), t, d).second; })(x, v),
              matmul(loop(h, x), v.unsqueeze(2)).squeeze(2)));
  CHECK(close(func::jvp([&](const Tensor& t) { return vmap(func::grad(f))(t); }, x, v).second, matmul(loop(h, x), v.unsqueeze(2)).squeeze(2)));
  CHECK(close(vmap(vmap(func::grad([](const Tensor& t) { return t * t; })))(x), 2 * x));
  CHECK(close(func::hessian([&](const Tensor& t) { return vmap(f)(t).sum(); })(x).diagonal(0, 0, 2).sum(-1), loop(h, x).sum(0)));
}

TEST_CASE("modules stacked by stack_module_state run together", "[autograd][transforms]") {
  manual_seed(4);
  nn::Linear a(3, 2), b(3, 2), base(3, 2);
  const auto [parameters, buffers] = func::stack_module_state({&a, &b});
  const Tensor x = randn({4, 3});
  const Tensor y = vmap([&](const StateDict& p, const Tensor& t) { return func::functional_call(base, p, t); }, {0, none})(parameters, x);
  CHECK(close(y, stack({a(x), b(x)}), 1e-5));
}

TEST_CASE("batch norm inside vmap keeps each sample's statistics to itself", "[autograd][transforms]") {
  const Tensor x = numbers({3, 4, 2, 5});
  auto f = [](const Tensor& t) { return batch_norm(t, {}, {}, {.training = true}); };
  CHECK(close(vmap(f)(x), loop(f, x)));
  nn::BatchNorm1d norm(2);
  norm.to(kFloat64);
  CHECK_THROWS_WITH(vmap([&](const Tensor& t) { return norm(t); })(x), Contains("inside the vmap"));
  func::replace_all_batch_norm_modules_(norm);
  CHECK(close(vmap([&](const Tensor& t) { return norm(t); })(x), loop([&](const Tensor& t) { return norm(t); }, x)));
}

TEST_CASE("vmap takes its options by name in braces", "[vmap]") {
  Tensor a = randn({5, 3}), w = randn({3, 2});
  auto twice = [](const Tensor& t) { return t * 2; };
  CHECK(vmap(twice, {.out_dims = 1})(a).sizes() == Shape{3, 5});
  CHECK(vmap(twice, {.in_dims = 1})(a).sizes() == Shape{3, 5});
  auto product = [](const Tensor& t, const Tensor& m) { return t.matmul(m); };
  CHECK(close(vmap(product, {.in_dims = {0, none}, .chunk_size = 2})(a, w), a.matmul(w)));
  CHECK(close(vmap(product, {0, none})(a, w), a.matmul(w)));
  CHECK(vmap([](const Tensor& t) { return t + randn({3}); }, {.randomness = "different"})(a).sizes() == Shape{5, 3});
}
