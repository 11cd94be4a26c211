#include "lazuli/core/described.h"

#include <array>
#include <cmath>

#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

enum class Shade { Light, Dark };
constexpr auto names_of(Shade) { return std::array{std::pair{Shade::Light, "light"}, std::pair{Shade::Dark, "dark"}}; }

struct Unprintable {};

struct Settings {
  double rate = 1e-3;
  double keep = 0.9;
  bool fast = false;
  int64_t count = 3;
  Shape kernel = {2, 3};
  std::optional<double> momentum = 0.1;
  std::optional<int64_t> index = {};
  std::string mode = "mean";
  Shade shade = Shade::Light;
  Unprintable data = {};
  static constexpr auto members() {
    return Members{member("rate", &Settings::rate, {.least = 0}),
                   member("keep", &Settings::keep, {.least = 0, .below = 1}),
                   member("fast", &Settings::fast),
                   member("count", &Settings::count, {.least = 1, .most = 8}),
                   member("kernel", &Settings::kernel, {.least = 1}),
                   member("momentum", &Settings::momentum, {.above = 0}),
                   member("index", &Settings::index, {.least = 0}),
                   member("mode", &Settings::mode),
                   member("shade", &Settings::shade),
                   member("data", &Settings::data)};
  }
};

std::string complaint(const Settings& settings) {
  return error_of([&] { check_members("Thing", settings); });
}

}  // namespace

TEST_CASE("a described struct prints all its members, or those that are not the defaults", "[core]") {
  CHECK(print_members(Settings()) ==
        "rate=0.001, keep=0.9, fast=False, count=3, kernel=(2, 3), momentum=0.1, index=None, mode='mean', shade='light'");
  CHECK(print_members(Settings(), true).empty());
  CHECK(print_members(Settings{.rate = 1e-5, .kernel = 4, .momentum = {}, .shade = Shade::Dark}, true) ==
        "rate=1e-05, kernel=(4,), momentum=None, shade='dark'");
}

TEST_CASE("values out of their ranges are refused by name", "[core]") {
  CHECK(complaint({}) == "no error");
  CHECK(says(complaint({.rate = -1}), "Thing: argument 'rate': expected a value of at least 0, got -1"));
  CHECK(says(complaint({.rate = NAN}), "rate"));
  CHECK(says(complaint({.keep = 1}), "a value in [0, 1)"));
  CHECK(complaint({.keep = 0.9999999}) == "no error");
  CHECK(says(complaint({.count = 9}), "a value in [1, 8], got 9"));
  CHECK(says(complaint({.kernel = {2, 0}}), "'kernel': expected entries each a value of at least 1, got [2, 0]"));
  CHECK(says(complaint({.momentum = 0}), "a value above 0"));
  CHECK(complaint({.momentum = {}}) == "no error");
  CHECK(says(complaint({.index = -1}), "index"));
  CHECK(says(complaint({.shade = Shade(7)}), "'shade': expected one of light, dark, got 7"));
  CHECK(to_string(Range{.above = 0, .most = 1}) == "a value in (0, 1]");
  CHECK(to_string(Range{.below = 2}) == "a value below 2");
  CHECK(to_string(Range{.most = 2}) == "a value of at most 2");
}

TEST_CASE("members are reached by name", "[core]") {
  Settings settings;
  auto set_to_four = [](auto& value) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, int64_t>) value = 4;
  };
  CHECK(visit_member(settings, "count", set_to_four));
  CHECK(settings.count == 4);
  CHECK(!visit_member(settings, "size", set_to_four));
  std::string names;
  for_each_member(std::as_const(settings), [&](const auto& m, const auto&) { names += std::string(m.name) + " "; });
  CHECK(names == "rate keep fast count kernel momentum index mode shade data ");
  CHECK(named<Shade>("dark") == Shade::Dark);
  CHECK(!named<Shade>("red"));
}

TEST_CASE("a choice is given as a value or by its name", "[core]") {
  struct Curtain {
    Choice<Shade> shade = Shade::Dark;
    static constexpr auto members() { return Members{member("shade", &Curtain::shade)}; }
  };
  CHECK(Curtain{}.shade == Shade::Dark);
  CHECK(Curtain{.shade = Shade::Light}.shade == Shade::Light);
  CHECK(Curtain{.shade = "light"}.shade == Shade::Light);
  CHECK(Curtain{.shade = std::string("light")}.shade == Shade::Light);
  CHECK(print_members(Curtain{.shade = "light"}) == "shade='light'");
  CHECK(print_members(Curtain{.shade = "dark"}, /*only_changed=*/true).empty());
  CHECK_THROWS_WITH(Curtain{.shade = "red"}, Contains("expected one of 'light', 'dark', got 'red'"));
  CHECK_THROWS_WITH(check_members("Curtain", Curtain{.shade = Shade(7)}), Contains("'shade': expected one of light, dark, got 7"));
}

namespace {
enum class Colour { Red, Green };
constexpr auto names_of(Colour) { return enum_names<Colour>({{Colour::Red, "red"}, {Colour::Green, "green"}}); }
}  // namespace

TEST_CASE("an enum's names, in an array of pairs or as enum_names", "[core]") {
  static_assert(names_of(Colour()).size() == 2 && names_of(Colour())[1].first == Colour::Green);
  CHECK(name_of(Colour::Green) == std::string("green"));
  CHECK(name_of(Shade::Dark) == std::string("dark"));
  CHECK(name_of(Colour(7)) == std::string("?"));
  CHECK(named<Colour>("red") == Colour::Red);
  CHECK(!named<Colour>("blue"));
  CHECK(Choice<Colour>("green") == Colour::Green);
  CHECK_THROWS_WITH(Choice<Colour>("blue"), Contains("'red', 'green'"));
}
