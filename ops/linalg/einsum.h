#pragma once
#include <concepts>
#include <string_view>
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli {

/// Einstein's summation: `equation` names each operand's dimensions by letters, "ij,jk->ik"; letters that the result does not name are summed over,
/// a letter twice in one operand
/// takes the diagonal, and "..." stands for any number of broadcast dimensions. Without "->" the result has, in alphabetical order, the letters that
/// occur once.
/// Operands are multiplied two by two, in the order that costs the fewest multiplications (of all orders up to seven operands, beyond them the cheapest pair at each step), by batched
/// matrix products. Throws Error, with a mark under the place, for an equation that does not fit the operands.
Tensor einsum(std::string_view equation, const std::vector<Tensor>& operands);
/// The same as PyTorch spells it: einsum("ij,jk->ik", a, b).
template <std::convertible_to<const Tensor&>... More>
Tensor einsum(std::string_view equation, const Tensor& first, const More&... more) {
  return einsum(equation, std::vector<Tensor>{first, more...});
}

struct EllipsisType;
/// A dimension by number, 0 to 51 in place of A to Z and a to z, or Ellipsis.
struct Subscript {
  int64_t index = 0;
  bool is_ellipsis = false;
  template <class T>
  requires std::is_integral_v<T> Subscript(T number) : index(int64_t(number)) {}
  Subscript(const EllipsisType&) : is_ellipsis(true) {}
};
struct EinsumOperand {
  Tensor tensor;
  std::vector<Subscript> subscripts;
};
/// The same with dimensions by number: einsum({{a, {0, 1}}, {b, {1, 2}}}, {{0, 2}}).
Tensor einsum(const std::vector<EinsumOperand>& operands);
Tensor einsum(const std::vector<EinsumOperand>& operands, const std::optional<std::vector<Subscript>>& result);
Tensor einsum(...) = delete;  // einsum(equation, {a, b, ..}), einsum(equation, a, b, ..) or einsum({{a, {0, 1}}, ..}, [result])

/// Equations that were read are kept, the 256 used last.
namespace einsum_cache {
void clear();
size_t size();
}  // namespace einsum_cache

}  // namespace lazuli
