#pragma once
#include <string_view>

#include "lazuli/core/tensor.h"

namespace lazuli {

/// Einstein's summation: `equation` names each operand's dimensions by letters, "ij,jk->ik"; letters that the result does not name are summed over,
/// a letter twice in one operand
/// takes the diagonal, and "..." stands for any number of broadcast dimensions. Without "->" the result has, in alphabetical order, the letters that
/// occur once.
/// The operands are multiplied from left to right by batched matrix products. Throws Error for an equation that does not fit the operands.
Tensor einsum(std::string_view equation, const std::vector<Tensor>& operands);

}  // namespace lazuli
