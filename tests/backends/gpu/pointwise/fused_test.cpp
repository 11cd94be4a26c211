#include "lazuli/core/slots/fused_slots.h"

#include "lazuli/core/factory.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

// On the device and on the CPU.
void compare(Device device, const FusedProgram& program, const std::vector<Tensor>& inputs, const Shape& reduced, double tolerance) {
  std::vector<Tensor> there, here, moved;
  for (const Tensor& t : inputs) {
    const Tensor whole = t.to(device);
    moved.push_back(whole);
  }
  for (int k = 0; k < program.output_count(); ++k) {
    const int value = program.output_value(k);
    const Shape& sizes = program.reduces(value) ? reduced : inputs[0].sizes();
    here.push_back(new_tensor(sizes, program.dtype_of(value)));
    there.push_back(new_tensor(sizes, program.dtype_of(value), device));
  }
  run_fused(kCPU, here, inputs, program);
  require_on_device([&] { run_fused(device, there, moved, program); });
  for (size_t k = 0; k < here.size(); ++k) require_same(there[k], here[k], tolerance, tolerance);
}

// gelu(a b + c) and its sum over the rows
FusedProgram with_gelu(DType t) {
  FusedProgram program;
  const int a = program.input(t), b = program.input(t), c = program.input(t);
  const int y = program.unary(UnaryOp::Gelu, program.binary(BinaryOp::Add, program.binary(BinaryOp::Mul, a, b), c));
  program.output(program.reduce(ReduceOp::Sum, y, t));
  program.output(y);
  return program;
}

}  // namespace

TEST_CASE("gpu: fused programs", "[backends][gpu]") {
  for (Device device : gpu_devices()) {
    for (const DType t : {kFloat32, kBFloat16, kFloat16}) {
      const double tolerance = t == kFloat32 ? 1e-5 : 2e-2;
      const Tensor a = linspace(-2, 2, 60).to(t).reshape({5, 12}), b = cos(arange(60).to(kFloat32)).to(t).reshape({5, 12});
      const Tensor c = linspace(-1, 1, 12).to(t);
      compare(device, with_gelu(t), {a, b, c.expand({5, 12})}, {1, 12}, tolerance);
      compare(device, with_gelu(t), {a, b, b}, {1, 1}, 5 * tolerance);
      compare(device, with_gelu(t), {a.t(), b.t(), a.t()}, {1, 5}, tolerance);
    }
    // numbers, conditions, casts, integers
    FusedProgram program;
    const int a = program.input(kFloat32), i = program.input(kInt64);
    const int over = program.binary_number(BinaryOp::Gt, a, 0.25), kept = program.ternary_number(TernaryOp::Where, over, a, -1, 0, -3.5);
    const int wide = program.copy(i, kFloat32), sum = program.binary(BinaryOp::Add, kept, wide), half = program.copy(sum, kBFloat16);
    const int square = program.binary(BinaryOp::Mul, i, i), shifted = program.binary_number(BinaryOp::Sub, square, int64_t(3), true);
    const int one = program.number(1.5, kFloat32), scaled = program.binary(BinaryOp::Mul, one, sum);
    const int clamped = program.ternary_number(TernaryOp::Clamp, scaled, -1, -1, -2, 2), leaky = program.unary(UnaryOp::LeakyRelu, clamped, {0.2, 0});
    for (const int v : {over, half, shifted, leaky}) program.output(v);
    compare(device, program, {linspace(-1, 1, 33), arange(33) - 16}, {}, 1e-6);
    // in place
    FusedProgram over_input;
    const int x = over_input.input(kFloat32), y = over_input.binary_number(BinaryOp::Add, x, 1.0);
    over_input.output(y);
    over_input.output(over_input.binary(BinaryOp::Mul, x, y));
    const Tensor given = linspace(0, 1, 10), there = given.to(device);
    std::vector<Tensor> outputs{there.clone(), empty({10}).to(device)};
    run_fused(device, outputs, std::vector<Tensor>{outputs[0]}, over_input);
    require_same(outputs[0], given + 1.0);
    require_same(outputs[1], given * (given + 1.0));
    // what no kernel is made for runs as separate calls
    FusedProgram complex_product;
    const int z = complex_product.input(kComplex64);
    complex_product.output(complex_product.binary(BinaryOp::Mul, z, z));
    const Tensor numbers = complex(linspace(0, 1, 4), linspace(1, 2, 4));
    std::vector<Tensor> product{empty_like(numbers).to(device)};
    run_fused(device, product, std::vector<Tensor>{numbers.to(device)}, complex_product);
    require_same(product[0], numbers * numbers, 1e-6, 1e-6);
  }
}
