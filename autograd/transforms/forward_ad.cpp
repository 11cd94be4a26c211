#include "lazuli/autograd/transforms/forward_ad.h"

#include "lazuli/autograd/support.h"
#include "lazuli/autograd/transforms/derivative.h"
#include "lazuli/core/error.h"

namespace lazuli::forward_ad {

struct dual_level::Duals {
  GradMode mode{true};
  std::vector<std::unique_ptr<func::detail::Derivative>> inputs;
  std::vector<Tensor> tangents;
  Duals* outer = nullptr;
};

namespace {
thread_local constinit void* innermost = nullptr;
}

dual_level::dual_level() : duals_(std::make_unique<Duals>()) {
  duals_->outer = static_cast<Duals*>(innermost);
  innermost = duals_.get();
}
dual_level::~dual_level() { innermost = duals_->outer; }

struct Unpack {
  static dual_level::Duals& level(const char* op) {
    if (!innermost) fail(ErrorKind::State, op, "", "a dual_level around it", "none");
    return *static_cast<dual_level::Duals*>(innermost);
  }
};

Tensor make_dual(const Tensor& tensor, const Tensor& tangent) {
  auto& level = Unpack::level("make_dual");
  if (!(tensor.sizes() == tangent.sizes())) fail("make_dual", "tangent", "sizes " + to_string(tensor.sizes()), to_string(tangent.sizes()));
  if (tensor.dtype() != tangent.dtype()) fail(ErrorKind::Type, "make_dual", "tangent", name(tensor.dtype()), name(tangent.dtype()));
  level.inputs.push_back(std::make_unique<func::detail::Derivative>("make_dual", std::vector<Tensor>{tensor}));
  level.inputs.back()->end();
  level.tangents.push_back(tangent);
  return level.inputs.back()->inputs()[0];
}

UnpackedDual unpack_dual(const Tensor& tensor) {
  auto& level = Unpack::level("unpack_dual");
  UnpackedDual out{tensor, {}};
  if (!tensor.requires_grad()) return out;
  bool attached = false;
  for (size_t i = 0; i < level.inputs.size(); ++i) {
    attached |= level.inputs[i]->attached();
    const Tensor part = level.inputs[i]->push_if_reached(tensor, level.tangents[i]);
    if (part.defined()) out.tangent = out.tangent.defined() ? support::add(out.tangent, part) : part;
  }
  if (!attached) out.primal = tensor.detach();
  return out;
}

}  // namespace lazuli::forward_ad
