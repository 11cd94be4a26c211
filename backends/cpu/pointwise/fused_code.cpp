#include "lazuli/backends/cpu/pointwise/fused_code.h"

#include <algorithm>
#include <cstdint>
#include <memory>

#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/pointwise/tables.h"
#include "lazuli/core/error.h"

namespace lazuli::cpu {
namespace {
using Kind = FusedStep::Kind;
constexpr int kNoPlace = 255;
}  // namespace

int FusedCode::place(DType dtype) {
  places.push_back({dtype});
  max_item = std::max(max_item, item_size(dtype));
  return int(places.size()) - 1;
}

void FusedCode::call(Loop run, int out, std::initializer_list<int> in, Cost cost, const Params& params) {
  Call c{run, uint8_t(out), {0, 0, 0}, params};
  const int at = int(calls.size());
  std::copy(in.begin(), in.end(), c.in);
  for (const int place : in) places[size_t(place)].last = at;
  if (places[size_t(out)].first < 0) places[size_t(out)].first = at;
  places[size_t(out)].last = std::max(places[size_t(out)].last, at);
  calls.push_back(c);
  cost_ += 1.0 / double(cost);
}

// The value as elements of that dtype; a half's float32 form is made once.
int FusedCode::in_dtype(int value, DType wanted) {
  const int own = place_of_[size_t(value)];
  const DType dtype = places[size_t(own)].dtype;
  if (dtype == wanted) return own;
  if (wanted != kFloat32 || (dtype != kFloat16 && dtype != kBFloat16))
    fail(ErrorKind::Type, "fused", "input", name(wanted), name(dtype));  // a mistake in who made the program
  int& wide = wide_[size_t(value)];
  if (wide < 0) {
    wide = place(kFloat32);
    call(conversion(dtype, kFloat32), wide, {own}, Cost::Cheap, {});
  }
  return wide;
}

void FusedCode::number_place(int& at, const Scalar& value, DType dtype) {
  at = place(dtype);
  places[size_t(at)].first = 0;
  numbers.push_back({uint8_t(at), value});
}

void FusedCode::add(const FusedProgram& program, int index) {
  const FusedStep& step = program.step(index);
  const int a = step.operand[0];
  if (step.kind == Kind::Reduce) {
    place_of_.push_back(kNoPlace);
    return;
  }
  int at;
  if (step.kind == Kind::Number) {
    number_place(at, step.number[0], step.dtype);
  } else if (step.kind == Kind::Copy) {
    const int from = place_of_[size_t(a)];
    at = place(step.dtype);
    call(conversion(places[size_t(from)].dtype, step.dtype), at, {from}, Cost::Cheap, {});
  } else {
    const PointwiseLoop& loop = step.kind == Kind::Unary                                       ? loop_of(UnaryOp(step.code), program.dtype_of(a))
                                : step.kind == Kind::Binary || step.kind == Kind::BinaryNumber ? loop_of(BinaryOp(step.code), program.dtype_of(a))
                                                                                               : loop_of(TernaryOp(step.code), step.dtype);
    const bool unary = step.kind == Kind::Unary, ternary = step.kind == Kind::Ternary || step.kind == Kind::TernaryNumber;
    const int operands = unary ? 1 : ternary ? 3 : 2;
    int in[3] = {0, 0, 0};
    for (int k = 0; k < operands; ++k) {
      const int from = step.kind == Kind::BinaryNumber ? (k == int(!step.number_first) ? FusedStep::kNone : a) : step.operand[k];
      if (from != FusedStep::kNone) in[k] = in_dtype(from, loop.in[k]);
      else number_place(in[k], step.number[step.kind == Kind::BinaryNumber ? 0 : k - 1], loop.in[k]);
    }
    const int made = place(loop.out);
    const std::initializer_list<int> one{in[0]}, two{in[0], in[1]}, three{in[0], in[1], in[2]};
    call(loop.run, made, unary ? one : ternary ? three : two, loop.cost, step.params);
    at = made;
    if (loop.out != step.dtype) {  // a half, rounded as a separate call would
      at = place(step.dtype);
      call(conversion(loop.out, step.dtype), at, {made}, Cost::Cheap, {});
    }
  }
  place_of_.push_back(at);
}

// Calls in order; a place gets a register that no place has whose use is not over. What a call reads for the last time may be what it writes over, element by element.
void FusedCode::share_registers() {
  struct Register {
    int busy_until;
    DType dtype;
  };
  std::vector<Register> all;
  for (const Number& n : numbers) {  // they keep theirs: they are written once for all pieces
    places[n.place].reg = int8_t(all.size());
    all.push_back({INT32_MAX, places[n.place].dtype});
  }
  for (const Call& c : calls) {
    Place& p = places[c.out];
    if (p.reg >= 0 || p.output >= 0) continue;
    const auto free = std::find_if(all.begin(), all.end(),
                                   [&](const Register& r) { return r.busy_until < p.first || (r.busy_until == p.first && r.dtype == p.dtype); });
    p.reg = int8_t(free - all.begin());
    if (free == all.end()) all.push_back({p.last, p.dtype});
    else *free = {p.last, p.dtype};
  }
  registers = int(all.size());
}

FusedCode::FusedCode(const FusedProgram& program) {
  for (int i = 0; i < program.input_count(); ++i) place_of_.push_back(place(program.dtype_of(i)));
  wide_.assign(size_t(program.value_count()), -1);
  for (int i = 0; i < program.step_count(); ++i) add(program, i);
  for (int k = 0; k < program.output_count(); ++k) {
    const int value = program.output_value(k);
    if (program.reduces(value)) {
      const FusedStep& step = program.step(value - program.input_count());
      const int from = place_of_[step.operand[0]];
      places[size_t(from)].last = INT32_MAX;
      reductions.push_back({ReduceOp(step.code), uint8_t(from), uint8_t(k)});
    } else {
      int at = place_of_[size_t(value)];
      if (program.step(value - program.input_count()).kind == Kind::Number) {  // which stays in its register
        const int from = at;
        at = place(places[size_t(from)].dtype);
        call(conversion(places[size_t(from)].dtype, places[size_t(from)].dtype), at, {from}, Cost::Cheap, {});
      }
      output_place[k] = uint8_t(at);
      places[output_place[k]].output = int8_t(k);
    }
  }
  share_registers();
  grain = std::max<int64_t>(1, int64_t(1 / std::max(cost_, 1e-9)));
}

const FusedCode& FusedCode::of(const FusedProgram& program) {
  struct Kept {
    uint64_t id = 0;
    std::unique_ptr<const FusedCode> code;
  };
  constexpr size_t kPlaces = 512;  // a step of some hundred programs has few that share one
  thread_local const std::unique_ptr<Kept[]> kept(new Kept[kPlaces]);
  Kept& mine = kept[program.id() % kPlaces];
  if (mine.id != program.id() || !mine.code) {
    mine.code = std::make_unique<const FusedCode>(program);
    mine.id = program.id();
  }
  return *mine.code;
}

}  // namespace lazuli::cpu
