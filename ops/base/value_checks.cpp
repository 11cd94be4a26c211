#include "lazuli/ops/base/value_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/vmap/levels.h"

namespace lazuli {

std::string place_of(int64_t element, const Shape& sizes) {
  Shape place = sizes;
  for (int64_t d = sizes.size() - 1; d >= 0; --d) {
    place[d] = element % sizes[d];
    element /= sizes[d];
  }
  return to_string(place);
}

void need_values(ErrorKind kind, const char* op, const char* argument, const std::string& expected, const Tensor& values, const Tensor& right) {
  if (right.numel() == 0 || right.device().is_meta()) return;
  if (StepObserver* observer = detail::step_observer)  // looked at while a step is recorded, and taken for granted in its replays
    return observer->initialize([&] { need_values(kind, op, argument, expected, values, right); });
  if (batching::is_batched(right)) return need_values(kind, op, argument, expected, batching::all_samples(values), batching::all_samples(right));
  Tensor all = new_tensor(Shape::filled(right.dim(), 1), kBool, right.device());
  reduce_kernel(right.device(), ReduceOp::All, all, right);
  if (all.item<bool>()) return;
  const std::vector<bool> good = right.to_vector<bool>();
  const int64_t wrong = std::find(good.begin(), good.end(), false) - good.begin();
  std::string got;
  if (values.is_complex()) got = to_string(Scalar(values.to_vector<complex128>()[size_t(wrong)]));
  else if (values.dtype() == kFloat64) got = fmt::format("{}", values.to_vector<double>()[size_t(wrong)]);
  else if (values.is_floating_point()) got = fmt::format("{}", values.to_vector<float>()[size_t(wrong)]);
  else got = to_string(Scalar(values.to_vector<int64_t>()[size_t(wrong)]));
  fail(kind, op, argument, expected, got + (values.dim() ? " at " + place_of(wrong, values.sizes()) : ""));
}

}  // namespace lazuli
