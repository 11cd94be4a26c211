#pragma once
#include "lazuli/core/random/generator.h"

namespace lazuli {

/// While it lives, `generator` is this thread's `default_generator()`. Guards nest.
class GeneratorGuard {
 public:
  explicit GeneratorGuard(Generator generator);
  ~GeneratorGuard();
  GeneratorGuard(const GeneratorGuard&) = delete;
  GeneratorGuard& operator=(const GeneratorGuard&) = delete;

 private:
  Generator own_;
  const Generator* before_;
};

}  // namespace lazuli
