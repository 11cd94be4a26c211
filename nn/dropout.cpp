#include "lazuli/nn/dropout.h"

#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/network/dropout.h"

namespace lazuli::nn {

DropoutModule::DropoutModule(const DropoutOptions& o) : WithOptions(detail::checked("Dropout", o)) {}
std::string DropoutModule::extra_repr() const { return print_members(options); }

namespace {
Tensor into(bool inplace, const Tensor& input, const Tensor& result) {
  if (!inplace) return result;
  Tensor same = input;
  return result.is_same(input) ? same : same.copy_(result);
}
}  // namespace

Tensor Dropout::forward(const Tensor& x) {
  if (!options.inplace) return dropout(x, options.p, is_training());
  Tensor same = x;
  return dropout_(same, options.p, is_training());
}
Tensor Dropout1d::forward(const Tensor& x) { return into(options.inplace, x, dropout1d(x, options.p, is_training())); }
Tensor Dropout2d::forward(const Tensor& x) { return into(options.inplace, x, dropout2d(x, options.p, is_training())); }
Tensor Dropout3d::forward(const Tensor& x) { return into(options.inplace, x, dropout3d(x, options.p, is_training())); }
Tensor AlphaDropout::forward(const Tensor& x) { return into(options.inplace, x, alpha_dropout(x, options.p, is_training())); }
Tensor FeatureAlphaDropout::forward(const Tensor& x) { return into(options.inplace, x, feature_alpha_dropout(x, options.p, is_training())); }

void list_dropouts(ModuleTable& table) { table.add<Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout>(); }

}  // namespace lazuli::nn
