#include "lazuli/core/tensor/registration.h"

namespace lazuli {

bool is_replaced(const Tensor& t, std::string* path) {
  if (!t.defined()) return false;
  auto* registration = static_cast<const Registration*>(t.body()->lazy.get());
  if (!registration || !registration->placed || registration->places > 0) return false;
  if (path) *path = registration->path;
  return true;
}

}  // namespace lazuli
