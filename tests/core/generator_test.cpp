#include "lazuli/core/random/generator.h"

#include <sstream>

#include "lazuli/core/error.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/core/slots.h"
#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("a generator's stream is its seed and position", "[core]") {
  Generator g(42);
  PhiloxState first = g.take(3), second = g.take(1);
  CHECK(first.seed == 42);
  CHECK(second.offset == first.offset + 3);
  std::string state = g.get_state();
  uint64_t next = g.take(1).offset;
  g.set_state(state);
  CHECK(g.take(1).offset == next);
  CHECK_THROWS_AS(g.set_state("mersenne 1 2"), Error);
  CHECK_THROWS_AS(g.set_state(""), Error);
}

TEST_CASE("split streams differ from each other and repeat with the seed", "[core]") {
  Generator a(7), b(7);
  uint64_t first = a.split().initial_seed(), second = a.split().initial_seed();
  CHECK(first != second);
  CHECK(b.split().initial_seed() == first);
}

TEST_CASE("copies of a generator share its stream, and splitting moves it on by one block", "[core]") {
  Generator a(1), copy = a;
  const uint64_t at = a.take(2).offset;
  CHECK(copy.take(1).offset == at + 2);
  copy.split();
  CHECK(a.take(1).offset == at + 4);
  copy.manual_seed(9);
  CHECK(a.initial_seed() == 9);
  CHECK(a.take(1).offset == Generator(9).take(1).offset);
}

TEST_CASE("seed() begins the default generator anew, each time elsewhere", "[core]") {
  GeneratorGuard guard(Generator(3));
  CHECK(initial_seed() == 3);
  const uint64_t first = seed();
  CHECK(initial_seed() == first);
  CHECK(default_generator().take(1).offset == Generator(first).take(1).offset);
  CHECK(seed() != first);
}

TEST_CASE("a generator prints its seed and position", "[core]") {
  Generator g(42);
  g.take(3);
  std::ostringstream text;
  text << g;
  CHECK(text.str() == "Generator(seed=42, position=3)");
  CHECK(to_string(g) == text.str());
}
