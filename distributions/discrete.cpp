#include "lazuli/distributions/discrete.h"

#include <cmath>
#include <limits>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/distributions/support.h"
#include "lazuli/ops/index/embedding.h"
#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::distributions {
namespace {

constexpr const char* kCounts = "whole numbers that are not negative";

Tensor constant(const Tensor& like, double value) { return full_like(like, value).detach(); }
Tensor whole(const Tensor& value) {
  const Tensor v = value.detach();
  return (v >= 0) & (floor(v) == v);
}
// Probabilities of two outcomes as logits and back, whichever was given.
struct Pair {
  Tensor probs, logits;
};
Tensor logits_of(const Tensor& probs) {
  const double e = detail::epsilon_of(probs);
  const Tensor p = clamp(probs, Scalar(e), Scalar(1 - e));
  return log(p) - log1p(-p);
}
Pair pair_of(const char* owner, const ProbsOrLogits& given) {
  if (given.probs.has_value() == given.logits.has_value()) fail(owner, "probs", "one of probs and logits", given.probs ? "both" : "none");
  if (given.logits) {
    if (!given.logits->defined()) fail_undefined(owner, "logits");
    return {sigmoid(*given.logits), *given.logits};
  }
  if (!given.probs->defined()) fail_undefined(owner, "probs");
  const Parameter chance(*given.probs);
  const Tensor p = detail::broadcast_all(owner, {&chance})[0];
  detail::check_probabilities(owner, p);
  return {p, logits_of(p)};
}
ProbsOrLogits as_probs(const char* owner, const Parameter& probs) { return {.probs = detail::broadcast_all(owner, {&probs})[0]}; }

// The same along a last dimension of categories.
Pair categories_of(const char* owner, const ProbsOrLogits& given) {
  if (given.probs.has_value() == given.logits.has_value()) fail(owner, "probs", "one of probs and logits", given.probs ? "both" : "none");
  const Tensor& t = given.probs ? *given.probs : *given.logits;
  const char* argument = given.probs ? "probs" : "logits";
  if (!t.defined()) fail_undefined(owner, argument);
  if (t.dim() < 1 || t.sizes()[-1] < 1)
    fail(owner, argument, "at least one category along the last dimension", "sizes " + lazuli::to_string(t.sizes()));
  if (!t.is_floating_point()) fail(ErrorKind::Type, owner, argument, "a floating point dtype", lazuli::name(t.dtype()));
  if (given.logits) return {softmax(t, -1), log_softmax(t, -1)};
  detail::check_parameter(owner, "probs", "weights that are not negative", t, t.detach() >= 0);
  const Tensor probs = t / sum(t, -1, true);
  const double e = detail::epsilon_of(probs);
  return {probs, log(clamp(probs, Scalar(e), Scalar(1 - e)))};
}
Shape without_last(const Shape& sizes) { return Shape(sizes.data(), sizes.size() - 1); }

// -(value log p + (1 - value) log(1 - p)) from logits; max(logits, 0) and |logits|, of which it could be made too, have no gradient at 0
Tensor cross_entropy_of(const Tensor& logits, const Tensor& value) { return (value - 1) * logsigmoid(-logits) - value * logsigmoid(logits); }
// log(p) + count terms of a count distribution
Tensor log_choose(const Tensor& n, const Tensor& k) { return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1); }

Tensor support_of(const Tensor& values, const Shape& batch_shape, bool expand) {
  Tensor out = values;
  for (int64_t i = 0; i < batch_shape.size(); ++i) out = out.unsqueeze(1);
  return expand ? out.expand(detail::joined({values.sizes()[0]}, batch_shape)) : out;
}

}  // namespace

