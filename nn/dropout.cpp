#include "lazuli/nn/dropout.h"

#include "lazuli/nn/module/print.h"
#include "lazuli/ops/network/dropout.h"

namespace lazuli::nn {

using detail::py;

DropoutModule::DropoutModule(double probability, bool in_place) : p(probability), inplace(in_place) {
  if (!(p >= 0 && p <= 1)) fail("Dropout", "p", "a probability from 0 to 1", py(p));
}
std::string DropoutModule::extra_repr() const { return "p=" + py(p) + ", inplace=" + py(inplace); }

namespace {
Tensor into(bool inplace, const Tensor& input, const Tensor& result) {
  if (!inplace) return result;
  Tensor same = input;
  return result.is_same(input) ? same : same.copy_(result);
}
}  // namespace

Tensor Dropout::forward(const Tensor& x) {
  if (!inplace) return dropout(x, p, is_training());
  Tensor same = x;
  return dropout_(same, p, is_training());
}
Tensor Dropout1d::forward(const Tensor& x) { return into(inplace, x, dropout1d(x, p, is_training())); }
Tensor Dropout2d::forward(const Tensor& x) { return into(inplace, x, dropout2d(x, p, is_training())); }
Tensor Dropout3d::forward(const Tensor& x) { return into(inplace, x, dropout3d(x, p, is_training())); }
Tensor AlphaDropout::forward(const Tensor& x) { return into(inplace, x, alpha_dropout(x, p, is_training())); }
Tensor FeatureAlphaDropout::forward(const Tensor& x) { return into(inplace, x, feature_alpha_dropout(x, p, is_training())); }

}  // namespace lazuli::nn
