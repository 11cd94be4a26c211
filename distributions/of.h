#pragma once
#include "lazuli/distributions/distribution.h"

namespace lazuli::distributions {

/// The base of a class D whose parameters are listed once, in `D::fields(self, f)`, which calls f(name, tensor, event dimensions of it); `D::class_name` names it.
template <class D, class Base = Distribution>
class DistributionOf : public Base {
 public:
  std::string name() const override { return D::class_name; }
  std::shared_ptr<Distribution> expand(const Shape& batch_shape) const override {
    auto out = std::make_shared<D>(static_cast<const D&>(*this));
    D::fields(*out, [&](const char*, Tensor& t, int64_t event_dims) {
      if (!t.defined()) return;
      Shape sizes = batch_shape;
      for (int64_t d = t.dim() - event_dims; d < t.dim(); ++d) sizes.push_back(t.sizes()[d]);
      t = t.expand(sizes);
    });
    static_cast<DistributionOf&>(*out).batch_shape_ = batch_shape;
    return out;
  }

 protected:
  std::vector<std::pair<std::string, Tensor>> parameters() const override {
    std::vector<std::pair<std::string, Tensor>> all;
    D::fields(static_cast<const D&>(*this), [&](const char* name, const Tensor& t, int64_t) { all.emplace_back(name, t); });
    return all;
  }
};

}  // namespace lazuli::distributions
