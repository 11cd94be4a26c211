#pragma once
#include <vector>

#include "lazuli/backends/cpu/pointwise/loops.h"
#include "lazuli/core/slots/fused_slots.h"

/// A fused program as the loops of the separate calls, over pieces that stay in the cache.
namespace lazuli::cpu {

/// Loops run one after the other over a piece of all elements. Their operands are places: first the inputs as they are in memory, then what loops and numbers make. A place that is neither
/// input nor output has a register, memory for one piece, which it shares with places whose use does not overlap.
struct FusedCode {
  struct Call {
    Loop run;
    uint8_t out, in[3];
    Params params;
  };
  struct Place {
    DType dtype;
    int8_t reg = -1, output = -1;
    int first = -1, last = -1;  // the calls that write it and read it last
  };
  struct Number {
    uint8_t place;
    Scalar value;
  };
  struct Reduction {
    ReduceOp op;
    uint8_t place;  // what it reduces
    uint8_t output;
  };
  std::vector<Call> calls;
  std::vector<Place> places;
  std::vector<Number> numbers;
  std::vector<Reduction> reductions;
  int registers = 0;
  int64_t grain = 1;                                     // the least number of elements worth a thread of their own
  int64_t max_item = 1;                                  // bytes
  uint8_t output_place[FusedProgram::kMaxOutputs] = {};  // of those that are not reduced

  /// Throws Error for dtypes that an operator refuses.
  explicit FusedCode(const FusedProgram& program);
  /// That of a program, which this thread may have kept.
  static const FusedCode& of(const FusedProgram& program);

 private:
  int place(DType dtype);
  int in_dtype(int value, DType wanted);
  void call(Loop run, int out, std::initializer_list<int> in, Cost cost, const Params& params);
  void number_place(int& place, const Scalar& value, DType dtype);
  void add(const FusedProgram& program, int step);
  void share_registers();
  std::vector<int> place_of_;  // by value
  std::vector<int> wide_;      // by value: the place of its float32 form, or -1
  double cost_ = 0;            // in threads' worth for an element
};

}  // namespace lazuli::cpu
