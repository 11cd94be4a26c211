#include "lazuli/core/random/generator.h"

#include <cstdio>
#include <mutex>
#include <ostream>
#include <random>
#include <utility>

#include "lazuli/core/error.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"

namespace lazuli {

struct Generator::State {
  std::mutex mutex;
  uint64_t seed = 0, offset = 0;
};

Generator::Generator(uint64_t seed) : state_(std::make_shared<State>()) { state_->seed = seed; }

void Generator::manual_seed(uint64_t seed) {
  {
    std::lock_guard lock(state_->mutex);
    state_->seed = seed;
    state_->offset = 0;
  }
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->placed(*this, state_.get(), {seed, 0});
}

uint64_t Generator::initial_seed() const {
  std::lock_guard lock(state_->mutex);
  return state_->seed;
}

PhiloxState Generator::take(uint64_t counters) const {
  PhiloxState s;
  {
    std::lock_guard lock(state_->mutex);
    s = {state_->seed, state_->offset};
    state_->offset += counters;
  }
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->drawn(*this, state_.get(), s, counters);
  return s;
}

Generator Generator::split() const {
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->refuse("split", "makes a new stream of random numbers");
  PhiloxState s = take(1);
  // splitmix64 (Steele, Lea, Flood 2014) over seed and position
  uint64_t z = s.seed + (s.offset + 1) * 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return Generator(z ^ (z >> 31));
}

std::string to_string(const Generator& generator) {
  std::lock_guard lock(generator.state_->mutex);
  return "Generator(seed=" + std::to_string(generator.state_->seed) + ", position=" + std::to_string(generator.state_->offset) + ")";
}
std::ostream& operator<<(std::ostream& stream, const Generator& generator) { return stream << to_string(generator); }

std::string Generator::get_state() const {
  std::lock_guard lock(state_->mutex);
  char text[64];
  std::snprintf(text, sizeof(text), "philox %llu %llu", static_cast<unsigned long long>(state_->seed),
                static_cast<unsigned long long>(state_->offset));
  return text;
}

void Generator::set_state(const std::string& text) const {
  unsigned long long seed = 0, offset = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), "philox %llu %llu%n", &seed, &offset, &used) != 2 || size_t(used) != text.size())
    fail("set_state", "state", "\"philox SEED POSITION\"", "\"" + text.substr(0, 40) + "\"");
  {
    std::lock_guard lock(state_->mutex);
    state_->seed = seed;
    state_->offset = offset;
  }
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->placed(*this, state_.get(), {seed, offset});
}

namespace {
thread_local constinit const Generator* own_generator = nullptr;
}

const Generator& default_generator() {
  static Generator* g = new Generator(0);
  return own_generator ? *own_generator : *g;
}
GeneratorGuard::GeneratorGuard(Generator generator) : own_(std::move(generator)), before_(std::exchange(own_generator, &own_)) {}
GeneratorGuard::~GeneratorGuard() { own_generator = before_; }
void manual_seed(uint64_t seed) { Generator(default_generator()).manual_seed(seed); }
uint64_t seed() {
  std::random_device device;
  const uint64_t drawn = uint64_t(device()) << 32 | device();
  manual_seed(drawn);
  return drawn;
}

}  // namespace lazuli
