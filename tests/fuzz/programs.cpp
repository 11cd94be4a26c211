#include "tests/fuzz/programs.h"

#include <fmt/format.h>

#include <functional>
#include <type_traits>

#include "lazuli/autograd/checkpoint.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/lazuli.h"

namespace fuzz {

using namespace lazuli;

namespace {

using Registers = std::vector<Tensor>;

int64_t some_dim(Random& r, const Tensor& x) { return r.below(x.dim()); }
const Tensor& other(Random& r, const Registers& all) { return r.pick(all); }

// Numbers that are no variables.
Tensor constant(Random& r, const Shape& sizes) {
  const double phase = double(r.below(1000));
  return cos(arange(sizes.numel(), {.dtype = kFloat64}) * 1.7 + phase).reshape(sizes);
}
Tensor places(Random& r, const Shape& sizes, int64_t size) {
  std::vector<int64_t> list;
  for (int64_t i = 0; i < sizes.numel(); ++i) list.push_back(r.below(size));
  return tensor(list, kInt64).reshape(sizes);
}
// One that broadcasts with x: another register if it does, else a part of x.
Tensor beside(Random& r, const Tensor& x, const Registers& all) {
  const Tensor& y = other(r, all);
  if (can_broadcast_to(y.sizes(), x.sizes())) return y;
  return x.dim() ? x.narrow(0, r.below(x.size(0)), 1) : x;
}
// [rows, columns] of what has a dimension.
Tensor matrix(const Tensor& x) { return x.dim() == 0 ? x.reshape({1, 1}) : x.reshape({x.size(0), -1}); }
// Symmetric, positive and far from singular.
Tensor definite(const Tensor& x) {
  Tensor m = matrix(x);
  if (m.size(0) > 4) m = m.narrow(0, 0, 4);
  const Tensor bounded = tanh(m);
  return matmul(bounded, bounded.t()) / double(m.size(1)) + eye(m.size(0), {.dtype = kFloat64}) * 2.0;
}

// A step: undefined where it does not fit x.
struct Step {
  std::string name;
  std::function<Tensor(Random& r, const Tensor& x, const Registers& all)> run;
  template <class F>
  Step(const char* step_name, F f) : name(step_name) {
    if constexpr (std::is_invocable_v<F, const Tensor&>) run = [f](Random&, const Tensor& x, const Registers&) { return f(x); };
    else if constexpr (std::is_invocable_v<F, Random&, const Tensor&>) run = [f](Random& r, const Tensor& x, const Registers&) { return f(r, x); };
    else run = f;
  }
};

std::vector<Step> pointwise() {
  return {
      {"sin", [](const Tensor& x) { return sin(x); }},
      {"tanh", [](const Tensor& x) { return tanh(x); }},
      {"sigmoid", [](const Tensor& x) { return sigmoid(x); }},
      {"gelu", [](const Tensor& x) { return gelu(x); }},
      {"silu", [](const Tensor& x) { return silu(x); }},
      {"mish", [](const Tensor& x) { return mish(x); }},
      {"elu", [](const Tensor& x) { return elu(x); }},
      {"softplus", [](const Tensor& x) { return softplus(x); }},
      {"erf", [](const Tensor& x) { return erf(x); }},
      {"atan", [](const Tensor& x) { return atan(x); }},
      {"exp", [](const Tensor& x) { return exp(sin(x)); }},
      {"log", [](const Tensor& x) { return log(sin(x) + 1.5); }},
      {"sqrt", [](const Tensor& x) { return sqrt(square(x) + 1.0); }},
      {"rsqrt", [](const Tensor& x) { return rsqrt(square(x) + 1.0); }},
      {"reciprocal", [](const Tensor& x) { return reciprocal(sin(x) + 2.0); }},
      {"lgamma", [](const Tensor& x) { return lgamma(tanh(x) + 2.5); }},
      {"relu", [](const Tensor& x) { return relu(x); }},
      {"abs", [](const Tensor& x) { return abs(x); }},
      {"clamp", [](const Tensor& x) { return clamp(x, -0.8, 0.9); }},
      {"pow", [](const Tensor& x) { return pow(tanh(x), 3); }},
      {"sinc", [](const Tensor& x) { return sinc(x); }},
      {"add", [](Random& r, const Tensor& x, const Registers& all) { return x + beside(r, x, all); }},
      {"sub", [](Random& r, const Tensor& x, const Registers& all) { return beside(r, x, all) - x; }},
      {"mul", [](Random& r, const Tensor& x, const Registers& all) { return x * tanh(beside(r, x, all)); }},
      {"div", [](Random& r, const Tensor& x, const Registers& all) { return x / (sin(beside(r, x, all)) + 2.0); }},
      {"atan2", [](Random& r, const Tensor& x, const Registers& all) { return atan2(x, sin(beside(r, x, all)) + 2.0); }},
      {"hypot", [](Random& r, const Tensor& x, const Registers& all) { return hypot(x, sin(beside(r, x, all)) + 2.0); }},
      {"maximum", [](Random& r, const Tensor& x, const Registers& all) { return maximum(x, beside(r, x, all)); }},
      {"where", [](Random& r, const Tensor& x, const Registers& all) { return where(constant(r, x.sizes()) > 0.0, x, beside(r, x, all)); }},
      {"lerp", [](Random& r, const Tensor& x, const Registers& all) { return lerp(x, beside(r, x, all), sigmoid(x)); }},
      {"addcmul", [](Random& r, const Tensor& x, const Registers& all) { return addcmul(x, tanh(x), tanh(beside(r, x, all)), 0.5); }},
      {"logaddexp", [](Random& r, const Tensor& x, const Registers& all) { return logaddexp(x, beside(r, x, all)); }},
      {"through float32", [](const Tensor& x) { return x + sin(x).to(kFloat64); }},
  };
}

std::vector<Step> along_a_dimension() {
  std::vector<Step> steps{
      {"sum", [](Random& r, const Tensor& x) { return x.sum(some_dim(r, x), r.chance(50)); }},
      {"mean", [](Random& r, const Tensor& x) { return x.mean(some_dim(r, x), r.chance(50)); }},
      {"var", [](Random& r, const Tensor& x) { return var(x, some_dim(r, x), 0); }},
      {"logsumexp", [](Random& r, const Tensor& x) { return logsumexp(x, some_dim(r, x)); }},
      {"prod", [](Random& r, const Tensor& x) { return prod(tanh(x) + 1.5, some_dim(r, x)) * 0.1; }},
      {"norm", [](Random& r, const Tensor& x) { return linalg::vector_norm(sin(x) + 2.0, 3.0, some_dim(r, x)); }},
      {"amax", [](Random& r, const Tensor& x) { return amax(x, some_dim(r, x), r.chance(50)); }},
      {"cumsum", [](Random& r, const Tensor& x) { return cumsum(x, some_dim(r, x)); }},
      {"cumprod", [](Random& r, const Tensor& x) { return cumprod(sin(x) * 0.5 + 1.0, some_dim(r, x)); }},
      {"logcumsumexp", [](Random& r, const Tensor& x) { return logcumsumexp(x, some_dim(r, x)); }},
      {"softmax", [](Random& r, const Tensor& x) { return softmax(x, some_dim(r, x)); }},
      {"log_softmax", [](Random& r, const Tensor& x) { return log_softmax(x, some_dim(r, x)); }},
      {"sort", [](Random& r, const Tensor& x) { return std::get<0>(sort(x, some_dim(r, x), r.chance(50))); }},
      {"topk",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x);
         return std::get<0>(topk(x, r.between(1, x.size(d)), d));
       }},
      {"median", [](Random& r, const Tensor& x) { return std::get<0>(median(x, some_dim(r, x))); }},
      {"narrow",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x), from = r.below(x.size(d));
         return x.narrow(d, from, r.between(1, x.size(d) - from));
       }},
      {"select",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x);
         return x.select(d, r.below(x.size(d)));
       }},
      {"flip", [](Random& r, const Tensor& x) { return x.flip({some_dim(r, x)}); }},
      {"roll", [](Random& r, const Tensor& x) { return roll(x, {r.between(-2, 2)}, {some_dim(r, x)}); }},
      {"transpose", [](Random& r, const Tensor& x) { return x.transpose(some_dim(r, x), some_dim(r, x)); }},
      {"movedim", [](Random& r, const Tensor& x) { return movedim(x, {some_dim(r, x)}, {some_dim(r, x)}); }},
      {"unfold",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x);
         return unfold(x, d, r.between(1, x.size(d)), r.between(1, 2));
       }},
      {"flatten", [](const Tensor& x) { return x.reshape({-1}); }},
      {"split",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x);
         return r.pick(split(x, 2, d));
       }},
      {"cat",
       [](Random& r, const Tensor& x) {
         return cat({x, sin(x), x.flip({0})}, some_dim(r, x));
       }},
      {"repeat",
       [](Random& r, const Tensor& x) {
         Shape times = Shape::filled(x.dim(), 1);
         times[some_dim(r, x)] = 2;
         return x.repeat(times);
       }},
      {"pad",
       [](Random& r, const Tensor& x) {
         return pad(x, {r.below(3), r.below(3)}, "constant", 0.5);
       }},
      {"index_select",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x);
         return index_select(x, d, places(r, {3}, x.size(d)));
       }},
      {"gather",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x);
         return gather(x, d, places(r, x.sizes(), x.size(d)));
       }},
      {"scatter_add",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x);
         return scatter_add(sin(x), d, places(r, x.sizes(), x.size(d)), x);
       }},
      {"index_add",
       [](Random& r, const Tensor& x) {
         const int64_t d = some_dim(r, x);
         return index_add(cos(x), d, places(r, {x.size(d)}, x.size(d)), x, 0.5);
       }},
      {"index",
       [](Random& r, const Tensor& x) {
         return x.index({places(r, {2, 2}, x.size(0))});
       }},
      {"index_put", [](Random& r, const Tensor& x) { return index_put(x, {places(r, {3}, x.size(0))}, sin(x[0]), /*accumulate=*/true); }},
      {"masked_fill", [](Random& r, const Tensor& x) { return masked_fill(x, constant(r, x.sizes()) > 0.3, 0.25); }},
      {"layer_norm", [](const Tensor& x) { return layer_norm(x, {x.size(-1)}, {.eps = 0.1}); }},
  };
  for (Step& s : steps) s.run = [run = s.run](Random& r, const Tensor& x, const Registers& all) { return x.dim() ? run(r, x, all) : Tensor(); };
  return steps;
}

