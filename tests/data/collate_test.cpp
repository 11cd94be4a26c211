#include <map>
#include <unordered_map>

#include "lazuli/core/described.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

struct Pair {
  Tensor image, mask;
  auto tensors() { return std::tie(image, mask); }
};
struct Scans {
  Tensor image, label;
  std::vector<std::string> name;
  static constexpr auto members() { return Members{member("image", &Scans::image), member("label", &Scans::label), member("name", &Scans::name)}; }
};
struct Scan {
  using Batch = Scans;
  Tensor image;
  int64_t label = 0;
  std::string name;
  static constexpr auto members() { return Members{member("image", &Scan::image), member("label", &Scan::label), member("name", &Scan::name)}; }
};
struct Mixed {
  Tensor x;
  float weight = 0;
  static constexpr auto members() { return Members{member("x", &Mixed::x), member("weight", &Mixed::weight)}; }
};

static_assert(std::is_same_v<data::Collated<Tensor>, Tensor>);
static_assert(std::is_same_v<data::Collated<int>, Tensor>);
static_assert(std::is_same_v<data::Collated<data::Example>, data::Example>);
static_assert(std::is_same_v<data::Collated<Pair>, Pair>);
static_assert(std::is_same_v<data::Collated<Scan>, Scans>);
static_assert(std::is_same_v<data::Collated<Mixed>, std::tuple<Tensor, Tensor>>);
static_assert(std::is_same_v<data::Collated<std::pair<Tensor, int64_t>>, std::pair<Tensor, Tensor>>);

Tensor full_of(double value) { return ones({2}) * value; }

}  // namespace

TEST_CASE("tensors are stacked, numbers become tensors, strings stay", "[data]") {
  CHECK(data::collate<Tensor>({full_of(1), full_of(2)}).to_vector<int>() == std::vector<int>{1, 1, 2, 2});
  Tensor integers = data::collate<int>({3, 4}), flags = data::collate<bool>({true, false});
  CHECK(integers.dtype() == kInt64);
  CHECK(integers.to_vector<int>() == std::vector<int>{3, 4});
  CHECK(flags.dtype() == kBool);
  CHECK(data::collate<float>({0.5f}).dtype() == kFloat32);
  CHECK(data::collate<double>({0.5}).dtype() == kFloat64);
  CHECK(data::collate<std::string>({"a", "b"}) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("pairs, tuples, arrays and vectors are collated element by element", "[data]") {
  auto [x, y] = data::collate<std::pair<Tensor, int64_t>>({{full_of(1), 7}, {full_of(2), 8}});
  CHECK(x.sizes() == Shape{2, 2});
  CHECK(y.to_vector<int>() == std::vector<int>{7, 8});
  auto [a, b, c] = data::collate<std::tuple<double, std::string, Tensor>>({{1.5, "one", full_of(3)}});
  CHECK(a.item<double>() == 1.5);
  CHECK(b[0] == "one");
  CHECK(c.sizes() == Shape{1, 2});
  auto both = data::collate<std::array<Tensor, 2>>({{full_of(1), full_of(2)}, {full_of(3), full_of(4)}});
  CHECK(both[1].to_vector<int>() == std::vector<int>{2, 2, 4, 4});
  auto lists = data::collate<std::vector<Tensor>>({{full_of(1), full_of(2)}, {full_of(3), full_of(4)}});
  CHECK(lists.size() == 2);
  CHECK(lists[0].to_vector<int>() == std::vector<int>{1, 1, 3, 3});
  CHECK(says(error_of([] { data::collate<std::vector<Tensor>>({{full_of(1)}, {}}); }), "one length, 1"));
}

TEST_CASE("structs that list their members are collated member by member", "[data]") {
  Pair pair = data::collate<Pair>({{full_of(1), full_of(2)}, {full_of(3), full_of(4)}});
  CHECK(pair.mask.to_vector<int>() == std::vector<int>{2, 2, 4, 4});
  Scans scans = data::collate<Scan>({{full_of(1), 5, "a"}, {full_of(2), 6, "b"}});
  CHECK(scans.image.sizes() == Shape{2, 2});
  CHECK(scans.label.to_vector<int>() == std::vector<int>{5, 6});
  CHECK(scans.name == std::vector<std::string>{"a", "b"});
  auto [x, weight] = data::collate<Mixed>({{full_of(1), 0.25f}});
  CHECK(weight.dtype() == kFloat32);
}

TEST_CASE("examples that do not go together are refused", "[data]") {
  CHECK(says(error_of([] { data::collate<data::Example>({{full_of(1), full_of(1)}, {full_of(1), {}}}); }), "one defined in 1 of 2"));
  CHECK(!data::collate<data::Example>({{full_of(1), {}}, {full_of(1), {}}}).target.defined());
  CHECK(error_of([] { data::collate<Tensor>({ones({2}), ones({3})}); }) != "no error");
}

namespace {
struct Named : data::Dataset<std::map<std::string, Tensor>> {
  int64_t size() const override { return 5; }
  std::map<std::string, Tensor> get(int64_t i) const override { return {{"x", full({2}, double(i))}, {"y", tensor(i)}}; }
};
}  // namespace

TEST_CASE("maps of texts are collated name by name", "[data]") {
  int64_t rows = 0;
  for (auto& batch : data::DataLoader(Named(), {.batch_size = 3})) {
    rows += batch.at("y").size(0);
    CHECK(batch.at("x").sizes() == Shape{batch.at("y").size(0), 2});
  }
  CHECK(rows == 5);
  using Numbers = std::unordered_map<std::string, double>;
  std::unordered_map<std::string, Tensor> numbers = data::collate(std::vector<Numbers>{{{"a", 1.0}, {"b", 2.0}}, {{"b", 4.0}, {"a", 3.0}}});
  CHECK(equal(numbers.at("b"), tensor({2.0, 4.0}, kFloat64)));
  CHECK(says(error_of([] { data::collate(std::vector<Numbers>{{{"a", 1.0}}, {{"b", 2.0}}}); }), "'b' in some examples"));
  CHECK(says(error_of([] { data::collate(std::vector<Numbers>{{{"a", 1.0}, {"b", 2.0}}, {{"a", 2.0}}}); }), "'b' in some examples"));
}
