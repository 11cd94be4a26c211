#include "lazuli/nn/padding.h"

#include "lazuli/core/error.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/shape/padding.h"

namespace lazuli::nn {

PaddingModule::PaddingModule(const char* name, int64_t rank, const char* mode, const Shape& around)
    : padding(around.size() == 1 ? Shape::filled(2 * rank, around[0]) : around), mode_(mode) {
  if (padding.size() != 2 * rank) fail(name, "padding", "one number, or " + std::to_string(2 * rank), to_string(around));
}
Tensor PaddingModule::forward(const Tensor& input) { return pad(input, padding, mode_); }
std::string PaddingModule::extra_repr() const { return written(padding); }

Tensor ConstantPad::forward(const Tensor& input) { return pad(input, padding, "constant", value); }
std::string ConstantPad::extra_repr() const { return "padding=" + written(padding) + ", value=" + written(value); }

void list_paddings(ModuleTable& table) {
  table.add<ReflectionPad1d, ReflectionPad2d, ReflectionPad3d, ReplicationPad1d, ReplicationPad2d, ReplicationPad3d>();
  table.add<CircularPad1d, CircularPad2d, CircularPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d>();
}

}  // namespace lazuli::nn