Bernoulli::Bernoulli(const Parameter& p) : Bernoulli(as_probs("Bernoulli", p)) {}
Bernoulli::Bernoulli(const ProbsOrLogits& given) {
  const Pair pair = pair_of("Bernoulli", given);
  probs = pair.probs, logits = pair.logits, batch_shape_ = probs.sizes();
}
Tensor Bernoulli::sample(const Shape& sample_shape) const {
  no_grad guard;
  return bernoulli(probs.expand(extended(sample_shape)));
}
Tensor Bernoulli::log_prob(const Tensor& value) const {
  check_support(value, (value.detach() == 0) | (value.detach() == 1), "0 or 1");
  return -cross_entropy_of(logits, value);
}
Tensor Bernoulli::entropy() const { return cross_entropy_of(logits, probs); }
Tensor Bernoulli::mode() const { return where(probs == 0.5, constant(probs, std::nan("")), to(probs >= 0.5, probs.dtype())); }
Tensor Bernoulli::variance() const { return probs * (1 - probs); }
Tensor Bernoulli::enumerate_support(bool expand) const {
  return support_of(arange(0, 2, 1, {.dtype = probs.dtype(), .device = probs.device()}), batch_shape_, expand);
}

Geometric::Geometric(const Parameter& p) : Geometric(as_probs("Geometric", p)) {}
Geometric::Geometric(const ProbsOrLogits& given) {
  const Pair pair = pair_of("Geometric", given);
  probs = pair.probs, logits = pair.logits, batch_shape_ = probs.sizes();
  detail::check_parameter("Geometric", "probs", "probabilities above 0", probs, probs.detach() > 0);
}
Tensor Geometric::sample(const Shape& sample_shape) const {
  no_grad guard;
  return floor(log(detail::uniforms(extended(sample_shape), probs)) / log1p(-probs));
}
Tensor Geometric::log_prob(const Tensor& value) const {
  check_support(value, whole(value), kCounts);
  return special::xlog1py(value, -probs) + log(probs);
}
Tensor Geometric::entropy() const { return cross_entropy_of(logits, probs) / probs; }
Tensor Geometric::mean() const { return reciprocal(probs) - 1; }
Tensor Geometric::mode() const { return zeros_like(probs); }
Tensor Geometric::variance() const { return (reciprocal(probs) - 1) / probs; }

Binomial::Binomial(const Parameter& n, const Parameter& p) : Binomial(n, as_probs("Binomial", p)) {}
Binomial::Binomial(const Parameter& n, const ProbsOrLogits& given) {
  const Pair pair = pair_of("Binomial", given);
  const Parameter p(pair.probs), l(pair.logits);
  const auto all = detail::broadcast_all("Binomial", {&n, &p, &l});
  total_count = all[0], probs = all[1], logits = all[2], batch_shape_ = probs.sizes();
  detail::check_parameter("Binomial", "total_count", kCounts, total_count, whole(total_count));
}
Tensor Binomial::sample(const Shape& sample_shape) const {
  no_grad guard;
  return binomial(total_count.expand(extended(sample_shape)), probs.expand(extended(sample_shape)));
}
Tensor Binomial::log_prob(const Tensor& value) const {
  check_support(value, whole(value) & (value.detach() <= total_count.detach()), "whole numbers from 0 to total_count");
  return log_choose(total_count, value) + value * logsigmoid(logits) + (total_count - value) * logsigmoid(-logits);
}
Tensor Binomial::entropy() const {
  const Tensor terms = log_prob(enumerate_support(false));
  return -sum(exp(terms) * terms, 0);
}
Tensor Binomial::mean() const { return total_count * probs; }
Tensor Binomial::mode() const { return clamp_max(floor((total_count + 1) * probs), total_count); }
Tensor Binomial::variance() const { return total_count * probs * (1 - probs); }
Tensor Binomial::enumerate_support(bool expand) const {
  const double most = total_count.numel() ? amax(total_count.detach()).item<double>() : 0;
  if (total_count.numel() && amin(total_count.detach()).item<double>() != most)
    fail(ErrorKind::NotSupported, "Binomial", "total_count", "one total_count to list the values of", "several");
  return support_of(arange(0, most + 1, 1, {.dtype = probs.dtype(), .device = probs.device()}), batch_shape_, expand);
}

