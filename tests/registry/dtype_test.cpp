// A dtype of a program's own, from outside the library's namespaces: a dual number and an 8-bit float.
#include <lazuli/lazuli.h>
#include <lazuli/registry/registry.h>

#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

namespace {

namespace registry = lazuli::registry;
using lazuli::DType;
using lazuli::Tensor;

struct Dual {
  float value, tangent;
  bool operator==(const Dual&) const = default;
};

DType dual_dtype() {
  static const registry::DTypeHandle handle = [] {
    auto made = registry::register_dtype({.name = "test_dual", .components = {{"value", lazuli::kFloat32}, {"tangent", lazuli::kFloat32}}});
    registry::register_binary_kernel<Dual>("add", made, [](Dual a, Dual b) { return Dual{a.value + b.value, a.tangent + b.tangent}; });
    registry::register_binary_kernel<Dual>("mul", made, [](Dual a, Dual b) {
      return Dual{a.value * b.value, a.value * b.tangent + a.tangent * b.value};
    });
    registry::register_binary_kernel<Dual>("eq", made, [](Dual a, Dual b) { return a == b; });
    return made;
  }();
  return handle;
}

// 1 sign, 4 exponent (bias 7) and 3 mantissa bits.
double decoded(uint8_t bits) {
  const int exponent = bits >> 3 & 15, mantissa = bits & 7;
  const double value = exponent ? std::ldexp(8 + mantissa, exponent - 10) : std::ldexp(mantissa, -9);
  return bits & 128 ? -value : value;
}
uint8_t encoded(double value) {
  uint8_t best = 0;
  for (int bits = 0; bits < 256; ++bits)
    if (bits != 128 && std::fabs(decoded(uint8_t(bits)) - value) < std::fabs(decoded(best) - value)) best = uint8_t(bits);
  return best;
}
DType float8_dtype() {
  static const registry::DTypeHandle handle = registry::register_dtype(
      {.name = "test_float8",
       .components = {{"bits", lazuli::kUInt8}},
       .format = [](const void* element) { return std::to_string(decoded(*static_cast<const uint8_t*>(element))).substr(0, 5); },
       .to_scalar = [](const void* element) { return lazuli::Scalar(decoded(*static_cast<const uint8_t*>(element))); },
       .from_scalar = [](void* element, const lazuli::Scalar& value) { *static_cast<uint8_t*>(element) = encoded(value.to<double>()); }});
  return handle;
}

std::vector<Dual> duals(const Tensor& t) { return registry::to_elements<Dual>(t); }

}  // namespace