std::vector<Step> shapes_and_products() {
  return {
      {"unsqueeze", [](Random& r, const Tensor& x) { return x.unsqueeze(r.below(x.dim() + 1)); }},
      {"expand",
       [](Random& r, const Tensor& x) {
         Shape sizes = x.sizes();
         sizes.insert(0, r.between(1, 3));
         return x.expand(sizes);
       }},
      {"stack",
       [](Random& r, const Tensor& x) {
         return stack({x, cos(x)}, r.below(x.dim() + 1));
       }},
      {"mean of all", [](const Tensor& x) { return x.mean(); }},
      {"tril", [](const Tensor& x) { return tril(matrix(x)); }},
      {"diagonal", [](const Tensor& x) { return diagonal(matrix(x)); }},
      {"diag_embed", [](const Tensor& x) { return diag_embed(matrix(x)); }},
      {"matmul",
       [](const Tensor& x) {
         const Tensor m = matrix(x);
         return matmul(m, tanh(m).t()) / double(m.size(1));
       }},
      {"batched matmul",
       [](const Tensor& x) {
         const Tensor m = matrix(x);
         const Tensor b = stack({m, sin(m)});
         return matmul(b, tanh(m.t())) * 0.5;
       }},
      {"einsum",
       [](const Tensor& x) {
         const Tensor m = matrix(x);
         return einsum("ij,kj->ik", {m, sigmoid(m)}) / double(m.size(1));
       }},
      {"outer",
       [](const Tensor& x) {
         const Tensor v = x.reshape({-1});
         return outer(v, tanh(v)) * 0.5;
       }},
      {"linear",
       [](Random& r, const Tensor& x) {
         const Tensor m = matrix(x);
         return linear(m, constant(r, {3, m.size(1)}), constant(r, {3}));
       }},
      {"conv1d",
       [](Random& r, const Tensor& x) {
         return conv1d(matrix(x).unsqueeze(1), constant(r, {2, 1, 3}), {.padding = 1});
       }},
      {"conv2d of itself",
       [](const Tensor& x) {
         const Tensor m = matrix(x).unsqueeze(0).unsqueeze(0);
         return conv2d(m, tanh(m), {.padding = 1});
       }},
      {"max_pool1d",
       [](const Tensor& x) {
         const Tensor m = matrix(x);
         return m.size(1) < 2 ? Tensor() : max_pool1d(m.unsqueeze(0), {2}, Shape{1});
       }},
      {"avg_pool1d",
       [](const Tensor& x) {
         const Tensor m = matrix(x);
         return m.size(1) < 2 ? Tensor() : avg_pool1d(m.unsqueeze(0), {2}, Shape{1});
       }},
      {"attention",
       [](const Tensor& x) {
         const Tensor m = matrix(x).unsqueeze(0);
         return scaled_dot_product_attention(m, sin(m), cos(m));
       }},
      {"batch_norm",
       [](const Tensor& x) {
         const Tensor m = matrix(x);
         return m.size(0) < 2 ? Tensor() : batch_norm(m, {}, {}, {.training = true, .eps = 0.1});
       }},
      {"cross_entropy",
       [](Random& r, const Tensor& x) {
         const Tensor m = matrix(x);
         return cross_entropy(m, places(r, {m.size(0)}, m.size(1)));
       }},
      {"mse_loss", [](const Tensor& x) { return mse_loss(x, cos(x)); }},
      {"cdist",
       [](const Tensor& x) {
         const Tensor m = matrix(x);
         return cdist(m, m + 2.0);
       }},
      {"inv", [](const Tensor& x) { return linalg::inv(definite(x)); }},
      {"det", [](const Tensor& x) { return linalg::det(definite(x)); }},
      {"slogdet", [](const Tensor& x) { return linalg::slogdet(definite(x)).logabsdet; }},
      {"cholesky", [](const Tensor& x) { return linalg::cholesky(definite(x)); }},
      {"solve",
       [](const Tensor& x) {
         const Tensor p = definite(x);
         return linalg::solve(p, matrix(x).narrow(0, 0, p.size(0)));
       }},
      {"matrix_exp", [](const Tensor& x) { return linalg::matrix_exp(definite(x) * 0.3); }},
      {"checkpoint", [](const Tensor& x) { return checkpoint([](const Tensor& t) { return sin(t) * exp(tanh(t)); }, x); }},
  };
}