NegativeBinomial::NegativeBinomial(const Parameter& n, const Parameter& p) : NegativeBinomial(n, as_probs("NegativeBinomial", p)) {}
NegativeBinomial::NegativeBinomial(const Parameter& n, const ProbsOrLogits& given) {
  const Pair pair = pair_of("NegativeBinomial", given);
  const Parameter p(pair.probs), l(pair.logits);
  const auto all = detail::broadcast_all("NegativeBinomial", {&n, &p, &l});
  total_count = all[0], probs = all[1], logits = all[2], batch_shape_ = probs.sizes();
  detail::check_parameter("NegativeBinomial", "total_count", "numbers that are not negative", total_count, total_count.detach() >= 0);
  detail::check_parameter("NegativeBinomial", "probs", "probabilities below 1", probs, probs.detach() < 1);
}
Tensor NegativeBinomial::sample(const Shape& sample_shape) const {
  no_grad guard;
  return poisson(detail::standard_gamma(total_count.expand(extended(sample_shape))) * exp(logits));
}
Tensor NegativeBinomial::log_prob(const Tensor& value) const {
  check_support(value, whole(value), kCounts);
  const Tensor chance = total_count * logsigmoid(-logits) + value * logsigmoid(logits);
  const Tensor ways = lgamma(total_count + value) - lgamma(value + 1) - lgamma(total_count);
  return chance + where(total_count + value == 0, 0.0, ways);
}
Tensor NegativeBinomial::mean() const { return total_count * exp(logits); }
Tensor NegativeBinomial::mode() const { return clamp_min(floor((total_count - 1) * exp(logits)), 0); }
Tensor NegativeBinomial::variance() const { return mean() / sigmoid(-logits); }

Poisson::Poisson(const Parameter& r) {
  rate = detail::broadcast_all("Poisson", {&r})[0], batch_shape_ = rate.sizes();
  detail::check_parameter("Poisson", "rate", "rates that are not negative", rate, rate.detach() >= 0);
}
Tensor Poisson::sample(const Shape& sample_shape) const {
  no_grad guard;
  return poisson(rate.expand(extended(sample_shape)));
}
Tensor Poisson::log_prob(const Tensor& value) const {
  check_support(value, whole(value), kCounts);
  return xlogy(value, rate) - rate - lgamma(value + 1);
}
Tensor Poisson::mode() const { return floor(rate); }

