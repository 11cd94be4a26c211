#include "lazuli/ops/random/random.h"

#include <cmath>
#include <limits>
#include <memory>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using OGenerator = std::optional<Generator>;

const Generator& chosen(const OGenerator& g) { return g ? *g : default_generator(); }
PhiloxState draw(const OGenerator& g, int64_t n) { return chosen(g).take(uint64_t(n + 1) / 2); }

// The same memory as pairs of real numbers.
Tensor as_pairs(const Tensor& t) {
  Shape sizes = t.sizes(), strides = t.strides();
  for (int64_t& s : strides) s *= 2;
  sizes.push_back(2), strides.push_back(1);
  return alias(t, real_dtype(t.dtype()), sizes, strides, t.storage_offset() * 2, "random");
}

// Fills a new tensor, or the target of an in-place form.
void fill_random(RandomOp op, Tensor& out, double p0, double p1, const OGenerator& g) {
  if (out.numel() == 0) return;
  if (!out.is_contiguous()) {
    Tensor packed = new_tensor(out.sizes(), out.dtype(), out.device());
    fill_random(op, packed, p0, p1, g);
    return copy_kernel(out.device(), out, packed);
  }
  if (out.is_complex()) {
    Tensor pairs = as_pairs(out);
    return fill_random(op, pairs, p0, op == RandomOp::Normal ? p1 * std::sqrt(0.5) : p1, g);
  }
  PhiloxState state = draw(g, out.numel());
  random_kernel(out.device(), op, out, p0, p1, state);
}

void check_floating(const char* op, DType dtype, bool complex_too = false) {
  if (!is_floating_point(dtype) && !(complex_too && is_complex(dtype)))
    fail(ErrorKind::NotSupported, op, "dtype", "a floating point type", name(dtype));
}

Tensor random_like(RandomOp op, const char* name, const Tensor& out, double p0, double p1, const OGenerator& g, const CreationOptions& o) {
  check_floating(name, out.dtype(), true);
  Tensor t = out;
  fill_random(op, t, p0, p1, g);
  return detail::asked(t, o);
}

// Whole numbers of [low, last]. The kernel takes doubles: where these are not near enough, the numbers of [0, last - low] are drawn and moved; of ranges wider than
// a double counts, the ends are left out, of which a draw is not to be expected.
void fill_integers(Tensor& out, int64_t low, int64_t last, const OGenerator& g) {
  auto held = [](int64_t v) { return double(v) < 0x1p63 && int64_t(double(v)) == v; };
  const bool to_the_end = last == std::numeric_limits<int64_t>::max();
  const double from = double(low), end = to_the_end ? 0x1p63 : double(last + 1);
  const bool low_held = held(low), end_held = to_the_end || held(last + 1);
  if (out.dtype() != kInt64 || (low_held && end_held)) return fill_random(RandomOp::Integers, out, from, end, g);
  const uint64_t width = uint64_t(last) - uint64_t(low);
  if (width < uint64_t(1) << 53) {
    fill_random(RandomOp::Integers, out, 0, double(width + 1), g);
    if (out.numel()) binary_number_kernel(out.device(), BinaryOp::Add, out, out, low, false);
    return;
  }
  fill_random(RandomOp::Integers, out, low_held ? from : std::nextafter(from, 0x1p63), end_held ? end : std::nextafter(end, -0x1p63), g);
}

template <class F>
Tensor& fill_inplace(const char* op, const Tensor& self, F fill) {
  return in_place(op, self, {}, SelfIs::NotSaved, [&](Target target, const Tensor& old) {
    Tensor out = target.output_like(old, old.dtype());
    fill(out);
    if (auto tape = Tape::recording(old)) tape.record(op, out, [](const Tensor& grad, Needs) { return Grads{zeros_like(grad)}; });
    return out;
  });
}

Tensor& fill_inplace(const char* op, const Tensor& self, RandomOp random, double p0, double p1, const OGenerator& g) {
  return fill_inplace(op, self, [&](Tensor& out) { fill_random(random, out, p0, p1, g); });
}