// Writes into a copy, or into what other steps may have saved: then the backward is right or refuses.
std::vector<Step> in_place() {
  const auto target = [](Random& r, const Tensor& x) { return r.chance(80) ? x.clone() : x; };
  std::vector<Step> steps{
      {"add_",
       [=](Random& r, const Tensor& x, const Registers& all) {
         Tensor t = target(r, x);
         return t.add_(beside(r, x, all), 0.5);
       }},
      {"mul_",
       [=](Random& r, const Tensor& x, const Registers& all) {
         Tensor t = target(r, x);
         return t.mul_(tanh(beside(r, x, all)));
       }},
      {"tanh_",
       [=](Random& r, const Tensor& x) {
         Tensor t = target(r, x);
         return t.tanh_();
       }},
      {"copy_ into a part",
       [=](Random& r, const Tensor& x) {
         Tensor t = target(r, x);
         t.narrow(0, 0, 1).copy_(sin(x.narrow(0, x.size(0) - 1, 1)));
         return t;
       }},
      {"mul_ of a view of a view",
       [=](Random& r, const Tensor& x) {
         Tensor t = target(r, x);
         t.transpose(0, -1).select(0, 0).mul_(2.0);
         return t;
       }},
      {"add_ to the base of a view",
       [=](Random& r, const Tensor& x) {
         Tensor t = target(r, x), view = t[0];
         t.add_(1.0);
         return view * view;
       }},
      {"fill_",
       [=](Random& r, const Tensor& x) {
         Tensor t = target(r, x);
         t.select(0, r.below(x.size(0))).fill_(0.5);
         return t;
       }},
  };
  for (Step& s : steps) s.run = [run = s.run](Random& r, const Tensor& x, const Registers& all) { return x.dim() ? run(r, x, all) : Tensor(); };
  return steps;
}

}  // namespace