namespace {
// Around 1/2 the formulas divide 0 by 0: there Taylor's first terms serve.
Tensor unstable(const Tensor& p) { return abs(p.detach() - 0.5) < 0.001; }
Tensor safe(const Tensor& p) { return where(unstable(p), 0.499, p); }
}  // namespace
ContinuousBernoulli::ContinuousBernoulli(const Parameter& p) : ContinuousBernoulli(as_probs("ContinuousBernoulli", p)) {}
ContinuousBernoulli::ContinuousBernoulli(const ProbsOrLogits& given) {
  const Pair pair = pair_of("ContinuousBernoulli", given);
  const double e = detail::epsilon_of(pair.probs);
  probs = clamp(pair.probs, Scalar(e), Scalar(1 - e)), logits = pair.logits, batch_shape_ = probs.sizes();
}
// log C = log(2 artanh(1 - 2 p) / (1 - 2 p)) = log 2 + 4/3 d^2 + 104/45 d^4 with d = p - 1/2
Tensor ContinuousBernoulli::log_normalizer() const {
  const Tensor p = safe(probs), exact = log(abs(log1p(-p) - log(p))) - log(abs(1 - p * 2)), d = square(probs - 0.5);
  return where(unstable(probs), (d * (104.0 / 45) + 4.0 / 3) * d + std::log(2.0), exact);
}
Tensor ContinuousBernoulli::rsample(const Shape& sample_shape) const { return icdf(detail::uniforms(extended(sample_shape), probs)); }
Tensor ContinuousBernoulli::log_prob(const Tensor& value) const {
  check_support(value, (value.detach() >= 0) & (value.detach() <= 1), "values in [0, 1]");
  return log_normalizer() - cross_entropy_of(logits, value);
}
Tensor ContinuousBernoulli::entropy() const { return mean() * (log1p(-probs) - log(probs)) - log_normalizer() - log1p(-probs); }
Tensor ContinuousBernoulli::mean() const {
  const Tensor p = safe(probs), exact = p / (p * 2 - 1) + reciprocal(log1p(-p) - log(p)), d = probs - 0.5;
  return where(unstable(probs), d * (square(d) * (16.0 / 45) + 1.0 / 3) + 0.5, exact);
}
Tensor ContinuousBernoulli::variance() const {
  const Tensor p = safe(probs), exact = p * (p - 1) / square(1 - p * 2) + reciprocal(square(log1p(-p) - log(p))), d = square(probs - 0.5);
  return where(unstable(probs), 1.0 / 12 - d * (1.0 / 15 - d * (128.0 / 945)), exact);
}
Tensor ContinuousBernoulli::cdf(const Tensor& value) const {
  const Tensor p = safe(probs), exact = (pow(p, value) * pow(1 - p, 1 - value) + p - 1) / (p * 2 - 1);
  return where(value <= 0, 0.0, where(value >= 1, 1.0, where(unstable(probs), value, exact)));
}
Tensor ContinuousBernoulli::icdf(const Tensor& value) const {
  const Tensor p = safe(probs);
  return where(unstable(probs), value, (log1p(-p + value * (p * 2 - 1)) - log1p(-p)) / (log(p) - log1p(-p)));
}

Categorical::Categorical(const ProbsOrLogits& given) {
  const Pair pair = categories_of("Categorical", given);
  probs = pair.probs, logits = pair.logits, batch_shape_ = without_last(probs.sizes());
}
Tensor Categorical::sample(const Shape& sample_shape) const {
  no_grad guard;
  const int64_t count = sample_shape.numel(), rows = batch_shape_.numel();
  const Shape sizes = extended(sample_shape);
  if (count * rows == 0) return empty(sizes, {.dtype = kInt64, .device = probs.device()});
  return multinomial(probs.reshape({rows, probs.sizes()[-1]}), count, true).t().reshape(sizes);
}
Tensor Categorical::log_prob(const Tensor& value) const {
  const Tensor v = value.detach();
  check_support(value, whole(v) & (v < probs.sizes()[-1]), "numbers of categories");
  const Shape sizes = broadcast_shapes(value.sizes(), batch_shape_, "Categorical");
  const Tensor index = to(value, kInt64).expand(sizes).unsqueeze(-1);
  return gather(logits.expand(detail::joined(sizes, {probs.sizes()[-1]})), -1, index).squeeze(-1);
}
Tensor Categorical::entropy() const {
  const double least = -1e30;  // 0 log 0 is 0
  return -sum(probs * clamp_min(logits, least), -1);
}
Tensor Categorical::mean() const { return full(batch_shape_, std::nan(""), {.dtype = probs.dtype(), .device = probs.device()}); }
Tensor Categorical::variance() const { return mean(); }
Tensor Categorical::mode() const { return argmax(probs, -1); }
Tensor Categorical::enumerate_support(bool expand) const {
  return support_of(arange(0, probs.sizes()[-1], 1, {.dtype = kInt64, .device = probs.device()}), batch_shape_, expand);
}