// The dtype's own bounds, for numbers that are drawn between two.
double greatest_of(DType dtype) {
  switch (real_dtype(dtype)) {
    case kBool: return 1;
    case kUInt8: return 255;
    case kInt8: return 127;
    case kInt16: return 32767;
    case kInt32: return 2147483647;
    case kInt64: return 0x1p63;
    case kFloat16: return 65504;
    case kBFloat16: return 0x1.FEp127;
    case kFloat32: return 0x1.FFFFFEp127;
    default: return 0x1.FFFFFFFFFFFFFp1023;
  }
}
double least_of(DType dtype) {
  double most = greatest_of(dtype);
  return dtype == kBool || dtype == kUInt8 ? 0 : is_integral(dtype) && dtype != kInt64 ? -most - 1 : -most;
}
void check_between(const char* op, const char* argument, DType dtype, double value) {
  if (!(value >= least_of(dtype) && value <= greatest_of(dtype)))
    fail(op, argument, "a bound that " + std::string(name(dtype)) + " has", std::to_string(value));
}

void check_std(const char* op, double std) {
  if (!(std >= 0)) fail(op, "std", "a standard deviation that is not negative", std::to_string(std));
}
void check_probability(const char* op, double p) {
  if (!(p >= 0 && p <= 1)) fail(op, "p", "a probability in [0, 1]", std::to_string(p));
}

}  // namespace

Tensor rand(const Shape& sizes, const CreationOptions& o, const OGenerator& g) {
  return random_like(RandomOp::Uniform, "rand", empty(sizes, {.dtype = o.dtype, .device = o.device, .memory_format = o.memory_format}), 0, 1, g, o);
}
Tensor randn(const Shape& sizes, const CreationOptions& o, const OGenerator& g) {
  return random_like(RandomOp::Normal, "randn", empty(sizes, {.dtype = o.dtype, .device = o.device, .memory_format = o.memory_format}), 0, 1, g, o);
}
Tensor rand_like(const Tensor& self, const CreationOptions& o, const OGenerator& g) {
  need_defined("rand_like", self);
  return random_like(RandomOp::Uniform, "rand_like", empty_like(self, {.dtype = o.dtype, .device = o.device, .memory_format = o.memory_format}), 0, 1,
                     g, o);
}
Tensor randn_like(const Tensor& self, const CreationOptions& o, const OGenerator& g) {
  need_defined("randn_like", self);
  return random_like(RandomOp::Normal, "randn_like", empty_like(self, {.dtype = o.dtype, .device = o.device, .memory_format = o.memory_format}), 0, 1,
                     g, o);
}

namespace {
Tensor integers(const char* op, Tensor out, int64_t low, int64_t high, const OGenerator& g, const CreationOptions& o) {
  if (low >= high) fail(op, "high", "a bound above low = " + std::to_string(low), std::to_string(high));
  if (out.is_complex()) fail(ErrorKind::NotSupported, op, "dtype", "a type other than complex", name(out.dtype()));
  check_between(op, "low", out.dtype(), double(low));
  check_between(op, "high", out.dtype(), double(high - 1));
  fill_integers(out, low, high - 1, g);
  return detail::asked(out, o);
}
}  // namespace

Tensor randint(int64_t low, int64_t high, const Shape& sizes, const CreationOptions& o, const OGenerator& g) {
  return integers("randint", empty(sizes, o.dtype.value_or(kInt64), TensorOptions(o).device()), low, high, g, o);
}
Tensor randint(int64_t high, const Shape& sizes, const CreationOptions& o, const OGenerator& g) { return randint(0, high, sizes, o, g); }
Tensor randint_like(const Tensor& self, int64_t low, int64_t high, const CreationOptions& o, const OGenerator& g) {
  need_defined("randint_like", self);
  return integers("randint_like", empty_like(self, {.dtype = o.dtype, .device = o.device, .memory_format = o.memory_format}), low, high, g, o);
}

Tensor randint_like(const Tensor& self, int64_t high, const CreationOptions& o, const OGenerator& g) { return randint_like(self, 0, high, o, g); }

