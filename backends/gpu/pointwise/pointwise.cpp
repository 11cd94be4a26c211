#include "lazuli/backends/gpu/pointwise/pointwise.h"

#include <algorithm>
#include <span>

#include "lazuli/backends/gpu/pointwise/layout.h"
#include "lazuli/core/error.h"

namespace lazuli::gpu {
namespace {

// FOR_EACH walks ITEMS elements per work item: on a processor one, on a GPU several, a group's width apart.
const Source kSource{"pointwise", R"gpu(
KERNEL(pointwise)(BUFFER(O, out)
#if COUNT > 1
    , INPUT(A, in0)
#endif
#if COUNT > 2
    , INPUT(B, in1)
#endif
#if COUNT > 3
    , INPUT(C, in2)
#endif
    , Index n, P_ACCUMULATE p0, P_ACCUMULATE p1 GEOMETRY
#if DIVIDES
    , ERRORS(errors)
#endif
) {
  OPEN(O, out);
#if COUNT > 1
  OPEN_INPUT(A, in0);
#endif
#if COUNT > 2
  OPEN_INPUT(B, in1);
#endif
#if COUNT > 3
  OPEN_INPUT(C, in2);
#endif
  Index i = (Index)(GROUP_ID * GROUP_SIZE * ITEMS + LOCAL_ID);
  for (int turn = 0; turn < ITEMS; ++turn, i += GROUP_SIZE) {
    if (i < n) {
      PLACES(i);
#ifdef NUMBER_IS_A
      const A_COMPUTE a = NUMBER, b = A_LOAD(in0, AT(1));
#elif defined(NUMBER_IS_B)
      const A_COMPUTE a = A_LOAD(in0, AT(1)), b = NUMBER;
#elif defined(NUMBER_BESIDE_C)
      const A_COMPUTE a = A_LOAD(in0, AT(1));
      const O_COMPUTE b = NUMBER;
      const B_COMPUTE c = B_LOAD(in1, AT(2));
#elif defined(NUMBER_IS_C)
      const A_COMPUTE a = A_LOAD(in0, AT(1));
      const B_COMPUTE b = B_LOAD(in1, AT(2));
      const O_COMPUTE c = NUMBER;
#elif defined(NUMBERS_ARE_B_AND_C)
      const A_COMPUTE a = A_LOAD(in0, AT(1));
      const O_COMPUTE b = (O_COMPUTE)p0, c = (O_COMPUTE)p1;
#elif COUNT > 1
      const A_COMPUTE a = A_LOAD(in0, AT(1));
#endif
#if COUNT > 2 && !defined(NUMBER)
      const B_COMPUTE b = B_LOAD(in1, AT(2));
#endif
#if COUNT > 3
      const C_COMPUTE c = C_LOAD(in2, AT(3));
#endif
#if DIVIDES
      if (b == 0) {
        REPORT_ZERO_DIVISOR(errors);
        continue;
      }
#endif
      O_STORE(out, AT(0), EXPRESSION);
    }
  }
}
)gpu"};

constexpr int kMaxOperands = 4;  // the output is operand 0
constexpr const char* kTypeNames[kMaxOperands] = {"O", "A", "B", "C"};

}  // namespace

void pointwise(const Operation& operation, Tensor& out, std::initializer_list<const Tensor*> inputs, const Scalar& p0, const Scalar& p1,
               DType parameters, NumberOperand number) {
  if (out.numel() == 0) return;
  const Tensor* all[kMaxOperands] = {&out};
  std::copy(inputs.begin(), inputs.end(), all + 1);
  const std::span operands(all, inputs.size() + 1);
  const Layout layout(operands);
  const Device device = out.device();
  if (!layout.fits())
    fail(ErrorKind::NotSupported, "pointwise", "self", "at most 16 dimensions that do not merge on " + to_string(device), to_string(out.sizes()));
  Driver& driver = driver_of(device);
  const int items = driver.is_cpu(device.index) ? 1 : 4;
  if (operation.in_double && driver.has_float64(device.index)) parameters = kFloat64;  // a program with a float64 type has REAL as double
  Variant v(kSource, "pointwise", device);
  layout.describe(v);
  v.define("EXPRESSION", operation.expression).define("ITEMS", items).define("DIVIDES", operation.divides).type("P", parameters);
  if (number != NumberOperand::None) {
    const bool of_two = number == NumberOperand::A || (number == NumberOperand::B && inputs.size() == 1);
    static constexpr const char* names[] = {"", "NUMBER_IS_A", "NUMBER_BESIDE_C", "NUMBER_IS_C", "NUMBERS_ARE_B_AND_C"};
    v.define(of_two && number == NumberOperand::B ? "NUMBER_IS_B" : names[int(number)], 1);
    const bool complex = is_complex(of_two ? inputs.begin()[0]->dtype() : out.dtype());
    v.define("NUMBER", complex ? "complex_of(p0, p1)" : of_two ? "(A_COMPUTE)p0" : "(O_COMPUTE)p0");
  }
  for (const char* function : operation.functions)
    if (function) v.code(function);
  Arguments args;
  for (size_t k = 0; k < operands.size(); ++k) {
    v.type(kTypeNames[k], all[k]->dtype());
    args.buffer(*all[k]);
  }
  layout.pass_count(args);
  args.number(parameters, p0).number(parameters, p1);
  layout.pass_geometry(args);
  if (operation.divides) driver.add_error_buffer(args, "div", device.index);
  v.run({(layout.numel() + 128 * items - 1) / (128 * items), 128}, args);
}

}  // namespace lazuli::gpu
