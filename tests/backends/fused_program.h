#pragma once
#include <algorithm>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/ops/composites.h"
#include "lazuli/tests/backends/kernel_test.h"

/// Fused programs made at random, and what comes out of them.
namespace lazuli::test {

/// Element by element the same bytes, or both NaN.
inline bool same_bits(const Tensor& a, const Tensor& b) {
  if (!(a.sizes() == b.sizes()) || a.dtype() != b.dtype()) return false;
  for (int64_t i = 0; i < a.numel(); ++i) {
    if (std::memcmp(element(a, i), element(b, i), size_t(a.item_size())) == 0) continue;
    const Wide x = get(a, i), y = get(b, i);
    const auto same = [](double p, double q) { return p == q ? std::signbit(p) == std::signbit(q) : std::isnan(p) && std::isnan(q); };
    if (!same(x.real(), y.real()) || !same(x.imag(), y.imag())) return false;
  }
  return true;
}

inline bool all_close(const Tensor& a, const Tensor& b, double relative) {
  const double size = a.dtype() == kFloat16 || a.dtype() == kBFloat16 ? tolerance(a.dtype()) : relative;
  for (int64_t i = 0; i < a.numel(); ++i)
    if (!close(get(a, i), get(b, i), size, size)) return false;
  return true;
}

inline std::vector<Tensor> outputs_of(const FusedProgram& program, const Shape& sizes, Spacing layout, const Shape& reduced = {}) {
  std::vector<Tensor> outputs;
  for (int k = 0; k < program.output_count(); ++k) {
    const int value = program.output_value(k);
    outputs.push_back(make(program.reduces(value) ? reduced : sizes, program.dtype_of(value), layout));
  }
  return outputs;
}

/// By the calls that the program stands for.
inline void run_separately(std::vector<Tensor>& outputs, std::span<const Tensor> inputs, const FusedProgram& program) {
  Tensor o[FusedProgram::kMaxOutputs];
  std::copy(outputs.begin(), outputs.end(), o);
  composites::fused(o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7], inputs, program);
}

/// Some inputs of any strides and up to a dozen steps on them.
struct RandomProgram {
  FusedProgram program;
  std::vector<Tensor> inputs;

  RandomProgram(std::mt19937& bits, const Shape& sizes, const std::vector<DType>& dtypes, bool plain = false) : bits_(bits), plain_(plain) {
    for (int i = 0, count = 1 + int(bits() % 4); i < count; ++i) {
      const DType t = i > 0 && bits() % 2 ? program.dtype_of(i - 1) : dtypes[bits() % dtypes.size()];
      program.input(t);
      inputs.push_back(input(sizes, t));
    }
    for (int i = 0, count = 1 + int(bits() % 12); i < count;) i += step(dtypes);
    bool some = false;
    for (int v = program.input_count(); v < program.value_count(); ++v) {
      const bool last = v + 1 == program.value_count();
      if (program.output_count() == FusedProgram::kMaxOutputs || (bits() % 3 && !(last && !some))) continue;
      program.output(v);
      some = true;
    }
  }

 private:
  Tensor input(const Shape& sizes, DType t) {
    if (bits_() % 3) return random(sizes, t, kSpacings[bits_() % 3], 1.5, bits_());
    Shape own = sizes, strides = sizes;
    for (int64_t d = 0; d < own.size(); ++d)
      if (bits_() % 2) own[d] = std::min<int64_t>(own[d], 1);
    const Tensor some = random(own, t, Spacing::Contiguous, 1.5, bits_());
    for (int64_t d = 0; d < own.size(); ++d) strides[d] = own[d] == sizes[d] ? some.strides()[d] : 0;
    return alias(some, sizes, strides, 0);
  }
  // Zero divisors of integers are errors.
  static bool divides(std::string_view code, DType t) {
    return is_integral(t) && (code.starts_with("Div") || code.starts_with("Rem") || code.starts_with("Fmod"));
  }
  // A value of that dtype, the newest often.
  int value(DType t) {
    std::vector<int> all;
    for (int v = 0; v < program.value_count(); ++v)
      if (program.dtype_of(v) == t) all.push_back(v);
    return all.empty() ? -1 : bits_() % 2 ? all.back() : all[bits_() % all.size()];
  }
  bool step(const std::vector<DType>& dtypes) {
    const int a = bits_() % 2 ? program.value_count() - 1 : int(bits_() % unsigned(program.value_count()));
    const DType t = program.dtype_of(a);
    switch (bits_() % 8) {
      case 0:
      case 1: {
        const UnaryOp op = UnaryOp(bits_() % unsigned(UnaryOp::Count_));
        if (!about(op).dtypes.has(t) || (plain_ && about(op).result != PointwiseCode::Same)) return false;
        return program.unary(op, a, {0.5, 1.5}) >= 0;
      }
      case 2:
      case 3: {
        const BinaryOp op = BinaryOp(bits_() % unsigned(BinaryOp::Count_));
        if (!about(op).dtypes.has(t) || divides(about(op).code, t)) return false;
        return program.binary(op, a, value(t), {0.5, 1.5}) >= 0;
      }
      case 4: {
        constexpr BinaryOp kPlain[] = {BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul, BinaryOp::Maximum, BinaryOp::Lt};
        const BinaryOp op = kPlain[bits_() % 5];
        if (!about(op).dtypes.has(t)) return false;
        return program.binary_number(op, a, is_integral(t) ? Scalar(int64_t(bits_() % 2)) : Scalar(1.25), bits_() % 2) >= 0;
      }
      case 5: {
        const TernaryOp op = TernaryOp(bits_() % unsigned(TernaryOp::Count_));
        const int condition = value(kBool);
        if (op == TernaryOp::Where) return condition >= 0 && program.ternary(op, condition, a, value(t)) >= 0;
        if (!about(op).dtypes.has(t)) return false;
        if (op != TernaryOp::Clamp || is_complex(t) || bits_() % 2) return program.ternary(op, a, value(t), value(t), {0.5, 0}) >= 0;
        return program.ternary_number(op, a, value(t), -1, 0, is_integral(t) ? Scalar(int64_t(2)) : Scalar(0.75)) >= 0;
      }
      case 6: {  // beyond their range numbers become integers in more than one way
        const DType to = dtypes[bits_() % dtypes.size()];
        if (is_integral(to) && to != kBool && t != kBool) return false;
        if (is_complex(t) && !is_complex(to)) return false;
        return program.copy(a, to) >= 0;
      }
      default: return program.number(is_integral(t) ? Scalar(int64_t(1)) : Scalar(0.3), t) >= 0;
    }
  }

  std::mt19937& bits_;
  const bool plain_;
};

}  // namespace lazuli::test