Program::Program(uint64_t seed, uint64_t number) : seed_(seed), number_(number) {}

std::vector<Tensor> Program::leaves() const {
  Random r(seed_ ^ 0x6c65616665, number_);
  const GeneratorGuard same{Generator(r.next())};
  std::vector<Tensor> leaves;
  for (int64_t i = r.between(1, 3); i-- > 0;) {
    Shape sizes;
    for (int64_t d = r.below(4); d-- > 0;) sizes.push_back(r.between(1, 4));
    leaves.push_back(rand(sizes, kFloat64) * 3.0 - 1.5);
  }
  return leaves;
}

std::vector<Tensor> Program::operator()(const std::vector<Tensor>& leaves) const {
  static const std::vector<std::vector<Step>> kinds{pointwise(), along_a_dimension(), shapes_and_products(), in_place()};
  constexpr int64_t kMost = 300;  // elements
  Random r = begin();
  text_.clear();
  Registers all = leaves;
  for (int64_t left = r.between(2, 10); left > 0;) {
    const int64_t kind = r.below(10);
    const Step& step = r.pick(kinds[kind < 4 ? 0 : kind < 7 ? 1 : kind < 9 ? 2 : 3]);
    const size_t from = kinds[3].data() <= &step && &step < kinds[3].data() + kinds[3].size() && all.size() > leaves.size() ? leaves.size() : 0;
    const size_t at = r.chance(60) ? all.size() - 1 : from + size_t(r.below(int64_t(all.size() - from)));
    Tensor y = step.run(r, at < leaves.size() ? all[at] * 1.0 : all[at], all);
    if (!y.defined()) continue;
    if (y.dim() > 4) y = y.reshape({y.size(0), -1});
    if (y.numel() > kMost) y = y.reshape({-1}).narrow(0, 0, kMost);
    text_ += fmt::format("{} {} of {}; ", step.name, to_string(y.sizes()), at);
    all.push_back(y);
    --left;
  }
  return {all.begin() + std::ptrdiff_t(leaves.size()), all.end()};
}

}  // namespace fuzz