Tensor randperm(int64_t n, const CreationOptions& o, const OGenerator& g) {
  if (n < 0) fail("randperm", "n", "a number that is not negative", std::to_string(n));
  Tensor out = new_tensor({n}, kInt64, TensorOptions(o).device());
  if (n) {
    PhiloxState state = chosen(g).take(uint64_t(n));
    randperm_kernel(out.device(), out, state);
  }
  out = casted(out, o.dtype.value_or(kInt64));
  return detail::asked(out, o);
}

Tensor normal(const Tensor& mean, const Tensor& std, const OGenerator& g) {
  need_defined("normal", mean, "mean", std, "std");
  check_floating("normal", std.dtype());
  need_values(ErrorKind::Argument, "normal", "std", "standard deviations that are not negative", std, std.detach() >= Scalar(0));
  Shape sizes = broadcast_shapes(mean.sizes(), std.sizes(), "normal");
  DType dtype = result_type(mean, std);
  check_floating("normal", dtype, true);
  Device device = common_device("normal", {&mean, &std});
  Tensor out = new_tensor(sizes, dtype, device);
  fill_random(RandomOp::Normal, out, 0, 1, g);
  if (out.numel() == 0) return out;
  binary_kernel(device, BinaryOp::Mul, out, out, expanded(casted(moved(std, device), dtype), sizes), Params());
  binary_kernel(device, BinaryOp::Add, out, out, expanded(casted(moved(mean, device), dtype), sizes), Params());
  return out;
}
Tensor normal(const Tensor& mean, double std, const OGenerator& g) {
  check_std("normal", std);
  return normal(mean, wrapped(std, mean), g);
}
Tensor normal(double mean, const Tensor& std, const OGenerator& g) { return normal(wrapped(mean, std), std, g); }
Tensor normal(double mean, double std, const Shape& sizes, const CreationOptions& o, const OGenerator& g) {
  check_std("normal", std);
  return random_like(RandomOp::Normal, "normal", empty(sizes, {.dtype = o.dtype, .device = o.device, .memory_format = o.memory_format}), mean, std, g,
                     o);
}

Tensor bernoulli(const Tensor& self, const OGenerator& g) {
  need_defined("bernoulli", self);
  check_floating("bernoulli", self.dtype());
  Tensor out = new_like(self, self.dtype());
  if (self.numel() && !self.device().is_meta()) {
    const Tensor p = self.detach();
    need_values(ErrorKind::Argument, "bernoulli", "self", "probabilities in [0, 1]", p, (p >= Scalar(0)) & (p <= Scalar(1)));
    Tensor draws = new_tensor(self.sizes(), self.dtype() == kFloat64 ? kFloat64 : kFloat32, self.device()),
           hit = new_tensor(self.sizes(), kBool, self.device());
    fill_random(RandomOp::Uniform, draws, 0, 1, g);
    binary_kernel(self.device(), BinaryOp::Lt, hit, draws, casted(self, draws.dtype()), Params());
    copy_kernel(self.device(), out, hit);
  }
  if (auto tape = Tape::recording(self)) tape.record("bernoulli", out, [](const Tensor& grad, Needs) { return Grads{zeros_like(grad)}; });
  return out;
}
Tensor bernoulli(const Tensor& self, double p, const OGenerator& g) {
  need_defined("bernoulli", self);
  check_probability("bernoulli", p);
  Tensor out = new_like(self, self.dtype());
  fill_random(RandomOp::Bernoulli, out, p, 0, g);
  if (auto tape = Tape::recording(self)) tape.record("bernoulli", out, [](const Tensor& grad, Needs) { return Grads{zeros_like(grad)}; });
  return out;
}

