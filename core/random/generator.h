#pragma once
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace lazuli {

struct PhiloxState;

/// A stream of random numbers: a Philox key and a position. The numbers depend on these two alone, so they are the same on every device and for any number of threads.
/// Copies share the stream.
class Generator {
 public:
  explicit Generator(uint64_t seed = 0);
  void manual_seed(uint64_t seed);
  void set_current_seed(uint64_t seed) { manual_seed(seed); }
  uint64_t current_seed() const { return initial_seed(); }
  uint64_t initial_seed() const;
  /// Reserves `counters` blocks of four 32-bit words and returns where they begin.
  PhiloxState take(uint64_t counters) const;
  /// A new stream that is independent of this one; this one moves on by one block.
  Generator split() const;
  /// Seed and position, to be stored; `set_state` continues there. Throws Error when the text is not such a state.
  std::string get_state() const;
  void set_state(const std::string& state) const;
  /// "Generator(seed=42, position=3)": its key, and how many blocks were taken.
  friend std::string to_string(const Generator& generator);
  friend std::ostream& operator<<(std::ostream& stream, const Generator& generator);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// The generator that functions use when given none.
const Generator& default_generator();
/// Seeds the default generator.
void manual_seed(uint64_t seed);

}  // namespace lazuli
