#pragma once
#include "lazuli/core/random/generator.h"

namespace lazuli {

/// Seed and position of this thread's default generator, to go on from there later. Throws Error when the text is not such a state.
inline std::string get_rng_state() { return default_generator().get_state(); }
inline void set_rng_state(const std::string& state) { default_generator().set_state(state); }
/// The seed that this thread's default generator began with.
inline uint64_t initial_seed() { return default_generator().initial_seed(); }
/// Seeds the default generator with a number that no run repeats (std::random_device's), and returns it.
uint64_t seed();

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
