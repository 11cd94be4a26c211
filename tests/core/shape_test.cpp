#include "lazuli/core/shape.h"

#include "lazuli/core/error.h"
#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("shapes hold any number of dimensions, and edit across the inline limit", "[core]") {
  Shape s{1, 2, 3, 4, 5, 6};
  s.push_back(7);
  CHECK(s == Shape{1, 2, 3, 4, 5, 6, 7});
  s.insert(0, 0);
  CHECK(s == Shape{0, 1, 2, 3, 4, 5, 6, 7});
  s.erase(0);
  s.erase(6);
  CHECK(s == Shape{1, 2, 3, 4, 5, 6});
  Shape copy = s, moved = std::move(s);
  CHECK(copy == moved);
  copy = Shape{9};
  CHECK(copy == Shape(9));
  CHECK(to_string(moved) == "[1, 2, 3, 4, 5, 6]");
}

TEST_CASE("positions in a shape count from the end when negative, and are checked", "[core]") {
  Shape s{2, 3, 4};
  CHECK((s[-1] == 4 && s[-3] == 2 && s.back() == 4 && DimList{0, 1}[-1] == 1));
  s[-2] = 9;
  CHECK(s == Shape{2, 9, 4});
  CHECK_THROWS_WITH(s[3], "Shape: argument 'i': expected a position in [-3, 2], got 3");
  CHECK_THROWS_WITH(s[-4], "Shape: argument 'i': expected a position in [-3, 2], got -4");
  CHECK_THROWS_WITH(Shape().back(), "Shape: argument 'i': expected a list that is not empty, got -1");
}

TEST_CASE("shapes broadcast as NumPy's do", "[core]") {
  CHECK(broadcast_shapes({2, 1, 3}, {4, 1}) == Shape{2, 4, 3});
  CHECK(broadcast_shapes({}, {2}) == Shape{2});
  CHECK(broadcast_shapes({0}, {1}) == Shape{0});
  CHECK(can_broadcast_to({1, 3}, {2, 3}));
  CHECK_FALSE(can_broadcast_to({2, 3}, {3}));
  CHECK_THROWS_WITH(broadcast_shapes({2, 3}, {4}, "add"), "add: expected shapes that broadcast together, got [2, 3] and [4]");
}

TEST_CASE("dimensions count from the end when negative", "[core]") {
  CHECK(wrap_dim(-1, 3, "sum") == 2);
  CHECK(wrap_dim(-1, 0, "sum") == 0);
  CHECK_THROWS_WITH(wrap_dim(3, 3, "sum"), "sum: argument 'dim': expected a dimension in [-3, 2], got 3");
  CHECK_THROWS_AS(wrap_dims({0, -2}, 2, "sum"), Error);
}

TEST_CASE("sizes in braces are numbers of any integer types, one after the other", "[core]") {
  const size_t rows = 2;
  const int columns = 3;
  const std::vector<int64_t> numbers{4, 5};
  CHECK(Shape({rows, columns}) == Shape{2, 3});
  CHECK(Shape(numbers) == Shape{4, 5});
  CHECK((Shape({}).empty() && Shape({7}) == Shape(7)));
  CHECK(DimList({0, 2}) == Shape{0, 2});
  CHECK(*OptionalShape({1, 2, 3, 4, 5, 6, 7}) == Shape{1, 2, 3, 4, 5, 6, 7});
}