namespace {
uint64_t mix(uint64_t z) {  // splitmix64 (Steele, Lea, Flood 2014)
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}
struct Uniforms {  // of (0, 1)
  uint64_t state;
  double operator()() {
    state += 0x9e3779b97f4a7c15ull;
    return (double(mix(state) >> 11) + 0.5) * 0x1p-53;
  }
};
Uniforms uniforms_at(const PhiloxState& place, int64_t element) {
  return {mix(place.seed ^ mix(place.offset + 1)) ^ mix(uint64_t(element) + 0x5851f42d4c957f2dull)};
}
double one_poisson(double rate, Uniforms& uniform) {
  if (rate == 0) return 0;
  if (rate < 10) {
    double limit = std::exp(-rate), product = uniform();
    int64_t k = 0;
    while (product > limit) product *= uniform(), ++k;
    return double(k);
  }
  // Transformed rejection with squeeze: W. Hoermann, "The transformed rejection method for generating Poisson random variables", 1993 (PTRS).
  int sign = 1;  // lgamma itself writes a global
  double log_rate = std::log(rate), b = 0.931 + 2.53 * std::sqrt(rate), a = -0.059 + 0.02483 * b, inverse_alpha = 1.1239 + 1.1328 / (b - 3.4),
         v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    double u = uniform() - 0.5, v = uniform(), us = 0.5 - std::fabs(u), k = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <= -rate + k * log_rate - ::lgamma_r(k + 1, &sign)) return k;
  }
}
}  // namespace

Tensor poisson(const Tensor& self, const OGenerator& g) {
  need_defined("poisson", self);
  check_floating("poisson", self.dtype());
  Tensor out = new_tensor(self.sizes(), self.dtype(), self.device());
  if (self.numel() && !self.device().is_meta()) {
    need_values(ErrorKind::Argument, "poisson", "self", "rates that are not negative", self, self.detach() >= Scalar(0));
    const auto place = std::make_shared<PhiloxState>(chosen(g).take(1));
    const auto loop = [place](std::span<Tensor> outputs, std::span<const Tensor> inputs) {
      Tensor& to = outputs[0];
      count_host_loop("poisson", to.device());
      const Tensor rates = dense(casted(moved(inputs[0], kCPU), kFloat64)), counts = new_tensor(to.sizes(), kFloat64);
      const auto* rate = static_cast<const double*>(rates.address());
      auto* count = static_cast<double*>(counts.address());
      parallel_for(0, to.numel(), 512, [&](int64_t from, int64_t end) {
        for (int64_t i = from; i < end; ++i) {
          Uniforms uniform = uniforms_at(*place, i);
          count[i] = one_poisson(rate[i], uniform);
        }
      });
      copy_kernel(to.device(), to, moved(counts, to.device()));
    };
    host_function("poisson", {out}, {self.detach()}, loop, place.get());
  }
  if (auto tape = Tape::recording(self)) tape.record("poisson", out, [](const Tensor& grad, Needs) { return Grads{zeros_like(grad)}; });
  return out;
}

namespace {
// For p <= 1/2.
double one_binomial(double n, double p, Uniforms& uniform) {
  if (p == 0 || n == 0) return 0;
  if (n * p < 10) {  // by the gaps between successes
    const double log_q = std::log1p(-p);
    double trials = 0, successes = 0;
    while ((trials += std::ceil(std::log(uniform()) / log_q)) <= n) ++successes;
    return successes;
  }
  // Transformed rejection: W. Hoermann, "The generation of binomial random variates", 1993 (BTRS).
  int sign = 1;
  const auto log_factorial = [&](double x) { return ::lgamma_r(x + 1, &sign); };
  const double spread = std::sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * spread, a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5,
               v_r = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * spread, mode = std::floor((n + 1) * p), log_odds = std::log(p / (1 - p));
  while (true) {
    const double u = uniform() - 0.5, us = 0.5 - std::fabs(u), v = uniform(), k = std::floor((2 * a / us + b) * u + c);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || k > n) continue;
    if (std::log(v * alpha / (a / (us * us) + b)) <=
        log_factorial(mode) + log_factorial(n - mode) - log_factorial(k) - log_factorial(n - k) + (k - mode) * log_odds)
      return k;
  }
}
}  // namespace