TEST_CASE("a registered dtype is made, viewed, copied and indexed as others are", "[registry]") {
  const DType dual = dual_dtype();
  CHECK(lazuli::name(dual) == "test_dual");
  CHECK(lazuli::item_size(dual) == 8);
  Tensor x = registry::from_elements<Dual>(dual, {{1, 10}, {2, 20}, {3, 30}, {4, 40}, {5, 50}, {6, 60}}, {2, 3});
  CHECK(duals(x.t())[1] == Dual{4, 40});
  CHECK(duals(x.t().contiguous())[1] == Dual{4, 40});
  CHECK(duals(x.clone()) == duals(x));
  CHECK(duals(x.slice(1, 1, 3)) == std::vector<Dual>{{2, 20}, {3, 30}, {5, 50}, {6, 60}});
  CHECK(duals(lazuli::index_select(x, 1, lazuli::tensor({2, 0}))) == std::vector<Dual>{{3, 30}, {1, 10}, {6, 60}, {4, 40}});
  CHECK(duals(lazuli::cat({x, x}, 0)).size() == 12);
  CHECK(duals(lazuli::flip(x, {1}))[0] == Dual{3, 30});
  CHECK(duals(x.index({lazuli::tensor({1})}))[2] == Dual{6, 60});
  Tensor y = lazuli::zeros({2, 3}, dual);
  CHECK(duals(y)[5] == Dual{0, 0});
  y.select(0, 1).copy_(x.select(0, 0));
  CHECK(duals(y)[4] == Dual{2, 20});
  CHECK(duals(lazuli::full({2}, 2.5, {.dtype = dual})) == std::vector<Dual>{{2.5, 0}, {2.5, 0}});
  CHECK(duals(lazuli::where(lazuli::tensor({true, false, true}), x, y))[1] == Dual{0, 0});
  CHECK(x[1][2].item<double>() == 6);
  CHECK(x.to(lazuli::kFloat64).to_vector<double>() == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(duals(lazuli::tensor({1.5, 2.5}).to(dual))[1] == Dual{2.5, 0});
  CHECK(lazuli::zeros({2}, {.dtype = dual, .device = lazuli::kMeta}).dtype() == dual);
}

TEST_CASE("operators of a registered dtype are those that kernels are registered for", "[registry]") {
  const DType dual = dual_dtype();
  const Tensor x = registry::from_elements<Dual>(dual, {{2, 1}, {3, 1}});
  CHECK(duals(x * x) == std::vector<Dual>{{4, 4}, {9, 6}});
  CHECK(duals(x * x + x)[1] == Dual{12, 7});
  CHECK(duals(x * 2.0)[0] == Dual{4, 2});
  CHECK(duals(2.0 * x)[0] == Dual{4, 2});
  CHECK(duals(x.unsqueeze(1) * x).size() == 4);
  CHECK((x == x).to_vector<bool>() == std::vector<bool>{true, true});
  Tensor y = x.clone();
  y.mul_(x);
  CHECK(duals(y)[0] == Dual{4, 4});
  try {
    lazuli::sin(x);
    FAIL("sin has no kernel for it");
  } catch (const lazuli::Error& error) { CHECK(error.code() == lazuli::errors::kernel_not_registered_error); }
  CHECK(duals(lazuli::sum(x))[0] == Dual{5, 2});
  CHECK_THROWS_AS(lazuli::softmax(x, 0), lazuli::Error);
  CHECK_THROWS_AS(lazuli::sort(x), lazuli::Error);
  CHECK_THROWS_AS(lazuli::matmul(x, x), lazuli::Error);
  CHECK_THROWS_AS(x.clone().requires_grad_(), lazuli::Error);
}

TEST_CASE("components of a registered dtype are views", "[registry]") {
  Tensor x = lazuli::zeros({2, 2}, dual_dtype());
  registry::component(x, "tangent").fill_(1);
  CHECK(duals(x)[3] == Dual{0, 1});
  CHECK(registry::component(x.t(), 1).sizes() == lazuli::Shape{2, 2});
  const Tensor y = registry::from_components(dual_dtype(), {lazuli::ones({2}), lazuli::full({2}, 3.0)});
  CHECK(duals(y)[1] == Dual{1, 3});
}

TEST_CASE("a registered dtype prints", "[registry]") {
  const Tensor x = registry::from_elements<Dual>(dual_dtype(), {{2, 1}, {3, 0.5}});
  CHECK(lazuli::to_string(x) == "tensor([  (2, 1), (3, 0.5)], dtype=test_dual)");
  CHECK(says(lazuli::to_string(lazuli::full({2}, 0.3, {.dtype = float8_dtype()})), "0.312"));
}

TEST_CASE("a registered dtype is stored in a safetensors file and read again", "[registry]") {
  const lazuli::test::TemporaryFolder folder;
  const Tensor x = registry::from_elements<Dual>(dual_dtype(), {{2, 1}, {3, 0.5}, {4, 7}, {5, 8}}, {2, 2});
  lazuli::save_safetensors({{"x", x.t()}, {"w", lazuli::ones({3})}}, folder.file("d.safetensors"), {{"note", "text"}});
  lazuli::Metadata metadata;
  const lazuli::StateDict read = lazuli::load_safetensors(folder.file("d.safetensors"), &metadata);
  CHECK(read.at("x").dtype() == dual_dtype());
  CHECK(duals(read.at("x")) == duals(x.t()));
  CHECK(metadata.size() == 1);

  auto other = registry::register_dtype({.name = "test_short_lived", .components = {{"a", lazuli::kInt32}}});
  lazuli::save_safetensors({{"y", lazuli::ones({2}, other.dtype())}}, folder.file("s.safetensors"));
  other.unregister();
  CHECK_FALSE(registry::has_dtype("test_short_lived"));
  CHECK(says(error_of([&] { lazuli::load_safetensors(folder.file("s.safetensors")); }), "test_short_lived(a: int32)"));
}

TEST_CASE("a dtype of one component holds numbers by its own conversions", "[registry]") {
  const Tensor x = lazuli::tensor({0.5, 1.25, -3.0, 0.3}).to(float8_dtype());
  CHECK(x.item_size() == 1);
  CHECK(x.to(lazuli::kFloat32).to_vector<float>() == std::vector<float>{0.5f, 1.25f, -3.0f, 0.3125f});
  CHECK(x[2].item<double>() == -3);
}

TEST_CASE("dtypes are listed and described", "[registry]") {
  const DType dual = dual_dtype();
  const std::vector<std::string> custom = registry::list_custom_dtypes(), all = registry::list_dtypes();
  CHECK(std::find(custom.begin(), custom.end(), "test_dual") != custom.end());
  CHECK(std::find(all.begin(), all.end(), "bfloat16") != all.end());
  CHECK(registry::get_dtype("test_dual") == dual);
  CHECK(lazuli::parse_dtype("test_dual") == dual);
  CHECK(registry::has_dtype("float32"));
  const registry::DTypeInfo info = registry::get_dtype_info(dual);
  CHECK(info.is_custom);
  CHECK(info.components.size() == 2);
  CHECK(registry::get_dtype_info(lazuli::kFloat32).eps == 0x1p-23);
  CHECK(registry::get_dtype_info(lazuli::kInt8).max == 127);
  CHECK(registry::get_dtype_info(lazuli::kFloat16).max == 65504);
}
