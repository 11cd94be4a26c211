#include "lazuli/core/tensor/results.h"

// Once here, as every program would pay for them: copies are of the tuple, and each one's names lead into its own.
#define LAZULI_NAMED_RESULTS(Result, First, Second)                                                                  \
  Result::Result() = default;                                                                                        \
  Result::Result(First one, Second other) : Base(std::move(one), std::move(other)) {}                                \
  Result::Result(const Result& other) : Base(static_cast<const Base&>(other)) {}                                     \
  Result::Result(Result&& other) noexcept : Base(static_cast<Base&&>(other)) {}                                      \
  Result& Result::operator=(const Result& other) { return Base::operator=(static_cast<const Base&>(other)), *this; } \
  Result& Result::operator=(Result&& other) noexcept { return Base::operator=(static_cast<Base&&>(other)), *this; }

namespace lazuli {

LAZULI_NAMED_RESULTS(ValuesIndices, Tensor, Tensor)
LAZULI_NAMED_RESULTS(AminmaxResult, Tensor, Tensor)
LAZULI_NAMED_RESULTS(VarMeanResult, Tensor, Tensor)
LAZULI_NAMED_RESULTS(StdMeanResult, Tensor, Tensor)
LAZULI_NAMED_RESULTS(HistogramResult, Tensor, Tensor)
LAZULI_NAMED_RESULTS(HistogramddResult, Tensor, std::vector<Tensor>)
LAZULI_NAMED_RESULTS(FrexpResult, Tensor, Tensor)

}  // namespace lazuli
