// Operators, functions, methods and gradients of a program's own.
#include <lazuli/lazuli.h>
#include <lazuli/registry/registry.h>

#include "tests/catch.h"
#include "tests/errors.h"

namespace {
namespace registry = lazuli::registry;
using lazuli::Tensor;
using lazuli::Value;
Tensor apply(const char* op, const std::vector<Tensor>& x) { return registry::apply(op, x); }
}  // namespace

TEST_CASE("a unary operator from a text has gradients of every order", "[registry]") {
  auto handle = registry::register_unary_op({.name = "test_soft", .expression = "x / (1 + abs(x))"});
  const Tensor x = lazuli::tensor({-2.0, 0.5, 3.0}, lazuli::kFloat64);
  CHECK(lazuli::allclose(apply("test_soft", {x}), x / (lazuli::abs(x) + 1.0)));
  const auto f = [](const Tensor& t) { return registry::apply("test_soft", {t}); };
  CHECK(lazuli::autograd::gradcheck(f, {x.clone().requires_grad_()}));
  CHECK(lazuli::autograd::gradgradcheck(f, {x.clone().requires_grad_()}));
  CHECK(x.call("test_soft").at(0).to_tensor().sizes() == x.sizes());
  CHECK(registry::is_unary_op("tanh"));
  CHECK(registry::get_op_info("test_soft").family == "user");
  handle.unregister();
  CHECK_FALSE(lazuli::has_op("test_soft"));
}

TEST_CASE("an element function runs on the CPU, with the gradient of its text or of a formula", "[registry]") {
  auto by_text = registry::register_unary_op({.name = "test_cubed", .expression = "x ** 3", .function = [](double x) { return x * x * x; }});
  auto by_formula =
      registry::register_unary_op({.name = "test_cubed2", .function = [](double x) { return x * x * x; }, .backward = "grad * 3 * square(x)"});
  auto without = registry::register_unary_op({.name = "test_cubed3", .function = [](double x) { return x * x * x; }});
  const Tensor x = lazuli::tensor({-2.0, 0.5, 3.0}, lazuli::kFloat64).requires_grad_();
  for (const char* name : {"test_cubed", "test_cubed2"}) {
    const auto f = [&](const Tensor& t) { return registry::apply(name, {t}); };
    CHECK(lazuli::autograd::gradcheck(f, {x}));
    CHECK(lazuli::autograd::gradgradcheck(f, {x}));
  }
  CHECK(apply("test_cubed3", {x.detach()})[2].item<double>() == 27);
  try {
    apply("test_cubed3", {x});
    FAIL("it has no gradient");
  } catch (const lazuli::Error& error) { CHECK(error.code() == lazuli::errors::autograd_not_registered_error); }
  CHECK(apply("test_cubed", {lazuli::tensor({2, 3})}).dtype() == lazuli::kFloat32);
  CHECK(apply("test_cubed", {lazuli::zeros({2, 3}, {.device = lazuli::kMeta})}).sizes() == lazuli::Shape{2, 3});
  by_text.unregister(), by_formula.unregister(), without.unregister();
}

TEST_CASE("a binary operator broadcasts and promotes", "[registry]") {
  auto handle = registry::register_binary_op(
      {.name = "test_huber", .expression = "where(abs(x - y) < 1, 0.5 * square(x - y), abs(x - y) - 0.5)", .function = [](double x, double y) {
         const double d = std::fabs(x - y);
         return d < 1 ? 0.5 * d * d : d - 0.5;
       }});
  const Tensor x = lazuli::tensor({{0.2}, {2.5}}, lazuli::kFloat64).requires_grad_(),
               y = lazuli::tensor({0.9, -1.0, 0.1}, lazuli::kFloat64).requires_grad_();
  CHECK(apply("test_huber", {x, y}).sizes() == lazuli::Shape{2, 3});
  CHECK(lazuli::autograd::gradcheck([](const Tensor& a, const Tensor& b) { return registry::apply("test_huber", {a, b}); }, {x, y}));
  CHECK(lazuli::call("test_huber", {x, 3.0})[0].to_tensor()[0][0].item<double>() == Approx(2.3));
  handle.unregister();
}

TEST_CASE("registered operators are of a kind", "[registry]") {
  auto one = registry::register_unary_op({.name = "test_kind_one", .expression = "x * x"});
  auto two = registry::register_binary_op({.name = "test_kind_two", .expression = "x * y"});
  CHECK(registry::is_unary_op("test_kind_one"));
  CHECK(registry::is_binary_op("test_kind_two"));
  const std::vector<std::string> names = registry::unary_op_names();
  CHECK(std::find(names.begin(), names.end(), "test_kind_one") != names.end());
  auto list = lazuli::register_function("test_kind_list(Tensor[] x, int n) -> Tensor", [](const std::vector<Tensor>& x, int64_t) { return x.at(0); });
  CHECK(registry::get_op_kind("test_kind_list") == lazuli::OpKind::Other);
  one.unregister();
  two.unregister();
  list.unregister();
}

TEST_CASE("formulas that do not parse show the place, and unknown functions near names", "[registry]") {
  const auto text = [](const std::string& expression) {
    return error_of([&] { registry::register_unary_op({.name = "test_wrong", .expression = expression}); });
  };
  CHECK(says(text("x / (1 + abs(x)"), "the end"));
  CHECK(says(text("x +* 2"), "x +* 2"));
  CHECK(says(text("z + 1"), "'z'"));
  CHECK(says(text("tnh(x)"), "tanh"));
  CHECK_FALSE(lazuli::has_op("test_wrong"));
}