Tensor binomial(const Tensor& count, const Tensor& prob, const OGenerator& g) {
  need_defined("binomial", count, "count", prob, "prob");
  check_floating("binomial", count.dtype());
  check_floating("binomial", prob.dtype());
  const Device device = common_device("binomial", {&count, &prob});
  const Shape sizes = broadcast_shapes(count.sizes(), prob.sizes(), "binomial");
  Tensor out = new_tensor(sizes, count.dtype(), device);
  if (out.numel() && !device.is_meta()) {
    const Tensor n = count.detach(), p = prob.detach();
    need_values(ErrorKind::Argument, "binomial", "count", "counts that are not negative", n, n >= Scalar(0));
    need_values(ErrorKind::Argument, "binomial", "prob", "probabilities in [0, 1]", p, (p >= Scalar(0)) & (p <= Scalar(1)));
    const auto place = std::make_shared<PhiloxState>(chosen(g).take(1));
    const auto loop = [place](std::span<Tensor> outputs, std::span<const Tensor> inputs) {
      Tensor& to = outputs[0];
      count_host_loop("binomial", to.device());
      const auto on_host = [&](const Tensor& t) { return dense(expanded(casted(moved(t, kCPU), kFloat64), to.sizes())); };
      const Tensor trials = on_host(inputs[0]), chances = on_host(inputs[1]), counts = new_tensor(to.sizes(), kFloat64);
      const auto *n_at = static_cast<const double*>(trials.address()), *p_at = static_cast<const double*>(chances.address());
      auto* count = static_cast<double*>(counts.address());
      parallel_for(0, to.numel(), 512, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          Uniforms uniform = uniforms_at(*place, i);
          const double whole = std::floor(n_at[i]);
          count[i] = !std::isfinite(whole) ? n_at[i]
                     : p_at[i] <= 0.5      ? one_binomial(whole, p_at[i], uniform)
                                           : whole - one_binomial(whole, 1 - p_at[i], uniform);
        }
      });
      copy_kernel(to.device(), to, moved(counts, to.device()));
    };
    host_function("binomial", {out}, {n, p}, loop, place.get());
  }
  if (auto tape = Tape::recording(count, prob))
    tape.record("binomial", out, [count = tape.save(count), prob = tape.save(prob)](const Tensor&, Needs needs) {
      return Grads{needs[0] ? zeros_like(count.get()) : Tensor(), needs[1] ? zeros_like(prob.get()) : Tensor()};
    });
  return out;
}

Tensor uniform(const Tensor& self, UniformOptions options) {
  need_defined("uniform", self);
  return uniform_(new_like(self, self.dtype()), std::move(options));
}
Tensor exponential(const Tensor& self, double lambd, const OGenerator& g) {
  need_defined("exponential", self);
  return exponential_(new_like(self, self.dtype()), lambd, g);
}
Tensor cauchy(const Tensor& self, CauchyOptions options) {
  need_defined("cauchy", self);
  return cauchy_(new_like(self, self.dtype()), std::move(options));
}
Tensor log_normal(const Tensor& self, LogNormalOptions options) {
  need_defined("log_normal", self);
  return log_normal_(new_like(self, self.dtype()), std::move(options));
}
Tensor geometric(const Tensor& self, double p, const OGenerator& g) {
  need_defined("geometric", self);
  return geometric_(new_like(self, self.dtype()), p, g);
}

