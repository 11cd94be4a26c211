#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

/// What the kernel slots compute, by code, with the numbers that go along (core/slots.h has the slots). It knows no tensors, so that what computes on plain memory need not either.
namespace lazuli {

// The operators of core/slots/pointwise_codes.def.
enum class UnaryOp : uint8_t {
#define LAZULI_UNARY(code, ...) code,
#include "lazuli/core/slots/pointwise_codes.def"
  Count_
};
enum class BinaryOp : uint8_t {
#define LAZULI_BINARY(code, ...) code,
#include "lazuli/core/slots/pointwise_codes.def"
  Count_
};
enum class TernaryOp : uint8_t {
#define LAZULI_TERNARY(code, ...) code,
#include "lazuli/core/slots/pointwise_codes.def"
  Count_
};

enum class ReduceOp : uint8_t {
  Sum,
  Prod,
  Mean,
  Amax,
  Amin /*NaN wins in these two*/,
  Any,
  All /*out bool*/,
  NanSum,
  CountNonzero /*out int64*/,
  LogSumExp,
  SumSquares /*of absolute values; complex in, real out*/,
  SumAbs /*likewise*/,
  AbsMax,
  AbsMin /*likewise*/,
  Count_
};
enum class ArgReduceOp : uint8_t { Argmax, Argmin };
enum class ScanOp : uint8_t { Sum, Prod, LogSumExp, Max, Min };
enum class ScatterOp : uint8_t { Set, Add, Mul, Amax, Amin };
enum class RandomOp : uint8_t {
  Uniform /*[p0, p1)*/,
  Normal /*mean p0, std p1*/,
  Bernoulli /*probability p0*/,
  Integers /*[p0, p1)*/,
  Exponential /*rate p0*/,
  Cauchy /*median p0, sigma p1*/,
  LogNormal /*mean p0, std p1*/,
  Geometric /*p0*/
};

/// The codes as they are written here: "Add".
std::string_view name(UnaryOp op);
std::string_view name(BinaryOp op);
std::string_view name(TernaryOp op);
std::string_view name(ReduceOp op);
std::string_view name(ArgReduceOp op);
std::string_view name(ScanOp op);
std::string_view name(ScatterOp op);
std::string_view name(RandomOp op);

/// One member of a struct of options, by its name; the struct's `members()` are a tuple of these.
template <class Options, class T>
struct Field {
  const char* name;
  T Options::*place;
};
template <class Options, class T>
Field(const char*, T Options::*) -> Field<Options, T>;

/// Two parameters of an operator with parameters; unused ones are 0.
struct Params {
  double p0 = 0, p1 = 0;
  static constexpr auto members() { return std::tuple{Field{"p0", &Params::p0}, Field{"p1", &Params::p1}}; }
};

/// Where a random operator's numbers lie in the generator's stream: element i of a contiguous output uses Philox-4x32-10 with key `seed` and counter
/// `offset + i / 4`, word i % 4 (64-bit draws: counter offset + i / 2, words 2*(i%2) and the next), whatever the device or thread count.
struct PhiloxState {
  uint64_t seed = 0, offset = 0;
  static constexpr auto members() { return std::tuple{Field{"seed", &PhiloxState::seed}, Field{"offset", &PhiloxState::offset}}; }
};

/// Options of one fused optimizer step; `step` counts from 1.
struct SgdOptions {
  double lr = 0, momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false, maximize = false, first_step = false;
  static constexpr auto members() {
    using O = SgdOptions;
    return std::tuple{Field{"lr", &O::lr},
                      Field{"momentum", &O::momentum},
                      Field{"dampening", &O::dampening},
                      Field{"weight_decay", &O::weight_decay},
                      Field{"nesterov", &O::nesterov},
                      Field{"maximize", &O::maximize},
                      Field{"first_step", &O::first_step}};
  }
};
struct AdamOptions {
  double lr = 0, beta1 = 0, beta2 = 0, eps = 0, weight_decay = 0;
  bool decoupled_weight_decay = false, amsgrad = false, maximize = false;
  int64_t step = 1;
  static constexpr auto members() {
    using O = AdamOptions;
    return std::tuple{Field{"lr", &O::lr},
                      Field{"beta1", &O::beta1},
                      Field{"beta2", &O::beta2},
                      Field{"eps", &O::eps},
                      Field{"weight_decay", &O::weight_decay},
                      Field{"decoupled_weight_decay", &O::decoupled_weight_decay},
                      Field{"amsgrad", &O::amsgrad},
                      Field{"maximize", &O::maximize},
                      Field{"step", &O::step}};
  }
};

}  // namespace lazuli
