#include "lazuli/core/memory/owned.h"

#include <memory>

#include "tests/catch.h"

using namespace lazuli;

namespace {

int alive = 0;
struct Thing {
  int number;
  explicit Thing(int n) : number(n) { ++alive; }
  virtual ~Thing() { --alive; }
};
struct Derived : Thing {
  using Thing::Thing;
};

}  // namespace

TEST_CASE("an owned object goes with its owner, once", "[core]") {
  static_assert(!std::is_copy_constructible_v<Owned<Thing>> && !std::is_copy_assignable_v<Owned<Thing>>);
  {
    Owned<Thing> none;
    CHECK(!none);
    Owned<Thing> a = std::make_unique<Derived>(1), b = std::make_unique<Thing>(2);
    CHECK(alive == 2);
    CHECK((*a).number == 1);
    a = std::move(b);
    CHECK((alive == 1 && a->number == 2 && !b && b.get() == nullptr));
    a = std::move(a);
    CHECK((alive == 1 && a->number == 2));
    Owned<Thing> c(std::move(a));
    CHECK((alive == 1 && !a && c));
    c = std::make_unique<Thing>(3);
    CHECK((alive == 1 && c->number == 3));
    Thing* released = c.release();
    CHECK((!c && alive == 1));
    delete released;
  }
  CHECK(alive == 0);
}