Tensor multinomial(const Tensor& self, int64_t num_samples, bool replacement, const OGenerator& g) {
  need_defined("multinomial", self);
  check_floating("multinomial", self.dtype());
  if (self.dim() < 1 || self.dim() > 2) fail("multinomial", "self", "a 1-d or 2-d tensor", to_string(self.sizes()));
  if (num_samples <= 0) fail("multinomial", "num_samples", "a positive number", std::to_string(num_samples));
  int64_t categories = self.sizes().back();
  if (!replacement && num_samples > categories)
    fail("multinomial", "num_samples", "at most the " + std::to_string(categories) + " categories, unless they are put back",
         std::to_string(num_samples));
  Shape sizes = self.sizes();
  sizes[sizes.size() - 1] = num_samples;
  Device device = self.device();
  Tensor out = new_tensor(sizes, kInt64, device);
  if (out.numel() == 0 || device.is_meta()) return out;
  if (categories == 0) fail("multinomial", "self", "at least one category", "sizes " + to_string(self.sizes()));
  const Tensor given = self.detach();
  need_values(ErrorKind::Argument, "multinomial", "self", "weights that are finite and not negative", given, (given >= Scalar(0)) & isfinite(given));
  int64_t last = self.dim() - 1;
  Tensor weights = dense(casted(self, kFloat64)), totals = new_tensor(self.sizes(), kFloat64, device), none_needed;
  scan_kernel(device, ScanOp::Sum, totals, none_needed, weights, last);
  Shape one = self.sizes();
  one[last] = 1;
  Tensor total = alias(totals, one, totals.strides(), totals.storage_offset() + categories - 1);
  need_values(ErrorKind::Argument, "multinomial", "self", "rows of weights with a positive sum", total, total > Scalar(0));
  if (replacement) {
    Tensor draws = new_tensor(sizes, kFloat64, device);
    fill_random(RandomOp::Uniform, draws, 0, 1, g);
    binary_kernel(device, BinaryOp::Mul, draws, draws, expanded(total, sizes), Params());
    searchsorted_kernel(device, out, totals, draws, true);
    return out;
  }
  // The largest of weight / exponential are distributed like draws without putting back.
  Tensor positive = pointwise("gt", BinaryOp::Gt, weights, wrapped(0.0), DTypeRule::Bool), count = new_tensor(one, kInt64, device);
  reduce_kernel(device, ReduceOp::CountNonzero, count, positive);
  host_function("multinomial", {}, {batching::all_samples(count)}, [num_samples](std::span<Tensor>, std::span<const Tensor> in) {
    for (const int64_t positive : in[0].to_vector<int64_t>())
      if (positive < num_samples) fail("multinomial", "num_samples", "at most as many as there are positive weights", std::to_string(num_samples));
  });
  Tensor draws = new_tensor(self.sizes(), kFloat64, device), values = new_tensor(sizes, kFloat64, device);
  fill_random(RandomOp::Exponential, draws, 1, 0, g);
  binary_kernel(device, BinaryOp::Div, draws, weights, draws, Params());
  topk_kernel(device, values, out, draws, last, true);
  return out;
}

