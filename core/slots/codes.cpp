#include "lazuli/core/slots/codes.h"

#include "lazuli/core/error.h"
#include "lazuli/core/slots/pointwise_codes.h"

namespace lazuli {
namespace {
constexpr std::string_view kReduce[] = {"Sum",    "Prod",         "Mean",      "Amax",       "Amin",   "Any",    "All",
                                        "NanSum", "CountNonzero", "LogSumExp", "SumSquares", "SumAbs", "AbsMax", "AbsMin"};
static_assert(std::size(kReduce) == size_t(ReduceOp::Count_));
constexpr std::string_view kArgReduce[] = {"Argmax", "Argmin"}, kScan[] = {"Sum", "Prod", "LogSumExp", "Max", "Min"},
                           kScatter[] = {"Set", "Add", "Mul", "Amax", "Amin"},
                           kRandom[] = {"Uniform", "Normal", "Bernoulli", "Integers", "Exponential", "Cauchy", "LogNormal", "Geometric"};
static_assert(std::size(kArgReduce) == size_t(ArgReduceOp::Argmin) + 1 && std::size(kScan) == size_t(ScanOp::Min) + 1 &&
              std::size(kScatter) == size_t(ScatterOp::Amin) + 1 && std::size(kRandom) == size_t(RandomOp::Geometric) + 1);
}  // namespace

std::string_view name(UnaryOp op) { return about(op).code; }
std::string_view name(BinaryOp op) { return about(op).code; }
std::string_view name(TernaryOp op) { return about(op).code; }
std::string_view name(ReduceOp op) { return kReduce[int(op)]; }
std::string_view name(ArgReduceOp op) { return kArgReduce[int(op)]; }
std::string_view name(ScanOp op) { return kScan[int(op)]; }
std::string_view name(ScatterOp op) { return kScatter[int(op)]; }
std::string_view name(RandomOp op) { return kRandom[int(op)]; }

void refuse_dtype(const PointwiseCode& code, DType dtype) {
  fail(ErrorKind::Type, code.name, "input", "one of " + to_string(code.dtypes), name(dtype));
}

}  // namespace lazuli
