#include "lazuli/core/slots/fused_slots.h"

#include "lazuli/core/error.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/tests/backends/fused_program.h"
#include "lazuli/tests/backends/kernel_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

// Runs it fused and as separate calls.
void expect_separate(const FusedProgram& program, const std::vector<Tensor>& inputs, const Shape& sizes, Spacing layout, const Shape& reduced = {}) {
  std::vector<Tensor> fused = outputs_of(program, sizes, layout, reduced), separate = outputs_of(program, sizes, Spacing::Contiguous, reduced);
  run_fused(kCPU, fused, inputs, program);
  run_separately(separate, inputs, program);
  for (size_t k = 0; k < fused.size(); ++k) {
    INFO("output " << k << " of sizes " << to_string(sizes) << "\n" << to_string(program));
    if (program.reduces(program.output_value(int(k)))) CHECK(all_close(fused[k], separate[k], 1e-5));
    else CHECK(same_bits(fused[k], separate[k]));
  }
}

}  // namespace

TEST_CASE("fused programs give the bits of separate calls", "[backends]") {
  make({1}, kFloat32);
  const std::vector<Shape> sizes{{}, {1}, {0, 3}, {7}, {3, 5}, {33, 130}, {2, 70, 3}, {4, 1, 9}, {3000}, {2, 2049}};
  std::mt19937 bits(5);
  for (int round = 0; round < 150; ++round) {
    const Shape& s = sizes[size_t(round) % sizes.size()];
    RandomProgram made(bits, s, round % 3 == 0 ? std::vector<DType>{kFloat32} : kAllDTypes);
    expect_separate(made.program, made.inputs, s, kSpacings[bits() % 3]);
  }
}

TEST_CASE("fused programs of many elements, on any number of threads", "[backends]") {
  std::mt19937 bits(9);
  for (const Shape& s : std::vector<Shape>{{150000}, {300, 500}, {500, 3, 100}})
    for (int round = 0; round < 2; ++round) {
      RandomProgram made(bits, s, {round ? kBFloat16 : kFloat32});
      std::vector<Tensor> one = outputs_of(made.program, s, Spacing::Contiguous), three = outputs_of(made.program, s, Spacing::Contiguous);
      {
        Threads guard(1);
        run_fused(kCPU, one, made.inputs, made.program);
      }
      Threads guard(3);
      run_fused(kCPU, three, made.inputs, made.program);
      for (size_t k = 0; k < one.size(); ++k) CHECK(same_bits(one[k], three[k]));
    }
}

TEST_CASE("a fused program may write over its inputs", "[backends]") {
  // y = x + 1 over x, which z = x * y + b reads afterwards
  for (const DType t : {kFloat32, kBFloat16})
    for (const Spacing layout : kSpacings)
      for (const Shape& s : std::vector<Shape>{{5, 7}, {100, 90}}) {
        FusedProgram program;
        const int x = program.input(t), b = program.input(t), y = program.binary_number(BinaryOp::Add, x, 1.0);
        const int product = program.binary(BinaryOp::Mul, x, y), z = program.binary(BinaryOp::Add, product, b);
        program.output(y);
        program.output(z);
        const Tensor in = random(s, t, layout), row = random({s[1]}, t, Spacing::Contiguous, 1, 3);
        const Tensor wide = alias(row, s, {0, 1}, 0);
        std::vector<Tensor> inputs{in, wide}, expected = outputs_of(program, s, Spacing::Contiguous), got{in, random(s, t, layout)};
        run_fused(kCPU, expected, inputs, program);
        run_fused(kCPU, got, inputs, program);
        CHECK(same_bits(got[0], expected[0]));
        CHECK(same_bits(got[1], expected[1]));
      }
}