Tensor& with_options::uniform_(const Tensor& self, UniformOptions options) {
  need_defined("uniform_", self);
  check_members("uniform_", options);
  const auto& [from, to, g] = options;
  check_floating("uniform_", self.dtype(), true);
  if (!(from <= to)) fail("uniform_", "to", "a bound not below from = " + std::to_string(from), std::to_string(to));
  check_between("uniform_", "from", self.dtype(), from);
  check_between("uniform_", "to", self.dtype(), to);
  check_between("uniform_", "to", self.dtype(), to - from);
  return fill_inplace("uniform_", self, RandomOp::Uniform, from, to, g);
}
Tensor& with_options::normal_(const Tensor& self, NormalOptions options) {
  need_defined("normal_", self);
  check_floating("normal_", self.dtype(), true);
  check_members("normal_", options);
  return fill_inplace("normal_", self, RandomOp::Normal, options.mean, options.std, options.generator);
}
Tensor& bernoulli_(const Tensor& self, double p, const OGenerator& g) {
  check_probability("bernoulli_", p);
  return fill_inplace("bernoulli_", self, RandomOp::Bernoulli, p, 0, g);
}
Tensor& bernoulli_(const Tensor& self, const Tensor& p, const OGenerator& g) {
  need_defined("bernoulli_", self, "self", p, "p");
  if (!can_broadcast_to(p.sizes(), self.sizes())) fail("bernoulli_", "p", "sizes that broadcast to " + to_string(self.sizes()), to_string(p.sizes()));
  return in_place_aside("bernoulli_", self, {}, [&](const Tensor& old) {
    Tensor hits = bernoulli(dense(expanded(p.detach(), old.sizes())), g), out = casted(hits, old.dtype());
    if (auto tape = Tape::recording(old)) tape.record("bernoulli_", out, [](const Tensor& grad, Needs) { return Grads{zeros_like(grad)}; });
    return out;
  });
}
Tensor& random_(const Tensor& self, int64_t from, std::optional<int64_t> to, const OGenerator& g) {
  need_defined("random_", self);
  if (self.is_complex()) fail(ErrorKind::NotSupported, "random_", "self", "a type other than complex", name(self.dtype()));
  check_between("random_", "from", self.dtype(), double(from));
  if (to) {
    if (from >= *to) fail("random_", "to", "a bound above from = " + std::to_string(from), std::to_string(*to));
    check_between("random_", "to", self.dtype(), double(*to - 1));
    return fill_inplace("random_", self, [&](Tensor& out) { fill_integers(out, from, *to - 1, g); });
  }
  double end;
  switch (self.dtype()) {
    case kBool: end = 2; break;
    case kUInt8: end = 256; break;
    case kInt8: end = 128; break;
    case kInt16: end = 32768; break;
    case kInt32: end = 0x1p31; break;
    case kInt64: return fill_inplace("random_", self, [&](Tensor& out) { fill_integers(out, from, std::numeric_limits<int64_t>::max(), g); });
    case kFloat16: end = 0x1p11 + 1; break;
    case kBFloat16: end = 0x1p8 + 1; break;
    case kFloat32: end = 0x1p24 + 1; break;
    default: end = 0x1p53 + 1;
  }
  if (!(double(from) < end))
    fail("random_", "from", "a number that " + std::string(name(self.dtype())) + " has larger ones than", std::to_string(from));
  return fill_inplace("random_", self, RandomOp::Integers, double(from), end, g);
}
Tensor& exponential_(const Tensor& self, double lambd, const OGenerator& g) {
  need_defined("exponential_", self);
  check_floating("exponential_", self.dtype());
  if (!(lambd > 0)) fail("exponential_", "lambd", "a positive rate", std::to_string(lambd));
  return fill_inplace("exponential_", self, RandomOp::Exponential, lambd, 0, g);
}
Tensor& with_options::cauchy_(const Tensor& self, CauchyOptions options) {
  need_defined("cauchy_", self);
  check_floating("cauchy_", self.dtype());
  check_members("cauchy_", options);
  return fill_inplace("cauchy_", self, RandomOp::Cauchy, options.median, options.sigma, options.generator);
}
Tensor& with_options::log_normal_(const Tensor& self, LogNormalOptions options) {
  need_defined("log_normal_", self);
  check_floating("log_normal_", self.dtype());
  check_members("log_normal_", options);
  return fill_inplace("log_normal_", self, RandomOp::LogNormal, options.mean, options.std, options.generator);
}
Tensor& geometric_(const Tensor& self, double p, const OGenerator& g) {
  need_defined("geometric_", self);
  if (self.is_complex() || self.dtype() == kBool) fail(ErrorKind::NotSupported, "geometric_", "self", "a real number type", name(self.dtype()));
  if (!(p > 0 && p < 1)) fail("geometric_", "p", "a probability in (0, 1)", std::to_string(p));
  return fill_inplace("geometric_", self, RandomOp::Geometric, p, 0, g);
}

namespace {
CreationOptions opts(std::optional<DType> dtype, std::optional<Device> device, bool requires_grad) { return {dtype, device, requires_grad}; }
using ODType = std::optional<DType>;
using ODevice = std::optional<Device>;
}  // namespace

