#include "lazuli/backends/gpu/pointwise/fused_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "lazuli/backends/gpu/parameters.h"
#include "lazuli/backends/gpu/pointwise/operations.h"
#include "lazuli/core/slots/pointwise_codes.h"

namespace lazuli::gpu {
namespace {

using Kind = FusedStep::Kind;

// What every program has before it: halves as if they had been stored and read again.
constexpr const char* kBefore = R"gpu(
DEVICE float rounded_bfloat16(float v) {
  const uint32 u = FLOAT_BITS(v);
  return (u & 0x7fffffffu) > 0x7f800000u ? BITS_FLOAT(0x7fc00000u) : BITS_FLOAT((u + 0x7fffu + ((u >> 16) & 1u)) & 0xffff0000u);
}
#ifdef __OPENCL_VERSION__
DEVICE float rounded_float16(float v) { ushort h; vstore_half_rte(v, 0, (half*)&h); return vload_half(0, (half*)&h); }
#else
DEVICE float rounded_float16(float v) { ushort h; float f; asm("cvt.rn.f16.f32 %0, %1;" : "=h"(h) : "f"(v)); asm("cvt.f32.f16 %0, %1;" : "=f"(f) : "h"(h)); return f; }
#endif
)gpu";

std::string whole_literal(int64_t v) { return v == INT64_MIN ? "(-9223372036854775807L - 1)" : fmt::format("({}L)", v); }

// A number as the compute type of dtype `t` holds it.
std::string literal(const Scalar& number, DType t) {
  if (is_integral(t)) return fmt::format("(({}_COMPUTE){})", fused_type(t), whole_literal(stored(number, t).to<int64_t>()));
  double v = number.to<double>();
  if (real_dtype(t) != kFloat64) v = float(v);
  if (std::isnan(v)) return "NAN";
  if (std::isinf(v)) return v < 0 ? "(-INFINITY)" : "INFINITY";
  return fmt::format("({:a}{})", v, real_dtype(t) == kFloat64 ? "" : "f");
}

class Text {
 public:
  explicit Text(const FusedProgram& program) : program_(program) {}

  std::string whole() {
    for (int v = 0; v < program_.value_count(); ++v) {
      const DType t = program_.dtype_of(v);
      if (is_complex(t) || is_user_dtype(t)) return {};
      if (is_floating_point(t)) (t == kFloat64 ? wide_ : narrow_) = true;
    }
    if (wide_ && narrow_) return {};
    for (int i = 0; i < program_.step_count(); ++i)
      if (!add(program_.step(i), i)) return {};
    return kBefore + helpers_ + functions_ + kernel();
  }

 private:
  static std::string value(int v) { return fmt::format("v{}", v); }
  static std::string compute(DType t) { return std::string(fused_type(t)) + "_COMPUTE"; }

  // v = step(operands), as a store to memory and a load would leave it.
  void define(int v, DType t, const std::string& expression) {
    const std::string kept = t == kBool       ? fmt::format("(({}) != 0)", expression)
                             : t == kFloat16  ? fmt::format("rounded_float16({})", expression)
                             : t == kBFloat16 ? fmt::format("rounded_bfloat16({})", expression)
                                              : expression;
    body_ += fmt::format("      const {} {} = {};\n", compute(t), value(v), kept);
  }

  bool add(const FusedStep& step, int index) {
    const int made = program_.input_count() + index, first = step.operand[0];
    switch (step.kind) {
      case Kind::Number: define(made, step.dtype, literal(step.number[0], step.dtype)); return true;
      case Kind::Copy: return add_copy(made, first, step.dtype);
      case Kind::Unary: return add_call(step, made, operation(UnaryOp(step.code), program_.dtype_of(first)), program_.dtype_of(first), 1);
      case Kind::Binary:
      case Kind::BinaryNumber: return add_call(step, made, operation(BinaryOp(step.code), program_.dtype_of(first)), program_.dtype_of(first), 2);
      case Kind::Ternary:
      case Kind::TernaryNumber: return add_call(step, made, operation(TernaryOp(step.code), step.dtype), step.dtype, 3);
      case Kind::Reduce: return false;
    }
    return false;
  }

  // Floats reach small integers through int64, so that -1.0 is 255 as a uint8.
  bool add_copy(int made, int from, DType to) {
    const DType t = program_.dtype_of(from);
    const bool through = is_floating_point(t) && is_integral(to) && to != kBool;
    if (to == kBool) define(made, to, value(from));
    else define(made, to, fmt::format("({})({}{})", compute(to), through ? "(int64)" : "", value(from)));
    return true;
  }