TEST_CASE("fused programs end in reductions", "[backends]") {
  std::mt19937 bits(3);
  const std::vector<std::pair<Shape, std::vector<Shape>>> cases{
      {{6, 7}, {{6, 1}, {1, 7}, {1, 1}}},
      {{40, 3, 50}, {{40, 1, 1}, {1, 3, 50}, {40, 3, 1}, {1, 1, 1}, {40, 1, 50}}},
      {{3, 90000}, {{3, 1}, {1, 90000}, {1, 1}}},
      {{9000, 5}, {{1, 5}, {9000, 1}}},
      {{3000, 30}, {{1, 30}}},
      {{2, 2500, 8}, {{1, 1, 8}, {2, 1, 1}}},
      {{0, 4}, {{1, 4}, {0, 1}}},
  };
  for (const auto& [sizes, reductions] : cases)
    for (const Shape& reduced : reductions)
      for (const DType t : {kFloat32, kBFloat16, kFloat64})
        for (const ReduceOp op : {ReduceOp::Sum, ReduceOp::Mean, ReduceOp::Amax}) {
          const bool empty = sizes.numel() == 0;
          if (empty && op == ReduceOp::Amax) continue;
          FusedProgram program;
          const int a = program.input(t), b = program.input(t), product = program.binary(BinaryOp::Mul, a, b);
          const int kept = program.unary(UnaryOp::Relu, product);
          program.output(program.reduce(op, kept, t));
          program.output(kept);
          program.output(program.reduce(ReduceOp::Sum, product, t == kFloat64 ? kFloat64 : kFloat32));
          const Tensor x = random(sizes, t, kSpacings[bits() % 3]), y = random(sizes, t, Spacing::Contiguous, 1, 4);
          expect_separate(program, {x, y}, sizes, Spacing::Contiguous, reduced);
          std::vector<Tensor> one = outputs_of(program, sizes, Spacing::Contiguous, reduced),
                              two = outputs_of(program, sizes, Spacing::Contiguous, reduced);
          {
            Threads guard(1);
            run_fused(kCPU, one, std::vector<Tensor>{x, y}, program);
          }
          Threads guard(2);
          run_fused(kCPU, two, std::vector<Tensor>{x, y}, program);
          for (size_t k = 0; k < 3; ++k) CHECK(same_bits(one[k], two[k]));
        }
}

TEST_CASE("fused programs refuse what is none", "[backends]") {
  FusedProgram program;
  CHECK_THROWS_AS(program.unary(UnaryOp::Exp, 0), Error);
  const int a = program.input(kFloat32), sum = program.reduce(ReduceOp::Sum, a, kFloat32);
  CHECK_THROWS_AS(program.unary(UnaryOp::Exp, sum), Error);
  CHECK_THROWS_AS(program.input(kFloat32), Error);
  CHECK_THROWS_AS(program.output(a), Error);
  program.output(sum);
  CHECK_THROWS_AS(program.output(sum), Error);
  int last = a;
  for (int i = program.step_count(); i < FusedProgram::kMaxSteps; ++i) last = program.unary(UnaryOp::Neg, last);
  CHECK_THROWS_AS(program.unary(UnaryOp::Neg, last), Error);
  const uint64_t before = program.id();
  program.output(last);
  CHECK(program.id() != before);

  FusedProgram refused;
  const int whole = refused.input(kInt32), root = refused.unary(UnaryOp::Sqrt, whole);
  refused.output(root);
  const Tensor x = random({3}, kInt32);
  std::vector<Tensor> out{make({3}, kInt32)};
  CHECK_THROWS_AS(run_fused(kCPU, out, std::vector<Tensor>{x}, refused), Error);
}

TEST_CASE("fused programs that are made alike have one id, others have others", "[backends]") {
  const auto id_of = [](double number, bool second = false, UnaryOp op = UnaryOp::Exp) {
    FusedProgram program;
    const int a = program.input(kFloat32), b = program.unary(op, program.binary_number(BinaryOp::Mul, a, number));
    program.output(b);
    if (second) program.output(program.unary(UnaryOp::Neg, b));
    return program.id();
  };
  CHECK(id_of(2) == id_of(2));
  CHECK(id_of(2) != id_of(3));
  CHECK(id_of(2) != id_of(2, false, UnaryOp::Tanh));
  CHECK(id_of(2, true) == id_of(2, true));
  CHECK(id_of(2, true) != id_of(2));
}

TEST_CASE("a fused program's text", "[backends]") {
  FusedProgram program;
  const int a = program.input(kFloat32), b = program.input(kFloat32), c = program.binary(BinaryOp::Mul, a, b);
  const int d = program.binary_number(BinaryOp::Sub, c, 1.5, true), e = program.ternary_number(TernaryOp::Clamp, d, b, -1, 0, 2);
  program.output(e);
  program.output(program.reduce(ReduceOp::Mean, e, kFloat32));
  CHECK(to_string(program) ==
        "v2 = Mul(v0, v1) float32\nv3 = Sub(1.5, v2) float32\nv4 = Clamp(v3, v1, 2) float32\nv5 = Mean(v4) float32\nout v4, v5");
}