void register_random(OpTable& table) {
  table.add("rand(int[] size, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Shape& s, OGenerator g, ODType t, ODevice d, bool r) { return rand(s, opts(t, d, r), g); });
  table.add("randn(int[] size, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Shape& s, OGenerator g, ODType t, ODevice d, bool r) { return randn(s, opts(t, d, r), g); });
  table.add("randint(int high, int[] size, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t h, const Shape& s, OGenerator g, ODType t, ODevice d, bool r) { return randint(0, h, s, opts(t, d, r), g); });
  table.add(
      "randint(int low, int high, int[] size, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> "
      "Tensor",
      [](int64_t l, int64_t h, const Shape& s, OGenerator g, ODType t, ODevice d, bool r) { return randint(l, h, s, opts(t, d, r), g); });
  table.add("randperm(int n, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, OGenerator g, ODType t, ODevice d, bool r) { return randperm(n, opts(t, d, r), g); });
  table.add("rand_like(Tensor self, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, OGenerator g, ODType t, ODevice d, bool r) { return rand_like(x, opts(t, d, r), g); });
  table.add("randn_like(Tensor self, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, OGenerator g, ODType t, ODevice d, bool r) { return randn_like(x, opts(t, d, r), g); });
  table.add(
      "randint_like(Tensor self, int high, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
      [](const Tensor& x, int64_t h, OGenerator g, ODType t, ODevice d, bool r) { return randint_like(x, 0, h, opts(t, d, r), g); });
  table.add(
      "randint_like(Tensor self, int low, int high, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) "
      "-> Tensor",
      [](const Tensor& x, int64_t l, int64_t h, OGenerator g, ODType t, ODevice d, bool r) { return randint_like(x, l, h, opts(t, d, r), g); });
  table.add(
      "normal(float mean, float std, int[] size, *, Generator? generator=None, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> "
      "Tensor",
      [](double m, double sd, const Shape& s, OGenerator g, ODType t, ODevice d, bool r) { return normal(m, sd, s, opts(t, d, r), g); });
  table.add("normal(Tensor mean, float std=1, *, Generator? generator=None) -> Tensor",
            [](const Tensor& m, double sd, OGenerator g) { return normal(m, sd, g); });
  table.add("normal(float mean, Tensor std, *, Generator? generator=None) -> Tensor",
            [](double m, const Tensor& sd, OGenerator g) { return normal(m, sd, g); });
  table.add("normal(Tensor mean, Tensor std, *, Generator? generator=None) -> Tensor",
            [](const Tensor& m, const Tensor& sd, OGenerator g) { return normal(m, sd, g); });
  table.add("bernoulli(Tensor self, *, Generator? generator=None) -> Tensor", [](const Tensor& x, OGenerator g) { return bernoulli(x, g); });
  table.add("bernoulli(Tensor self, float p, *, Generator? generator=None) -> Tensor",
            [](const Tensor& x, double p, OGenerator g) { return bernoulli(x, p, g); });
  table.add("binomial(Tensor count, Tensor prob, Generator? generator=None) -> Tensor", &binomial);
  table.add("uniform(Tensor self, float from=0, float to=1, *, Generator? generator=None) -> Tensor", &uniform);
  table.add("exponential(Tensor self, float lambd=1, *, Generator? generator=None) -> Tensor", &exponential);
  table.add("cauchy(Tensor self, float median=0, float sigma=1, *, Generator? generator=None) -> Tensor", &cauchy);
  table.add("log_normal(Tensor self, float mean=1, float std=2, *, Generator? generator=None) -> Tensor", &log_normal);
  table.add("geometric(Tensor self, float p, *, Generator? generator=None) -> Tensor", &geometric);
  table.add("poisson(Tensor self, Generator? generator=None) -> Tensor", &poisson);
  table.add("multinomial(Tensor self, int num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor", &multinomial);
  table.add("uniform_(Tensor(a!) self, float from=0, float to=1, *, Generator? generator=None) -> Tensor(a!)", &with_options::uniform_);
  table.add("normal_(Tensor(a!) self, float mean=0, float std=1, *, Generator? generator=None) -> Tensor(a!)", &with_options::normal_);
  table.add("bernoulli_(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, double, const OGenerator&)>(&bernoulli_));
  table.add("bernoulli_(Tensor(a!) self, Tensor p, *, Generator? generator=None) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, const Tensor&, const OGenerator&)>(&bernoulli_));
  table.add("random_(Tensor(a!) self, int from=0, int? to=None, *, Generator? generator=None) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, int64_t, std::optional<int64_t>, const OGenerator&)>(&random_));
  table.add("exponential_(Tensor(a!) self, float lambd=1, *, Generator? generator=None) -> Tensor(a!)", &exponential_);
  table.add("cauchy_(Tensor(a!) self, float median=0, float sigma=1, *, Generator? generator=None) -> Tensor(a!)", &with_options::cauchy_);
  table.add("log_normal_(Tensor(a!) self, float mean=1, float std=2, *, Generator? generator=None) -> Tensor(a!)", &with_options::log_normal_);
  table.add("geometric_(Tensor(a!) self, float p, *, Generator? generator=None) -> Tensor(a!)", &geometric_);
}

}  // namespace lazuli