  // `t`: what it computes in. Numbers stand for operands as they are, beside halves in float32.
  bool add_call(const FusedStep& step, int made, const Operation& operation, DType t, int operands) {
    const bool integral = is_integral(t);
    if (operation.divides || operation.in_double || (integral && (operation.functions[0] || step.params.p0 != 0 || step.params.p1 != 0)))
      return false;
    for (const char* function : operation.functions)
      if (function && std::find(known_.begin(), known_.end(), function) == known_.end()) {
        known_.push_back(function);
        helpers_ += function;
      }
    std::string parameters, arguments;
    constexpr const char* kNames[] = {"a", "b", "c"};
    int taken = 0;
    for (int k = 0; k < operands; ++k) {
      const bool number =
          step.kind == Kind::BinaryNumber ? (k == 0) == step.number_first : step.kind == Kind::TernaryNumber && step.operand[k] == FusedStep::kNone;
      const int from = step.kind == Kind::BinaryNumber ? step.operand[0] : step.operand[k];
      const DType own = number ? t : program_.dtype_of(from);
      parameters += fmt::format("{}{} {}", taken ? ", " : "", compute(own), kNames[k]);
      arguments += (taken++ ? ", " : "") + (number ? literal(step.number[step.kind == Kind::BinaryNumber ? 0 : k - 1], t) : value(from));
    }
    // The expression's own words for its types, for as long as it is compiled.
    functions_ += fmt::format("#define O_COMPUTE {}\n#define A_COMPUTE {}\n", compute(step.dtype), compute(t));
    functions_ +=
        fmt::format("DEVICE {} step{}({}) {{\n  const REAL p0 = {}, p1 = {};\n  (void)p0; (void)p1;\n  return {};\n}}\n",
                    step.dtype == kBool ? "int" : compute(step.dtype), made, parameters, literal(step.params.p0, wide_ ? kFloat64 : kFloat32),
                    literal(step.params.p1, wide_ ? kFloat64 : kFloat32), operation.expression);
    functions_ += "#undef O_COMPUTE\n#undef A_COMPUTE\n";
    define(made, step.dtype, fmt::format("step{}({})", made, arguments));
    return true;
  }

  std::string kernel() const {
    std::string parameters, open, load, store;
    int operand = 0;
    const auto place = [&] { return fmt::format("AT({})", operand++); };
    for (int k = 0; k < program_.output_count(); ++k) {
      const int v = program_.output_value(k);
      const char* t = fused_type(program_.dtype_of(v));
      parameters += fmt::format("BUFFER({}, out{}), ", t, k);
      open += fmt::format("  OPEN({}, out{});\n", t, k);
      store += fmt::format("      {}_STORE(out{}, {}, {});\n", t, k, place(), value(v));
    }
    for (int i = 0; i < program_.input_count(); ++i) {
      const char* t = fused_type(program_.dtype_of(i));
      parameters += fmt::format("INPUT({}, in{}), ", t, i);
      open += fmt::format("  OPEN_INPUT({}, in{});\n", t, i);
      load += fmt::format("      const {}_COMPUTE v{} = {}_LOAD(in{}, {});\n", t, i, t, i, place());
    }
    return fmt::format(R"gpu(
KERNEL(fused)({}Index n GEOMETRY) {{
{}  Index i = (Index)(GROUP_ID * GROUP_SIZE * ITEMS + LOCAL_ID);
  for (int turn = 0; turn < ITEMS; ++turn, i += GROUP_SIZE) {{
    if (i < n) {{
      PLACES(i);
{}{}{}    }}
  }}
}}
)gpu",
                       parameters, open, load, body_, store);
  }

  const FusedProgram& program_;
  bool wide_ = false, narrow_ = false;
  std::vector<const char*> known_;
  std::string helpers_ = "#define A_COMPUTE REAL\n", functions_ = "#undef A_COMPUTE\n", body_;
};

}  // namespace

const char* fused_type(DType t) {
  static constexpr const char* kNames[kDTypeCount] = {"BOOL_T",    "UINT8_T",    "INT8_T",    "INT16_T",   "INT32_T",     "INT64_T",
                                                      "FLOAT16_T", "BFLOAT16_T", "FLOAT32_T", "FLOAT64_T", "COMPLEX64_T", "COMPLEX128_T"};
  return kNames[int(t)];
}

std::string fused_text(const FusedProgram& program) { return Text(program).whole(); }

}  // namespace lazuli::gpu
