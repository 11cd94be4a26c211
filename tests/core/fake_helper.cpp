#include "lazuli/core/memory/allocator.h"
#include "tests/core/fake_backend.h"

void FreshFake::reset() {
  fake_backend().failures.clear();
  fake_backend().total = int64_t(1) << 40;
  for (int i = 0; i < 2; ++i) {
    lazuli::set_allocation_failure(0, 0, fake_device(i));
    lazuli::set_memory_limit(-1, fake_device(i));
    lazuli::empty_cache(fake_device(i));
  }
}
