#include "lazuli/core/tensor/results.h"

namespace lazuli {

ValuesIndices::ValuesIndices() = default;
ValuesIndices::ValuesIndices(Tensor v, Tensor i) : tuple(std::move(v), std::move(i)) {}
ValuesIndices::ValuesIndices(const ValuesIndices& other) : tuple(static_cast<const tuple&>(other)) {}
ValuesIndices::ValuesIndices(ValuesIndices&& other) noexcept : tuple(static_cast<tuple&&>(other)) {}
ValuesIndices& ValuesIndices::operator=(const ValuesIndices& other) { return tuple::operator=(other), *this; }
ValuesIndices& ValuesIndices::operator=(ValuesIndices&& other) noexcept { return tuple::operator=(static_cast<tuple&&>(other)), *this; }

AminmaxResult::AminmaxResult() = default;
AminmaxResult::AminmaxResult(Tensor least, Tensor greatest) : tuple(std::move(least), std::move(greatest)) {}
AminmaxResult::AminmaxResult(const AminmaxResult& other) : tuple(static_cast<const tuple&>(other)) {}
AminmaxResult::AminmaxResult(AminmaxResult&& other) noexcept : tuple(static_cast<tuple&&>(other)) {}
AminmaxResult& AminmaxResult::operator=(const AminmaxResult& other) { return tuple::operator=(other), *this; }
AminmaxResult& AminmaxResult::operator=(AminmaxResult&& other) noexcept { return tuple::operator=(static_cast<tuple&&>(other)), *this; }

}  // namespace lazuli
