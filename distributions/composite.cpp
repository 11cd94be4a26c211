#include "lazuli/distributions/composite.h"

#include <algorithm>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/distributions/support.h"
#include "lazuli/ops/index/gather.h"

namespace lazuli::distributions {
namespace {

Shape first(const Shape& sizes, int64_t count) { return Shape(sizes.data(), count); }
Shape last(const Shape& sizes, int64_t count) { return Shape(sizes.data() + sizes.size() - count, count); }
void need_base(const char* owner, const DistributionPtr& base) {
  if (!base) fail(owner, "base", "a distribution", "none");
}

}  // namespace

Independent::Independent(DistributionPtr of, int64_t dims) : base(std::move(of)), reinterpreted_batch_ndims(dims) {
  need_base("Independent", base);
  const Shape& batch = base->batch_shape();
  if (dims < 0 || dims > batch.size())
    fail("Independent", "reinterpreted_batch_ndims", "from 0 to the " + std::to_string(batch.size()) + " dimensions of the batch",
         std::to_string(dims));
  batch_shape_ = first(batch, batch.size() - dims);
  event_shape_ = detail::joined(last(batch, dims), base->event_shape());
}
std::shared_ptr<Distribution> Independent::expand(const Shape& batch_shape) const {
  return std::make_shared<Independent>(base->expand(detail::joined(batch_shape, last(base->batch_shape(), reinterpreted_batch_ndims))),
                                       reinterpreted_batch_ndims);
}
Tensor Independent::log_prob(const Tensor& value) const { return detail::sum_last(base->log_prob(value), reinterpreted_batch_ndims); }
Tensor Independent::entropy() const { return detail::sum_last(base->entropy(), reinterpreted_batch_ndims); }

TransformedDistribution::TransformedDistribution(DistributionPtr of, std::vector<TransformPtr> by) : base(std::move(of)), transforms(std::move(by)) {
  need_base("TransformedDistribution", base);
  for (const TransformPtr& t : transforms)
    if (!t) fail("TransformedDistribution", "transforms", "transforms", "none");
  const ComposeTransform all(transforms);
  const Shape whole = all.forward_shape(detail::joined(base->batch_shape(), base->event_shape()));
  const int64_t events = std::max(all.event_dim(), base->event_shape().size());
  if (events > whole.size()) fail("TransformedDistribution", "base", "at least " + std::to_string(events) + " dimensions", lazuli::to_string(whole));
  batch_shape_ = first(whole, whole.size() - events), event_shape_ = last(whole, events);
}
std::shared_ptr<Distribution> TransformedDistribution::expand(const Shape& batch_shape) const {
  const Shape whole = ComposeTransform(transforms).inverse_shape(detail::joined(batch_shape, event_shape_));
  return std::make_shared<TransformedDistribution>(base->expand(first(whole, whole.size() - base->event_shape().size())), transforms);
}
Tensor TransformedDistribution::sample(const Shape& sample_shape) const {
  no_grad guard;
  return ComposeTransform(transforms).forward(base->sample(sample_shape));
}
Tensor TransformedDistribution::rsample(const Shape& sample_shape) const { return ComposeTransform(transforms).forward(base->rsample(sample_shape)); }
Tensor TransformedDistribution::log_prob(const Tensor& value) const {
  const ComposeTransform all(transforms);
  const int64_t events = event_shape_.size();
  const Tensor x = all.inverse(value);
  const Tensor jacobian = detail::sum_last(all.log_abs_det_jacobian(x, value), events - all.event_dim());
  return detail::sum_last(base->log_prob(x), events - base->event_shape().size()) - jacobian;
}
Tensor TransformedDistribution::cdf(const Tensor& value) const {
  const ComposeTransform all(transforms);
  if (all.sign() == 0) missing("a cdf, which transforms that neither grow nor fall everywhere do not give");
  const Tensor below = base->cdf(all.inverse(value));
  return all.sign() > 0 ? below : 1 - below;
}
Tensor TransformedDistribution::icdf(const Tensor& value) const {
  const ComposeTransform all(transforms);
  if (all.sign() == 0) missing("an icdf, which transforms that neither grow nor fall everywhere do not give");
  return all.forward(base->icdf(all.sign() > 0 ? value : 1 - value));
}

MixtureSameFamily::MixtureSameFamily(const Categorical& of, DistributionPtr parts) : mixture(of), components(std::move(parts)) {
  need_base("MixtureSameFamily", components);
  const Shape& batch = components->batch_shape();
  if (batch.empty() || batch.back() != mixture.probs.sizes()[-1])
    fail("MixtureSameFamily", "components", "a batch whose last dimension is the " + std::to_string(mixture.probs.sizes()[-1]) + " categories",
         lazuli::to_string(batch));
  batch_shape_ = first(batch, batch.size() - 1), event_shape_ = components->event_shape();
  if (!can_broadcast_to(mixture.batch_shape(), batch_shape_))
    fail("MixtureSameFamily", "mixture", "a batch that broadcasts to " + lazuli::to_string(batch_shape_), lazuli::to_string(mixture.batch_shape()));
}
std::shared_ptr<Distribution> MixtureSameFamily::expand(const Shape& batch_shape) const {
  const int64_t n = mixture.probs.sizes()[-1];
  return std::make_shared<MixtureSameFamily>(Categorical(ProbsOrLogits{.logits = mixture.logits.expand(detail::joined(batch_shape, {n}))}),
                                             components->expand(detail::joined(batch_shape, {n})));
}
Tensor MixtureSameFamily::sample(const Shape& sample_shape) const {
  no_grad guard;
  const Tensor draws = components->sample(sample_shape);  // [sample, batch, category, event]
  const int64_t events = event_shape_.size(), dim = draws.dim() - events - 1;
  const int64_t n = mixture.probs.sizes()[-1];
  const Tensor which = Categorical(ProbsOrLogits{.logits = mixture.logits.expand(detail::joined(batch_shape_, {n}))}).sample(sample_shape);
  Shape sizes = draws.sizes();
  sizes[dim] = 1;
  Tensor index = which.unsqueeze(-1);
  for (int64_t i = 0; i < events; ++i) index = index.unsqueeze(-1);
  return gather(draws, dim, index.expand(sizes)).squeeze(dim);
}
namespace {
// Before the event's dimensions.
Tensor with_category(const Tensor& value, int64_t events) { return value.unsqueeze(value.dim() - events); }
Tensor weights_beside(const Tensor& probs, int64_t events) {
  Tensor p = probs;
  for (int64_t i = 0; i < events; ++i) p = p.unsqueeze(-1);
  return p;
}
}  // namespace
Tensor MixtureSameFamily::log_prob(const Tensor& value) const {
  return logsumexp(components->log_prob(with_category(value, event_shape_.size())) + mixture.logits, -1);
}
Tensor MixtureSameFamily::mean() const {
  const int64_t events = event_shape_.size();
  return sum(weights_beside(mixture.probs, events) * components->mean(), -1 - events);
}
Tensor MixtureSameFamily::variance() const {
  const int64_t events = event_shape_.size();
  const Tensor p = weights_beside(mixture.probs, events), m = mean();
  return sum(p * components->variance(), -1 - events) + sum(p * square(components->mean() - with_category(m, events)), -1 - events);
}
Tensor MixtureSameFamily::cdf(const Tensor& value) const {
  return sum(components->cdf(with_category(value, event_shape_.size())) * mixture.probs, -1);
}

}  // namespace lazuli::distributions
