#include "lazuli/autograd/hooks.h"

namespace lazuli {

RemovableHandle::RemovableHandle(std::function<void()> remover) : remover_(std::make_shared<std::function<void()>>(std::move(remover))) {}

void RemovableHandle::remove() {
  if (remover_ && *remover_) std::exchange(*remover_, nullptr)();
}

}  // namespace lazuli
