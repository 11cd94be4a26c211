#include "lazuli/core/slots/fused_slots.h"

#include <fmt/format.h>

#include <mutex>
#include <string>
#include <unordered_map>

#include "lazuli/core/error.h"
#include "lazuli/core/slots/pointwise_codes.h"

namespace lazuli {
namespace {

// Programs of the same text have one id, by which kernels and recorded steps know them.
uint64_t id_of(const std::string& text) {
  constexpr size_t kMost = 4096;  // numbers that change from call to call make programs without end
  static std::mutex mutex;
  static auto& known = *new std::unordered_map<std::string, uint64_t>;
  static uint64_t last = 0;
  std::lock_guard lock(mutex);
  if (known.size() >= kMost) known.clear();
  uint64_t& id = known[text];
  if (id == 0) id = ++last;
  return id;
}

template <class T>
void append(std::string& text, const T& value) {
  text.append(reinterpret_cast<const char*>(&value), sizeof(value));
}
void append(std::string& text, const FusedStep& step) {
  append(text, step.kind), append(text, step.code), append(text, step.dtype), append(text, step.number_first), append(text, step.operand);
  append(text, step.params.p0), append(text, step.params.p1);
  for (const Scalar& number : step.number) {
    append(text, number.kind());
    if (number.is_integral()) append(text, number.to<int64_t>());
    else append(text, number.to<complex128>());
  }
}

using Kind = FusedStep::Kind;

// Operands below 0 are numbers.
FusedStep made(Kind kind, int code, DType dtype, std::initializer_list<int> operands) {
  FusedStep step;
  step.kind = kind;
  step.code = uint8_t(code);
  step.dtype = dtype;
  int k = 0;
  for (const int value : operands) step.operand[k++] = value < 0 ? FusedStep::kNone : uint8_t(value);
  return step;
}

std::string_view code_name(const FusedStep& step) {
  switch (step.kind) {
    case Kind::Number: return "Number";
    case Kind::Copy: return "Copy";
    case Kind::Unary: return name(UnaryOp(step.code));
    case Kind::Binary:
    case Kind::BinaryNumber: return name(BinaryOp(step.code));
    case Kind::Ternary:
    case Kind::TernaryNumber: return name(TernaryOp(step.code));
    case Kind::Reduce: break;
  }
  return name(ReduceOp(step.code));
}

}  // namespace

void FusedProgram::check_room(bool room) const {
  if (!room)
    fail(ErrorKind::State, "fused", "program", fmt::format("at most {} inputs, {} steps and {} outputs", kMaxInputs, kMaxSteps, kMaxOutputs),
         fmt::format("one more than {} inputs, {} steps, {} outputs", inputs_, steps_, outputs_));
}
void FusedProgram::check_value(int value) const {
  if (value < 0 || value >= value_count() || reduces(value))
    fail("fused", "value", fmt::format("one of {} values that is not reduced", value_count()), std::to_string(value));
}

// Once there is an output: until then it is no program, and asking for an id costs a lock.
void FusedProgram::changed() {
  if (!outputs_) return;
  std::string text;
  text.reserve(1024);
  append(text, inputs_), append(text, steps_);
  for (int64_t i = 0; i < inputs_; ++i) append(text, input_[i]);
  for (int64_t i = 0; i < steps_; ++i) append(text, step_[i]);
  for (int64_t k = 0; k < outputs_; ++k) append(text, output_[k]);
  id_ = id_of(text);
}

int FusedProgram::input(DType dtype) {
  check_room(inputs_ < kMaxInputs);
  if (steps_) fail(ErrorKind::State, "fused", "input", "the inputs before the steps", "an input after " + std::to_string(steps_) + " steps");
  input_[inputs_++] = dtype;
  changed();
  return int(inputs_) - 1;
}
int FusedProgram::add(const FusedStep& step) {
  check_room(steps_ < kMaxSteps);
  for (const uint8_t value : step.operand)
    if (value != FusedStep::kNone) check_value(value);
  step_[steps_++] = step;
  changed();
  return value_count() - 1;
}
int FusedProgram::output(int value) {
  check_room(outputs_ < kMaxOutputs);
  if (value < inputs_ || value >= value_count()) fail("fused", "output", "what a step makes", "value " + std::to_string(value));
  for (int64_t k = 0; k < outputs_; ++k)
    if (output_[k] == value) fail("fused", "output", "each value once", "value " + std::to_string(value) + " twice");
  output_[outputs_++] = uint8_t(value);
  changed();
  return int(outputs_) - 1;
}

int FusedProgram::repeat(const FusedStep& step, std::span<const int> values) {
  FusedStep own = step;
  for (uint8_t& value : own.operand)
    if (value != FusedStep::kNone) value = uint8_t(values[value]);
  return add(own);
}

int FusedProgram::number(const Scalar& value, DType dtype) {
  FusedStep step = made(Kind::Number, 0, dtype, {});
  step.number[0] = value;
  return add(step);
}
int FusedProgram::copy(int a, DType dtype) {
  check_value(a);
  return add(made(Kind::Copy, 0, dtype, {a}));
}
int FusedProgram::unary(UnaryOp op, int a, Params p) {
  check_value(a);
  FusedStep step = made(Kind::Unary, int(op), about(op).result_dtype(dtype_of(a)), {a});
  step.params = p;
  return add(step);
}
int FusedProgram::binary(BinaryOp op, int a, int b, Params p) {
  check_value(a);
  check_value(b);
  FusedStep step = made(Kind::Binary, int(op), about(op).result_dtype(dtype_of(a)), {a, b});
  step.params = p;
  return add(step);
}
int FusedProgram::binary_number(BinaryOp op, int a, const Scalar& number, bool number_first) {
  check_value(a);
  FusedStep step = made(Kind::BinaryNumber, int(op), about(op).result_dtype(dtype_of(a)), {a});
  step.number[0] = number;
  step.number_first = number_first;
  return add(step);
}
int FusedProgram::ternary(TernaryOp op, int a, int b, int c, Params p) {
  for (const int value : {a, b, c}) check_value(value);
  FusedStep step = made(Kind::Ternary, int(op), dtype_of(op == TernaryOp::Where ? b : a), {a, b, c});
  step.params = p;
  return add(step);
}
int FusedProgram::ternary_number(TernaryOp op, int a, int b, int c, const Scalar& number_b, const Scalar& number_c) {
  check_value(a);
  if (op == TernaryOp::Where && b < 0 && c < 0) fail("fused", "b", "a value, for Where of two numbers has no dtype", "none");
  FusedStep step = made(Kind::TernaryNumber, int(op), dtype_of(op != TernaryOp::Where ? a : b >= 0 ? b : c), {a, b, c});
  step.number[0] = number_b;
  step.number[1] = number_c;
  return add(step);
}
int FusedProgram::reduce(ReduceOp op, int a, DType dtype) {
  check_value(a);
  return add(made(Kind::Reduce, int(op), dtype, {a}));
}

std::string to_string(const FusedProgram& program) {
  std::string text;
  for (int i = 0; i < program.step_count(); ++i) {
    const FusedStep& s = program.step(i);
    std::string operands;
    const auto add = [&](const std::string& operand) { operands += (operands.empty() ? "" : ", ") + operand; };
    if (s.kind == Kind::Number || (s.kind == Kind::BinaryNumber && s.number_first)) add(to_string(s.number[0]));
    for (int k = 0; k < 3; ++k)
      if (s.operand[k] != FusedStep::kNone) add("v" + std::to_string(s.operand[k]));
      else if (s.kind == Kind::TernaryNumber) add(to_string(s.number[k - 1]));
    if (s.kind == Kind::BinaryNumber && !s.number_first) add(to_string(s.number[0]));
    text += fmt::format("v{} = {}({}) {}\n", program.input_count() + i, code_name(s), operands, name(s.dtype));
  }
  for (int k = 0; k < program.output_count(); ++k) text += (k ? ", v" : "out v") + std::to_string(program.output_value(k));
  return text;
}

void run_fused(Device device, std::span<Tensor> outputs, std::span<const Tensor> inputs, const FusedProgram& program) {
  Tensor none[FusedProgram::kMaxOutputs];
  const auto out = [&](size_t k) -> Tensor& { return k < outputs.size() ? outputs[k] : none[k]; };
  fused_kernel(device, out(0), out(1), out(2), out(3), out(4), out(5), out(6), out(7), inputs, program);
}

}  // namespace lazuli