OneHotCategorical::OneHotCategorical(const ProbsOrLogits& given) {
  const Pair pair = categories_of("OneHotCategorical", given);
  probs = pair.probs, logits = pair.logits, batch_shape_ = without_last(probs.sizes()), event_shape_ = {probs.sizes()[-1]};
}
std::shared_ptr<Distribution> OneHotCategorical::expand(const Shape& batch_shape) const {
  return std::make_shared<OneHotCategorical>(ProbsOrLogits{.logits = logits.expand(detail::joined(batch_shape, event_shape_))});
}
Tensor OneHotCategorical::sample(const Shape& sample_shape) const {
  no_grad guard;
  return to(one_hot(Categorical(ProbsOrLogits{.logits = logits}).sample(sample_shape), probs.sizes()[-1]), probs.dtype());
}
Tensor OneHotCategorical::log_prob(const Tensor& value) const {
  const Tensor v = value.detach();
  check_support(value, (((v == 0) | (v == 1)) & (sum(v, -1, true) == 1)), "vectors of zeros and a one");
  return sum(where(value == 1, logits, 0.0), -1);
}
Tensor OneHotCategorical::entropy() const { return Categorical(ProbsOrLogits{.logits = logits}).entropy(); }
Tensor OneHotCategorical::mode() const { return to(one_hot(argmax(probs, -1), probs.sizes()[-1]), probs.dtype()); }
Tensor OneHotCategorical::variance() const { return probs * (1 - probs); }
Tensor OneHotCategorical::enumerate_support(bool expand) const {
  const int64_t n = probs.sizes()[-1];
  Tensor out = eye(n, {}, {.dtype = probs.dtype(), .device = probs.device()});
  for (int64_t i = 0; i < batch_shape_.size(); ++i) out = out.unsqueeze(1);
  return expand ? out.expand(detail::joined(detail::joined({n}, batch_shape_), {n})) : out;
}

std::shared_ptr<Distribution> OneHotCategoricalStraightThrough::expand(const Shape& batch_shape) const {
  return std::make_shared<OneHotCategoricalStraightThrough>(ProbsOrLogits{.logits = logits.expand(detail::joined(batch_shape, event_shape_))});
}
Tensor OneHotCategoricalStraightThrough::rsample(const Shape& sample_shape) const { return sample(sample_shape) + (probs - probs.detach()); }

Multinomial::Multinomial(int64_t count, const ProbsOrLogits& given) : total_count(count) {
  if (count < 0) fail("Multinomial", "total_count", "a number that is not negative", std::to_string(count));
  const Pair pair = categories_of("Multinomial", given);
  probs = pair.probs, logits = pair.logits, batch_shape_ = without_last(probs.sizes()), event_shape_ = {probs.sizes()[-1]};
}
Tensor Multinomial::sample(const Shape& sample_shape) const {
  no_grad guard;
  const Tensor draws = Categorical(ProbsOrLogits{.logits = logits}).sample(detail::joined({total_count}, sample_shape));
  return to(sum(one_hot(draws, probs.sizes()[-1]), 0), probs.dtype());
}
Tensor Multinomial::log_prob(const Tensor& value) const {
  check_support(value, whole(value) & (sum(value.detach(), -1, true) == double(total_count)), "counts whose sum is total_count");
  const Tensor chance = where((value == 0) & (logits == -INFINITY), 0.0, logits);
  return lgamma(sum(value, -1) + 1) - sum(lgamma(value + 1), -1) + sum(chance * value, -1);
}
Tensor Multinomial::entropy() const {
  const Tensor n = scalar_tensor(double(total_count), {.dtype = probs.dtype(), .device = probs.device()});
  Tensor out = Categorical(ProbsOrLogits{.logits = logits}).entropy() * double(total_count) - lgamma(n + 1);
  const Tensor k = arange(0, total_count + 1, 1, {.dtype = probs.dtype(), .device = probs.device()});
  Shape sizes = Shape::filled(probs.dim() + 1, 1);
  sizes[0] = total_count + 1;
  const Tensor each = k.reshape(sizes), terms = exp(Binomial(double(total_count), probs).log_prob(each));
  return out + sum(sum(terms * lgamma(each + 1), 0), -1);
}
Tensor Multinomial::mean() const { return probs * double(total_count); }
Tensor Multinomial::variance() const { return probs * (1 - probs) * double(total_count); }

}  // namespace lazuli::distributions
