#pragma once
#include <span>
#include <string>

#include "lazuli/core/kernel.h"
#include "lazuli/core/slots/codes.h"

/// Fused pointwise programs: many calls of the pointwise slots, casts among them and reductions behind them, as one pass over the elements.
/// core/slots.h has the slots whose calls they stand for, and tells what holds for all slots.
namespace [[gnu::visibility("default")]] lazuli {

/// One call of a pointwise slot on values of a program. `operand`: the values, where a slot has a tensor.
struct FusedStep {
  enum class Kind : uint8_t { Number /*number[0] everywhere: fill*/, Copy /*a cast*/, Unary, Binary, BinaryNumber, Ternary, TernaryNumber, Reduce };
  static constexpr uint8_t kNone = 255;
  Kind kind = Kind::Copy;
  uint8_t code = 0;           // a UnaryOp, BinaryOp, TernaryOp or ReduceOp
  DType dtype = kFloat32;     // of the value that comes out
  bool number_first = false;  // BinaryNumber
  uint8_t operand[3] = {kNone, kNone, kNone};
  Params params;
  Scalar number[2];  // BinaryNumber: the first; TernaryNumber: those for the undefined of b and c
};

/// A program: values are numbered, the inputs first, then what each step makes, in order. Each outcome of a step that is to be kept is an output; reductions are nothing else.
/// Each function that adds something returns its value's number; it throws Error (State) where the program is full and (Argument) for what is no value.
class FusedProgram {
 public:
  static constexpr int kMaxInputs = 16, kMaxSteps = 32, kMaxOutputs = 8;

  int input(DType dtype);
  int number(const Scalar& value, DType dtype);
  int copy(int a, DType dtype);
  int unary(UnaryOp op, int a, Params p = {});
  int binary(BinaryOp op, int a, int b, Params p = {});
  int binary_number(BinaryOp op, int a, const Scalar& number, bool number_first = false);
  int ternary(TernaryOp op, int a, int b, int c, Params p = {});
  /// b or c below 0: its number.
  int ternary_number(TernaryOp op, int a, int b, int c, const Scalar& number_b, const Scalar& number_c);
  /// Over which dimensions the output's sizes tell; `dtype` is the output's.
  int reduce(ReduceOp op, int a, DType dtype);
  /// A step of another program, `values` being the numbers that its operands have here.
  int repeat(const FusedStep& step, std::span<const int> values);
  /// Makes the outcome of a step the next output; the output's number.
  int output(int value);

  int input_count() const { return int(inputs_); }
  int step_count() const { return int(steps_); }
  int output_count() const { return int(outputs_); }
  int value_count() const { return int(inputs_ + steps_); }
  /// The value that is output k.
  int output_value(int k) const { return output_[k]; }
  const FusedStep& step(int i) const { return step_[i]; }
  DType dtype_of(int value) const { return value < inputs_ ? input_[value] : step_[value - inputs_].dtype; }
  bool reduces(int value) const { return value >= inputs_ && step_[value - inputs_].kind == FusedStep::Kind::Reduce; }
  /// The same for equal programs only, from their first output on: what kernels keep of one goes by it.
  uint64_t id() const { return id_; }

  static constexpr auto members() {
    using P = FusedProgram;
    return std::tuple{Field{"program", &P::id_}, Field{"inputs", &P::inputs_}, Field{"steps", &P::steps_}, Field{"outputs", &P::outputs_}};
  }

 private:
  int add(const FusedStep& step);
  void changed();
  void check_value(int value) const;
  void check_room(bool room) const;
  uint64_t id_ = 0;
  int64_t inputs_ = 0, steps_ = 0, outputs_ = 0;
  DType input_[kMaxInputs] = {};
  uint8_t output_[kMaxOutputs] = {};
  FusedStep step_[kMaxSteps];
};
/// A step a line: "v2 = Add(v0, v1) float32", and the outputs: "out v2".
std::string to_string(const FusedProgram& program);

// The program at each element. All inputs are of one size, of any strides (0 where broadcast), and so are the outputs but for reductions, which have size 1 where they reduce and keep the rank;
// outputs are undefined from the program's last on. Dtypes are those of the program's values. Values come out bit for bit as from separate calls, each rounded to its dtype;
// sums may be added in another order, the same for any number of threads. In place means: exactly the same elements, even where other steps still read them.
inline constinit Kernel<void(Tensor& out0, Tensor& out1, Tensor& out2, Tensor& out3, Tensor& out4, Tensor& out5, Tensor& out6, Tensor& out7,
                             std::span<const Tensor> inputs, const FusedProgram& program)>
    fused_kernel{"fused"};

/// Calls the slot with these outputs.
void run_fused(Device device, std::span<Tensor> outputs, std::span<const Tensor> inputs, const FusedProgram& program);

}  // namespace lazuli