TEST_CASE("a function by schema has the gradient that is registered for it", "[registry]") {
  auto handle = registry::register_function(registry::FunctionConfig{
      .schema = "test_scaled(Tensor x, Tensor y, float by=2.0) -> Tensor",
      .function = [](std::vector<Value>& a) { return std::vector<Value>{a[0].to_tensor() * a[1].to_tensor() * a[2].to_double()}; }});
  const Tensor x = lazuli::tensor({1.0, 2.0}, lazuli::kFloat64).requires_grad_(), y = lazuli::tensor({3.0, 4.0}, lazuli::kFloat64).requires_grad_();
  CHECK_THROWS_AS(lazuli::call("test_scaled", {x, y}), lazuli::Error);
  auto backward = lazuli::autograd::register_autograd(
      {.op = "test_scaled",
       .backward =
           [](lazuli::autograd::GradContext& context, const std::vector<Tensor>& grads) {
             const double by = std::any_cast<double>(context.saved_data["by"]);
             const auto saved = context.saved_tensors();
             return std::vector<Tensor>{grads[0] * saved[1] * by, grads[0] * saved[0] * by};
           },
       .setup_context =
           [](lazuli::autograd::GradContext& context, const std::vector<Value>& inputs, const std::vector<Value>&) {
             context.save_for_backward(inputs[0].to_tensor(), inputs[1].to_tensor());
             context.saved_data["by"] = inputs[2].to_double();
           }});
  const auto f = [](const Tensor& a, const Tensor& b) { return lazuli::call("test_scaled", {a, b}, {{"by", 3.0}})[0].to_tensor(); };
  CHECK(f(x, y).to_vector<double>() == std::vector<double>{9, 24});
  CHECK(lazuli::autograd::gradcheck(f, {x, y}));
  CHECK(lazuli::autograd::gradgradcheck(f, {x, y}));
  CHECK(lazuli::autograd::has_autograd("test_scaled"));
  const std::vector<std::string> mine = registry::list_functions();
  CHECK(std::find(mine.begin(), mine.end(), "test_scaled") != mine.end());
  CHECK(registry::get_function("test_scaled")({x.detach(), y.detach()})[0].to_tensor()[1].item<double>() == 16);
  handle.unregister();
}

TEST_CASE("methods are called by name, and operators as methods", "[registry]") {
  auto handle = registry::register_method("test_doubled", [](const Tensor& self, std::vector<Value>&) { return self * 2.0; }, {lazuli::kFloat32});
  CHECK(lazuli::ones({2}).call("test_doubled")[0].to_tensor()[1].item<float>() == 2);
  CHECK(lazuli::ones({2}).call("add", {1.0})[0].to_tensor()[1].item<float>() == 2);
  CHECK(registry::has_method("test_doubled"));
  CHECK(registry::list_methods().size() >= 1);
  handle.unregister();
  CHECK_FALSE(registry::has_method("test_doubled"));
}

TEST_CASE("a function that takes another's place goes when its handle takes it back", "[registry]") {
  auto first = lazuli::register_function("test_place(Tensor x) -> Tensor", [](const Tensor& x) { return x * 2.0; });
  auto second = lazuli::register_function(
      "test_place(Tensor x) -> Tensor", [](const Tensor& x) { return x * 3.0; }, true);
  CHECK(apply("test_place", {lazuli::ones({1})}).item<float>() == 3);
  second.unregister();
  CHECK(apply("test_place", {lazuli::ones({1})}).item<float>() == 2);
  first.unregister();
  CHECK_FALSE(lazuli::has_op("test_place"));
}

TEST_CASE("a device of a few functions has tensors, and kernels by copies or of the program", "[registry]") {
  int64_t bytes = 0;
  auto handle = registry::register_device({.name = "test_npu", .device_count = 2, .copy_from_host = [&](void* to, const void* from, int64_t n, int) {
                                             bytes += n;
                                             std::memcpy(to, from, size_t(n));
                                           }});
  const lazuli::Device npu("test_npu:1");
  CHECK(registry::has_device("test_npu"));
  CHECK(registry::list_custom_devices() == std::vector<std::string>{"test_npu"});
  const lazuli::WarningHandler before = lazuli::set_warning_handler([](const std::string&) {});
  const Tensor x = lazuli::ones({3}).to(npu);
  CHECK(bytes == 12);
  CHECK((x + x).cpu().to_vector<float>() == std::vector<float>{2, 2, 2});
  auto kernel = registry::register_kernel({.op = "neg", .dtypes = {lazuli::kFloat32}, .device = npu, .function = [](lazuli::KernelCall& call) {
                                             auto* y = static_cast<float*>(call.outputs[0].address());
                                             for (int64_t i = 0; i < call.outputs[0].numel(); ++i) y[i] = -5;
                                           }});
  CHECK((-x).cpu().to_vector<float>()[0] == -5);
  {
    const lazuli::DefaultDeviceGuard guard(npu);
    CHECK(lazuli::zeros({2}).device() == npu);
  }
  CHECK(lazuli::zeros({2}).is_cpu());
  kernel.unregister();
  lazuli::set_warning_handler(before);
  handle.unregister();
  CHECK_FALSE(registry::has_device("test_npu"));
  CHECK_THROWS_AS(lazuli::Device("test_npu"), lazuli::Error);
}
