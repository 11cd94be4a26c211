// What a program adds to Lazuli from outside, by what is installed alone: operators, a kernel, a dual number, an 8-bit float, a device; used, printed and saved.
#include <lazuli/lazuli.h>
#include <lazuli/registry/registry.h>

#include <cmath>
#include <cstdio>
#include <cstring>

using namespace lazuli;

namespace {

int mistakes = 0;
void expect(bool right, const char* what) {
  if (right) return;
  ++mistakes;
  std::printf("extension: %s\n", what);
}
template <class F>
ErrorCode code_of(F&& f) {
  try {
    f();
  } catch (const Error& error) { return error.code(); }
  return {};
}

void operators() {
  registry::register_unary_op({.name = "softclip", .expression = "x / (1 + abs(x))", .function = [](double x) { return x / (1 + std::fabs(x)); }});
  registry::register_binary_op({.name = "pseudo_huber", .expression = "sqrt(1 + square(x - y)) - 1"});
  const Tensor x = tensor({-2.0, 0.5, 3.0}, kFloat64).requires_grad_();
  registry::apply("pseudo_huber", {registry::apply("softclip", {x}), zeros({3}, kFloat64)}).sum().backward();
  expect(x.grad().defined(), "an operator from a text has no gradient");
  expect(bool(autograd::gradgradcheck([](const Tensor& t) { return registry::apply("softclip", {t}); }, {x})), "its second gradient is wrong");
  expect(get_op_info("softclip").kind == OpKind::Unary && list_ops("user").size() == 2, "operators are not listed");
  expect(registry::coverage_report({.ops = {"softclip"}}).find("softclip", kFloat32)->second_order, "the coverage report does not know it");
  expect(code_of([] { registry::register_unary_op({.name = "softclip", .expression = "x"}); }) == errors::function_already_registered_error,
         "a name was taken twice");
}

void a_kernel() {
  int calls = 0;
  auto handle = registry::register_kernel({.op = "relu",
                                           .dtypes = {kFloat32},
                                           .function = [&](KernelCall& call) { ++calls, call.outputs[0].copy_(clamp_min(call.inputs[0], 0.0)); },
                                           .predicate = [](const KernelCall& call) { return call.inputs[0].numel() > 3; }});
  expect(relu(tensor({-1.0, 1.0, 2.0, -3.0})).sum().item<float>() == 3 && relu(tensor({-1.0})).item<float>() == 0 && calls == 1,
         "a kernel with a predicate does not serve what it should");
  expect(registry::list_kernels({.op = "relu", .custom_only = true}).size() == 1, "a kernel is not listed");
  handle.unregister();
  relu(ones({8}));
  expect(calls == 1, "a kernel that was taken back was called");
}

struct Dual {
  float value, tangent;
};
struct Float8 {
  uint8_t bits;
};
// 1 sign, 4 exponent (bias 7) and 3 mantissa bits.
double decoded(Float8 x) {
  const int exponent = x.bits >> 3 & 15, mantissa = x.bits & 7;
  const double value = exponent ? std::ldexp(8 + mantissa, exponent - 10) : std::ldexp(mantissa, -9);
  return x.bits & 128 ? -value : value;
}
Float8 encoded(double value) {
  Float8 best{0};
  for (int bits = 0; bits < 256; ++bits)
    if (bits != 128 && std::fabs(decoded({uint8_t(bits)}) - value) < std::fabs(decoded(best) - value)) best = {uint8_t(bits)};
  return best;
}

void dtypes() {
  const DType dual = registry::register_dtype({.name = "dual", .components = {{"value", kFloat32}, {"tangent", kFloat32}}});
  registry::register_binary_kernel<Dual>("add", dual, [](Dual a, Dual b) { return Dual{a.value + b.value, a.tangent + b.tangent}; });
  registry::register_binary_kernel<Dual>("mul", dual, [](Dual a, Dual b) {
    return Dual{a.value * b.value, a.value * b.tangent + a.tangent * b.value};
  });
  const Tensor x = registry::from_elements<Dual>(dual, {{3, 1}, {4, 1}}), y = x * x + 2.0;
  expect(equal(registry::component(y, "tangent"), tensor({6.0f, 8.0f})), "dual numbers do not multiply");
  expect(to_string(y) == "tensor([(11, 6), (18, 8)], dtype=dual)", to_string(y).c_str());

  const DType float8 =
      registry::register_dtype({.name = "float8",
                                .components = {{"bits", kUInt8}},
                                .to_scalar = [](const void* e) { return Scalar(decoded(*static_cast<const Float8*>(e))); },
                                .from_scalar = [](void* e, const Scalar& v) { *static_cast<Float8*>(e) = encoded(v.to<double>()); }});
  registry::register_binary_kernel<Float8>("mul", float8, [](Float8 a, Float8 b) { return encoded(decoded(a) * decoded(b)); });
  const Tensor f = tensor({1.5, 2.0, -0.25}).to(float8);
  expect(equal((f * f).to(kFloat32), tensor({2.25f, 4.0f, 0.0625f})), "8-bit floats do not multiply");

  save_safetensors({{"dual", y}, {"float8", f}}, "extension.safetensors");
  const StateDict read = load_safetensors("extension.safetensors");
  expect(read.at("dual").dtype() == dual && equal(registry::component(read.at("dual"), "value"), tensor({11.0f, 18.0f})),
         "dual numbers are not read again");
  expect(equal(read.at("float8").to(kFloat32), f.to(kFloat32)), "8-bit floats are not read again");
  expect(code_of([&] { sin(x); }) == errors::kernel_not_registered_error, "an operator without a kernel was served");
  expect(registry::list_custom_dtypes().size() == 2, "dtypes are not listed");
}

void a_device() {
  int64_t bytes = 0;
  set_warning_handler([](const std::string&) {});  // of kernels that the CPU serves
  const auto npu = registry::register_device({.name = "npu", .copy_from_host = [&](void* to, const void* from, int64_t n, int) {
                                                bytes += n;
                                                std::memcpy(to, from, size_t(n));
                                              }});
  const Tensor x = tensor({1.0f, 2.0f, 3.0f}).to(npu.device());
  expect(bytes >= 12 && x.device() == npu.device(), "nothing was copied to the device");
  expect((x * x + 1.0).sum().item<float>() == 17, "the device does not compute");
  int calls = 0;
  registry::register_kernel({.op = "mul", .dtypes = {kFloat32}, .device = npu, .function = [&](KernelCall& call) {
                               ++calls;
                               call.outputs[0].copy_((call.inputs[0].cpu() * call.inputs[1].cpu()).to(call.outputs[0].device()));
                             }});
  expect((x * x).sum().item<float>() == 14 && calls == 1, "a kernel of the device was not called");
  expect(registry::has_device("npu") && registry::list_custom_devices().size() == 1, "the device is not listed");
}

}  // namespace

int main() {
  operators();
  a_kernel();
  dtypes();
  a_device();
  std::puts(mistakes ? "extension: something is wrong" : "extension: ok");
  return mistakes != 0;
}
